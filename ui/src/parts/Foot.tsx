import { useId, useState } from "react";

import { m } from "../paraglide/messages";
import { useCall, useWorkstationState } from "../state/workstation";
import { Action } from "./Action";
import { ConfirmDialog } from "./ConfirmDialog";
import { useHotkeys } from "./hotkeys";

import "./Foot.css";

/** What the screen is there for: at the right of the foot, with its key. */
export interface Primary {
  label: string;
  /** Enter where one answer is enough; Control+Enter where Enter could slip. */
  shortcut: "Enter" | "Control+Enter";
  onPress: () => void;
  isDisabled?: boolean;
  /** Why it can't be pressed yet. */
  note?: string | null;
  autoFocus?: boolean;
}

interface FootProps {
  primary: Primary | null;
  canGoBack: boolean;
  canAbort: boolean;
  canDiscard: boolean;
}

/** The way back, the ways out and the way on. */
export function Foot({ primary, canGoBack, canAbort, canDiscard }: FootProps) {
  const call = useCall();
  const { busy } = useWorkstationState();
  const [question, setQuestion] = useState<"abort" | "discard" | null>(null);
  const noteId = useId();

  const goOn = () => {
    if (primary !== null && primary.isDisabled !== true && !busy) primary.onPress();
  };
  useHotkeys({
    Enter: primary?.shortcut === "Enter" ? goOn : undefined,
    "Control+Enter": primary === null ? undefined : goOn,
    "Alt+ArrowLeft": canGoBack ? () => void call("go_back") : undefined,
    Escape: canAbort ? () => setQuestion("abort") : undefined,
  });

  return (
    <div className="foot">
      {canGoBack && (
        <Action
          look="secondary"
          label={m.action_back()}
          onPress={() => void call("go_back")}
          hint={m.key_back()}
          shortcut="Alt+ArrowLeft"
        />
      )}
      {canAbort && (
        <Action
          look="plain"
          label={m.action_abort()}
          onPress={() => setQuestion("abort")}
          hint={m.key_escape()}
          shortcut="Escape"
        />
      )}
      {canDiscard && (
        <Action look="danger" label={m.action_discard()} onPress={() => setQuestion("discard")} />
      )}
      {primary !== null && (
        <div className="foot__primary">
          {primary.note != null && (
            <p id={noteId} className="foot__note">
              {primary.note}
            </p>
          )}
          <Action
            look="primary"
            label={primary.label}
            type={primary.shortcut === "Enter" ? "submit" : "button"}
            {...(primary.shortcut === "Enter" ? {} : { onPress: goOn })}
            hint={primary.shortcut === "Enter" ? m.key_enter() : m.key_control_enter()}
            shortcut={primary.shortcut}
            isDisabled={primary.isDisabled ?? false}
            isBusy={busy}
            autoFocus={primary.autoFocus ?? false}
            {...(primary.note == null ? {} : { describedBy: noteId })}
          />
        </div>
      )}
      {question === "abort" && (
        <ConfirmDialog
          title={m.confirm_abort_title()}
          text={m.confirm_abort_text()}
          doIt={m.confirm_abort_do()}
          onConfirm={() => void call("abort_visit")}
          onClose={() => setQuestion(null)}
        />
      )}
      {question === "discard" && (
        <ConfirmDialog
          title={m.confirm_discard_title()}
          text={m.confirm_discard_text()}
          doIt={m.confirm_discard_do()}
          onConfirm={() => void call("discard_code")}
          onClose={() => setQuestion(null)}
        />
      )}
    </div>
  );
}
