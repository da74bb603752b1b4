import type {
  AppError,
  ChipCheck,
  ChipCheckName,
  ChipCounts,
  ChipKey,
  ChipLine,
  ChipProblem,
  ChipReadStep,
  ChipReason,
  ProofState,
} from "../backend/bindings";
import { m } from "../paraglide/messages";
import { advice, type Advice } from "./errors";

/** How far the reading is. */
export const chipReadSteps: Record<ChipReadStep, () => string> = {
  opening: m.chip_reading_opening,
  data: m.chip_reading_data,
  genuine: m.chip_reading_genuine,
  face: m.chip_reading_face,
};

/** To the kind of key that isn't shown. */
export const otherKeys: Record<ChipKey, () => string> = {
  number: m.chip_use_number,
  can: m.chip_use_can,
};

const results: Record<ChipCheck["state"], () => string> = {
  valid: m.chip_state_valid,
  invalid: m.chip_state_invalid,
  not_verifiable: m.chip_state_not_verifiable,
  not_supported: m.chip_state_not_supported,
};

/** Why the chip wasn't read. */
export interface ChipProblemText {
  what: string;
  /** What to do now; `null`: it is said at the field, with what is wrong there. */
  next: string | null;
  /** Nothing that is typed here opens it. */
  isFinal: boolean;
}

export function chipProblem(problem: ChipProblem): ChipProblemText {
  const atField = (what: string) => ({ what, next: null, isFinal: false });
  const passing = (what: string, next: string = m.chip_problem_next()) => ({ what, next, isFinal: false });
  switch (problem.why) {
    case "wrong_key":
      return atField(problem.key === "can" ? m.can_wrong() : m.chip_number_wrong());
    case "number_malformed":
      return atField(m.chip_number_malformed());
    case "can_malformed":
      return atField(m.field_can_form());
    case "can_needed":
      return passing(m.chip_problem_can_needed(), m.chip_problem_can_needed_next());
    case "number_needed":
      return passing(m.chip_problem_number_needed(), m.chip_problem_number_needed_next());
    case "not_a_travel_document":
      return passing(m.chip_problem_not_travel(), m.chip_problem_not_travel_next());
    case "other_type_than_chosen":
      return passing(m.chip_problem_other_type(), m.chip_problem_other_type_next());
    case "authorities_only":
      return {
        what: m.chip_problem_authorities(),
        next: m.chip_problem_authorities_next(),
        isFinal: true,
      };
    case "unreadable":
      return passing(m.chip_problem_unreadable());
    case "cancelled":
      return passing(m.chip_problem_cancelled());
    case "card": {
      const { what, next } = cardProblem(problem.error);
      return passing(what, next);
    }
  }
}

/** The document was taken away. */
const MOVED = new Set<AppError["code"]>(["card_removed", "card_channel_lost"]);

/** Nothing is wrong with the document: the general words fit. */
const NOT_THE_CHIP = new Set<AppError["code"]>([
  "no_reader",
  "reader_service_down",
  "reader_service_denied",
  "reader_removed",
  "card_busy",
  "internal",
]);

/** Chip or reader failed. What is said of cards that are put in would mislead. */
function cardProblem(error: AppError): Advice {
  if (NOT_THE_CHIP.has(error.code)) return advice(error);
  const what = MOVED.has(error.code) ? m.chip_problem_moved() : m.chip_problem_silent();
  return { what, next: m.chip_problem_next() };
}

/** What the chip is good for, in one sentence, and what follows. */
export interface ChipVerdict {
  text: string;
  next: string | null;
}

export function chipVerdict(counts: ChipCounts, lines: ChipLine[]): ChipVerdict {
  switch (counts) {
    case "proves":
      return { text: m.chip_proves(), next: null };
    case "nothing": {
      const isNamedOtherwise = lines.some(
        ({ check, state }) => check === "name" && state.state === "invalid",
      );
      return {
        text: m.chip_nothing(),
        next: isNamedOtherwise ? m.chip_nothing_name() : m.chip_nothing_open(),
      };
    }
    case "contradicts":
      return { text: m.chip_contradicts(), next: m.chip_contradicts_next() };
  }
}

/** The chip as a line of what is proven. */
export function chipProof(counts: ChipCounts): { state: ProofState; text: string; detail: string } {
  switch (counts) {
    case "proves":
      return { state: "proven", text: m.proof_chip(), detail: m.proof_chip_detail() };
    case "nothing":
      return { state: "partly", text: m.proof_chip_nothing(), detail: m.proof_chip_nothing_detail() };
    case "contradicts":
      return { state: "partly", text: m.proof_chip_contradicts(), detail: m.proof_chip_contradicts_detail() };
  }
}

type Group = "data" | "issuer" | "copy" | "print";

const groupTitles: Record<Group, () => string> = {
  data: m.chip_group_data,
  issuer: m.chip_group_issuer,
  copy: m.chip_group_copy,
  print: m.chip_group_print,
};

const GROUPS = Object.keys(groupTitles) as Group[];

interface Check {
  group: Group;
  name: () => string;
  /** What it means when it is valid. */
  valid: () => string;
}

const checks: Record<ChipCheckName, Check> = {
  data: { group: "data", name: m.chip_check_data, valid: m.chip_about_data },
  signature: { group: "data", name: m.chip_check_signature, valid: m.chip_about_signature },
  issuer: { group: "issuer", name: m.chip_check_issuer, valid: m.chip_about_issuer },
  revocation: { group: "issuer", name: m.chip_check_revocation, valid: m.chip_about_revocation },
  document_type: { group: "issuer", name: m.chip_check_document_type, valid: m.chip_about_document_type },
  country: { group: "issuer", name: m.chip_check_country, valid: m.chip_about_country },
  copy: { group: "copy", name: m.chip_check_copy, valid: m.chip_about_copy },
  name: { group: "print", name: m.chip_check_name, valid: m.chip_about_name },
  birth_date: { group: "print", name: m.chip_check_birth_date, valid: m.chip_about_birth_date },
  expiry: { group: "print", name: m.chip_check_expiry, valid: m.chip_about_expiry },
  face: { group: "print", name: m.chip_check_face, valid: m.chip_about_face },
};

interface Reason {
  what: () => string;
  /** What to do about it, where there is something. */
  next?: () => string;
}

const reasons: Record<ChipReason, Reason> = {
  not_asked: { what: m.chip_reason_not_asked },
  not_offered: { what: m.chip_reason_not_offered },
  malformed: { what: m.chip_reason_malformed },
  hash_differs: { what: m.chip_reason_hash_differs },
  not_in_list: { what: m.chip_reason_not_in_list },
  signature: { what: m.chip_reason_signature },
  unknown_algorithm: { what: m.chip_reason_unknown_algorithm, next: m.chip_next_call_it },
  no_trust_store: { what: m.chip_reason_no_trust_store, next: m.check_reason_no_trust_store_next },
  unknown_issuer: { what: m.chip_reason_unknown_issuer, next: m.chip_next_call_it },
  not_valid_then: { what: m.chip_reason_not_valid_then },
  wrong_use: { what: m.chip_reason_wrong_use },
  wrong_document_type: { what: m.chip_reason_wrong_document_type },
  wrong_country: { what: m.chip_reason_wrong_country },
  revoked: { what: m.chip_reason_revoked },
  no_revocation_list: { what: m.chip_reason_no_revocation_list, next: m.check_reason_no_trust_store_next },
  defect: { what: m.chip_reason_defect },
  challenge_failed: { what: m.chip_reason_challenge_failed },
  passive_authentication: { what: m.chip_reason_passive_authentication },
  refused: { what: m.chip_reason_refused, next: m.chip_next_again },
  withheld: { what: m.chip_reason_withheld },
  downgraded: { what: m.chip_reason_downgraded },
  other_document: { what: m.chip_reason_other_document },
  differs: { what: m.chip_reason_differs },
  face_unreadable: { what: m.chip_reason_face_unreadable },
};

/** What a check amounts to: nothing was wanted of it, where it wasn't even asked. */
export type ChipWeight = "valid" | "invalid" | "open" | "left_out";

/** One check, explained. */
export interface ChipCheckText {
  check: ChipCheckName;
  name: string;
  weight: ChipWeight;
  result: string;
  what: string;
  next: string | null;
  /** For support; `null`: there is nothing to look into. */
  technical: string | null;
}

export interface ChipGroupText {
  group: Group;
  title: string;
  checks: ChipCheckText[];
}

/** The checks in their groups; a group without any is left out. */
export function chipGroups(lines: ChipLine[]): ChipGroupText[] {
  return GROUPS.map((group) => ({
    group,
    title: groupTitles[group](),
    checks: lines.filter(({ check }) => checks[check].group === group).map(chipCheck),
  })).filter((group) => group.checks.length > 0);
}

export function chipCheck({ check, state }: ChipLine): ChipCheckText {
  const { name, valid } = checks[check];
  const text = { check, name: name(), weight: weightOf(state), result: results[state.state]() };
  if (state.state === "valid") return { ...text, what: valid(), next: null, technical: null };
  const { what, next } = reasons[state.reason];
  return {
    ...text,
    what: what(),
    next: next?.() ?? null,
    technical: m.chip_technical({ check, reason: state.reason }),
  };
}

function weightOf(state: ChipCheck): ChipWeight {
  switch (state.state) {
    case "valid":
      return "valid";
    case "invalid":
      return "invalid";
    case "not_verifiable":
    case "not_supported":
      return state.reason === "not_asked" ? "left_out" : "open";
  }
}
