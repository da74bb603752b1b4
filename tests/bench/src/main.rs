//! Reads simulated health cards through the real pcscd against the clock, alternating with OpenSC's `egk-tool`, and holds
//! the figures against the project's targets.
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

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use clap::{Parser, Subcommand};
use peak_alloc::PeakAlloc;
use workshop::namespace::{Program, reexec_program};

/// Counts what the reading allocates; the simulated card runs in another process than the one that is weighed.
#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// Most rounds: 15 take about two minutes.
const ROUNDS_MAX: u32 = 30;

/// Reads health cards against the clock.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// How often each way of reading is measured, one after the other in turn.
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u32).range(3..=i64::from(ROUNDS_MAX)))]
    rounds: u32,
    /// Where the figures go as JSON.
    #[arg(long, default_value = "target/bench/health_card.json")]
    output: PathBuf,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Reads the card in the first reader once, and ends: what `egk-tool` is compared with as a program.
    #[command(hide = true)]
    Read(ours::Wanted),
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    if let Some(Command::Read(wanted)) = arguments.command {
        memory::tell(wanted)?;
        return Ok(ExitCode::SUCCESS);
    }
    match reexec_program()? {
        Program::Ended(code) => Ok(code),
        // The reason has been told; nothing was measured, so nothing was reached.
        Program::Skipped(_) => Ok(ExitCode::FAILURE),
        Program::Inside => {
            let report = run::all(arguments.rounds)?;
            report.write(&arguments.output)?;
            println!("{report}");
            Ok(if report.targets_reached() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
    }
}
