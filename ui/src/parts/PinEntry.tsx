import { useId } from "react";

import type { PinStep } from "../backend/bindings";
import { m } from "../paraglide/messages";
import { useCall } from "../state/workstation";
import { pinProblem } from "../texts/pin";
import { Action } from "./Action";
import { useHotkeys } from "./hotkeys";
import { Notice } from "./Notice";

import "./PinEntry.css";

/** The PIN of the health card, typed at the reader's own pad by whoever wants to. No key of this window is one of it. */
export function PinEntry({ step }: { step: PinStep }) {
  const titleId = useId();
  return (
    <section
      className="pin-entry"
      aria-labelledby={titleId}
      data-pin={step.state}
      data-problem={step.state === "failed" ? step.problem.what : undefined}
    >
      <h2 id={titleId} className="kern-label">
        {m.pin_entry_title()}
      </h2>
      <div role="status">
        <PinNews step={step} />
      </div>
      <PinActions step={step} />
    </section>
  );
}

function PinNews({ step }: { step: PinStep }) {
  switch (step.state) {
    case "offered":
      return <p>{m.pin_entry_offer()}</p>;
    case "asking":
      return <p>{m.pin_entry_asking()}</p>;
    case "at_reader":
      return (
        <Notice tone="info" title={m.pin_entry_at_reader()}>
          {m.pin_entry_tries({ tries: step.triesLeft })} {m.pin_entry_at_reader_detail()}
        </Notice>
      );
    case "last_try":
      return (
        <Notice tone="attention" title={m.pin_entry_last_try()}>
          {m.pin_entry_last_try_detail()}
        </Notice>
      );
    case "failed": {
      const { title, text } = pinProblem(step.problem);
      const tone = step.problem.what === "not_genuine" ? "bad" : "attention";
      return (
        <Notice tone={tone} title={title}>
          {text}
        </Notice>
      );
    }
  }
}

function PinActions({ step }: { step: PinStep }) {
  const call = useCall();
  const begin = () => void call("prove_with_pin", { lastTry: false });
  const isOpen = step.state === "offered" || (step.state === "failed" && pinProblem(step.problem).isPassing);
  useHotkeys(isOpen ? { F6: begin } : {});
  const without = (
    <Action look="plain" label={m.pin_entry_without()} onPress={() => void call("cancel_pin")} />
  );
  if (isOpen) {
    const label = step.state === "offered" ? m.pin_entry_action() : m.pin_entry_again();
    return <Action look="secondary" label={label} onPress={begin} hint="F6" shortcut="F6" />;
  }
  switch (step.state) {
    case "asking":
    case "at_reader":
      return without;
    case "last_try":
      return (
        <div className="pin-entry__choice">
          <Action
            look="secondary"
            label={m.pin_entry_without()}
            onPress={() => void call("cancel_pin")}
            autoFocus
          />
          <Action
            look="danger"
            label={m.pin_entry_last_try_do()}
            onPress={() => void call("prove_with_pin", { lastTry: true })}
          />
        </div>
      );
    case "failed":
      return null;
  }
}
