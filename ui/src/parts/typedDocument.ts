import { useState } from "react";

import type { DatesOn, DocumentScreen, DocumentTypeView } from "../backend/bindings";
import {
  DAY,
  DOCUMENT_NUMBER,
  grouped,
  MONTH,
  MRZ_DATE,
  SHORT_DAY_LENGTH,
  type Grouping,
} from "../format/grouped";
import { useCall } from "../state/workstation";

/** What was typed since the page appeared; `null`: nothing. What the shell has of it never comes back. */
export interface Typed {
  birthDate: string | null;
  expiryDate: string | null;
  /** The document says that it is valid without an end. */
  unlimited: boolean;
  number: string | null;
}

const nothing: Typed = { birthDate: null, expiryDate: null, unlimited: false, number: null };

/** The document while its type and dates are typed. */
export interface TypedDocument {
  typed: Typed;
  /** What is selected; `undefined`: nothing that the desk knows. */
  type: DocumentTypeView | undefined;
  choose: (documentType: string) => void;
  typeDate: (date: DateName, digits: string) => void;
  /** No more digits come. */
  closeDate: (date: DateName) => void;
  setUnlimited: (unlimited: boolean) => void;
  typeNumber: (number: string) => void;
}

type DateName = "birthDate" | "expiryDate";

/** How a date of a document is written. What may be valid without an end is otherwise valid to the end of a month. */
export function groupingOf(date: DateName, dates: DatesOn): Grouping {
  if (dates.on === "zone") return MRZ_DATE;
  return date === "expiryDate" && dates.unlimited ? MONTH : DAY;
}

/** Complete as it is, or the first digits of a longer one: whoever leaves the field says which. */
export function isShortDay(digits: string | null, grouping: Grouping): boolean {
  return grouping === DAY && digits?.length === SHORT_DAY_LENGTH;
}

export function useTypedDocument(step: DocumentScreen): TypedDocument {
  const call = useCall();
  const [typed, setTyped] = useState(nothing);
  const isScanned = step.scan?.state === "read";
  const [wasScanned, setScanned] = useState(isScanned);
  if (isScanned !== wasScanned) {
    setScanned(isScanned);
    // What was typed so far gives way to what the scanner has read.
    if (isScanned) setTyped(nothing);
  }

  const typeOf = (id: string) => step.types.find((type) => type.id === id);
  const type = typeOf(step.selected);
  const dates = type?.dates ?? { on: "zone" };

  function send(next: Typed, documentType = step.selected) {
    const chosen = typeOf(documentType)?.dates ?? dates;
    const written = (date: DateName) => {
      const digits = next[date];
      return digits === null || chosen.on === "zone" ? digits : grouped(digits, groupingOf(date, chosen));
    };
    const [birthDate, expiryDate] = [written("birthDate"), written("expiryDate")];
    void call("enter_document", { ...next, documentType, birthDate, expiryDate });
  }

  return {
    typed,
    type,
    choose: (documentType) => {
      const { birthDate, expiryDate } = typed;
      const chosen = typeOf(documentType)?.dates ?? dates;
      const isKept = (date: DateName) => groupingOf(date, chosen) === groupingOf(date, dates);
      const kept = {
        ...nothing,
        ...(isKept("birthDate") && { birthDate }),
        ...(isKept("expiryDate") && { expiryDate }),
      };
      setTyped(kept);
      send(kept, documentType);
    },
    typeDate: (date, digits) => {
      const next = { ...typed, [date]: digits };
      setTyped(next);
      const isComplete = digits.length === groupingOf(date, dates).length;
      const isKnownToShell = step[date].state !== "empty";
      if (isComplete || isKnownToShell) send(next);
    },
    closeDate: (date) => {
      if (isShortDay(typed[date], groupingOf(date, dates))) send(typed);
    },
    setUnlimited: (unlimited) => {
      const next = { ...typed, unlimited, expiryDate: unlimited ? null : "" };
      setTyped(next);
      send(next);
    },
    typeNumber: (number) => {
      const next = { ...typed, number };
      setTyped(next);
      const isKnownToShell = step.number !== null && step.number !== "empty";
      if (number.length === DOCUMENT_NUMBER.length || isKnownToShell) send(next);
    },
  };
}
