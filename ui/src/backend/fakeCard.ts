import type {
  CardAuthenticity,
  CardFacts,
  CardInsurance,
  CardNumberRule,
  CardPerson,
  CardState,
  ReadStep,
} from "./bindings";

/** What the desk in memory accepts as the number on the front of every card. */
export const CAN = "123123";

/** And as the end of the number on its back. */
export const CARD_NUMBER_TAIL = "047312";

/** A health card: what it proves and in what state it is. */
export interface FakeCard {
  authenticity: CardAuthenticity;
  state: CardState;
}

const inOrder: CardState = {
  generation: "G2.1",
  dataAsOf: "2026-10-10",
  validFrom: "2008-01-01",
  validUntil: null,
  expired: false,
  locked: false,
  transactionOpen: false,
  contactless: true,
};

/** Chip and certificate are proven. */
export const genuineCard: FakeCard = {
  authenticity: { level: "chip", chip: { result: "valid" }, certificate: { result: "valid" } },
  state: inOrder,
};

/** The chip's issuer isn't known here; its data are confirmed, but the last update was interrupted. */
export const partlyProvenCard: FakeCard = {
  authenticity: {
    level: "certificate",
    chip: { result: "not_verifiable", reason: "unknown_issuer" },
    certificate: { result: "valid" },
  },
  state: { ...inOrder, transactionOpen: true, contactless: null },
};

/** An older card with nothing to prove the chip with, at a desk without the issuers; all that can be said against it. */
export const unprovenCard: FakeCard = {
  authenticity: {
    level: "read",
    chip: { result: "not_supported", reason: "no_certificate" },
    certificate: { result: "not_verifiable", reason: "no_trust_store" },
  },
  state: {
    ...inOrder,
    generation: "G2",
    dataAsOf: "2021-03-02",
    validUntil: "2026-06-30",
    expired: true,
    transactionOpen: true,
    contactless: false,
  },
};

export const cardNumberRule: CardNumberRule = { digits: CARD_NUMBER_TAIL.length, ask: "without_chip" };

const insurance: CardInsurance = {
  insurer: "Test GKV-SV",
  ik: "109500969",
  validFrom: "2008-01-01",
  validUntil: null,
};

export const noFacts: CardFacts = {
  generation: null,
  cardNumberTail: null,
  dataAsOf: null,
  person: null,
  insurance: null,
  authenticity: null,
};

/** All that is known of a card when it has been read. */
export function factsOf(person: CardPerson, { authenticity, state }: FakeCard = genuineCard): CardFacts {
  const { generation, dataAsOf } = state;
  return { generation, cardNumberTail: CARD_NUMBER_TAIL, dataAsOf, person, insurance, authenticity };
}

const CHIP_STEPS: ReadStep[] = ["card_number", "chip", "status", "person", "insurance", "certificate"];

/** In the slot. */
export const CONTACT_STEPS: ReadStep[] = ["connecting", "version", ...CHIP_STEPS];

/** Over the air. */
export const CONTACTLESS_STEPS: ReadStep[] = ["connecting", "version", "secure_channel", ...CHIP_STEPS];

/** What is known of a card after so many steps. */
export function factsAfter(done: number, steps: ReadStep[], person: CardPerson): CardFacts {
  const all = factsOf(person);
  const isDone = (step: ReadStep) => steps.indexOf(step) < done;
  return {
    ...noFacts,
    ...(isDone("version") && { generation: all.generation }),
    ...(isDone("card_number") && { cardNumberTail: all.cardNumberTail }),
    ...(isDone("status") && { dataAsOf: all.dataAsOf }),
    ...(isDone("person") && { person: all.person }),
    ...(isDone("insurance") && { insurance: all.insurance }),
  };
}
