//! Figures of the fleet.

use std::{fmt, time::Duration};

use serde::Serialize;

use super::{Scale, world::Counted};
use crate::{
    lasting::quantiles::Quantiles,
    report::{Target, as_figure},
};

/// Records in a time.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Throughput {
    pub(super) records: usize,
    pub(super) seconds: f64,
    pub(super) a_second: f64,
    /// From the visit on the desk's disk to the record accepted and settled.
    pub(super) delay: Quantiles,
}

/// Bare commits of PostgreSQL a second, of rows as large as a record, before and behind the calm part.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Rates {
    pub(super) before: f64,
    pub(super) behind: f64,
    pub(super) connections: usize,
    pub(super) bytes: usize,
}

pub(super) struct Calm(pub(super) Throughput);

pub(super) struct Storm {
    pub(super) rates: Throughput,
    pub(super) restarts: usize,
}

/// What came out.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    desks: usize,
    calm_visits: usize,
    visits: usize,
    restarts: usize,
    per_mille: u16,
    connections: usize,
    prepared_seconds: f64,
    bare_commits: Rates,
    calm: Throughput,
    storm: Throughput,
    codes: usize,
    targets: Vec<Target>,
}

impl Report {
    pub(super) fn of(
        scale: Scale,
        prepared: Duration,
        bare_commits: Rates,
        Calm(calm): Calm,
        storm: Storm,
        counted: Counted,
    ) -> Self {
        let Scale { desks, calm_visits, visits, per_mille, connections, .. } = scale;
        let expected = desks * (calm_visits + visits);
        let missing = expected.abs_diff(counted.codes);
        Self {
            desks,
            calm_visits,
            visits,
            restarts: storm.restarts,
            per_mille,
            connections,
            prepared_seconds: prepared.as_secs_f64(),
            bare_commits,
            calm,
            storm: storm.rates,
            codes: counted.codes,
            targets: vec![
                Target::new("codes too few or too many at the service", 0.0, as_figure(missing)),
                Target::new(
                    "people without exactly one identification and one active code",
                    0.0,
                    as_figure(counted.wrong),
                ),
                Target::new("gaps in the chains of records", 0.0, as_figure(counted.gaps)),
                Target::new("journals that the service doesn't have whole", 0.0, as_figure(counted.broken)),
                Target::new(
                    "restarts of the service that there weren't",
                    0.0,
                    as_figure(scale.restarts.abs_diff(storm.restarts)),
                ),
            ],
        }
    }

    pub(crate) fn targets_reached(&self) -> bool {
        self.targets.iter().all(Target::is_reached)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { desks, calm_visits, visits, restarts, per_mille, connections, bare_commits, .. } = self;
        writeln!(
            f,
            "{desks} desks, each with its own certificate, store and chain; {connections} deliveries at once; prepared in \
             {:.0} s",
            self.prepared_seconds
        )?;
        let Rates { before, behind, connections, bytes } = bare_commits;
        writeln!(
            f,
            "  PostgreSQL's bare commits of {bytes} bytes over {connections} connections: {before:.0} and {behind:.0} a second"
        )?;
        writeln!(f, "  in calm, {calm_visits} visits each: {}", self.calm)?;
        writeln!(
            f,
            "  in a storm ({per_mille} of 1000 requests), {restarts} restarts, {visits} visits each: {}",
            self.storm
        )?;
        for target in &self.targets {
            writeln!(f, "{target}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Throughput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { records, seconds, a_second, delay } = self;
        write!(f, "{records} records in {seconds:.1} s, {a_second:.1} a second; delay {delay}")
    }
}
