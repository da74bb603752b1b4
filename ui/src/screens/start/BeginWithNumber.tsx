import type { CardNumberRule } from "../../backend/bindings";
import { Obstacle } from "../../parts/Obstacle";
import { Page } from "../../parts/Page";
import { PersonFields, useTypedPerson } from "../../parts/PersonFields";
import { m } from "../../paraglide/messages";
import type { Circumstances } from "../../state/line";
import { useCall } from "../../state/workstation";

interface BeginWithNumberProps {
  circumstances: Circumstances;
  cardNumber: CardNumberRule;
  onBack: () => void;
}

/** An insured person without their card. */
export function BeginWithNumber({ circumstances, cardNumber, onBack }: BeginWithNumberProps) {
  const call = useCall();
  const person = useTypedPerson();
  const against = circumstances.obstacles.byNumber;
  return (
    <Page
      title={m.begin_number_title()}
      lead={m.begin_number_lead()}
      onBack={onBack}
      {...(against && { ownError: against.code })}
      primary={{
        label: m.action_begin(),
        shortcut: "Enter",
        isDisabled: against !== null,
        note: against === null ? null : m.not_possible_now(),
        onPress: () => void call("begin_with_number", person.input(true)),
      }}
    >
      <Obstacle against={against} />
      <PersonFields person={person} cardNumber={cardNumber} />
    </Page>
  );
}
