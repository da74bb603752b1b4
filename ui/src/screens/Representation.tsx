import { useState } from "react";

import type { ConcernRow, RepresentationScreen, VisitPane } from "../backend/bindings";
import { Action } from "../parts/Action";
import { ConcernTable } from "../parts/ConcernTable";
import type { Primary } from "../parts/Foot";
import { useHotkeys } from "../parts/hotkeys";
import { NextCard } from "../parts/NextCard";
import { Obstacle } from "../parts/Obstacle";
import { Page } from "../parts/Page";
import { RefusalNotices } from "../parts/RefusalNotices";
import { m } from "../paraglide/messages";
import type { Circumstances } from "../state/line";
import { useCall } from "../state/workstation";
import { spokenName } from "../texts/people";
import { AddPerson } from "./representation/AddPerson";
import { NextCan } from "./representation/NextCan";
import { OwnConcern } from "./representation/OwnConcern";
import { ProofOf } from "./representation/ProofOf";

import "./Representation.css";

interface RepresentationProps {
  step: RepresentationScreen;
  pane: VisitPane;
  circumstances: Circumstances;
}

/** "Für wen handelt …?" One question at a time: whose proof, who else, or on with what is possible. */
export function Representation({ step, pane, circumstances }: RepresentationProps) {
  // The form is for one person: it closes when there is one more.
  const [typingAt, setTypingAt] = useState<number | null>(null);
  const isTyping = typingAt === step.concerns.length;
  const asked = step.concerns.find(({ id }) => id === step.asking);
  if (asked !== undefined) {
    const Question = asked.own ? OwnConcern : ProofOf;
    return (
      <Question key={asked.id} concern={asked} pane={pane} frame={frame(pane)}>
        <Concerns step={step} />
      </Question>
    );
  }
  if (step.card.state === "needs_can") {
    return (
      <NextCan key="can" question={step.card} frame={frame(pane)}>
        <Concerns step={step} />
      </NextCan>
    );
  }
  if (isTyping) {
    return (
      <AddPerson
        pane={pane}
        frame={frame(pane)}
        cardNumber={step.cardNumber}
        onClose={() => setTypingAt(null)}
      >
        <Concerns step={step} />
      </AddPerson>
    );
  }
  return (
    <Overview
      step={step}
      pane={pane}
      circumstances={circumstances}
      onType={() => setTypingAt(step.concerns.length)}
    />
  );
}

function frame(pane: VisitPane) {
  return { title: m.representation_title({ name: spokenName(pane.acting) }), lead: m.representation_lead() };
}

interface OverviewProps extends RepresentationProps {
  onType: () => void;
}

/** Who has been named so far, who else, and the way on. */
function Overview({ step, pane, circumstances, onType }: OverviewProps) {
  const call = useCall();
  useHotkeys({ F3: onType });
  const isEmpty = step.concerns.length === 0;
  const against = circumstances.obstacles.asRepresentative;
  return (
    <Page
      key="overview"
      {...frame(pane)}
      {...(against && { ownError: against.code })}
      canAbort
      primary={wayOn(step, call)}
    >
      <Obstacle against={against} />
      <Concerns step={step} />
      <RefusalNotices concerns={step.concerns} isVisitGoingOn />
      <NextCard card={step.card} isFirst={isEmpty} />
      <div className="next-person">
        <Action
          look="secondary"
          label={isEmpty ? m.start_number() : m.representation_add()}
          onPress={onType}
          hint="F3"
          shortcut="F3"
        />
        {!isEmpty && <p>{m.next_card()}</p>}
      </div>
    </Page>
  );
}

/** On with what is possible; if nothing is, the visit is over. */
function wayOn(step: RepresentationScreen, call: ReturnType<typeof useCall>): Primary | null {
  const states = step.concerns.map(({ state }) => state.state);
  const count = states.filter((state) => state === "possible").length;
  if (count > 0) {
    return {
      label: m.representation_go_on({ count }),
      shortcut: "Enter",
      isDisabled: !step.ready,
      onPress: () => void call("confirm_concerns"),
      autoFocus: true,
    };
  }
  if (states.length === 0 || states.includes("incomplete")) return null;
  return {
    label: m.representation_end(),
    shortcut: "Enter",
    note: m.representation_nothing_possible(),
    onPress: () => void call("finish_visit"),
  };
}

/** All concerns of the visit; each that is open can be taken back. */
function Concerns({ step: { concerns, asking } }: { step: RepresentationScreen }) {
  const call = useCall();
  if (concerns.length === 0) return null;
  const withdraw = ({ id, person, state }: ConcernRow) =>
    (state.state === "incomplete" || state.state === "possible") && (
      <Action
        look="plain"
        label={m.action_withdraw()}
        spokenLabel={m.action_withdraw_of({ name: spokenName(person) })}
        onPress={() => void call("withdraw_concern", { concern: id })}
      />
    );
  return (
    <ConcernTable caption={m.concerns_table()} concerns={concerns} current={asking} actionFor={withdraw} />
  );
}
