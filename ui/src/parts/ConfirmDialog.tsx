import { Action } from "./Action";
import { Dialog } from "./Dialog";

interface ConfirmDialogProps {
  title: string;
  text: string;
  doIt: string;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asked before what can't be undone, and before nothing else. */
export function ConfirmDialog({ title, text, doIt, onConfirm, onClose }: ConfirmDialogProps) {
  return (
    <Dialog
      title={title}
      text={text}
      role="alertdialog"
      action={<Action look="danger" label={doIt} onPress={onConfirm} />}
      onClose={onClose}
    />
  );
}
