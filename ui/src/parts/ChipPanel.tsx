import { useEffect, useId, useRef, useState, type ReactNode, type RefObject } from "react";
import { Label, ProgressBar } from "react-aria-components";

import type {
  ChipCounts,
  ChipKey,
  ChipLine,
  ChipProblem,
  ChipReadStep,
  ChipStep,
  ConsentText,
} from "../backend/bindings";
import { m } from "../paraglide/messages";
import { useCall } from "../state/workstation";
import { chipProblem, chipReadSteps, chipVerdict } from "../texts/chip";
import { Action } from "./Action";
import { ChipConsent } from "./ChipConsent";
import { ChipChecks, ChipDetails } from "./ChipDetails";
import { ChipKeyEntry } from "./ChipKeyEntry";
import { ChipRevoke } from "./ChipRevoke";
import { Explanation } from "./Explanation";
import { useHotkeys } from "./hotkeys";
import { Notice, type Tone } from "./Notice";

import "./ChipPanel.css";
import "./ReadingProgress.css";

/** The chip of the document, beside the checklist: only with the person's consent, and nothing is lost without it. */
export function ChipPanel({ chip }: { chip: ChipStep }) {
  const titleId = useId();
  const panel = useRef<HTMLElement>(null);
  useHeldFocus(panel, chip.state);
  const isAgreed = chip.state !== "offered" && chip.state !== "declined";
  return (
    <section
      ref={panel}
      className="chip-panel"
      aria-labelledby={titleId}
      tabIndex={-1}
      data-chip={chip.state}
      data-problem={chip.state === "needs_key" ? chip.problem?.why : undefined}
      data-counts={chip.state === "read" ? chip.counts : undefined}
    >
      <div className="chip-panel__heading">
        <h2 id={titleId}>{m.chip_title()}</h2>
        {isAgreed && <ChipRevoke />}
      </div>
      <Step chip={chip} />
    </section>
  );
}

/** What had the focus may be gone with the last state: then it stays in the panel, not at the top of the page. */
function useHeldFocus(panel: RefObject<HTMLElement | null>, state: ChipStep["state"]) {
  const before = useRef(state);
  useEffect(() => {
    if (before.current === state) return;
    before.current = state;
    if (document.activeElement === document.body) panel.current?.focus({ preventScroll: true });
  }, [panel, state]);
}

function Step({ chip }: { chip: ChipStep }) {
  switch (chip.state) {
    case "offered":
    case "declined":
      return <Ask consent={chip.consent} isDeclined={chip.state === "declined"} />;
    case "needs_key":
      return <NeedsKey keys={chip.keys} problem={chip.problem} />;
    case "needs_document":
      return <NeedsDocument />;
    case "reading":
      return <Reading step={chip.step} done={chip.done} total={chip.total} />;
    case "read":
      return <Read lines={chip.lines} counts={chip.counts} />;
  }
}

/** A sentence, and what can be done beside it. */
function Row({ children, actions }: { children: ReactNode; actions: ReactNode }) {
  return (
    <div className="chip-panel__row">
      <div role="status">{children}</div>
      <div className="chip-panel__actions">{actions}</div>
    </div>
  );
}

interface AskProps {
  consent: ConsentText;
  isDeclined: boolean;
}

function Ask({ consent, isDeclined }: AskProps) {
  const [isAsking, setAsking] = useState(false);
  const ask = () => setAsking(true);
  useHotkeys({ F8: ask });
  return (
    <>
      <Row
        actions={
          <Action
            look={isDeclined ? "plain" : "secondary"}
            label={isDeclined ? m.chip_ask_again() : m.chip_ask()}
            onPress={ask}
            hint="F8"
            shortcut="F8"
          />
        }
      >
        <p>{isDeclined ? m.chip_declined() : m.chip_offer()}</p>
      </Row>
      {isAsking && <ChipConsent consent={consent} onClose={() => setAsking(false)} />}
    </>
  );
}

function NeedsKey({ keys, problem }: { keys: ChipKey[]; problem: ChipProblem | null }) {
  const [isRepeated, setRepeated] = useState(false);
  const news = problem === null ? null : chipProblem(problem);
  const isOver = news?.isFinal === true && !isRepeated;
  const repeat = () => setRepeated(true);
  useHotkeys(isOver ? { F8: repeat } : {});
  const said = news?.next != null && (
    <Notice tone={problem?.why === "cancelled" ? "info" : "attention"} title={news.what}>
      {news.next}
    </Notice>
  );
  if (isOver) {
    const again = <Action look="plain" label={m.chip_try_again()} onPress={repeat} hint="F8" shortcut="F8" />;
    return <Row actions={again}>{said}</Row>;
  }
  return (
    <>
      <div role="status">{said}</div>
      <ChipKeyEntry keys={keys} problem={problem} />
    </>
  );
}

/** Stops what waits or runs. */
function Cancel() {
  const call = useCall();
  const cancel = () => void call("cancel_chip");
  useHotkeys({ Escape: cancel });
  return (
    <Action
      look="secondary"
      label={m.action_cancel_reading()}
      onPress={cancel}
      hint={m.key_escape()}
      shortcut="Escape"
    />
  );
}

function NeedsDocument() {
  return (
    <Row actions={<Cancel />}>
      <Notice tone="info" title={m.chip_lay_down()}>
        {m.chip_lay_down_how()}
      </Notice>
    </Row>
  );
}

function Reading({ step, done, total }: { step: ChipReadStep; done: number; total: number }) {
  const text = chipReadSteps[step]();
  return (
    <div className="chip-panel__row">
      <ProgressBar className="progress" value={done} maxValue={Math.max(total, 1)} valueLabel={text}>
        {({ percentage }) => (
          <>
            <Label className="kern-label">
              {text}. {m.chip_reading_still()}
            </Label>
            <progress className="progress__bar" value={percentage ?? 0} max={100} aria-hidden="true" />
          </>
        )}
      </ProgressBar>
      <div className="chip-panel__actions">
        <Cancel />
      </div>
    </div>
  );
}

const tones: Record<ChipCounts, Tone> = { proves: "good", nothing: "info", contradicts: "bad" };

function Read({ lines, counts }: { lines: ChipLine[]; counts: ChipCounts }) {
  const [isExplained, setExplained] = useState(false);
  const row = useRef<HTMLDivElement>(null);
  const { text, next } = chipVerdict(counts, lines);
  const explain = () => setExplained(!isExplained);
  useHotkeys({ F8: explain }, { evenIn: "popovers" });
  return (
    <>
      <div ref={row}>
        <Row
          actions={<Action look="plain" label={m.chip_details()} onPress={explain} hint="F8" shortcut="F8" />}
        >
          <Notice tone={tones[counts]} title={text}>
            {next}
          </Notice>
        </Row>
      </div>
      <ChipChecks lines={lines} />
      <Explanation
        triggerRef={row}
        isOpen={isExplained}
        onClose={() => setExplained(false)}
        isWide
        placement="top end"
      >
        <ChipDetails lines={lines} counts={counts} />
      </Explanation>
    </>
  );
}
