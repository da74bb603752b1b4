//! The process that some of the desks are.

use std::{
    env, fs,
    io::{self, BufRead, Write},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use account::SealingKey;
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use store::Verification;
use tokio::{sync::Semaphore, task::JoinSet};

use crate::lasting::{
    clock,
    desk::{Desk, Papers},
    marks::Marks,
    outbox::Turn,
    people::Insured,
};

/// Where a process finds its desks.
pub(super) const FOLDER: &str = "BENCH_FLEET";
/// The file with them.
pub(super) const GROUP: &str = "group.json";
/// What a process is told: to let the people of the one part come, or of the other.
pub(super) const CALM: &str = "calm";
pub(super) const STORM: &str = "storm";
/// What it says: every desk is open; a record was accepted (microseconds since its visit was on disk, bytes); a part is over;
/// a desk's journal has so many events.
pub(super) const READY: &str = "ready";
pub(super) const ACCEPTED: &str = "accepted";
pub(super) const DONE: &str = "done";
pub(super) const JOURNAL: &str = "journal";
/// Most sleep of a desk whose next attempt isn't due.
const NAP: Duration = Duration::from_millis(500);

/// Some of the desks, and who comes to each.
#[derive(Serialize, Deserialize)]
pub(super) struct Group {
    pub(super) papers: Vec<Papers>,
    pub(super) sealing_key: SealingKey,
    pub(super) calm: Vec<Vec<Insured>>,
    pub(super) storm: Vec<Vec<Insured>>,
    /// Deliveries that may be under way at the same time.
    pub(super) connections: usize,
}

/// Is some of the desks, until standard input ends.
pub(crate) fn run() -> Result<()> {
    let folder = PathBuf::from(env::var_os(FOLDER).context("started by hand")?);
    let group: Group = serde_json::from_slice(&fs::read(folder.join(GROUP))?)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build()?;
    let mut desks = open(&folder, &group)?;
    tell(READY)?;
    for line in io::stdin().lock().lines() {
        let people = match line?.as_str() {
            CALM => group.calm.clone(),
            STORM => group.storm.clone(),
            other => bail!("told {other:?}"),
        };
        desks = runtime.block_on(work_all(desks, people, group.connections))?;
        tell(DONE)?;
    }
    for desk in &desks {
        desk.has_delivered()?;
        let Verification::Intact { events, .. } = desk.store.verify()? else { bail!("a broken journal") };
        tell(&format!("{JOURNAL} {} {events}", desk.identity.desk()))?;
    }
    Ok(())
}

fn tell(line: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "\n{line}")?;
    Ok(out.flush()?)
}

/// Opens every desk, each in a folder of its own.
fn open(folder: &Path, group: &Group) -> Result<Vec<Desk>> {
    let open = |(number, papers): (usize, &Papers)| {
        Desk::open(&folder.join(number.to_string()), papers, group.sealing_key.clone(), Marks::default())
    };
    group.papers.iter().enumerate().map(open).collect()
}

async fn work_all(desks: Vec<Desk>, people: Vec<Vec<Insured>>, connections: usize) -> Result<Vec<Desk>> {
    let line = Arc::new(Semaphore::new(connections));
    let mut under_way = JoinSet::new();
    for (desk, people) in desks.into_iter().zip(people) {
        under_way.spawn(work(desk, people, Arc::clone(&line)));
    }
    let mut desks = Vec::new();
    while let Some(desk) = under_way.join_next().await {
        desks.push(desk.context("a desk panicked")??);
    }
    Ok(desks)
}

/// One desk: a visit, its records delivered, the next visit; its journal at the end.
async fn work(desk: Desk, people: Vec<Insured>, line: Arc<Semaphore>) -> Result<Desk> {
    for insured in people {
        desk.lead_at_once(&insured)?;
        let written = Instant::now();
        let accepted = |bytes| tell(&format!("{ACCEPTED} {} {bytes}", written.elapsed().as_micros()));
        deliver(&desk, &line, accepted).await?;
    }
    desk.tell_journal()?;
    deliver(&desk, &line, |_| Ok(())).await?;
    Ok(desk)
}

/// Delivers until nothing waits.
async fn deliver(desk: &Desk, line: &Semaphore, accepted: impl Fn(usize) -> Result<()>) -> Result<()> {
    loop {
        let place = line.acquire().await?;
        let turn = desk.turn().await?;
        drop(place);
        if let Turn::Delivered { bytes } = turn {
            accepted(bytes)?;
            continue;
        }
        let depth = desk.store.depth()?;
        if depth.waiting == 0 {
            return Ok(());
        }
        let due = depth.next_due.map(|at| clock::now().duration_until(at)).unwrap_or_default();
        tokio::time::sleep(Duration::try_from(due).unwrap_or_default().min(NAP)).await;
    }
}
