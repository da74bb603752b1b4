//! What a walked visit took: times, actions, keystrokes.

use std::{fs, path::Path};

use anyhow::Result;
use serde::Serialize;

/// Of one whole visit; written as `report.json`.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// The code from the printed sheet was redeemed at the account service.
    pub redeemed: bool,
    /// Things that the clerk did: an entry, an answer, a key that goes on.
    pub actions: u32,
    /// How many of them such a visit should need.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aim: Option<u32>,
    /// Keys that the clerk pressed for them.
    pub keystrokes: u32,
    /// Of all steps together, machine time without a person's thinking.
    pub seconds: f64,
    /// Steps in their order.
    pub steps: Vec<Step>,
    /// What belongs to a day and to no visit: signing in.
    pub before: Vec<Step>,
    /// What was seen to be as it should, beyond the window.
    pub seen: Vec<String>,
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
    /// Adds a step of the visit.
    pub fn step(&mut self, name: &str, seconds: f64, actions: u32, keystrokes: u32) {
        println!("{seconds:6.2} s  {name}");
        self.steps.push(Step { name: name.to_owned(), seconds, actions, keystrokes });
        self.seconds += seconds;
        self.actions += actions;
        self.keystrokes += keystrokes;
    }

    /// Adds something that no visit needs.
    pub fn before(&mut self, name: &str, seconds: f64, keystrokes: u32) {
        println!("{seconds:6.2} s  {name}");
        self.before.push(Step { name: name.to_owned(), seconds, actions: 0, keystrokes });
    }

    /// Says it in one line.
    pub fn tell(&self) {
        let aim = self.aim.map_or_else(String::new, |aim| format!(" (the aim: about {aim})"));
        let Self { seconds, actions, keystrokes, .. } = self;
        println!(
            "one visit in {seconds:.1} s of machine time, {actions} actions{aim}, {keystrokes} keystrokes"
        );
    }

    /// Writes it.
    ///
    /// # Errors
    /// If the file can't be written.
    pub fn write(&self, path: &Path) -> Result<()> {
        Ok(fs::write(path, serde_json::to_string_pretty(self)? + "\n")?)
    }
}
