//! A child process that writes is killed, as a power switch would; what it had confirmed must be there.

use std::{
    env,
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Stdio},
};

use rusqlite::TransactionBehavior;

use super::{Desk, Hashed, concern, empty, key, raw, visit};
use crate::{Batch, OutboxRecord, Record, Store, Verification, batch::Prepared, journal};

const FOLDER: &str = "STORE_CRASH_TEST_FOLDER";
const STEP: &str = "STORE_CRASH_TEST_STEP";

/// One event and one outbox row, numbered.
fn batch(number: u64) -> Batch {
    let id = |kind| uuid::Uuid::from_u64_pair(kind, number);
    let body = || zeroize::Zeroizing::new(number.to_be_bytes().to_vec());
    let record = Record { id: id(1), scope: concern(1), kind: "tested", version: 1, body: body() };
    let row = OutboxRecord { id: id(2), scope: concern(1), kind: "code", payload: body() };
    Batch { records: vec![record], outbox: vec![row], ..empty(visit(1)) }
}

/// Starts this test binary again as the process that will be killed.
fn start_child(folder: &Path, step: &str) -> (Child, impl Iterator<Item = String> + use<>) {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["tests::crash::child", "--exact", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .env(STEP, step)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    (child, lines)
}

#[test]
#[ignore = "runs as the process that the other tests kill"]
fn child() {
    let folder = env::var_os(FOLDER).expect("started by another test");
    let (folder, step) = (Path::new(&folder), env::var(STEP).unwrap());
    let mut entropy = Hashed(u64::from(std::process::id()) << 32);
    let store = Store::open(folder, &key()).unwrap();
    let Verification::Intact { events, .. } = store.verify().unwrap() else { panic!("broken") };
    if step == "before commit" {
        drop(store);
        let mut connection = raw(folder);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
        let prepared = Prepared::new(batch(events), &mut |bytes| entropy.fill(bytes)).unwrap();
        journal::stage(&transaction, &prepared).unwrap();
        // Force the staged pages into the log, as a full cache would.
        transaction.cache_flush().unwrap();
        println!("\nstaged");
        wait_for_the_end();
    }
    for number in events.. {
        store.append(batch(number), &mut |bytes| entropy.fill(bytes)).unwrap();
        println!("\ncommitted {}", number + 1);
        if step == "after commit" {
            wait_for_the_end();
        }
    }
}

fn wait_for_the_end() -> ! {
    std::io::stdin().read_exact(&mut [0]).ok();
    panic!("nobody killed this process");
}

fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

fn committed(line: &str) -> Option<u64> {
    line.strip_prefix("committed ")?.parse().ok()
}

/// Opens what the killed process left and counts the events, each of which must have its outbox row.
fn left(desk: &mut Desk) -> u64 {
    desk.reopen().unwrap();
    let Verification::Intact { events, .. } = desk.store().verify().unwrap() else { panic!("broken") };
    let found = desk.store().events(visit(1)).unwrap();
    for (number, event) in found.iter().enumerate() {
        assert_eq!(event.body.as_ref().unwrap().as_slice(), (number as u64).to_be_bytes());
    }
    assert_eq!(found.len() as u64, events);
    assert_eq!(desk.store().depth().unwrap().waiting, events);
    desk.close();
    events
}

#[test]
fn killed_before_the_commit_nothing_of_the_batch_is_there() {
    let mut desk = Desk::new();
    desk.append(batch(0)).unwrap();
    desk.close();
    let (child, mut lines) = start_child(&desk.path(), "before commit");
    lines.find(|line| line == "staged").expect("the child staged its batch");
    kill(child);
    assert_eq!(left(&mut desk), 1);
}

#[test]
fn killed_after_the_commit_the_whole_batch_is_there() {
    let mut desk = Desk::new();
    desk.close();
    let (child, mut lines) = start_child(&desk.path(), "after commit");
    assert_eq!(lines.find_map(|line| committed(&line)), Some(1));
    kill(child);
    assert_eq!(left(&mut desk), 1);
}

#[test]
fn killed_at_any_moment_nothing_that_was_confirmed_is_lost() {
    let mut desk = Desk::new();
    desk.close();
    let mut before = 0;
    for confirmations in [1, 3, 7, 12, 20, 33] {
        let (child, lines) = start_child(&desk.path(), "never stop");
        let last = lines.filter_map(|line| committed(&line)).nth(confirmations - 1).unwrap();
        kill(child);
        let found = left(&mut desk);
        assert!(last >= before + confirmations as u64 && found >= last, "{found} found, {last} confirmed");
        before = found;
    }
}

#[test]
fn killed_during_a_delivery_its_outcome_is_unknown() {
    let mut desk = Desk::new();
    desk.append(batch(0)).unwrap();
    let lease = jiff::SignedDuration::from_secs(30);
    assert!(!desk.store().lease(super::at(1), lease).unwrap().unwrap().ask_first);
    // Closing is no better than a crash: nobody settled the row.
    desk.reopen().unwrap();
    let row = desk.store().lease(super::at(2), lease).unwrap().unwrap();
    assert!(row.ask_first);
    assert_eq!(row.attempts, 2);
}
