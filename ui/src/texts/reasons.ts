import type { RefusalReason } from "../backend/bindings";
import { m } from "../paraglide/messages";

/** A refusal in words: neutral, and never more than the person may know. */
export interface RefusalText {
  /** Two or three words beside "abgelehnt". */
  title: string;
  /** What is the matter, for the clerk; the printed confirmation says the same. */
  clerk: string;
  /** What to say to the person, with its quotation marks. */
  say: string;
}

const texts: Record<RefusalReason, () => RefusalText> = {
  document_expired: () => ({
    title: m.reason_of_refusal_document_expired_title(),
    clerk: m.reason_of_refusal_document_expired_clerk(),
    say: m.reason_of_refusal_document_expired_say(),
  }),
  document_not_admitted: () => ({
    title: m.reason_of_refusal_document_not_admitted_title(),
    clerk: m.reason_of_refusal_document_not_admitted_clerk(),
    say: m.reason_of_refusal_document_not_admitted_say(),
  }),
  identity_not_established: () => ({
    title: m.reason_of_refusal_identity_not_established_title(),
    clerk: m.reason_of_refusal_identity_not_established_clerk(),
    say: m.reason_of_refusal_identity_not_established_say(),
  }),
  data_mismatch: () => ({
    title: m.reason_of_refusal_data_mismatch_title(),
    clerk: m.reason_of_refusal_data_mismatch_clerk(),
    say: m.reason_of_refusal_data_mismatch_say(),
  }),
  level_too_low: () => ({
    title: m.reason_of_refusal_level_too_low_title(),
    clerk: m.reason_of_refusal_level_too_low_clerk(),
    say: m.reason_of_refusal_level_too_low_say(),
  }),
  deed_copy_only: () => ({
    title: m.reason_of_refusal_deed_copy_only_title(),
    clerk: m.reason_of_refusal_deed_copy_only_clerk(),
    say: m.reason_of_refusal_deed_copy_only_say(),
  }),
  deed_name_mismatch: () => ({
    title: m.reason_of_refusal_deed_name_mismatch_title(),
    clerk: m.reason_of_refusal_deed_name_mismatch_clerk(),
    say: m.reason_of_refusal_deed_name_mismatch_say(),
  }),
  deed_not_yet_issued: () => ({
    title: m.reason_of_refusal_deed_not_yet_issued_title(),
    clerk: m.reason_of_refusal_deed_not_yet_issued_clerk(),
    say: m.reason_of_refusal_deed_not_yet_issued_say(),
  }),
  area_missing: () => ({
    title: m.reason_of_refusal_area_missing_title(),
    clerk: m.reason_of_refusal_area_missing_clerk(),
    say: m.reason_of_refusal_area_missing_say(),
  }),
  representation_ended: () => ({
    title: m.reason_of_refusal_representation_ended_title(),
    clerk: m.reason_of_refusal_representation_ended_clerk(),
    say: m.reason_of_refusal_representation_ended_say(),
  }),
  // Told in the same neutral words.
  subject_deceased: () => ({
    title: m.reason_of_refusal_representation_ended_title(),
    clerk: m.reason_of_refusal_representation_ended_clerk(),
    say: m.reason_of_refusal_representation_ended_say(),
  }),
  provisional_no_end: () => ({
    title: m.reason_of_refusal_provisional_no_end_title(),
    clerk: m.reason_of_refusal_provisional_no_end_clerk(),
    say: m.reason_of_refusal_provisional_no_end_say(),
  }),
  provisional_expired: () => ({
    title: m.reason_of_refusal_provisional_expired_title(),
    clerk: m.reason_of_refusal_provisional_expired_clerk(),
    say: m.reason_of_refusal_provisional_expired_say(),
  }),
  office_unsuitable: () => ({
    title: m.reason_of_refusal_office_unsuitable_title(),
    clerk: m.reason_of_refusal_office_unsuitable_clerk(),
    say: m.reason_of_refusal_office_unsuitable_say(),
  }),
  declaration_missing: () => ({
    title: m.reason_of_refusal_declaration_missing_title(),
    clerk: m.reason_of_refusal_declaration_missing_clerk(),
    say: m.reason_of_refusal_declaration_missing_say(),
  }),
  pickup_by_third_party: () => ({
    title: m.reason_of_refusal_pickup_by_third_party_title(),
    clerk: m.reason_of_refusal_pickup_by_third_party_clerk(),
    say: m.reason_of_refusal_pickup_by_third_party_say(),
  }),
  spouse_no_digital_access: () => ({
    title: m.reason_of_refusal_spouse_no_digital_access_title(),
    clerk: m.reason_of_refusal_spouse_no_digital_access_clerk(),
    say: m.reason_of_refusal_spouse_no_digital_access_say(),
  }),
  third_party_no_authority: () => ({
    title: m.reason_of_refusal_third_party_no_authority_title(),
    clerk: m.reason_of_refusal_third_party_no_authority_clerk(),
    say: m.reason_of_refusal_third_party_no_authority_say(),
  }),
  consent_reserved: () => ({
    title: m.reason_of_refusal_consent_reserved_title(),
    clerk: m.reason_of_refusal_consent_reserved_clerk(),
    say: m.reason_of_refusal_consent_reserved_say(),
  }),
};

export function refusal(reason: RefusalReason): RefusalText {
  return texts[reason]();
}
