import type { ClockView, Desk, LineView, OfflineObstacle } from "../backend/bindings";
import { momentNear } from "../format/dates";
import { m } from "../paraglide/messages";
import { isForAll, isOutOfService, type Circumstances } from "../state/line";
import type { Status } from "./desk";
import type { Advice } from "./errors";

/** What can't be done without a line, and what to do instead. */
export const offlineObstacles: Record<OfflineObstacle, () => Advice> = {
  representation: () => ({ what: m.offline_representation_what(), next: m.offline_representation_next() }),
  level: () => ({ what: m.offline_level_what(), next: m.offline_level_next() }),
  health_card: () => ({ what: m.offline_health_card_what(), next: m.offline_health_card_next() }),
  codes: () => ({ what: m.offline_codes_what(), next: m.offline_codes_next() }),
  lease: () => ({ what: m.offline_lease_what(), next: m.offline_lease_next() }),
  staff: () => ({ what: m.offline_staff_what(), next: m.offline_staff_next() }),
  sealing_key: () => ({ what: m.offline_sealing_key_what(), next: m.offline_sealing_key_next() }),
};

/** How long the line has been gone, and what becomes of that; `null`: it is there, or nobody has asked yet. */
export function lineText(line: LineView, now: number): string | null {
  if (line.state === "unknown" || line.state === "connected") return null;
  const since = momentNear(line.since, now);
  switch (line.state) {
    case "offline": {
      const codes = m.status_line_codes({ count: line.codesLeft });
      return m.status_line_offline({ since, codes, until: momentNear(line.until, now) });
    }
    case "delivery_only":
      return m.status_line_delivery_only({ since, until: momentNear(line.until, now) });
    case "locked":
      return m.status_line_locked({ since });
  }
}

/** The clock in the status line; `null`: it is right. */
export function clockStatus(clock: ClockView): Status | null {
  switch (clock.state) {
    case "right":
      return null;
    case "off":
      return { sign: "attention", text: off(clock.minutes) };
    case "wrong":
      return { sign: "broken", text: off(clock.minutes) };
    case "stepped_back":
      return { sign: "broken", text: m.status_clock_stepped_back() };
  }
}

function off(minutes: number): string {
  return minutes < 0 ? m.status_clock_behind({ minutes: -minutes }) : m.status_clock_ahead({ minutes });
}

/** How the clock is, where its name stands beside it. */
export function clockText(clock: ClockView): string {
  switch (clock.state) {
    case "right":
      return m.state_clock_right();
    case "off":
    case "wrong":
      return m.state_clock_off({
        clock:
          clock.minutes < 0
            ? m.clock_off_behind({ minutes: -clock.minutes })
            : m.clock_off_ahead({ minutes: clock.minutes }),
      });
    case "stepped_back":
      return m.state_clock_off({ clock: m.clock_stepped_back() });
  }
}

/** What isn't possible just now, in one sentence. */
export interface Limit {
  /** Nothing that leads to a code; else only some of it. */
  isForAll: boolean;
  text: string;
}

/** `null`: everything is possible. */
export function limit(circumstances: Circumstances): Limit | null {
  const text = limitText(circumstances);
  return text === null ? null : { isForAll: isForAll(circumstances), text };
}

function limitText({ line, clock, obstacles: { withCard } }: Circumstances): string | null {
  if (isOutOfService(withCard)) return m.limit_out_of_service();
  if (line.state === "locked") return m.limit_locked();
  if (line.state === "delivery_only") return m.limit_codes();
  if (clock.state === "stepped_back") return m.limit_clock_stepped_back();
  if (clock.state === "wrong") return m.limit_clock();
  if (line.state !== "offline") return null;
  if (withCard?.code === "offline_not_possible" && withCard.params.why === "staff") return m.limit_staff();
  return line.codesLeft === 0 ? m.limit_codes() : m.limit_offline();
}

/** What works and what doesn't, for whoever wants to know it all. */
export interface Possibilities {
  not: string[];
  possible: string[];
}

export function possibilities(circumstances: Circumstances): Possibilities {
  const { line } = circumstances;
  if (line.state === "locked" || isOutOfService(circumstances.obstacles.withCard)) {
    return { not: [m.state_visits()], possible: [] };
  }
  if (isForAll(circumstances)) {
    return { not: [m.state_new_codes()], possible: [m.state_possible_hand_over()] };
  }
  if (line.state !== "offline") return { not: [], possible: [] };
  return {
    not: [m.state_carer(), m.state_without_card(), m.state_epa()],
    possible: [m.state_possible_codes({ count: line.codesLeft }), m.state_possible_hand_over()],
  };
}

/** How many messages wait. */
export function outboxText({ outbox }: Pick<Desk, "outbox">): string {
  return outbox === 0 ? m.state_outbox_empty() : m.state_outbox_waiting({ count: outbox });
}
