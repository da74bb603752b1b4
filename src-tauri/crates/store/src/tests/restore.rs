//! Restoring a backup: erasures first, and never over anything.

use std::{
    fs,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use jiff::{SignedDuration, Timestamp};

use super::{
    CANARY, Desk, at, backup::go_on, concern, contains, identification, key, key_bytes, pages::decrypted,
    visit,
};
use crate::{
    BackupKey, DatabaseKey, ErasureList, Erasures, KeptName, OnProgress, Outcome, Passphrase, Restoration,
    Restored, Store, StoreError, Verification, database, folder,
};

const LEASE: SignedDuration = SignedDuration::from_secs(30);

/// A raw key, which takes no derivation; passphrases are tried with backups and on the command line.
pub(super) fn of_backup() -> BackupKey {
    BackupKey::Desk(DatabaseKey::new(&[0x77; 32]).unwrap())
}

/// The whole restoration.
pub(super) fn restore(
    from: &Path,
    backup_key: &BackupKey,
    folder: &Path,
    key: &DatabaseKey,
    erasures: Erasures<'_>,
    now: Timestamp,
    progress: OnProgress<'_>,
) -> Result<Restored, StoreError> {
    Restoration::prepare(from, backup_key, folder, key, erasures, now, progress)?.finish()
}

impl Desk {
    pub(super) fn save(&self) {
        self.store().backup(&self.backup_path(), &of_backup(), &mut go_on).unwrap();
    }

    pub(super) fn erasures(&self) -> PathBuf {
        ErasureList::beside(&self.path())
    }

    pub(super) fn new_place(&self) -> PathBuf {
        self.folder.path().join("restored")
    }

    pub(super) fn restore(&self, erasures: Erasures<'_>) -> Result<Restored, StoreError> {
        restore(&self.backup_path(), &of_backup(), &self.new_place(), &key(), erasures, at(99), &mut go_on)
    }
}

pub(super) fn bodies(store: &Store) -> Vec<Option<Vec<u8>>> {
    let events = store.events(visit(1)).unwrap();
    events.into_iter().map(|event| event.body.map(|body| body.to_vec())).collect()
}

pub(super) fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_restored_store_has_all_that_the_backup_had() {
    let mut desk = Desk::new();
    let head = desk.note(concern(1), b"body");
    let told = desk.tell(visit(1), concern(1), b"payload");
    desk.store().keep(KeptName::Policy, b"bundle", at(0)).unwrap();
    desk.store().erase(concern(7), at(1)).unwrap();
    desk.save();
    desk.note(concern(1), b"later than the backup");

    let restored = desk.restore(Erasures::In(&desk.erasures())).unwrap();

    let expected = Restored { events: 1, head, newest: Some(at(0)), erased: 0, waiting: 1 };
    assert_eq!(restored, expected);
    let store = Store::open(&desk.new_place(), &key()).unwrap();
    assert_eq!(bodies(&store), [Some(b"body".to_vec())]);
    assert_eq!(store.kept(KeptName::Policy).unwrap().unwrap().value, b"bundle");
    let row = store.lease(at(100), LEASE).unwrap().unwrap();
    assert!(row.id == told && row.ask_first, "it may have arrived since the backup");
    store.settle(told, Outcome::Delivered, at(101)).unwrap();
    assert!(matches!(store.verify().unwrap(), Verification::Intact { events: 1, .. }));
}

/// Control: the backup does hold the key, which its passphrase brings to light.
#[test]
fn what_was_erased_since_the_backup_is_erased_before_anybody_can_open_it() {
    let mut desk = Desk::new();
    desk.note(concern(1), CANARY);
    desk.note(identification(1), b"somebody else");
    let secret = key_bytes(&desk.raw(), concern(1));
    desk.save();
    desk.store().erase(concern(1), at(5)).unwrap();
    let in_backup = database::open_reader(&desk.backup_path(), &of_backup()).unwrap();
    assert_eq!(key_bytes(&in_backup, concern(1)), secret);
    drop(in_backup);

    assert_eq!(desk.restore(Erasures::In(&desk.erasures())).unwrap().erased, 1);

    let pages = decrypted(&desk.new_place());
    assert!(!contains(&pages, &secret), "the destroyed key came back");
    assert!(
        contains(&pages, &key_bytes(&super::raw(&desk.new_place()), identification(1))),
        "the search finds keys"
    );
    let store = Store::open(&desk.new_place(), &key()).unwrap();
    assert_eq!(bodies(&store), [None, Some(b"somebody else".to_vec())]);
    assert!(matches!(store.verify().unwrap(), Verification::Intact { events: 2, .. }));
}

#[test]
fn an_older_backup_can_be_restored_from_the_restored_desks_list() {
    let mut desk = Desk::new();
    desk.note(concern(1), CANARY);
    desk.note(concern(2), CANARY);
    desk.save();
    desk.store().erase(concern(1), at(5)).unwrap();
    desk.restore(Erasures::In(&desk.erasures())).unwrap();
    let store = Store::open(&desk.new_place(), &key()).unwrap();
    store.erase(concern(2), at(6)).unwrap();
    drop(store);
    let again = desk.folder.path().join("again");
    let list = ErasureList::beside(&desk.new_place());
    let restored =
        restore(&desk.backup_path(), &of_backup(), &again, &key(), Erasures::In(&list), at(99), &mut go_on);
    assert_eq!(restored.unwrap().erased, 2);
    assert_eq!(bodies(&Store::open(&again, &key()).unwrap()), [None, None]);
}

#[test]
fn with_the_list_lost_only_what_was_not_delivered_is_kept() {
    let mut desk = Desk::new();
    desk.note(concern(1), CANARY);
    let delivered = desk.tell(visit(1), concern(1), b"delivered");
    desk.store().lease(at(1), LEASE).unwrap();
    desk.store().settle(delivered, Outcome::Delivered, at(2)).unwrap();
    desk.note(concern(2), b"not delivered");
    let waiting = desk.tell(visit(1), concern(2), b"not delivered");
    desk.save();

    let restored = desk.restore(Erasures::Lost).unwrap();

    assert_eq!((restored.erased, restored.waiting), (1, 1));
    let store = Store::open(&desk.new_place(), &key()).unwrap();
    assert_eq!(bodies(&store), [None, Some(b"not delivered".to_vec())]);
    assert_eq!(store.lease(at(100), LEASE).unwrap().unwrap().id, waiting);
    drop(store);
    let before = fs::read(ErasureList::beside(&desk.new_place())).unwrap();
    drop(Store::open(&desk.new_place(), &key()).unwrap());
    assert_eq!(fs::read(ErasureList::beside(&desk.new_place())).unwrap(), before, "list and database agree");
}

#[test]
fn with_the_list_lost_a_visit_that_waits_is_kept_whole_though_nothing_waits_in_its_own_scope() {
    let mut desk = Desk::new();
    let ids = desk.whole_visit(1, 10);
    desk.save();
    let restored = desk.restore(Erasures::Lost).unwrap();
    assert_eq!((restored.erased, restored.waiting), (0, 2));
    let store = Store::open(&desk.new_place(), &key()).unwrap();
    assert_eq!(store.lease(at(100), LEASE).unwrap().unwrap().id, ids[0]);
    assert_eq!(store.visits(at(0), at(1)).unwrap().len(), 1);
}

#[test]
fn a_list_that_lies_there_is_not_lost_and_counts_beside_the_one_given() {
    let mut desk = Desk::new();
    desk.note(concern(1), CANARY);
    desk.save();
    let older = desk.folder.path().join("older.erasures");
    fs::copy(desk.erasures(), &older).or_else(|_| fs::write(&older, b"").map(|()| 0)).unwrap();
    desk.store().erase(concern(1), at(5)).unwrap();
    desk.close();
    fs::remove_dir_all(desk.path()).unwrap();
    let restore_in_place = |erasures| {
        restore(&desk.backup_path(), &of_backup(), &desk.path(), &key(), erasures, at(99), &mut go_on)
    };
    assert!(matches!(restore_in_place(Erasures::Lost), Err(StoreError::Exists)));
    assert_eq!(restore_in_place(Erasures::In(&older)).unwrap().erased, 1);
    desk.reopen().unwrap();
    assert_eq!(bodies(desk.store()), [None]);
}

#[test]
fn a_list_that_is_missing_cut_short_or_another_desks_is_refused() {
    let mut desk = Desk::new();
    desk.note(concern(1), CANARY);
    desk.store().erase(concern(1), at(1)).unwrap();
    desk.save();
    let missing = desk.folder.path().join("nowhere");
    assert!(matches!(desk.restore(Erasures::In(&missing)), Err(StoreError::ErasuresIncomplete)));
    let cut = desk.folder.path().join("cut");
    fs::write(&cut, b"").unwrap();
    assert!(matches!(desk.restore(Erasures::In(&cut)), Err(StoreError::ErasuresIncomplete)));
    let mut other = Desk::new();
    other.note(concern(2), b"");
    other.store().erase(concern(2), at(1)).unwrap();
    assert!(matches!(desk.restore(Erasures::In(&other.erasures())), Err(StoreError::ErasuresIncomplete)));
    assert!(!desk.new_place().exists());
    desk.restore(Erasures::In(&desk.erasures())).unwrap();
}

#[test]
fn a_store_is_never_restored_over_another_and_never_while_it_runs() {
    let mut desk = Desk::new();
    desk.note(concern(1), b"body");
    desk.save();
    let restore_in_place = |desk: &Desk| {
        let (list, place) = (desk.erasures(), desk.path());
        restore(&desk.backup_path(), &of_backup(), &place, &key(), Erasures::In(&list), at(99), &mut go_on)
    };
    assert!(matches!(restore_in_place(&desk), Err(StoreError::InUse)));
    desk.close();
    assert!(matches!(restore_in_place(&desk), Err(StoreError::Exists)));
    desk.reopen().unwrap();
    assert_eq!(bodies(desk.store()).len(), 1);
}

#[test]
fn a_wrong_passphrase_a_damaged_backup_and_a_cancelled_restoration_leave_nothing() {
    let mut desk = Desk::new();
    for _ in 0..20 {
        desk.note(concern(1), &[7; 30_000]);
    }
    desk.save();
    desk.store().erase(concern(9), at(1)).unwrap();
    let (list, place, backup) = (desk.erasures(), desk.new_place(), desk.backup_path());
    let before = names(desk.folder.path());
    let restore = |key_of_backup: &BackupKey, flow: ControlFlow<()>| {
        restore(&backup, key_of_backup, &place, &key(), Erasures::In(&list), at(99), &mut |_| flow)
    };
    let wrong = BackupKey::Passphrase(Passphrase::new("somebody else's").unwrap());
    let go_on = ControlFlow::Continue(());
    assert!(matches!(restore(&wrong, go_on), Err(StoreError::WrongKey)));
    assert!(matches!(restore(&of_backup(), ControlFlow::Break(())), Err(StoreError::Cancelled)));
    let mut bytes = fs::read(&backup).unwrap();
    let middle = bytes.len() / 2;
    *bytes.get_mut(middle).unwrap() ^= 1;
    fs::write(&backup, bytes).unwrap();
    assert!(matches!(restore(&of_backup(), go_on), Err(StoreError::Corrupt)));
    let after = names(desk.folder.path());
    assert!(after.iter().all(|name| before.contains(name) || name == "restored.lock"), "{after:?}");
}

#[test]
fn a_backup_of_a_newer_program_is_refused() {
    let desk = Desk::new();
    desk.save();
    let raw = database::open_copy(&desk.backup_path(), &of_backup()).unwrap();
    raw.pragma_update(None, "user_version", 99).unwrap();
    drop(raw);
    desk.store().erase(concern(9), at(1)).unwrap();
    let refused = desk.restore(Erasures::In(&desk.erasures()));
    assert!(matches!(refused, Err(StoreError::NewerSchema { found: 99, .. })));
}

/// A process that was killed in between left the database with its mark.
#[test]
fn a_restoration_that_was_interrupted_does_not_open_and_is_not_in_the_way() {
    let mut desk = Desk::new();
    desk.note(concern(1), CANARY);
    desk.save();
    desk.store().erase(concern(1), at(5)).unwrap();
    let half = folder::sibling(&desk.new_place(), "restoring");
    fs::create_dir(&half).unwrap();
    desk.store().backup(&folder::database(&half), &BackupKey::Desk(key()), &mut go_on).unwrap();
    assert!(matches!(Store::open(&half, &key()), Err(StoreError::NotRestored)));
    desk.restore(Erasures::In(&desk.erasures())).unwrap();
    assert!(!half.exists());
    assert_eq!(bodies(&Store::open(&desk.new_place(), &key()).unwrap()), [None]);
}
