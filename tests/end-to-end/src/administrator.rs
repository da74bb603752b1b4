//! What an administrator does at the desk's machine.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::App;

/// Runs `identplatzctl` as the desk's account with a secret on standard input; what it answers as JSON.
pub(crate) fn identplatzctl(app: &App, arguments: &[&str], secret: &str) -> Result<Value> {
    let mut command = Command::new(app.binary.with_file_name("identplatzctl"));
    command
        .arg("--json")
        .args(arguments)
        .envs(app.environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().context("identplatzctl could not be started")?;
    child.stdin.take().context("identplatzctl has no input")?.write_all(secret.as_bytes())?;
    let output = child.wait_with_output()?;
    let answer = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "identplatzctl {arguments:?} ended with {}: {answer}", output.status);
    serde_json::from_str(&answer).with_context(|| format!("identplatzctl answered {answer}"))
}
