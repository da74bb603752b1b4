import type {
  CheckAnswer,
  ChipOutcome,
  CodeStanding,
  ConcernSummary,
  ConsentForm,
  FaceAnswer,
  ReviewOutcome,
  VisitRow,
} from "../backend/bindings";
import type { BadgeTone } from "../parts/Badge";
import type { IconName } from "../parts/Icon";
import { m } from "../paraglide/messages";
import { blockingOutcomes, blockingPurposes } from "./blocking";
import { refusal } from "./reasons";
import { purposes } from "./visit";

/** How something ended, as symbol, word and colour. */
export interface OutcomeText {
  tone: BadgeTone;
  icon: IconName;
  word: string;
  /** Why, or what is still to come. */
  detail: string | null;
}

const codes: Record<CodeStanding, () => OutcomeText> = {
  printing: () => ({ tone: "calm", icon: "hourglass", word: m.outcome_printing(), detail: null }),
  in_tray: () => ({ tone: "attention", icon: "attention", word: m.outcome_in_tray(), detail: null }),
  handed_over: () => ({
    tone: "calm",
    icon: "hourglass",
    word: m.outcome_handed_over(),
    detail: m.outcome_not_effective(),
  }),
  active: () => ({
    tone: "good",
    icon: "check",
    word: m.outcome_handed_over(),
    detail: m.outcome_effective(),
  }),
  voided: () => ({ tone: "calm", icon: "cross", word: m.outcome_voided(), detail: m.outcome_no_code() }),
  refused: () => ({ tone: "bad", icon: "cross", word: m.outcome_code_refused(), detail: null }),
  revoked: () => ({
    tone: "bad",
    icon: "cross",
    word: m.outcome_revoked(),
    detail: m.outcome_revoked_detail(),
  }),
  ended: () => ({ tone: "bad", icon: "cross", word: m.outcome_ended(), detail: m.outcome_ended_detail() }),
};

/** What a concern is about; `null`: a visit that ended before it had one. */
export function purpose(concern: ConcernSummary | null | undefined): string {
  if (concern?.blocking != null) return blockingPurposes[concern.blocking.target]();
  return concern?.purpose == null ? m.visits_none() : purposes[concern.purpose]();
}

/** Whether it blocked something, and nothing else: then nobody judges it. */
export function isBlocking({ concerns }: VisitRow): boolean {
  return concerns.some(({ blocking }) => blocking !== null);
}

/** What became of a concern; `null`: of a visit that ended before it had one. */
export function outcome(visit: VisitRow, concern: ConcernSummary | null): OutcomeText {
  const reason = concern?.refused ?? (concern?.code == null ? visit.refused : null);
  if (reason !== null) {
    return { tone: "bad", icon: "cross", word: m.outcome_refused(), detail: refusal(reason).title };
  }
  if (concern?.blocking != null) return blockingOutcomes[concern.blocking.state]();
  if (concern?.code != null) return codes[concern.code]();
  if (visit.aborted) return { tone: "calm", icon: "cross", word: m.outcome_aborted(), detail: null };
  if (visit.closedAt === null) {
    return { tone: "calm", icon: "hourglass", word: m.outcome_open(), detail: null };
  }
  return { tone: "calm", icon: "dot", word: m.outcome_no_code(), detail: null };
}

export const judgements: Record<ReviewOutcome, () => OutcomeText> = {
  agree: () => ({ tone: "good", icon: "check", word: m.judgement_agree(), detail: m.judgement_agree_hint() }),
  formal_defect: () => ({
    tone: "attention",
    icon: "attention",
    word: m.judgement_formal(),
    detail: m.judgement_formal_hint(),
  }),
  substantial_defect: () => ({
    tone: "bad",
    icon: "cross",
    word: m.judgement_substantial(),
    detail: m.judgement_substantial_hint(),
  }),
};

const good = (word: string): OutcomeText => ({ tone: "good", icon: "check", word, detail: null });
const unclear = (word: string): OutcomeText => ({ tone: "attention", icon: "attention", word, detail: null });
const bad = (word: string): OutcomeText => ({ tone: "bad", icon: "cross", word, detail: null });

/** A feature of the document. */
export const answers: Record<CheckAnswer, () => OutcomeText> = {
  pass: () => good(m.answer_pass()),
  unclear: () => unclear(m.answer_unclear()),
  fail: () => bad(m.answer_fail()),
};

/** The comparison of names. */
export const names: Record<CheckAnswer, () => OutcomeText> = {
  ...answers,
  pass: () => good(m.answer_name_pass()),
  fail: () => bad(m.answer_name_fail()),
};

/** The comparison of faces, the second person's too. */
export const faces: Record<FaceAnswer, () => OutcomeText> = {
  matches: () => good(m.summary_person_matches()),
  doubt: () => unclear(m.summary_person_doubt()),
  does_not_match: () => bad(m.summary_person_does_not_match()),
};

/** A proof of the document's chip, as it was kept. */
export const chipOutcomes: Record<ChipOutcome, () => OutcomeText> = {
  valid: () => good(m.chip_outcome_valid()),
  invalid: () => bad(m.chip_outcome_invalid()),
  not_verifiable: () => unclear(m.chip_outcome_not_verifiable()),
  not_supported: () => unclear(m.chip_outcome_not_supported()),
};

export const chipConsents: Record<ConsentForm, () => string> = {
  tapped: m.reviewed_chip_consent_tapped,
  signed: m.reviewed_chip_consent_signed,
};

/** The figures above a list. */
export interface Counts {
  /** Letters that were handed over. */
  handedOver: number;
  /** Concerns that were refused. */
  refused: number;
  /** Visits that were broken off. */
  aborted: number;
}

const REVOCABLE: (CodeStanding | null)[] = ["printing", "in_tray", "handed_over", "active"];
const HANDED_OVER: (CodeStanding | null)[] = ["handed_over", "active", "revoked", "ended"];

/** Public references of the codes that a substantial defect would revoke. */
export function revocable({ concerns }: VisitRow): string[] {
  return concerns.flatMap(({ code, reference }) =>
    reference !== null && REVOCABLE.includes(code) ? [reference] : [],
  );
}

export function count(visits: VisitRow[]): Counts {
  const counts: Counts = { handedOver: 0, refused: 0, aborted: 0 };
  for (const visit of visits) {
    counts.handedOver += visit.concerns.filter(({ code }) => HANDED_OVER.includes(code)).length;
    const refused = visit.concerns.filter((each) => each.refused !== null).length;
    counts.refused += visit.refused === null ? refused : Math.max(refused, 1);
    if (visit.aborted && visit.refused === null) counts.aborted += 1;
  }
  return counts;
}
