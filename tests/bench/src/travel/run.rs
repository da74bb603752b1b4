//! The measuring.

use std::time::Duration;

use anyhow::{Context, Result};
use card_sim::{
    fault::Latency,
    travel::{ChipProfile, TravelDocument},
};

use super::{
    dmrtd,
    document::Opening,
    least::{fewest_apdus, least_apdus},
    ours::{Reader, Reading, Wanted},
    report::Report,
};
use crate::{
    desk::{Desk, Toll},
    memory::{self, Weight},
    scenario::{FAST_LINE, SLOW_LINE},
};

/// A reading is ten times as long as a health card's, nearly all of it the model's: for so many rounds of those, one.
const HEALTH_CARD_ROUNDS: u32 = 3;

const LINES: [(&str, Option<Latency>); 3] = [
    ("30 ms an APDU, 106 kbit/s", Some(SLOW_LINE)),
    ("30 ms an APDU, 848 kbit/s", Some(FAST_LINE)),
    ("no latency", None),
];

/// One measurement.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    pub(crate) whole: Duration,
    /// What only we tell; `None` of other programs.
    pub(crate) ours: Option<Reading>,
    pub(crate) toll: Toll,
}

/// A way of reading a document over a line, and all measurements of it.
pub(crate) struct Measured {
    pub(crate) opening: Opening,
    pub(crate) line: &'static str,
    pub(crate) latency: Option<Latency>,
    pub(crate) way: Way,
    /// Of our own readings: others read other files.
    pub(crate) least_apdus: Option<usize>,
    pub(crate) fewest_apdus: Option<usize>,
    pub(crate) samples: Vec<Sample>,
    pub(crate) weight: Option<Weight>,
}

/// A way of reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Extended,
    Short,
    /// In short length, as it always reads.
    Dmrtd,
}

/// Measures everything, every way in turn; `rounds` are a health card's.
pub(crate) fn measure(rounds: u32) -> Result<Report> {
    let rounds = rounds.div_ceil(HEALTH_CARD_ROUNDS);
    let dmrtd = dmrtd::is_installed();
    let ways: &[Way] =
        if dmrtd { &[Way::Extended, Way::Short, Way::Dmrtd] } else { &[Way::Extended, Way::Short] };
    if !dmrtd {
        println!(
            "skipped: dmrtd for comparison; `cargo install --locked --path tests/bench/dmrtd-reader` brings it\n"
        );
    }
    let mut measured = Vec::new();
    for opening in Opening::ALL {
        for (line, latency) in LINES {
            let one = one(opening, line, latency, ways, rounds);
            measured.extend(one.with_context(|| format!("{}, {line}", opening.name()))?);
        }
    }
    Report::of(&measured, rounds)
}

fn one(
    opening: Opening,
    line: &'static str,
    latency: Option<Latency>,
    ways: &[Way],
    rounds: u32,
) -> Result<Vec<Measured>> {
    let document = opening.document()?;
    let desk = Desk::with(document.card(), latency)?;
    let chip = document.chip();
    let mut ways = ways
        .iter()
        .map(|way| Prepared::new(opening, (line, latency), *way, &chip))
        .collect::<Result<Vec<_>>>()?;
    for way in &mut ways {
        // Untimed: the first use of everything.
        way.read(&document)?;
        let wanted = way.reader.as_ref().map(|(wanted, _)| wanted.arguments());
        way.measured.weight = wanted.map(|arguments| memory::weigh(&arguments)).transpose()?;
    }
    for round in 0..rounds {
        // Each round begins with another way, so that none always follows the same one.
        let first = usize::try_from(round)? % ways.len();
        ways.rotate_left(first);
        for way in &mut ways {
            let before = desk.apdus();
            let (whole, ours) = way.read(&document)?;
            way.measured.samples.push(Sample { whole, ours, toll: desk.toll_from(before) });
        }
        ways.rotate_right(first);
    }
    Ok(ways.into_iter().map(|way| way.measured).collect())
}

/// A way of reading, ready to be repeated.
struct Prepared {
    /// How we read; `None` for another program.
    reader: Option<(Wanted, Reader)>,
    measured: Measured,
}

impl Prepared {
    fn new(
        opening: Opening,
        (line, latency): (&'static str, Option<Latency>),
        way: Way,
        chip: &ChipProfile,
    ) -> Result<Self> {
        let wanted = match way {
            Way::Extended => Some(Wanted { opening, extended: true }),
            Way::Short => Some(Wanted { opening, extended: false }),
            Way::Dmrtd => None,
        };
        let reader = wanted.map(|wanted| Ok::<_, anyhow::Error>((wanted, Reader::open(wanted)?)));
        let measured = Measured {
            opening,
            line,
            latency,
            way,
            least_apdus: wanted.map(|wanted| least_apdus(chip, wanted.extended)),
            fewest_apdus: wanted.map(|_| fewest_apdus(chip)),
            samples: Vec::new(),
            weight: None,
        };
        Ok(Self { reader: reader.transpose()?, measured })
    }

    fn read(&self, document: &TravelDocument) -> Result<(Duration, Option<Reading>)> {
        match &self.reader {
            Some((_, reader)) => reader.read().map(|it| (it.whole, Some(it))),
            None => Ok((dmrtd::read(document, self.measured.opening)?, None)),
        }
    }
}
