import type { ReviewDue, ReviewedPart } from "../backend/bindings";
import { day } from "../format/dates";
import { m } from "../paraglide/messages";
import { levels } from "./visit";

/** What the insurer has to go over, and what that means here. */
export interface ReviewDueText {
  isOverdue: boolean;
  title: string;
  detail: string;
}

const due: Record<ReviewedPart, (inputs: { date: string }) => string> = {
  catalogue: m.review_due_catalogue_title,
  checklist: m.review_due_checklist_title,
};

const overdue: Record<ReviewedPart, () => string> = {
  catalogue: m.review_overdue_catalogue_title,
  checklist: m.review_overdue_checklist_title,
};

export function reviewDue({ part, until, then }: ReviewDue): ReviewDueText {
  const level = levels[then]();
  if (until === null) {
    const detail = then === "none" ? m.review_overdue_then_none() : m.review_overdue_then({ level });
    return { isOverdue: true, title: overdue[part](), detail };
  }
  const detail = then === "none" ? m.review_due_then_none() : m.review_due_then({ level });
  return { isOverdue: false, title: due[part]({ date: day(until) }), detail };
}
