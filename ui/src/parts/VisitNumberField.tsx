import type { RefObject } from "react";

import { visitNumber } from "../format/grouped";
import { m } from "../paraglide/messages";
import { CheckedField } from "./CheckedField";

interface VisitNumberFieldProps {
  length: number;
  value: string;
  onChange: (value: string) => void;
  /** The last symbol is there: nobody needs to press a key for what is complete. */
  onComplete: (value: string) => void;
  inputRef?: RefObject<HTMLInputElement | null>;
}

/** The Besuchsnummer, read off the person's app. */
export function VisitNumberField({ length, value, onChange, onComplete, inputRef }: VisitNumberFieldProps) {
  return (
    <CheckedField
      field="visit_number"
      label={m.concern_visit_number()}
      grouping={visitNumber(length)}
      value={value}
      onChange={(typed) => {
        onChange(typed);
        if (typed.length === length && typed !== value) onComplete(typed);
      }}
      hint={m.concern_visit_number_hint({ length })}
      strangerText={(character) => m.concern_stranger({ character })}
      autoFocus
      {...(inputRef === undefined ? {} : { inputRef })}
    />
  );
}
