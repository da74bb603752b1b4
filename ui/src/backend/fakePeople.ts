import type { AuthorityView, CardPerson, Operator, PersonView, Place, Product } from "./bindings";

// The people are birds from gematik's published test data for VSDM 2 (example patients A123456780 to K123456781).

export const buntspecht: CardPerson = {
  title: "Dr. med.",
  givenNames: "Bernd Benjamin",
  familyName: "Graf von und zu Buntspecht",
  birthDate: "1988-06-22",
  kvnrMasked: "B••••••895",
};

/** Day and month of her birth are unknown to the register. */
export const kiebitz: CardPerson = {
  title: null,
  givenNames: "Karin",
  familyName: "Kiebitz",
  birthDate: "1933-00-00",
  kvnrMasked: "K••••••781",
};

export const amsel: CardPerson = {
  title: null,
  givenNames: "Andrea",
  familyName: "Amsel",
  birthDate: "1997-12-28",
  kvnrMasked: "A••••••780",
};

export const habicht: CardPerson = {
  title: "Dr.-Ing.",
  givenNames: "Hans",
  familyName: "vorm Habicht",
  birthDate: "1953-07-29",
  kvnrMasked: "H••••••459",
};

/** The professional carer: known by her representative's number, insured here as well. */
export const elster: CardPerson = {
  title: null,
  givenNames: "Elke",
  familyName: "Freifrau an der Elster",
  birthDate: "1992-11-13",
  kvnrMasked: "E••••••127",
};

/** What the fake accepts as her number. */
export const CARER_NUMBER = "V-H8D3MPWC";

/** Who is found by the first letter of a typed KVNR. */
export const insured = [amsel, buntspecht, elster, habicht, kiebitz];

/** In the register of representations: all of Elke an der Elster's. */
export const onFile: Partial<Record<string, AuthorityView>> = {
  [amsel.kvnrMasked]: {
    court: "Amtsgericht Altona",
    fileNumber: "12 XVII 345/23",
    issuedOn: "2023-05-11",
    areas: ["health", "social_benefits"],
    provisional: false,
    provisionalUntil: null,
    onFile: true,
    confirmedOn: "2025-08-04",
    declarationNeeded: true,
    seenAs: null,
  },
  [habicht.kvnrMasked]: {
    court: "Amtsgericht Harburg",
    fileNumber: "4 XVII 88/26",
    issuedOn: "2026-05-15",
    areas: ["health", "authorities", "assets"],
    provisional: true,
    provisionalUntil: "2026-11-14",
    onFile: true,
    confirmedOn: "2026-05-20",
    declarationNeeded: false,
    seenAs: null,
  },
};

export function personView(person: CardPerson): PersonView {
  const { title, givenNames, familyName, birthDate, kvnrMasked } = person;
  return { title, givenNames, familyName, birthDate, kvnrMasked };
}

const TRANSLITERATED: Partial<Record<string, string>> = { Ä: "AE", Ö: "OE", Ü: "UE", ẞ: "SS" };

/** A name as a machine-readable zone spells it. */
export function inMrz({ givenNames, familyName }: PersonView): string {
  const spelled = (name: string) =>
    name
      .toUpperCase()
      .replace(/[ÄÖÜẞ]/gu, (letter) => TRANSLITERATED[letter] ?? letter)
      .replace(/[\s-]+/gu, "<");
  return `${spelled(familyName)}<<${spelled(givenNames)}`;
}

export const place: Place = {
  insurer: "Test GKV-SV",
  place: "Servicezentrum Altona",
  desk: "Platz 3",
  codeName: "Aktivierungscode",
};

export const clerk: Operator = { id: "s-204", initials: "DD", name: "D. Dohle", role: "clerk" };
export const colleague: Operator = { id: "s-217", initials: "FF", name: "F. Fasan", role: "clerk" };
export const supervisor: Operator = { id: "s-101", initials: "ZZ", name: "Z. Zaunkönig", role: "supervisor" };
export const staff = [clerk, colleague, supervisor];

/** Everybody's PIN at the desk in memory. */
export const PIN = "258036";

export const product: Product = { version: "0.1.0", profileName: "Test", profileVersion: "2026-11" };
export const reader = "Virtual PCD 00 00";
export const printer = "Platz 3";
