import { useEffect, useRef, type RefObject } from "react";

import type { CheckAnswer } from "../backend/bindings";

interface Row {
  id: string;
  answer: CheckAnswer | null;
}

/** The checklist under the function keys: they answer the first open row. */
export interface Checklist {
  /** The first row without an answer. */
  currentId: string | null;
  answerCurrent: (answer: CheckAnswer) => void;
}

/**
 * Keys come faster than snapshots: a row whose answer is on its way counts as answered, so that two presses never answer
 * one row twice.
 */
export function useChecklist(
  rows: Row[],
  send: (id: string, answer: CheckAnswer) => Promise<void>,
): Checklist {
  const onTheirWay = useRef(new Set<string>());
  return {
    currentId: rows.find(({ answer }) => answer === null)?.id ?? null,
    answerCurrent: (answer) => {
      const row = rows.find(({ id, answer }) => answer === null && !onTheirWay.current.has(id));
      if (row === undefined) return;
      onTheirWay.current.add(row.id);
      void send(row.id, answer).then(() => onTheirWay.current.delete(row.id));
    },
  };
}

/**
 * Keeps the focus on the row that the function keys answer: gives back what lets it go along with the next change of the
 * row, if it is in the list at all.
 */
export function useFollowCurrent(
  list: RefObject<HTMLOListElement | null>,
  currentId: string | null,
): () => void {
  const follows = useRef(false);
  useEffect(() => {
    if (follows.current && list.current?.contains(document.activeElement)) focusCurrent(list.current);
    follows.current = false;
  }, [list, currentId]);
  return () => {
    follows.current = true;
  };
}

/** Puts the focus on the current row of a checklist. */
export function focusCurrent(list: HTMLOListElement | null) {
  list?.querySelector<HTMLElement>("[aria-current] input")?.focus();
}
