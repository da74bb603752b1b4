import type { AppError, Desk } from "../backend/bindings";

/** What decides whether something can be done: the line to the account service, and the clock. The shell says what doesn't. */
export type Circumstances = Pick<Desk, "line" | "clock" | "obstacles">;

/** Whether nothing that is begun now leads to a code, for anybody. */
export function isForAll({ obstacles }: Pick<Desk, "obstacles">): boolean {
  return obstacles.withCard !== null;
}

/** Whether nobody is served at this desk, until somebody who looks after it has done something. */
export function isOutOfService(against: AppError | null): boolean {
  return against?.code === "desk_locked" || against?.code === "records_behind";
}
