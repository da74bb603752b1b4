import type { RefObject } from "react";
import { CheckboxButton, CheckboxField } from "react-aria-components";

import { Icon } from "./Icon";

import "./Toggle.css";

interface ToggleProps {
  label: string;
  isSelected: boolean;
  onChange: (isSelected: boolean) => void;
  problem?: string | null;
  inputRef?: RefObject<HTMLInputElement | null>;
}

/** Something that was done, or not yet. */
export function Toggle({ label, isSelected, onChange, problem = null, inputRef }: ToggleProps) {
  return (
    <div className="toggle">
      <CheckboxField
        isSelected={isSelected}
        onChange={onChange}
        isInvalid={problem !== null}
        {...(inputRef === undefined ? {} : { inputRef })}
      >
        <CheckboxButton className="toggle__box">
          <span className="toggle__mark">{isSelected && <Icon name="check" />}</span>
          {label}
        </CheckboxButton>
      </CheckboxField>
      {problem !== null && (
        <p className="toggle__problem" role="alert">
          <Icon name="octagon" /> {problem}
        </p>
      )}
    </div>
  );
}
