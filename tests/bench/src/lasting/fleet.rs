//! Many desks at once: each with its own certificate, store, chain of records and outbox, delivering into the service on
//! PostgreSQL, first in calm, then in a storm while the service ends and starts again.
//!
//! The chain of records is one a store, and one a desk at the service: so each simulated desk has a store of its own, as
//! each real one has. The stores lie in memory where the machine has a file system for that: real desks don't share the
//! server's disk. PostgreSQL synchronizes with the disk.

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
/// Desks of a process: some 650 open files, of 1,024 that are usual, and some 3,000 mappings (each piece of SQLCipher's locked
/// memory is one), of 65,530 that Linux allows.
const DESKS_OF_A_PROCESS: usize = 50;
/// Connections of the service to its database, and so of the bare commits.
const CONNECTIONS_OF_THE_SERVICE: usize = 12;
/// Bytes of a usual record; the second count is of rows as large as those were that had been delivered until then.
const USUAL_RECORD: usize = 1_500;
/// Most bytes of a desk's files: its log can have four mebibytes.
const BYTES_OF_A_DESK: u64 = 6 * 1024 * 1024;

/// How much is done.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    pub(crate) desks: usize,
    /// Visits of each desk in calm.
    pub(crate) calm_visits: usize,
    /// Visits of each desk in the storm.
    pub(crate) visits: usize,
    /// How often the service ends and starts again in the storm.
    pub(crate) restarts: usize,
    /// Requests in a thousand that have trouble in the storm.
    pub(crate) per_mille: u16,
    /// Deliveries that may be under way at the same time.
    pub(crate) connections: usize,
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
            calm_visits: visits / 6,
            visits,
            restarts: 5,
            per_mille: 300,
            connections: 64,
            bare: Duration::from_secs(10),
            deadline: Duration::from_secs(60 * 60),
        }
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
    let stores = place::in_memory(scale.desks as u64 * BYTES_OF_A_DESK)?;
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
    let journals = fleet.end()?;
    let counted = world.count(&journals)?;
    let rates = Rates { before, behind, connections, bytes };
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

    /// A twentieth of the desks of `cargo xtask bench`, with two visits each.
    #[test]
    fn sixty_desks_deliver_everything_once_through_a_storm() {
        let scale = Scale {
            desks: 60,
            calm_visits: 1,
            visits: 1,
            restarts: 1,
            per_mille: 300,
            connections: 16,
            bare: Duration::from_millis(500),
            deadline: Duration::from_secs(120),
        };
        let arguments = ["lasting::fleet::tests::desks", "--exact", "--ignored", "--nocapture"];
        let Some(report) = measure(scale, &arguments).unwrap() else { return };
        println!("{report}");
        assert!(report.targets_reached(), "{report}");
    }
}
