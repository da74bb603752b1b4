//! Table, targets, JSON.

use std::fmt;

use anyhow::{Context, Result};
use serde::Serialize;

use super::run::{Measured, Sample, Way};
use crate::{
    figures::Spread,
    memory::Weight,
    report::{HOST_SHARE, Target, as_figure},
    scenario::FAST_LINE,
};

/// Most commands, as a part of the least possible number for the length of answers.
pub(crate) const APDUS_OF_LEAST: f64 = 1.05;
/// Until the name is told, most of the whole time.
pub(crate) const NAME_SHARE: f64 = 0.3;

/// The same with extended length on a fast line: half of the commands come before the name, and bytes take hardly any time.
pub(crate) const NAME_SHARE_FAST: f64 = 0.5;

/// Everything measured.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    rounds: u32,
    readings: Vec<Row>,
    targets: Vec<Target>,
}

/// A way of reading a document over a line. Times in milliseconds.
#[derive(Debug, Serialize)]
struct Row {
    opening: &'static str,
    line: &'static str,
    way: &'static str,
    /// Wall-clock time of the whole; of programs from start to end.
    whole_ms: Spread,
    /// What the model says that the chip has taken.
    card_ms: Spread,
    apdus: Spread,
    /// The least possible number for our reading with answers of this length.
    least_apdus: Option<usize>,
    /// The same if an answer could hold any file.
    fewest_apdus: Option<usize>,
    apdus_of_least: Option<f64>,
    /// Sent and answered.
    bytes: Spread,
    /// Until the holder's name is told.
    name_ms: Option<Spread>,
    name_share: Option<Spread>,
    /// Our own time outside of the channel.
    host_ms: Option<Spread>,
    /// Our own time as a part of it and the chip's: a simulator's reckoning makes nothing look better.
    host_share: Option<Spread>,
    /// Processor time in it.
    host_processor_ms: Option<Spread>,
    memory: Option<Weight>,
}

impl Report {
    /// The figures of all measurements.
    pub(crate) fn of(measured: &[Measured], rounds: u32) -> Result<Self> {
        let readings: Vec<Row> =
            measured.iter().map(row).collect::<Option<_>>().context("nothing was measured")?;
        let targets = targets(measured, &readings);
        Ok(Self { rounds, readings, targets })
    }

    /// Whether no figure exceeds its target.
    pub(crate) fn targets_reached(&self) -> bool {
        self.targets.iter().all(Target::is_reached)
    }
}

impl Way {
    fn name(self) -> &'static str {
        match self {
            Self::Extended => "identplatz, extended length",
            Self::Short => "identplatz, short length",
            Self::Dmrtd => "dmrtd, short length, without checks",
        }
    }
}

fn row(measured: &Measured) -> Option<Row> {
    let samples = &measured.samples;
    let ours = || samples.iter().filter_map(|it| it.ours);
    let apdus = Spread::of(samples.iter().map(|it| as_figure(it.toll.apdus)))?;
    Some(Row {
        opening: measured.opening.name(),
        line: measured.line,
        way: measured.way.name(),
        whole_ms: Spread::of_times(samples.iter().map(|it| it.whole))?,
        card_ms: Spread::of_times(samples.iter().map(|it| it.toll.time))?,
        apdus,
        least_apdus: measured.least_apdus,
        fewest_apdus: measured.fewest_apdus,
        apdus_of_least: measured.least_apdus.map(|least| apdus.median / as_figure(least)),
        bytes: Spread::of(samples.iter().map(|it| as_figure(it.toll.bytes)))?,
        name_ms: Spread::of_times(ours().map(|it| it.name)),
        name_share: Spread::of(ours().map(|it| it.name.as_secs_f64() / it.whole.as_secs_f64())),
        host_ms: Spread::of_times(ours().map(|it| it.host.wall)),
        host_share: Spread::of(samples.iter().filter(|it| !it.toll.time.is_zero()).filter_map(host_share)),
        host_processor_ms: Spread::of_times(ours().map(|it| it.host.processor)),
        memory: measured.weight,
    })
}

fn host_share(sample: &Sample) -> Option<f64> {
    let host = sample.ours?.host.wall;
    Some(host.as_secs_f64() / (host + sample.toll.time).as_secs_f64())
}

fn targets(measured: &[Measured], readings: &[Row]) -> Vec<Target> {
    let rows = || measured.iter().zip(readings).filter(|(it, _)| it.way != Way::Dmrtd);
    let highest = |values: &mut dyn Iterator<Item = f64>| values.fold(0.0, f64::max);
    let name_share = |fast: bool| {
        let is_fast = |it: &Measured| it.way == Way::Extended && it.latency == Some(FAST_LINE);
        let chosen = rows().filter(|(it, _)| it.latency.is_some() && is_fast(it) == fast);
        highest(&mut chosen.filter_map(|(_, row)| Some(row.name_share?.median)))
    };
    let host_share = highest(&mut rows().filter_map(|(_, row)| Some(row.host_share?.median)));
    let apdus = highest(&mut rows().filter_map(|(_, row)| row.apdus_of_least));
    vec![
        Target::new("APDUs, part of the least possible number, the highest", APDUS_OF_LEAST, apdus),
        Target::new("our own part of a reading, the highest median", HOST_SHARE, host_share),
        Target::new(
            "until the name is told, part of a reading that has latency",
            NAME_SHARE,
            name_share(false),
        ),
        Target::new("the same with extended length at 848 kbit/s", NAME_SHARE_FAST, name_share(true)),
    ]
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} rounds, each way in turn; median (least to most), times in ms\n", self.rounds)?;
        let mut scenario = ("", "");
        for row in &self.readings {
            if (row.opening, row.line) != scenario {
                scenario = (row.opening, row.line);
                let title = format!("travel document, {}, {}", row.opening, row.line);
                writeln!(
                    f,
                    "{title:50}{:>27}{:>7}{:>7}{:>7}{:>7}{:>9}{:>8}{:>8}{:>8}{:>11}{:>7}",
                    "whole",
                    "APDUs",
                    "least",
                    "fewest",
                    "ratio",
                    "name",
                    "share",
                    "host",
                    "share",
                    "processor",
                    "heap"
                )?;
            }
            writeln!(f, "  {row}")?;
        }
        writeln!(
            f,
            "\n`least`: the least possible number of APDUs with answers of this length (pieces of 4,096 bytes with extended length),\n\
             `ratio` to it; `fewest`: if an answer could hold any file, and the root were selected. `name`: until the holder's name\n\
             is told, and its share of the whole. `host`: our own time outside of the channel, `processor` of it, its share of it\n\
             and the chip's time together. `heap` is that of Rust code, without OpenSSL's. dmrtd is a program of its own that\n\
             doesn't try PACE before basic access control, and proves neither data nor chip.\n"
        )?;
        for target in &self.targets {
            writeln!(f, "{target}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Spread { median, least, most } = self.whole_ms;
        let whole = format!("{median:.1} ({least:.1} to {most:.1})");
        let of = |spread: &Option<Spread>, digits: usize| {
            spread.map_or_else(String::new, |it| format!("{:.digits$}", it.median))
        };
        let part = |spread: &Option<Spread>| {
            spread.map_or_else(String::new, |it| format!("{:.1} %", it.median * 100.0))
        };
        let count = |number: Option<usize>| number.map_or_else(String::new, |it| it.to_string());
        let heap = self.memory.map_or_else(String::new, |it| format!("{} K", it.heap_bytes.div_ceil(1024)));
        write!(
            f,
            "{:48}{whole:>27}{:>7}{:>7}{:>7}{:>7}{:>9}{:>8}{:>8}{:>8}{:>11}{heap:>7}",
            self.way,
            self.apdus.median,
            count(self.least_apdus),
            count(self.fewest_apdus),
            self.apdus_of_least.map_or_else(String::new, |it| format!("{it:.2}")),
            of(&self.name_ms, 1),
            part(&self.name_share),
            of(&self.host_ms, 2),
            part(&self.host_share),
            of(&self.host_processor_ms, 2),
        )
    }
}
