import { m } from "../paraglide/messages";
import { ChoiceGroup, type Choice } from "./ChoiceGroup";
import { Icon, type IconName } from "./Icon";

import "./CheckRow.css";

interface CheckRowProps<Answer extends string> {
  place: number;
  title: string;
  hint: string;
  /** What to compare with, in the letters of the document. */
  sample?: string;
  answer: Answer | null;
  /** The usual answer first: F9 gives it; Shift+F9 gives the last. */
  choices: Choice<Answer>[];
  /** The first row without an answer: the function keys act here. */
  isCurrent: boolean;
  /** It can't be answered yet. */
  isDisabled?: boolean;
  onAnswer: (answer: Answer) => void;
}

const icons: Record<NonNullable<Choice<string>["tone"]>, IconName> = {
  good: "check",
  attention: "attention",
  bad: "cross",
};

/** One row of a checklist. */
export function CheckRow<Answer extends string>({
  place,
  title,
  hint,
  sample,
  answer,
  choices,
  isCurrent,
  isDisabled = false,
  onAnswer,
}: CheckRowProps<Answer>) {
  const tone = choices.find(({ id }) => id === answer)?.tone;
  const withKeys = choices.map((choice, place) => {
    const key = place === 0 ? "F9" : place === choices.length - 1 ? "⇧ F9" : undefined;
    return { ...choice, keyHint: isCurrent ? key : undefined };
  });
  return (
    <li
      className={`check-row ${isCurrent ? "check-row--current" : ""}`}
      aria-current={isCurrent ? "step" : undefined}
      data-answer={answer ?? "open"}
      data-tone={tone}
    >
      <span className="check-row__place" aria-hidden="true">
        {tone === undefined ? place : <Icon name={icons[tone]} />}
      </span>
      <span className="check-row__text">
        <span className="check-row__title">{title}</span>
        <span className="check-row__hint">
          {hint} {sample !== undefined && <span className="check-row__sample">{sample}</span>}
        </span>
      </span>
      <ChoiceGroup
        label={m.check_row_label({ title, hint })}
        labelHidden
        value={answer}
        onChange={onAnswer}
        choices={withKeys}
        look="segments"
        isDisabled={isDisabled}
      />
    </li>
  );
}
