import type { FaceAnswer, SummaryRow } from "../backend/bindings";
import { m } from "../paraglide/messages";
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

export function summaryRow(row: SummaryRow): SummaryRowText {
  switch (row.what) {
    case "insurance":
      return row.accountRegistered
        ? {
            check: m.summary_insurance(),
            result: m.summary_insurance_confirmed(),
            tone: "good",
            evidence: m.summary_insurance_evidence(),
          }
        : {
            check: m.summary_insurance(),
            result: m.summary_insurance_unregistered(),
            tone: "attention",
            evidence: m.summary_insurance_evidence_unregistered(),
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
    case "person":
      return { check: m.summary_person(), ...faceResults[row.face](), evidence: m.summary_person_evidence() };
    case "second_look":
      return row.needed
        ? {
            check: m.summary_second_look(),
            result: m.summary_second_look_needed(),
            tone: "attention",
            evidence: m.summary_second_look_evidence(),
          }
        : {
            check: m.summary_second_look(),
            result: m.summary_second_look_not_needed(),
            tone: "good",
            evidence: m.summary_second_look_evidence_none(),
          };
  }
}
