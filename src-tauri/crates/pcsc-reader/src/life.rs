//! What becomes of a session's thread that can't be stopped.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

/// See [`abandoned_sessions`].
static ABANDONED: AtomicUsize = AtomicUsize::new(0);

/// Session threads that were given up on and still hang in a call to the service. A number that stays above zero is
/// worth a line in a problem report.
#[must_use]
pub fn abandoned_sessions() -> usize {
    ABANDONED.load(Ordering::Relaxed)
}

/// Whether a session's thread serves, hangs without an owner, or has ended.
#[derive(Debug, Default)]
pub(crate) struct Life(Mutex<LifeStage>);

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum LifeStage {
    #[default]
    Serving,
    Abandoned,
    Ended,
}

impl Life {
    pub(crate) fn is_serving(&self) -> bool {
        *self.get() == LifeStage::Serving
    }

    /// Gives up on the thread, which counts as abandoned until it ends.
    pub(crate) fn abandon(&self) {
        let mut stage = self.get();
        if *stage == LifeStage::Serving {
            *stage = LifeStage::Abandoned;
            let abandoned = ABANDONED.fetch_add(1, Ordering::Relaxed) + 1;
            tracing::warn!(abandoned, "a card does not answer; its session was abandoned");
        }
    }

    fn end(&self) {
        let mut stage = self.get();
        if *stage == LifeStage::Abandoned {
            ABANDONED.fetch_sub(1, Ordering::Relaxed);
        }
        *stage = LifeStage::Ended;
    }

    fn get(&self) -> MutexGuard<'_, LifeStage> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells that the thread has ended, also when a job panicked.
pub(crate) struct EndOfLife<'a>(pub(crate) &'a Life);

impl Drop for EndOfLife<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}
