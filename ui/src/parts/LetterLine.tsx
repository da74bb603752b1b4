import type { VisitPane } from "../backend/bindings";
import { m } from "../paraglide/messages";
import { spokenName } from "../texts/people";

import "./LetterLine.css";

interface LetterLineProps {
  /** Letter `place` of `count`, from 1. */
  place: number;
  count: number;
  pane: VisitPane;
}

/** Which letter of the visit it is, and for whom. Nothing where there is but one of one's own. */
export function LetterLine({ place, count, pane }: LetterLineProps) {
  if (count <= 1 && pane.carer === null) return null;
  const name = spokenName(pane.subject ?? pane.acting);
  const text = count <= 1 ? m.letter_for({ name }) : m.letter_place({ place, count, name });
  return <p className="letter-line">{text}</p>;
}
