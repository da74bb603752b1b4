import { useRef, useState } from "react";

import type { CheckAnswer, DocumentScreen } from "../backend/bindings";
import { MRZ_DATE } from "../format/grouped";
import { focusCurrent, useChecklist, useFollowCurrent } from "../parts/checklist";
import { CheckRow, type AnswerWords } from "../parts/CheckRow";
import { ChoiceGroup } from "../parts/ChoiceGroup";
import { DateField } from "../parts/DateField";
import { useHotkeys } from "../parts/hotkeys";
import { Page } from "../parts/Page";
import { m } from "../paraglide/messages";
import { useCall } from "../state/workstation";
import { localized, mrzName } from "../texts/visit";

import "./Document.css";

/** What was typed since the page appeared; `null`: nothing. The digits never come back from the shell. */
interface TypedDates {
  birthDate: string | null;
  expiryDate: string | null;
}

/** "Ausweis ansehen" */
export function Document({ step }: { step: DocumentScreen }) {
  const call = useCall();
  const [typed, setTyped] = useState<TypedDates>({ birthDate: null, expiryDate: null });
  const birthField = useRef<HTMLInputElement>(null);
  const expiryField = useRef<HTMLInputElement>(null);

  const checks = useRef<HTMLOListElement>(null);

  const enter = (documentType: string, dates: TypedDates) =>
    void call("enter_document", { documentType, ...dates });
  const answer = (check: string, answer: CheckAnswer) => call("answer_check", { check, answer });

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

  const next = nextThing(step, rows);
  return (
    <Page
      title={m.document_title()}
      lead={m.document_lead()}
      canGoBack
      canAbort
      primary={{
        label: m.action_next(),
        shortcut: "Control+Enter",
        isDisabled: !step.complete,
        note: next === null ? null : m.document_next({ what: next }),
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
          praise={m.document_birth_good()}
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
      <ol ref={checks} className="document__checks" aria-label={m.document_checks()}>
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
    </Page>
  );
}

interface Row {
  id: string;
  title: string;
  hint: string;
  sample?: string;
  answer: CheckAnswer | null;
  words: AnswerWords;
}

/** The checks of the document in their order, and the comparison of names at the end. */
function checkRows(step: DocumentScreen): Row[] {
  const words = { pass: m.answer_pass(), unclear: m.answer_unclear(), fail: m.answer_fail() };
  const rows: Row[] = step.checks.map(({ id, title, hint, answer }) => ({
    id,
    title: localized(title),
    hint: localized(hint),
    answer,
    words,
  }));
  return [
    ...rows,
    {
      id: "name",
      title: m.document_name_title(),
      hint: m.document_name_hint(),
      sample: mrzName(step.nameInMrz),
      answer: step.nameAgrees,
      words: { ...words, pass: m.answer_name_pass(), fail: m.answer_name_fail() },
    },
  ];
}

/** What the clerk does next; `null` when all is answered. */
function nextThing(step: DocumentScreen, rows: Row[]): string | null {
  if (step.complete) return null;
  if (step.birthDate.state !== "good") return m.document_birth_date();
  if (step.expiryDate.state !== "good") return m.document_expiry_date();
  return rows.find(({ answer }) => answer === null)?.title ?? null;
}
