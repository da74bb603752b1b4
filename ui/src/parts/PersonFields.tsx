import { useState } from "react";

import type { CardNumberRule, PersonInput } from "../backend/bindings";
import { DAY, grouped, KVNR } from "../format/grouped";
import { m } from "../paraglide/messages";
import { CardNumberField } from "./CardNumberField";
import { CheckedField } from "./CheckedField";
import { WordField } from "./WordField";

import "./PersonFields.css";

type Typed = Record<"kvnr" | "familyName" | "givenNames" | "birthDate" | "cardNumberTail", string>;

/** A person as the clerk types them, while nothing is sent. */
export interface TypedPerson {
  typed: Typed;
  type: (part: Partial<Typed>) => void;
  /** As the shell wants it. */
  input: (own: boolean) => PersonInput;
}

const nothing: Typed = { kvnr: "", familyName: "", givenNames: "", birthDate: "", cardNumberTail: "" };

export function useTypedPerson(): TypedPerson {
  const [typed, setTyped] = useState<Typed>(nothing);
  return {
    typed,
    type: (part) => setTyped({ ...typed, ...part }),
    input: (own) => ({
      ...typed,
      birthDate: grouped(typed.birthDate, DAY),
      cardNumberTail: typed.cardNumberTail === "" ? null : typed.cardNumberTail,
      own,
    }),
  };
}

interface PersonFieldsProps {
  person: TypedPerson;
  /** When the end of the Kennnummer is asked for; never, if nothing is said. */
  cardNumber?: CardNumberRule;
}

/** Number, name and birth date of somebody whose card isn't read, and the end of its Kennnummer if it is at hand. */
export function PersonFields({ person: { typed, type }, cardNumber }: PersonFieldsProps) {
  return (
    <div className="person-fields">
      <CheckedField
        field="kvnr"
        label={m.person_kvnr()}
        grouping={KVNR}
        value={typed.kvnr}
        onChange={(kvnr) => type({ kvnr })}
        hint={m.person_kvnr_hint()}
        autoFocus
      />
      <WordField
        field="family_name"
        label={m.person_family_name()}
        value={typed.familyName}
        onChange={(familyName) => type({ familyName })}
        hint={m.person_family_name_hint()}
      />
      <WordField
        field="given_names"
        label={m.person_given_names()}
        value={typed.givenNames}
        onChange={(givenNames) => type({ givenNames })}
      />
      <CheckedField
        field="full_birth_date"
        label={m.person_birth_date()}
        grouping={DAY}
        value={typed.birthDate}
        onChange={(birthDate) => type({ birthDate })}
        hint={m.day_hint()}
        inputMode="numeric"
      />
      {cardNumber !== undefined && cardNumber.ask !== "never" && (
        <CardNumberField
          digits={cardNumber.digits}
          value={typed.cardNumberTail}
          onChange={(cardNumberTail) => type({ cardNumberTail })}
          isOptional
        />
      )}
    </div>
  );
}
