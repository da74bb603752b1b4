//! A database that the last program of schema 5 left: it made `fixtures/schema-5.db` itself, by its own [`Store`], under the
//! tests' key. Three visits, each with a code and its record: one open, whose record is delivered; one ended, whose
//! identification is erased; one ended and under a legal hold. A segment of all that waits to be delivered.

use std::{fs, path::PathBuf};

use identification::PublicReference;
use tempfile::TempDir;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{CANARY, at, concern, empty, identification, key, visit};
use crate::{Batch, Record, Store, StoreError, Verification, VisitState, folder};

fn desk_of_schema_5() -> (TempDir, PathBuf) {
    let temporary = tempfile::tempdir().unwrap();
    let store = temporary.path().join("store");
    folder::create(&store).unwrap();
    let fixture = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/tests/fixtures/schema-5.db");
    fs::copy(fixture, folder::database(&store)).unwrap();
    folder::remember_key(&store, &key()).unwrap();
    (temporary, store)
}

#[test]
fn a_database_of_schema_5_keeps_everything_and_goes_on() {
    let (_temporary, path) = desk_of_schema_5();
    let store = Store::open(&path, &key()).unwrap();
    assert!(matches!(store.verify().unwrap(), Verification::Intact { events: 14, .. }));
    let readable = |number| {
        let events = store.events(visit(number)).unwrap();
        events.iter().map(|event| event.body.is_some()).collect::<Vec<_>>()
    };
    assert_eq!(readable(1), [true; 4]);
    assert_eq!(readable(2), [true, true, true, true, false]);
    assert_eq!(store.events(visit(3)).unwrap().last().unwrap().body.as_ref().unwrap().as_slice(), CANARY);
    assert_eq!((store.depth().unwrap().waiting, store.last_record().unwrap().seq), (3, 4));
    let reference = PublicReference::from_entropy(&mut |bytes: &mut [u8]| bytes.fill(3));
    let (found, row) = store.by_reference(&reference).unwrap().unwrap();
    assert_eq!((found, row.state), (visit(3), VisitState::Ended { at: at(9) }));
    assert!(matches!(store.erase(concern(3), at(20)), Err(StoreError::Held)));
    assert_eq!(store.rebuild().unwrap().codes, 3);

    let record = |number, scope| Record {
        id: Uuid::from_u128(number),
        scope,
        kind: "tested",
        version: 1,
        body: Zeroizing::new(b"more".to_vec()),
    };
    let append = |number, scope| {
        let batch = Batch { records: vec![record(number, scope)], ..empty(visit(1)) };
        store.append(batch, &mut |bytes| bytes.fill(7))
    };
    assert_eq!(append(100, concern(1)).unwrap().seq, 15);
    assert!(matches!(append(101, identification(2)), Err(StoreError::Erased)));
    assert!(matches!(append(1, concern(1)), Err(StoreError::Duplicate)), "an id from before");
    assert!(matches!(append(102, concern(2)), Err(StoreError::Malformed { .. })), "another visit's scope");
    assert!(matches!(store.verify().unwrap(), Verification::Intact { events: 15, .. }));
}

/// What was two or more words of a list is told apart as before.
#[test]
fn the_tables_that_were_made_anew_take_no_other_words() {
    let (_temporary, path) = desk_of_schema_5();
    drop(Store::open(&path, &key()).unwrap());
    let raw = super::raw(&path);
    for statement in [
        "INSERT INTO journal SELECT 15, zeroblob(16), visit, 'desk', scope_id, kind, version, at_us, nonce, sealed, prev, hash
         FROM journal WHERE seq = 1",
        "UPDATE outbox SET scope_kind = 'branch'",
        "UPDATE outbox SET state = 'sent'",
        "UPDATE outbox SET last_outcome = 'lost'",
        "UPDATE outbox SET state = 'delivered' WHERE settled_at_us IS NULL",
        "UPDATE visit SET state = 'closed'",
        "UPDATE visit SET review = 'good' WHERE state = 'ended'",
    ] {
        let refused = raw.execute(statement, []).unwrap_err();
        assert!(refused.to_string().starts_with("CHECK constraint failed"), "{statement}: {refused}");
    }
}
