import { clock } from "../format/dates";
import { m } from "../paraglide/messages";
import { useNow } from "../state/clock";
import { Notice } from "./Notice";

const MINUTE = 60_000;
/** The shell warns from here on as well: five minutes before the code is void. */
const LATE = 5 * MINUTE;
/** Minutes at which the time left is said aloud; in between it is only shown. */
const SAID_AT = [10, 5, 2, 1];

/** How long the code still waits for its hand-over. `voidAt` is RFC 3339. */
export function Countdown({ voidAt }: { voidAt: string }) {
  const left = Date.parse(voidAt) - useNow();
  const said = SAID_AT.findLast((minutes) => left <= minutes * MINUTE);
  const isOver = left <= 0;
  return (
    <>
      <Notice tone={left <= LATE ? "bad" : "attention"} title={m.hand_over_not_effective()}>
        {isOver ? m.hand_over_expired() : m.hand_over_countdown()}{" "}
        {!isOver && <strong className="countdown">{clock(left)}</strong>}
      </Notice>
      <p className="kern-sr-only" aria-live="polite" data-testid="countdown-said">
        {isOver && m.hand_over_expired()}
        {!isOver && said !== undefined && m.hand_over_announce({ minutes: said })}
      </p>
    </>
  );
}
