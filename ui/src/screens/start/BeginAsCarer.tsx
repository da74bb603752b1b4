import { useState } from "react";

import { REPRESENTATIVE_NUMBER } from "../../format/grouped";
import { CheckedField } from "../../parts/CheckedField";
import { Obstacle } from "../../parts/Obstacle";
import { Page } from "../../parts/Page";
import { m } from "../../paraglide/messages";
import type { Circumstances } from "../../state/line";
import { useCall } from "../../state/workstation";

interface BeginAsCarerProps {
  circumstances: Circumstances;
  onBack: () => void;
}

/** A carer, by their representative's number. */
export function BeginAsCarer({ circumstances, onBack }: BeginAsCarerProps) {
  const call = useCall();
  const [number, setNumber] = useState("");
  const against = circumstances.obstacles.asRepresentative;
  const begin = (number: string) =>
    void call("begin_as_carer", { number: `${REPRESENTATIVE_NUMBER.prefix}${number}` });
  return (
    <Page
      title={m.begin_carer_title()}
      lead={m.begin_carer_lead()}
      onBack={onBack}
      {...(against && { ownError: against.code })}
      primary={{
        label: m.action_begin(),
        shortcut: "Enter",
        isDisabled: against !== null,
        note: against === null ? null : m.not_possible_now(),
        onPress: () => begin(number),
      }}
    >
      <Obstacle against={against} />
      <CheckedField
        field="representative_number"
        label={m.begin_carer_number()}
        grouping={REPRESENTATIVE_NUMBER}
        value={number}
        onChange={(typed) => {
          setNumber(typed);
          // The last symbol is there: nobody needs to press a key for what is complete.
          const isNew = typed.length === REPRESENTATIVE_NUMBER.length && typed !== number;
          if (isNew && against === null) begin(typed);
        }}
        hint={m.begin_carer_number_hint()}
        strangerText={(character) => m.begin_carer_stranger({ character })}
        autoFocus
      />
    </Page>
  );
}
