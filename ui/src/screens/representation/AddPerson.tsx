import { useState, type ReactNode } from "react";

import type { CardNumberRule, VisitPane } from "../../backend/bindings";
import { ChoiceGroup } from "../../parts/ChoiceGroup";
import { Page } from "../../parts/Page";
import { PersonFields, useTypedPerson } from "../../parts/PersonFields";
import { m } from "../../paraglide/messages";
import { useCall } from "../../state/workstation";
import type { Frame } from "./ProofOf";

interface AddPersonProps {
  pane: VisitPane;
  frame: Frame;
  cardNumber: CardNumberRule;
  onClose: () => void;
  children: ReactNode;
}

/** The next person without their card: somebody in care, or the carer themselves. */
export function AddPerson({ pane: { acting }, frame, cardNumber, onClose, children }: AddPersonProps) {
  const call = useCall();
  const person = useTypedPerson();
  const [whose, setWhose] = useState<"ward" | "own">("ward");
  return (
    <Page
      {...frame}
      onBack={onClose}
      primary={{
        label: m.action_add_person(),
        shortcut: "Enter",
        onPress: () => void call("add_person", person.input(whose === "own")),
      }}
    >
      {children}
      <section className="question">
        <h2>{m.add_person_title()}</h2>
        <ChoiceGroup
          label={m.add_person_whose()}
          value={whose}
          onChange={(chosen) => {
            setWhose(chosen);
            // Their own name is known: nothing is typed twice.
            const { familyName, givenNames } = acting;
            if (chosen === "own") person.type({ familyName, givenNames });
          }}
          choices={[
            { id: "ward", label: m.add_person_ward() },
            { id: "own", label: m.add_person_own() },
          ]}
          look="chips"
          showDigits
        />
        <PersonFields person={person} cardNumber={cardNumber} />
        <p className="question__hint">{m.add_person_card()}</p>
      </section>
    </Page>
  );
}
