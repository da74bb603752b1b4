import type { CarerKind, PersonView } from "../backend/bindings";
import { day } from "../format/dates";
import { m } from "../paraglide/messages";

export const carers: Record<CarerKind, () => string> = {
  professional: m.carer_professional,
  volunteer: m.carer_volunteer,
};

/** As one speaks of somebody: Dr. med. Bernd Benjamin Graf von und zu Buntspecht. */
export function spokenName({ title, givenNames, familyName }: PersonView): string {
  return [title, givenNames, familyName].filter((part) => part !== null).join(" ");
}

/** As a list has it: Amsel, Andrea. */
export function listedName({ title, givenNames, familyName }: PersonView): string {
  return `${familyName}, ${[title, givenNames].filter((part) => part !== null).join(" ")}`;
}

/** Birth date and masked number, as far as they are known. */
export function personalData({ birthDate, kvnrMasked }: PersonView): string {
  const parts = [
    birthDate && m.pane_born({ date: day(birthDate) }),
    kvnrMasked && m.pane_kvnr({ kvnr: kvnrMasked }),
  ];
  return parts.filter(Boolean).join(" · ");
}
