import { useRef, type RefObject } from "react";

import type { Field } from "../backend/bindings";
import type { Grouping } from "../format/grouped";
import { useFieldProblem } from "./fieldProblem";
import { GroupedField } from "./GroupedField";

interface CheckedFieldProps {
  /** The field that the shell's verdict is about. */
  field: Field;
  label: string;
  grouping: Grouping;
  value: string;
  onChange: (value: string) => void;
  hint: string;
  strangerText?: (character: string) => string;
  inputMode?: "numeric" | "text";
  autoFocus?: boolean;
  inputRef?: RefObject<HTMLInputElement | null>;
}

/** A field for characters that are read off something, with the shell's verdict on them. */
export function CheckedField({ field, onChange, inputRef, ...props }: CheckedFieldProps) {
  const ownRef = useRef<HTMLInputElement>(null);
  const element = inputRef ?? ownRef;
  const problem = useFieldProblem(field, element);
  return (
    <GroupedField
      {...props}
      onChange={(value) => {
        onChange(value);
        problem.edited();
      }}
      problem={problem.text}
      inputRef={element}
    />
  );
}
