import { useRef } from "react";

import type { DatesOn, DocumentScreen, VisitPane } from "../backend/bindings";
import { m } from "../paraglide/messages";
import { hasShownCard } from "../texts/visit";
import { DateField } from "./DateField";
import { DocumentNumberField } from "./DocumentNumberField";
import { ScanHint } from "./ScanHint";
import { Toggle } from "./Toggle";
import type { TypedDocument } from "./typedDocument";

import "./DocumentDates.css";

interface DocumentDatesProps {
  step: DocumentScreen;
  pane: VisitPane;
  dates: DatesOn;
  document: TypedDocument;
  /** All is typed and right: the focus can move on. */
  onGood: () => void;
}

/** What is read off the document: when the person was born, until when it is valid, and the number where one is checked. */
export function DocumentDates({ step, pane, dates, document, onGood }: DocumentDatesProps) {
  const { typed, typeDate, closeDate, setUnlimited, typeNumber } = document;
  const birthField = useRef<HTMLInputElement>(null);
  const expiryField = useRef<HTMLInputElement>(null);
  const numberField = useRef<HTMLInputElement>(null);
  const known = step.scan?.state === "read" ? m.document_scanned() : m.document_digits_kept();
  return (
    <div className="document-dates">
      <div className="document-dates__fields">
        <DateField
          // A field for other characters: nothing of the last one is its own.
          key={`birth-${dates.on}`}
          field="birth_date"
          dates={dates}
          state={step.birthDate}
          typed={typed.birthDate}
          known={known}
          onType={(digits) => typeDate("birthDate", digits)}
          onClose={() => closeDate("birthDate")}
          praise={birthPraise(pane, dates)}
          onGood={() => expiryField.current?.focus()}
          autoFocus
          inputRef={birthField}
        />
        <div className="document-dates__expiry">
          <DateField
            key={`expiry-${dates.on === "print" && dates.unlimited ? "month" : dates.on}`}
            field="expiry_date"
            dates={dates}
            state={step.expiryDate}
            typed={typed.expiryDate}
            known={typed.unlimited ? "" : known}
            onType={(digits) => typeDate("expiryDate", digits)}
            onClose={() => closeDate("expiryDate")}
            praise={expiryPraise(dates, typed.unlimited)}
            onGood={() => (step.number === null ? onGood() : numberField.current?.focus())}
            isDisabled={typed.unlimited}
            inputRef={expiryField}
          />
          {dates.on === "print" && dates.unlimited && (
            <Toggle label={m.document_unlimited()} isSelected={typed.unlimited} onChange={setUnlimited} />
          )}
        </div>
        {step.number !== null && (
          <DocumentNumberField
            state={step.number}
            typed={typed.number}
            onType={typeNumber}
            onGood={onGood}
            inputRef={numberField}
          />
        )}
      </div>
      {step.scan !== null && <ScanHint scan={step.scan} />}
    </div>
  );
}

/** What the typed birth date was compared with. */
function birthPraise(pane: VisitPane, { on }: DatesOn): string {
  const isZone = on === "zone";
  if (pane.carer !== null) {
    return isZone ? m.document_birth_good_carer() : m.document_birth_good_printed_carer();
  }
  if (hasShownCard(pane)) return isZone ? m.document_birth_good() : m.document_birth_good_printed();
  return isZone ? m.document_birth_good_number() : m.document_birth_good_printed_number();
}

function expiryPraise({ on }: DatesOn, isUnlimited: boolean): string {
  if (isUnlimited) return m.document_unlimited_good();
  return on === "zone" ? m.document_expiry_good() : m.document_expiry_good_printed();
}
