//! Figures of the fleet.

use std::{fmt, time::Duration};

use serde::Serialize;

use super::{Scale, count::Counted};
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
    /// From the visit about to be written to the record accepted and settled.
    pub(super) delay: Quantiles,
}

/// Bare commits of PostgreSQL a second, of rows as large as a record, before and behind the calm part.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Rates {
    pub(super) before: f64,
    pub(super) behind: f64,
    pub(super) connections: usize,
    pub(super) bytes: usize,
    /// When a commit is one, as the server says.
    pub(super) durability: String,
}

impl Rates {
    /// The slower of the two.
    fn least(&self) -> f64 {
        self.before.min(self.behind)
    }
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
    desks_of_a_file: usize,
    calm_visits: usize,
    visits: usize,
    restarts: usize,
    per_mille: u16,
    prepared_seconds: f64,
    bare_commits: Rates,
    calm: Throughput,
    storm: Throughput,
    /// Parts of the bare commits.
    calm_part: f64,
    storm_part: f64,
    identifications: usize,
    codes: usize,
    hand_overs: usize,
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
        let Scale { desks, desks_of_a_file, calm_visits, visits, per_mille, .. } = scale;
        let Counted { identifications, codes, hand_overs, .. } = counted;
        let expected = desks * (calm_visits + visits);
        let missing: usize =
            [identifications, codes, hand_overs].map(|it| expected.abs_diff(it)).iter().sum();
        let none = |what, measured: usize| Target::new(what, 0.0, as_figure(measured));
        Self {
            desks,
            desks_of_a_file,
            calm_visits,
            visits,
            restarts: storm.restarts,
            per_mille,
            prepared_seconds: prepared.as_secs_f64(),
            calm_part: calm.a_second / bare_commits.least(),
            storm_part: storm.rates.a_second / bare_commits.least(),
            bare_commits,
            calm,
            storm: storm.rates,
            identifications,
            codes,
            hand_overs,
            targets: vec![
                none("records too few or too many at the service", missing),
                none("records whose effect isn't there exactly once", counted.effects),
                none("people without exactly one identification and one active code", counted.wrong),
                none("codes that aren't the same at desk and service", counted.differing),
                none("gaps in the chains of records", counted.gaps),
                none("records that don't follow the one before them", counted.forks),
                none("journals that the service doesn't have whole", counted.journals),
                none("restarts of the service that there weren't", scale.restarts.abs_diff(storm.restarts)),
            ],
        }
    }

    pub(crate) fn targets_reached(&self) -> bool {
        self.targets.iter().all(Target::is_reached)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { desks, desks_of_a_file, calm_visits, visits, restarts, per_mille, bare_commits, .. } =
            self;
        writeln!(
            f,
            "{desks} desks, each with its own certificate and chain of records; every {desks_of_a_file} of them share one \
             SQLCipher file with one journal and one outbox, which has one row under way at a time; each desk's next visit \
             begins when its last one is accepted; prepared in {:.0} s",
            self.prepared_seconds
        )?;
        let Rates { before, behind, connections, bytes, durability } = bare_commits;
        writeln!(
            f,
            "  PostgreSQL's bare commits of {bytes} bytes over {connections} connections ({durability}): {before:.0} and \
             {behind:.0} a second"
        )?;
        let percent = |part: &f64| part * 100.0;
        writeln!(
            f,
            "  in calm, {calm_visits} visits each: {}; {:.1} % of the bare commits",
            self.calm,
            percent(&self.calm_part)
        )?;
        writeln!(
            f,
            "  in a storm ({per_mille} of 1000 requests), {restarts} restarts, {visits} visits each: {}; {:.1} % of the bare \
             commits",
            self.storm,
            percent(&self.storm_part)
        )?;
        let Self { identifications, codes, hand_overs, .. } = self;
        writeln!(
            f,
            "  at the service: {identifications} identifications, {codes} codes, {hand_overs} hand-overs"
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
