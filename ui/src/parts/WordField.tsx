import { useRef } from "react";
import { FieldError, Input, Label, Text, TextField } from "react-aria-components";

import type { Field } from "../backend/bindings";
import { useFieldProblem } from "./fieldProblem";
import { Icon } from "./Icon";

import "./GroupedField.css";

/** What a name or a court may take up; the shell has its own limits. */
const MAX_LENGTH = 100;

interface WordFieldProps {
  /** The field that the shell's verdict is about. */
  field: Field;
  label: string;
  value: string;
  onChange: (value: string) => void;
  hint?: string;
  /** Looks unusual, but may be right. */
  doubt?: string | null;
  autoFocus?: boolean;
}

/** A field for words: a name, a court. */
export function WordField(props: WordFieldProps) {
  const { field, label, value, onChange, hint = "", doubt = null, autoFocus = false } = props;
  const input = useRef<HTMLInputElement>(null);
  const problem = useFieldProblem(field, input);
  return (
    <TextField
      className="kern-form-input field"
      value={value}
      onChange={(typed) => {
        onChange(typed);
        problem.edited();
      }}
      isInvalid={problem.text !== null}
      autoComplete="off"
      spellCheck="false"
      maxLength={MAX_LENGTH}
    >
      <Label className="kern-label">{label}</Label>
      <Input
        ref={input}
        className="kern-form-input__input field__input field__input--words"
        autoFocus={autoFocus}
      />
      <div className="field__message" aria-live="polite">
        {problem.text === null && (
          <Text slot="description" className={doubt === null ? "field__hint" : "field__doubt"}>
            {doubt !== null && <Icon name="attention" />} {doubt ?? hint}
          </Text>
        )}
        <FieldError className="field__problem">
          <Icon name="octagon" /> {problem.text}
        </FieldError>
      </div>
    </TextField>
  );
}
