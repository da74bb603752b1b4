//! OpenSC's reading program.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use card_sim::egk::HealthCard;

/// Reads the two files that hold what a desk wants, in one call, and returns how long the program took from its start to
/// its end.
pub(crate) fn read(card: &HealthCard) -> Result<Duration> {
    let start = Instant::now();
    // An OpenSC program may hang.
    let output = Command::new("timeout").args(["20", "egk-tool", "--pd", "--vd"]).output();
    let took = start.elapsed();
    let output = output.context("egk-tool could not be started")?;
    ensure!(output.status.success(), "egk-tool: {}", String::from_utf8_lossy(&output.stderr));
    for xml in [card.pd_xml(), card.vd_xml()] {
        let there = output.stdout.windows(xml.len()).any(|window| window == xml);
        ensure!(there, "egk-tool has not printed what is on the card");
    }
    Ok(took)
}
