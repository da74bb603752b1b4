import { clock } from "../format/dates";
import { m } from "../paraglide/messages";
import { useNow } from "../state/clock";
import { Icon } from "./Icon";

import "./Steps.css";

interface StepsProps {
  /** Counted from 0; beyond the last one: all done. */
  current: number;
  /** RFC 3339. */
  startedAt: string;
}

/** Where the visit is, and for how long it has been going. */
export function Steps({ current, startedAt }: StepsProps) {
  const labels = [m.step_concern(), m.step_document(), m.step_face(), m.step_summary(), m.step_hand_over()];
  return (
    <nav className="steps" aria-label={m.region_steps()}>
      <ol>
        {labels.map((label, place) => {
          const state = place < current ? "done" : place === current ? "current" : "open";
          return (
            <li
              key={label}
              className={`step step--${state}`}
              aria-current={state === "current" ? "step" : undefined}
            >
              <span className="step__number" aria-hidden="true">
                {state === "done" ? <Icon name="check" /> : place + 1}
              </span>
              <span className="step__label">{label}</span>
              {state === "done" && <span className="kern-sr-only">, {m.step_done()}</span>}
            </li>
          );
        })}
      </ol>
      <VisitClock startedAt={startedAt} />
    </nav>
  );
}

function VisitClock({ startedAt }: { startedAt: string }) {
  const time = clock(useNow() - Date.parse(startedAt));
  return <p className="steps__clock">{m.visit_since({ time })}</p>;
}
