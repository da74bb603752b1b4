//! The measuring.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use card_sim::{card::Interface, egk::HealthCard, find};

use crate::{
    desk::{Desk, TODAY, Toll},
    egk_tool,
    memory::{self, Weight},
    ours::{Reader, Wanted},
    report::Report,
    scenario::{By, SCENARIOS, Scenario, Way},
    stopwatch::Spent,
};

/// A health card in order that also takes what OpenSC sends.
const CARD: &str = "amsel-lenient";

/// One measurement.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    pub(crate) whole: Duration,
    /// Of our own reading alone.
    pub(crate) host: Option<Spent>,
    pub(crate) toll: Toll,
}

/// A way of reading in a scenario, and all measurements of it.
pub(crate) struct Measured {
    pub(crate) scenario: &'static str,
    pub(crate) way: &'static str,
    pub(crate) samples: Vec<Sample>,
    pub(crate) weight: Option<Weight>,
}

/// Measures everything, every way in turn, `rounds` times.
pub(crate) fn all(rounds: u32) -> Result<Report> {
    let mut measured = Vec::new();
    for scenario in &SCENARIOS {
        measured.extend(one(scenario, rounds).with_context(|| scenario.name.to_owned())?);
    }
    Report::of(&measured, rounds)
}

fn one(scenario: &'static Scenario, rounds: u32) -> Result<Vec<Measured>> {
    let health_card = find(CARD).and_then(|entry| entry.health_card(TODAY)).context("no such card")?;
    let desk = Desk::with(health_card.card().over(scenario.interface), scenario.latency)?;
    let mut ways =
        scenario.ways.iter().map(|way| Prepared::new(scenario, *way)).collect::<Result<Vec<_>>>()?;
    for way in &mut ways {
        // Untimed: the first use of everything.
        way.read(&health_card)?;
        way.weight = way.wanted.map(|wanted| memory::weigh(&wanted.arguments())).transpose()?;
    }
    for round in 0..rounds {
        // Each round begins with another way, so that none always follows the same one.
        let first = usize::try_from(round)? % ways.len();
        ways.rotate_left(first);
        for way in &mut ways {
            let sample = way.measure(&health_card, &desk)?;
            way.samples.push(sample);
        }
        ways.rotate_right(first);
    }
    Ok(ways.into_iter().map(|it| it.done(scenario)).collect())
}

/// A way of reading, ready to be repeated.
struct Prepared {
    way: Way,
    /// How we read; `None` for other programs.
    wanted: Option<Wanted>,
    desk_reader: Option<Reader>,
    samples: Vec<Sample>,
    weight: Option<Weight>,
}

impl Prepared {
    fn new(scenario: &Scenario, way: Way) -> Result<Self> {
        let contactless = scenario.interface == Interface::Contactless;
        let (wanted, at_desk) = match way.by {
            By::Desk { extended, authenticity } => {
                (Some(Wanted { extended, contactless, authenticity }), true)
            }
            By::Program => (Some(Wanted { extended: true, contactless, authenticity: false }), false),
            By::EgkTool => (None, false),
        };
        let desk_reader = wanted.filter(|_| at_desk).map(Reader::open).transpose()?;
        Ok(Self { way, wanted, desk_reader, samples: Vec::new(), weight: None })
    }

    /// One reading: how long it took, and how much of it was ours.
    fn read(&self, health_card: &HealthCard) -> Result<(Duration, Option<Spent>)> {
        match (&self.desk_reader, self.wanted) {
            (Some(reader), _) => reader.read().map(|it| (it.whole, Some(it.host))),
            (None, Some(wanted)) => {
                let start = Instant::now();
                memory::weigh(&wanted.arguments())?;
                Ok((start.elapsed(), None))
            }
            (None, None) => Ok((egk_tool::read(health_card)?, None)),
        }
    }

    fn measure(&self, health_card: &HealthCard, desk: &Desk) -> Result<Sample> {
        let before = desk.apdus();
        let (whole, host) = self.read(health_card).with_context(|| self.way.name.to_owned())?;
        Ok(Sample { whole, host, toll: desk.toll_from(before) })
    }

    fn done(self, scenario: &Scenario) -> Measured {
        Measured { scenario: scenario.name, way: self.way.name, samples: self.samples, weight: self.weight }
    }
}
