import { useLayoutEffect, useRef, useState } from "react";

import { m } from "../paraglide/messages";
import { Action } from "./Action";
import { ChoiceGroup } from "./ChoiceGroup";
import { Dialog } from "./Dialog";
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
  const choices = useRef<HTMLDivElement>(null);
  const go = () => {
    if (reason !== null) onDo(reason);
  };
  useHotkeys({ Enter: go }, { evenIn: "dialogs" });

  // The dialog is open by now: children's effects run first.
  useLayoutEffect(() => choices.current?.querySelector("input")?.focus(), []);

  return (
    <Dialog
      title={title}
      text={text}
      action={
        <Action
          look="primary"
          label={doIt}
          onPress={go}
          hint={m.key_enter()}
          shortcut="Enter"
          isDisabled={reason === null}
        />
      }
      onClose={onClose}
    >
      <div ref={choices} className="reason-dialog__reasons">
        <ChoiceGroup
          label={label}
          value={reason}
          onChange={setReason}
          choices={reasons}
          look="chips"
          showDigits
        />
      </div>
    </Dialog>
  );
}
