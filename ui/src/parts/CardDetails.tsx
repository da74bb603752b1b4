import { Heading } from "react-aria-components";

import type { CardAuthenticity, CardState } from "../backend/bindings";
import { m } from "../paraglide/messages";
import { checkText, meaning, proofLevels, stateFacts, type CheckText } from "../texts/card";
import { Icon } from "./Icon";

import "./CardDetails.css";

/** What the health card has proven, what not and why, and what that means. */
export function AuthenticityDetails({ authenticity }: { authenticity: CardAuthenticity }) {
  const { chip, certificate, level } = authenticity;
  return (
    <>
      <hgroup>
        <Heading slot="title">{m.authenticity_title()}</Heading>
        <p>{proofLevels[level]()}</p>
      </hgroup>
      <dl className="card-details">
        <Check check={checkText("chip", chip)} />
        <Check check={checkText("certificate", certificate)} />
      </dl>
      <section className="card-details__means">
        <h3>{m.authenticity_means()}</h3>
        <p>{meaning(authenticity)}</p>
      </section>
    </>
  );
}

function Check({ check: { name, isValid, result, what, next, technical } }: { check: CheckText }) {
  return (
    <div className={`card-details__check line--${isValid ? "good" : "partly"}`}>
      <dt>
        <span className="line__mark">
          <Icon name={isValid ? "check" : "half"} />
        </span>
        {name}: {result}
      </dt>
      <dd>
        {what} {next}
        <small>{technical}</small>
      </dd>
    </div>
  );
}

/** In what state the health card is. */
export function StateDetails({ card }: { card: CardState }) {
  return (
    <>
      <Heading slot="title">{m.card_state_title()}</Heading>
      <dl className="card-state">
        {stateFacts(card).map(({ term, value, next }) => (
          <div key={term} className={next === null ? "" : "card-state__against"}>
            <dt>{term}</dt>
            <dd>
              {next !== null && <Icon name="attention" />} {value}
              {next !== null && <small>{next}</small>}
            </dd>
          </div>
        ))}
      </dl>
      <p className="card-state__note">{m.card_state_note()}</p>
    </>
  );
}
