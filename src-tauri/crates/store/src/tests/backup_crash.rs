//! A process is killed in the middle of a backup or of a restoration: what was there before stays good, nothing half has a
//! final name, nothing that was erased comes back, and the next try does it.

use std::fs;

use super::{
    CANARY, Desk, at,
    backup::go_on,
    concern, contains, key, key_bytes,
    pages::decrypted,
    restore::{bodies, names, of_backup, restore},
    steps::{Step, kill_at, stop, stop_at, told},
};
use crate::{
    ErasureList, Erasures,
    Phase::{Copying, Erasing, Naming, Upgrading, Verifying},
    Restoration, Store, Verification, folder,
};

/// In the middle of the copy, and before each thing that comes behind it.
const OF_A_BACKUP: [Step; 4] = [Step(Copying, 1), Step(Copying, 2), Step(Verifying, 1), Step(Naming, 1)];
const OF_A_RESTORATION: [Step; 7] = [
    Step(Verifying, 1),
    Step(Copying, 1),
    Step(Copying, 2),
    Step(Upgrading, 1),
    Step(Erasing, 1),
    Step(Verifying, 2),
    Step(Naming, 1),
];
/// Of 30 kB each, which is more than the 256 pages of a step of the copy.
const EVENTS: u64 = 40;
/// Between both names, the store's and its list's.
const BETWEEN_THE_NAMES: &str = "between the names";
const LOST: &str = "the list is lost, ";

#[test]
#[ignore = "runs as the process that the other tests kill"]
fn backs_up() {
    let (folder, step) = told();
    let store = Store::open(&folder.join("store"), &key()).unwrap();
    store.backup(&folder.join("desk.backup"), &of_backup(), &mut stop_at(&step)).unwrap();
}

#[test]
#[ignore = "runs as the process that the other tests kill"]
fn restores() {
    let (folder, step) = told();
    let (list, place) = (ErasureList::beside(&folder.join("store")), folder.join("restored"));
    let (erasures, step) = match step.strip_prefix(LOST) {
        Some(step) => (Erasures::Lost, step),
        None => (Erasures::In(&list), step.as_str()),
    };
    let from = folder.join("desk.backup");
    let prepared =
        Restoration::prepare(&from, &of_backup(), &place, &key(), erasures, at(99), &mut stop_at(step));
    assert_eq!(step, BETWEEN_THE_NAMES);
    assert!(prepared.is_ok());
    folder::take_place(&folder::sibling(&place, "restoring"), &place).unwrap();
    stop();
}

/// A desk whose copy takes more than one step; one of its concerns is about to be erased.
fn desk() -> Desk {
    let mut desk = Desk::new();
    desk.note(concern(1), CANARY);
    for _ in 1..EVENTS {
        desk.note(concern(2), &[7; 30_000]);
    }
    desk
}

#[test]
fn killed_in_a_backup_the_one_before_stays_good_and_nothing_half_has_its_name() {
    let mut desk = desk();
    let older = desk.folder.path().join("older.backup");
    desk.store().backup(&older, &of_backup(), &mut go_on).unwrap();
    let before = fs::read(&older).unwrap();
    for step in OF_A_BACKUP {
        desk.close();
        kill_at("backup_crash::backs_up", desk.folder.path(), &step.name());
        assert!(!desk.backup_path().exists(), "{step:?}");
        assert_eq!(fs::read(&older).unwrap(), before);
        desk.reopen().unwrap();
        assert!(matches!(desk.store().verify().unwrap(), Verification::Intact { events: EVENTS, .. }));
    }
    desk.store().backup(&desk.backup_path(), &of_backup(), &mut go_on).unwrap();
    assert!(!names(desk.folder.path()).iter().any(|name| name.contains("unfinished")));
    let list = ErasureList::beside(&desk.path());
    for backup in [&older, &desk.backup_path()] {
        let place = backup.with_extension("restored");
        let restored = restore(backup, &of_backup(), &place, &key(), Erasures::In(&list), at(99), &mut go_on);
        assert_eq!(restored.unwrap().events, EVENTS, "{}", backup.display());
    }
}

#[test]
fn killed_in_a_restoration_nothing_opens_with_what_was_erased_and_the_next_try_does_it() {
    let desk = desk();
    let secret = key_bytes(&desk.raw(), concern(1));
    desk.save();
    desk.store().erase(concern(1), at(5)).unwrap();
    let half = folder::sibling(&desk.new_place(), "restoring");
    for step in OF_A_RESTORATION {
        kill_at("backup_crash::restores", desk.folder.path(), &step.name());
        assert!(!desk.new_place().exists(), "{step:?}");
        // Whoever tries to open the half one by hand gets an error, an empty store, or one without what was erased.
        if let Ok(store) = Store::open(&half, &key()) {
            assert!(bodies(&store).first().is_none_or(Option::is_none), "{step:?}");
            drop(store);
            assert!(!contains(&decrypted(&half), &secret), "{step:?}");
        }
        let restored = desk.restore(Erasures::In(&desk.erasures())).unwrap();
        assert_eq!((restored.events, restored.erased), (EVENTS, 1), "{step:?}");
        desk.is_restored(&secret);
        fs::remove_dir_all(desk.new_place()).unwrap();
        fs::remove_file(ErasureList::beside(&desk.new_place())).unwrap();
    }
}

#[test]
fn killed_in_a_restoration_whose_list_is_lost_the_same_command_does_it() {
    let desk = desk();
    let secret = key_bytes(&desk.raw(), concern(1));
    desk.save();
    for step in [Step(Erasing, 1), Step(Naming, 1)] {
        kill_at("backup_crash::restores", desk.folder.path(), &format!("{LOST}{}", step.name()));
        assert!(!desk.new_place().exists() && !ErasureList::beside(&desk.new_place()).exists());
        assert_eq!(desk.restore(Erasures::Lost).unwrap().erased, 2, "everything was delivered");
        desk.is_restored(&secret);
        fs::remove_dir_all(desk.new_place()).unwrap();
        fs::remove_file(ErasureList::beside(&desk.new_place())).unwrap();
    }
}

#[test]
fn killed_between_the_names_the_next_opening_writes_the_list() {
    let desk = desk();
    let secret = key_bytes(&desk.raw(), concern(1));
    desk.save();
    desk.store().erase(concern(1), at(5)).unwrap();
    for lost in ["", LOST] {
        kill_at("backup_crash::restores", desk.folder.path(), &format!("{lost}{BETWEEN_THE_NAMES}"));
        assert!(desk.new_place().exists());
        desk.is_restored(&secret);
        let list = ErasureList::read(&ErasureList::beside(&desk.new_place())).unwrap();
        assert_eq!(list.entries().count(), if lost.is_empty() { 1 } else { 2 });
        fs::remove_dir_all(desk.new_place()).unwrap();
        fs::remove_file(ErasureList::beside(&desk.new_place())).unwrap();
    }
}

impl Desk {
    /// The store at the new place opens, verifies, and what was erased is gone from it.
    fn is_restored(&self, secret: &[u8]) {
        let store = Store::open(&self.new_place(), &key()).unwrap();
        assert_eq!(bodies(&store).first(), Some(&None));
        assert!(matches!(store.verify().unwrap(), Verification::Intact { events: EVENTS, .. }));
        drop(store);
        assert!(!contains(&decrypted(&self.new_place()), secret));
    }
}
