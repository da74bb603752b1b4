//! A visit's end and its wiping in one batch.

use identification::{AbortReason, Event, Scope};
use jiff::SignedDuration;

use super::{
    CANARY, Desk, at, concern, contains, empty, identification, key_bytes, open_row, pages::decrypted, visit,
};
use crate::{
    Batch, Outcome, Record, StoreError, Verification, VisitRow, VisitState,
    seal::{KeyState, key_of, scope_parts},
};

const LEASE: SignedDuration = SignedDuration::from_secs(30);

impl Desk {
    /// What a supervisor's or the restart's abort of visit 1 writes.
    fn abort(&mut self, erase: Vec<Scope>) -> Batch {
        let event = Event::VisitAborted { reason: AbortReason::Interrupted };
        let record = Record::new(self.id(), visit(1), &event).unwrap();
        let row = VisitRow { state: VisitState::Aborted { at: at(9) }, changed_at: at(9), ..open_row() };
        Batch { at: at(9), records: vec![record], visit_row: Some(row), erase, ..empty(visit(1)) }
    }
}

#[test]
fn an_aborted_visit_is_ended_and_wiped_at_once() {
    let mut desk = Desk::new();
    desk.note(identification(1), CANARY);
    desk.note(concern(1), CANARY);
    let raw = desk.raw();
    let keys = [identification(1), concern(1)].map(|scope| key_bytes(&raw, scope));
    drop(raw);
    assert!(keys.iter().all(|key| contains(&decrypted(&desk.path()), key)));

    let batch = desk.abort(vec![identification(1), concern(1)]);
    let head = desk.append(batch).unwrap();

    let events: Vec<_> =
        desk.store().events(visit(1)).unwrap().iter().map(|record| record.event().unwrap()).collect();
    let reason = AbortReason::Interrupted;
    assert!(
        matches!(events.as_slice(), [None, None, Some(end)] if end.event == Event::VisitAborted { reason })
    );
    assert_eq!(desk.store().verify().unwrap(), Verification::Intact { events: 3, head, pruned_until: 0 });
    assert!(desk.store().open_visits().unwrap().is_empty());
    // The log was emptied as well.
    let pages = decrypted(&desk.path());
    assert!(keys.iter().all(|key| !contains(&pages, key)));
    assert!(contains(&pages, &key_bytes(&desk.raw(), Scope::Visit(visit(1)))), "the search can find keys");
}

#[test]
fn what_a_batch_writes_to_a_scope_that_it_erases_is_in_the_chain_and_never_opens() {
    let mut desk = Desk::new();
    let erase = vec![Scope::Visit(visit(1)), concern(7)];
    let batch = desk.abort(erase);
    desk.append(batch).unwrap();
    let found = desk.store().events(visit(1)).unwrap();
    assert!(matches!(found.as_slice(), [end] if end.kind == "visit_aborted" && end.body.is_none()));
    assert!(matches!(desk.store().verify().unwrap(), Verification::Intact { events: 1, .. }));
    let unknown_before = key_of(&desk.raw(), scope_parts(concern(7)).1).unwrap();
    assert!(matches!(unknown_before, KeyState::Destroyed), "its id is never used again");
}

#[test]
fn wiping_parks_what_was_not_delivered_of_that_scope_and_nothing_else() {
    let mut desk = Desk::new();
    let delivered = desk.tell(visit(1), concern(1), CANARY);
    desk.store().lease(at(1), LEASE).unwrap();
    desk.store().settle(delivered, Outcome::Delivered, at(2)).unwrap();
    desk.tell(visit(1), concern(1), CANARY);
    let other = desk.tell(visit(2), concern(2), b"somebody else");

    let mut batch = desk.abort(vec![concern(1)]);
    batch.outbox = vec![desk.outbox_record(concern(1), CANARY)];
    desk.append(batch).unwrap();

    let depth = desk.store().depth().unwrap();
    assert_eq!((depth.waiting, depth.parked), (1, 2));
    assert_eq!(desk.store().lease(at(10), LEASE).unwrap().unwrap().id, other);
}

#[test]
fn a_batch_that_fails_wipes_nothing() {
    let mut desk = Desk::new();
    desk.note(concern(1), CANARY);
    let mut batch = desk.abort(vec![concern(1)]);
    let twice = desk.record(concern(2), b"");
    batch.records.push(Record { id: batch.records.first().unwrap().id, ..twice });
    assert!(matches!(desk.append(batch), Err(StoreError::Duplicate)));
    let found = desk.store().events(visit(1)).unwrap();
    assert!(matches!(found.as_slice(), [record] if record.body.as_ref().unwrap().as_slice() == CANARY));
}

#[test]
fn a_wiped_visit_can_not_be_written_to_or_wiped_of_its_wiping() {
    let mut desk = Desk::new();
    desk.note(concern(1), CANARY);
    for _ in 0..2 {
        let batch = desk.abort(vec![concern(1)]);
        desk.append(batch).unwrap();
    }
    let late = desk.record(concern(1), b"late");
    let late = desk.append(Batch { records: vec![late], ..empty(visit(1)) });
    assert!(matches!(late, Err(StoreError::Erased)));
    assert!(matches!(desk.store().verify().unwrap(), Verification::Intact { events: 3, .. }));
}
