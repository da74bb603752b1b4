import type {
  ChipCheckName,
  ChipCounts,
  ChipFace,
  ChipKey,
  ChipKeyInput,
  ChipLine,
  ChipProblem,
  ChipReadStep,
  ChipStep,
  ConsentText,
} from "./bindings";
import fakeFaceUrl from "./fakeFace.svg";

/** Nobody's picture. */
export { fakeFaceUrl };

/** What opens every chip at the desk in memory: a specimen's number with its check digit, or the number on the front. */
export const CHIP_KEYS: Record<ChipKey, string> = { number: "C01X00T478", can: "123123" };

/** What the person agrees to. */
export const chipConsent: ConsentText = {
  wording: "chip-consent@1",
  heading: { de: "Dürfen wir den Chip Ihres Ausweises lesen?", en: "May we read the chip of your document?" },
  paragraphs: [
    {
      de: "Wir lesen Foto, Art des Dokuments, Namen, Geburtsdatum und Ablaufdatum und prüfen, ob der Chip echt ist. Damit stellen wir fest, dass Sie es sind, und schalten Ihre elektronische Patientenakte frei.",
      en: "We read photo, type of document, names, date of birth and date of expiry and check whether the chip is genuine. So we establish that it is you, and activate your electronic patient record.",
    },
    {
      de: "Nichts davon wird gespeichert. Wir halten nur fest, ob der Chip echt ist und Ihre Angaben übereinstimmen.",
      en: "Nothing of it is stored. We only record whether the chip is genuine and your details agree.",
    },
    {
      de: "Sie können jederzeit nein sagen oder Ihre Einwilligung zurücknehmen. Dann prüfen wir Ihren Ausweis mit den Augen. Das hat für Sie keine Nachteile.",
      en: "You can say no or take back your consent at any time. Then we check your document by eye. That has no disadvantage for you.",
    },
  ],
};

const CHECKS: ChipCheckName[] = [
  "data",
  "signature",
  "issuer",
  "revocation",
  "document_type",
  "country",
  "copy",
  "name",
  "birth_date",
  "expiry",
  "face",
];

/** Every check of a chip, valid but for `others`. */
export function chipLines(others: Partial<Record<ChipCheckName, ChipLine["state"]>> = {}): ChipLine[] {
  return CHECKS.map((check) => ({ check, state: others[check] ?? { state: "valid" } }));
}

/** A chip that was read: original, and everything agrees. */
export function chipRead(counts: ChipCounts = "proves", lines: ChipLine[] = chipLines()): ChipStep {
  return { state: "read", lines, counts };
}

/** The picture out of the chip in memory. */
export const fakeFace: ChipFace = { token: "fake", width: 413, height: 531 };

export function needsKey(keys: ChipKey[], problem: ChipProblem | null = null): ChipStep {
  return { state: "needs_key", keys, problem };
}

/** What becomes of a key that was typed. */
export function afterKey({ key, value }: ChipKeyInput, keys: ChipKey[]): ChipStep {
  const isWhole = key === "can" ? /^\d{6}$/u.test(value) : /^[\dA-Z<]{9}\d$/u.test(value);
  if (!isWhole) return needsKey(keys, { why: key === "can" ? "can_malformed" : "number_malformed" });
  return value === CHIP_KEYS[key] ? { state: "needs_document" } : needsKey(keys, { why: "wrong_key", key });
}

const READ_STEPS: ChipReadStep[] = ["opening", "data", "genuine", "face"];

/** The reading after so many of its steps. */
export function chipReading(done: number): ChipStep {
  const step = READ_STEPS[done];
  return step === undefined ? chipRead() : { state: "reading", step, done, total: READ_STEPS.length };
}
