//! Marked steps: the places at which a process can be stopped to be killed.

use std::{
    env,
    io::{Read, Write},
    sync::atomic::{AtomicU64, Ordering},
};

/// Number of the marked step at which the process stops, from 1.
pub(crate) const STOP_AT: &str = "BENCH_STOP_AT";
/// What the process says before it waits for its end.
pub(crate) const STOPPED: &str = "stopped ";

/// Counts the steps that a process passes.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    passed: AtomicU64,
    stop_at: Option<u64>,
    telling: bool,
}

impl Marks {
    /// As the environment wants it, for a process that is watched.
    pub(crate) fn watched() -> Self {
        let stop_at = env::var(STOP_AT).ok().and_then(|number| number.parse().ok());
        Self { stop_at, telling: true, ..Self::default() }
    }

    /// A step is reached; the process goes no further if it is the one to stop at.
    pub(crate) fn pass(&self, step: &str) {
        let number = self.passed.fetch_add(1, Ordering::SeqCst) + 1;
        if self.stop_at == Some(number) {
            self.tell(&format!("{STOPPED}{step}"));
            // Whoever watches holds the other end: when nobody does any more, the process ends by itself.
            drop(std::io::stdin().read(&mut [0]));
            std::process::abort();
        }
    }

    /// Tells whoever watches.
    pub(crate) fn tell(&self, line: &str) {
        if self.telling {
            let mut out = std::io::stdout().lock();
            drop(writeln!(out, "\n{line}").and_then(|()| out.flush()));
        }
    }
}
