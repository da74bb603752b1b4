//! Reads simulated health cards and travel documents through the real pcscd against the clock, alternating with OpenSC's
//! `egk-tool` and with the library `dmrtd`, and holds the figures against the project's targets.
//!
//! What is simulated is the card alone: it takes a stated time for each APDU and each byte ([`scenario`]). pcscd, the
//! PC/SC library, both programs and their cryptography are the real ones.
#![allow(clippy::print_stdout, reason = "a command-line program talks to its user")]

mod desk;
mod egk_tool;
mod figures;
mod memory;
mod ours;
mod report;
mod run;
mod scenario;
mod stopwatch;
mod travel;

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use clap::{Parser, Subcommand};
use peak_alloc::PeakAlloc;
use workshop::namespace::{Program, reexec_program};

/// Counts what the reading allocates; the simulated card runs in another process than the one that is weighed.
#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// Most rounds: 15 take about five minutes.
const ROUNDS_MAX: u32 = 30;

/// Reads health cards and travel documents against the clock.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// How often each way of reading is measured, one after the other in turn.
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u32).range(3..=i64::from(ROUNDS_MAX)))]
    rounds: u32,
    /// The folder that the figures go to as JSON.
    #[arg(long, default_value = "target/bench")]
    output: PathBuf,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Reads the card in the first reader once, and ends: what `egk-tool` is compared with as a program.
    #[command(hide = true)]
    Read(ours::Wanted),
    /// Reads the document in the first reader once, and ends.
    #[command(hide = true)]
    ReadDocument(travel::Wanted),
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
    }
    match reexec_program()? {
        Program::Ended(code) => Ok(code),
        // The reason has been told; nothing was measured, so nothing was reached.
        Program::Skipped(_) => Ok(ExitCode::FAILURE),
        Program::Inside => {
            let health_card = run::all(arguments.rounds)?;
            report::write(&health_card, &arguments.output.join("health_card.json"))?;
            println!("{health_card}");
            let travel_document = travel::measure(arguments.rounds)?;
            report::write(&travel_document, &arguments.output.join("travel_document.json"))?;
            println!("{travel_document}");
            let reached = health_card.targets_reached() && travel_document.targets_reached();
            Ok(if reached { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
    }
}
