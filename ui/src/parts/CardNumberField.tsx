import type { RefObject } from "react";

import { digitRow } from "../format/grouped";
import { m } from "../paraglide/messages";
import { CardBack } from "./CardFace";
import { CheckedField } from "./CheckedField";

import "./CardNumberField.css";

interface CardNumberFieldProps {
  digits: number;
  value: string;
  onChange: (value: string) => void;
  /** May stay empty: the card isn't at hand. */
  isOptional?: boolean;
  /** The last digit is there. */
  onComplete?: (value: string) => void;
  inputRef?: RefObject<HTMLInputElement | null>;
}

/** The end of the Kennnummer der Karte, read off the card's back, and where it stands there. */
export function CardNumberField(props: CardNumberFieldProps) {
  const { digits, value, onChange, isOptional = false, onComplete, inputRef } = props;
  return (
    <div className="card-number">
      <CheckedField
        field="card_number_tail"
        label={m.card_number_tail({ digits })}
        grouping={digitRow(digits)}
        value={value}
        onChange={(typed) => {
          onChange(typed);
          if (typed.length === digits && typed !== value) onComplete?.(typed);
        }}
        hint={isOptional ? m.card_number_tail_hint_optional() : m.card_number_tail_hint()}
        inputMode="numeric"
        {...(inputRef === undefined ? {} : { inputRef })}
      />
      <CardBack digits={digits} />
    </div>
  );
}
