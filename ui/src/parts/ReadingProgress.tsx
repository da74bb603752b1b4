import { Label, ProgressBar } from "react-aria-components";

import type { ReadStep } from "../backend/bindings";
import { m } from "../paraglide/messages";
import { readSteps } from "../texts/visit";

import "./ReadingProgress.css";

interface ReadingProgressProps {
  step: ReadStep;
  done: number;
  total: number;
}

/** How far the card is read. */
export function ReadingProgress({ step, done, total }: ReadingProgressProps) {
  const text = m.reading_progress({ step: Math.min(done + 1, total), total, what: readSteps[step]() });
  return (
    <ProgressBar className="progress" value={done} maxValue={total} valueLabel={text}>
      {({ percentage }) => (
        <>
          <Label className="kern-label">{text}</Label>
          <progress className="progress__bar" value={percentage ?? 0} max={100} aria-hidden="true" />
        </>
      )}
    </ProgressBar>
  );
}
