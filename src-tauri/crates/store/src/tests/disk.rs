//! A full and a read-only disk: a small file system in a user namespace, with this test binary inside.

use std::{env, path::Path, process::Command};

use super::{
    Hashed, at, concern, empty, key, open_row,
    retention::{DAY, two_weeks},
    visit,
};
use crate::{Batch, ErasureList, Record, Store, StoreError, Verification, VisitRow, VisitState};

const FOLDER: &str = "STORE_DISK_TEST_FOLDER";

/// Runs an ignored test of this module on a file system of one mebibyte.
fn on_a_small_disk(test: &str) {
    let folder = tempfile::tempdir().unwrap();
    let namespace = ["--user", "--map-root-user", "--mount"];
    let allowed = Command::new("unshare").args(namespace).arg("true").status();
    if !allowed.is_ok_and(|status| status.success()) {
        println!("skipped: this machine doesn't allow user namespaces");
        return;
    }
    let status = Command::new("unshare")
        .args(namespace)
        .args([
            "sh",
            "-ec",
            "mount -t tmpfs -o size=1m tmpfs \"$1\"; exec \"$2\" --exact \"$3\" --ignored --nocapture",
        ])
        .arg("sh")
        .args([folder.path(), &env::current_exe().unwrap()])
        .arg(format!("tests::disk::{test}"))
        .env(FOLDER, folder.path())
        .status()
        .unwrap();
    assert!(status.success());
}

fn remount(folder: &Path, options: &str) {
    let status =
        Command::new("mount").args(["-o", &format!("remount,{options}")]).arg(folder).status().unwrap();
    assert!(status.success());
}

fn batch(number: u64) -> Batch {
    let record = Record {
        id: uuid::Uuid::from_u64_pair(1, number),
        scope: concern(1),
        kind: "tested",
        version: 1,
        body: zeroize::Zeroizing::new(vec![1; 30_000]),
    };
    Batch { records: vec![record], ..empty(visit(1)) }
}

#[test]
fn a_full_disk_is_named_loses_nothing_and_heals() {
    on_a_small_disk("fill");
}

#[test]
#[ignore = "runs on the small disk of another test"]
fn fill() {
    let folder = env::var_os(FOLDER).expect("started by another test");
    let folder = Path::new(&folder);
    let mut entropy = Hashed(0);
    let store = Store::open(&folder.join("store"), &key()).unwrap();
    let mut number = 0;
    let error = loop {
        match store.append(batch(number), &mut |bytes| entropy.fill(bytes)) {
            Ok(_) => number += 1,
            Err(error) => break error,
        }
        assert!(number < 100, "one mebibyte never filled up");
    };
    assert!(matches!(error, StoreError::DiskFull), "{error:?}");
    assert!(number > 5);
    assert!(matches!(store.verify().unwrap(), Verification::Intact { events, .. } if events == number));
    remount(folder, "size=4m");
    store.append(batch(number), &mut |bytes| entropy.fill(bytes)).unwrap();
    assert!(matches!(store.verify().unwrap(), Verification::Intact { events, .. } if events == number + 1));
}

#[test]
fn a_read_only_disk_is_named() {
    on_a_small_disk("read_only");
}

#[test]
#[ignore = "runs on the small disk of another test"]
fn read_only() {
    let folder = env::var_os(FOLDER).expect("started by another test");
    let folder = Path::new(&folder);
    drop(Store::open(&folder.join("store"), &key()).unwrap());
    remount(folder, "ro");
    assert!(matches!(Store::open(&folder.join("store"), &key()), Err(StoreError::ReadOnly)));
}

#[test]
fn a_disk_that_fills_up_during_a_backup_is_named_and_left_as_it_was() {
    on_a_small_disk("fill_by_a_backup");
}

#[test]
#[ignore = "runs on the small disk of another test"]
fn fill_by_a_backup() {
    let folder = env::var_os(FOLDER).expect("started by another test");
    let folder = Path::new(&folder);
    let mut entropy = Hashed(0);
    let elsewhere = tempfile::tempdir().unwrap();
    let store = Store::open(&elsewhere.path().join("store"), &key()).unwrap();
    for number in 0..50 {
        store.append(batch(number), &mut |bytes| entropy.fill(bytes)).unwrap();
    }
    let to = folder.join("desk.backup");
    let error = store.backup(&to, &super::backup::passphrase(), &mut super::backup::go_on).unwrap_err();
    assert!(matches!(error, StoreError::DiskFull), "{error:?}");
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0);
    remount(folder, "size=4m");
    store.backup(&to, &super::backup::passphrase(), &mut super::backup::go_on).unwrap();
    let list = ErasureList::beside(&elsewhere.path().join("store"));
    let place = folder.join("store");
    let restore = |to_key| {
        super::restore::restore(
            &to,
            &super::backup::passphrase(),
            &place,
            to_key,
            crate::Erasures::In(&list),
            at(1),
            &mut super::backup::go_on,
        )
    };
    std::fs::write(folder.join("ballast"), vec![0; 1024 * 1024]).unwrap();
    std::fs::write(&list, b"").unwrap();
    let error = restore(&key()).unwrap_err();
    assert!(matches!(error, StoreError::DiskFull), "{error:?}");
    assert!(!place.exists());
}

#[test]
fn a_backup_to_a_folder_that_can_not_be_written_is_named() {
    on_a_small_disk("backup_to_read_only");
}

#[test]
#[ignore = "runs on the small disk of another test"]
fn backup_to_read_only() {
    let folder = env::var_os(FOLDER).expect("started by another test");
    let folder = Path::new(&folder);
    let elsewhere = tempfile::tempdir().unwrap();
    let store = Store::open(&elsewhere.path().join("store"), &key()).unwrap();
    remount(folder, "ro");
    let refused = store.backup(&folder.join("b"), &super::backup::passphrase(), &mut super::backup::go_on);
    assert!(matches!(refused, Err(StoreError::ReadOnly)), "{refused:?}");
}

#[test]
fn a_run_of_erasures_on_a_full_disk_erases_nothing_notes_nothing_and_heals() {
    on_a_small_disk("fill_before_a_run");
}

#[test]
#[ignore = "runs on the small disk of another test"]
fn fill_before_a_run() {
    let folder = env::var_os(FOLDER).expect("started by another test");
    let folder = Path::new(&folder);
    let mut entropy = Hashed(0);
    let store = Store::open(&folder.join("store"), &key()).unwrap();
    let ended = VisitRow { state: VisitState::Ended { at: at(1) }, ..open_row() };
    let over = Batch { visit_row: Some(ended), ..batch(0) };
    store.append(over, &mut |bytes| entropy.fill(bytes)).unwrap();
    let mut filler = std::fs::File::create(folder.join("filler")).unwrap();
    while std::io::Write::write(&mut filler, &[1; 512]).is_ok_and(|written| written > 0) {}

    let run = |number| store.erase_due(uuid::Uuid::from_u128(number), two_weeks(), at(15 * DAY));
    let full = run(1);
    assert!(matches!(full, Err(StoreError::DiskFull)), "{full:?}");
    assert!(store.events(visit(1)).unwrap().iter().all(|event| event.body.is_some()));
    let list = ErasureList::beside(&folder.join("store"));
    assert_eq!(std::fs::metadata(&list).unwrap().len(), 0);

    remount(folder, "size=4m");
    let run = run(2).unwrap().unwrap();
    assert_eq!(run.scopes, 1);
    assert!(store.prove(&run, &[], at(16 * DAY)).unwrap().holds);
    assert_eq!(ErasureList::read(&list).unwrap().entries().count(), 1);
}
