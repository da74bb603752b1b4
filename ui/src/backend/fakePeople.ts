import type { CardFacts, CardInsurance, CardPerson, Operator, Place, Product } from "./bindings";

// The people are birds from gematik's published test data for VSDM 2 (example patients B234567895, K123456781).

const insurance: CardInsurance = {
  insurer: "Test GKV-SV",
  ik: "109500969",
  validFrom: "2008-01-01",
  validUntil: null,
};

export const buntspecht: CardPerson = {
  title: "Dr. med.",
  givenNames: "Bernd Benjamin",
  familyName: "Graf von und zu Buntspecht",
  birthDate: "1988-06-22",
  kvnrMasked: "B••••••895",
};

export const buntspechtInMrz = "GRAF<VON<UND<ZU<BUNTSPECHT<<BERND<BENJAMIN";

/** Day and month of her birth are unknown to the register. */
export const kiebitz: CardPerson = {
  title: null,
  givenNames: "Karin",
  familyName: "Kiebitz",
  birthDate: "1933-00-00",
  kvnrMasked: "K••••••781",
};

export function factsOf(person: CardPerson): CardFacts {
  return { generation: "G2.1", cardNumberTail: "047312", dataAsOf: "2026-03-02", person, insurance };
}

export const noFacts: CardFacts = {
  generation: null,
  cardNumberTail: null,
  dataAsOf: null,
  person: null,
  insurance: null,
};

export const place: Place = {
  insurer: "Test GKV-SV",
  place: "Servicezentrum Altona",
  desk: "Platz 3",
  codeName: "Aktivierungscode",
};
export const operator: Operator = { initials: "DD", name: "D. Dohle", role: "clerk" };
export const product: Product = { version: "0.1.0", profileName: "Test", profileVersion: "2026-11" };
export const reader = "Virtual PCD 00 00";
export const printer = "Platz 3";
