import type {
  CardWarning,
  Level,
  Missing,
  PersonView,
  Proof,
  ProofState,
  Purpose,
  PurposeOption,
  PurposeProblem,
  ReadStep,
  Role,
  StepName,
  Text,
  VisitPane,
} from "../backend/bindings";
import { day } from "../format/dates";
import { m } from "../paraglide/messages";
import { getLocale } from "../paraglide/runtime";
import { authenticityLine, stateLine } from "./card";
import { chipProof } from "./chip";
import { seenAs } from "./representation";

/** A text that came with data, in the language of the window. */
export function localized(text: Text): string {
  return text[getLocale()];
}

/** The person's health card was read; otherwise their number was typed. */
export function hasShownCard({ proven }: VisitPane): boolean {
  return proven.some(({ what }) => what === "health_card_read");
}

export const purposes: Record<Purpose, () => string> = {
  app_activation: m.purpose_app_activation,
  epa: m.purpose_epa,
  representative_access: m.purpose_representative_access,
};

const purposeProblems: Record<PurposeProblem, () => string> = {
  health_card_needed: m.purpose_problem_health_card_needed,
  app_active_already: m.purpose_problem_app_active_already,
  account_not_registered: m.purpose_problem_account_not_registered,
  review_overdue: m.purpose_problem_review_overdue,
};

/** Why a purpose isn't possible for this person now; `null`: it is. */
export function purposeProblem({ purpose, problem }: PurposeOption): string | null {
  if (problem === null) return null;
  return m.purpose_problem({ purpose: purposes[purpose](), why: purposeProblems[problem]() });
}

export const roles: Record<Role, () => string> = {
  clerk: m.role_clerk,
  supervisor: m.role_supervisor,
};

export const levels: Record<Level, () => string> = {
  none: m.level_none,
  normal: m.level_normal,
  substantial: m.level_substantial,
  high: m.level_high,
};

/** At the beginning of a sentence. */
export const levelTitles: Record<Level, () => string> = {
  none: m.level_none_title,
  normal: m.level_normal_title,
  substantial: m.level_substantial_title,
  high: m.level_high_title,
};

export const missing: Record<Missing, () => string> = {
  visit_number: m.missing_visit_number,
  document: m.missing_document,
  document_checks: m.missing_document_checks,
  face: m.missing_face,
  authority: m.missing_authority,
  second_look: m.missing_second_look,
};

/** The small print of what is missing. */
export function missingDetail(missing: Missing, isCarer: boolean): string | null {
  return missing === "second_look" && isCarer ? m.missing_second_look_carer() : null;
}

export const steps: Record<StepName, () => string> = {
  concern: m.step_concern,
  document: m.step_document,
  face: m.step_face,
  second_look: m.step_second_look,
  summary: m.step_summary,
  hand_over: m.step_hand_over,
};

export const readSteps: Record<ReadStep, () => string> = {
  connecting: m.reading_connecting,
  version: m.reading_version,
  secure_channel: m.reading_secure_channel,
  card_number: m.reading_card_number,
  chip: m.reading_chip,
  status: m.reading_status,
  person: m.reading_person,
  insurance: m.reading_insurance,
  certificate: m.reading_certificate,
  look_up: m.reading_look_up,
};

/** Something to know about a card that could be read. */
export function warning(warning: CardWarning): string {
  switch (warning.code) {
    case "transaction_open":
      return m.warning_transaction_open();
    case "application_deactivated":
      return m.warning_application_deactivated();
    case "insurance_ended":
      return m.warning_insurance_ended({ date: day(warning.params.date) });
    case "insurance_not_begun":
      return m.warning_insurance_not_begun({ date: day(warning.params.date) });
    case "data_old":
      return m.warning_data_old({ date: day(warning.params.date) });
    case "birth_date_incomplete":
      return m.warning_birth_date_incomplete();
  }
}

/** Warnings that the line about the card's state tells as well. */
const TOLD_BY_CARD_STATE = new Set<CardWarning["code"]>([
  "transaction_open",
  "application_deactivated",
  "insurance_ended",
  "data_old",
]);

/** What else there is to know: nothing is said twice. */
export function otherWarnings({ warnings, proven, code }: VisitPane): CardWarning[] {
  const isStateShown = code === null && proven.some(({ what }) => what === "health_card_state");
  return isStateShown ? warnings.filter((each) => !TOLD_BY_CARD_STATE.has(each.code)) : warnings;
}

/** One line of what is proven, with its small print. */
export interface ProofText {
  state: ProofState;
  text: string;
  detail: string | null;
}

export function proof(proof: Proof): ProofText {
  switch (proof.what) {
    case "health_card_read":
      return { state: proof.state, ...authenticityLine(proof.authenticity) };
    case "health_card_state":
      return { state: proof.state, ...stateLine(proof.card) };
    case "card_number_agrees":
      return { state: "proven", text: m.proof_card_number({ digits: proof.digits }), detail: null };
    case "pin_verified":
      return { state: "proven", text: m.proof_pin(), detail: m.proof_pin_detail() };
    case "number_agrees":
      return { state: "proven", text: m.proof_number(), detail: m.proof_number_detail() };
    case "representative_registered":
      return { state: "proven", text: m.proof_representative(), detail: null };
    case "carer_on_file":
      return { state: "proven", text: m.proof_carer_on_file(), detail: m.proof_carer_on_file_detail() };
    case "deed_seen":
      return {
        state: "proven",
        text: m.proof_deed({ name: proof.familyName }),
        detail: [proof.authority.seenAs && seenAs[proof.authority.seenAs](), proof.authority.fileNumber]
          .filter(Boolean)
          .join(", "),
      };
    case "declared_unchanged":
      return { state: "proven", text: m.proof_declared(), detail: m.proof_declared_detail() };
    case "second_look":
      return { state: "proven", text: m.proof_second_look(), detail: proof.by };
    case "insurance_not_asked":
      return { state: "partly", text: m.proof_insurance_not_asked(), detail: null };
    case "account_registered":
      return { state: "proven", text: m.proof_account(), detail: null };
    case "app_active":
      return { state: "proven", text: m.proof_app_active(), detail: null };
    case "visit_number_matches":
      return { state: "proven", text: m.proof_visit_number(), detail: null };
    case "document_dates":
      return documentDates(proof);
    case "document_checks":
      return {
        state: proof.state,
        text: m.proof_document_checks(),
        detail: m.proof_document_checks_detail(proof),
      };
    case "chip":
      return chipProof(proof.counts);
    case "face_matches":
      return { state: "proven", text: m.proof_face(), detail: null };
  }
}

function documentDates(proof: Extract<Proof, { what: "document_dates" }>): ProofText {
  const document = localized(proof.document);
  const detail =
    proof.state === "partly"
      ? m.proof_document_dates_partly()
      : m.proof_document_dates_detail({ name: mrzName(proof.nameInMrz) });
  return { state: proof.state, text: m.proof_document_dates({ document }), detail };
}

/** A name of the machine-readable zone as people read it: `GRAF<VON<BUNTSPECHT<<BERND` → GRAF VON BUNTSPECHT, BERND. */
export function mrzName(name: string): string {
  return name.replace(/<<+/u, ", ").replace(/<+/gu, " ").trim();
}

/** A name as people print it: "vorm Habicht, Hans". */
export function printedName({ familyName, givenNames }: PersonView): string {
  return `${familyName}, ${givenNames}`;
}
