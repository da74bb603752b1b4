/** How an input is written: which characters it may hold, how many, and how they are shown. */
export interface Grouping {
  /** Characters that may be typed; small letters count as capitals. */
  alphabet: string;
  length: number;
  /** The separator is shown after so many characters. */
  groupAfter: number[];
  separator: " " | "." | "/";
  /** Shown in front; whether it is typed as well makes no difference. */
  prefix: string;
  /** A single digit before a separator gets its zero: `3.` → 03. */
  padsDigits: boolean;
}

/** Alphabet of codes, visit numbers and references: no vowels but A, nothing that looks like something else. */
export const CODE_ALPHABET = "23456789ABCDFGHJKMNPQRSTVWXYZ";
const DIGITS = "0123456789";

const plain = { groupAfter: [], separator: " ", prefix: "", padsDigits: false } satisfies Partial<Grouping>;

/** A date of the machine-readable zone, YYMMDD, and its check digit (ICAO 9303-3, 4.9). */
export const MRZ_DATE: Grouping = { ...plain, alphabet: DIGITS, length: 7, groupAfter: [6] };

/** A day as people write it: 03.02.1941. */
export const DAY: Grouping = {
  ...plain,
  alphabet: DIGITS,
  length: 8,
  groupAfter: [2, 4],
  separator: ".",
  padsDigits: true,
};

/** A day whose century is left to the reader, as driving licences print it: 03.02.41. */
export const SHORT_DAY_LENGTH = 6;

/** A month as people write it: 12/2027. */
export const MONTH: Grouping = { ...DAY, length: 6, groupAfter: [2], separator: "/" };

/** The last characters of the public reference. */
export const REFERENCE_TAIL: Grouping = { ...plain, alphabet: CODE_ALPHABET, length: 4 };

/** The public reference on a sheet: `A-` and ten symbols. */
export const REFERENCE: Grouping = { ...plain, alphabet: CODE_ALPHABET, length: 10, prefix: "A-" };

/** Digits as they are printed in one row: the card access number, the end of the Kennnummer. */
export function digitRow(length: number): Grouping {
  return { ...plain, alphabet: DIGITS, length };
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Krankenversichertennummer: a letter and nine digits. */
export const KVNR: Grouping = { ...plain, alphabet: `${LETTERS}${DIGITS}`, length: 10 };

/** Characters of a document's number in the machine-readable zone, with its check digit (ICAO 9303-4, -5). */
const MRZ_NUMBER_LENGTH = 10;
/** A card's number that doesn't fit: more of it, and the check digit, stand among the optional data (ICAO 9303-5, 4.2.2). */
const LONG_MRZ_NUMBER_LENGTH = 25;
const FILLER = "<";

/** A filler where the check digit stands: the number goes on behind it. */
export function isLongMrzNumber(value: string): boolean {
  return value[MRZ_NUMBER_LENGTH - 1] === FILLER;
}

/** A document's number as it stands in the zone. */
export function mrzNumber(value: string): Grouping {
  const length = isLongMrzNumber(value) ? LONG_MRZ_NUMBER_LENGTH : MRZ_NUMBER_LENGTH;
  return { ...plain, alphabet: `${LETTERS}${DIGITS}${FILLER}`, length };
}

/** Whether nothing more can come: the last character, or the filler behind a long number. */
export function isWholeMrzNumber(value: string): boolean {
  if (!isLongMrzNumber(value)) return value.length === MRZ_NUMBER_LENGTH;
  return value.length > MRZ_NUMBER_LENGTH && value.endsWith(FILLER);
}

/** The number itself: a long one without the fillers around its second part. */
export function withoutFillers(value: string): string {
  return isLongMrzNumber(value) ? value.replaceAll(FILLER, "") : value;
}

/** The number of a German driving licence. */
export const DOCUMENT_NUMBER: Grouping = {
  ...plain,
  alphabet: `${DIGITS}ABCDEFGHIJKLMNOPQRSTUVWXYZ`,
  length: 11,
};

/** Vertreternummer: `V-` and eight symbols in two halves. */
export const REPRESENTATIVE_NUMBER: Grouping = {
  ...plain,
  alphabet: CODE_ALPHABET,
  length: 8,
  groupAfter: [4],
  prefix: "V-",
};

/** Length of the Besuchsnummer where no screen says otherwise. */
export const VISIT_NUMBER_LENGTH = 8;

/** Besuchsnummer: shown in two halves. */
export function visitNumber(length: number): Grouping {
  return { ...plain, alphabet: CODE_ALPHABET, length, groupAfter: [length / 2] };
}

/** Separators that people type or paste between groups. */
const SEPARATORS = /[\s.\-–_/]/gu;

/** What of `typed` belongs to the value, and the first character that doesn't. */
export function accept(typed: string, grouping: Grouping): { value: string; stranger: string | null } {
  let stranger: string | null = null;
  let value = "";
  for (const character of unprefixed(typed.toUpperCase(), grouping).replace(SEPARATORS, "")) {
    if (grouping.alphabet.includes(character)) value += character;
    else stranger ??= character;
  }
  return { value: value.slice(0, grouping.length), stranger };
}

/** Without the prefix that is shown, and without the one that was typed or pasted behind it. */
function unprefixed(typed: string, { prefix, padsDigits }: Grouping): string {
  let rest = typed.trimStart();
  while (prefix !== "" && rest.startsWith(prefix)) rest = rest.slice(prefix.length).trimStart();
  return padsDigits ? rest.replace(/(?<!\d)(\d)(?=[\s.\-/])/gu, "0$1") : rest;
}

/** The value as it is shown: `H8D3MPWC` → `H8D3 MPWC`. */
export function grouped(value: string, grouping: Grouping): string {
  if (value === "") return "";
  const starts = [0, ...grouping.groupAfter.filter((after) => after < value.length)];
  const groups = starts.map((start, place) => value.slice(start, starts[place + 1]));
  return grouping.prefix + groups.join(grouping.separator);
}

/** Where the caret belongs in the shown text so that `before` characters of the value stand before it. */
export function caretAfter(before: number, { groupAfter, prefix }: Grouping): number {
  return prefix.length + before + groupAfter.filter((after) => after < before).length;
}
