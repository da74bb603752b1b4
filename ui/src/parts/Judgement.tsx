import type { ReviewedVisit, ReviewOutcome } from "../backend/bindings";
import { m } from "../paraglide/messages";
import { judgements, revocable } from "../texts/lists";
import { ChoiceGroup, type Choice } from "./ChoiceGroup";
import { Notice } from "./Notice";
import { PinField, type TypedPin } from "./PinField";

import "./Judgement.css";

interface JudgementProps {
  visit: ReviewedVisit;
  /** What is chosen, not signed yet. */
  outcome: ReviewOutcome | null;
  onJudge: (outcome: ReviewOutcome) => void;
  pin: TypedPin;
}

const OUTCOMES: ReviewOutcome[] = ["agree", "formal_defect", "substantial_defect"];

/** The supervisor's judgement, signed with the PIN; or why it isn't this supervisor's to give. */
export function Judgement({ visit, outcome, onJudge, pin }: JudgementProps) {
  switch (visit.judge) {
    case "took_part":
      return (
        <Notice tone="info" title={m.review_took_part()}>
          {m.review_took_part_next()}
        </Notice>
      );
    case "not_needed":
      return (
        <Notice tone="info" title={m.review_not_needed()}>
          {m.review_not_needed_next()}
        </Notice>
      );
    case "not_over":
      return (
        <Notice tone="info" title={m.review_not_over()}>
          {m.review_not_over_next()}
        </Notice>
      );
    case "judged":
      return <Judged outcome={visit.row.review} />;
    case "may":
      return <Form visit={visit} outcome={outcome} onJudge={onJudge} pin={pin} />;
  }
}

function Judged({ outcome }: { outcome: ReviewOutcome | null }) {
  if (outcome === null) return <Notice tone="info" title={m.review_judged()} />;
  return <Notice tone="info" title={m.review_judged_as({ judgement: judgements[outcome]().word })} />;
}

function Form({ visit, outcome, onJudge, pin }: JudgementProps) {
  const choices: Choice<ReviewOutcome>[] = OUTCOMES.map((id) => {
    const { tone, word, detail } = judgements[id]();
    return { id, label: word, ...(detail !== null && { hint: detail }), ...(tone !== "calm" && { tone }) };
  });
  return (
    <section className="judgement" aria-label={m.review_question()}>
      <ChoiceGroup
        label={m.review_question()}
        value={outcome}
        onChange={onJudge}
        onDigit={() => pin.input.current?.focus()}
        choices={choices}
        look="tiles"
        showDigits
      />
      <div role="status">
        {outcome === "substantial_defect" && (
          <Notice tone="bad" title={revoked(revocable(visit.row))}>
            {m.review_revokes_next()}
          </Notice>
        )}
      </div>
      <PinField label={m.pin_yours()} pin={pin} />
    </section>
  );
}

/** What the signature does, before it is given. */
function revoked(references: string[]): string {
  if (references.length === 0) return m.review_revokes_nothing();
  // References stay in one piece.
  return m.review_revokes({ references: references.join(", ").replaceAll("-", "\u2011") });
}
