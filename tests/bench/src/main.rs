//! Holds the project's targets against the clock, and against everything that goes wrong.
//!
//! - Cards: reads simulated health cards and travel documents through the real pcscd, alternating with OpenSC's `egk-tool` and
//!   with the library `dmrtd`. What is simulated is the card alone: it takes a stated time for each APDU and each byte
//!   ([`scenario`]). pcscd, the PC/SC library, both programs and their cryptography are the real ones.
//! - A desk's records ([`lasting`]): killed at every step, delivered by a whole fleet through a storm, a million of them.
#![allow(clippy::print_stdout, reason = "a command-line program talks to its user")]

mod desk;
mod egk_tool;
mod figures;
mod lasting;
mod memory;
mod ours;
mod report;
mod run;
mod scenario;
mod stopwatch;
mod travel;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Result;
use clap::{Parser, Subcommand, ValueEnum};
use lasting::{Extent, Scale, Size};
use peak_alloc::PeakAlloc;
use workshop::namespace::{Program, is_inside, reexec_program};

/// Counts what the reading allocates; the simulated card runs in another process than the one that is weighed.
#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// Most rounds: 15 take about five minutes.
const ROUNDS_MAX: u32 = 30;

/// Measures.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// How often each way of reading is measured, one after the other in turn.
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u32).range(3..=i64::from(ROUNDS_MAX)))]
    rounds: u32,
    /// The folder that the figures go to as JSON.
    #[arg(long, default_value = "target/bench")]
    output: PathBuf,
    /// Only this part.
    #[arg(long, value_enum)]
    only: Option<Part>,
    /// How many desks deliver at once.
    #[arg(long, default_value_t = 1_200, value_parser = clap::value_parser!(u32).range(1..=9_999))]
    desks: u32,
    /// How many visits each of them delivers in the storm, and a sixth of that in calm.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(6..=100))]
    visits_each: u32,
    /// How many visits are killed at a random step.
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    visits: u32,
    /// How many visits the large journal has.
    #[arg(long, default_value_t = 200_000, value_parser = clap::value_parser!(u32).range(1_000..=1_000_000))]
    journal: u32,
    #[command(subcommand)]
    command: Option<Command>,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Reading cards and travel documents.
    Cards,
    /// A desk that is killed.
    Kills,
    /// Many desks in a storm.
    Fleet,
    /// A large journal.
    Speed,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Reads the card in the first reader once, and ends: what `egk-tool` is compared with as a program.
    #[command(hide = true)]
    Read(ours::Wanted),
    /// Reads the document in the first reader once, and ends.
    #[command(hide = true)]
    ReadDocument(travel::Wanted),
    /// Is the desk that is killed.
    #[command(hide = true)]
    Desk,
    /// Is some of the desks of the fleet.
    #[command(hide = true)]
    Desks,
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    match arguments.command {
        None => {}
        Some(Command::Read(wanted)) => {
            let reader = ours::Reader::open(wanted)?;
            memory::tell(|| reader.read().map(drop))?;
            return Ok(ExitCode::SUCCESS);
        }
        Some(Command::ReadDocument(wanted)) => {
            let reader = travel::Reader::open(wanted)?;
            memory::tell(|| reader.read().map(drop))?;
            return Ok(ExitCode::SUCCESS);
        }
        Some(Command::Desks) => return lasting::run_desks().map(|()| ExitCode::SUCCESS),
        Some(Command::Desk) => return lasting::run_child().map(|()| ExitCode::SUCCESS),
    }
    // PostgreSQL doesn't run in the namespace that the cards need: its user isn't known there.
    let records_reached = is_inside() || records(&arguments)?;
    if arguments.only.is_some_and(|only| only != Part::Cards) {
        return Ok(verdict(records_reached));
    }
    match reexec_program()? {
        Program::Ended(code) if records_reached => Ok(code),
        Program::Ended(_) => Ok(ExitCode::FAILURE),
        // The reason has been told; nothing was measured, so nothing was reached.
        Program::Skipped(_) => Ok(ExitCode::FAILURE),
        Program::Inside => {
            let health_card = run::all(arguments.rounds)?;
            report::write(&health_card, &arguments.output.join("health_card.json"))?;
            println!("{health_card}");
            let travel_document = travel::measure(arguments.rounds)?;
            report::write(&travel_document, &arguments.output.join("travel_document.json"))?;
            println!("{travel_document}");
            Ok(verdict(health_card.targets_reached() && travel_document.targets_reached()))
        }
    }
}

fn verdict(reached: bool) -> ExitCode {
    if reached { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Measures what lasts; whether every target was reached.
fn records(arguments: &Arguments) -> Result<bool> {
    let wanted = |part| arguments.only.is_none_or(|only| only == part);
    let file = |name: &str| -> PathBuf { Path::new(&arguments.output).join(name) };
    let mut reached = true;
    if wanted(Part::Kills) {
        let extent = Extent { visits: usize::try_from(arguments.visits)?, every: 1, seed: 1 };
        let kills = lasting::kills(extent, &["desk"])?;
        report::write(&kills, &file("kills.json"))?;
        println!("{kills}");
        reached &= kills.targets_reached();
    }
    if wanted(Part::Fleet)
        && let Some(fleet) = lasting::fleet(
            Scale::of(usize::try_from(arguments.desks)?, usize::try_from(arguments.visits_each)?),
            &["desks"],
        )?
    {
        report::write(&fleet, &file("fleet.json"))?;
        println!("{fleet}");
        reached &= fleet.targets_reached();
    }
    if wanted(Part::Speed) {
        let size = Size { visits: arguments.journal.into(), rounds: 10, commits: 200, searches: 1_000 };
        let speed = lasting::speed(size, &arguments.output)?;
        report::write(&speed, &file("speed.json"))?;
        println!("{speed}");
        reached &= speed.targets_reached();
    }
    Ok(reached)
}
