import type { DateProblem, Field, FieldProblem } from "../backend/bindings";
import { day } from "../format/dates";
import { m } from "../paraglide/messages";

const generally: Record<FieldProblem, () => string> = {
  missing: m.field_missing,
  length: m.field_length,
  character: m.field_character,
  check_symbol: m.field_check_symbol,
  mismatch: m.field_mismatch,
};

/** What to say differently at a certain field. */
const particularly: Record<Field, Partial<Record<FieldProblem, () => string>>> = {
  visit_number: { missing: m.field_visit_number_missing, mismatch: m.field_visit_number_mismatch },
  birth_date: {
    length: m.date_not_seven_digits,
    character: m.date_not_seven_digits,
    check_symbol: m.date_check_digit_wrong,
    mismatch: m.date_differs_from_card,
  },
  expiry_date: {
    length: m.date_not_seven_digits,
    character: m.date_not_seven_digits,
    check_symbol: m.date_check_digit_wrong,
  },
  reference_tail: { missing: m.field_reference_missing, mismatch: m.field_reference_mismatch },
  document_returned: { missing: m.field_document_returned },
  health_card_returned: { missing: m.field_health_card_returned },
};

/** What is wrong with a field. */
export function fieldProblem(field: Field, problem: FieldProblem): string {
  return (particularly[field][problem] ?? generally[problem])();
}

/** Why a date of the machine-readable zone doesn't do. */
export function dateProblem(problem: DateProblem): string {
  switch (problem.why) {
    case "not_seven_digits":
      return m.date_not_seven_digits();
    case "no_such_day":
      return m.date_no_such_day();
    case "check_digit_wrong":
      return m.date_check_digit_wrong();
    case "differs_from_card":
      return m.date_differs_from_card();
    case "expired":
      return m.date_expired({ date: day(problem.on) });
  }
}
