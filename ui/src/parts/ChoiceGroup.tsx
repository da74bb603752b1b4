import { useId, useState } from "react";
import type { KeyboardEvent } from "react-aria-components";
import { Label, RadioButton, RadioField, RadioGroup } from "react-aria-components";

import { Action } from "./Action";
import { Icon } from "./Icon";
import { KeyHint } from "./KeyHint";

import "./ChoiceGroup.css";

export interface Choice<Id extends string> {
  id: Id;
  label: string;
  hint?: string;
  tone?: "good" | "attention" | "bad";
  /** A key that chooses this one, beside the digits. */
  keyHint?: string | undefined;
  /** Why it can't be chosen. */
  problem?: string | null;
}

/** Choices that are there for the record: they can be chosen, but lead nowhere. */
interface OtherChoices<Id extends string> {
  label: string;
  /** The label where the eye has the rest. */
  short: string;
  /** Shows them: most people never need one. */
  more: string;
  choices: Choice<Id>[];
}

interface ChoiceGroupProps<Id extends string> {
  label: string;
  value: Id | null;
  onChange: (id: Id) => void;
  /** A digit chose. */
  onDigit?: (id: Id) => void;
  choices: Choice<Id>[];
  /** Below the others, under a label of their own. */
  others?: OtherChoices<Id> | undefined;
  /** Chips in a row, tall tiles below each other, or segments of one bar. */
  look: "chips" | "tiles" | "segments";
  /** The label is there for screen readers only. */
  labelHidden?: boolean;
  /** Shows the digits, which act while the focus is in the group. */
  showDigits?: boolean;
  autoFocus?: boolean;
  isDisabled?: boolean;
}

/** One of several: arrow keys and the digits 1 to 9 choose while the focus is inside. */
export function ChoiceGroup<Id extends string>(props: ChoiceGroupProps<Id>) {
  const {
    label,
    value,
    onChange,
    choices,
    others,
    look,
    labelHidden = false,
    showDigits = false,
    autoFocus = false,
  } = props;

  const [isOpened, setOpened] = useState(false);
  const further = others?.choices ?? [];
  const isOpen = isOpened || further.some(({ id }) => id === value);
  const all = [...choices, ...(isOpen ? further : [])];
  const problemsId = useId();
  const problems = all.flatMap(({ problem }) => problem ?? []);

  function chooseByDigit(event: KeyboardEvent) {
    const choice = /^[1-9]$/u.test(event.key) ? all[Number(event.key) - 1] : undefined;
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
    if (choice === undefined || choice.problem != null || !plain) {
      event.continuePropagation();
      return;
    }
    // The focus may move on: the digit must not be typed where it goes.
    event.preventDefault();
    onChange(choice.id);
    const group = (event.target as Element).closest("[role=radiogroup]");
    group?.querySelectorAll("input").item(all.indexOf(choice)).focus();
    props.onDigit?.(choice.id);
  }

  const first = all.find(({ id }) => id === value) ?? all[0];
  const option = (choice: Choice<Id>) => (
    <RadioField
      key={choice.id}
      value={choice.id}
      className="choices__option"
      onKeyDown={chooseByDigit}
      autoFocus={(autoFocus && choice === first) || (isOpened && choice === further[0])}
      isDisabled={choice.problem != null}
    >
      <RadioButton className={`choice choice--${choice.tone ?? "neutral"}`}>
        {look === "tiles" && (
          <span className="choice__mark">{value === choice.id && <Icon name="check" />}</span>
        )}
        <span className="choice__text">
          <span className="choice__label">{choice.label}</span>
          {choice.hint !== undefined && <span className="choice__hint">{choice.hint}</span>}
        </span>
        {showDigits && <KeyHint>{String(all.indexOf(choice) + 1)}</KeyHint>}
        {choice.keyHint !== undefined && <KeyHint>{choice.keyHint}</KeyHint>}
      </RadioButton>
    </RadioField>
  );
  return (
    <RadioGroup
      className={`choices choices--${look}`}
      value={value}
      onChange={(id) => onChange(id as Id)}
      orientation={look === "tiles" ? "vertical" : "horizontal"}
      aria-label={labelHidden ? label : undefined}
      aria-describedby={problems.length > 0 ? problemsId : undefined}
      isDisabled={props.isDisabled ?? false}
    >
      {!labelHidden && <Label className="kern-label">{label}</Label>}
      <div className="choices__list">
        {choices.map(option)}
        {others !== undefined && further.length > 0 && !isOpen && (
          <Action look="plain" label={others.more} onPress={() => setOpened(true)} />
        )}
        {others !== undefined && further.length > 0 && isOpen && (
          <div role="group" aria-label={others.label} className="choices__others">
            <span aria-hidden="true">{others.short}</span>
            {further.map(option)}
          </div>
        )}
      </div>
      {problems.length > 0 && (
        <div id={problemsId} className="choices__problems">
          {problems.map((problem) => (
            <p key={problem}>
              <Icon name="cross" /> {problem}
            </p>
          ))}
        </div>
      )}
    </RadioGroup>
  );
}
