import { Button } from "react-aria-components";

import { KeyHint } from "./KeyHint";

import "./Action.css";

interface ActionProps {
  label: string;
  /** For screen readers, where the label alone doesn't say of what; begins like it. */
  spokenLabel?: string;
  onPress?: () => void;
  look: "primary" | "secondary" | "plain" | "danger";
  /** The key as it is shown. */
  hint?: string;
  /** The key as `aria-keyshortcuts` wants it. */
  shortcut?: string;
  type?: "button" | "submit";
  isDisabled?: boolean;
  /** On its way: keeps the focus, and looks it when that takes long. */
  isBusy?: boolean;
  autoFocus?: boolean;
  describedBy?: string;
}

const looks = {
  primary: "kern-btn kern-btn--primary",
  secondary: "kern-btn kern-btn--secondary",
  plain: "kern-btn kern-btn--tertiary",
  danger: "kern-btn kern-btn--secondary action--danger",
} as const;

/** A button that says what it does, and which key does the same. */
export function Action({
  label,
  look,
  hint,
  shortcut,
  spokenLabel,
  describedBy,
  isBusy = false,
  type = "button",
  ...button
}: ActionProps) {
  return (
    <Button
      {...button}
      type={type}
      className={`action ${isBusy ? "action--busy" : ""} ${looks[look]}`}
      aria-keyshortcuts={shortcut}
      aria-label={spokenLabel}
      aria-describedby={describedBy}
    >
      <span className="kern-label">{label}</span>
      {hint !== undefined && <KeyHint>{hint}</KeyHint>}
    </Button>
  );
}
