//! A large journal against the clock: what an event costs beside a bare commit, and opening, searching and verifying among a
//! million events.

mod filled;
mod report;

use std::{
    fs,
    path::Path,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use identification::{ConcernId, Event, PublicReference, VisitId};
use jiff::SignedDuration;
use store::{Batch, Record, Store, Verification};
use tempfile::TempDir;

use super::{bare::BareSqlCipher, clock, desk, place, quantiles::Quantiles, random::Random};
use filled::Filled;
pub(crate) use report::Report;
use report::{Appends, Searches};

/// Bytes of an event beside its sealed body: number, four ids, kind of scope, kind, version, time, nonce, tag, two hashes.
const FRAME: usize = 8 + 4 * 16 + 7 + 20 + 1 + 8 + 12 + 16 + 2 * 32;
/// Bytes of the visit's row in the list, which is written with the event: id, state, clerk, times.
const ROW: usize = 16 + 4 + 6 + 2 * 8;
/// Times that the database is opened.
const OPENINGS: usize = 5;
/// Most bytes of a visit, its records included.
const BYTES_OF_A_VISIT: u64 = 10 * 1024;

/// How much is done.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    /// Visits, of five events each.
    pub(crate) visits: u64,
    /// Rounds, in each of which every way has its turn.
    pub(crate) rounds: usize,
    /// Commits of each way in a round.
    pub(crate) commits: usize,
    /// Searches of each way in a round, of which every tenth is a day's list.
    pub(crate) searches: usize,
}

/// Measures in a folder of its own in `folder`, which is on the disk and goes in the end.
pub(crate) fn measure(size: Size, folder: &Path) -> Result<Report> {
    fs::create_dir_all(folder)?;
    let disk = TempDir::new_in(folder)?;
    let began = Instant::now();
    let filled = fill(size, disk.path())?;
    let made = began.elapsed();
    let path = disk.path().join("store");

    let mut openings = Vec::new();
    let mut store = None;
    for _ in 0..OPENINGS {
        drop(store.take());
        let began = Instant::now();
        store = Some(Store::open(&path, &desk::database_key()?)?);
        openings.push(began.elapsed());
    }
    let store = store.context("never opened")?;
    let searches = searches(&store, &filled, size)?;
    let verification = verify(&store, size)?;
    let appends = appends(&store, disk.path(), size)?;
    let openings = Quantiles::of(openings).context("never opened")?;
    Ok(Report::of(size, made, filled.bytes_of_a_visit, openings, searches, verification, appends))
}

/// Makes the large database through the store's own door, in memory if there is a file system for that, and puts it on the
/// disk.
fn fill(size: Size, disk: &Path) -> Result<Filled> {
    let made_in = place::in_memory(size.visits * BYTES_OF_A_VISIT)?;
    let filled = Filled::make(&made_in.path().join("store"), size.visits)?;
    let everything = format!("{}/.", made_in.path().display());
    let copied = Command::new("cp").args(["-R", &everything]).arg(disk).status()?;
    ensure!(copied.success(), "the database could not be put on the disk");
    fs::File::open(disk.join("store/identplatz.db"))?.sync_all()?;
    Ok(filled)
}

/// Searches with nothing beside, and while the journal is verified, in turn.
fn searches(store: &Store, filled: &Filled, size: Size) -> Result<Searches> {
    let mut random = Random(3);
    let (mut alone, mut beside) = (Found::default(), Found::default());
    for _ in 0..size.rounds {
        alone.search(store, filled, &mut random, size.searches)?;
        let over = Arc::new(AtomicBool::new(false));
        let (verifier, stop) = (store.clone(), Arc::clone(&over));
        let verifying = thread::spawn(move || {
            while !stop.load(Ordering::SeqCst) {
                verifier.verify()?;
            }
            anyhow::Ok(())
        });
        beside.search(store, filled, &mut random, size.searches)?;
        over.store(true, Ordering::SeqCst);
        verifying.join().map_err(|_| anyhow::anyhow!("verification panicked"))??;
    }
    Searches::of(alone, beside)
}

/// Times of searches.
#[derive(Default)]
struct Found {
    by_reference: Vec<Duration>,
    by_day: Vec<Duration>,
}

impl Found {
    fn search(&mut self, store: &Store, filled: &Filled, random: &mut Random, times: usize) -> Result<()> {
        for turn in 0..times {
            let visit = random.below(filled.visits);
            if turn % 10 == 0 {
                let day = filled::begins(visit);
                let began = Instant::now();
                let visits = store.visits(day, day + SignedDuration::from_hours(24))?;
                self.by_day.push(began.elapsed());
                ensure!(visits.iter().any(|(id, _)| *id == filled::visit(visit)), "a day without its visit");
            } else {
                let reference = filled::reference(visit);
                let began = Instant::now();
                let found = store.by_reference(&reference)?;
                self.by_reference.push(began.elapsed());
                ensure!(
                    found.is_some_and(|(id, _)| id == filled::visit(visit)),
                    "a reference of another visit"
                );
            }
        }
        Ok(())
    }
}

fn verify(store: &Store, size: Size) -> Result<Duration> {
    let began = Instant::now();
    let found = store.verify()?;
    let taken = began.elapsed();
    let expected = size.visits * filled::EVENTS;
    ensure!(matches!(found, Verification::Intact { events, .. } if events == expected), "{found:?}");
    Ok(taken)
}

/// Events with their visit's row into the large database and into a new one, as the desk writes them, beside bare commits of
/// as many bytes, in turn.
fn appends(large: &Store, folder: &Path, size: Size) -> Result<Appends> {
    let new = Store::open(&folder.join("new"), &desk::database_key()?)?;
    let bare = BareSqlCipher::make(&folder.join("bare.db"), &[0x5a; 32])?;
    let concern = ConcernId::new(clock::id());
    let visit = VisitId::new(clock::id());
    let event = || Record::new(clock::id(), visit, &Event::CardNumberCompared { concern });
    let body = vec![7; FRAME + ROW + event()?.body.len()];
    let mut timed = Appends::new(body.len());
    for _ in 0..size.rounds {
        for _ in 0..size.commits {
            timed.bare.push(taken(|| bare.commit(&body))?);
            timed.new.push(taken(|| append(&new, visit, event()?))?);
            timed.large.push(taken(|| append(large, visit, event()?))?);
        }
    }
    Ok(timed)
}

fn append(store: &Store, visit: VisitId, record: Record) -> Result<()> {
    let at = clock::now();
    let visit_row = Some(filled::row(at)?);
    let batch = Batch { visit, at, records: vec![record], outbox: Vec::new(), visit_row, erase: Vec::new() };
    store.append(batch, &mut clock::entropy)?;
    Ok(())
}

fn taken(act: impl FnOnce() -> Result<()>) -> Result<Duration> {
    let began = Instant::now();
    act()?;
    Ok(began.elapsed())
}

/// Draws the reference again that a visit's code has.
fn drawn(random: &mut Random) -> PublicReference {
    PublicReference::from_entropy(&mut |bytes: &mut [u8]| {
        for byte in bytes {
            *byte = u8::try_from(random.next() >> 56).unwrap_or(0);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small part of what `cargo xtask bench` does: everything is found and the chain holds. How long it takes is
    /// the bench's to judge.
    #[test]
    fn everything_is_found_while_the_journal_is_verified() {
        let folder = tempfile::tempdir().unwrap();
        let size = Size { visits: 250, rounds: 1, commits: 25, searches: 200 };
        let report = measure(size, folder.path()).unwrap();
        println!("{report}");
        assert!(report.bytes_of_a_visit < 16_384.0, "{report}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "the large database is gone");
    }
}
