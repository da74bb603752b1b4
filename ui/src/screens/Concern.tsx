import { useState } from "react";

import type { ConcernScreen, VisitPane } from "../backend/bindings";
import { ChoiceGroup } from "../parts/ChoiceGroup";
import { Page } from "../parts/Page";
import { VisitNumberField } from "../parts/VisitNumberField";
import { m } from "../paraglide/messages";
import { useCall } from "../state/workstation";
import { hasShownCard, purposes } from "../texts/visit";

import "./Concern.css";

/** "Worum geht es?" */
export function Concern({ step, pane }: { step: ConcernScreen; pane: VisitPane }) {
  const call = useCall();
  const [purpose, setPurpose] = useState(step.selected);
  const [visitNumber, setVisitNumber] = useState("");
  const choose = (visitNumber: string) =>
    void call("choose_concern", { concern: step.concern, purpose, visitNumber });

  return (
    <Page
      title={m.concern_title()}
      lead={hasShownCard(pane) ? m.concern_lead() : m.concern_lead_number()}
      canAbort
      primary={{ label: m.action_next(), shortcut: "Enter", onPress: () => choose(visitNumber) }}
    >
      <ChoiceGroup
        label={m.concern_purposes()}
        value={purpose}
        onChange={setPurpose}
        choices={step.purposes.map((id) => ({ id, label: purposes[id]() }))}
        look="chips"
        showDigits={step.purposes.length > 1}
      />
      <div className="concern__field">
        <VisitNumberField
          length={step.visitNumberLength}
          value={visitNumber}
          onChange={setVisitNumber}
          onComplete={choose}
        />
      </div>
    </Page>
  );
}
