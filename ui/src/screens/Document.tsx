import { useEffect, useRef, useState } from "react";

import type {
  CheckAnswer,
  ChipStep,
  DateField as DateFieldState,
  DatesOn,
  DocumentScreen,
  VisitPane,
} from "../backend/bindings";
import { focusCurrent, useChecklist, useFollowCurrent } from "../parts/checklist";
import { CheckRow } from "../parts/CheckRow";
import { ChipPanel } from "../parts/ChipPanel";
import { ConfirmDialog } from "../parts/ConfirmDialog";
import { ChoiceGroup, type Choice } from "../parts/ChoiceGroup";
import { DocumentDates } from "../parts/DocumentDates";
import { useHotkeys } from "../parts/hotkeys";
import { ErrorNotice, Notice } from "../parts/Notice";
import { Page } from "../parts/Page";
import { useTypedDocument } from "../parts/typedDocument";
import { m } from "../paraglide/messages";
import { useCall } from "../state/workstation";
import { dateLabel, sufficient } from "../texts/document";
import { localized, mrzName, printedName } from "../texts/visit";

/** "Ausweis ansehen" */
export function Document({ step, pane }: { step: DocumentScreen; pane: VisitPane }) {
  const call = useCall();
  const document = useTypedDocument(step);
  const { type } = document;
  const dates: DatesOn = type?.dates ?? { on: "zone" };
  const checks = useRef<HTMLOListElement>(null);

  // A "no" is final, so it is asked about once; a doubt isn't.
  const [denied, setDenied] = useState<string | null>(null);
  const send = (check: string, answer: CheckAnswer) => call("answer_check", { check, answer });
  const answer = (check: string, given: CheckAnswer) => {
    if (given !== "fail") return send(check, given);
    setDenied(check);
    return Promise.resolve();
  };

  // The shell takes answers about a document whose dates are right, so the rows wait for them.
  const suffices = type?.suffices ?? false;
  const isPresented = suffices && openField(step, dates) === null;
  const rows = checkRows(step, dates, pane);
  const { currentId, answerCurrent } = useChecklist(isPresented ? rows : [], answer);
  const follow = useFollowCurrent(checks, currentId);
  const answerByKey = (given: CheckAnswer) => {
    follow();
    answerCurrent(given);
  };
  useHotkeys({ F9: () => answerByKey("pass"), "Shift+F9": () => answerByKey("fail") });

  // What the scanner has read needs no typing: on with the features.
  const isScanned = step.scan?.state === "read" && isPresented;
  useEffect(() => {
    if (isScanned) focusCurrent(checks.current);
  }, [isScanned]);

  const isDenied = rows.some(({ answer }) => answer === "fail") || isContradicted(step.chip);
  const choices = step.types.map(({ id, label, suffices }) => ({ id, label: localized(label), suffices }));
  return (
    <Page
      title={m.document_title()}
      lead={m.document_lead()}
      canGoBack
      canAbort={!isAtReader(step.chip)}
      ownError={suffices ? "identity_not_established" : "level_too_low"}
      canRefuse={!suffices || isDenied || isFinal(step.birthDate) || isFinal(step.expiryDate)}
      primary={{
        label: m.action_next(),
        shortcut: "Control+Enter",
        isDisabled: !suffices || !step.complete || isDenied,
        note: suffices ? note(step, dates, rows) : null,
        onPress: () => void call("confirm_document"),
      }}
    >
      <ChoiceGroup
        label={m.document_type()}
        value={step.selected}
        onChange={document.choose}
        choices={choices.filter(({ suffices }) => suffices)}
        others={{
          label: m.document_insufficient(),
          short: m.document_insufficient_short(),
          more: m.document_insufficient_more({ count: choices.filter(({ suffices }) => !suffices).length }),
          choices: choices.filter(({ suffices }) => !suffices),
        }}
        look="chips"
      />
      <div role="status">
        {!suffices && type !== undefined && (
          <Notice tone="attention" title={m.document_insufficient_title({ document: localized(type.label) })}>
            {sufficient(step, pane.level.needed)}
          </Notice>
        )}
      </div>
      {suffices && (
        <>
          <DocumentDates
            step={step}
            pane={pane}
            dates={dates}
            document={document}
            onGood={() => focusCurrent(checks.current)}
          />
          {step.chip !== null && <ChipPanel chip={step.chip} />}
          {!isContradicted(step.chip) && (
            <ol ref={checks} className="checks" aria-label={m.document_checks()}>
              {rows.map((row, index) => (
                <CheckRow
                  key={row.id}
                  {...row}
                  place={index + 1}
                  isCurrent={row.id === currentId}
                  isDisabled={!isPresented}
                  onAnswer={(given) => void answer(row.id, given)}
                />
              ))}
            </ol>
          )}
        </>
      )}
      <div role="alert">{isDenied && <ErrorNotice error={{ code: "identity_not_established" }} />}</div>
      {denied !== null && (
        <ConfirmDialog
          title={m.document_fail_title()}
          text={m.document_fail_text()}
          doIt={m.document_fail_do()}
          onConfirm={() => {
            setDenied(null);
            void send(denied, "fail");
          }}
          onClose={() => setDenied(null)}
        />
      )}
    </Page>
  );
}

/** The chip speaks against the document: as final as a feature that is wrong. */
function isContradicted(chip: ChipStep | null): boolean {
  return chip?.state === "read" && chip.counts === "contradicts";
}

/** Escape stops the reader first; only then the visit. */
function isAtReader(chip: ChipStep | null): boolean {
  return chip?.state === "needs_document" || chip?.state === "reading";
}

interface Row {
  id: string;
  title: string;
  hint: string;
  sample?: string;
  answer: CheckAnswer | null;
  choices: Choice<CheckAnswer>[];
}

/** The checks of the document in their order, and the comparison of names at the end. */
function checkRows(step: DocumentScreen, { on }: DatesOn, pane: VisitPane): Row[] {
  const isPrinted = on === "print";
  const choices = (pass: string, fail: string): Choice<CheckAnswer>[] => [
    { id: "pass", label: pass, tone: "good" },
    { id: "unclear", label: m.answer_unclear(), tone: "attention" },
    { id: "fail", label: fail, tone: "bad" },
  ];
  const rows: Row[] = step.checks.map(({ id, title, hint, answer }) => ({
    id,
    title: localized(title),
    hint: localized(hint),
    answer,
    choices: choices(m.answer_pass(), m.answer_fail()),
  }));
  return [
    ...rows,
    {
      id: "name",
      title: m.document_name_title(),
      hint: isPrinted ? m.document_name_hint_printed() : m.document_name_hint(),
      sample: isPrinted ? printedName(pane.acting) : mrzName(step.nameInMrz),
      answer: step.nameAgrees,
      choices: choices(m.answer_name_pass(), m.answer_name_fail()),
    },
  ];
}

/** A date that is read rightly and still doesn't do. */
function isFinal(date: DateFieldState): boolean {
  return date.state === "bad" && (date.problem.why === "expired" || date.problem.why === "differs_from_card");
}

/** The field that comes next; `null`: everything is typed and right. */
function openField({ birthDate, expiryDate, number }: DocumentScreen, dates: DatesOn): string | null {
  if (birthDate.state !== "good") return dateLabel("birth_date", dates);
  if (expiryDate.state !== "good") return dateLabel("expiry_date", dates);
  return number === null || number === "good" ? null : m.document_number();
}

/** What the clerk does next, or what follows. When all is in order, the shell goes on by itself. */
function note(step: DocumentScreen, dates: DatesOn, rows: Row[]): string | null {
  if (isContradicted(step.chip) || rows.some(({ answer }) => answer === "fail")) return m.document_denied();
  if (step.complete) {
    return rows.some(({ answer }) => answer === "unclear") ? m.document_second_person() : null;
  }
  const field = openField(step, dates);
  if (field !== null) return m.document_next({ what: field });
  const open = rows.find(({ answer }) => answer === null);
  return open === undefined ? null : m.document_next({ what: open.title });
}
