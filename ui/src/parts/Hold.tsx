import { useEffect, useId, useRef, useState } from "react";

import type { HoldReason, VisitRow } from "../backend/bindings";
import { m } from "../paraglide/messages";
import { useCall } from "../state/workstation";
import { deletionSentence, holdReasons } from "../texts/retention";
import { Action } from "./Action";
import { ConfirmDialog } from "./ConfirmDialog";
import { Icon } from "./Icon";
import { ReasonDialog } from "./ReasonDialog";

import "./Hold.css";

const REASONS: HoldReason[] = ["complaint", "investigation", "legal_proceedings", "authority", "restriction"];

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
      {!isHeld && isOpen && (
        <ReasonDialog
          title={m.hold_title()}
          text={m.hold_text()}
          label={m.hold_reasons()}
          reasons={REASONS.map((id) => ({ id, label: holdReasons[id]() }))}
          doIt={m.hold_do()}
          onDo={keep}
          onClose={() => setOpen(false)}
        />
      )}
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
