import type { PrintingScreen, PrintStep, VisitPane } from "../backend/bindings";
import { Icon, type IconName } from "../parts/Icon";
import { LetterLine } from "../parts/LetterLine";
import { Notice } from "../parts/Notice";
import { Page } from "../parts/Page";
import { m } from "../paraglide/messages";
import { printerReason } from "../texts/desk";

import "./Printing.css";

/** The letter on its way to paper. */
export function Printing({ step: { step, place, count }, pane }: { step: PrintingScreen; pane: VisitPane }) {
  const current = stationOf(step);
  const now = step.state === "waiting" ? "waiting" : "now";
  const stations = [m.printing_recording(), m.printing_sending(), m.printing_at_printer()];
  return (
    <Page title={m.printing_title()} lead={m.printing_lead()} canDiscard>
      <LetterLine place={place} count={count} pane={pane} />
      <ol className="printing" aria-live="polite">
        {stations.map((text, place) => (
          <Station key={text} text={text} state={place < current ? "done" : place > current ? "todo" : now} />
        ))}
      </ol>
      <div role="alert">
        {step.state === "waiting" && (
          <Notice tone="attention" title={m.printing_waiting({ reason: printerReason(step.reason) })}>
            {m.printing_waiting_next()}
          </Notice>
        )}
      </div>
    </Page>
  );
}

function stationOf(step: PrintStep): number {
  switch (step.state) {
    case "recording":
      return 0;
    case "sending":
      return 1;
    case "at_printer":
    case "waiting":
      return 2;
  }
}

type StationState = "done" | "now" | "waiting" | "todo";

const icons: Record<StationState, IconName> = {
  done: "check",
  now: "hourglass",
  waiting: "attention",
  todo: "ring",
};

const words: Record<StationState, () => string> = {
  done: m.printing_state_done,
  now: m.printing_state_now,
  waiting: m.printing_state_waiting,
  todo: m.printing_state_todo,
};

function Station({ text, state }: { text: string; state: StationState }) {
  return (
    <li className={`station station--${state}`}>
      <span className="station__mark">
        <Icon name={icons[state]} />
      </span>
      <span className="station__text">{text}</span>
      <span className="station__state">{words[state]()}</span>
    </li>
  );
}
