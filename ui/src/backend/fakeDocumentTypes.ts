import type { ChipKey, DocumentTypeView, Level } from "./bindings";

/** A type of the catalogue in memory. */
export interface FakeDocumentType extends Omit<DocumentTypeView, "suffices"> {
  /** The best level that it reaches. */
  cap: Level;
  /** Months for which it is issued at most. */
  longestMonths?: number;
  /** Its number has a check character that is looked at. */
  hasNumber?: boolean;
  /** What opens its chip, if it may be read. */
  chipKeys?: ChipKey[];
}

const zone = { dates: { on: "zone" }, cap: "high" } as const;
const print = { dates: { on: "print", unlimited: false }, cap: "normal" } as const;

export const documentTypes: FakeDocumentType[] = [
  {
    id: "de-id-2021",
    label: { de: "Personalausweis ab 08/2021", en: "Identity card from 08/2021" },
    ...zone,
  },
  {
    id: "de-id-2010",
    label: { de: "Personalausweis bis 07/2021", en: "Identity card until 07/2021" },
    ...zone,
  },
  { id: "de-passport", label: { de: "Reisepass", en: "Passport" }, ...zone, chipKeys: ["number"] },
  {
    id: "de-id-provisional",
    label: { de: "Vorläufiger Personalausweis", en: "Provisional identity card" },
    ...zone,
    cap: "substantial",
    longestMonths: 3,
  },
  {
    id: "eu-passport",
    label: { de: "Reisepass EU/EWR/CH", en: "Passport EU/EEA/CH" },
    ...zone,
    chipKeys: ["number"],
  },
  {
    id: "eu-id-2021",
    label: { de: "EU-Identitätskarte", en: "EU identity card" },
    ...zone,
    chipKeys: ["can", "number"],
  },
  {
    id: "other-passport",
    label: { de: "Anderer Reisepass", en: "Other passport" },
    ...zone,
    cap: "substantial",
  },
  {
    id: "de-residence-permit",
    label: { de: "Aufenthaltstitel", en: "Residence permit" },
    ...zone,
    chipKeys: ["can", "number"],
  },
  { id: "de-licence", label: { de: "Führerschein", en: "Driving licence" }, ...print, hasNumber: true },
  {
    id: "de-disabled-pass",
    label: { de: "Schwerbehindertenausweis", en: "Severely disabled person’s pass" },
    ...print,
    dates: { on: "print", unlimited: true },
  },
];

const LEVELS: Level[] = ["none", "normal", "substantial", "high"];

/** `reached` is `needed`, or more. */
export function isEnough(reached: Level, needed: Level): boolean {
  return LEVELS.indexOf(reached) >= LEVELS.indexOf(needed);
}
