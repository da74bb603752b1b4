//! `replay DIR`: runs every recorded conversation of a folder through the code that reads cards.
#![allow(clippy::print_stdout, reason = "a command-line program talks to its user")]

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Parser;
use replay::folder;

/// Replays recorded conversations with cards; the first wrong byte ends it.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Folder with *.jsonl: gematik's recordings with keys, or our own transcripts.
    folder: PathBuf,
}

fn main() -> Result<()> {
    for file in folder::files(&Arguments::parse().folder)? {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        println!("{name}");
        let report = folder::replay(&file)?;
        print!("{report}");
        if let Some(difference) = &report.difference {
            bail!("{name}: exchange {}: {difference:#}", report.rows.len() + 1);
        }
        println!("{name}: {} exchanges, 0 wrong bytes\n", report.rows.len());
    }
    Ok(())
}
