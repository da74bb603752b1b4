import type { AccessReason, HoldReason, HoldView, VisitRow } from "../backend/bindings";
import { day, shortDay } from "../format/dates";
import { m } from "../paraglide/messages";

/** Because of what it is kept. */
const becauseOf: Record<HoldReason, () => string> = {
  complaint: m.hold_reason_complaint,
  investigation: m.hold_reason_investigation,
  legal_proceedings: m.hold_reason_legal_proceedings,
  authority: m.hold_reason_authority,
  restriction: m.hold_reason_restriction,
};

/** As choices. */
export const holdReasons: Record<HoldReason, () => string> = {
  complaint: m.hold_choice_complaint,
  investigation: m.hold_choice_investigation,
  legal_proceedings: m.hold_choice_legal_proceedings,
  authority: m.hold_choice_authority,
  restriction: m.hold_choice_restriction,
};

export const accessReasons: Record<AccessReason, () => string> = {
  inquiry: m.access_reason_inquiry,
  complaint: m.access_reason_complaint,
  data_access: m.access_reason_data_access,
  correction: m.access_reason_correction,
};

/** When what is personal of a visit goes. */
export interface DeletionText {
  /** It is kept although its time is over, or will be. */
  isHeld: boolean;
  text: string;
  detail: string | null;
}

/** In a column of its own. */
export function deletion(visit: VisitRow): DeletionText {
  const { held, deleteOn, wiped } = visit;
  if (held !== null) return { isHeld: true, text: m.held_badge(), detail: since(m.held_short, held) };
  if (wiped) return { isHeld: false, text: m.deletion_done(), detail: null };
  if (deleteOn === null) return { isHeld: false, text: m.deletion_open(), detail: null };
  return { isHeld: false, text: m.deletion_on({ date: day(deleteOn) }), detail: null };
}

/** As sentences. */
export function deletionSentence(visit: VisitRow): DeletionText {
  const { held, deleteOn, wiped } = visit;
  if (held !== null) {
    const otherwise = deleteOn === null ? null : m.held_until({ date: day(deleteOn) });
    const detail = [m.held_by({ name: held.by }), otherwise].filter(Boolean).join(" · ");
    return { isHeld: true, text: since(m.held_since, held), detail };
  }
  if (wiped) return { isHeld: false, text: m.deletion_done(), detail: null };
  if (deleteOn === null) {
    return { isHeld: false, text: m.deletion_open(), detail: m.deletion_open_detail() };
  }
  return { isHeld: false, text: m.deletion_will({ date: day(deleteOn) }), detail: null };
}

function since(message: (inputs: { date: string; reason: string }) => string, held: HoldView): string {
  return message({ date: shortDay(held.since), reason: becauseOf[held.reason]() });
}
