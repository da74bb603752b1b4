import type { DatesOn, DocumentScreen, Level, NumberField, ScanProblem } from "../backend/bindings";
import { m } from "../paraglide/messages";
import { levels, localized } from "./visit";

/** What a date is called where it is read. */
export function dateLabel(field: "birth_date" | "expiry_date", { on }: DatesOn): string {
  if (field === "birth_date")
    return on === "zone" ? m.document_birth_date() : m.document_birth_date_printed();
  return on === "zone" ? m.document_expiry_date() : m.document_expiry_date_printed();
}

/** What is wrong with a typed number. */
export const numberProblems: Record<NumberField, (() => string) | null> = {
  empty: null,
  good: null,
  malformed: m.document_number_malformed,
  check_character_wrong: m.document_number_check_character_wrong,
};

const scanProblems: Record<ScanProblem, () => { what: string; next: string }> = {
  not_a_zone: () => ({ what: m.scan_bad_not_a_zone(), next: m.scan_bad_next() }),
  check_digit: () => ({ what: m.scan_bad_check_digit(), next: m.scan_bad_next() }),
  other_document: () => ({ what: m.scan_bad_other_document(), next: m.scan_bad_other_document_next() }),
};

/** What was wrong with what a scanner sent, and what to do next. */
export function scanProblem(problem: ScanProblem): { what: string; next: string } {
  return scanProblems[problem]();
}

/** Which documents do, as the selected one doesn't. */
export function sufficient({ types }: DocumentScreen, needed: Level): string {
  const level = levels[needed]();
  const documents = types.filter(({ suffices }) => suffices).map(({ label }) => localized(label));
  return documents.length === 0
    ? m.document_insufficient_none({ level })
    : m.document_insufficient_text({ level, documents: documents.join(", ") });
}
