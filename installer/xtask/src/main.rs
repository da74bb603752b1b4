//! `cargo xtask`: the commands that everybody on this project knows.
#![allow(clippy::print_stdout, reason = "a command-line program talks to its user")]

mod python;
mod setup;
mod shell;
mod suite;
#[cfg(test)]
mod tidy;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Sets up, tests and shows Identplatz")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Installs what this machine lacks to build, test and show Identplatz
    Setup {
        /// Only tell what is missing
        #[arg(long)]
        check: bool,
    },
    /// Sets up, then runs every check and test there is
    Test,
    /// Sets up, builds, starts everything that a desk needs, and opens the app
    Demo {
        /// Walk through the real window under a virtual display: `visit` (results in target/demo), `carer`
        /// (target/demo-carer), or what else the demo walks
        #[arg(long, value_name = "WALK", num_args = 0..=1, default_missing_value = "visit")]
        headless: Option<String>,
    },
    /// Replays recorded conversations with cards in a folder, byte for byte
    Replay {
        /// Folder with *.jsonl: gematik's recordings with keys, or our own transcripts
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    /// Sets up, then measures: cards against the clock, a desk under kills, a fleet in a storm, a large journal (results in
    /// target/bench)
    Bench,
}

fn main() -> Result<()> {
    let root = root()?;
    match Arguments::parse().command {
        Command::Setup { check } => setup::run(&root, check),
        Command::Test => {
            setup::run(&root, false)?;
            suite::run(&root)
        }
        Command::Demo { headless } => {
            setup::run(&root, false)?;
            suite::demo(&root, headless.as_deref())
        }
        Command::Replay { folder } => suite::replay(&root, &folder),
        Command::Bench => {
            setup::run(&root, false)?;
            suite::bench(&root)
        }
    }
}

/// The workspace's root, wherever the command was called.
fn root() -> Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).map(Path::to_owned).context("the workspace's root was not found")
}
