import { useLayoutEffect, useRef, useState, type ChangeEvent, type RefObject } from "react";
import { FieldError, Input, Label, Text, TextField } from "react-aria-components";

import { accept, caretAfter, grouped, type Grouping } from "../format/grouped";
import { Icon } from "./Icon";

import "./GroupedField.css";

interface GroupedFieldProps {
  label: string;
  grouping: Grouping;
  /** Without blanks. */
  value: string;
  onChange: (value: string) => void;
  hint: string;
  /** What was found right about it. */
  praise?: string | null;
  /** What is wrong with it. */
  problem: string | null;
  /** What to say when somebody types a character that can't occur. */
  strangerText?: (character: string) => string;
  placeholder?: string;
  inputMode?: "numeric" | "text";
  autoFocus?: boolean;
  /** For a field whose page goes on by another key. */
  onEnter?: () => void;
  /** The focus has left it. */
  onLeave?: () => void;
  isDisabled?: boolean;
  inputRef: RefObject<HTMLInputElement | null>;
}

/** A field for characters that are read off something: capitals, in groups, and nothing that can't occur. */
export function GroupedField(props: GroupedFieldProps) {
  const {
    label,
    grouping,
    value,
    onChange,
    hint,
    praise = null,
    problem,
    strangerText,
    onEnter,
    onLeave,
    isDisabled = false,
    inputRef: element,
    ...input
  } = props;
  const [stranger, setStranger] = useState<string | null>(null);
  const caret = useRef<number | null>(null);

  useLayoutEffect(() => {
    if (caret.current === null || document.activeElement !== element.current) return;
    element.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });

  function onType({ currentTarget }: ChangeEvent<HTMLInputElement>) {
    const typed = currentTarget.value;
    const accepted = accept(typed, grouping);
    const beforeCaret = accept(typed.slice(0, currentTarget.selectionStart ?? typed.length), grouping);
    caret.current = caretAfter(beforeCaret.value.length, grouping);
    setStranger(accepted.stranger);
    onChange(accepted.value);
  }

  const strange = stranger !== null && strangerText !== undefined ? strangerText(stranger) : null;
  const wrong = strange ?? problem;
  return (
    <TextField className="kern-form-input field" isInvalid={wrong !== null} isDisabled={isDisabled}>
      <Label className="kern-label">{label}</Label>
      <Input
        ref={element}
        className="kern-form-input__input field__input"
        value={grouped(value, grouping)}
        onChange={onType}
        onBlur={() => onLeave?.()}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || onEnter === undefined) return;
          event.preventDefault();
          if (!event.repeat) onEnter();
        }}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        {...input}
      />
      <div className="field__message" aria-live="polite">
        {praise !== null && wrong === null && (
          <Text slot="description" className="field__praise">
            <Icon name="check" /> {praise}
          </Text>
        )}
        {praise === null && wrong === null && (
          <Text slot="description" className="field__hint">
            {hint}
          </Text>
        )}
        <FieldError className="field__problem">
          <Icon name="octagon" /> {wrong}
        </FieldError>
      </div>
    </TextField>
  );
}
