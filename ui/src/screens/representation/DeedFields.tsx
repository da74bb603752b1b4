import { useState } from "react";

import type { Area, DeedInput } from "../../backend/bindings";
import { looksLikeFileNumber } from "../../format/fileNumber";
import { DAY, grouped } from "../../format/grouped";
import { CheckedField } from "../../parts/CheckedField";
import { Toggle } from "../../parts/Toggle";
import { WordField } from "../../parts/WordField";
import { m } from "../../paraglide/messages";
import { areas as names } from "../../texts/representation";

const AREAS = Object.keys(names) as Area[];

type Typed = Pick<DeedInput, "court" | "fileNumber" | "issuedOn" | "areas" | "provisional"> & {
  provisionalUntil: string;
};

/** What a deed says, while it is typed. */
export interface TypedDeed {
  typed: Typed;
  type: (part: Partial<Typed>) => void;
  /** As the shell wants it. */
  input: Omit<DeedInput, "seenAs" | "namesAgree" | "declaredUnchanged">;
  /** Nothing that every deed has is missing. */
  isComplete: boolean;
}

export function useTypedDeed(): TypedDeed {
  const [typed, setTyped] = useState<Typed>({
    court: "",
    fileNumber: "",
    issuedOn: "",
    areas: [],
    provisional: false,
    provisionalUntil: "",
  });
  const { court, fileNumber, issuedOn, provisional, provisionalUntil } = typed;
  return {
    typed,
    type: (part) => setTyped({ ...typed, ...part }),
    input: {
      ...typed,
      issuedOn: grouped(issuedOn, DAY),
      provisionalUntil: provisional && provisionalUntil !== "" ? grouped(provisionalUntil, DAY) : null,
    },
    isComplete: court !== "" && fileNumber !== "" && issuedOn.length === DAY.length,
  };
}

/** A deed that isn't on file: what it says, as far as it is recorded. */
export function DeedFields({ typed: { typed, type } }: { typed: TypedDeed }) {
  const { court, fileNumber, issuedOn, areas, provisional, provisionalUntil } = typed;
  const isOdd = fileNumber !== "" && !looksLikeFileNumber(fileNumber);
  return (
    <div className="deed">
      <WordField
        field="court"
        label={m.deed_court()}
        value={court}
        onChange={(court) => type({ court })}
        hint={m.deed_court_hint()}
        autoFocus
      />
      <WordField
        field="file_number"
        label={m.deed_file_number()}
        value={fileNumber}
        onChange={(fileNumber) => type({ fileNumber })}
        hint={m.deed_file_number_hint()}
        doubt={isOdd ? m.deed_file_number_odd() : null}
      />
      <CheckedField
        field="issued_on"
        label={m.deed_issued_on()}
        grouping={DAY}
        value={issuedOn}
        onChange={(issuedOn) => type({ issuedOn })}
        hint={m.day_hint()}
        inputMode="numeric"
      />
      <div className="deed__group deed__group--areas" role="group" aria-label={m.deed_areas()}>
        <p className="kern-label" aria-hidden="true">
          {m.deed_areas()}
        </p>
        {AREAS.map((area) => (
          <Toggle
            key={area}
            label={names[area]()}
            isSelected={areas.includes(area)}
            onChange={(isSelected) =>
              type({ areas: isSelected ? [...areas, area] : areas.filter((each) => each !== area) })
            }
          />
        ))}
      </div>
      <div className="deed__group">
        <Toggle
          label={m.deed_provisional()}
          isSelected={provisional}
          onChange={(provisional) => type({ provisional })}
        />
        {provisional && (
          <CheckedField
            field="provisional_until"
            label={m.deed_provisional_until()}
            grouping={DAY}
            value={provisionalUntil}
            onChange={(provisionalUntil) => type({ provisionalUntil })}
            hint={m.deed_provisional_until_hint()}
            inputMode="numeric"
            autoFocus
          />
        )}
      </div>
    </div>
  );
}
