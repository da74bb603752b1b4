import type {
  CheckAnswer,
  CheckView,
  ChipStep,
  DateField,
  DateProblem,
  DocumentInput,
  DocumentScreen,
  Level,
  NumberField,
  ScanStep,
} from "./bindings";
import { chipConsent } from "./fakeChip";
import { documentTypes, isEnough, type FakeDocumentType } from "./fakeDocumentTypes";

const checks: Omit<CheckView, "answer">[] = [
  {
    id: "front",
    title: { de: "Vorderseite", en: "Front" },
    hint: { de: "Foto und Rand ohne Spuren, Schrift scharf", en: "Photo and edge untouched, print sharp" },
  },
  {
    id: "tilt",
    title: { de: "Kippen", en: "Tilt" },
    hint: {
      de: "Das Foto erscheint ein zweites Mal, die Adler wechseln die Farbe",
      en: "The photo appears a second time, the eagles change colour",
    },
  },
  {
    id: "back",
    title: { de: "Rückseite", en: "Back" },
    hint: {
      de: "Anschrift und Größe plausibel, Hologrammstreifen unbeschädigt",
      en: "Address and height plausible, hologram strip undamaged",
    },
  },
  {
    id: "uv",
    title: { de: "UV-Licht", en: "UV light" },
    hint: {
      de: "Adler leuchten, das Papier selbst bleibt dunkel",
      en: "Eagles glow, the card itself stays dark",
    },
  },
];

/** Check digit of a field of the machine-readable zone: weights 7, 3, 1 (ICAO 9303-3, 4.9). */
export function checkDigit(digits: string): number {
  const weights = [7, 3, 1];
  const sum = Array.from(digits, (digit, place) => Number(digit) * (weights[place % 3] ?? 0)).reduce(
    (a, b) => a + b,
    0,
  );
  return sum % 10;
}

/** The document of the visit in memory: what was typed and answered. */
export class FakeDocument {
  selected = "de-id-2021";
  nameAgrees: CheckAnswer | null = null;
  /** The level that the visit's concerns need. */
  needed: Level = "substantial";
  /** Its chip may be read, for what the person came for. */
  admitsChip = false;
  /** Where its reading stands. */
  chip: ChipStep = { state: "offered", consent: chipConsent };
  scan: ScanStep | null = null;
  private birthDate: DateField = { state: "empty" };
  private expiryDate: DateField = { state: "empty" };
  private number: NumberField = "empty";
  private readonly answers = new Map<string, CheckAnswer>();

  readonly nameInMrz: string;
  private readonly knownBirthDate: string | null;

  /** `knownBirthDate`: `null` of a representative. */
  constructor(knownBirthDate: string | null, nameInMrz: string) {
    this.knownBirthDate = knownBirthDate;
    this.nameInMrz = nameInMrz;
  }

  enter({ documentType, birthDate, expiryDate, unlimited, number }: DocumentInput, today: string) {
    if (documentType !== this.selected) this.choose(documentType);
    if (birthDate !== null) this.birthDate = this.born(birthDate);
    if (expiryDate !== null) this.expiryDate = valid(expiryDate, today, this.type);
    if (unlimited) this.expiryDate = { state: "good" };
    if (number !== null) this.number = licence(number);
  }

  /** Both dates came out of the zone at once. */
  scanned() {
    this.birthDate = this.expiryDate = { state: "good" };
  }

  answer(check: string, answer: CheckAnswer) {
    if (check === "name") this.nameAgrees = answer;
    else this.answers.set(check, answer);
  }

  get passed(): number {
    return [...this.answers.values()].filter((answer) => answer === "pass").length;
  }

  get total(): number {
    return checks.length;
  }

  get suffices(): boolean {
    return isEnough(this.type.cap, this.needed);
  }

  get datesGood(): boolean {
    return this.birthDate.state === "good" && this.expiryDate.state === "good";
  }

  get failed(): boolean {
    return this.nameAgrees === "fail" || [...this.answers.values()].includes("fail");
  }

  get unclear(): boolean {
    return this.nameAgrees === "unclear" || [...this.answers.values()].includes("unclear");
  }

  get complete(): boolean {
    return this.datesGood && this.nameAgrees !== null && this.answers.size === checks.length;
  }

  get type(): FakeDocumentType {
    const type = documentTypes.find(({ id }) => id === this.selected);
    if (type === undefined) throw new Error(`no document type ${this.selected}`);
    return type;
  }

  view(): DocumentScreen {
    const { type, needed } = this;
    const hasChip = this.admitsChip && this.datesGood && type.chipKeys !== undefined;
    return {
      types: documentTypes.map(({ id, label, dates, cap }) => {
        return { id, label, dates, suffices: isEnough(cap, needed) };
      }),
      selected: this.selected,
      birthDate: this.birthDate,
      expiryDate: this.expiryDate,
      number: type.hasNumber === true ? this.number : null,
      scan: type.dates.on === "zone" ? this.scan : null,
      chip: hasChip ? this.chip : null,
      checks: checks.map((check) => ({ ...check, answer: this.answers.get(check.id) ?? null })),
      nameInMrz: this.nameInMrz,
      nameAgrees: this.nameAgrees,
      complete: this.complete,
    };
  }

  /** Another document: what was found of the last one doesn't count. */
  private choose(documentType: string) {
    this.selected = documentType;
    this.answers.clear();
    this.birthDate = this.expiryDate = { state: "empty" };
    this.number = "empty";
    this.chip = { state: "offered", consent: chipConsent };
  }

  private born(typed: string): DateField {
    const known = this.knownBirthDate;
    return checked(typed, this.type, (date) => {
      return known === null || known.endsWith(date) ? null : { why: "differs_from_card" };
    });
  }
}

function valid(typed: string, today: string, type: FakeDocumentType): DateField {
  const { dates, longestMonths } = type;
  return checked(dates.on === "print" && dates.unlimited ? lastDayOf(typed) : typed, type, (date) => {
    const on = date.length === SHORT_DATE ? `20${date}` : date;
    if (on < today) return { why: "expired", on };
    if (longestMonths === undefined) return null;
    const latest = new Date(today);
    latest.setUTCMonth(latest.getUTCMonth() + longestMonths);
    return on > latest.toISOString().slice(0, 10)
      ? { why: "valid_for_too_long", months: longestMonths }
      : null;
  });
}

const SHORT_DATE = "YY-MM-DD".length;

/** `MM/JJJJ` → its last day, `TT.MM.JJJJ`. */
function lastDayOf(typed: string): string {
  const [month = "", year = ""] = typed.split("/");
  const lastDay = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return `${String(lastDay)}.${month}.${year}`;
}

/** `problemOf` is asked about `YYYY-MM-DD`, or `YY-MM-DD` as zones and licences have it. */
function checked(
  typed: string,
  { dates }: FakeDocumentType,
  problemOf: (date: string) => DateProblem | null,
): DateField {
  const bad = (problem: DateProblem): DateField => ({ state: "bad", problem });
  const isPrinted = dates.on === "print";
  const form = isPrinted ? /^(\d\d)\.(\d\d)\.(\d\d|\d{4})$/u : /^(\d\d)(\d\d)(\d\d)\d$/u;
  const parts = form.exec(typed)?.slice(1);
  if (parts === undefined) return bad({ why: isPrinted ? "not_a_date" : "not_seven_digits" });
  const [year = "", month = "", day = ""] = isPrinted ? parts.reverse() : parts;
  // The register leaves out what it doesn't know of a birth date.
  const isPartial = !isPrinted && month + day === "0000";
  if (!isPartial && (Number(month) < 1 || Number(month) > 12 || Number(day) < 1 || Number(day) > 31)) {
    return bad({ why: "no_such_day" });
  }
  if (!isPrinted && checkDigit(typed.slice(0, 6)) !== Number(typed.slice(6))) {
    return bad({ why: "check_digit_wrong" });
  }
  const problem = problemOf(`${year}-${month}-${day}`);
  return problem === null ? { state: "good" } : bad(problem);
}

/** Nine characters, weighted 9 to 1, letters from A = 10; the tenth is their sum modulo 11, X for 10. */
function licence(typed: string): NumberField {
  if (typed === "") return "empty";
  if (!/^[\dA-Z]{11}$/u.test(typed)) return "malformed";
  const sum = Array.from(typed.slice(0, 9), (each, place) => parseInt(each, 36) * (9 - place)).reduce(
    (a, b) => a + b,
    0,
  );
  return "0123456789X"[sum % 11] === typed[9] ? "good" : "check_character_wrong";
}
