use jiff::SignedDuration;
use uuid::Uuid;

use super::{Desk, at, concern, empty, visit};
use crate::{Batch, Depth, MAX_PAYLOAD, OutboxRow, Outcome, StoreError};

const LEASE: SignedDuration = SignedDuration::from_secs(30);

impl Desk {
    pub(super) fn lease(&self, seconds: i64) -> Option<OutboxRow> {
        self.store().lease(at(seconds), LEASE).unwrap()
    }

    pub(super) fn lease_id(&self, seconds: i64) -> Option<Uuid> {
        self.lease(seconds).map(|row| row.id)
    }

    pub(super) fn settle(&self, id: Uuid, outcome: Outcome, seconds: i64) {
        self.store().settle(id, outcome, at(seconds)).unwrap();
    }
}

/// The service has refused it for good.
pub(super) fn refused() -> Outcome {
    Outcome::Refused { problem: "NOT_INSURED".to_owned() }
}

#[test]
fn a_row_comes_out_as_it_went_in() {
    let mut desk = Desk::new();
    let id = desk.tell(visit(1), concern(1), b"payload");
    let row = desk.lease(1).unwrap();
    assert_eq!(
        (row.id, row.visit, row.seq, row.scope, row.attempts),
        (id, Some(visit(1)), 1, Some(concern(1)), 1)
    );
    assert_eq!(
        (row.kind.as_str(), row.payload.as_slice(), row.ask_first),
        ("code", b"payload".as_slice(), false)
    );
}

#[test]
fn a_refused_or_delivered_row_is_never_sent_again() {
    let mut desk = Desk::new();
    for outcome in [Outcome::Delivered, refused()] {
        let id = desk.tell(visit(1), concern(1), b"payload");
        assert_eq!(desk.lease_id(1), Some(id));
        desk.settle(id, outcome, 2);
        assert_eq!(desk.lease_id(1_000_000), None);
        let again = desk.store().settle(id, Outcome::RetryAt(at(3)), at(3));
        assert!(matches!(again, Err(StoreError::NotLeased)));
    }
}

#[test]
fn a_row_is_settled_only_while_it_is_being_delivered() {
    let mut desk = Desk::new();
    let id = desk.tell(visit(1), concern(1), b"payload");
    for id in [id, Uuid::from_u128(999)] {
        assert!(matches!(desk.store().settle(id, Outcome::Delivered, at(1)), Err(StoreError::NotLeased)));
    }
}

#[test]
fn an_unknown_outcome_and_a_lease_that_ran_out_ask_the_service_first() {
    let mut desk = Desk::new();
    let id = desk.tell(visit(1), concern(1), b"payload");
    assert!(!desk.lease(1).unwrap().ask_first);
    desk.settle(id, Outcome::Unknown { ask_at: at(10) }, 2);
    assert!(desk.lease(9).is_none());
    assert!(desk.lease(10).unwrap().ask_first);
    assert!(desk.lease(39).is_none(), "still leased");
    let row = desk.lease(40).unwrap();
    assert!(row.ask_first);
    assert_eq!(row.attempts, 3);
    desk.settle(id, Outcome::RetryAt(at(50)), 41);
    assert!(!desk.lease(50).unwrap().ask_first, "the service said that it has nothing");
}

#[test]
fn what_was_not_sent_leaves_open_whether_an_earlier_sending_arrived() {
    let mut desk = Desk::new();
    let id = desk.tell(visit(1), concern(1), b"payload");
    let not_sent = |seconds| Outcome::NotSent { retry_at: at(seconds) };
    assert!(!desk.lease(1).unwrap().ask_first);
    desk.settle(id, not_sent(10), 2);
    assert!(!desk.lease(10).unwrap().ask_first, "nothing was ever sent");
    desk.settle(id, Outcome::Unknown { ask_at: at(20) }, 11);
    assert!(desk.lease(20).unwrap().ask_first);
    desk.settle(id, not_sent(30), 21);
    assert!(desk.lease(30).unwrap().ask_first, "the one before may have arrived");
    desk.reopen().unwrap();
    desk.settle(id, not_sent(40), 31);
    assert!(desk.lease(40).unwrap().ask_first, "nor does a new start tell");
}

#[test]
fn a_late_answer_still_counts() {
    let mut desk = Desk::new();
    let id = desk.tell(visit(1), concern(1), b"payload");
    desk.lease(1).unwrap();
    desk.reopen().unwrap();
    desk.settle(id, Outcome::Delivered, 100);
    assert_eq!(desk.store().depth().unwrap().waiting, 0);
}

#[test]
fn the_depth_tells_what_waits_and_when_to_look_again() {
    let mut desk = Desk::new();
    let nothing = Depth { waiting: 0, refused: 0, parked: 0, unreadable: 0, oldest: None, next_due: None };
    assert_eq!(desk.store().depth().unwrap(), nothing);
    let (first, _second) = (desk.tell(visit(1), concern(1), b"1"), desk.tell(visit(1), concern(1), b"2"));
    let depth = |waiting, due| Depth { waiting, oldest: Some(at(0)), next_due: Some(at(due)), ..nothing };
    assert_eq!(desk.store().depth().unwrap(), depth(2, 0));
    desk.lease(1).unwrap();
    assert_eq!(desk.store().depth().unwrap(), depth(2, 31));
    desk.settle(first, Outcome::RetryAt(at(90)), 2);
    assert_eq!(desk.store().depth().unwrap(), depth(2, 90), "the second row is due, but not its turn");
    desk.tell(visit(2), concern(2), b"3");
    assert_eq!(desk.store().depth().unwrap(), depth(3, 90), "nor is another visit's");
    desk.lease(90).unwrap();
    desk.settle(first, refused(), 91);
    assert_eq!(desk.store().depth().unwrap(), Depth { refused: 1, ..depth(2, 0) });
}

#[test]
fn a_payload_that_is_too_large_is_refused() {
    let mut desk = Desk::new();
    desk.tell(visit(1), concern(1), &vec![1; MAX_PAYLOAD]);
    let row = desk.outbox_record(concern(1), &vec![1; MAX_PAYLOAD + 1]);
    let batch = Batch { outbox: vec![row], ..empty(visit(1)) };
    assert!(matches!(desk.append(batch), Err(StoreError::TooLarge { what: "payload", .. })));
}
