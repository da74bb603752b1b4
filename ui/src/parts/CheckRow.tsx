import type { CheckAnswer } from "../backend/bindings";
import { m } from "../paraglide/messages";
import { ChoiceGroup, type Choice } from "./ChoiceGroup";
import { Icon, type IconName } from "./Icon";

import "./CheckRow.css";

/** What the three answers are called in a row. */
export interface AnswerWords {
  pass: string;
  unclear: string;
  fail: string;
}

interface CheckRowProps {
  place: number;
  title: string;
  hint: string;
  /** What to compare with, in the letters of the document. */
  sample?: string;
  answer: CheckAnswer | null;
  words: AnswerWords;
  /** The first row without an answer: the function keys act here. */
  isCurrent: boolean;
  /** It can't be answered yet. */
  isDisabled: boolean;
  onAnswer: (answer: CheckAnswer) => void;
}

const icons: Record<CheckAnswer, IconName> = { pass: "check", unclear: "attention", fail: "cross" };

/** One row of the checklist. */
export function CheckRow({
  place,
  title,
  hint,
  sample,
  answer,
  words,
  isCurrent,
  isDisabled,
  onAnswer,
}: CheckRowProps) {
  const choices: Choice<CheckAnswer>[] = [
    { id: "pass", label: words.pass, tone: "good", keyHint: isCurrent ? "F9" : undefined },
    { id: "unclear", label: words.unclear, tone: "attention" },
    { id: "fail", label: words.fail, tone: "bad", keyHint: isCurrent ? "⇧ F9" : undefined },
  ];
  return (
    <li
      className={`check-row ${isCurrent ? "check-row--current" : ""}`}
      aria-current={isCurrent ? "step" : undefined}
      data-answer={answer ?? "open"}
    >
      <span className="check-row__place" aria-hidden="true">
        {answer === null ? place : <Icon name={icons[answer]} />}
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
        choices={choices}
        look="segments"
        isDisabled={isDisabled}
      />
    </li>
  );
}
