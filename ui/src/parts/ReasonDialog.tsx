import { useId, useLayoutEffect, useRef, useState } from "react";

import { m } from "../paraglide/messages";
import { Action } from "./Action";
import { ChoiceGroup } from "./ChoiceGroup";
import { useHotkeys } from "./hotkeys";

import "./ReasonDialog.css";

interface ReasonDialogProps<Reason extends string> {
  title: string;
  text: string;
  /** Names the group of reasons. */
  label: string;
  reasons: { id: Reason; label: string }[];
  /** Does it, in the words of the button. */
  doIt: string;
  onDo: (reason: Reason) => void;
  onClose: () => void;
}

/** Asked each time anew: what was chosen goes with the dialog. */
export function ReasonDialog<Reason extends string>(props: ReasonDialogProps<Reason>) {
  const { title, text, label, reasons, doIt, onDo, onClose } = props;
  const [reason, setReason] = useState<Reason | null>(null);
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const textId = useId();
  const go = () => {
    if (reason !== null) onDo(reason);
  };
  useHotkeys({ Enter: go }, { evenIn: "dialogs" });

  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    element?.querySelector("input")?.focus();
    return () => element?.close();
  }, []);

  return (
    <dialog
      ref={dialog}
      className="confirm"
      aria-labelledby={titleId}
      aria-describedby={textId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id={titleId}>{title}</h2>
      <p id={textId}>{text}</p>
      <div className="reason-dialog__reasons">
        <ChoiceGroup
          label={label}
          value={reason}
          onChange={setReason}
          choices={reasons}
          look="chips"
          showDigits
        />
      </div>
      <div className="confirm__actions">
        <Action look="secondary" label={m.confirm_keep()} onPress={onClose} hint={m.key_escape()} />
        <Action
          look="primary"
          label={doIt}
          onPress={go}
          hint={m.key_enter()}
          shortcut="Enter"
          isDisabled={reason === null}
        />
      </div>
    </dialog>
  );
}
