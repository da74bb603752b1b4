//! Watching a job until it ends.

use std::time::Duration;

use crate::{Error, JobId, JobState, JobStatus, Printer, StateReason};

/// A letter takes some seconds; the clerk should see it end at once.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// A job that waits for paper is asked about this often; printers serve other desks, too.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// So many polls in a row may go unanswered before the printer counts as gone: a network cable that is put back, a
/// printer that is busy with its own heating.
const TOLERATED_SILENCES: u32 = 3;

/// How a job ended, or that watching it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The printer says that it printed all of it.
    Completed,
    /// Somebody cancelled it, here or at the printer; sheets may be out.
    Canceled,
    /// The printer gave it up; sheets may be out.
    Aborted,
    /// Time is up, or the watching was cancelled: the job goes on without us.
    GaveUp,
}

/// What the desk shows while a job is on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The job itself.
    pub job: JobStatus,
    /// What the printer reports of itself meanwhile, such as `media-empty`; empty once the job has ended.
    pub printer_reasons: Vec<StateReason>,
}

impl Printer {
    /// Watches a job until it ends, for at most `within`, or until `cancel` is ready. `on_change` is called with the
    /// first state seen and with every other one, the last included.
    ///
    /// Cancelling ends the watching, not the job: that is for [`cancel`](Printer::cancel), after which this returns
    /// [`Outcome::Canceled`].
    ///
    /// # Errors
    /// [`Error::Unreachable`] if the printer leaves several polls in a row unanswered, [`Error::NoSuchJob`] if it has
    /// forgotten the job, and whatever else [`job`](Printer::job) fails with. Whether the sheet is out is unknown then.
    pub async fn follow(
        &self,
        id: JobId,
        within: Duration,
        cancel: impl Future<Output = ()>,
        on_change: impl FnMut(&Progress),
    ) -> Result<Outcome, Error> {
        tokio::select! {
            biased;
            outcome = self.watch(id, on_change) => outcome,
            () = cancel => Ok(Outcome::GaveUp),
            () = tokio::time::sleep(within) => Ok(Outcome::GaveUp),
        }
    }

    async fn watch(&self, id: JobId, mut on_change: impl FnMut(&Progress)) -> Result<Outcome, Error> {
        let mut last = None;
        let mut pause = FIRST_PAUSE;
        let mut silences = 0;
        loop {
            match self.progress(id).await {
                Ok(progress) => {
                    silences = 0;
                    let outcome = progress.job.state.outcome();
                    if last.as_ref() != Some(&progress) {
                        on_change(&progress);
                        last = Some(progress);
                        pause = FIRST_PAUSE;
                    }
                    if let Some(outcome) = outcome {
                        return Ok(outcome);
                    }
                }
                Err(Error::Unreachable) if silences < TOLERATED_SILENCES => silences += 1,
                Err(error) => return Err(error),
            }
            tokio::time::sleep(pause).await;
            pause = longer(pause);
        }
    }

    async fn progress(&self, id: JobId) -> Result<Progress, Error> {
        let job = self.job(id).await?;
        let ended = job.state.outcome().is_some();
        let printer_reasons = if ended { Vec::new() } else { self.status().await?.reasons };
        Ok(Progress { job, printer_reasons })
    }
}

impl JobState {
    /// `None` while the job has not ended.
    const fn outcome(self) -> Option<Outcome> {
        match self {
            Self::Completed => Some(Outcome::Completed),
            Self::Canceled => Some(Outcome::Canceled),
            Self::Aborted => Some(Outcome::Aborted),
            Self::Pending | Self::Held | Self::Processing | Self::Stopped | Self::Unknown => None,
        }
    }
}

/// Half as long again, up to [`LONGEST_PAUSE`].
fn longer(pause: Duration) -> Duration {
    (pause + pause / 2).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_between_polls_rise_to_a_bound() {
        let pauses: Vec<_> =
            std::iter::successors(Some(FIRST_PAUSE), |pause| Some(longer(*pause))).take(9).collect();
        assert_eq!(pauses.first(), Some(&FIRST_PAUSE));
        assert!(pauses.is_sorted());
        assert_eq!(pauses.last(), Some(&LONGEST_PAUSE));
    }
}
