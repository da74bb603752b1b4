import { useRef, useState } from "react";

import type { HandOverScreen, Receipt } from "../backend/bindings";
import { REFERENCE_TAIL } from "../format/grouped";
import { ChoiceGroup, type Choice } from "../parts/ChoiceGroup";
import { Countdown } from "../parts/Countdown";
import { useFieldProblem } from "../parts/fieldProblem";
import { GroupedField } from "../parts/GroupedField";
import { Page } from "../parts/Page";
import { Toggle } from "../parts/Toggle";
import { m } from "../paraglide/messages";
import { useCall } from "../state/workstation";

import "./HandOver.css";

/** "Schreiben übergeben" */
export function HandOver({ step }: { step: HandOverScreen }) {
  const call = useCall();
  const [referenceTail, setReferenceTail] = useState("");
  const [receipt, setReceipt] = useState<Receipt>("signed");
  const [documentReturned, setDocumentReturned] = useState(false);
  const [healthCardReturned, setHealthCardReturned] = useState(false);
  const referenceField = useRef<HTMLInputElement>(null);
  const documentToggle = useRef<HTMLInputElement>(null);
  const cardToggle = useRef<HTMLInputElement>(null);
  const referenceProblem = useFieldProblem("reference_tail", referenceField);
  const documentProblem = useFieldProblem("document_returned", documentToggle);
  const cardProblem = useFieldProblem("health_card_returned", cardToggle);

  const receipts: Choice<Receipt>[] = [
    { id: "signed", label: m.receipt_signed() },
    { id: "mark_and_witness", label: m.receipt_mark_and_witness() },
  ];
  return (
    <Page
      title={m.hand_over_title()}
      lead={m.hand_over_lead()}
      canDiscard
      primary={{
        label: m.action_hand_over(),
        shortcut: "Enter",
        onPress: () =>
          void call("hand_over", { referenceTail, receipt, documentReturned, healthCardReturned }),
      }}
    >
      <Countdown voidAt={step.voidAt} />
      <div className="hand-over">
        <GroupedField
          label={m.hand_over_reference()}
          grouping={REFERENCE_TAIL}
          value={referenceTail}
          onChange={(value) => {
            setReferenceTail(value);
            referenceProblem.edited();
          }}
          hint={m.hand_over_reference_hint({ reference: referenceSoFar(step.referenceHint, referenceTail) })}
          problem={referenceProblem.text}
          strangerText={(character) => m.hand_over_stranger({ character })}
          autoFocus
          inputRef={referenceField}
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
      <div role="group" aria-label={m.hand_over_returned()} className="hand-over__returned">
        <p className="kern-label" aria-hidden="true">
          {m.hand_over_returned()}
        </p>
        <Toggle
          label={m.hand_over_document_returned()}
          isSelected={documentReturned}
          onChange={(isSelected) => {
            setDocumentReturned(isSelected);
            documentProblem.edited();
          }}
          problem={documentProblem.text}
          inputRef={documentToggle}
        />
        <Toggle
          label={m.hand_over_card_returned()}
          isSelected={healthCardReturned}
          onChange={(isSelected) => {
            setHealthCardReturned(isSelected);
            cardProblem.edited();
          }}
          problem={cardProblem.text}
          inputRef={cardToggle}
        />
      </div>
    </Page>
  );
}

/** The reference with what was typed in place of its hidden characters: `A-M3PWC6····` and YN → A-M3PWC6YN__. */
function referenceSoFar(hint: string, typed: string): string {
  return hint.replace(/·+$/u, (hidden) => typed.padEnd(hidden.length, "_"));
}
