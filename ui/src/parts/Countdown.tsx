import { clock } from "../format/dates";
import { m } from "../paraglide/messages";
import { useNow } from "../state/clock";
import { Notice } from "./Notice";

const MINUTE = 60_000;
/** Minutes at which the time left is said aloud; in between it is only shown. */
const SAID_AT = [10, 5, 2, 1];

interface CountdownProps {
  /** RFC 3339: from then on it is a warning. */
  warnAt: string;
  /** RFC 3339: the code is void from then on. */
  voidAt: string;
  /** After the hand-over the back office has to release the code. */
  needsRelease: boolean;
}

/** How long the code still waits for its hand-over. */
export function Countdown({ warnAt, voidAt, needsRelease }: CountdownProps) {
  const now = useNow();
  const left = Date.parse(voidAt) - now;
  const isLate = now >= Date.parse(warnAt);
  const said = SAID_AT.findLast((minutes) => left <= minutes * MINUTE);
  const isOver = left <= 0;
  return (
    <>
      <Notice tone={isLate ? "bad" : "attention"} title={m.hand_over_not_effective()}>
        {!isOver && (needsRelease ? m.hand_over_countdown_release() : m.hand_over_countdown())}
        {isOver && m.hand_over_expired()} {!isOver && <strong className="countdown">{clock(left)}</strong>}
      </Notice>
      <p className="kern-sr-only" aria-live="polite" data-testid="countdown-said">
        {isOver && m.hand_over_expired()}
        {!isOver && said !== undefined && m.hand_over_announce({ minutes: said })}
      </p>
    </>
  );
}
