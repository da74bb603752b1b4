import { useState } from "react";

import { VISIT_NUMBER_LENGTH } from "../../format/grouped";
import { Page } from "../../parts/Page";
import { VisitNumberField } from "../../parts/VisitNumberField";
import { m } from "../../paraglide/messages";
import { useCall } from "../../state/workstation";
import type { QuestionProps } from "./ProofOf";

/** The carer is insured here, too, and has come about their own app. */
export function OwnConcern({ concern, frame, children }: QuestionProps) {
  const call = useCall();
  const [visitNumber, setVisitNumber] = useState("");
  const choose = (visitNumber: string) =>
    void call("choose_concern", {
      concern: concern.id,
      purpose: "app_activation",
      visitNumber,
      cardNumberTail: null,
    });
  return (
    <Page
      {...frame}
      canAbort
      primary={{ label: m.action_next(), shortcut: "Enter", onPress: () => choose(visitNumber) }}
    >
      {children}
      <section className="question">
        <h2>{m.own_concern_title()}</h2>
        <VisitNumberField
          length={VISIT_NUMBER_LENGTH}
          value={visitNumber}
          onChange={setVisitNumber}
          onComplete={choose}
        />
      </section>
    </Page>
  );
}
