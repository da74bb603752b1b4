import { useEffect, useEffectEvent, type RefObject } from "react";

import type { NumberField } from "../backend/bindings";
import { DOCUMENT_NUMBER } from "../format/grouped";
import { m } from "../paraglide/messages";
import { numberProblems } from "../texts/document";
import { GroupedField } from "./GroupedField";

interface DocumentNumberFieldProps {
  /** The shell's verdict on the number it has. */
  state: NumberField;
  /** What was typed since the page appeared; `null`: nothing. */
  typed: string | null;
  onType: (number: string) => void;
  /** The number is right and the focus can move on. */
  onGood: () => void;
  inputRef: RefObject<HTMLInputElement | null>;
}

/** A document's number that holds a check character. It is only looked at: nothing keeps it. */
export function DocumentNumberField({ state, typed, onType, onGood, inputRef }: DocumentNumberFieldProps) {
  const isJudged = typed === null || typed.length === DOCUMENT_NUMBER.length;
  const isGood = state === "good" && isJudged;

  const moveOn = useEffectEvent(() => {
    if (typed !== null && document.activeElement === inputRef.current) onGood();
  });
  useEffect(() => {
    if (isGood) moveOn();
  }, [isGood]);

  return (
    <GroupedField
      label={m.document_number()}
      grouping={DOCUMENT_NUMBER}
      value={typed ?? ""}
      onChange={onType}
      hint={m.document_number_hint()}
      praise={isGood ? m.document_number_good() : null}
      problem={isJudged ? (numberProblems[state]?.() ?? null) : null}
      strangerText={(character) => m.document_number_stranger({ character })}
      placeholder={typed === null && state !== "empty" ? m.document_digits_kept() : ""}
      inputRef={inputRef}
    />
  );
}
