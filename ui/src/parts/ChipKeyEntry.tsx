import { useEffect, useRef, useState } from "react";

import type { ChipKey, ChipProblem } from "../backend/bindings";
import { isLongMrzNumber, isWholeMrzNumber, mrzNumber, withoutFillers } from "../format/grouped";
import { m } from "../paraglide/messages";
import { useCall, useWorkstationState } from "../state/workstation";
import { chipProblem, otherKeys } from "../texts/chip";
import { Action } from "./Action";
import { CanField } from "./CanField";
import { GroupedField } from "./GroupedField";
import { useHotkeys } from "./hotkeys";

const CAN_DIGITS = 6;

interface ChipKeyEntryProps {
  keys: ChipKey[];
  problem: ChipProblem | null;
}

/** What opens the chip, while it is typed: shown, sent as soon as it is complete, and forgotten then. */
export function ChipKeyEntry({ keys, problem }: ChipKeyEntryProps) {
  const call = useCall();
  const { busy } = useWorkstationState();
  const [value, setValue] = useState("");
  const [chosen, setChosen] = useState(keyOf(problem));
  const [first = "number"] = keys;
  const key = chosen !== null && keys.includes(chosen) ? chosen : first;
  const other = keys.find((each) => each !== key);

  const send = (typed: string) => {
    setValue("");
    void call("open_chip", { key, value: key === "number" ? withoutFillers(typed) : typed });
  };
  const type = (typed: string) => {
    const isWhole = key === "number" ? isWholeMrzNumber(typed) : typed.length === CAN_DIGITS;
    if (isWhole) send(typed);
    else setValue(typed);
  };
  const change = () => {
    setValue("");
    if (other !== undefined) setChosen(other);
  };
  useHotkeys(other === undefined ? {} : { F8: change });

  const isWrong = keyOf(problem) === key && value === "" && !busy;
  const wrong = problem === null ? "" : chipProblem(problem).what;
  return (
    <div className="chip-panel__entry">
      {key === "can" ? (
        <CanField
          can={{
            question: { digits: CAN_DIGITS, wrong: isWrong, words: { hint: m.chip_can_hint(), wrong } },
            value,
            type,
            send: () => send(value),
          }}
          onEnter={() => send(value)}
        />
      ) : (
        <NumberField
          value={value}
          type={type}
          send={() => send(value)}
          isCard={keys.includes("can")}
          problem={isWrong ? wrong : null}
        />
      )}
      <div className="chip-panel__actions">
        <Action look="secondary" label={m.chip_read()} onPress={() => send(value)} hint={m.key_enter()} />
        {other !== undefined && (
          <Action look="plain" label={otherKeys[other]()} onPress={change} hint="F8" shortcut="F8" />
        )}
      </div>
    </div>
  );
}

/** The field that a problem is about. */
function keyOf(problem: ChipProblem | null): ChipKey | null {
  if (problem?.why === "wrong_key") return problem.key;
  if (problem?.why === "number_malformed") return "number";
  return problem?.why === "can_malformed" ? "can" : null;
}

interface NumberFieldProps {
  value: string;
  type: (value: string) => void;
  send: () => void;
  /** Of a card, not of a passport: the number stands elsewhere. */
  isCard: boolean;
  problem: string | null;
}

/** The document's number, read off its machine-readable zone. */
function NumberField({ value, type, send, isCard, problem }: NumberFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (problem !== null) input.current?.focus();
  }, [problem]);
  const where = isCard ? m.chip_number_hint_card() : m.chip_number_hint_passport();
  return (
    <GroupedField
      label={m.chip_number()}
      grouping={mrzNumber(value)}
      value={value}
      onChange={type}
      hint={isLongMrzNumber(value) ? m.chip_number_hint_long() : where}
      problem={problem}
      strangerText={(character) => m.chip_number_stranger({ character })}
      inputMode="text"
      autoFocus
      onEnter={send}
      inputRef={input}
    />
  );
}
