//! The library `dmrtd` in a program of its own, `dmrtd-reader`: it opens the chip and reads DG1, EF.SOD and DG2, without
//! checks and without chip authentication.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use card_sim::travel::TravelDocument;

use super::document::Opening;

const PROGRAM: &str = "dmrtd-reader";

/// Whether the program is there.
pub(crate) fn is_installed() -> bool {
    Command::new(PROGRAM).arg("--help").output().is_ok_and(|output| output.status.success())
}

/// Reads once and returns how long the program took from its start to its end.
pub(crate) fn read(document: &TravelDocument, opening: Opening) -> Result<Duration> {
    let key = document.key_fields();
    let start = Instant::now();
    let output = Command::new("timeout")
        .args(["30", PROGRAM, opening.name(), &key.number, &key.birth_date, &key.expiry])
        .output();
    let took = start.elapsed();
    let output = output.context("dmrtd-reader could not be started")?;
    ensure!(output.status.success(), "dmrtd-reader: {}", String::from_utf8_lossy(&output.stderr));
    let bytes = document.face.picture().len();
    let told = String::from_utf8(output.stdout)?;
    ensure!(told.trim() == bytes.to_string(), "dmrtd-reader has not read the face on the chip");
    Ok(took)
}
