import type { AppError, CardKind, ServiceRefusal } from "../backend/bindings";
import { timeOfDay } from "../format/dates";
import { m } from "../paraglide/messages";
import { offlineObstacles } from "./line";

/** What happened, and what to do next. */
export interface Advice {
  what: string;
  next: string;
}

type ErrorWith<Code extends AppError["code"]> = Extract<AppError, { code: Code }>;

const cardKinds: Record<CardKind, () => string> = {
  hba: m.card_kind_hba,
  smc_b: m.card_kind_smc_b,
  kvk: m.card_kind_kvk,
  egk_g1: m.card_kind_egk_g1,
  travel_document: m.card_kind_travel_document,
  other: m.card_kind_other,
};

const refusals: Record<ServiceRefusal, () => Advice> = {
  not_insured: () => ({ what: m.refusal_not_insured_what(), next: m.refusal_not_insured_next() }),
  account_locked: () => ({ what: m.refusal_account_locked_what(), next: m.refusal_account_locked_next() }),
  open_code_exists: () => ({
    what: m.refusal_open_code_exists_what(),
    next: m.refusal_open_code_exists_next(),
  }),
  visit_number_unknown: () => ({
    what: m.refusal_visit_number_unknown_what(),
    next: m.refusal_visit_number_unknown_next(),
  }),
  workstation_revoked: () => ({
    what: m.refusal_workstation_revoked_what(),
    next: m.refusal_workstation_revoked_next(),
  }),
  other: () => ({ what: m.refusal_other_what(), next: m.refusal_other_next() }),
};

const advices: { [Code in AppError["code"]]: (error: ErrorWith<Code>) => Advice } = {
  no_reader: () => ({ what: m.error_no_reader_what(), next: m.error_no_reader_next() }),
  reader_service_down: () => ({
    what: m.error_reader_service_down_what(),
    next: m.error_reader_service_down_next(),
  }),
  reader_service_denied: () => ({
    what: m.error_reader_service_denied_what(),
    next: m.error_reader_service_denied_next(),
  }),
  reader_removed: () => ({ what: m.error_reader_removed_what(), next: m.error_reader_removed_next() }),
  card_mute: () => ({ what: m.error_card_mute_what(), next: m.error_card_mute_next() }),
  card_removed: () => ({ what: m.error_card_removed_what(), next: m.error_card_removed_next() }),
  card_busy: () => ({ what: m.error_card_busy_what(), next: m.error_card_busy_next() }),
  card_timeout: () => ({ what: m.error_card_timeout_what(), next: m.error_card_timeout_next() }),
  reading_cancelled: () => ({
    what: m.error_reading_cancelled_what(),
    next: m.error_reading_cancelled_next(),
  }),
  not_a_health_card: ({ params }) => ({
    what: m.error_not_a_health_card_what({ kind: cardKinds[params.kind]() }),
    next: m.error_not_a_health_card_next(),
  }),
  card_unreadable: ({ params }) => ({
    what: m.error_card_unreadable_what(params),
    next: m.error_card_unreadable_next(),
  }),
  card_number_wrong: () => ({
    what: m.error_card_number_wrong_what(),
    next: m.error_card_number_wrong_next(),
  }),
  card_channel_lost: () => ({
    what: m.error_card_channel_lost_what(),
    next: m.error_card_channel_lost_next(),
  }),
  card_needs_contacts: () => ({
    what: m.error_card_needs_contacts_what(),
    next: m.error_card_needs_contacts_next(),
  }),
  health_card_not_usable: () => ({
    what: m.error_health_card_not_usable_what(),
    next: m.error_health_card_not_usable_next(),
  }),
  health_card_unproven: () => ({
    what: m.error_health_card_unproven_what(),
    next: m.error_health_card_unproven_next(),
  }),
  health_card_needed: () => ({
    what: m.error_health_card_needed_what(),
    next: m.error_health_card_needed_next(),
  }),
  card_transport: ({ params }) => ({
    what: m.error_card_transport_what(params),
    next: m.error_card_transport_next(),
  }),
  staff_unavailable: () => ({
    what: m.error_staff_unavailable_what(),
    next: m.error_staff_unavailable_next(),
  }),
  pin_wrong: ({ params }) => ({
    what: m.error_pin_wrong_what(),
    next: m.error_pin_wrong_next({ tries: params.triesLeft }),
  }),
  pin_locked: ({ params }) => ({
    what: m.error_pin_locked_what({ time: timeOfDay(params.until) }),
    next: m.error_pin_locked_next(),
  }),
  separation_of_duties: () => ({
    what: m.error_separation_of_duties_what(),
    next: m.error_separation_of_duties_next(),
  }),
  supervisor_needed: () => ({
    what: m.error_supervisor_needed_what(),
    next: m.error_supervisor_needed_next(),
  }),
  visit_of_another: () => ({ what: m.error_visit_of_another_what(), next: m.error_visit_of_another_next() }),
  not_resumable: () => ({ what: m.error_not_resumable_what(), next: m.error_not_resumable_next() }),
  sheet_in_tray: () => ({ what: m.error_sheet_in_tray_what(), next: m.error_sheet_in_tray_next() }),
  not_insured_here: () => ({ what: m.error_not_insured_here_what(), next: m.error_not_insured_here_next() }),
  data_mismatch: () => ({ what: m.error_data_mismatch_what(), next: m.error_data_mismatch_next() }),
  representative_unknown: () => ({
    what: m.error_representative_unknown_what(),
    next: m.error_representative_unknown_next(),
  }),
  too_many_concerns: () => ({
    what: m.error_too_many_concerns_what(),
    next: m.error_too_many_concerns_next(),
  }),
  not_their_own: () => ({ what: m.error_not_their_own_what(), next: m.error_not_their_own_next() }),
  concern_refused: () => ({ what: m.error_concern_refused_what(), next: m.error_concern_refused_next() }),
  account_not_registered: () => ({
    what: m.error_account_not_registered_what(),
    next: m.error_account_not_registered_next(),
  }),
  account_locked: () => ({ what: m.error_account_locked_what(), next: m.error_account_locked_next() }),
  app_active_already: () => ({
    what: m.error_app_active_already_what(),
    next: m.error_app_active_already_next(),
  }),
  health_card_locked: () => ({
    what: m.error_health_card_locked_what(),
    next: m.error_health_card_locked_next(),
  }),
  document_not_admitted: () => ({
    what: m.error_document_not_admitted_what(),
    next: m.error_document_not_admitted_next(),
  }),
  field_invalid: () => ({ what: m.error_field_invalid_what(), next: m.error_field_invalid_next() }),
  not_yet: () => ({ what: m.error_not_yet_what(), next: m.error_not_yet_next() }),
  not_now: () => ({ what: m.error_not_now_what(), next: m.error_not_now_next() }),
  identity_not_established: () => ({
    what: m.error_identity_not_established_what(),
    next: m.error_identity_not_established_next(),
  }),
  second_person_needed: () => ({
    what: m.error_second_person_needed_what(),
    next: m.error_second_person_needed_next(),
  }),
  level_too_low: () => ({ what: m.error_level_too_low_what(), next: m.error_level_too_low_next() }),
  too_many_codes: () => ({ what: m.error_too_many_codes_what(), next: m.error_too_many_codes_next() }),
  printer_unreachable: () => ({
    what: m.error_printer_unreachable_what(),
    next: m.error_printer_unreachable_next(),
  }),
  printer_refused: () => ({ what: m.error_printer_refused_what(), next: m.error_printer_refused_next() }),
  print_failed: () => ({ what: m.error_print_failed_what(), next: m.error_print_failed_next() }),
  receipt_not_printed: () => ({
    what: m.error_receipt_not_printed_what(),
    next: m.error_receipt_not_printed_next(),
  }),
  code_refused: () => ({ what: m.error_code_refused_what(), next: m.error_code_refused_next() }),
  code_void: () => ({ what: m.error_code_void_what(), next: m.error_code_void_next() }),
  service_unreachable: () => ({
    what: m.error_service_unreachable_what(),
    next: m.error_service_unreachable_next(),
  }),
  service_untrusted: () => ({
    what: m.error_service_untrusted_what(),
    next: m.error_service_untrusted_next(),
  }),
  service_failing: () => ({ what: m.error_service_failing_what(), next: m.error_service_failing_next() }),
  service_refused: ({ params }) => refusals[params.refusal](),
  certificate_not_valid: () => ({
    what: m.error_certificate_not_valid_what(),
    next: m.error_certificate_not_valid_next(),
  }),
  offline_not_possible: ({ params }) => offlineObstacles[params.why](),
  line_lost: () => ({
    what: m.error_line_lost_what(),
    next: m.error_line_lost_next(),
  }),
  records_behind: () => ({
    what: m.error_records_behind_what(),
    next: m.error_records_behind_next(),
  }),
  desk_locked: () => ({
    what: m.error_desk_locked_what(),
    next: m.error_desk_locked_next(),
  }),
  clock_wrong: () => ({
    what: m.error_clock_wrong_what(),
    next: m.error_clock_wrong_next(),
  }),
  settings_invalid: ({ params }) => ({
    what: m.error_settings_invalid_what(params),
    next: m.error_settings_invalid_next(),
  }),
  vault_unavailable: () => ({
    what: m.error_vault_unavailable_what(),
    next: m.error_vault_unavailable_next(),
  }),
  enrolment_refused: () => ({
    what: m.error_enrolment_refused_what(),
    next: m.error_enrolment_refused_next(),
  }),
  store_unavailable: () => ({
    what: m.error_store_unavailable_what(),
    next: m.error_store_unavailable_next(),
  }),
  store_read_only: () => ({
    what: m.error_store_read_only_what(),
    next: m.error_store_read_only_next(),
  }),
  outbox_full: () => ({
    what: m.error_outbox_full_what(),
    next: m.error_outbox_full_next(),
  }),
  disk_full: () => ({ what: m.error_disk_full_what(), next: m.error_disk_full_next() }),
  internal: ({ params }) => ({ what: m.error_internal_what(), next: m.error_internal_next(params) }),
};

/** What to tell the clerk about `error`. */
export function advice(error: AppError): Advice {
  const adviceFor = advices[error.code] as (error: AppError) => Advice;
  return adviceFor(error);
}
