import { useId, useLayoutEffect, useRef } from "react";

import { m } from "../paraglide/messages";
import { Action } from "./Action";

import "./ConfirmDialog.css";

interface ConfirmDialogProps {
  title: string;
  text: string;
  doIt: string;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asked before what can't be undone, and before nothing else. Escape and the first button mean no. */
export function ConfirmDialog({ title, text, doIt, onConfirm, onClose }: ConfirmDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const textId = useId();

  // Closed before it is taken away: the browser then gives the focus back to where it was.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);

  return (
    <dialog
      ref={dialog}
      className="confirm"
      role="alertdialog"
      aria-labelledby={titleId}
      aria-describedby={textId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id={titleId}>{title}</h2>
      <p id={textId}>{text}</p>
      <div className="confirm__actions">
        <Action look="secondary" label={m.confirm_keep()} onPress={onClose} hint={m.key_escape()} />
        <Action look="danger" label={doIt} onPress={onConfirm} />
      </div>
    </dialog>
  );
}
