import { useId, useLayoutEffect, useRef, type ReactNode } from "react";

import { m } from "../paraglide/messages";
import { Action } from "./Action";

import "./Dialog.css";

interface DialogProps {
  title: string;
  text: string;
  role?: "alertdialog";
  /** What is chosen before it is done. */
  children?: ReactNode;
  /** The button that does it. */
  action: ReactNode;
  onClose: () => void;
}

/** A question in front of the page. Escape and the first button mean no. */
export function Dialog({ title, text, role, children, action, onClose }: DialogProps) {
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
      className="dialog"
      role={role}
      aria-labelledby={titleId}
      aria-describedby={textId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id={titleId}>{title}</h2>
      <p id={textId}>{text}</p>
      {children}
      <div className="dialog__actions">
        <Action look="secondary" label={m.confirm_keep()} onPress={onClose} hint={m.key_escape()} />
        {action}
      </div>
    </dialog>
  );
}
