//! A child process that writes is killed, as a power switch would; what it had confirmed must be there.

use std::{
    env,
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Stdio},
};

use identification::{AbortReason, Entropy, Event, Scope, VisitId};
use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::{
    Desk, Hashed, at, concern, contains, empty, key, key_bytes, open_row, pages::decrypted, raw,
    rebuild::lists, segments::DAY, visit,
};
use crate::{
    Batch, Depth, DeskRecord, OutboxRecord, Record, RecordLink, Store, Verification, VisitRow, VisitState,
    batch::Prepared,
    journal, prune,
    segments::{self, PreparedSegment},
};

const FOLDER: &str = "STORE_CRASH_TEST_FOLDER";
const STEP: &str = "STORE_CRASH_TEST_STEP";

/// One event and one outbox row, numbered.
fn batch(number: u64) -> Batch {
    let id = |kind| uuid::Uuid::from_u64_pair(kind, number);
    let body = || zeroize::Zeroizing::new(number.to_be_bytes().to_vec());
    let record = Record { id: id(1), scope: concern(1), kind: "tested", version: 1, body: body() };
    let row = OutboxRecord { id: id(2), scope: concern(1), kind: "code", payload: body(), link: None };
    Batch { records: vec![record], outbox: vec![row], ..empty(visit(1)) }
}

/// A visit's beginning: [`batch`] in a visit and a scope of its own.
fn beginning(number: u64) -> Batch {
    let scope = concern(u128::from(number));
    let Batch { mut records, mut outbox, .. } = batch(number);
    records.iter_mut().for_each(|record| record.scope = scope);
    outbox.iter_mut().for_each(|row| row.scope = scope);
    Batch { records, outbox, visit_row: Some(open_row()), ..empty(visit(u128::from(number))) }
}

/// The same visit's end, with its wiping.
fn wiping(number: u64) -> Batch {
    let (visit, event) =
        (visit(u128::from(number)), Event::VisitAborted { reason: AbortReason::Interrupted });
    let record = Record::new(uuid::Uuid::from_u64_pair(3, number), visit, &event).unwrap();
    let row = VisitRow { state: VisitState::Aborted { at: at(9) }, ..open_row() };
    let erase = vec![concern(u128::from(number))];
    Batch { records: vec![record], visit_row: Some(row), erase, ..empty(visit) }
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
    let mut prepare = |batch| Prepared::new(batch, &mut |bytes| entropy.fill(bytes)).unwrap();
    match step.as_str() {
        "before commit" => one_transaction(store, folder, &prepare(batch(events)), false),
        "before commit of a wiping" => one_transaction(store, folder, &prepare(wiping(0)), false),
        "before the log is emptied" => one_transaction(store, folder, &prepare(wiping(0)), true),
        "before commit of a segment" => one_segment(store, folder, &mut |bytes| entropy.fill(bytes), false),
        "after commit of a segment" => one_segment(store, folder, &mut |bytes| entropy.fill(bytes), true),
        "before commit of a pruning" => one_pruning(store, folder, false),
        "after commit of a pruning" => one_pruning(store, folder, true),
        "prune" => prune_and_go_on(&store),
        "rebuild" => rebuild_and_go_on(&store),
        _ => {}
    }
    let mut append = |batch| store.append(batch, &mut |bytes| entropy.fill(bytes)).unwrap();
    for number in events.. {
        if step == "wipe" {
            append(beginning(number));
            append(wiping(number));
        } else {
            append(batch(number));
        }
        println!("\ncommitted {}", number + 1);
        if step == "after commit" {
            wait_for_the_end();
        }
    }
}

/// Writes the batch in the one transaction that it gets, and stops before the commit, its pages forced into the log as a
/// full cache would, or right behind it.
fn one_transaction(store: Store, folder: &Path, batch: &Prepared, commit: bool) -> ! {
    stop_in(store, folder, commit, |transaction| {
        journal::stage(transaction, batch).unwrap();
    })
}

/// Writes a segment in the one transaction that it gets, and stops likewise.
fn one_segment(store: Store, folder: &Path, entropy: &mut Entropy<'_>, commit: bool) -> ! {
    let draft = store.cut_segment(DAY, uuid::Uuid::from_u64_pair(4, 0)).unwrap().unwrap();
    let link = RecordLink { seq: store.last_record().unwrap().seq + 1, hash: [7; 32] };
    let payload = zeroize::Zeroizing::new(b"{}".to_vec());
    let record = DeskRecord { id: uuid::Uuid::from_u64_pair(5, 0), kind: "segment", payload, link };
    let prepared = PreparedSegment::new(draft, record, at(9), entropy).unwrap();
    stop_in(store, folder, commit, |transaction| segments::stage(transaction, &prepared).unwrap())
}

/// Prunes the oldest segment in the one transaction that it gets, and stops likewise.
fn one_pruning(store: Store, folder: &Path, commit: bool) -> ! {
    stop_in(store, folder, commit, |transaction| {
        assert_eq!(prune::stage(transaction, at(1_000), at(2_000)).unwrap(), Some(3));
    })
}

fn stop_in(store: Store, folder: &Path, commit: bool, act: impl FnOnce(&Transaction<'_>)) -> ! {
    drop(store);
    let mut connection: Connection = raw(folder);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
    act(&transaction);
    transaction.cache_flush().unwrap();
    if commit {
        transaction.commit().unwrap();
    }
    println!("\nstopped");
    wait_for_the_end();
}

/// Prunes everything that it may; killed at any moment.
fn prune_and_go_on(store: &Store) -> ! {
    println!("\nstarted");
    store.prune(at(1_000), at(2_000)).unwrap();
    println!("\npruned");
    wait_for_the_end();
}

/// Rebuilds until it is killed.
fn rebuild_and_go_on(store: &Store) -> ! {
    println!("\nstarted");
    loop {
        store.rebuild().unwrap();
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

/// Runs a child up to the line that it prints at `step`, and kills it there.
fn kill_at(desk: &mut Desk, step: &str, line: &str) {
    desk.close();
    let (child, mut lines) = start_child(&desk.path(), step);
    lines.find(|found| found == line).expect("the child comes that far");
    kill(child);
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

/// Whether a visit is wiped; its end, its row in the list and its outbox row must say the same.
fn is_wiped(desk: &Desk, id: VisitId) -> bool {
    let events = desk.store().events(id).unwrap();
    let wiped = events.first().unwrap().body.is_none();
    let open = desk.store().open_visits().unwrap().iter().any(|(open, _)| *open == id);
    assert_eq!(events.iter().any(|event| event.scope == Scope::Visit(id)), wiped, "{id:?}");
    assert_eq!(open, !wiped, "{id:?}");
    wiped
}

#[test]
fn killed_before_the_commit_nothing_of_the_batch_is_there() {
    let mut desk = Desk::new();
    desk.append(batch(0)).unwrap();
    kill_at(&mut desk, "before commit", "stopped");
    assert_eq!(left(&mut desk), 1);
}

#[test]
fn killed_after_the_commit_the_whole_batch_is_there() {
    let mut desk = Desk::new();
    kill_at(&mut desk, "after commit", "committed 1");
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
fn killed_before_the_commit_of_a_wiping_the_visit_is_open_and_readable() {
    let mut desk = Desk::new();
    desk.append(beginning(0)).unwrap();
    kill_at(&mut desk, "before commit of a wiping", "stopped");
    desk.reopen().unwrap();
    assert!(!is_wiped(&desk, visit(0)));
    assert_eq!(desk.store().depth().unwrap().waiting, 1);
}

/// The pages as they were before are still in the log of the killed process, the key among them.
#[test]
fn killed_before_the_log_is_emptied_the_next_start_empties_it() {
    let mut desk = Desk::new();
    desk.append(beginning(0)).unwrap();
    let old = key_bytes(&desk.raw(), concern(0));
    kill_at(&mut desk, "before the log is emptied", "stopped");
    assert!(contains(&decrypted(&desk.path()), &old), "the killed process must leave something to do");
    desk.reopen().unwrap();
    assert!(is_wiped(&desk, visit(0)));
    assert!(!contains(&decrypted(&desk.path()), &old));
}

#[test]
fn killed_at_any_moment_a_visit_is_ended_and_wiped_or_neither() {
    let mut desk = Desk::new();
    desk.close();
    for confirmations in [1, 2, 3, 5, 8, 13] {
        // The child numbers its visits by the events that it finds, which no visit before has as its number.
        let (child, lines) = start_child(&desk.path(), "wipe");
        let confirmed: Vec<_> =
            lines.filter_map(|line| committed(&line)).take(confirmations).map(|after| after - 1).collect();
        kill(child);
        desk.reopen().unwrap();
        assert!(matches!(desk.store().verify().unwrap(), Verification::Intact { .. }));
        assert!(confirmed.iter().all(|number| is_wiped(&desk, visit(u128::from(*number)))), "{confirmed:?}");
        let visits = desk.store().visits(at(0), at(1)).unwrap();
        let wiped = visits.iter().filter(|(id, _)| is_wiped(&desk, *id)).count();
        let Depth { waiting, parked, .. } = desk.store().depth().unwrap();
        assert_eq!((waiting, parked), ((visits.len() - wiped) as u64, wiped as u64));
        desk.close();
    }
}

#[test]
fn killed_before_the_commit_of_a_segment_nothing_of_it_is_there() {
    let mut desk = Desk::new();
    desk.finished(1);
    kill_at(&mut desk, "before commit of a segment", "stopped");
    desk.reopen().unwrap();
    assert!(desk.store().segments(9).unwrap().is_empty());
    assert_eq!(desk.store().last_record().unwrap(), RecordLink::START);
    assert_eq!(desk.store().depth().unwrap().waiting, 0);
    assert_eq!(desk.cut().unwrap().entries.len(), 3, "it is cut anew");
}

#[test]
fn killed_after_the_commit_of_a_segment_it_its_record_and_its_row_are_there() {
    let mut desk = Desk::new();
    desk.finished(1);
    kill_at(&mut desk, "after commit of a segment", "stopped");
    desk.reopen().unwrap();
    assert_eq!(desk.store().segments(9).unwrap().len(), 1);
    assert_eq!(desk.store().last_record().unwrap().seq, 1);
    assert_eq!(desk.lease(9).unwrap().kind, "segment");
    assert_eq!(desk.cut(), None);
}

#[test]
fn killed_before_the_commit_of_a_pruning_everything_is_there() {
    let mut desk = prunable(1);
    kill_at(&mut desk, "before commit of a pruning", "stopped");
    desk.reopen().unwrap();
    assert_eq!(pruned_until(&desk), 0);
    assert_eq!(desk.prune().events, 3);
}

#[test]
fn killed_after_the_commit_of_a_pruning_the_chain_verifies_from_its_checkpoint() {
    let mut desk = prunable(1);
    kill_at(&mut desk, "after commit of a pruning", "stopped");
    desk.reopen().unwrap();
    assert_eq!(pruned_until(&desk), 3);
    assert!(desk.store().visits(at(0), at(60)).unwrap().is_empty());
    assert_eq!(desk.prune().events, 0);
}

/// A desk whose first visits are told, countersigned and erased, each in a segment of its own.
fn prunable(visits: u128) -> Desk {
    let mut desk = Desk::new();
    for number in 1..=visits {
        desk.finished(number);
        desk.tell_journal();
        desk.wipe(number);
    }
    desk
}

fn pruned_until(desk: &Desk) -> i64 {
    match desk.store().verify().unwrap() {
        Verification::Intact { pruned_until, .. } => pruned_until,
        broken @ Verification::Broken { .. } => panic!("{broken:?}"),
    }
}

#[test]
fn killed_at_any_moment_of_a_pruning_whole_segments_are_gone_and_the_rest_goes_next_time() {
    let mut desk = prunable(6);
    kill_at(&mut desk, "prune", "started");
    desk.reopen().unwrap();
    let until = pruned_until(&desk);
    assert!(until % 3 == 0, "{until}");
    assert_eq!(desk.store().visits(at(0), at(60)).unwrap().len() as i64, 6 - until / 3);
    desk.prune();
    assert_eq!(pruned_until(&desk), 18);
}

#[test]
fn killed_at_any_moment_of_a_rebuilding_the_lists_are_whole_after_the_next_one() {
    let mut desk = Desk::with_visits();
    let before = lists(&desk.raw());
    desk.raw().execute_batch("DELETE FROM code_reference; UPDATE visit SET operator = 's-1'").unwrap();
    kill_at(&mut desk, "rebuild", "started");
    desk.reopen().unwrap();
    desk.store().rebuild().unwrap();
    assert_eq!(lists(&desk.raw()).len(), before.len());
    assert!(desk.store().rebuild().unwrap().differences.is_empty());
}

#[test]
fn killed_during_a_delivery_its_outcome_is_unknown() {
    let mut desk = Desk::new();
    desk.append(batch(0)).unwrap();
    let lease = jiff::SignedDuration::from_secs(30);
    assert!(!desk.store().lease(at(1), lease).unwrap().unwrap().ask_first);
    // Closing is no better than a crash: nobody settled the row.
    desk.reopen().unwrap();
    let row = desk.store().lease(at(2), lease).unwrap().unwrap();
    assert!(row.ask_first);
    assert_eq!(row.attempts, 2);
}
