import { Heading } from "react-aria-components";

import type { ChipCounts, ChipLine } from "../backend/bindings";
import { m } from "../paraglide/messages";
import { chipGroups, chipVerdict, type ChipCheckText, type ChipWeight } from "../texts/chip";
import { Icon, type IconName } from "./Icon";

import "./ChipDetails.css";

const marks: Record<ChipWeight, IconName> = {
  valid: "check",
  invalid: "attention",
  open: "half",
  left_out: "ring",
};

/** What of a chip's checks is to be seen at once: symbol and name, and the word where it isn't the usual one. */
export function ChipChecks({ lines }: { lines: ChipLine[] }) {
  return (
    <dl className="chip-checks">
      {chipGroups(lines).map(({ group, title, checks }) => (
        <div key={group}>
          <dt>{title}</dt>
          {checks.map(({ check, name, weight, result }) => (
            <dd key={check} data-check={check} data-weight={weight}>
              <Icon name={marks[weight]} />
              <span>
                {name}
                {weight === "valid" ? <span className="kern-sr-only"> {result}</span> : `: ${result}`}
              </span>
            </dd>
          ))}
        </div>
      ))}
    </dl>
  );
}

/** Each check with what it means, or why it isn't so. */
export function ChipDetails({ lines, counts }: { lines: ChipLine[]; counts: ChipCounts }) {
  const { text, next } = chipVerdict(counts, lines);
  return (
    <>
      <hgroup>
        <Heading slot="title">{m.chip_details_title()}</Heading>
        <p>
          {text} {next}
        </p>
      </hgroup>
      <div className="chip-details__groups">
        {chipGroups(lines).map(({ group, title, checks }) => (
          <section key={group} className="chip-details">
            <h3>{title}</h3>
            <ul>
              {checks.map((check) => (
                <Detail key={check.check} {...check} />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </>
  );
}

function Detail({ name, weight, result, what, next, technical }: ChipCheckText) {
  return (
    <li data-weight={weight}>
      <Icon name={marks[weight]} />
      <div>
        {weight !== "valid" && (
          <strong>
            {name}: {result}
          </strong>
        )}
        <p>
          {what} {next}
        </p>
        {technical !== null && <small>{technical}</small>}
      </div>
    </li>
  );
}
