import { useEffect, useRef, useState, type RefObject } from "react";

import type { AppError, Field } from "../backend/bindings";
import { useWorkstationState } from "../state/workstation";
import { advice } from "../texts/errors";
import { fieldProblem } from "../texts/fields";

/** A problem that belongs to one field, until the clerk edits it. */
export interface FieldProblemView {
  text: string | null;
  /** To be called when the field is edited. */
  edited: () => void;
}

/** The shell's verdict on `field`. The focus goes there when the verdict comes. */
export function useFieldProblem(field: Field, element: RefObject<HTMLElement | null>): FieldProblemView {
  const { notice } = useWorkstationState();
  const [dismissed, setDismissed] = useState(false);
  const problem = problemOf(notice, field);

  const shownBefore = useRef(false);
  useEffect(() => {
    const isNew = problem !== null && !shownBefore.current;
    shownBefore.current = problem !== null;
    if (isNew) {
      setDismissed(false);
      element.current?.focus();
    }
  }, [problem, element]);

  return { text: dismissed ? null : problem, edited: () => setDismissed(true) };
}

function problemOf(notice: AppError | null, field: Field): string | null {
  if (notice?.code === "field_invalid" && notice.params.field === field) {
    return fieldProblem(field, notice.params.problem);
  }
  if (notice?.code === "pin_wrong" && field === "pin") {
    const { what, next } = advice(notice);
    return `${what} ${next}`;
  }
  return null;
}
