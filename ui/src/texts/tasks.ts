import type { TaskReason, TaskSubject, TaskView } from "../backend/bindings";
import { m } from "../paraglide/messages";

/** What a supervisor has to do. */
export interface TaskText {
  title: string;
  next: string;
  /** Why, as IT support or the account service will want to know it. */
  why: string;
}

const subjects: Record<TaskSubject, () => Omit<TaskText, "why">> = {
  identification: () => ({ title: m.task_identification_title(), next: m.task_identification_next() }),
  representation: () => ({ title: m.task_representation_title(), next: m.task_representation_next() }),
  code: () => ({ title: m.task_code_title(), next: m.task_code_next() }),
  hand_over: () => ({ title: m.task_hand_over_title(), next: m.task_hand_over_next() }),
  void: () => ({ title: m.task_void_title(), next: m.task_void_next() }),
  review: () => ({ title: m.task_review_title(), next: m.task_review_next() }),
  blocking: () => ({ title: m.task_blocking_title(), next: m.task_blocking_next() }),
  refusal: () => ({ title: m.task_refusal_title(), next: m.task_refusal_next() }),
  segment: () => ({ title: m.task_segment_title(), next: m.task_segment_next() }),
  other: () => ({ title: m.task_other_title(), next: m.task_other_next() }),
};

function reason(why: TaskReason): string {
  switch (why.kind) {
    case "refused":
      return m.task_refused({ problem: why.problem });
    case "unreadable":
      return m.task_unreadable();
  }
}

export function taskText({ what, why }: TaskView): TaskText {
  return { ...subjects[what](), why: reason(why) };
}
