//! Naming what is wrong with a store, and getting the undelivered out of a damaged one.

use std::fs;

use super::{Desk, at, backup::go_on, concern, key, upgrade::desk_of_schema_1, visit};
use crate::{
    BackupKey, Condition, DatabaseKey, Reader, Store, StoreError, database, diagnose, folder, migrations,
    recover_outbox,
};

fn other_key() -> DatabaseKey {
    DatabaseKey::new(&[0xa5; 32]).unwrap()
}

fn condition(desk: &Desk) -> Condition {
    diagnose(&desk.path(), Some(&key())).unwrap().condition
}

#[test]
fn a_store_that_is_running_and_one_that_is_not_are_told_apart() {
    let mut desk = Desk::new();
    let running = diagnose(&desk.path(), Some(&key())).unwrap();
    assert_eq!((running.condition, running.in_use), (Condition::Usable, true));
    desk.close();
    let at_rest = diagnose(&desk.path(), Some(&key())).unwrap();
    assert_eq!((at_rest.condition, at_rest.in_use), (Condition::Usable, false));
    // Looking didn't take it.
    desk.reopen().unwrap();
}

#[test]
fn every_trouble_has_a_name() {
    let mut desk = Desk::new();
    desk.note(concern(1), b"body");
    desk.close();
    assert_eq!(diagnose(&desk.path(), None).unwrap().condition, Condition::KeyLost);
    assert_eq!(diagnose(&desk.path(), Some(&other_key())).unwrap().condition, Condition::KeyWrong);
    for absent in ["new", "new/in/a/new/folder"] {
        let found = diagnose(&desk.folder.path().join(absent), Some(&key())).unwrap();
        assert_eq!(found.condition, Condition::Absent);
    }

    let known = migrations::known();
    desk.raw().pragma_update(None, "user_version", 99).unwrap();
    assert_eq!(condition(&desk), Condition::NewerSchema { found: 99, known });
    desk.raw().pragma_update(None, "user_version", 1).unwrap();
    assert_eq!(condition(&desk), Condition::OlderSchema { found: 1, known });
    desk.raw().pragma_update(None, "user_version", known).unwrap();
    desk.raw().pragma_update(None, "application_id", database::BACKUP_ID).unwrap();
    assert_eq!(condition(&desk), Condition::NotRestored);
}

#[test]
fn a_damaged_and_a_missing_database_are_named_and_a_diagnosis_moves_nothing() {
    let mut desk = Desk::new();
    desk.note(concern(1), b"body");
    desk.close();
    let database = folder::database(&desk.path());
    let mut bytes = fs::read(&database).unwrap();
    *bytes.get_mut(100).unwrap() ^= 1;
    fs::write(&database, &bytes).unwrap();
    assert_eq!(condition(&desk), Condition::Damaged);
    assert!(database.exists(), "a diagnosis moves nothing");
    assert!(matches!(desk.reopen(), Err(StoreError::Quarantined { .. })));
    let after = diagnose(&desk.path(), Some(&key())).unwrap();
    assert_eq!(after.condition, Condition::Absent);
    assert_eq!(after.quarantined, [folder::sibling(&desk.path(), "quarantine-1")]);

    desk.reopen().unwrap();
    desk.close();
    fs::remove_file(folder::database(&desk.path())).unwrap();
    assert_eq!(condition(&desk), Condition::Missing);
}

#[test]
fn a_running_desks_undelivered_rows_are_read_beside_it() {
    let mut desk = Desk::new();
    let told = [desk.tell(visit(1), concern(1), b"first"), desk.tell(visit(2), concern(2), b"second")];
    desk.tell(visit(3), concern(3), b"erased");
    desk.store().erase(concern(3), at(1)).unwrap();
    let found = Reader::open(&desk.path(), &key()).unwrap().undelivered().unwrap();
    assert_eq!(found.rows.iter().map(|row| row.id).collect::<Vec<_>>(), told);
    assert_eq!(found.rows.first().unwrap().payload.as_slice(), b"first");
    assert_eq!(found.lost, 0);
}

/// A page in the middle of the payloads is damaged, far behind what opening reads: what lies on the others comes back.
#[test]
fn what_was_not_delivered_is_read_around_the_damage() {
    let mut desk = Desk::new();
    for number in 0..60 {
        desk.tell(visit(number), concern(number), &[u8::try_from(number).unwrap(); 3_000]);
    }
    desk.close();
    let database = folder::database(&desk.path());
    let mut bytes = fs::read(&database).unwrap();
    for pages_from_the_end in [8, 20] {
        let page = bytes.len() - pages_from_the_end * 4096;
        *bytes.get_mut(page + 100).unwrap() ^= 1;
    }
    fs::write(&database, bytes).unwrap();

    assert!(matches!(recover_outbox(&desk.path(), &other_key()), Err(StoreError::WrongKey)));
    let found = recover_outbox(&desk.path(), &key()).unwrap();
    assert!(found.lost >= 2 && found.lost < 10, "{} rows lost", found.lost);
    assert_eq!(found.rows.len() as u64 + found.lost, 60);
    for row in &found.rows {
        let number = u8::try_from(row.seq - 1).unwrap();
        assert!(row.payload.iter().all(|byte| *byte == number));
    }
}

#[test]
fn a_quarantined_database_that_still_opens_gives_its_outbox_and_one_that_does_not_says_so() {
    let mut desk = Desk::new();
    let told = desk.tell(visit(1), concern(1), b"payload");
    desk.close();
    let aside = folder::sibling(&desk.path(), "quarantine-1");
    fs::rename(desk.path(), &aside).unwrap();
    let found = recover_outbox(&aside, &key()).unwrap();
    assert_eq!(found.rows.iter().map(|row| row.id).collect::<Vec<_>>(), [told]);
    let database = folder::database(&aside);
    let mut bytes = fs::read(&database).unwrap();
    *bytes.get_mut(100).unwrap() ^= 1;
    fs::write(&database, bytes).unwrap();
    assert!(matches!(recover_outbox(&aside, &key()), Err(StoreError::Corrupt)));
    fs::remove_file(&database).unwrap();
    assert!(matches!(recover_outbox(&aside, &key()), Err(StoreError::Missing)));
}

/// What lies aside may be of any program that was released; it is read as it is, for bringing it to the newest schema would
/// stumble over the very damage that it was moved aside for.
#[test]
fn the_outbox_of_every_released_schema_is_read() {
    let expected = [b"told".as_slice(), b"to be told"];
    for schema in 1..=usize::try_from(migrations::known()).unwrap() {
        let (_temporary, path) = desk_of_schema_1();
        let mut raw = database::open_writer(&folder::database(&path), &key()).unwrap();
        migrations::migrate_to(&mut raw, schema).unwrap();
        drop(raw);
        let before = fs::read(folder::database(&path)).unwrap();
        let found = recover_outbox(&path, &key()).unwrap();
        let payloads: Vec<_> = found.rows.iter().map(|row| row.payload.as_slice()).collect();
        assert_eq!((payloads.as_slice(), found.lost), (expected.as_slice(), 0), "schema {schema}");
        assert!(found.rows.first().unwrap().ask_first, "its sending was under way");
        assert_eq!(fs::read(folder::database(&path)).unwrap(), before, "schema {schema} was changed");
    }
}

#[test]
fn a_backup_under_the_desks_key_laid_in_its_place_is_named_by_the_diagnosis() {
    let mut desk = Desk::new();
    let backup = desk.backup_path();
    desk.store().backup(&backup, &BackupKey::Desk(key()), &mut go_on).unwrap();
    desk.close();
    fs::copy(&backup, folder::database(&desk.path())).unwrap();
    assert_eq!(condition(&desk), Condition::NotRestored);
    assert!(matches!(Store::open(&desk.path(), &key()), Err(StoreError::NotRestored)));
}
