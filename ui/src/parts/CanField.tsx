import { useRef, useState } from "react";

import { digitRow } from "../format/grouped";
import { m } from "../paraglide/messages";
import { useCall, useWorkstationState } from "../state/workstation";
import { useFieldProblem } from "./fieldProblem";
import { GroupedField } from "./GroupedField";

import "./CanField.css";

/** What the reader asks for when a card lies on it. */
export interface CanQuestion {
  /** How many digits the number has. */
  digits: number;
  /** The last one didn't open the chip. */
  wrong: boolean;
  /** Where the number stands, and what is wrong with it, of another card than a health card. */
  words?: { hint: string; wrong: string };
}

/** A card access number while it is typed. Once complete it is sent, and leaves the window's memory. */
export interface TypedCan {
  question: CanQuestion;
  value: string;
  type: (value: string) => void;
  send: () => void;
}

export function useCan(question: CanQuestion): TypedCan {
  const call = useCall();
  const [value, setValue] = useState("");
  const send = (can: string) => void call("enter_can", { can });
  return {
    question,
    value,
    type: (typed) => {
      const isComplete = typed.length === question.digits;
      setValue(isComplete ? "" : typed);
      if (isComplete) send(typed);
    },
    send: () => send(value),
  };
}

interface CanFieldProps {
  can: TypedCan;
  /** For a page that goes on by another key. */
  onEnter?: () => void;
}

/** The number on the card's front, read off in plain sight: it is no secret of the person's. */
export function CanField({ can: { question, value, type }, onEnter }: CanFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const { busy } = useWorkstationState();
  const problem = useFieldProblem("can", input);
  const { digits, words = { hint: m.can_hint({ digits }), wrong: m.can_wrong() } } = question;
  const isWrong = question.wrong && value === "" && !busy;
  return (
    <div className="can-field">
      <GroupedField
        label={m.can_field()}
        grouping={digitRow(digits)}
        value={value}
        onChange={(typed) => {
          problem.edited();
          type(typed);
        }}
        hint={words.hint}
        problem={problem.text ?? (isWrong ? words.wrong : null)}
        strangerText={(character) => m.can_stranger({ character })}
        inputMode="numeric"
        autoFocus
        inputRef={input}
        {...(onEnter === undefined ? {} : { onEnter })}
      />
    </div>
  );
}
