import { useRef, useState } from "react";

import type { ConcernScreen } from "../backend/bindings";
import { visitNumber as visitNumberGrouping } from "../format/grouped";
import { ChoiceGroup } from "../parts/ChoiceGroup";
import { useFieldProblem } from "../parts/fieldProblem";
import { GroupedField } from "../parts/GroupedField";
import { Page } from "../parts/Page";
import { m } from "../paraglide/messages";
import { useCall } from "../state/workstation";
import { purposes } from "../texts/visit";

import "./Concern.css";

/** "Worum geht es?" */
export function Concern({ step }: { step: ConcernScreen }) {
  const call = useCall();
  const [purpose, setPurpose] = useState(step.selected);
  const [visitNumber, setVisitNumber] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const problem = useFieldProblem("visit_number", field);
  const length = step.visitNumberLength;

  return (
    <Page
      title={m.concern_title()}
      lead={m.concern_lead()}
      canAbort
      primary={{
        label: m.action_next(),
        shortcut: "Enter",
        onPress: () => void call("choose_concern", { purpose, visitNumber }),
      }}
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
        <GroupedField
          label={m.concern_visit_number()}
          grouping={visitNumberGrouping(length)}
          value={visitNumber}
          onChange={(value) => {
            setVisitNumber(value);
            problem.edited();
          }}
          hint={m.concern_visit_number_hint({ length })}
          problem={problem.text}
          strangerText={(character) => m.concern_stranger({ character })}
          autoFocus
          inputRef={field}
        />
      </div>
    </Page>
  );
}
