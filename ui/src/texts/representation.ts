import type {
  Area,
  AuthorityView,
  ConcernRow,
  ProofKind,
  SecondLookReason,
  SeenAs,
} from "../backend/bindings";
import { day } from "../format/dates";
import { m } from "../paraglide/messages";

export const areas: Record<Area, () => string> = {
  health: m.area_health,
  social_benefits: m.area_social_benefits,
  authorities: m.area_authorities,
  assets: m.area_assets,
  post: m.area_post,
  electronic_communication: m.area_electronic_communication,
  other: m.area_other,
};

export const seenAs: Record<SeenAs, () => string> = {
  original: m.seen_as_original,
  certified_copy: m.seen_as_certified_copy,
  copy: m.seen_as_copy,
};

export const proofKinds: Record<ProofKind, () => string> = {
  deed: m.proof_kind_deed,
  single_matter_deed: m.proof_kind_single_matter_deed,
  errand: m.proof_kind_errand,
  spouse: m.proof_kind_spouse,
  nothing: m.proof_kind_nothing,
};

export const secondLookReasons: Record<SecondLookReason, () => string> = {
  representation: m.second_look_reason_representation,
  document_unclear: m.second_look_reason_document_unclear,
  face_doubt: m.second_look_reason_face_doubt,
  required: m.second_look_reason_required,
};

/** A deed in words: what it is and who issued it, and what it covers. */
export interface AuthorityText {
  title: string;
  detail: string;
}

export function authorityText(authority: AuthorityView): AuthorityText {
  const { court, provisional, provisionalUntil } = authority;
  const covered = authority.areas.map((area) => areas[area]()).join(", ");
  if (!provisional) return { title: m.authority_permanent({ court }), detail: covered };
  const until =
    provisionalUntil === null ? m.authority_no_end() : m.authority_until({ date: day(provisionalUntil) });
  return { title: m.authority_provisional({ court }), detail: [covered, until].filter(Boolean).join(" · ") };
}

/** First use, or not confirmed for twelve months: the code waits for the back office (the same for deed and code). */
export function waitsForRelease({ state, authority }: ConcernRow): boolean {
  if (state.state === "possible") return state.needsRelease;
  return state.state === "handed_over" && authority?.declarationNeeded === true;
}

/** How a concern stands: in a badge, with its small print. */
export interface ConcernStanding {
  tone: "good" | "attention" | "bad" | "calm";
  word: string;
  detail: string | null;
}

export function standing(concern: ConcernRow): ConcernStanding {
  const { state, own } = concern;
  const release = waitsForRelease(concern) ? m.standing_after_release() : null;
  switch (state.state) {
    case "incomplete":
      return {
        tone: "attention",
        word: own ? m.standing_visit_number_missing() : m.standing_incomplete(),
        detail: null,
      };
    case "possible":
      return { tone: "good", word: m.standing_possible(), detail: release };
    case "refused":
      return { tone: "bad", word: m.standing_refused(), detail: null };
    case "withdrawn":
      return { tone: "calm", word: m.standing_withdrawn(), detail: null };
    case "handed_over":
      return { tone: "good", word: m.standing_handed_over(), detail: release };
    case "failed":
      return { tone: "bad", word: m.standing_failed(), detail: null };
  }
}
