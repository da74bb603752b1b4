//! Legal holds.

use identification::OperatorId;
use uuid::Uuid;

use super::{
    CANARY, Desk, at, concern, empty, identification, open_row,
    retention::{DAY, own, two_weeks},
    visit,
};
use crate::{
    Batch, Depth, Hold, HoldReason, RetentionClass, StoreError, VisitRow, VisitState,
    seal::KeyState,
    seal::{key_of, scope_parts},
};

fn supervisor() -> OperatorId {
    OperatorId::new("s-4713").unwrap()
}

impl Desk {
    fn hold(&self, number: u128, seconds: i64) {
        self.store().hold(visit(number), HoldReason::Complaint, supervisor(), at(seconds)).unwrap();
    }

    fn release(&self, number: u128, seconds: i64) {
        self.store().release(visit(number), supervisor(), at(seconds)).unwrap();
    }

    fn scopes_erased(&self, number: u128, seconds: i64) -> u64 {
        let run = self.store().erase_due(Uuid::from_u128(number), two_weeks(), at(seconds)).unwrap();
        run.map_or(0, |run| run.scopes)
    }

    fn readable(&self, number: u128) -> usize {
        self.store().events(visit(number)).unwrap().iter().filter(|event| event.body.is_some()).count()
    }
}

#[test]
fn what_is_held_is_not_erased_and_goes_with_the_first_run_after_its_release() {
    let mut desk = Desk::new();
    desk.whole_visit(1, 10);
    desk.whole_visit(2, 10);
    desk.deliver_all(20);
    desk.hold(1, 30);
    assert!(desk.due(15 * DAY).iter().all(|(due, _)| *due == visit(2)));
    assert_eq!(desk.scopes_erased(1, 15 * DAY), 2);
    assert_eq!((desk.readable(1), desk.readable(2)), (3, 1));
    desk.release(1, 100 * DAY);
    assert_eq!(desk.scopes_erased(2, 100 * DAY), 2);
    assert_eq!(desk.readable(1), 1);
}

#[test]
fn the_list_of_visits_says_who_holds_what_why_and_since_when() {
    let mut desk = Desk::new();
    desk.whole_visit(1, 10);
    let held = || desk.store().visits(at(0), at(1)).unwrap().remove(0).1.held;
    assert_eq!(held(), None);
    desk.hold(1, 30);
    let expected = Hold { reason: HoldReason::Complaint, by: supervisor(), since: at(30) };
    assert_eq!(held(), Some(expected.clone()));
    assert_eq!(desk.store().holds().unwrap(), [(visit(1), expected)]);
    desk.release(1, 40);
    assert_eq!(held(), None);
    for reason in
        [HoldReason::Proceedings, HoldReason::Incident, HoldReason::Authority, HoldReason::Restriction]
    {
        desk.store().hold(visit(1), reason, supervisor(), at(50)).unwrap();
        assert_eq!(held().map(|hold| hold.reason), Some(reason));
        desk.release(1, 60);
    }
}

#[test]
fn a_hold_is_placed_once_and_on_what_there_is() {
    let mut desk = Desk::new();
    desk.whole_visit(1, 10);
    let hold = |number| desk.store().hold(visit(number), HoldReason::Incident, supervisor(), at(1));
    assert!(matches!(hold(9), Err(StoreError::NoSuchVisit)));
    hold(1).unwrap();
    assert!(matches!(hold(1), Err(StoreError::Duplicate)));
    assert!(matches!(desk.store().release(visit(9), supervisor(), at(1)), Err(StoreError::NotHeld)));
    desk.release(1, 2);
    assert!(matches!(desk.store().release(visit(1), supervisor(), at(1)), Err(StoreError::NotHeld)));
}

#[test]
fn nobody_erases_a_held_scope_by_itself_or_by_hand() {
    let mut desk = Desk::new();
    desk.whole_visit(1, 10);
    desk.hold(1, 20);
    assert!(matches!(desk.store().erase(concern(1), at(30)), Err(StoreError::Held)));
    let by_hand = desk.raw().execute("UPDATE scope_key SET key = NULL, destroyed_at_us = 0", []);
    assert!(by_hand.unwrap_err().to_string().contains("legal hold"));
    assert_eq!(desk.readable(1), 3);
}

/// Evidence of an attempt to deceive stands mostly in visits that were aborted.
#[test]
fn an_aborts_wiping_is_put_off_by_a_hold_and_made_when_that_ends() {
    let mut desk = Desk::new();
    desk.note(own(1), b"opened");
    desk.note(identification(1), CANARY);
    let told = desk.tell(visit(1), concern(1), CANARY);
    desk.append(Batch { visit_row: Some(open_row()), ..empty(visit(1)) }).unwrap();
    desk.hold(1, 5);

    let state = VisitState::Aborted { at: at(9) };
    let visit_row = Some(VisitRow { state, changed_at: at(9), ..open_row() });
    let erase = vec![identification(1), concern(1)];
    desk.append(Batch { at: at(9), visit_row, erase, ..empty(visit(1)) }).unwrap();

    assert!(desk.store().open_visits().unwrap().is_empty(), "the visit is over all the same");
    assert_eq!(desk.readable(1), 2);
    assert_eq!(desk.scopes_erased(1, 400 * DAY), 0);
    assert_eq!(desk.lease_id(10), None, "nothing of it is delivered any more");
    assert!(matches!(desk.store().depth().unwrap(), Depth { waiting: 0, parked: 1, .. }));
    assert!(matches!(
        desk.store().settle(told, crate::Outcome::Delivered, at(11)),
        Err(StoreError::NotLeased)
    ));

    desk.release(1, 20);
    let class = RetentionClass::Draft;
    assert_eq!(desk.due(20), [(visit(1), class), (visit(1), class)]);
    assert_eq!(desk.scopes_erased(2, 20), 2);
    assert_eq!(desk.readable(1), 1);
    for scope in [identification(1), concern(1)] {
        assert!(matches!(key_of(&desk.raw(), scope_parts(scope).1).unwrap(), KeyState::Destroyed));
    }
}

#[test]
fn a_hold_is_kept_as_long_as_its_visit_and_no_longer() {
    let mut desk = Desk::new();
    desk.whole_visit(1, 10);
    desk.deliver_all(20);
    desk.countersign(20);
    desk.hold(1, 30);
    desk.release(1, 40);
    let holds = |desk: &Desk| -> i64 {
        desk.raw().query_row("SELECT count(*) FROM legal_hold", [], |found| found.get(0)).unwrap()
    };
    assert_eq!(holds(&desk), 1);
    assert_eq!(desk.scopes_erased(1, 15 * DAY), 3);
    assert_eq!(holds(&desk), 0);
}
