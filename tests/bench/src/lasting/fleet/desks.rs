//! The process that the desks of one file are.

use std::{
    env, fs,
    io::{self, BufRead, Write},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use account::SealingKey;
use anyhow::{Context, Result, bail};
use identification::VisitId;
use serde::{Deserialize, Serialize};
use store::{Store, Verification};
use tokio::{
    sync::{Notify, Semaphore},
    task::{JoinSet, spawn_blocking},
    time::timeout,
};

use super::RECORDS_OF_A_VISIT;
use crate::lasting::{
    clock,
    desk::{Desk, Papers},
    marks::Marks,
    outbox::{Turn, lease},
    people::Insured,
};

/// Where a process finds its desks.
pub(super) const FOLDER: &str = "BENCH_FLEET";
/// The file with them.
pub(super) const GROUP: &str = "group.json";
/// What a process is told: to let the people of the one part come, or of the other.
pub(super) const CALM: &str = "calm";
pub(super) const STORM: &str = "storm";
/// What it says: every desk is open; a record was accepted (microseconds since its visit was begun to be written, bytes); a
/// part is over; a file's journal has so many events; a desk has a code that the service took (id, reference).
pub(super) const READY: &str = "ready";
pub(super) const ACCEPTED: &str = "accepted";
pub(super) const DONE: &str = "done";
pub(super) const JOURNAL: &str = "journal";
pub(super) const CODE: &str = "code";
/// Most sleep while the next attempt isn't due; the program's own is a second.
const NAP: Duration = Duration::from_millis(500);

/// The desks of a file, and who comes to each.
#[derive(Serialize, Deserialize)]
pub(super) struct Group {
    /// Of the desk that the file's journal is anchored as.
    pub(super) keeper: Papers,
    pub(super) papers: Vec<Papers>,
    pub(super) sealing_key: SealingKey,
    pub(super) calm: Vec<Vec<Insured>>,
    pub(super) storm: Vec<Vec<Insured>>,
}

/// Is the desks of a file, until standard input ends.
pub(crate) fn run() -> Result<()> {
    let folder = PathBuf::from(env::var_os(FOLDER).context("started by hand")?);
    let group: Group = serde_json::from_slice(&fs::read(folder.join(GROUP))?)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let keeper =
        Desk::open(&folder.join("store"), &group.keeper, group.sealing_key.clone(), Marks::default())?;
    let places = group.papers.iter().map(|papers| Ok(Arc::new(Place::new(keeper.beside(papers)?))));
    let office = Arc::new(Office {
        places: places.collect::<Result<_>>()?,
        store: keeper.store.clone(),
        keeper,
        written: Notify::new(),
    });
    tell(READY)?;
    for line in io::stdin().lock().lines() {
        let people = match line?.as_str() {
            CALM => &group.calm,
            STORM => &group.storm,
            other => bail!("told {other:?}"),
        };
        runtime.block_on(Arc::clone(&office).work(people))?;
        tell(DONE)?;
    }
    office.tell_what_is_kept()
}

fn tell(line: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "\n{line}")?;
    Ok(out.flush()?)
}

/// Desks that share a store, and so a journal and an outbox.
struct Office {
    keeper: Desk,
    places: Vec<Arc<Place>>,
    store: Store,
    /// There is something new in the outbox.
    written: Notify,
}

/// A desk of it.
struct Place {
    desk: Desk,
    /// When its newest visit was begun to be written.
    begun: Mutex<Instant>,
    /// A permit for each of that visit's records that was accepted.
    accepted: Semaphore,
    visits: Mutex<Vec<VisitId>>,
}

impl Place {
    fn new(desk: Desk) -> Self {
        let begun = Mutex::new(Instant::now());
        Self { desk, begun, accepted: Semaphore::new(0), visits: Mutex::default() }
    }

    fn lead(&self, insured: &Insured) -> Result<()> {
        *self.begun.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        let visit = self.desk.lead_at_once(insured)?;
        self.visits.lock().unwrap_or_else(PoisonError::into_inner).push(visit);
        Ok(())
    }

    fn note_accepted(&self, bytes: usize) -> Result<()> {
        let delay = self.begun.lock().unwrap_or_else(PoisonError::into_inner).elapsed();
        tell(&format!("{ACCEPTED} {} {bytes}", delay.as_micros()))?;
        self.accepted.add_permits(1);
        Ok(())
    }
}

impl Office {
    /// Lets those people come to each desk, until everything is delivered, the journal included.
    async fn work(self: Arc<Self>, people: &[Vec<Insured>]) -> Result<()> {
        let mut visits = JoinSet::new();
        for (place, people) in self.places.iter().zip(people) {
            visits.spawn(Arc::clone(&self).receive(Arc::clone(place), people.clone()));
        }
        let all_accepted = async {
            while let Some(desk) = visits.join_next().await {
                desk.context("a desk panicked")??;
            }
            Ok(())
        };
        tokio::select! {
            accepted = all_accepted => accepted,
            stopped = self.deliver() => stopped,
        }?;
        self.keeper.tell_journal()?;
        self.deliver_all().await
    }

    /// One desk: a visit, its records accepted, the next visit.
    async fn receive(self: Arc<Self>, place: Arc<Place>, people: Vec<Insured>) -> Result<()> {
        for insured in people {
            let here = Arc::clone(&place);
            spawn_blocking(move || here.lead(&insured)).await??;
            self.written.notify_one();
            for _ in 0..RECORDS_OF_A_VISIT {
                place.accepted.acquire().await?.forget();
            }
        }
        Ok(())
    }

    /// Delivers for ever.
    async fn deliver(&self) -> Result<()> {
        loop {
            self.deliver_all().await?;
            self.written.notified().await;
        }
    }

    /// Delivers until nothing waits.
    async fn deliver_all(&self) -> Result<()> {
        loop {
            if let Turn::Delivered { .. } = self.turn().await? {
                continue;
            }
            let depth = self.store.depth()?;
            if depth.waiting == 0 {
                return Ok(());
            }
            let due = depth.next_due.map(|at| clock::now().duration_until(at)).unwrap_or_default();
            let nap = Duration::try_from(due).unwrap_or_default().min(NAP);
            timeout(nap, self.written.notified()).await.ok();
        }
    }

    /// Delivers the next row that is due, as the desk that signed it.
    async fn turn(&self) -> Result<Turn> {
        let Some(leased) = lease(&self.store)? else { return Ok(Turn::Nothing) };
        let name = leased.desk()?;
        let Some(place) = self.places.iter().find(|it| it.desk.identity.desk() == name) else {
            return self.keeper.carry(leased).await;
        };
        let turn = place.desk.carry(leased).await?;
        if let Turn::Delivered { bytes } = turn {
            place.note_accepted(bytes)?;
        }
        Ok(turn)
    }

    /// Says what the file holds, to be compared with what the service does.
    fn tell_what_is_kept(&self) -> Result<()> {
        self.keeper.has_delivered()?;
        let Verification::Intact { events, .. } = self.store.verify()? else { bail!("a broken journal") };
        tell(&format!("{JOURNAL} {} {events}", self.keeper.identity.desk()))?;
        for Place { desk, visits, .. } in self.places.iter().map(AsRef::as_ref) {
            for visit in visits.lock().unwrap_or_else(PoisonError::into_inner).iter() {
                let visit = desk.load(*visit)?;
                for code in
                    visit.concerns.iter().flat_map(|it| &it.codes).filter(|it| it.accepted_at.is_some())
                {
                    tell(&format!(
                        "{CODE} {} {} {}",
                        desk.identity.desk(),
                        code.id.uuid(),
                        code.reference.as_str()
                    ))?;
                }
            }
        }
        Ok(())
    }
}
