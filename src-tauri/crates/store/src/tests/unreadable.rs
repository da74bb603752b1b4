//! A row of the outbox that can't be opened or sent.

use super::{Desk, at, concern, visit};
use crate::{Depth, Outcome, StoreError};

impl Desk {
    /// Two visits with a row each and a second row of the first, of which `sql` damages the first.
    fn damaged(sql: &str) -> (Self, [uuid::Uuid; 3]) {
        let mut desk = Self::new();
        let rows = [1, 2, 1].map(|number| desk.tell(visit(number), concern(number), b"row"));
        desk.close();
        desk.raw().execute_batch(sql).unwrap();
        desk.reopen().unwrap();
        (desk, rows)
    }
}

#[track_caller]
fn check_parked(sql: &str) {
    let (desk, [bad, other, behind]) = Desk::damaged(sql);
    assert_eq!(desk.lease_id(1), Some(other), "{sql}");
    desk.settle(other, Outcome::Delivered, 1);
    assert_eq!(desk.lease_id(1), Some(behind), "{sql}");
    desk.settle(behind, Outcome::Delivered, 1);
    let Depth { waiting, refused, parked, unreadable, .. } = desk.store().depth().unwrap();
    assert_eq!((waiting, refused, parked, unreadable), (0, 0, 0, 1), "{sql}");
    let settled = desk.store().settle(bad, Outcome::Delivered, at(2));
    assert!(matches!(settled, Err(StoreError::NotLeased)), "{sql}");
}

#[test]
fn a_row_that_does_not_open_is_parked_and_the_others_are_delivered() {
    check_parked("UPDATE outbox SET payload = zeroblob(40) WHERE seq = 1");
    check_parked("UPDATE outbox SET nonce = zeroblob(12) WHERE seq = 1");
    check_parked("UPDATE outbox SET kind = 'other' WHERE seq = 1");
    check_parked("UPDATE outbox SET payload = NULL, last_outcome = 'erased' WHERE seq = 1");
    check_parked("UPDATE outbox SET scope_id = (SELECT scope_id FROM outbox WHERE seq = 2) WHERE seq = 1");
}

#[test]
fn a_row_whose_key_is_gone_is_parked_like_one_that_does_not_open() {
    let (desk, [_, other, _]) = Desk::damaged(
        "UPDATE scope_key SET key = NULL, destroyed_at_us = 0
         WHERE scope_id = (SELECT scope_id FROM outbox WHERE seq = 1)",
    );
    assert_eq!(desk.lease_id(1), Some(other));
    desk.settle(other, Outcome::Delivered, 1);
    assert_eq!(desk.lease_id(1), None);
    assert_eq!(desk.store().depth().unwrap().unreadable, 2);
}

#[test]
fn a_row_that_its_sender_can_not_read_is_parked_and_the_others_are_delivered() {
    let mut desk = Desk::new();
    let rows = [1, 2].map(|number| desk.tell(visit(number), concern(number), b"not a record"));
    assert_eq!(desk.lease_id(1), Some(rows[0]));
    desk.settle(rows[0], Outcome::Unreadable, 1);
    assert_eq!(desk.lease_id(1), Some(rows[1]));
    let Depth { waiting, parked, unreadable, .. } = desk.store().depth().unwrap();
    assert_eq!((waiting, parked, unreadable), (1, 0, 1));
    desk.settle(rows[1], Outcome::Delivered, 1);
    assert_eq!(desk.lease_id(1_000_000), None, "it is never tried again by itself");
}

#[test]
fn an_outbox_of_nothing_but_unreadable_rows_is_cleared_in_one_go() {
    let (desk, _) = Desk::damaged("UPDATE outbox SET payload = zeroblob(40)");
    assert_eq!(desk.lease_id(1), None);
    let Depth { waiting, unreadable, next_due, .. } = desk.store().depth().unwrap();
    assert_eq!((waiting, unreadable, next_due), (0, 3, None));
}

#[test]
fn erasing_empties_an_unreadable_row_as_well() {
    let (desk, _) = Desk::damaged("UPDATE outbox SET payload = zeroblob(40) WHERE seq = 1");
    desk.lease(1).unwrap();
    desk.store().erase(concern(1), at(2)).unwrap();
    let Depth { parked, unreadable, .. } = desk.store().depth().unwrap();
    assert_eq!((parked, unreadable), (2, 0));
}
