//! When to try again: exponential back-off with full jitter, so that a thousand desks don't all come back at once.

use identification::Entropy;
use jiff::{SignedDuration, Timestamp};

/// Upper bound of the first wait.
pub const BASE: SignedDuration = SignedDuration::from_secs(1);
/// Upper bound of every wait: a service that is back is used again within a quarter of an hour.
pub const CAP: SignedDuration = SignedDuration::from_mins(15);
/// Longest `Retry-After` that is honoured: a wrong one must not silence a desk for a day.
pub const MAX_RETRY_AFTER: SignedDuration = SignedDuration::from_hours(1);

/// When to try again after `attempts` failed ones (from 1): a moment evenly drawn from now until
/// `min(CAP, BASE · 2^(attempts − 1))`, behind the service's `Retry-After` (RFC 9110, section 10.2.3) if it gave one.
#[must_use]
pub fn next_attempt(
    now: Timestamp,
    attempts: u32,
    retry_after: Option<SignedDuration>,
    entropy: &mut Entropy<'_>,
) -> Timestamp {
    // 2^10 seconds are beyond the cap already.
    let doublings = attempts.saturating_sub(1).min(10);
    let bound = BASE.saturating_mul(1 << doublings).min(CAP);
    let mut bytes = [0; 8];
    entropy(&mut bytes);
    let bound_us = u64::try_from(bound.as_micros()).unwrap_or(0);
    // Of 64 random bits the bias is below 2^-34.
    let jitter_us = i64::try_from(u64::from_be_bytes(bytes) % (bound_us + 1)).unwrap_or(0);
    let asked = retry_after.unwrap_or_default().clamp(SignedDuration::ZERO, MAX_RETRY_AFTER);
    let wait = asked.saturating_add(SignedDuration::from_micros(jitter_us));
    now.checked_add(wait).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn wait(attempts: u32, retry_after: Option<SignedDuration>, draw: u64) -> SignedDuration {
        next_attempt(NOW, attempts, retry_after, &mut |bytes| bytes.copy_from_slice(&draw.to_be_bytes()))
            .duration_since(NOW)
    }

    /// A draw that lands on the upper bound of `bound`.
    fn top(bound: SignedDuration) -> u64 {
        u64::try_from(bound.as_micros()).unwrap()
    }

    #[test]
    fn the_bound_doubles_from_one_second_and_ends_at_a_quarter_of_an_hour() {
        for (attempts, seconds) in
            [(0, 1), (1, 1), (2, 2), (3, 4), (10, 512), (11, 900), (12, 900), (u32::MAX, 900)]
        {
            let bound = SignedDuration::from_secs(seconds);
            assert_eq!(wait(attempts, None, top(bound)), bound, "attempt {attempts}");
            assert_eq!(wait(attempts, None, top(bound) + 1), SignedDuration::ZERO, "attempt {attempts}");
        }
    }

    #[test]
    fn retry_after_is_the_earliest_moment_but_an_hour_at_most() {
        assert_eq!(wait(1, Some(SignedDuration::from_secs(40)), 0), SignedDuration::from_secs(40));
        assert_eq!(wait(1, Some(SignedDuration::from_hours(90)), 0), MAX_RETRY_AFTER);
        assert_eq!(wait(1, Some(SignedDuration::from_secs(-5)), 0), SignedDuration::ZERO);
    }

    proptest! {
        #[test]
        fn a_wait_lies_between_what_was_asked_and_the_cap_behind_it(
            attempts: u32, draw: u64, asked in prop::option::of(0_i64..100_000),
        ) {
            let asked = asked.map(SignedDuration::from_secs);
            let least = asked.unwrap_or_default().min(MAX_RETRY_AFTER);
            let wait = wait(attempts, asked, draw);
            prop_assert!(wait >= least && wait <= least + CAP);
        }
    }
}
