use std::fs;

use super::{Desk, at, concern, key, visit};
use crate::{DatabaseKey, Reader, Store, StoreError, Verification, folder, journal::events};

fn other_key() -> DatabaseKey {
    DatabaseKey::new(&[0xa5; 32]).unwrap()
}

#[test]
fn the_file_has_no_plain_text_header() {
    let mut desk = Desk::new();
    desk.note(concern(1), b"body");
    desk.close();
    let file = fs::read(folder::database(&desk.path())).unwrap();
    assert!(file.len() >= 4096 && !file.starts_with(b"SQLite format 3"));
}

#[test]
fn a_key_has_exactly_32_bytes() {
    assert!(DatabaseKey::new(&[1; 31]).is_none() && DatabaseKey::new(&[1; 33]).is_none());
}

#[test]
fn what_was_written_is_there_after_opening_again() {
    let mut desk = Desk::new();
    desk.note(concern(1), b"first");
    desk.note(concern(1), b"second");
    desk.reopen().unwrap();
    let bodies: Vec<_> = desk
        .store()
        .events(visit(1))
        .unwrap()
        .into_iter()
        .map(|event| event.body.unwrap().to_vec())
        .collect();
    assert_eq!(bodies, [b"first".to_vec(), b"second".to_vec()]);
}

#[test]
fn a_wrong_key_is_told_and_touches_nothing() {
    let mut desk = Desk::new();
    desk.note(concern(1), b"body");
    desk.close();
    let before = fs::read(folder::database(&desk.path())).unwrap();
    assert!(matches!(Store::open(&desk.path(), &other_key()), Err(StoreError::WrongKey)));
    assert!(matches!(Reader::open(&desk.path(), &other_key()), Err(StoreError::WrongKey)));
    assert_eq!(fs::read(folder::database(&desk.path())).unwrap(), before);
}

#[test]
fn a_wrong_key_is_told_even_without_the_key_check() {
    let mut desk = Desk::new();
    desk.close();
    fs::remove_file(desk.path().join("key-check")).unwrap();
    assert!(matches!(Store::open(&desk.path(), &other_key()), Err(StoreError::WrongKey)));
    assert!(matches!(Reader::open(&desk.path(), &other_key()), Err(StoreError::WrongKey)));
    desk.reopen().unwrap();
    assert!(desk.path().join("key-check").exists());
}

#[test]
fn only_one_process_has_the_store_and_any_number_may_read() {
    let mut desk = Desk::new();
    desk.note(concern(1), b"body");
    assert!(matches!(Store::open(&desk.path(), &key()), Err(StoreError::InUse)));
    let readers = [Reader::open(&desk.path(), &key()).unwrap(), Reader::open(&desk.path(), &key()).unwrap()];
    for reader in readers {
        assert!(matches!(reader.verify().unwrap(), Verification::Intact { events: 1, .. }));
    }
}

#[test]
fn a_reader_opens_a_store_that_is_not_running_and_cannot_write() {
    let mut desk = Desk::new();
    desk.note(concern(1), b"body");
    desk.close();
    let reader = Reader::open(&desk.path(), &key()).unwrap();
    assert_eq!(reader.events(visit(1)).unwrap().len(), 1);
    let raw = crate::database::open_reader(&folder::database(&desk.path()), &key()).unwrap();
    let write: Result<_, StoreError> = raw.execute("DELETE FROM visit", []).map_err(StoreError::from);
    assert!(matches!(write, Err(StoreError::ReadOnly)));
}

/// Damages the first page, which SQLCipher reports exactly like a wrong key; the log is one that a crash left.
#[test]
fn a_damaged_database_is_moved_aside_with_its_log_as_it_was_found() {
    let mut desk = Desk::new();
    desk.note(concern(1), b"in the database");
    desk.store().erase(concern(2), at(1)).unwrap();
    desk.note(concern(1), b"in the log");
    let (database, aside) = (folder::database(&desk.path()), desk.folder.path().join("store.quarantine-1"));
    let log = database.with_extension("db-wal");
    let (mut database_bytes, log_bytes) = (fs::read(&database).unwrap(), fs::read(&log).unwrap());
    assert!(!log_bytes.is_empty());
    desk.close();
    *database_bytes.get_mut(100).unwrap() ^= 1;
    fs::write(&database, &database_bytes).unwrap();
    fs::write(&log, &log_bytes).unwrap();

    let error = desk.reopen().unwrap_err();
    assert!(matches!(&error, StoreError::Quarantined { moved_to } if *moved_to == aside), "{error:?}");
    assert!(fs::read(folder::database(&aside)).unwrap() == database_bytes);
    assert!(fs::read(aside.join("identplatz.db-wal")).unwrap() == log_bytes);
    assert!(aside.join("key-check").exists() && !desk.path().exists());

    desk.reopen().unwrap();
    assert!(desk.store().events(visit(1)).unwrap().is_empty());
}

#[test]
fn a_database_cut_to_nothing_is_damage_and_not_a_new_one() {
    let mut desk = Desk::new();
    desk.close();
    fs::write(folder::database(&desk.path()), b"").unwrap();
    assert!(matches!(desk.reopen(), Err(StoreError::Quarantined { .. })));
}

#[test]
fn a_missing_database_is_never_made_anew_in_silence() {
    let mut desk = Desk::new();
    desk.close();
    fs::remove_file(folder::database(&desk.path())).unwrap();
    assert!(matches!(desk.reopen(), Err(StoreError::Missing)));
    assert!(matches!(Reader::open(&desk.path(), &key()), Err(StoreError::Missing)));
}

#[test]
fn a_database_of_a_newer_program_is_refused() {
    let mut desk = Desk::new();
    desk.close();
    desk.raw().pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(desk.reopen(), Err(StoreError::NewerSchema { found: 99, .. })));
    assert!(matches!(Reader::open(&desk.path(), &key()), Err(StoreError::NewerSchema { found: 99, .. })));
}

#[test]
fn the_settings_that_the_table_promises_are_in_force() {
    let desk = Desk::new();
    let raw = desk.raw();
    let number = |pragma: &str| -> i64 { raw.pragma_query_value(None, pragma, |row| row.get(0)).unwrap() };
    let text = |pragma: &str| -> String { raw.pragma_query_value(None, pragma, |row| row.get(0)).unwrap() };
    assert!(text("cipher_version").starts_with("4."));
    assert_eq!(text("cipher_memory_security"), "1");
    assert_eq!(text("journal_mode"), "wal");
    for (pragma, value) in [
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("temp_store", 2),
        ("trusted_schema", 0),
        ("cell_size_check", 1),
        ("busy_timeout", 5_000),
        ("journal_size_limit", 4 * 1024 * 1024),
        ("wal_autocheckpoint", 1_000),
        ("recursive_triggers", 1),
        ("ignore_check_constraints", 0),
        ("auto_vacuum", 0),
        ("mmap_size", 0),
        ("application_id", 0),
    ] {
        assert_eq!(number(pragma), value, "{pragma}");
    }
    for (pragma, value) in [
        ("cipher_page_size", "4096"),
        ("kdf_iter", "256000"),
        ("cipher_kdf_algorithm", "PBKDF2_HMAC_SHA512"),
        ("cipher_hmac_algorithm", "HMAC_SHA512"),
        ("cipher_use_hmac", "1"),
        ("cipher_plaintext_header_size", "0"),
    ] {
        assert_eq!(text(pragma), value, "{pragma}");
    }
    let reader = crate::database::open_reader(&folder::database(&desk.path()), &key()).unwrap();
    let query_only: i64 = reader.pragma_query_value(None, "query_only", |row| row.get(0)).unwrap();
    assert_eq!(query_only, 1);
    use rusqlite::{config::DbConfig, limits::Limit};
    for (config, is_on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DDL, false),
        (DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true),
    ] {
        assert_eq!(raw.db_config(config).unwrap(), is_on, "{config:?}");
    }
    assert_eq!(raw.limit(Limit::SQLITE_LIMIT_LENGTH).unwrap(), 1024 * 1024);
    assert_eq!(raw.limit(Limit::SQLITE_LIMIT_ATTACHED).unwrap(), 0);
    assert!(raw.execute_batch("ATTACH DATABASE '/tmp/never.db' AS other KEY ''").is_err());
    assert!(raw.prepare("SELECT \"no such column\"").is_err());
    let mut options = raw.prepare("PRAGMA compile_options").unwrap();
    let options =
        options.query_map([], |row| row.get(0)).unwrap().collect::<Result<Vec<String>, _>>().unwrap();
    assert!(options.iter().any(|it| it == "DEFAULT_MEMSTATUS=0"), "{options:?}");
    assert!(!options.iter().any(|it| it == "ENABLE_MEMORY_MANAGEMENT"), "{options:?}");
}

/// Without recursive triggers `OR REPLACE` deletes rows behind the back of those that forbid it.
#[test]
fn replacing_a_row_does_not_go_around_the_triggers() {
    let mut desk = Desk::new();
    desk.note(concern(1), b"body");
    let replaced = desk.raw().execute(
        "INSERT OR REPLACE INTO journal SELECT seq, event_id, visit, scope_kind, scope_id, 'forged', version, at_us,
                                               nonce, sealed, prev, hash FROM journal",
        [],
    );
    assert!(replaced.unwrap_err().to_string().contains("append-only"));
}

#[test]
fn the_folder_is_for_this_account_alone() {
    #[cfg(unix)]
    {
        let desk = Desk::new();
        let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(desk.path()).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o700);
    }
}

#[test]
fn damage_met_while_reading_is_named() {
    let mut desk = Desk::new();
    for _ in 0..40 {
        desk.note(concern(1), &[7; 2_000]);
    }
    desk.close();
    let database = folder::database(&desk.path());
    let mut bytes = fs::read(&database).unwrap();
    // Among the journal's pages, which were added last; opening reads none of them.
    let behind = bytes.len() - 5 * 4096;
    *bytes.get_mut(behind).unwrap() ^= 1;
    fs::write(&database, bytes).unwrap();
    let reader = Reader::open(&desk.path(), &key()).unwrap();
    let verified = reader.verify();
    assert!(matches!(verified, Err(StoreError::Corrupt)), "{verified:?}");
    assert!(matches!(events(&desk.raw(), visit(1)), Err(StoreError::Corrupt)));
}
