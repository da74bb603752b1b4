//! A process is killed at each step of a run of erasures; what it had confirmed must be gone, and nothing else.

use std::{
    env,
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Stdio},
};

use rusqlite::TransactionBehavior;
use uuid::Uuid;

use super::{
    Desk, at, concern, contains, identification, key, key_bytes,
    pages::decrypted,
    raw,
    retention::{DAY, id, own, two_weeks},
    visit,
};
use crate::{ErasureList, Store, Verification, erasure_list::ListFile, erasure_run};

const FOLDER: &str = "STORE_RUN_CRASH_TEST_FOLDER";
const STEP: &str = "STORE_RUN_CRASH_TEST_STEP";
const RUN: Uuid = Uuid::from_u128(0x4711);

/// Starts this test binary again, and kills it when it has come to `step`.
fn kill_at(desk: &mut Desk, step: &str) {
    desk.close();
    let mut child = start_child(&desk.path(), step);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    lines.find(|line| line == "stopped").expect("the child comes that far");
    child.kill().unwrap();
    child.wait().unwrap();
}

fn start_child(folder: &Path, step: &str) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["tests::run_crash::child", "--exact", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .env(STEP, step)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
#[ignore = "runs as the process that the other tests kill"]
fn child() {
    let folder = env::var_os(FOLDER).expect("started by another test");
    let (folder, step) = (Path::new(&folder), env::var(STEP).unwrap());
    let now = at(15 * DAY);
    if step == "proof" {
        let store = Store::open(folder, &key()).unwrap();
        store.erase_due(RUN, two_weeks(), now).unwrap().unwrap();
        stop();
    }
    let mut connection = raw(folder);
    let (mut list, _) = ListFile::open(folder, &mut connection).unwrap();
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
    let (run, erased) = erasure_run::stage(&transaction, RUN, two_weeks(), now).unwrap();
    assert_eq!(run.unwrap().scopes, 2);
    // As a full cache would.
    transaction.cache_flush().unwrap();
    if step == "list" {
        stop();
    }
    list.note(&transaction, now, &erased).unwrap();
    if step == "commit" {
        stop();
    }
    transaction.commit().unwrap();
    assert_eq!(step, "log");
    stop();
}

fn stop() -> ! {
    println!("\nstopped");
    std::io::stdin().read_exact(&mut [0]).ok();
    panic!("nobody killed this process");
}

/// A desk with a visit of which two scopes are due, and their keys.
fn desk() -> (Desk, Vec<Vec<u8>>) {
    let mut desk = Desk::new();
    desk.whole_visit(1, 10);
    desk.deliver_all(20);
    let keys = [identification(1), concern(1)].map(|scope| key_bytes(&desk.raw(), scope));
    (desk, keys.into())
}

fn listed(desk: &Desk) -> Vec<Uuid> {
    let list = ErasureList::read(&ErasureList::beside(&desk.path())).unwrap();
    let mut scopes: Vec<_> = list.entries().map(|(scope, _)| scope).collect();
    scopes.sort();
    scopes
}

/// Everything of the two scopes is gone: in the database, in the pages, and by the list.
fn assert_gone(desk: &Desk, keys: &[Vec<u8>]) {
    let bodies: Vec<_> =
        desk.store().events(visit(1)).unwrap().iter().map(|event| event.body.is_some()).collect();
    assert_eq!(bodies, [true, false, false]);
    let pages = decrypted(&desk.path());
    assert!(keys.iter().all(|key| !contains(&pages, key)));
    assert!(contains(&pages, &key_bytes(&desk.raw(), own(1))), "the search can find keys");
    let mut expected = [id(identification(1)), id(concern(1))];
    expected.sort();
    assert_eq!(listed(desk), expected);
    assert!(matches!(desk.store().verify().unwrap(), Verification::Intact { events: 3, .. }));
}

#[test]
fn killed_before_it_is_noted_nothing_is_erased_and_the_next_run_does_it() {
    let (mut desk, keys) = desk();
    kill_at(&mut desk, "list");
    assert!(listed(&desk).is_empty());
    desk.reopen().unwrap();
    assert!(desk.store().events(visit(1)).unwrap().iter().all(|event| event.body.is_some()));
    assert!(desk.store().erasure_runs().unwrap().is_empty());
    let run = desk.store().erase_due(RUN, two_weeks(), at(15 * DAY)).unwrap().unwrap();
    assert!(desk.store().prove(&run, &[], at(16 * DAY)).unwrap().holds);
    assert_gone(&desk, &keys);
}

#[test]
fn killed_between_the_note_and_the_commit_nothing_is_erased_and_the_next_start_takes_the_note_back() {
    let (mut desk, keys) = desk();
    kill_at(&mut desk, "commit");
    assert_eq!(listed(&desk).len(), 2);
    desk.reopen().unwrap();
    assert!(listed(&desk).is_empty());
    assert!(desk.store().events(visit(1)).unwrap().iter().all(|event| event.body.is_some()));
    let run = desk.store().erase_due(RUN, two_weeks(), at(15 * DAY)).unwrap().unwrap();
    assert!(desk.store().prove(&run, &[], at(16 * DAY)).unwrap().holds);
    assert_gone(&desk, &keys);
}

#[test]
fn killed_before_the_log_is_emptied_the_next_start_empties_it_and_the_run_can_be_proven() {
    let (mut desk, keys) = desk();
    kill_at(&mut desk, "log");
    assert!(contains(&decrypted(&desk.path()), &keys[0]), "the killed process must leave something to do");
    desk.reopen().unwrap();
    desk.store().depth().unwrap();
    assert_gone(&desk, &keys);
    let (run, proof) = desk.store().erasure_runs().unwrap().remove(0);
    assert_eq!((run.id, run.scopes, proof), (RUN, 2, None));
    assert!(desk.store().prove(&run, &[], at(16 * DAY)).unwrap().holds);
}

#[test]
fn killed_before_the_proof_the_run_is_known_to_lack_one() {
    let (mut desk, keys) = desk();
    kill_at(&mut desk, "proof");
    desk.reopen().unwrap();
    desk.store().depth().unwrap();
    assert_gone(&desk, &keys);
    let (run, proof) = desk.store().erasure_runs().unwrap().remove(0);
    assert_eq!(proof, None);
    assert!(desk.store().prove(&run, &[b"Buntspechte"], at(16 * DAY)).unwrap().holds);
}
