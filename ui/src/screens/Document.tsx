import { useRef, useState } from "react";

import type {
  CheckAnswer,
  DateField as DateFieldState,
  DocumentScreen,
  VisitPane,
} from "../backend/bindings";
import { MRZ_DATE } from "../format/grouped";
import { focusCurrent, useChecklist, useFollowCurrent } from "../parts/checklist";
import { CheckRow } from "../parts/CheckRow";
import { ConfirmDialog } from "../parts/ConfirmDialog";
import { ChoiceGroup, type Choice } from "../parts/ChoiceGroup";
import { DateField } from "../parts/DateField";
import { useHotkeys } from "../parts/hotkeys";
import { ErrorNotice } from "../parts/Notice";
import { Page } from "../parts/Page";
import { m } from "../paraglide/messages";
import { useCall } from "../state/workstation";
import { hasShownCard, localized, mrzName } from "../texts/visit";

import "./Document.css";

/** What was typed since the page appeared; `null`: nothing. The digits never come back from the shell. */
interface TypedDates {
  birthDate: string | null;
  expiryDate: string | null;
}

/** "Ausweis ansehen" */
export function Document({ step, pane }: { step: DocumentScreen; pane: VisitPane }) {
  const call = useCall();
  const [typed, setTyped] = useState<TypedDates>({ birthDate: null, expiryDate: null });
  const birthField = useRef<HTMLInputElement>(null);
  const expiryField = useRef<HTMLInputElement>(null);

  const checks = useRef<HTMLOListElement>(null);

  const enter = (documentType: string, dates: TypedDates) =>
    void call("enter_document", { documentType, ...dates });
  // A "no" is final, so it is asked about once; a doubt isn't.
  const [denied, setDenied] = useState<string | null>(null);
  const send = (check: string, answer: CheckAnswer) => call("answer_check", { check, answer });
  const answer = (check: string, given: CheckAnswer) => {
    if (given !== "fail") return send(check, given);
    setDenied(check);
    return Promise.resolve();
  };

  function type(field: keyof TypedDates, digits: string) {
    const dates = { ...typed, [field]: digits };
    setTyped(dates);
    const isComplete = digits.length === MRZ_DATE.length;
    const isKnownToShell = step[field].state !== "empty";
    if (isComplete || isKnownToShell) enter(step.selected, dates);
  }

  // The shell takes answers about a document whose dates are right, so the rows wait for them.
  const isPresented = step.birthDate.state === "good" && step.expiryDate.state === "good";
  const rows = checkRows(step);
  const { currentId, answerCurrent } = useChecklist(isPresented ? rows : [], answer);
  const follow = useFollowCurrent(checks, currentId);
  const answerByKey = (given: CheckAnswer) => {
    follow();
    answerCurrent(given);
  };
  useHotkeys({ F9: () => answerByKey("pass"), "Shift+F9": () => answerByKey("fail") });

  const isDenied = rows.some(({ answer }) => answer === "fail");
  return (
    <Page
      title={m.document_title()}
      lead={m.document_lead()}
      canGoBack
      canAbort
      ownError="identity_not_established"
      canRefuse={isDenied || isFinal(step.birthDate) || isFinal(step.expiryDate)}
      primary={{
        label: m.action_next(),
        shortcut: "Control+Enter",
        isDisabled: !step.complete || isDenied,
        note: note(step, rows),
        onPress: () => void call("confirm_document"),
      }}
    >
      <ChoiceGroup
        label={m.document_type()}
        value={step.selected}
        onChange={(documentType) => enter(documentType, typed)}
        choices={step.types.map(({ id, label }) => ({ id, label: localized(label) }))}
        look="chips"
      />
      <div className="document__dates">
        <DateField
          field="birth_date"
          label={m.document_birth_date()}
          state={step.birthDate}
          typed={typed.birthDate}
          onType={(digits) => type("birthDate", digits)}
          praise={birthPraise(pane)}
          onGood={() => expiryField.current?.focus()}
          autoFocus
          inputRef={birthField}
        />
        <DateField
          field="expiry_date"
          label={m.document_expiry_date()}
          state={step.expiryDate}
          typed={typed.expiryDate}
          onType={(digits) => type("expiryDate", digits)}
          praise={m.document_expiry_good()}
          onGood={() => focusCurrent(checks.current)}
          inputRef={expiryField}
        />
      </div>
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

interface Row {
  id: string;
  title: string;
  hint: string;
  sample?: string;
  answer: CheckAnswer | null;
  choices: Choice<CheckAnswer>[];
}

/** The checks of the document in their order, and the comparison of names at the end. */
function checkRows(step: DocumentScreen): Row[] {
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
      hint: m.document_name_hint(),
      sample: mrzName(step.nameInMrz),
      answer: step.nameAgrees,
      choices: choices(m.answer_name_pass(), m.answer_name_fail()),
    },
  ];
}

/** A date that is read rightly and still doesn't do. */
function isFinal(date: DateFieldState): boolean {
  return date.state === "bad" && (date.problem.why === "expired" || date.problem.why === "differs_from_card");
}

/** What the typed birth date was compared with. */
function birthPraise(pane: VisitPane): string {
  if (pane.carer !== null) return m.document_birth_good_carer();
  return hasShownCard(pane) ? m.document_birth_good() : m.document_birth_good_number();
}

/** What the clerk does next, or what follows. When all is in order, the shell goes on by itself. */
function note(step: DocumentScreen, rows: Row[]): string | null {
  if (rows.some(({ answer }) => answer === "fail")) return m.document_denied();
  if (step.complete) {
    return rows.some(({ answer }) => answer === "unclear") ? m.document_second_person() : null;
  }
  if (step.birthDate.state !== "good") return m.document_next({ what: m.document_birth_date() });
  if (step.expiryDate.state !== "good") return m.document_next({ what: m.document_expiry_date() });
  const open = rows.find(({ answer }) => answer === null);
  return open === undefined ? null : m.document_next({ what: open.title });
}
