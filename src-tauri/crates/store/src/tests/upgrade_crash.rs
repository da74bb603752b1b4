//! A process is killed in the middle of a migration: the next start goes on, nothing is lost, and the copy goes in its time.

use std::{fs, path::Path};

use rusqlite::TransactionBehavior;

use super::{
    CANARY, at, concern, key, raw,
    steps::{Step, kill_at, stop, stop_at, told},
    upgrade::{copies, desk_of_schema_1, write_as_the_first},
    visit,
};
use crate::{
    Phase::{Copying, Naming, Upgrading, Verifying},
    Store, Verification, database,
    folder::{self, Folder},
    migrations,
};

/// As a full cache would, the pages of a half migration are in the log.
const IN_THE_TRANSACTION: &str = "in the transaction";
const REFERENCE: &str = "A-2222222222";
const GENERATED: &str = include_str!("../journal/frozen/code_generated@1.jsonl");

#[test]
#[ignore = "runs as the process that the other tests kill"]
fn migrates() {
    let (folder, step) = told();
    let mut connection = database::open_writer(&folder::database(&folder), &key()).unwrap();
    if step == IN_THE_TRANSACTION {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
        transaction.execute_batch(include_str!("../migrations/0002_segments.sql")).unwrap();
        transaction.execute_batch(include_str!("../migrations/0003_retention.sql")).unwrap();
        transaction.pragma_update(None, "user_version", 3).unwrap();
        transaction.cache_flush().unwrap();
        stop();
    }
    let folder = Folder::take(&folder).unwrap();
    migrations::upgrade(&mut connection, &folder, &key(), &mut stop_at(&step)).unwrap();
}

/// A database of schema 1 in which a code was given out.
fn desk() -> (tempfile::TempDir, std::path::PathBuf) {
    let (temporary, path) = desk_of_schema_1();
    let generated = GENERATED.lines().next().unwrap();
    write_as_the_first(&path, visit(1), concern(1), "code_generated", generated.as_bytes());
    (temporary, path)
}

fn other_files(store: &Path) -> Vec<String> {
    let entries = fs::read_dir(store).unwrap();
    let names = entries.map(|it| it.unwrap().file_name().into_string().unwrap());
    names.filter(|name| !name.starts_with("identplatz.db") && name != "key-check").collect()
}

/// Everything that the first program wrote, and what the newest makes of it.
fn assert_whole(path: &Path, step: &str) {
    let store = Store::open(path, &key()).unwrap();
    assert!(matches!(store.verify().unwrap(), Verification::Intact { events: 4, .. }), "{step}");
    let bodies: Vec<_> =
        store.events(visit(1)).unwrap().into_iter().map(|it| it.body.map(|body| body.to_vec())).collect();
    let generated = GENERATED.lines().next().unwrap();
    assert_eq!(bodies, [Some(CANARY.to_vec()), None, Some(generated.as_bytes().to_vec())], "{step}");
    let found = store.by_reference(&identification::PublicReference::parse(REFERENCE).unwrap()).unwrap();
    assert_eq!(found.map(|(id, _)| id), Some(visit(1)), "{step}: the list of codes isn't whole");
    let depth = store.depth().unwrap();
    assert_eq!((depth.waiting, depth.parked), (2, 1), "{step}");
    assert_eq!(store.rebuild().unwrap().differences, [], "{step}");
    drop(store);
    assert_eq!(migrations::version(&raw(path)).unwrap(), migrations::known());
}

#[test]
fn killed_before_the_commit_the_database_is_as_it_was_and_the_next_start_migrates() {
    let before = [Step(Copying, 1), Step(Verifying, 1), Step(Naming, 1), Step(Upgrading, 1)].map(Step::name);
    for step in before.iter().map(String::as_str).chain([IN_THE_TRANSACTION]) {
        let (_temporary, path) = desk();
        kill_at("upgrade_crash::migrates", &path, step);
        assert_eq!(migrations::version(&raw(&path)).unwrap(), 1, "{step}");
        assert_whole(&path, step);
        assert_eq!(copies(&path), 1, "{step}");
        drop(Store::open(&path, &key()).unwrap());
        assert_eq!(other_files(&path), [""; 0], "{step}");
    }
}

/// The second schema lists codes, which are found in the journal behind the commit.
#[test]
fn killed_behind_the_commit_the_next_start_goes_on_and_takes_the_copy_away() {
    let (_temporary, path) = desk();
    let step = Step(Upgrading, 2).name();
    kill_at("upgrade_crash::migrates", &path, &step);
    assert_eq!(migrations::version(&raw(&path)).unwrap(), migrations::known());
    assert_eq!(copies(&path), 1);
    assert_whole(&path, &step);
    assert_eq!(other_files(&path), [""; 0], "the copy went with the first start that succeeded");
}

/// A half copy is of the same content as a whole one.
#[test]
fn what_an_interrupted_copy_left_goes_with_the_first_erasure_at_the_latest() {
    let (_temporary, path) = desk();
    kill_at("upgrade_crash::migrates", &path, &Step(Verifying, 1).name());
    assert_eq!(other_files(&path), ["of-schema-1.db.unfinished"]);
    let store = Store::open(&path, &key()).unwrap();
    store.erase(concern(1), at(101)).unwrap();
    assert_eq!(other_files(&path), [""; 0]);
}
