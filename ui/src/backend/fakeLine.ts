import type { AppError, Desk, Obstacles, OfflineObstacle, Screen, VisitPane } from "./bindings";

type Line = Pick<Desk, "line" | "clock">;

const offline = (why: OfflineObstacle): AppError => ({ code: "offline_not_possible", params: { why } });

const hasShownCard = ({ proven }: VisitPane) => proven.some(({ what }) => what === "health_card_read");

/** What is known of desk and staff beside line and clock. */
interface Standing {
  /** Whoever works here was here with a line lately. */
  knowsStaff: boolean;
  /** Nobody is served here, and why. */
  outOfService: AppError | null;
}

/** What stands against everybody. */
function against({ line, clock }: Line, { knowsStaff, outOfService }: Standing): AppError | null {
  if (outOfService !== null) return outOfService;
  if (clock.state === "wrong" || clock.state === "stepped_back") return { code: "clock_wrong" };
  if (line.state === "locked") return { code: "line_lost" };
  if (line.state === "delivery_only") return offline("lease");
  if (line.state !== "offline") return null;
  if (line.codesLeft === 0) return offline("codes");
  return knowsStaff ? null : offline("staff");
}

/** As the shell's rules say it. */
export function fakeObstacles(desk: Line, standing: Standing): Obstacles {
  const all = against(desk, standing);
  const without = (why: OfflineObstacle) => all ?? (desk.line.state === "offline" ? offline(why) : null);
  return {
    withCard: all,
    byNumber: without("health_card"),
    asRepresentative: without("representation"),
  };
}

/** A visit's screen, with what line and clock don't allow at this moment. */
export function withObstacles(screen: Screen, desk: Line, standing: Standing): Screen {
  const { withCard, byNumber, asRepresentative } = fakeObstacles(desk, standing);
  const isOffline = desk.line.state === "offline";
  const level = isOffline ? offline("level") : null;
  if (screen.kind === "concern") {
    const { step, pane } = screen;
    const purposes = step.purposes.map((option) => ({
      ...option,
      against: option.purpose === "epa" ? level : null,
    }));
    return { ...screen, step: { ...step, purposes, against: hasShownCard(pane) ? withCard : byNumber } };
  }
  if (screen.kind === "summary") {
    const isEpa = screen.step.concerns.some(({ purpose }) => purpose === "epa");
    const own = withCard ?? (isEpa ? level : hasShownCard(screen.pane) ? null : byNumber);
    return {
      ...screen,
      step: { ...screen.step, against: screen.pane.carer === null ? own : asRepresentative },
    };
  }
  return screen;
}
