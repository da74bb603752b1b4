//! One run of deletions: keys first, with the proof that they open nothing any more; then the events that the service has
//! countersigned.

use jiff::{SignedDuration, Timestamp};
use store::{ErasureRun, RetentionPeriods, Store, StoreError};
use uuid::Uuid;

/// How long until a proof that doesn't hold is tried again: whoever still read the old pages has gone by then.
const PROVE_AGAIN: SignedDuration = SignedDuration::from_mins(10);
/// Most runs whose keys are remembered for the next try; of more than these the proof rests on the rest.
const MAX_UNPROVEN: usize = 64;

/// What a run is made of.
pub(crate) struct Erasing {
    pub(crate) store: Store,
    pub(crate) id: Uuid,
    pub(crate) periods: RetentionPeriods,
    /// Events of before may go altogether.
    pub(crate) pruned_before: Timestamp,
    pub(crate) now: Timestamp,
    /// Earlier runs whose proof doesn't hold yet.
    pub(crate) unproven: Vec<ErasureRun>,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Erased {
    /// There is more to delete.
    pub(crate) more: bool,
    /// Runs whose proof doesn't hold, with the keys that it looks for.
    pub(crate) unproven: Vec<ErasureRun>,
}

impl Erasing {
    /// Blocks while the whole file is read.
    pub(crate) fn run(mut self) -> Result<Erased, StoreError> {
        self.prove_again()?;
        let run = self.store.erase_due(self.id, self.periods, self.now)?;
        let more = run.as_ref().is_some_and(|run| run.more);
        if let Some(run) = run {
            tracing::info!(?run, "what was over is deleted");
            self.prove(run);
        }
        self.store.prune(self.pruned_before, self.now)?;
        self.unproven.truncate(MAX_UNPROVEN);
        Ok(Erased { more, unproven: self.unproven })
    }

    /// Runs of before that nothing was proven of: of a process that ended at once, of the others after a while.
    fn prove_again(&mut self) -> Result<(), StoreError> {
        for (found, proof) in self.store.unproven_runs()? {
            if proof.is_some_and(|it| self.now.duration_since(it.at).abs() < PROVE_AGAIN) {
                continue;
            }
            let known = self.unproven.iter().position(|run| run.id == found.id);
            let run = known.map_or(found, |at| self.unproven.swap_remove(at));
            self.prove(run);
            // One at a time: each reads the whole file.
            break;
        }
        Ok(())
    }

    fn prove(&mut self, run: ErasureRun) {
        match self.store.prove(&run, &[], self.now) {
            Ok(proof) if proof.holds => tracing::info!(?proof, "the deletion is proven"),
            Ok(proof) => {
                tracing::error!(?proof, "what was deleted is not proven to be gone");
                self.unproven.push(run);
            }
            Err(error) => {
                tracing::error!(%error, "a deletion could not be proven");
                self.unproven.push(run);
            }
        }
    }
}

#[cfg(test)]
mod tests;
