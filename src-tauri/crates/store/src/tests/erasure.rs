use std::fs;

use super::{CANARY, Desk, at, concern, contains, empty, identification, key_bytes, pages::decrypted, visit};
use crate::{
    Batch, Erased, Outcome, Reader, StoreError, Verification,
    seal::{KeyState, key_of, scope_parts},
};

/// The decrypted export: everything of visit 1 that still opens.
fn export(desk: &Desk) -> Vec<u8> {
    let events = desk.store().events(visit(1)).unwrap();
    events.into_iter().filter_map(|event| event.body).flat_map(|body| body.to_vec()).collect()
}

#[test]
fn the_export_holds_the_canary_before_and_nothing_of_it_after() {
    let mut desk = Desk::new();
    desk.note(concern(1), CANARY);
    desk.note(concern(2), b"somebody else");
    assert!(contains(&export(&desk), CANARY));

    assert_eq!(desk.store().erase(concern(1), at(9)).unwrap(), Erased { events: 1, undelivered: 0 });

    assert!(!contains(&export(&desk), CANARY));
    assert!(contains(&export(&desk), b"somebody else"));
}

#[test]
fn the_chain_still_verifies_and_goes_on() {
    let mut desk = Desk::new();
    desk.note(concern(1), CANARY);
    let before = desk.note(identification(1), b"evidence");
    desk.store().erase(concern(1), at(9)).unwrap();
    assert_eq!(
        desk.store().verify().unwrap(),
        Verification::Intact { events: 2, head: before, pruned_until: 0 }
    );
    let head = desk.note(identification(1), b"more");
    assert_eq!(desk.store().verify().unwrap(), Verification::Intact { events: 3, head, pruned_until: 0 });
}

/// Control: the ciphertext is still there and did open with the key; what is gone is the key, in every page of the
/// database and of its log, free space included. Three hundred scopes, so that pages fill, split and are reused.
#[test]
fn the_old_key_is_nowhere_in_the_decrypted_pages() {
    let mut desk = Desk::new();
    for scope in 0..300 {
        desk.note(concern(scope), CANARY);
    }
    let raw = desk.raw();
    let erased = [0, 1, 50, 149, 150, 151, 298, 299];
    let keys: Vec<_> = erased.iter().map(|scope| key_bytes(&raw, concern(*scope))).collect();
    let kept = key_bytes(&raw, concern(200));
    drop(raw);
    let before = decrypted(&desk.path());
    assert!(keys.iter().all(|key| contains(&before, key)));

    for scope in erased {
        desk.store().erase(concern(scope), at(9)).unwrap();
    }

    let after = decrypted(&desk.path());
    assert!(keys.iter().all(|key| !contains(&after, key)));
    assert!(contains(&after, &kept), "the search itself must still find keys");
    desk.close();
    let closed = decrypted(&desk.path());
    assert!(keys.iter().all(|key| !contains(&closed, key)) && contains(&closed, &kept));
}

#[test]
fn the_log_is_emptied_as_soon_as_a_reader_that_held_it_is_gone() {
    let mut desk = Desk::new();
    desk.note(concern(1), CANARY);
    let raw = desk.raw();
    let old = key_bytes(&raw, concern(1));
    raw.execute_batch("BEGIN; SELECT count(*) FROM journal;").unwrap();
    let mut statement = raw.prepare("SELECT seq FROM journal").unwrap();
    let mut rows = statement.query([]).unwrap();
    rows.next().unwrap();

    desk.store().erase(concern(1), at(9)).unwrap();
    desk.store().depth().unwrap();
    assert!(contains(&decrypted(&desk.path()), &old), "the reader still needs the log");

    drop(rows);
    drop(statement);
    raw.execute_batch("COMMIT").unwrap();
    drop(raw);
    // Any next job tries again; the second one comes after it.
    desk.store().depth().unwrap();
    desk.store().depth().unwrap();
    assert!(!contains(&decrypted(&desk.path()), &old));
    assert_eq!(fs::metadata(desk.path().join("identplatz.db-wal")).unwrap().len(), 0);
}

#[test]
fn an_erased_scope_takes_nothing_more() {
    let mut desk = Desk::new();
    desk.note(concern(1), b"body");
    desk.store().erase(concern(1), at(9)).unwrap();
    let record = desk.record(concern(1), b"late");
    let late = desk.append(Batch { records: vec![record], ..empty(visit(1)) });
    assert!(matches!(late, Err(StoreError::Erased)));
}

#[test]
fn erasing_twice_or_what_was_never_here_is_no_error_and_lasts() {
    let mut desk = Desk::new();
    desk.store().erase(concern(1), at(1)).unwrap();
    desk.store().erase(concern(1), at(2)).unwrap();
    desk.reopen().unwrap();
    assert!(matches!(key_of(&desk.raw(), scope_parts(concern(1)).1).unwrap(), KeyState::Destroyed));
    let revived = desk.raw().execute("UPDATE scope_key SET key = randomblob(32), destroyed_at_us = NULL", []);
    assert!(revived.unwrap_err().to_string().contains("stays destroyed"));
}

#[test]
fn erasing_reaches_the_outbox_and_lets_the_rest_of_the_visit_go_on() {
    let mut desk = Desk::new();
    let sent = desk.tell(visit(1), concern(1), CANARY);
    desk.store().lease(at(1), jiff::SignedDuration::from_secs(30)).unwrap();
    desk.store().settle(sent, Outcome::Delivered, at(2)).unwrap();
    desk.tell(visit(1), concern(1), CANARY);
    let other = desk.tell(visit(1), concern(2), b"somebody else");

    assert_eq!(desk.store().erase(concern(1), at(3)).unwrap(), Erased { events: 0, undelivered: 1 });

    let depth = desk.store().depth().unwrap();
    assert_eq!((depth.waiting, depth.parked), (1, 1));
    let next = desk.store().lease(at(4), jiff::SignedDuration::from_secs(30)).unwrap().unwrap();
    assert_eq!(next.id, other);
    let payloads: i64 = desk
        .raw()
        .query_row("SELECT count(*) FROM outbox WHERE payload IS NOT NULL", [], |row| row.get(0))
        .unwrap();
    assert_eq!(payloads, 1);
}

#[test]
fn erasing_one_concern_leaves_the_acting_persons_evidence() {
    let mut desk = Desk::new();
    desk.note(concern(1), b"ward one");
    desk.note(concern(2), b"ward two");
    desk.note(identification(1), b"carer");
    desk.store().erase(concern(1), at(9)).unwrap();
    let left: Vec<_> =
        desk.store().events(visit(1)).unwrap().iter().map(|event| event.body.is_some()).collect();
    assert_eq!(left, [false, true, true]);
    desk.close();
    let reader = Reader::open(&desk.path(), &super::key()).unwrap();
    assert!(matches!(reader.verify().unwrap(), Verification::Intact { events: 3, .. }));
}
