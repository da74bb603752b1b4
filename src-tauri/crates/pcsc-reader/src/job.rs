//! What a session is asked to do, and how its owner hears of it, stops it or gives up on it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU8, Ordering},
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::Duration,
};

use smartcard::ChannelError;

use crate::life::Life;

/// A flag that ends a job before its next APDU; its clones are the same flag.
#[derive(Debug, Clone, Default)]
pub struct Cancel {
    job: Arc<AtomicBool>,
    /// Raised when the session is dropped: ends all its jobs.
    session: Arc<AtomicBool>,
}

impl Cancel {
    /// Raises the flag for good.
    pub fn cancel(&self) {
        self.job.store(true, Ordering::Release);
    }

    /// Whether the flag is up.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.job.load(Ordering::Acquire) || self.session.load(Ordering::Acquire)
    }

    /// The flag of one job of a session.
    pub(crate) fn of_session(session: &Arc<AtomicBool>) -> Self {
        Self { job: Arc::default(), session: Arc::clone(session) }
    }
}

/// In what state a job leaves the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Powered, with what is selected: the next job goes on faster.
    Leave,
    /// Reset: nothing that the job proved to the card (a PIN, a secure channel) holds for the next program.
    Reset,
}

/// How a job is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobOptions {
    /// From the submission on, because that is when a person begins to wait; checked before each APDU.
    pub deadline: Duration,
    /// In what state the card is left. It is reset in any case after a PIN was asked for at the reader, or if the job
    /// panics.
    pub ending: Ending,
}

/// Why a job has no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JobError {
    /// No conversation with the card could begin.
    #[error(transparent)]
    Channel(#[from] ChannelError),
    /// The service doesn't let us use cards (polkit: `org.debian.pcsc-lite.access_card`).
    #[error("the smart card service denies access to cards")]
    Denied,
    /// The card or the reader didn't answer at all; the session was abandoned with it.
    #[error("the card did not answer in time")]
    Unanswered,
    /// Eight jobs wait already.
    #[error("too many jobs wait for the card")]
    QueueFull,
    /// The session ended before it came to this job.
    #[error("the session has ended")]
    SessionEnded,
}

/// The power to stop a job. Dropping it stops nothing.
#[derive(Debug, Clone)]
pub struct JobControl {
    pub(crate) cancel: Cancel,
    pub(crate) stage: Arc<AtomicStage>,
    pub(crate) life: Arc<Life>,
}

impl JobControl {
    /// Ends the job before its next APDU with [`ChannelError::Cancelled`].
    pub fn cancel(&self) {
        self.cancel.cancel();
    }

    /// Stops waiting for a job whose deadline is over, and says why that is right.
    ///
    /// An APDU under way can't be stopped, so the session is abandoned with its thread, which ends when the card
    /// answers or is pulled; until then [`abandoned_sessions`](crate::abandoned_sessions) counts it. The owner opens a
    /// new [`Session`](crate::Session). A job that still waits for its turn is only cancelled, and for one that is
    /// done nothing happens.
    #[must_use]
    pub fn give_up(&self) -> JobError {
        self.cancel.cancel();
        match self.stage.get() {
            Stage::Queued | Stage::Done => ChannelError::DeadlineExceeded.into(),
            Stage::Claiming => {
                self.life.abandon();
                ChannelError::CardBusy.into()
            }
            Stage::Talking => {
                self.life.abandon();
                JobError::Unanswered
            }
        }
    }
}

/// A job under way whose answer can be waited for.
#[derive(Debug)]
pub struct JobHandle<T> {
    pub(crate) control: JobControl,
    pub(crate) answer: Receiver<Result<T, JobError>>,
}

impl<T> JobHandle<T> {
    /// The power to stop it from elsewhere.
    #[must_use]
    pub fn control(&self) -> &JobControl {
        &self.control
    }

    /// Waits for the answer, and [gives up](JobControl::give_up) after `timeout`.
    ///
    /// # Errors
    /// Every [`JobError`].
    pub fn wait(self, timeout: Duration) -> Result<T, JobError> {
        match self.answer.recv_timeout(timeout) {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Disconnected) => Err(JobError::SessionEnded),
            Err(RecvTimeoutError::Timeout) => Err(self.control.give_up()),
        }
    }
}

/// How far a job has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Stage {
    /// Behind others.
    Queued,
    /// Connecting, for which the service has us wait as long as another program has a transaction.
    Claiming,
    /// Exchanging APDUs.
    Talking,
    /// The card is free again.
    Done,
}

/// A [`Stage`] that the session's thread sets and the owner reads.
#[derive(Debug)]
pub(crate) struct AtomicStage(AtomicU8);

impl AtomicStage {
    pub(crate) fn new() -> Self {
        Self(AtomicU8::new(Stage::Queued as u8))
    }

    pub(crate) fn set(&self, stage: Stage) {
        self.0.store(stage as u8, Ordering::Release);
    }

    fn get(&self) -> Stage {
        match self.0.load(Ordering::Acquire) {
            queued if queued == Stage::Queued as u8 => Stage::Queued,
            claiming if claiming == Stage::Claiming as u8 => Stage::Claiming,
            talking if talking == Stage::Talking as u8 => Stage::Talking,
            _ => Stage::Done,
        }
    }
}
