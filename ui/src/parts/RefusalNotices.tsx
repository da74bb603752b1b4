import { useState } from "react";

import type { ConcernRow, RefusalReason } from "../backend/bindings";
import { m } from "../paraglide/messages";
import { useWorkstation } from "../state/workstation";
import { spokenName } from "../texts/people";
import { refusal } from "../texts/reasons";
import { Action } from "./Action";
import { useHotkeys } from "./hotkeys";
import { Icon } from "./Icon";

import "./RefusalNotices.css";

interface RefusalNoticesProps {
  concerns: ConcernRow[];
  /** Other concerns are still open to be dealt with. */
  isVisitGoingOn: boolean;
}

/** Why a concern was refused, what to say, and the printed confirmation; F7 prints the latest. */
export function RefusalNotices({ concerns, isVisitGoingOn }: RefusalNoticesProps) {
  const refused = concerns.flatMap(({ id, person, state }) =>
    state.state === "refused" ? [{ id, name: spokenName(person), reason: state.reason }] : [],
  );
  const workstation = useWorkstation();
  const [printed, setPrinted] = useState<string[]>([]);
  async function print(concern: string) {
    await workstation.call("print_refusal", { concern });
    if (workstation.getState().notice === null) setPrinted((before) => [...before, concern]);
  }
  const latest = refused.at(-1)?.id;
  useHotkeys({ F7: latest === undefined ? undefined : () => void print(latest) });

  return refused.map(({ id, name, reason }) => (
    <RefusalNotice
      key={id}
      name={name}
      reason={reason}
      isVisitGoingOn={isVisitGoingOn}
      isPrinted={printed.includes(id)}
      isLatest={id === latest}
      onPrint={() => void print(id)}
    />
  ));
}

interface RefusalNoticeProps {
  name: string;
  reason: RefusalReason;
  isVisitGoingOn: boolean;
  isPrinted: boolean;
  isLatest: boolean;
  onPrint: () => void;
}

function RefusalNotice({ name, reason, isVisitGoingOn, isPrinted, isLatest, onPrint }: RefusalNoticeProps) {
  const { clerk, say } = refusal(reason);
  return (
    <section className="refusal" aria-label={m.refusal_of({ name })}>
      <Icon name="octagon" />
      <div className="refusal__text">
        <p>
          <strong>{name}:</strong> {clerk} {isVisitGoingOn && m.refusal_visit_goes_on()}
        </p>
        <p className="refusal__say">{m.refusal_say({ words: say })}</p>
      </div>
      <div className="refusal__print" aria-live="polite">
        {isPrinted ? (
          <p>
            <Icon name="check" /> {m.refusal_printed()}
          </p>
        ) : (
          <Action
            look="plain"
            label={m.action_print_refusal()}
            onPress={onPrint}
            {...(isLatest ? { hint: "F7", shortcut: "F7" } : {})}
          />
        )}
      </div>
    </section>
  );
}
