//! How much memory one reading takes, weighed in a process that does nothing else.

use std::{env, fs, process::Command, time::Duration};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use crate::HEAP;

/// Longer than any of the modelled cards needs, with the process's start.
const DEADLINE: Duration = Duration::from_secs(20);

/// What one reading took at its highest, above what the process had before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Weight {
    /// Bytes on the heap of the Rust code. OpenSSL's are not among them.
    pub(crate) heap_bytes: usize,
    /// Bytes of resident memory, OpenSSL's heap, stacks and code that was touched first included.
    pub(crate) resident_bytes: usize,
}

/// In the child: reads once and prints the [`Weight`].
pub(crate) fn tell(read: impl FnOnce() -> Result<()>) -> Result<()> {
    let (heap, resident) = (HEAP.current_usage(), resident_peak()?);
    HEAP.reset_peak_usage();
    read()?;
    let weight = Weight {
        heap_bytes: HEAP.peak_usage().saturating_sub(heap),
        resident_bytes: resident_peak()?.saturating_sub(resident),
    };
    println!("{}", serde_json::to_string(&weight)?);
    Ok(())
}

/// Reads once in a process of its own, which is called with these arguments.
pub(crate) fn weigh(arguments: &[&str]) -> Result<Weight> {
    let mut command = Command::new("timeout");
    command.arg(DEADLINE.as_secs().to_string()).arg(env::current_exe()?).args(arguments);
    let output = command.output().context("the reading program could not be started")?;
    ensure!(output.status.success(), "reading failed: {}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The most memory that was resident so far, in bytes (proc_pid_status(5), VmHWM in kB).
fn resident_peak() -> Result<usize> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    let kilobytes: usize = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kilobytes * 1024)
}
