import { useId, useState } from "react";

import type { AppError } from "../backend/bindings";
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
  /** Why it can't be pressed yet, or what follows. */
  note?: string | null;
  autoFocus?: boolean;
}

/** The ways out of a screen besides its primary action. */
export interface Exits {
  /** Leaves a page that is not a step of a visit; Escape and Alt+← do it. */
  onBack?: () => void;
  canGoBack?: boolean;
  canAbort?: boolean;
  canDiscard?: boolean;
  /** Something final was found: the visit may end with a refusal. */
  canRefuse?: boolean;
}

/** Errors after which a visit can't lead to a code any more. */
const FINAL = new Set<AppError["code"]>([
  "identity_not_established",
  "document_not_admitted",
  "level_too_low",
]);

type Question = "abort" | "discard" | "refuse";

/** The way back, the ways out and the way on. */
export function Foot({ primary, exits }: { primary: Primary | null; exits: Exits }) {
  const { onBack, canGoBack = false, canAbort = false, canDiscard = false } = exits;
  const call = useCall();
  const { busy, notice } = useWorkstationState();
  const [question, setQuestion] = useState<Question | null>(null);
  const noteId = useId();

  const isFinal = canAbort && (exits.canRefuse === true || (notice !== null && FINAL.has(notice.code)));
  const back = onBack ?? (canGoBack ? () => void call("go_back") : undefined);
  const goOn = () => {
    if (primary !== null && primary.isDisabled !== true && !busy) primary.onPress();
  };
  useHotkeys({
    Enter: primary?.shortcut === "Enter" ? goOn : undefined,
    "Control+Enter": primary === null ? undefined : goOn,
    "Alt+ArrowLeft": back,
    Escape: canAbort ? () => setQuestion("abort") : onBack,
  });

  return (
    <div className="foot">
      {back !== undefined && (
        <Action
          look="secondary"
          label={m.action_back()}
          onPress={back}
          hint={onBack === undefined ? m.key_back() : m.key_escape()}
          shortcut={onBack === undefined ? "Alt+ArrowLeft" : "Escape"}
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
      {isFinal && <Action look="danger" label={m.action_refuse()} onPress={() => setQuestion("refuse")} />}
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
      {question !== null && <Asked question={question} onClose={() => setQuestion(null)} />}
    </div>
  );
}

/** Before a visit or a code is thrown away. */
function Asked({ question, onClose }: { question: Question; onClose: () => void }) {
  const call = useCall();
  switch (question) {
    case "abort":
      return (
        <ConfirmDialog
          title={m.confirm_abort_title()}
          text={m.confirm_abort_text()}
          doIt={m.confirm_abort_do()}
          onConfirm={() => void call("abort_visit")}
          onClose={onClose}
        />
      );
    case "discard":
      return (
        <ConfirmDialog
          title={m.confirm_discard_title()}
          text={m.confirm_discard_text()}
          doIt={m.confirm_discard_do()}
          onConfirm={() => void call("discard_code")}
          onClose={onClose}
        />
      );
    case "refuse":
      return (
        <ConfirmDialog
          title={m.confirm_refuse_title()}
          text={m.confirm_refuse_text()}
          doIt={m.confirm_refuse_do()}
          onConfirm={() => void call("refuse_visit")}
          onClose={onClose}
        />
      );
  }
}
