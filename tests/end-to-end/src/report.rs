//! What a walked visit took: times, actions, keystrokes.

use std::{fs, path::Path, time::Instant};

use anyhow::Result;
use serde::Serialize;

/// Of one whole visit; written as `report.json`.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// The code from the printed sheet was redeemed at the account service.
    pub redeemed: bool,
    /// Steps in their order.
    pub steps: Vec<Step>,
    /// Things that the clerk did: an entry, an answer, a key that goes on.
    pub actions: u32,
    /// Keys that the clerk pressed for them.
    pub keystrokes: u32,
    /// Of all steps together, machine time without a person's thinking.
    pub seconds: f64,
    /// Violations that axe-core found, by screen.
    pub accessibility: Vec<String>,
}

/// One step.
#[derive(Debug, Serialize)]
pub struct Step {
    /// What was done.
    pub name: String,
    /// Until the window showed the next screen.
    pub seconds: f64,
    /// Of the clerk.
    pub actions: u32,
    /// Keys pressed for them.
    pub keystrokes: u32,
}

impl Report {
    /// Adds a step that began at `since`.
    pub fn step(&mut self, name: &str, since: Instant, actions: u32, keystrokes: u32) {
        let seconds = since.elapsed().as_secs_f64();
        println!("{seconds:6.2} s  {name}");
        self.steps.push(Step { name: name.to_owned(), seconds, actions, keystrokes });
        self.seconds += seconds;
        self.actions += actions;
        self.keystrokes += keystrokes;
    }

    /// Writes it.
    ///
    /// # Errors
    /// If the file can't be written.
    pub fn write(&self, path: &Path) -> Result<()> {
        Ok(fs::write(path, serde_json::to_string_pretty(self)? + "\n")?)
    }
}
