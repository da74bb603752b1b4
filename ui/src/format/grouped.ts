/** How an input is written: which characters it may hold, how many, and after how many a blank is shown. */
export interface Grouping {
  /** Characters that may be typed; small letters count as capitals. */
  alphabet: string;
  length: number;
  /** A blank is shown after so many characters. */
  groupAfter: number | null;
}

/** Alphabet of codes, visit numbers and references: no vowels but A, nothing that looks like something else. */
export const CODE_ALPHABET = "23456789ABCDFGHJKMNPQRSTVWXYZ";

/** A date of the machine-readable zone, YYMMDD, and its check digit (ICAO 9303-3, 4.9). */
export const MRZ_DATE: Grouping = { alphabet: "0123456789", length: 7, groupAfter: 6 };

/** The last characters of the public reference. */
export const REFERENCE_TAIL: Grouping = { alphabet: CODE_ALPHABET, length: 4, groupAfter: null };

/** Besuchsnummer: shown in two halves. */
export function visitNumber(length: number): Grouping {
  return { alphabet: CODE_ALPHABET, length, groupAfter: length / 2 };
}

/** Separators that people type or paste between groups. */
const SEPARATORS = /[\s.\-–_/]/gu;

/** What of `typed` belongs to the value, and the first character that doesn't. */
export function accept(typed: string, grouping: Grouping): { value: string; stranger: string | null } {
  let stranger: string | null = null;
  let value = "";
  for (const character of typed.replace(SEPARATORS, "").toUpperCase()) {
    if (grouping.alphabet.includes(character)) value += character;
    else stranger ??= character;
  }
  return { value: value.slice(0, grouping.length), stranger };
}

/** The value as it is shown: `H8D3MPWC` → `H8D3 MPWC`. */
export function grouped(value: string, { groupAfter }: Grouping): string {
  if (groupAfter === null || value.length <= groupAfter) return value;
  return `${value.slice(0, groupAfter)} ${value.slice(groupAfter)}`;
}

/** Where the caret belongs in the shown text so that `before` characters of the value stand before it. */
export function caretAfter(before: number, { groupAfter }: Grouping): number {
  return groupAfter !== null && before > groupAfter ? before + 1 : before;
}
