import { useEffect, useId, useLayoutEffect, useRef, useState } from "react";

import type { HoldReason, VisitRow } from "../backend/bindings";
import { m } from "../paraglide/messages";
import { useCall } from "../state/workstation";
import { deletionSentence, holdReasons } from "../texts/retention";
import { Action } from "./Action";
import { ChoiceGroup } from "./ChoiceGroup";
import { ConfirmDialog } from "./ConfirmDialog";
import { useHotkeys } from "./hotkeys";
import { Icon } from "./Icon";

import "./Hold.css";

/** When what is personal of a visit goes; a supervisor can keep it longer, with a reason, and let it go again. */
export function Hold({ visit }: { visit: VisitRow }) {
  const call = useCall();
  const [isOpen, setOpen] = useState(false);
  const titleId = useId();
  const action = useRef<HTMLDivElement>(null);
  const { isHeld, text, detail } = deletionSentence(visit);

  // The focus comes back from the question to where it was asked.
  const wasOpen = useRef(false);
  useEffect(() => {
    if (wasOpen.current && !isOpen) action.current?.querySelector("button")?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);

  const keep = (reason: HoldReason) => {
    setOpen(false);
    void call("hold_visit", { visit: visit.id, reason });
  };
  const release = () => {
    setOpen(false);
    void call("release_hold", { visit: visit.id });
  };
  return (
    <section className="hold" aria-labelledby={titleId}>
      <h2 id={titleId}>{m.visits_deletion()}</h2>
      <div role="status">
        {isHeld ? (
          <p className="hold__held">
            <Icon name="hourglass" /> <strong>{text}</strong>
          </p>
        ) : (
          text
        )}
        {detail !== null && <span className="hold__detail">{detail}</span>}
      </div>
      {!visit.wiped && (
        <div ref={action} className="hold__action">
          <Action
            look="secondary"
            label={isHeld ? m.release_action() : m.hold_action()}
            onPress={() => setOpen(true)}
          />
        </div>
      )}
      {!isHeld && isOpen && <Reason onKeep={keep} onClose={() => setOpen(false)} />}
      {isHeld && isOpen && (
        <ConfirmDialog
          title={m.confirm_release_title()}
          text={m.confirm_release_text()}
          doIt={m.confirm_release_do()}
          onConfirm={release}
          onClose={() => setOpen(false)}
        />
      )}
    </section>
  );
}

const REASONS: HoldReason[] = ["complaint", "investigation", "legal_proceedings", "authority", "restriction"];

interface ReasonProps {
  onKeep: (reason: HoldReason) => void;
  onClose: () => void;
}

/** Asked each time anew: what was chosen goes with the dialog. */
function Reason({ onKeep, onClose }: ReasonProps) {
  const [reason, setReason] = useState<HoldReason | null>(null);
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const textId = useId();
  const keep = () => {
    if (reason !== null) onKeep(reason);
  };
  useHotkeys({ Enter: keep }, { evenIn: "dialogs" });

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
      <h2 id={titleId}>{m.hold_title()}</h2>
      <p id={textId}>{m.hold_text()}</p>
      <div className="hold__reasons">
        <ChoiceGroup
          label={m.hold_reasons()}
          value={reason}
          onChange={setReason}
          choices={REASONS.map((id) => ({ id, label: holdReasons[id]() }))}
          look="chips"
          showDigits
        />
      </div>
      <div className="confirm__actions">
        <Action look="secondary" label={m.confirm_keep()} onPress={onClose} hint={m.key_escape()} />
        <Action
          look="primary"
          label={m.hold_do()}
          onPress={keep}
          hint={m.key_enter()}
          shortcut="Enter"
          isDisabled={reason === null}
        />
      </div>
    </dialog>
  );
}
