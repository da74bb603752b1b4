//! In which order the outbox is delivered.

use std::collections::BTreeMap;

use proptest::prelude::*;
use uuid::Uuid;

use super::{Desk, at, concern, visit};
use crate::{HOLDING_ATTEMPTS, Outcome};

impl Desk {
    /// Leases `id`, and the service can't be reached; the next attempt is `wait` seconds later.
    fn fail(&self, id: Uuid, seconds: i64, wait: i64) {
        assert_eq!(self.lease_id(seconds), Some(id));
        self.settle(id, Outcome::RetryAt(at(seconds + wait)), seconds);
    }

    /// Leases `id`, and the service takes it.
    fn deliver(&self, id: Uuid, seconds: i64) {
        assert_eq!(self.lease_id(seconds), Some(id));
        self.settle(id, Outcome::Delivered, seconds);
    }

    /// Tries `id` in vain until it no longer holds back other visits; its next attempt is an hour away then.
    fn exhaust(&self, id: Uuid) {
        for attempt in 1..=i64::from(HOLDING_ATTEMPTS) {
            let wait = if attempt == i64::from(HOLDING_ATTEMPTS) { 3_600 } else { 1 };
            self.fail(id, attempt, wait);
        }
    }
}

#[test]
fn rows_go_out_in_the_order_in_which_they_were_written_whatever_their_visit() {
    let mut desk = Desk::new();
    let rows = [1, 2, 1, 3, 2].map(|number| desk.tell(visit(number), concern(number), b"row"));
    for id in rows {
        desk.deliver(id, 1);
    }
    assert_eq!(desk.lease_id(1), None);
}

#[test]
fn a_row_waits_for_the_end_of_the_one_before_it() {
    let mut desk = Desk::new();
    let [first, second, third] = [1, 1, 1].map(|number| desk.tell(visit(number), concern(1), b"row"));
    assert_eq!(desk.lease_id(1), Some(first));
    assert_eq!(desk.lease_id(1), None, "the second row waits for the first one's end");
    desk.settle(first, Outcome::RetryAt(at(60)), 2);
    assert_eq!(desk.lease_id(3), None, "and for its next attempt");
    desk.deliver(first, 60);
    assert_eq!(desk.lease_id(61), Some(second));
    desk.settle(second, super::outbox::refused(), 62);
    assert_eq!(desk.lease_id(62), Some(third), "a refusal doesn't keep back what follows");
}

/// The service answers `OPEN_CODE_EXISTS` to a new code while it doesn't know that the last one is void.
#[test]
fn a_new_code_never_overtakes_the_voiding_of_an_earlier_visits_code() {
    let mut desk = Desk::new();
    let (evidence, void) =
        (desk.tell(visit(1), concern(1), b"code"), desk.tell(visit(1), concern(1), b"void"));
    desk.fail(evidence, 1, 30);
    let code = desk.tell(visit(2), concern(2), b"the same person's next code");
    for seconds in [2, 15, 30] {
        assert_eq!(desk.lease_id(seconds), None, "due, but behind the voiding");
    }
    desk.deliver(evidence, 31);
    desk.fail(void, 31, 5);
    assert_eq!(desk.lease_id(35), None);
    desk.deliver(void, 36);
    desk.deliver(code, 36);
}

#[test]
fn when_both_are_due_the_earlier_visits_row_goes_first_however_often_it_failed() {
    let mut desk = Desk::new();
    let void = desk.tell(visit(1), concern(1), b"void");
    desk.exhaust(void);
    let code = desk.tell(visit(2), concern(2), b"code");
    desk.deliver(void, 3_700);
    desk.deliver(code, 3_700);
}

#[test]
fn a_row_that_the_service_fails_on_holds_back_its_own_visit_only() {
    let mut desk = Desk::new();
    let [stuck, behind] = [1, 1].map(|number| desk.tell(visit(number), concern(1), b"row"));
    let other = desk.tell(visit(2), concern(2), b"row");
    desk.exhaust(stuck);
    assert_eq!(desk.store().depth().unwrap().next_due, Some(at(0)), "the other visit has its turn");
    desk.deliver(other, 10);
    assert_eq!(desk.lease_id(10), None);
    assert_eq!(desk.store().depth().unwrap().next_due, Some(at(i64::from(HOLDING_ATTEMPTS) + 3_600)));
    desk.deliver(stuck, 4_000);
    desk.deliver(behind, 4_000);
}

#[test]
fn when_the_service_is_back_everything_is_due_at_once_and_in_order() {
    let mut desk = Desk::new();
    let stuck = desk.tell(visit(1), concern(1), b"void");
    desk.exhaust(stuck);
    let unknown = desk.tell(visit(2), concern(2), b"code");
    assert_eq!(desk.lease_id(10), Some(unknown));
    desk.settle(unknown, Outcome::Unknown { ask_at: at(900) }, 10);
    let in_flight = desk.tell(visit(3), concern(3), b"code");
    assert_eq!(desk.lease_id(11), None);

    assert_eq!(desk.store().retry_now(at(11)).unwrap(), 2);
    assert_eq!(desk.store().retry_now(at(11)).unwrap(), 0, "nothing waits any more");

    assert_eq!(desk.store().depth().unwrap().next_due, Some(at(11)));
    desk.deliver(stuck, 11);
    let row = desk.lease(11).unwrap();
    assert!(row.id == unknown && row.ask_first, "being due sooner doesn't tell whether it arrived");
    assert_eq!(desk.store().retry_now(at(12)).unwrap(), 0, "what is being delivered stays leased");
    assert_eq!(desk.lease_id(12), None);
    desk.settle(unknown, Outcome::Delivered, 13);
    desk.deliver(in_flight, 13);
}

#[test]
fn looking_for_the_next_row_reads_only_rows_that_wait() {
    let desk = Desk::new();
    let raw = desk.raw();
    let plan: Vec<String> = raw
        .prepare(
            "EXPLAIN QUERY PLAN SELECT * FROM outbox_head WHERE due_us <= 0 OR attempts < 1 ORDER BY seq",
        )
        .unwrap()
        .query_map([], |row| row.get("detail"))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert!(plan.iter().any(|step| step.contains("USING INTEGER PRIMARY KEY")), "{plan:?}");
    assert!(plan.iter().any(|step| step.contains("outbox_waiting")), "{plan:?}");
    assert!(!plan.iter().any(|step| step == "SCAN outbox" || step.contains("TEMP B-TREE")), "{plan:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// A service that fails at random, and never as often as it takes to give way.
    #[test]
    fn whatever_fails_in_between_every_row_is_delivered_once_and_in_order(
        visits in prop::collection::vec(1_u128..4, 1..8),
        failures in prop::collection::vec(0..HOLDING_ATTEMPTS, 8),
    ) {
        let mut desk = Desk::new();
        let rows: Vec<_> = visits.iter().map(|number| desk.tell(visit(*number), concern(*number), b"row")).collect();
        let mut left: BTreeMap<_, _> = rows.iter().copied().zip(failures).collect();
        let (mut delivered, mut now) = (Vec::new(), 1);
        while delivered.len() < rows.len() {
            match desk.lease_id(now) {
                Some(id) if left.get(&id) == Some(&0) => {
                    desk.settle(id, Outcome::Delivered, now);
                    delivered.push(id);
                }
                Some(id) => {
                    *left.get_mut(&id).unwrap() -= 1;
                    desk.settle(id, Outcome::RetryAt(at(now + 7)), now);
                }
                None => {
                    let due = desk.store().depth().unwrap().next_due;
                    prop_assert!(due > Some(at(now)), "nothing to lease although something is due");
                    now += 1;
                }
            }
        }
        prop_assert_eq!(delivered, rows);
    }
}

#[test]
fn what_was_due_by_a_clock_that_ran_ahead_is_due_when_it_is_put_right() {
    let mut desk = Desk::new();
    let id = desk.tell(visit(1), concern(1), b"row");
    let (a_day_later, lease) = (24 * 60 * 60, jiff::SignedDuration::from_secs(120));
    assert_eq!(desk.lease_id(a_day_later), Some(id));
    assert_eq!(desk.lease_id(1000), None);
    assert_eq!(desk.store().clock_went_back(at(10), lease).unwrap(), 1);
    assert_eq!(
        (desk.lease_id(129), desk.lease_id(a_day_later)),
        (None, Some(id)),
        "a lease as long as one of now"
    );
    desk.settle(id, Outcome::RetryAt(at(a_day_later + 60)), a_day_later);
    assert_eq!(desk.lease_id(1000), None);
    assert_eq!(desk.store().clock_went_back(at(1000), lease).unwrap(), 1);
    assert_eq!(desk.lease_id(1000), Some(id));
}
