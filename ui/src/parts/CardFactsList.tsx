import type { CardFacts } from "../backend/bindings";
import { day } from "../format/dates";
import { m } from "../paraglide/messages";
import { period, proofLevels } from "../texts/card";

import "./CardFactsList.css";

/** What is known of the card; lines fill as they arrive. */
export function CardFactsList({ facts }: { facts: CardFacts }) {
  const { person, insurance, generation, cardNumberTail, dataAsOf, authenticity } = facts;
  const card = [generation, cardNumberTail && m.fact_card_number({ tail: cardNumberTail })].filter(Boolean);
  const lines: [string, string | null][] = [
    [m.fact_card(), card.length > 0 ? card.join(" · ") : null],
    [m.fact_data_as_of(), dataAsOf && day(dataAsOf)],
    [m.fact_name(), person && [person.title, person.givenNames, person.familyName].filter(Boolean).join(" ")],
    [m.fact_birth_date(), person && day(person.birthDate)],
    [m.fact_kvnr(), person?.kvnrMasked ?? null],
    [m.fact_insurer(), insurance && m.fact_insurer_value({ insurer: insurance.insurer, ik: insurance.ik })],
    [m.fact_validity(), insurance && period(insurance.validFrom, insurance.validUntil)],
    [m.fact_authenticity(), authenticity && proofLevels[authenticity.level]()],
  ];
  return (
    <dl className="card-facts" aria-label={m.facts_label()}>
      {lines.map(([term, value]) => (
        <div key={term} data-known={value !== null}>
          <dt>{term}</dt>
          <dd>{value ?? "–"}</dd>
        </div>
      ))}
    </dl>
  );
}
