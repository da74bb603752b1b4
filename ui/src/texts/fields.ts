import type { DateProblem, Field, FieldProblem } from "../backend/bindings";
import { day as written } from "../format/dates";
import { m } from "../paraglide/messages";

const generally: Record<FieldProblem, () => string> = {
  missing: m.field_missing,
  length: m.field_length,
  character: m.field_character,
  check_symbol: m.field_check_symbol,
  check_digit: m.field_check_digit,
  no_such_day: m.date_no_such_day,
  mismatch: m.field_mismatch,
};

/** A date of the machine-readable zone. */
const mrzDate = {
  length: m.date_not_seven_digits,
  character: m.date_not_seven_digits,
  check_symbol: m.date_check_digit_wrong,
  check_digit: m.date_check_digit_wrong,
};

/** A day as people write it. */
const day = { length: m.field_day_form, character: m.field_day_form };

/** What to say differently at a certain field. */
const particularly: Record<Field, Partial<Record<FieldProblem, () => string>>> = {
  pin: { missing: m.field_pin_missing, length: m.field_pin_form, character: m.field_pin_form },
  kvnr: {
    missing: m.field_kvnr_missing,
    length: m.field_kvnr_form,
    character: m.field_kvnr_form,
    check_digit: m.field_kvnr_check_digit,
  },
  family_name: {},
  given_names: {},
  full_birth_date: day,
  can: {
    missing: m.field_can_missing,
    length: m.field_can_form,
    character: m.field_can_form,
    mismatch: m.can_wrong,
  },
  card_number_tail: {
    missing: m.field_card_number_tail_missing,
    length: m.field_card_number_tail_form,
    character: m.field_card_number_tail_form,
    mismatch: m.field_card_number_tail_mismatch,
  },
  representative_number: {
    missing: m.field_representative_number_missing,
    character: m.field_code_character,
  },
  court: {},
  file_number: {},
  issued_on: day,
  provisional_until: day,
  visit_number: {
    missing: m.field_visit_number_missing,
    character: m.field_code_character,
    mismatch: m.field_visit_number_mismatch,
  },
  birth_date: { ...mrzDate, mismatch: m.date_differs_from_card },
  expiry_date: mrzDate,
  reference: {
    missing: m.field_whole_reference_missing,
    length: m.field_whole_reference_length,
    character: m.field_code_character,
  },
  reference_tail: {
    missing: m.field_reference_missing,
    character: m.field_code_character,
    mismatch: m.field_reference_mismatch,
  },
  returned: { missing: m.field_returned },
};

/** What is wrong with a field. */
export function fieldProblem(field: Field, problem: FieldProblem): string {
  return (particularly[field][problem] ?? generally[problem])();
}

/** Why a date of the document doesn't do. */
export function dateProblem(problem: DateProblem): string {
  switch (problem.why) {
    case "not_seven_digits":
      return m.date_not_seven_digits();
    case "not_a_date":
      return m.date_not_a_date();
    case "no_such_day":
      return m.date_no_such_day();
    case "check_digit_wrong":
      return m.date_check_digit_wrong();
    case "differs_from_card":
      return m.date_differs_from_card();
    case "expired":
      return m.date_expired({ date: written(problem.on) });
    case "valid_for_too_long":
      return problem.months % 12 === 0
        ? m.date_too_long_years({ years: problem.months / 12 })
        : m.date_too_long_months({ months: problem.months });
  }
}
