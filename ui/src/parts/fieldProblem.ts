import { useEffect, useRef, useState, type RefObject } from "react";

import type { Field, FieldProblem } from "../backend/bindings";
import { useWorkstationState } from "../state/workstation";
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
  const problem: FieldProblem | null =
    notice?.code === "field_invalid" && notice.params.field === field ? notice.params.problem : null;

  const shownBefore = useRef(false);
  useEffect(() => {
    const isNew = problem !== null && !shownBefore.current;
    shownBefore.current = problem !== null;
    if (isNew) {
      setDismissed(false);
      element.current?.focus();
    }
  }, [problem, element]);

  const text = problem !== null && !dismissed ? fieldProblem(field, problem) : null;
  return { text, edited: () => setDismissed(true) };
}
