import type { StepName } from "../backend/bindings";
import { clock } from "../format/dates";
import { m } from "../paraglide/messages";
import { useNow } from "../state/clock";
import { steps as names } from "../texts/visit";
import { Icon } from "./Icon";

import "./Steps.css";

interface StepsProps {
  steps: StepName[];
  /** `null`: all done. */
  current: StepName | null;
  /** RFC 3339. */
  startedAt: string;
}

/** Where the visit is, and for how long it has been going. */
export function Steps({ steps, current, startedAt }: StepsProps) {
  const now = current === null ? steps.length : steps.indexOf(current);
  return (
    <nav className="steps" aria-label={m.region_steps()}>
      <ol>
        {steps.map((step, place) => {
          const state = place < now ? "done" : place === now ? "current" : "open";
          return (
            <li
              key={step}
              className={`step step--${state}`}
              aria-current={state === "current" ? "step" : undefined}
            >
              <span className="step__number" aria-hidden="true">
                {state === "done" ? <Icon name="check" /> : place + 1}
              </span>
              <span className="step__label">{names[step]()}</span>
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
