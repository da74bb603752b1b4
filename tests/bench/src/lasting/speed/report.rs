//! Figures of a large journal.

use std::{fmt, time::Duration};

use anyhow::{Context, Result};
use serde::Serialize;

use super::{Found, Size, filled};
use crate::{lasting::quantiles::Quantiles, report::Target};

/// Appending an event takes at most so many times a bare commit.
const OF_A_BARE_COMMIT: f64 = 1.5;
/// The slowest hundredth of searches takes at most so many times as long while the journal is verified.
const BESIDE_VERIFICATION: f64 = 3.0;

/// Searches alone and beside a verification.
#[derive(Debug, Serialize)]
pub(crate) struct Searches {
    by_reference: Quantiles,
    by_day: Quantiles,
    by_reference_beside_verification: Quantiles,
    by_day_beside_verification: Quantiles,
}

impl Searches {
    pub(super) fn of(alone: Found, beside: Found) -> Result<Self> {
        let quantiles = |times| Quantiles::of(times).context("nothing was searched");
        Ok(Self {
            by_reference: quantiles(alone.by_reference)?,
            by_day: quantiles(alone.by_day)?,
            by_reference_beside_verification: quantiles(beside.by_reference)?,
            by_day_beside_verification: quantiles(beside.by_day)?,
        })
    }
}

/// Times of single commits.
pub(super) struct Appends {
    bytes: usize,
    pub(super) bare: Vec<Duration>,
    pub(super) new: Vec<Duration>,
    pub(super) large: Vec<Duration>,
}

impl Appends {
    pub(super) fn new(bytes: usize) -> Self {
        Self { bytes, bare: Vec::new(), new: Vec::new(), large: Vec::new() }
    }
}

/// What came out.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    visits: u64,
    events: u64,
    made_in_seconds: f64,
    pub(super) bytes_of_a_visit: f64,
    openings: Quantiles,
    searches: Searches,
    verification_seconds: f64,
    bytes_of_an_event: usize,
    bare_commits: Option<Quantiles>,
    events_into_a_new_store: Option<Quantiles>,
    events_into_the_large_store: Option<Quantiles>,
    targets: Vec<Target>,
}

impl Report {
    pub(super) fn of(
        size: Size,
        made: Duration,
        bytes_of_a_visit: f64,
        openings: Quantiles,
        searches: Searches,
        verification: Duration,
        appends: Appends,
    ) -> Self {
        let Appends { bytes: bytes_of_an_event, bare, new, large } = appends;
        let [bare, new, large] = [bare, new, large].map(Quantiles::of);
        let part =
            |of: Option<Quantiles>| of.zip(bare).map_or(f64::INFINITY, |(of, bare)| of.p50_ms / bare.p50_ms);
        let slower = |beside: Quantiles, alone: Quantiles| beside.p99_ms / alone.p99_ms;
        let targets = vec![
            Target::new("an event into a new store, of a bare commit (medians)", OF_A_BARE_COMMIT, part(new)),
            Target::new("an event into the large store, likewise", OF_A_BARE_COMMIT, part(large)),
            Target::new(
                "p99 of a search by reference while the journal is verified, of that without",
                BESIDE_VERIFICATION,
                slower(searches.by_reference_beside_verification, searches.by_reference),
            ),
            Target::new(
                "p99 of a day's list, likewise",
                BESIDE_VERIFICATION,
                slower(searches.by_day_beside_verification, searches.by_day),
            ),
        ];
        Self {
            visits: size.visits,
            events: size.visits * filled::EVENTS,
            made_in_seconds: made.as_secs_f64(),
            bytes_of_a_visit,
            openings,
            searches,
            verification_seconds: verification.as_secs_f64(),
            bytes_of_an_event,
            bare_commits: bare,
            events_into_a_new_store: new,
            events_into_the_large_store: large,
            targets,
        }
    }

    pub(crate) fn targets_reached(&self) -> bool {
        self.targets.iter().all(Target::is_reached)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            visits, events, made_in_seconds, bytes_of_a_visit, searches, verification_seconds, ..
        } = self;
        writeln!(
            f,
            "{events} events of {visits} visits, made in {made_in_seconds:.0} s, {bytes_of_a_visit:.0} bytes a visit with its \
             delivered records; files in the system's cache"
        )?;
        writeln!(f, "  open: {}", self.openings)?;
        writeln!(f, "  search by reference: {}", searches.by_reference)?;
        writeln!(f, "  … while the journal is verified: {}", searches.by_reference_beside_verification)?;
        writeln!(f, "  a day's list: {}", searches.by_day)?;
        writeln!(f, "  … while the journal is verified: {}", searches.by_day_beside_verification)?;
        writeln!(f, "  verify: {verification_seconds:.2} s")?;
        for (what, times) in [
            ("bare commit", self.bare_commits),
            ("event and its visit's row into a new store", self.events_into_a_new_store),
            ("event and its visit's row into the large store", self.events_into_the_large_store),
        ] {
            if let Some(times) = times {
                writeln!(f, "  {what}, {} bytes: {times}", self.bytes_of_an_event)?;
            }
        }
        for target in &self.targets {
            writeln!(f, "{target}")?;
        }
        Ok(())
    }
}
