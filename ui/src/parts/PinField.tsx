import { useRef, useState, type RefObject } from "react";
import { FieldError, Input, Label, Text, TextField } from "react-aria-components";

import { m } from "../paraglide/messages";
import { useFieldProblem } from "./fieldProblem";
import { Icon } from "./Icon";

import "./GroupedField.css";

/** A PIN while it is typed. It leaves the window's memory as soon as it is sent, and with the screen. */
export interface TypedPin {
  value: string;
  type: (value: string) => void;
  /** Gives the PIN away to be sent, and forgets it. */
  take: () => string;
  input: RefObject<HTMLInputElement | null>;
}

export function usePin(): TypedPin {
  const [value, setValue] = useState("");
  const input = useRef<HTMLInputElement>(null);
  return {
    value,
    type: setValue,
    take: () => {
      setValue("");
      return value;
    },
    input,
  };
}

interface PinFieldProps {
  label: string;
  pin: TypedPin;
  autoFocus?: boolean;
}

/** Six to twelve digits that nobody reads along; what is wrong with them stands here, the tries that are left too. */
export function PinField({ label, pin, autoFocus = false }: PinFieldProps) {
  const { value, type, input } = pin;
  const problem = useFieldProblem("pin", input);
  return (
    <TextField
      className="kern-form-input field"
      type="password"
      value={value}
      onChange={(typed) => {
        type(typed);
        problem.edited();
      }}
      isInvalid={problem.text !== null}
      inputMode="numeric"
      autoComplete="off"
    >
      <Label className="kern-label">{label}</Label>
      <Input ref={input} className="kern-form-input__input field__input" autoFocus={autoFocus} />
      <div className="field__message" aria-live="polite">
        {problem.text === null && (
          <Text slot="description" className="field__hint">
            {m.pin_hint()}
          </Text>
        )}
        <FieldError className="field__problem">
          <Icon name="octagon" /> {problem.text}
        </FieldError>
      </div>
    </TextField>
  );
}
