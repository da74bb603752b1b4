import type { ChipCounts, FaceAnswer, SummaryRow } from "../backend/bindings";
import { m } from "../paraglide/messages";
import { carers } from "./people";
import { localized } from "./visit";

/** One row of the table of what was proven. */
export interface SummaryRowText {
  check: string;
  result: string;
  tone: "good" | "attention" | "bad";
  evidence: string;
}

const faceResults: Record<FaceAnswer, () => Pick<SummaryRowText, "result" | "tone">> = {
  matches: () => ({ result: m.summary_person_matches(), tone: "good" }),
  doubt: () => ({ result: m.summary_person_doubt(), tone: "attention" }),
  does_not_match: () => ({ result: m.summary_person_does_not_match(), tone: "bad" }),
};

const chipResults: Record<ChipCounts, () => Omit<SummaryRowText, "check">> = {
  proves: () => ({
    result: m.summary_chip_proves(),
    tone: "good",
    evidence: m.summary_chip_proves_evidence(),
  }),
  nothing: () => ({
    result: m.summary_chip_nothing(),
    tone: "attention",
    evidence: m.summary_chip_nothing_evidence(),
  }),
  contradicts: () => ({
    result: m.summary_chip_contradicts(),
    tone: "bad",
    evidence: m.summary_chip_contradicts_evidence(),
  }),
};

export function summaryRow(row: SummaryRow): SummaryRowText {
  switch (row.what) {
    case "insurance":
      return row.asked
        ? {
            check: m.summary_insurance(),
            result: m.summary_insurance_confirmed(),
            tone: "good",
            evidence: row.withCard ? m.summary_insurance_evidence() : m.summary_insurance_evidence_number(),
          }
        : {
            check: m.summary_insurance(),
            result: m.summary_insurance_not_asked(),
            tone: "attention",
            evidence: m.summary_insurance_evidence_not_asked(),
          };
    case "representative":
      return {
        check: m.summary_representative(),
        result: m.summary_representative_registered(),
        tone: "good",
        evidence: carers[row.kind](),
      };
    case "document": {
      const { passed, total } = row;
      return {
        check: m.summary_document(),
        result: passed === total ? m.summary_document_good() : m.summary_document_partly(),
        tone: passed === total ? "good" : "attention",
        evidence: m.summary_document_evidence({ document: localized(row.document), passed, total }),
      };
    }
    case "chip":
      return { check: m.summary_chip(), ...chipResults[row.counts]() };
    case "person":
      return { check: m.summary_person(), ...faceResults[row.face](), evidence: m.summary_person_evidence() };
    case "second_look":
      return { check: m.summary_second_look(), ...secondLook(row.needed, row.by) };
  }
}

function secondLook(needed: boolean, by: string | null): Omit<SummaryRowText, "check"> {
  if (by !== null) {
    return {
      result: m.summary_second_look_done(),
      tone: "good",
      evidence: m.summary_second_look_evidence_done({ by }),
    };
  }
  if (needed) {
    return {
      result: m.summary_second_look_needed(),
      tone: "attention",
      evidence: m.summary_second_look_evidence(),
    };
  }
  return {
    result: m.summary_second_look_not_needed(),
    tone: "good",
    evidence: m.summary_second_look_evidence_none(),
  };
}
