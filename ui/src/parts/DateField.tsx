import { useEffect, useEffectEvent, useState, type RefObject } from "react";

import type { DateField as DateFieldState, DatesOn } from "../backend/bindings";
import { MONTH, MRZ_DATE, type Grouping } from "../format/grouped";
import { m } from "../paraglide/messages";
import { dateLabel } from "../texts/document";
import { dateProblem } from "../texts/fields";
import { useFieldProblem } from "./fieldProblem";
import { GroupedField } from "./GroupedField";
import { groupingOf, isShortDay } from "./typedDocument";

interface DateFieldProps {
  field: "birth_date" | "expiry_date";
  /** Where it is read. */
  dates: DatesOn;
  /** The shell's verdict on the digits it has. */
  state: DateFieldState;
  /** What was typed since the page appeared; `null`: nothing. */
  typed: string | null;
  /** What stands in the field while the shell has its digits and nothing was typed. */
  known: string;
  onType: (digits: string) => void;
  /** No more digits come. */
  onClose: () => void;
  /** What to say when all is right. */
  praise: string;
  /** The digits are right and the focus can move on. */
  onGood: () => void;
  autoFocus?: boolean;
  isDisabled?: boolean;
  inputRef: RefObject<HTMLInputElement | null>;
}

/** A date as it stands on the document: `640812 5` with its check digit in the machine-readable zone, or 12.08.1964. */
export function DateField({
  field,
  dates,
  state,
  typed,
  known,
  onType,
  onClose,
  praise,
  onGood,
  autoFocus,
  isDisabled,
  inputRef,
}: DateFieldProps) {
  const grouping = groupingOf(field === "birth_date" ? "birthDate" : "expiryDate", dates);
  const refused = useFieldProblem(field, inputRef);
  const [isClosed, setClosed] = useState(false);
  const isComplete = typed === null || typed.length === grouping.length;
  const isJudged = isComplete || (isClosed && isShortDay(typed, grouping));
  const isGood = state.state === "good" && isJudged;

  const moveOn = useEffectEvent(() => {
    if (typed !== null && document.activeElement === inputRef.current) onGood();
  });
  useEffect(() => {
    if (isGood) moveOn();
  }, [isGood]);

  const close = () => {
    if (isClosed) return;
    setClosed(true);
    onClose();
  };

  const problem = state.state === "bad" && isJudged ? dateProblem(state.problem) : null;
  return (
    <GroupedField
      label={dateLabel(field, dates)}
      grouping={grouping}
      value={typed ?? ""}
      onChange={(digits) => {
        refused.edited();
        setClosed(false);
        onType(digits);
      }}
      onLeave={close}
      {...(dates.on === "print" && { onEnter: close })}
      hint={hintOf(grouping)}
      praise={isGood ? praise : null}
      problem={refused.text ?? problem}
      placeholder={typed === null && state.state !== "empty" ? known : ""}
      inputMode="numeric"
      autoFocus={autoFocus ?? false}
      isDisabled={isDisabled ?? false}
      inputRef={inputRef}
    />
  );
}

function hintOf(grouping: Grouping): string {
  if (grouping === MRZ_DATE) return m.document_date_hint();
  return grouping === MONTH ? m.document_date_hint_month() : m.document_date_hint_printed();
}
