import type {
  CheckAnswer,
  CheckView,
  DateField,
  DateProblem,
  DocumentScreen,
  DocumentTypeView,
} from "./bindings";

const types: DocumentTypeView[] = [
  { id: "de-id-2021", label: { de: "Personalausweis ab 08/2021", en: "Identity card from 08/2021" } },
  { id: "de-id-2010", label: { de: "Personalausweis bis 07/2021", en: "Identity card until 07/2021" } },
  { id: "de-passport", label: { de: "Reisepass", en: "Passport" } },
  { id: "de-id-provisional", label: { de: "Vorläufiger Personalausweis", en: "Provisional identity card" } },
  { id: "eu-passport", label: { de: "Reisepass EU/EWR/CH", en: "Passport EU/EEA/CH" } },
  { id: "eu-id-2021", label: { de: "EU-Identitätskarte", en: "EU identity card" } },
  { id: "other-passport", label: { de: "Anderer Reisepass", en: "Other passport" } },
  { id: "de-residence-permit", label: { de: "Aufenthaltstitel", en: "Residence permit" } },
];

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
  private birthDate: DateField = { state: "empty" };
  private expiryDate: DateField = { state: "empty" };
  private readonly answers = new Map<string, CheckAnswer>();

  readonly nameInMrz: string;
  private readonly knownBirthDate: string | null;

  /** `knownBirthDate`: `null` of a representative. */
  constructor(knownBirthDate: string | null, nameInMrz: string) {
    this.knownBirthDate = knownBirthDate;
    this.nameInMrz = nameInMrz;
  }

  enter(documentType: string, birthDate: string | null, expiryDate: string | null, today: string) {
    if (documentType !== this.selected) this.answers.clear();
    this.selected = documentType;
    if (birthDate !== null) this.birthDate = this.born(birthDate);
    if (expiryDate !== null) this.expiryDate = valid(expiryDate, today, documentType);
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

  get type(): DocumentTypeView {
    const type = types.find(({ id }) => id === this.selected);
    if (type === undefined) throw new Error(`no document type ${this.selected}`);
    return type;
  }

  view(): DocumentScreen {
    return {
      types,
      selected: this.selected,
      birthDate: this.birthDate,
      expiryDate: this.expiryDate,
      checks: checks.map((check) => ({ ...check, answer: this.answers.get(check.id) ?? null })),
      nameInMrz: this.nameInMrz,
      nameAgrees: this.nameAgrees,
      complete: this.complete,
    };
  }

  private born(typed: string): DateField {
    const known = this.knownBirthDate?.slice(2).replaceAll("-", "") ?? null;
    return checked(typed, (date) => (known === null || date === known ? null : { why: "differs_from_card" }));
  }
}

/** Every type is issued for ten years at most, but for this one. */
const PROVISIONAL = "de-id-provisional";
const PROVISIONAL_MONTHS = 3;

function valid(typed: string, today: string, documentType: string): DateField {
  return checked(typed, (date) => {
    const on = `20${date.slice(0, 2)}-${date.slice(2, 4)}-${date.slice(4)}`;
    if (on < today) return { why: "expired", on };
    const latest = new Date(today);
    latest.setUTCMonth(latest.getUTCMonth() + PROVISIONAL_MONTHS);
    const isTooLong = documentType === PROVISIONAL && on > latest.toISOString().slice(0, 10);
    return isTooLong ? { why: "valid_for_too_long", months: PROVISIONAL_MONTHS } : null;
  });
}

function checked(typed: string, problemOf: (date: string) => DateProblem | null): DateField {
  const bad = (problem: DateProblem): DateField => ({ state: "bad", problem });
  if (!/^\d{7}$/u.test(typed)) return bad({ why: "not_seven_digits" });
  const date = typed.slice(0, 6);
  const month = Number(date.slice(2, 4));
  const day = Number(date.slice(4));
  // The register leaves out what it doesn't know of a birth date.
  const isPartial = date.endsWith("00");
  if (!isPartial && (month < 1 || month > 12 || day < 1 || day > 31)) return bad({ why: "no_such_day" });
  if (checkDigit(date) !== Number(typed.slice(6))) return bad({ why: "check_digit_wrong" });
  const problem = problemOf(date);
  return problem === null ? { state: "good" } : bad(problem);
}
