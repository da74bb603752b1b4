//! Many desks at once, delivering into the service on PostgreSQL, first in calm, then in a storm while the service ends and
//! starts again.
//!
//! Each desk has its own certificate, its own chain of records, and its own people. A hundred of them share a file: one
//! SQLCipher database with one journal and one outbox, which is the program's own. What follows from sharing:
//! - The outbox is made for one desk. It has one row under way at a time, and while the oldest waits for its next attempt
//!   the younger ones wait as well ([`store::HOLDING_ATTEMPTS`]): here, those of all desks of the file.
//! - The store keeps one chain of records, the service one for each desk. So the desks link theirs in memory, and the
//!   store's own is that of another desk, which the file's journal is anchored as.
//!
//! The files lie in memory where the machine has a file system for that: real desks don't share the server's disk.
//! PostgreSQL synchronizes with the disk.

mod count;
mod desks;
mod processes;
mod report;
mod world;

use std::time::{Duration, Instant};

use account_service::Fault;
use anyhow::Result;

use super::{bare, place};
pub(crate) use desks::run as run_desks;
use desks::{CALM, STORM};
use processes::Fleet;
pub(crate) use report::Report;
use report::{Calm, Rates, Storm};
use world::World;

/// Records of a visit without incident: identification, code, hand-over.
const RECORDS_OF_A_VISIT: usize = 3;
/// Desks that share a file.
const DESKS_OF_A_FILE: usize = 100;
/// Connections of the service to its database, and so of the bare commits.
const CONNECTIONS_OF_THE_SERVICE: usize = 12;
/// Bytes of a usual record; the second count is of rows as large as those were that had been delivered until then.
const USUAL_RECORD: usize = 1_500;
/// Bytes of a visit in its desk's file, records and journal; and of a file's log.
const BYTES_OF_A_VISIT: usize = 32 * 1024;
const BYTES_OF_A_LOG: usize = 16 * 1024 * 1024;

/// How much is done.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    pub(crate) desks: usize,
    pub(crate) desks_of_a_file: usize,
    /// Visits of each desk in calm.
    pub(crate) calm_visits: usize,
    /// Visits of each desk in the storm.
    pub(crate) visits: usize,
    /// How often the service ends and starts again in the storm.
    pub(crate) restarts: usize,
    /// Requests in a thousand that have trouble in the storm.
    pub(crate) per_mille: u16,
    /// How long bare commits are counted, before and behind the calm part.
    pub(crate) bare: Duration,
    /// Most time for each part.
    pub(crate) deadline: Duration,
}

impl Scale {
    /// So many desks, with so many visits each in a storm.
    pub(crate) fn of(desks: usize, visits: usize) -> Self {
        Self {
            desks,
            desks_of_a_file: DESKS_OF_A_FILE,
            calm_visits: visits.div_ceil(6),
            visits,
            restarts: 5,
            per_mille: 300,
            bare: Duration::from_secs(10),
            deadline: Duration::from_secs(2 * 60 * 60),
        }
    }

    fn files(self) -> usize {
        self.desks.div_ceil(self.desks_of_a_file)
    }

    /// Bytes of all files.
    fn bytes(self) -> usize {
        self.desks * (self.calm_visits + self.visits) * BYTES_OF_A_VISIT + self.files() * BYTES_OF_A_LOG
    }
}

/// Lets the fleet deliver. `None`, with a line that says why, where PostgreSQL isn't installed. `arguments` are those with
/// which this program becomes some of the desks.
pub(crate) fn measure(scale: Scale, arguments: &[&str]) -> Result<Option<Report>> {
    if let Some(why) = workshop::postgres::missing() {
        println!("skipped: {why}");
        return Ok(None);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let began = Instant::now();
    let mut world = World::start(scale, &runtime)?;
    let stores = place::in_memory(scale.bytes() as u64)?;
    let mut fleet = Fleet::start(world.groups(scale, &runtime)?, stores.path(), arguments, scale.deadline)?;
    let prepared = began.elapsed();

    let connections = CONNECTIONS_OF_THE_SERVICE;
    let bare_url = world.bare_url.clone();
    let probe = |bytes| bare::postgres_commits(&bare_url, bytes, connections, scale.bare);
    let before = probe(USUAL_RECORD)?;
    let calm = fleet.work(CALM, scale.desks * scale.calm_visits * RECORDS_OF_A_VISIT, |_| Ok(()))?;
    let bytes = calm.bytes / calm.delays.len().max(1);
    let behind = probe(bytes)?;

    let total = scale.desks * scale.visits * RECORDS_OF_A_VISIT;
    let mut restarts = 0;
    let storm = |seed: usize| Fault::Storm { per_mille: scale.per_mille, seed: seed as u64 };
    world.service()?.fault(storm(0));
    let heard = fleet.work(STORM, total, |accepted| {
        if restarts < scale.restarts && accepted >= total * (restarts + 1) / (scale.restarts + 1) {
            restarts += 1;
            world.restart()?;
            world.service()?.fault(storm(restarts));
        }
        Ok(())
    })?;
    world.service()?.fault(Fault::None);
    let counted = world.count(&fleet.end()?)?;
    let rates = Rates { before, behind, connections, bytes, durability: world.durability()? };
    let storm = Storm { rates: heard.told()?, restarts };
    Ok(Some(Report::of(scale, prepared, rates, Calm(calm.told()?), storm, counted)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[ignore = "runs as some of the desks of the other test"]
    fn desks() {
        run_desks().unwrap();
    }

    /// A twentieth of the desks of `cargo xtask bench`, at as many files, with two visits each.
    #[test]
    fn sixty_desks_deliver_everything_once_through_a_storm() {
        let scale = Scale {
            desks: 60,
            desks_of_a_file: 5,
            calm_visits: 1,
            visits: 1,
            restarts: 1,
            per_mille: 300,
            bare: Duration::from_millis(500),
            deadline: Duration::from_secs(120),
        };
        let arguments = ["lasting::fleet::tests::desks", "--exact", "--ignored", "--nocapture"];
        let Some(report) = measure(scale, &arguments).unwrap() else { return };
        println!("{report}");
        assert!(report.targets_reached(), "{report}");
    }
}
