//! A full and a read-only disk: a small file system in a user namespace, with this test binary inside.

use std::{env, path::Path, process::Command};

use super::{Hashed, concern, empty, key, visit};
use crate::{Batch, Record, Store, StoreError, Verification};

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
