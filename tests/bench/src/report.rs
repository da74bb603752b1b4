//! Table, targets, JSON.

use std::{fmt, fs, path::Path};

use anyhow::{Context, Result};
use serde::Serialize;

use crate::{
    figures::Spread,
    memory::Weight,
    run::{Measured, Sample},
    scenario::{AIR_106, AIR_848, CONTACT_15_MS, EGK_TOOL, EXTENDED, PROGRAM, SHORT},
};

/// Our reading takes at most this part of egk-tool's time where the card has latency.
const PART_OF_EGK_TOOL: f64 = 0.5;
/// Most commands with extended length, and in the short form.
const APDUS_EXTENDED: f64 = 7.0;
const APDUS_SHORT: f64 = 10.0;
/// Most of a contactless reading that may be our own time.
pub(crate) const HOST_SHARE: f64 = 0.15;
/// Most heap of one reading.
const HEAP_BYTES: f64 = 1024.0 * 1024.0;

/// Everything measured.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    rounds: u32,
    readings: Vec<Row>,
    targets: Vec<Target>,
}

/// A way of reading in a scenario. Times in milliseconds.
#[derive(Debug, Serialize)]
struct Row {
    scenario: &'static str,
    way: &'static str,
    /// Wall-clock time of the whole; of programs from start to end.
    whole_ms: Spread,
    /// What the model says that the card has taken.
    card_ms: Spread,
    /// Our own time outside of the channel.
    host_ms: Option<Spread>,
    /// Processor time in it.
    host_processor_ms: Option<Spread>,
    /// Our own time as a part of it and the card's: a simulator's reckoning makes nothing look better.
    host_share: Option<Spread>,
    apdus: Spread,
    /// Sent and answered.
    bytes: Spread,
    memory: Option<Weight>,
}

/// A figure and what it must not exceed.
#[derive(Debug, Serialize)]
pub(crate) struct Target {
    what: &'static str,
    most: f64,
    measured: f64,
    reached: bool,
}

impl Target {
    pub(crate) fn new(what: &'static str, most: f64, measured: f64) -> Self {
        Self { what, most, measured, reached: measured <= most }
    }

    pub(crate) fn is_reached(&self) -> bool {
        self.reached
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, most, measured, reached } = self;
        let verdict = if *reached { "reached" } else { "MISSED" };
        write!(f, "{verdict:8} {what}: {measured:.3} (at most {most})")
    }
}

impl Report {
    /// The figures of all measurements.
    pub(crate) fn of(measured: &[Measured], rounds: u32) -> Result<Self> {
        let readings: Vec<Row> =
            measured.iter().map(row).collect::<Option<_>>().context("nothing was measured")?;
        let targets = targets(&readings).context("a way of reading that a target is about is missing")?;
        Ok(Self { rounds, readings, targets })
    }

    /// Whether no figure exceeds its target.
    pub(crate) fn targets_reached(&self) -> bool {
        self.targets.iter().all(Target::is_reached)
    }
}

/// Writes figures as JSON.
pub(crate) fn write(figures: &impl Serialize, file: &Path) -> Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, serde_json::to_string_pretty(figures)? + "\n")
        .with_context(|| format!("{} can't be written", file.display()))
}

fn row(measured: &Measured) -> Option<Row> {
    let samples = &measured.samples;
    let count = |number: fn(&Sample) -> usize| Spread::of(samples.iter().map(|it| as_figure(number(it))));
    Some(Row {
        scenario: measured.scenario,
        way: measured.way,
        whole_ms: Spread::of_times(samples.iter().map(|it| it.whole))?,
        card_ms: Spread::of_times(samples.iter().map(|it| it.toll.time))?,
        host_ms: Spread::of_times(samples.iter().filter_map(|it| Some(it.host?.wall))),
        host_processor_ms: Spread::of_times(samples.iter().filter_map(|it| Some(it.host?.processor))),
        host_share: Spread::of(samples.iter().filter(|it| !it.toll.time.is_zero()).filter_map(host_share)),
        apdus: count(|it| it.toll.apdus)?,
        bytes: count(|it| it.toll.bytes)?,
        memory: measured.weight,
    })
}

fn host_share(sample: &Sample) -> Option<f64> {
    let host = sample.host?.wall;
    Some(host.as_secs_f64() / (host + sample.toll.time).as_secs_f64())
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(crate) fn as_figure(count: usize) -> f64 {
    count as f64
}

fn targets(readings: &[Row]) -> Option<Vec<Target>> {
    let find = |scenario, way| readings.iter().find(|row| row.scenario == scenario && row.way == way);
    let (extended, short) = (find(CONTACT_15_MS, EXTENDED)?, find(CONTACT_15_MS, SHORT)?);
    let (program, egk_tool) = (find(CONTACT_15_MS, PROGRAM)?, find(CONTACT_15_MS, EGK_TOOL)?);
    let of_egk_tool = |row: &Row| row.whole_ms.median / egk_tool.whole_ms.median;
    let over_the_air = readings.iter().filter(|row| [AIR_106, AIR_848].contains(&row.scenario));
    let highest = |values: &mut dyn Iterator<Item = f64>| values.fold(0.0, f64::max);
    Some(vec![
        Target::new(
            "whole reading at a desk, part of egk-tool's time (15 ms an APDU)",
            PART_OF_EGK_TOOL,
            of_egk_tool(extended),
        ),
        Target::new("the same as a program of its own", PART_OF_EGK_TOOL, of_egk_tool(program)),
        Target::new("the same at a reader with short length", PART_OF_EGK_TOOL, of_egk_tool(short)),
        Target::new("APDUs with extended length", APDUS_EXTENDED, extended.apdus.most),
        Target::new("APDUs in the short form", APDUS_SHORT, short.apdus.most),
        Target::new(
            "our own part of a contactless reading, the highest median",
            HOST_SHARE,
            highest(&mut over_the_air.filter_map(|row| Some(row.host_share?.median))),
        ),
        Target::new(
            "heap of one reading at its highest, bytes",
            HEAP_BYTES,
            highest(&mut readings.iter().filter_map(|row| Some(as_figure(row.memory?.heap_bytes)))),
        ),
    ])
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} rounds, each way in turn; median (least to most), times in ms\n", self.rounds)?;
        let mut scenario = "";
        for row in &self.readings {
            if row.scenario != scenario {
                scenario = row.scenario;
                writeln!(
                    f,
                    "{scenario:42}{:>24}{:>10}{:>8}{:>8}{:>9}{:>8}{:>11}{:>7}",
                    "whole", "card", "APDUs", "bytes", "host", "share", "processor", "heap"
                )?;
            }
            writeln!(f, "  {row}")?;
        }
        writeln!(
            f,
            "\n`card`: what the model says that the card has taken. `host`: our own time outside of the channel, `processor` of it,\n\
             `share` of both together. pcscd's, the PC/SC library's and the simulator's own time is in the whole alone.\n\
             egk-tool and our program of its own include the process's start; `heap` is that of Rust code, without OpenSSL's.\n"
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
        let share = self.host_share.map_or_else(String::new, |it| format!("{:.1} %", it.median * 100.0));
        let heap = self.memory.map_or_else(String::new, |it| format!("{} K", it.heap_bytes.div_ceil(1024)));
        write!(
            f,
            "{:40}{whole:>24}{:>10.1}{:>8}{:>8}{:>9}{share:>8}{:>11}{heap:>7}",
            self.way,
            self.card_ms.median,
            self.apdus.median,
            self.bytes.median,
            of(&self.host_ms, 2),
            of(&self.host_processor_ms, 2),
        )
    }
}
