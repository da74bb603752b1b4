import { useRef, useState, type RefObject } from "react";

import type { ConcernScreen, PurposeOption, VisitPane } from "../backend/bindings";
import { CardNumberField } from "../parts/CardNumberField";
import { ChoiceGroup } from "../parts/ChoiceGroup";
import { Notice } from "../parts/Notice";
import { Obstacle } from "../parts/Obstacle";
import { Page } from "../parts/Page";
import { PinEntry } from "../parts/PinEntry";
import { VisitNumberField } from "../parts/VisitNumberField";
import { m } from "../paraglide/messages";
import { useCall } from "../state/workstation";
import { advice } from "../texts/errors";
import { hasShownCard, purposeProblem, purposes } from "../texts/visit";

import "./Concern.css";

interface ConcernProps {
  step: ConcernScreen;
  pane: VisitPane;
}

/** "Worum geht es?" */
export function Concern({ step, pane }: ConcernProps) {
  const call = useCall();
  const [purpose, setPurpose] = useState(step.selected);
  const [visitNumber, setVisitNumber] = useState("");
  const [cardNumber, setCardNumber] = useState("");
  const visitField = useRef<HTMLInputElement>(null);
  const cardField = useRef<HTMLInputElement>(null);
  const { concern, visitNumberLength, cardNumberDigits, pin, against } = step;
  const isPinAsked = pin?.state === "asking" || pin?.state === "at_reader";
  // What stands against every purpose is said above; the line may be back before the end.
  const problemOf = (option: PurposeOption) =>
    purposeProblem(option) ?? (against === null ? lineProblem(option) : null);
  const isPossible = step.purposes.some((each) => each.purpose === purpose && problemOf(each) === null);

  const choose = (visitNumber: string, cardNumber: string) => {
    const cardNumberTail = cardNumberDigits === null ? null : cardNumber;
    void call("choose_concern", { concern, purpose, visitNumber, cardNumberTail });
  };
  /** One field is complete: on with the other, or with the visit. */
  const onComplete = (visitNumber: string, cardNumber: string, other: RefObject<HTMLInputElement | null>) => {
    const isComplete =
      visitNumber.length === visitNumberLength && cardNumber.length === (cardNumberDigits ?? 0);
    if (!isComplete) other.current?.focus();
    else if (isPossible) choose(visitNumber, cardNumber);
  };

  return (
    <Page
      title={m.concern_title()}
      lead={hasShownCard(pane) ? m.concern_lead() : m.concern_lead_number()}
      canAbort
      {...(against && { ownError: against.code })}
      primary={{
        label: m.action_next(),
        shortcut: "Enter",
        onPress: () => choose(visitNumber, cardNumber),
        isDisabled: isPinAsked || !isPossible,
        note: isPossible ? null : m.concern_not_possible(),
      }}
    >
      <Obstacle against={against} />
      <div className="concern__purposes">
        <ChoiceGroup
          label={m.concern_purposes()}
          value={purpose}
          onChange={setPurpose}
          onDigit={() => visitField.current?.focus()}
          choices={step.purposes.map((option) => ({
            id: option.purpose,
            label: purposes[option.purpose](),
            problem: problemOf(option),
          }))}
          look="chips"
          showDigits={step.purposes.length > 1}
        />
        <div role="status">
          {purpose === "epa" && isPossible && (
            <Notice tone="info" title={m.concern_epa_title()}>
              {m.concern_epa_text()}
            </Notice>
          )}
        </div>
      </div>
      <div className="concern__fields">
        <VisitNumberField
          length={visitNumberLength}
          value={visitNumber}
          onChange={setVisitNumber}
          onComplete={(typed) => onComplete(typed, cardNumber, cardField)}
          inputRef={visitField}
        />
        {cardNumberDigits !== null && (
          <CardNumberField
            digits={cardNumberDigits}
            value={cardNumber}
            onChange={setCardNumber}
            onComplete={(typed) => onComplete(visitNumber, typed, visitField)}
            inputRef={cardField}
          />
        )}
      </div>
      {pin !== null && <PinEntry step={pin} />}
    </Page>
  );
}

/** What the line doesn't allow for this purpose alone. */
function lineProblem({ purpose, against }: PurposeOption): string | null {
  return against === null
    ? null
    : m.purpose_problem({ purpose: purposes[purpose](), why: advice(against).what });
}
