use identification::{AbortReason, Event, OperatorId, Recorded, Scope};

use super::{Desk, OPERATOR, at, concern, empty, identification, open_row, visit};
use crate::{Batch, GENESIS, Head, MAX_BODY, MAX_ERASED, MAX_RECORDS, Record, StoreError};

#[test]
fn a_batch_comes_back_as_it_was_written() {
    let mut desk = Desk::new();
    let records = vec![
        desk.record(Scope::Visit(visit(1)), b"{}"),
        desk.record(identification(1), b"evidence"),
        desk.record(concern(1), b""),
    ];
    let ids: Vec<_> = records.iter().map(|record| record.id).collect();
    let head = desk.append(Batch { records, at: at(7), ..empty(visit(1)) }).unwrap();
    let found = desk.store().events(visit(1)).unwrap();
    assert_eq!(head.seq, 3);
    assert_eq!(found.iter().map(|event| event.id).collect::<Vec<_>>(), ids);
    assert_eq!(
        found.iter().map(|event| event.scope).collect::<Vec<_>>(),
        [Scope::Visit(visit(1)), identification(1), concern(1)]
    );
    assert!(found.iter().all(|event| event.at == at(7) && event.kind == "tested" && event.version == 1));
    let bodies: Vec<_> = found.iter().map(|event| event.body.as_ref().unwrap().as_slice()).collect();
    assert_eq!(bodies, [b"{}".as_slice(), b"evidence", b""]);
}

#[test]
fn a_visit_does_not_see_another_ones_events() {
    let mut desk = Desk::new();
    desk.note(concern(1), b"first visit");
    assert!(desk.store().events(visit(2)).unwrap().is_empty());
}

#[test]
fn a_batch_that_fails_leaves_nothing() {
    let mut desk = Desk::new();
    let head = desk.note(concern(1), b"before");
    let (good, mut twice) = (desk.record(concern(2), b"good"), desk.record(concern(2), b"twice"));
    twice.id = good.id;
    let row = desk.outbox_record(concern(2), b"payload");
    let batch = Batch {
        records: vec![good, twice],
        outbox: vec![row],
        visit_row: Some(open_row()),
        ..empty(visit(2))
    };
    assert!(matches!(desk.append(batch), Err(StoreError::Duplicate)));
    assert!(desk.store().events(visit(2)).unwrap().is_empty());
    assert!(desk.store().open_visits().unwrap().is_empty());
    assert_eq!(desk.store().depth().unwrap().waiting, 0);
    assert_eq!(desk.note(concern(1), b"after").seq, head.seq + 1);
}

#[test]
fn an_idempotency_id_is_taken_once() {
    let mut desk = Desk::new();
    let id = desk.tell(visit(1), concern(1), b"once");
    let mut again = desk.outbox_record(concern(1), b"again");
    again.id = id;
    let batch = Batch { outbox: vec![again], ..empty(visit(1)) };
    assert!(matches!(desk.append(batch), Err(StoreError::Duplicate)));
}

#[test]
fn limits_are_kept_at_their_edge() {
    let mut desk = Desk::new();
    desk.note(concern(1), &vec![1; MAX_BODY]);
    let record = desk.record(concern(1), &vec![1; MAX_BODY + 1]);
    let batch = Batch { records: vec![record], ..empty(visit(1)) };
    assert!(matches!(desk.append(batch), Err(StoreError::TooLarge { what: "body", limit: MAX_BODY })));
    let records = (0..=MAX_RECORDS).map(|_| desk.record(concern(1), b"")).collect();
    assert!(matches!(desk.append(Batch { records, ..empty(visit(1)) }), Err(StoreError::TooLarge { .. })));
    let erase = |scopes| (0..scopes).map(|number| concern(number as u128)).collect();
    desk.append(Batch { erase: erase(MAX_ERASED), ..empty(visit(1)) }).unwrap();
    let batch = Batch { erase: erase(MAX_ERASED + 1), ..empty(visit(1)) };
    assert!(matches!(desk.append(batch), Err(StoreError::TooLarge { limit: MAX_ERASED, .. })));
}

#[test]
fn an_empty_journal_has_the_genesis_as_its_head() {
    let mut desk = Desk::new();
    assert_eq!(desk.append(empty(visit(1))).unwrap(), Head { seq: 0, hash: GENESIS });
}

#[test]
fn events_of_the_rules_come_back_as_they_were_decided() {
    let mut desk = Desk::new();
    let opened = Event::VisitOpened {
        visit: visit(1),
        operator: OperatorId::new(OPERATOR).unwrap(),
        policy_version: "2026-11-01#17".to_owned(),
    };
    let events = [opened, Event::VisitAborted { reason: AbortReason::Clerk }];
    let records = events.iter().map(|event| Record::new(desk.id(), visit(1), event).unwrap()).collect();
    desk.append(Batch { records, ..empty(visit(1)) }).unwrap();
    let found: Vec<_> = desk
        .store()
        .events(visit(1))
        .unwrap()
        .iter()
        .map(|record| record.event().unwrap().unwrap())
        .collect();
    assert_eq!(found, events.map(|event| Recorded { at: at(0), event }));
    desk.store().erase(Scope::Visit(visit(1)), at(9)).unwrap();
    assert!(desk.store().events(visit(1)).unwrap().iter().all(|record| record.event().unwrap().is_none()));
}

#[test]
fn an_event_of_an_unknown_version_is_malformed() {
    let mut desk = Desk::new();
    let mut record = Record::new(desk.id(), visit(1), &Event::VisitEnded).unwrap();
    record.version = 9;
    desk.append(Batch { records: vec![record], ..empty(visit(1)) }).unwrap();
    let found = desk.store().events(visit(1)).unwrap().remove(0);
    assert!(matches!(found.event(), Err(StoreError::Malformed { .. })));
}
