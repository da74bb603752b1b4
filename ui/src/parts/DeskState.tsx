import { useRef, useState } from "react";
import { Heading } from "react-aria-components";

import type { Desk, Snapshot } from "../backend/bindings";
import { m } from "../paraglide/messages";
import { useNow } from "../state/clock";
import { isOpen } from "../state/session";
import { useCall, useWorkstationState } from "../state/workstation";
import { serviceStatus } from "../texts/desk";
import { clockText, lineText, outboxText, possibilities } from "../texts/line";
import { Action } from "./Action";
import { Explanation } from "./Explanation";
import { useHotkeys } from "./hotkeys";
import { Icon } from "./Icon";

import "./DeskState.css";

/** The desk's state in detail, one key away from everywhere. */
export function DeskState({ desk }: { desk: Desk }) {
  const [isShown, setShown] = useState(false);
  const button = useRef<HTMLDivElement>(null);
  useHotkeys({ F1: () => setShown(!isShown) }, { evenIn: "popovers" });
  return (
    <div ref={button}>
      <Action
        look="plain"
        label={m.status_details()}
        onPress={() => setShown(true)}
        hint="F1"
        shortcut="F1"
      />
      <Explanation triggerRef={button} isOpen={isShown} onClose={() => setShown(false)} placement="top end">
        <Heading slot="title">{m.state_title()}</Heading>
        <Possibilities desk={desk} />
        <Facts desk={desk} />
        <About onPress={() => setShown(false)} />
      </Explanation>
    </div>
  );
}

function Possibilities({ desk }: { desk: Desk }) {
  const { not, possible } = possibilities(desk);
  if (not.length === 0) {
    return (
      <p className="desk-state__all">
        <Icon name="check" /> {m.state_all_possible()}
      </p>
    );
  }
  return (
    <>
      <Possible title={m.state_not_possible()} icon="cross" what={not} />
      {possible.length > 0 && <Possible title={m.state_possible()} icon="check" what={possible} />}
    </>
  );
}

function Possible({ title, icon, what }: { title: string; icon: "check" | "cross"; what: string[] }) {
  return (
    <section className={`desk-state__possible desk-state__possible--${icon}`}>
      <h3>{title}</h3>
      <ul>
        {what.map((each) => (
          <li key={each}>
            <Icon name={icon} /> <span>{each}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Facts({ desk }: { desk: Desk }) {
  const now = useNow();
  const facts: [string, string][] = [
    [m.state_service(), lineText(desk.line, now) ?? serviceStatus(desk.service).state],
    [m.state_clock(), clockText(desk.clock)],
    [m.state_outbox(), outboxText(desk)],
    ...(desk.tasks === 0
      ? []
      : ([[m.state_tasks(), m.state_tasks_waiting({ count: desk.tasks })]] as [string, string][])),
    ...(desk.unprovenErasures === 0
      ? []
      : ([[m.state_erasures(), m.state_erasures_unproven({ count: desk.unprovenErasures })]] as [
          string,
          string,
        ][])),
  ];
  return (
    <dl className="desk-state__facts">
      {facts.map(([what, how]) => (
        <div key={what}>
          <dt>{what}</dt>
          <dd>{how}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What is set here: for whoever is signed in and has no visit open. */
function About({ onPress }: { onPress: () => void }) {
  const call = useCall();
  const { snapshot } = useWorkstationState();
  if (snapshot === null || !maySeeSettings(snapshot)) return null;
  const show = () => {
    onPress();
    void call("show_about");
  };
  return (
    <div>
      <Action look="secondary" label={m.state_about()} onPress={show} />
    </div>
  );
}

function maySeeSettings({ screen, operator }: Snapshot): boolean {
  return operator !== null && isOpen(screen) && !("pane" in screen) && screen.kind !== "about";
}
