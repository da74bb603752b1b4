//! Running programs, and saying which.

use std::{path::Path, process::Command};

use anyhow::{Context, Result, bail};

/// Prints and runs a command in `folder`; its output goes where ours goes.
pub(crate) fn run(folder: &Path, program: &str, arguments: &[&str]) -> Result<()> {
    run_with(folder, program, arguments, &[])
}

/// As [`run`], with additional environment variables.
pub(crate) fn run_with(
    folder: &Path,
    program: &str,
    arguments: &[&str],
    environment: &[(&str, &str)],
) -> Result<()> {
    println!("\x1b[2m$ {program} {}\x1b[0m", arguments.join(" "));
    let status = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .envs(environment.iter().copied())
        .status()
        .with_context(|| format!("{program} could not be started"))?;
    if !status.success() {
        bail!("{program} {} ended with {status}", arguments.join(" "));
    }
    Ok(())
}

/// Standard output of a command that is expected to succeed; `None` when it doesn't or isn't there.
pub(crate) fn read(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
