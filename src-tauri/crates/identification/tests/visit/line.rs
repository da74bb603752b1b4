//! The line and the clock: what they leave to do, at every moment.

use identification::{ClockRule, ClockState, Line, OfflineRule, Policy, Standing};
use jiff::{SignedDuration, Timestamp, ToSpan};
use proptest::prelude::*;

use crate::{desk::Desk, people::CONNECTED};

fn policy() -> Policy {
    Desk::new().policy
}

fn now() -> Timestamp {
    Desk::new().now.timestamp()
}

/// A desk whose service answered so many minutes ago.
fn silent_for(minutes: i64) -> Line {
    Line { connected: false, contact: Some(now() - minutes.minutes()), ..CONNECTED }
}

/// What a standing allows, the most first.
fn rank(standing: Standing) -> u8 {
    match standing {
        Standing::Connected => 0,
        Standing::Offline { .. } => 1,
        Standing::DeliveryOnly { .. } => 2,
        Standing::Locked => 3,
    }
}

#[test]
fn without_a_line_codes_are_given_for_a_day_and_nothing_after_three() {
    const HOUR: i64 = 60;
    for (minutes, expected) in
        [(0, 1), (24 * HOUR - 1, 1), (24 * HOUR, 2), (25 * HOUR, 2), (72 * HOUR - 1, 2), (72 * HOUR, 3)]
    {
        let standing = silent_for(minutes).standing(now(), &policy());
        assert_eq!(rank(standing), expected, "{minutes} minutes: {standing:?}");
    }
}

#[test]
fn a_standing_says_until_when_it_lasts_and_how_many_codes_are_left() {
    let line = Line { offline_codes: 3, ..silent_for(60) };
    let until = now() + 23.hours();
    assert_eq!(line.standing(now(), &policy()), Standing::Offline { until, codes_left: 17 });
    let line = Line { offline_codes: 300, ..silent_for(60) };
    assert_eq!(line.standing(now(), &policy()), Standing::Offline { until, codes_left: 0 });
    let until = now() + 47.hours();
    assert_eq!(silent_for(25 * 60).standing(now(), &policy()), Standing::DeliveryOnly { until });
}

#[test]
fn the_profile_says_for_how_long_and_for_how_many() {
    let offline = OfflineRule { lease_hours: 2, delivery_hours: 3, codes: 1, valid_days: 1, staff_hours: 1 };
    let policy = Policy { offline, ..policy() };
    let until = now() + 1.hour();
    let standing = |minutes| silent_for(minutes).standing(now(), &policy);
    assert_eq!(standing(60), Standing::Offline { until, codes_left: 1 });
    assert_eq!((rank(standing(120)), rank(standing(180))), (2, 3));
}

#[test]
fn staff_is_known_for_twelve_hours_from_the_last_contact_while_they_were_here() {
    let known = |seconds: i64, policy: &Policy| {
        let line = Line { staff_contact: Some(now() - seconds.seconds()), ..silent_for(0) };
        line.knows_staff(now(), policy)
    };
    for (hours, policy) in [
        (12, policy()),
        (3, Policy { offline: OfflineRule { staff_hours: 3, ..OfflineRule::MOST }, ..policy() }),
    ] {
        let end = hours * 3_600;
        assert!(known(0, &policy) && known(end - 60, &policy) && known(end - 1, &policy), "{hours} hours");
        assert!(!known(end, &policy) && !known(end + 60, &policy), "{hours} hours");
    }
    assert!(!silent_for(0).knows_staff(now(), &policy()), "never here with a line");
    let beyond = Line { staff_contact: Some(Timestamp::MAX), ..silent_for(0) };
    assert!(!beyond.knows_staff(now(), &policy()));
}

#[test]
fn a_desk_that_answers_may_do_everything_however_long_it_was_silent() {
    for minutes in [0, 100 * 60, 1_000 * 60] {
        let line = Line { connected: true, offline_codes: 99, ..silent_for(minutes) };
        assert_eq!(line.standing(now(), &policy()), Standing::Connected);
    }
}

#[test]
fn a_desk_that_the_service_never_answered_does_nothing() {
    let line = Line { connected: false, ..CONNECTED };
    assert_eq!(line.standing(now(), &policy()), Standing::Locked);
}

#[test]
fn a_clock_is_off_beyond_five_minutes_and_wrong_beyond_fifteen_either_way() {
    let minutes = SignedDuration::from_mins;
    let second = SignedDuration::from_secs(1);
    for (offset, expected) in [
        (SignedDuration::ZERO, ClockState::Right),
        (minutes(5), ClockState::Right),
        (minutes(-5), ClockState::Right),
        (minutes(5) + second, ClockState::Off(minutes(5) + second)),
        (minutes(-15), ClockState::Off(minutes(-15))),
        (minutes(15) + second, ClockState::Wrong(minutes(15) + second)),
        (minutes(-15) - second, ClockState::Wrong(minutes(-15) - second)),
        (SignedDuration::MIN, ClockState::Wrong(SignedDuration::MIN)),
    ] {
        let line = Line { offset: Some(offset), ..CONNECTED };
        assert_eq!(line.clock(now(), &policy()), expected, "{offset}");
    }
    assert_eq!(CONNECTED.clock(now(), &policy()), ClockState::Right, "nothing was measured");
}

#[test]
fn the_profile_says_how_far_a_clock_may_be_off() {
    let policy = Policy { clock: ClockRule { warn_minutes: 1, block_minutes: 2 }, ..policy() };
    let clock = |minutes| {
        Line { offset: Some(SignedDuration::from_mins(minutes)), ..CONNECTED }.clock(now(), &policy)
    };
    assert_eq!(clock(1), ClockState::Right);
    assert_eq!(clock(2), ClockState::Off(SignedDuration::from_mins(2)));
    assert_eq!(clock(3), ClockState::Wrong(SignedDuration::from_mins(3)));
}

#[test]
fn a_clock_that_was_set_back_gives_no_day_back_to_a_desk_without_a_line() {
    let stepped = Line { stepped_back: true, ..silent_for(60) };
    assert_eq!(stepped.clock(now(), &policy()), ClockState::SteppedBack);
    assert_eq!(rank(stepped.standing(now(), &policy())), 2);
    // While the program didn't run: the last contact lies ahead.
    let (ahead, corrected) = (silent_for(-6), silent_for(-5));
    assert_eq!(ahead.clock(now(), &policy()), ClockState::SteppedBack);
    assert_eq!(rank(ahead.standing(now(), &policy())), 2);
    assert_eq!(corrected.clock(now(), &policy()), ClockState::Right, "a small correction");
    assert_eq!(rank(corrected.standing(now(), &policy())), 1);
}

#[test]
fn no_moment_is_too_far_away_to_stand_somewhere() {
    for (contact, now, expected) in [
        // Nobody can say until when.
        (Timestamp::MAX, Timestamp::MAX, 3),
        (Timestamp::MIN, Timestamp::MAX, 3),
        (Timestamp::MAX, Timestamp::MIN, 2),
    ] {
        let line = Line { connected: false, contact: Some(contact), ..CONNECTED };
        let standing = line.standing(now, &policy());
        assert_eq!(rank(standing), expected, "{contact} {now} {standing:?}");
    }
}

fn any_line() -> impl Strategy<Value = Line> {
    let contact = prop::option::weighted(0.9, 0..200_i64 * 3_600);
    let offset = prop::option::of(-2_000..2_000_i64);
    (contact, offset, prop::bool::weighted(0.1), 0..40_u32).prop_map(|(ago, offset, stepped_back, codes)| {
        Line {
            connected: false,
            contact: ago.map(|seconds| now() - seconds.seconds()),
            staff_contact: ago.map(|seconds| now() - seconds.seconds()),
            offset: offset.map(SignedDuration::from_secs),
            stepped_back,
            offline_codes: codes,
        }
    })
}

proptest! {
    #[test]
    fn without_a_contact_a_desk_may_do_less_and_less(
        line in any_line(),
        lease_hours in 0..=24_u8,
        more in 0..=48_u8,
        first in 0..400_000_i64,
        then in 0..400_000_i64,
    ) {
        let offline = OfflineRule { lease_hours, delivery_hours: lease_hours + more, ..OfflineRule::MOST };
        let policy = Policy { offline, ..policy() };
        let (first, then) = (first.min(then), first.max(then));
        let standing = |after: i64| line.standing(now() + after.seconds(), &policy);
        prop_assert!(rank(standing(first)) <= rank(standing(then)));
        // What it says of its end is so, to the second.
        if let Standing::Offline { until, .. } | Standing::DeliveryOnly { until } = standing(first) {
            prop_assert!(until > now() + first.seconds());
            prop_assert_eq!(rank(line.standing(until - 1.second(), &policy)), rank(standing(first)));
            prop_assert!(rank(line.standing(until, &policy)) > rank(standing(first)));
        }
    }

    #[test]
    fn the_more_codes_were_given_the_fewer_are_left(line in any_line(), more in 1..40_u32) {
        let policy = policy();
        let left = |line: Line| match line.standing(now(), &policy) {
            Standing::Offline { codes_left, .. } => Some(codes_left),
            _ => None,
        };
        let later = Line { offline_codes: line.offline_codes + more, ..line };
        prop_assert!(left(later) <= left(line) && left(line).is_none_or(|it| it <= 20));
    }
}
