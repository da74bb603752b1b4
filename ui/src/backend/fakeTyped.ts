import type { DocumentInput } from "./bindings";
import { checkDigit } from "./fakeDocument";

// What the clerk reads off Bernd Buntspecht's phone and document.

export const withCheckDigit = (date: string) => `${date}${String(checkDigit(date))}`;

export const BIRTH_DATE = withCheckDigit("880622");
export const EXPIRY_DATE = withCheckDigit("310731");
export const EXPIRED_DATE = withCheckDigit("240331");
export const VISIT_NUMBER = "H8D3MPWC";
/** The worked example that explains how a German driving licence's number is checked. */
export const LICENCE_NUMBER = "B072RRE2I55";

/** A document as it is typed: its type and both dates. */
export function typedDocument(
  documentType: string,
  birthDate: string = BIRTH_DATE,
  expiryDate: string = EXPIRY_DATE,
): DocumentInput {
  return { documentType, birthDate, expiryDate, unlimited: false, number: null };
}
