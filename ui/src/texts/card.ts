import type {
  CardAuthenticity,
  CardCheck,
  CardCheckReason,
  CardProofLevel,
  CardState,
} from "../backend/bindings";
import { day } from "../format/dates";
import { m } from "../paraglide/messages";

/** How much a card has proven, in a clerk's words. */
export const proofLevels: Record<CardProofLevel, () => string> = {
  read: m.proof_level_read,
  certificate: m.proof_level_certificate,
  chip: m.proof_level_chip,
};

/** The proof of authenticity as a line of what is proven. */
export function authenticityLine({ level, chip, certificate }: CardAuthenticity) {
  if (level === "chip") {
    const isWhole = certificate.result === "valid";
    return { text: m.proof_card_genuine(), detail: isWhole ? null : m.proof_card_certificate_open() };
  }
  const wasAsked = ![chip, certificate].every((check) => "reason" in check && check.reason === "not_asked");
  const detail = level === "read" && wasAsked ? m.proof_card_unproven() : proofLevels[level]();
  return { text: m.proof_card_read(), detail };
}

/** What the proofs mean together, and what they leave open. */
export function meaning({ level, certificate }: CardAuthenticity): string {
  switch (level) {
    case "read":
      return m.authenticity_means_read();
    case "certificate":
      return m.authenticity_means_certificate();
    case "chip":
      return certificate.result === "valid" ? m.authenticity_means_all() : m.authenticity_means_chip();
  }
}

const results: Record<CardCheck["result"], () => string> = {
  valid: m.check_valid,
  invalid: m.check_invalid,
  not_verifiable: m.check_not_verifiable,
  not_supported: m.check_not_supported,
};

interface Reason {
  what: () => string;
  /** What to do about it, where there is something. */
  next: (() => string) | null;
}

const reasons: Record<CardCheckReason, Reason> = {
  not_asked: { what: m.check_reason_not_asked, next: null },
  no_certificate: { what: m.check_reason_no_certificate, next: null },
  no_trust_store: { what: m.check_reason_no_trust_store, next: m.check_reason_no_trust_store_next },
  malformed: { what: m.check_reason_malformed, next: m.check_reason_malformed_next },
  unknown_issuer: { what: m.check_reason_unknown_issuer, next: m.check_reason_unknown_issuer_next },
  test_card: { what: m.check_reason_test_card, next: m.check_reason_test_card_next },
  signature: { what: m.check_reason_signature, next: null },
  not_yet_valid: { what: m.check_reason_not_yet_valid, next: m.check_reason_not_yet_valid_next },
  expired: { what: m.check_reason_expired, next: m.check_reason_expired_next },
  wrong_use: { what: m.check_reason_wrong_use, next: null },
  other_card: { what: m.check_reason_other_card, next: null },
  other_person: { what: m.check_reason_other_person, next: null },
  other_insurer: { what: m.check_reason_other_insurer, next: m.check_reason_other_insurer_next },
  challenge_failed: { what: m.check_reason_challenge_failed, next: null },
  refused: { what: m.check_reason_refused, next: m.check_reason_refused_next },
};

/** One of the two proofs, explained. */
export interface CheckText {
  name: string;
  isValid: boolean;
  result: string;
  what: string;
  next: string | null;
  /** For support: the certificate by its name in the specification, and why it doesn't do. */
  technical: string;
}

type CheckName = "chip" | "certificate";

const checks: Record<CheckName, { name: () => string; valid: () => string; term: string }> = {
  chip: { name: m.authenticity_chip, valid: m.authenticity_chip_valid, term: "C.eGK.AUT_CVC" },
  certificate: {
    name: m.authenticity_certificate,
    valid: m.authenticity_certificate_valid,
    term: "C.CH.AUT",
  },
};

export function checkText(which: CheckName, check: CardCheck): CheckText {
  const { name, valid, term } = checks[which];
  const text = { name: name(), result: results[check.result](), isValid: check.result === "valid" };
  if (check.result === "valid") {
    return { ...text, what: valid(), next: null, technical: m.check_technical({ term }) };
  }
  const { what, next } = reasons[check.reason];
  const anyway = check.result === "invalid" ? m.check_next_invalid() : null;
  return {
    ...text,
    what: what(),
    next: next?.() ?? anyway,
    technical: m.check_technical_reason({ term, reason: check.reason }),
  };
}

/** The card's state as a line of what is proven: short, unless something speaks against the card. */
export function stateLine({ generation, dataAsOf, expired, locked, transactionOpen }: CardState) {
  const against = [
    locked && m.card_state_locked_short(),
    expired && m.card_state_expired_short(),
    transactionOpen && m.card_state_update_short(),
  ].filter((each) => each !== false);
  return {
    text:
      dataAsOf === null
        ? m.proof_card_state_undated({ generation })
        : m.proof_card_state({ generation, date: day(dataAsOf) }),
    detail: against.length > 0 ? against.join(", ") : null,
  };
}

/** One fact of the card's state. */
export interface StateFact {
  term: string;
  value: string;
  /** It speaks against the card: what to do about it. */
  next: string | null;
}

export function stateFacts(card: CardState): StateFact[] {
  const { generation, dataAsOf, validFrom, validUntil, contactless } = card;
  const yesOrNo = (is: boolean) => (is ? m.card_state_yes() : m.card_state_no());
  const fact = (term: string, value: string, next: string | null = null) => ({ term, value, next });
  const unknown = m.card_state_unknown();
  return [
    fact(m.card_state_generation(), generation),
    fact(m.card_state_data(), dataAsOf === null ? unknown : day(dataAsOf)),
    fact(m.card_state_insured(), period(validFrom, validUntil) ?? unknown),
    fact(m.card_state_expired(), yesOrNo(card.expired), card.expired ? m.card_state_expired_next() : null),
    fact(m.card_state_locked(), yesOrNo(card.locked), card.locked ? m.card_state_locked_next() : null),
    fact(
      m.card_state_update(),
      card.transactionOpen ? m.card_state_update_open() : m.card_state_update_done(),
      card.transactionOpen ? m.card_state_update_next() : null,
    ),
    fact(m.card_state_contactless(), contactless === null ? m.card_state_not_asked() : yesOrNo(contactless)),
  ];
}

/** From when until when somebody is insured; `null`: nothing is known. */
export function period(from: string | null, until: string | null): string | null {
  if (from !== null && until !== null) return m.fact_validity_between({ from: day(from), until: day(until) });
  if (from !== null) return m.fact_validity_since({ from: day(from) });
  return until === null ? null : m.card_state_insured_until({ until: day(until) });
}
