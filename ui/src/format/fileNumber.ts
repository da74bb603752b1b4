/** Section, the register sign XVII of guardianship courts, running number and year: 12 XVII 345/23. */
const FILE_NUMBER =
  /^(?:\d{1,4}[a-z]?\s+)?XVII\s+(?:[A-ZÄÖÜ]{1,3}\s+)?\d{1,6}\s*\/\s*\d{2}(?:\d{2})?(?:\s*\(?[A-Z0-9]{1,3}\)?)?$/u;

/** Courts vary, so whoever asks may warn, but not refuse. */
export function looksLikeFileNumber(typed: string): boolean {
  return FILE_NUMBER.test(typed.trim());
}
