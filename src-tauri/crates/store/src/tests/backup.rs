//! Backups of a desk that goes on working.

use std::{fs, ops::ControlFlow, path::PathBuf};

use super::{CANARY, Desk, concern, contains, key, visit};
use crate::{
    BackupKey, BackupMade, DatabaseKey, Passphrase, Phase, Progress, Reader, Store, StoreError, Verification,
    database, folder,
};

pub(super) fn passphrase() -> BackupKey {
    BackupKey::Passphrase(Passphrase::new("Amsel's \"Buntspecht\" & Elster").unwrap())
}

pub(super) fn go_on(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

impl Desk {
    pub(super) fn backup_path(&self) -> PathBuf {
        self.folder.path().join("desk.backup")
    }

    pub(super) fn backup(&self) -> BackupMade {
        self.store().backup(&self.backup_path(), &passphrase(), &mut go_on).unwrap()
    }

    /// Files beside the store, by name.
    fn beside(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<_> = entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

#[test]
fn a_backup_is_one_encrypted_file_that_its_passphrase_opens() {
    let mut desk = Desk::new();
    let head = desk.note(concern(1), CANARY);
    let made = desk.backup();
    assert_eq!((made.events, made.head), (1, head));
    let bytes = fs::read(desk.backup_path()).unwrap();
    assert_eq!(bytes.len() as u64, made.bytes);
    assert!(!bytes.starts_with(b"SQLite format 3") && !contains(&bytes, b"journal"));
    let opened = database::open_reader(&desk.backup_path(), &passphrase()).unwrap();
    let events: i64 = opened.query_row("SELECT count(*) FROM journal", [], |row| row.get(0)).unwrap();
    assert_eq!(events, 1);
    let wrong = BackupKey::Passphrase(Passphrase::new("somebody else's").unwrap());
    assert!(matches!(database::open_reader(&desk.backup_path(), &wrong), Err(StoreError::Corrupt)));
    assert!(matches!(database::open_reader(&desk.backup_path(), &key()), Err(StoreError::Corrupt)));
    drop(opened);
    let expected = ["desk.backup", "store", "store.lock"];
    assert!(expected.iter().all(|name| desk.beside().contains(&(*name).to_owned())));
    assert!(!desk.beside().iter().any(|name| name.contains("unfinished") || name.ends_with("-wal")));
}

#[cfg(unix)]
#[test]
fn a_backup_is_for_this_account_alone() {
    let desk = Desk::new();
    desk.backup();
    let mode =
        std::os::unix::fs::PermissionsExt::mode(&fs::metadata(desk.backup_path()).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_backup_opens_from_a_folder_that_can_not_be_written() {
    let mut desk = Desk::new();
    desk.note(concern(1), b"body");
    desk.backup();
    // A log that had to be made beside it would need a writable folder: there is none in the file's header.
    let opened = database::open_reader(&desk.backup_path(), &passphrase()).unwrap();
    let mode: String = opened.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    assert_eq!(mode, "delete");
}

/// What is written while the copy is made is in the journal and not in the backup, which shows one moment.
#[test]
fn the_desk_goes_on_while_a_backup_is_made() {
    let mut desk = Desk::new();
    for _ in 0..60 {
        desk.note(concern(1), &[7; 30_000]);
    }
    let store = desk.store().clone();
    let (mut steps, mut written) = (0, 0);
    let made = store
        .backup(&desk.folder.path().join("desk.backup"), &passphrase(), &mut |progress| {
            if progress.phase != Phase::Copying {
                return ControlFlow::Continue(());
            }
            steps += 1;
            assert!(progress.done <= progress.total && progress.total > 256, "{progress:?}");
            desk.note(concern(1), b"meanwhile");
            written += 1;
            ControlFlow::Continue(())
        })
        .unwrap();
    assert!(steps >= 2, "{steps} steps");
    assert_eq!(made.events, 60);
    assert!(matches!(
        store.verify().unwrap(),
        Verification::Intact { events, .. } if events == 60 + written
    ));
}

#[test]
fn a_cancelled_backup_leaves_nothing() {
    let desk = Desk::new();
    let before = desk.beside();
    let cancelled = desk.store().backup(&desk.backup_path(), &passphrase(), &mut |_| ControlFlow::Break(()));
    assert!(matches!(cancelled, Err(StoreError::Cancelled)), "{cancelled:?}");
    assert_eq!(desk.beside(), before);
}

#[test]
fn a_backup_never_replaces_a_file() {
    let desk = Desk::new();
    fs::write(desk.backup_path(), b"somebody's").unwrap();
    let refused = desk.store().backup(&desk.backup_path(), &passphrase(), &mut go_on);
    assert!(matches!(refused, Err(StoreError::Exists)));
    assert_eq!(fs::read(desk.backup_path()).unwrap(), b"somebody's");
}

#[test]
fn what_an_interrupted_backup_left_is_no_backup_and_not_in_the_way() {
    let desk = Desk::new();
    fs::write(desk.folder.path().join("desk.backup.unfinished"), b"half").unwrap();
    assert!(!desk.backup_path().exists());
    desk.backup();
    assert!(!desk.beside().contains(&"desk.backup.unfinished".to_owned()));
}

#[test]
fn another_process_can_make_the_backup() {
    let mut desk = Desk::new();
    desk.note(concern(1), b"body");
    let reader = Reader::open(&desk.path(), &key()).unwrap();
    let made = reader.backup(&desk.backup_path(), &BackupKey::Desk(key()), &mut go_on).unwrap();
    assert_eq!(made.events, 1);
    desk.note(concern(1), b"the desk goes on");
}

#[test]
fn a_store_whose_chain_is_broken_gives_no_backup() {
    let mut desk = Desk::new();
    desk.note(concern(1), b"first");
    desk.note(concern(1), b"second");
    desk.raw()
        .execute_batch(
            "DROP TRIGGER journal_is_never_changed; UPDATE journal SET at_us = at_us + 1 WHERE seq = 2",
        )
        .unwrap();
    let refused = desk.store().backup(&desk.backup_path(), &passphrase(), &mut go_on);
    assert!(matches!(refused, Err(StoreError::Broken { seq: 2, .. })), "{refused:?}");
    assert!(!desk.backup_path().exists());
}

/// Copied over the database, with its own key and key check: the shortest way around the erasures.
#[test]
fn a_backup_can_not_be_opened_as_a_store() {
    let mut desk = Desk::new();
    desk.note(concern(1), CANARY);
    let backup = desk.backup_path();
    desk.store().backup(&backup, &BackupKey::Desk(key()), &mut go_on).unwrap();
    desk.store().erase(concern(1), super::at(1)).unwrap();
    desk.close();
    fs::copy(&backup, folder::database(&desk.path())).unwrap();
    assert!(matches!(Store::open(&desk.path(), &key()), Err(StoreError::NotRestored)));
    assert!(matches!(Reader::open(&desk.path(), &key()), Err(StoreError::NotRestored)));
    // Refusing it isn't damage: it stays where it is.
    assert!(folder::database(&desk.path()).exists());
}

#[test]
fn a_passphrase_that_is_short_or_that_sqlcipher_would_take_for_a_key_is_none() {
    assert!(Passphrase::new("elf Zeichen").is_none());
    assert!(Passphrase::new("zwölf Zeichen").is_some());
    assert!(Passphrase::new(&"ä".repeat(129)).is_none());
    assert!(Passphrase::new("a line\nand another").is_none());
    for marker in ["x'", "X'"] {
        assert!(Passphrase::new(&format!("{marker}{}'", "5a".repeat(32))).is_none());
    }
}

/// The raw key of the desk and a passphrase of the same bytes are different keys.
#[test]
fn a_backup_under_the_desks_key_opens_with_that_key_only() {
    let desk = Desk::new();
    desk.store().backup(&desk.backup_path(), &BackupKey::Desk(key()), &mut go_on).unwrap();
    let other = BackupKey::Desk(DatabaseKey::new(&[0xa5; 32]).unwrap());
    assert!(database::open_reader(&desk.backup_path(), &BackupKey::Desk(key())).is_ok());
    assert!(matches!(database::open_reader(&desk.backup_path(), &other), Err(StoreError::Corrupt)));
    assert_eq!(desk.store().visits(super::at(0), super::at(1)).unwrap().len(), 0);
    let _ = visit(1);
}
