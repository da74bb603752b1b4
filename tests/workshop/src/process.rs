//! Child processes that end with their owner, and waiting without guessing.

use std::{
    os::unix::process::CommandExt,
    process::{Child, Command, ExitStatus},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// How often [`wait_until`] looks.
const POLL: Duration = Duration::from_millis(10);

/// A child in a process group of its own; dropping it ends the whole group.
#[derive(Debug)]
pub struct Daemon {
    child: Child,
    name: String,
}

impl Daemon {
    /// Starts `command` in its own process group.
    ///
    /// # Errors
    /// If the program can't be started.
    pub fn start(name: &str, command: &mut Command) -> Result<Self> {
        let child =
            command.process_group(0).spawn().with_context(|| format!("{name} could not be started"))?;
        Ok(Self { child, name: name.to_owned() })
    }

    /// Process id, which is the group's id as well.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// `Some` once the process has ended.
    ///
    /// # Errors
    /// If the operating system can't say.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Waits until `ready` says yes, and fails at once if the process ends before.
    ///
    /// # Errors
    /// If the deadline passes or the process ends.
    pub fn wait_ready(&mut self, deadline: Duration, mut ready: impl FnMut() -> bool) -> Result<()> {
        let until = Instant::now() + deadline;
        loop {
            if ready() {
                return Ok(());
            }
            if let Some(status) = self.ended()? {
                bail!("{} ended with {status} before it was ready", self.name);
            }
            if Instant::now() > until {
                bail!("{} was not ready within {deadline:?}", self.name);
            }
            pause(POLL);
        }
    }

    /// Asks the process, by a signal, to end, and waits until it has.
    pub fn end(&mut self, by: Signal) {
        if let Some(id) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            // It may be gone already; that is what was wanted.
            kill_process(id, by).ok();
        }
        drop(self.child.wait());
    }

    /// Ends the group at once, as a power cut would.
    pub fn kill(&mut self) {
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            // The group may be gone already; that is what was wanted.
            kill_process_group(group, Signal::KILL).ok();
        }
        drop(self.child.wait());
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Polls `ready` until it says yes.
///
/// # Errors
/// If the deadline passes; the message names `what`.
pub fn wait_until(what: &str, deadline: Duration, mut ready: impl FnMut() -> bool) -> Result<()> {
    let until = Instant::now() + deadline;
    while !ready() {
        if Instant::now() > until {
            bail!("waited {deadline:?} in vain until {what}");
        }
        pause(POLL);
    }
    Ok(())
}

#[allow(clippy::disallowed_methods, reason = "the one pause that polling with a deadline needs")]
fn pause(time: Duration) {
    std::thread::sleep(time);
}
