import { useEffect, useEffectEvent, type RefObject } from "react";

import type { DateField as DateFieldState } from "../backend/bindings";
import { MRZ_DATE } from "../format/grouped";
import { m } from "../paraglide/messages";
import { dateProblem } from "../texts/fields";
import { useFieldProblem } from "./fieldProblem";
import { GroupedField } from "./GroupedField";

interface DateFieldProps {
  field: "birth_date" | "expiry_date";
  label: string;
  /** The shell's verdict on the digits it has. */
  state: DateFieldState;
  /** What was typed since the page appeared; `null`: nothing. */
  typed: string | null;
  onType: (digits: string) => void;
  /** What to say when all is right. */
  praise: string;
  /** The digits are right and the focus can move on. */
  onGood: () => void;
  autoFocus?: boolean;
  inputRef: RefObject<HTMLInputElement | null>;
}

/** A date and its check digit as they stand in the machine-readable zone: `640812 5`. */
export function DateField({
  field,
  label,
  state,
  typed,
  onType,
  praise,
  onGood,
  autoFocus,
  inputRef,
}: DateFieldProps) {
  const refused = useFieldProblem(field, inputRef);
  const isJudged = typed === null || typed.length === MRZ_DATE.length;
  const isGood = state.state === "good" && isJudged;

  const moveOn = useEffectEvent(() => {
    if (typed !== null && document.activeElement === inputRef.current) onGood();
  });
  useEffect(() => {
    if (isGood) moveOn();
  }, [isGood]);

  const problem = state.state === "bad" && isJudged ? dateProblem(state.problem) : null;
  return (
    <GroupedField
      label={label}
      grouping={MRZ_DATE}
      value={typed ?? ""}
      onChange={(digits) => {
        refused.edited();
        onType(digits);
      }}
      hint={m.document_date_hint()}
      praise={isGood ? praise : null}
      problem={refused.text ?? problem}
      placeholder={typed === null && state.state !== "empty" ? m.document_digits_kept() : ""}
      inputMode="numeric"
      autoFocus={autoFocus ?? false}
      inputRef={inputRef}
    />
  );
}
