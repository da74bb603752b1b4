import { useRef, useState } from "react";

import type { HandOverScreen, Receipt, VisitPane } from "../backend/bindings";
import { REFERENCE_TAIL } from "../format/grouped";
import { CheckedField } from "../parts/CheckedField";
import { ChoiceGroup, type Choice } from "../parts/ChoiceGroup";
import { Countdown } from "../parts/Countdown";
import { useFieldProblem } from "../parts/fieldProblem";
import { LetterLine } from "../parts/LetterLine";
import { Page } from "../parts/Page";
import { Toggle } from "../parts/Toggle";
import { m } from "../paraglide/messages";
import { useCall } from "../state/workstation";

import "./HandOver.css";

/** "Schreiben übergeben" */
export function HandOver({ step, pane }: { step: HandOverScreen; pane: VisitPane }) {
  const call = useCall();
  const [referenceTail, setReferenceTail] = useState("");
  const [receipt, setReceipt] = useState<Receipt>("signed");
  const [returned, setReturned] = useState(false);
  const toggle = useRef<HTMLInputElement>(null);
  const returnedProblem = useFieldProblem("returned", toggle);

  const receipts: Choice<Receipt>[] = [
    { id: "signed", label: m.receipt_signed() },
    { id: "mark_and_witness", label: m.receipt_mark_and_witness() },
  ];
  const hasMore = step.place < step.count;
  return (
    <Page
      title={m.hand_over_title()}
      lead={m.hand_over_lead({ printer: step.printer })}
      canDiscard
      primary={{
        label: hasMore ? m.action_hand_over_and_next() : m.action_hand_over(),
        shortcut: "Enter",
        onPress: () => void call("hand_over", { referenceTail, receipt, returned }),
      }}
    >
      <LetterLine place={step.place} count={step.count} pane={pane} />
      <Countdown warnAt={step.warnAt} voidAt={step.voidAt} needsRelease={step.needsRelease} />
      <div className="hand-over">
        <CheckedField
          field="reference_tail"
          label={m.hand_over_reference()}
          grouping={REFERENCE_TAIL}
          value={referenceTail}
          onChange={setReferenceTail}
          hint={m.hand_over_reference_hint({ reference: referenceSoFar(step.referenceHint, referenceTail) })}
          strangerText={(character) => m.hand_over_stranger({ character })}
          autoFocus
        />
        <ChoiceGroup
          label={m.hand_over_receipt()}
          value={receipt}
          onChange={setReceipt}
          choices={receipts}
          look="chips"
          showDigits
        />
      </div>
      <Toggle
        label={step.withCard ? m.hand_over_both_returned() : m.hand_over_document_returned()}
        isSelected={returned}
        onChange={(isSelected) => {
          setReturned(isSelected);
          returnedProblem.edited();
        }}
        problem={returnedProblem.text}
        inputRef={toggle}
      />
    </Page>
  );
}

/** The reference with what was typed in place of its hidden characters: `A-M3PWC6····` and YN → A-M3PWC6YN__. */
function referenceSoFar(hint: string, typed: string): string {
  return hint.replace(/·+$/u, (hidden) => typed.padEnd(hidden.length, "_"));
}
