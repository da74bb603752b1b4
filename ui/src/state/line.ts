import type { AppError, Desk, OfflineObstacle, Purpose } from "../backend/bindings";

/** What decides whether something can be done: the line to the account service, and the clock. */
export type Circumstances = Pick<Desk, "line" | "clock">;

/** What somebody wants to do. */
export type Undertaking = "visit_with_card" | "visit_by_number" | "visit_of_carer" | "epa";

const WITHOUT_LINE: Record<Undertaking, OfflineObstacle | null> = {
  visit_with_card: null,
  visit_by_number: "health_card",
  visit_of_carer: "representation",
  epa: "level",
};

const offline = (why: OfflineObstacle): AppError => ({ code: "offline_not_possible", params: { why } });

/**
 * Why `undertaking` can't lead to a code just now: what the shell would answer with in the end, said where it begins.
 * `null`: nothing stands against it.
 */
export function obstacle({ line, clock }: Circumstances, undertaking: Undertaking): AppError | null {
  if (line.state === "locked") return { code: "line_lost" };
  if (line.state === "delivery_only") return offline("lease");
  if (clock.state === "wrong" || clock.state === "stepped_back") return { code: "clock_wrong" };
  if (line.state !== "offline") return null;
  const why = WITHOUT_LINE[undertaking] ?? (line.codesLeft === 0 ? "codes" : null);
  return why === null ? null : offline(why);
}

/** Whether what was begun with a card fails for everybody. */
export function isForAll(circumstances: Circumstances): boolean {
  return obstacle(circumstances, "visit_with_card") !== null;
}

/** What somebody wants who comes for `purpose`, and who made themselves known by a card or not. */
export function undertakingOf(purpose: Purpose | null, isCarer: boolean, hasShownCard: boolean): Undertaking {
  if (isCarer) return "visit_of_carer";
  if (purpose === "epa") return "epa";
  return hasShownCard ? "visit_with_card" : "visit_by_number";
}
