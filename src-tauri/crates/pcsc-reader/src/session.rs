//! The thread that talks to the cards of one reader.

use std::{
    ffi::{CStr, CString},
    io,
    panic::{self, AssertUnwindSafe},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Receiver, SyncSender, TrySendError},
    },
    thread,
    time::Instant,
};

use pcsc::{Card, Context, Disposition, Error, Protocols, ShareMode, Transaction};
use smartcard::{CardChannel, ChannelError, ExtendedLength};

use crate::{
    Cancel, Ending, JobControl, JobError, JobHandle, JobOptions,
    channel::ReaderChannel,
    error::channel_error,
    extended_length::{LearntLength, LengthTrial},
    job::{AtomicStage, Stage},
    life::{EndOfLife, Life},
    service::{self, ServiceState},
};

/// Jobs that may wait for one reader. A person at a desk makes one or two; more is a defect of the owner.
pub const JOB_QUEUE: usize = 8;

/// A thread that talks to the cards of one reader, one job after the other. Dropping it cancels what runs and ends the
/// thread once the APDU under way is answered.
#[derive(Debug)]
pub struct Session {
    jobs: SyncSender<Job>,
    life: Arc<Life>,
    closed: Arc<AtomicBool>,
    length: Arc<LearntLength>,
}

/// What the thread is handed.
struct Job {
    options: JobOptions,
    submitted: Instant,
    cancel: Cancel,
    stage: Arc<AtomicStage>,
    work: Work,
}

/// The caller's job, its type erased.
type Work = Box<dyn FnOnce(Result<&mut dyn CardChannel, JobError>) -> Answered + Send>;

/// Hands the answer over, which waits until the card is free again.
type Answered = Box<dyn FnOnce()>;

impl Session {
    /// Starts a thread for the reader that the service calls `reader`. A reader of that name need not exist yet: a job
    /// finds that out.
    ///
    /// `extended_length` is what is known of this reader, from an earlier session or as
    /// [`Untried`](ExtendedLength::Untried); its jobs learn it for those that follow.
    ///
    /// # Errors
    /// If the operating system gives no thread, or the name holds a NUL.
    pub fn open(reader: &str, extended_length: ExtendedLength) -> io::Result<Self> {
        let reader = CString::new(reader)?;
        let (jobs, queue) = mpsc::sync_channel(JOB_QUEUE);
        let life = Arc::new(Life::default());
        let length = Arc::new(LearntLength::new(extended_length));
        thread::Builder::new().name("card-session".into()).spawn({
            let (life, length) = (Arc::clone(&life), Arc::clone(&length));
            move || serve(&reader, &length, &queue, &life)
        })?;
        Ok(Self { jobs, life, closed: Arc::default(), length })
    }

    /// Has `job` done with the card that is in the reader, and returns a handle to wait for its answer.
    ///
    /// The job has the card for itself as long as it runs, so it must not wait for a person, but for one who types a PIN
    /// at the reader (at most [`PIN_ENTRY_MAX`](crate::PIN_ENTRY_MAX) and never beyond the deadline).
    pub fn submit<T: Send + 'static>(
        &self,
        options: JobOptions,
        job: impl FnOnce(&mut dyn CardChannel, &Cancel) -> T + Send + 'static,
    ) -> JobHandle<T> {
        let (sender, answer) = mpsc::sync_channel(1);
        let control = self.submit_then(options, job, move |answer| {
            // Nobody waits any more: the answer is for nobody.
            drop(sender.send(answer));
        });
        JobHandle { control, answer }
    }

    /// As [`Session::submit`], with the answer given to `answered` on the session's thread after the card is free.
    /// `answered` is dropped uncalled if the session ends first.
    pub fn submit_then<T: Send + 'static>(
        &self,
        options: JobOptions,
        job: impl FnOnce(&mut dyn CardChannel, &Cancel) -> T + Send + 'static,
        answered: impl FnOnce(Result<T, JobError>) + Send + 'static,
    ) -> JobControl {
        let cancel = Cancel::of_session(&self.closed);
        let stage = Arc::new(AtomicStage::new());
        let control =
            JobControl { cancel: cancel.clone(), stage: Arc::clone(&stage), life: Arc::clone(&self.life) };
        let work: Work = {
            let cancel = cancel.clone();
            Box::new(move |channel| {
                let answer = channel.map(|channel| job(channel, &cancel));
                Box::new(move || answered(answer))
            })
        };
        if !self.is_serving() {
            work(Err(JobError::SessionEnded))();
            return control;
        }
        match self.jobs.try_send(Job { options, submitted: Instant::now(), cancel, stage, work }) {
            Ok(()) => {}
            Err(TrySendError::Full(job)) => (job.work)(Err(JobError::QueueFull))(),
            Err(TrySendError::Disconnected(job)) => (job.work)(Err(JobError::SessionEnded))(),
        }
        control
    }

    /// Whether this session takes jobs; after it was given up on, or a job panicked, a new one must be opened.
    #[must_use]
    pub fn is_serving(&self) -> bool {
        self.life.is_serving()
    }

    /// What is known of extended length by now, to open the next session of this reader with.
    #[must_use]
    pub fn extended_length(&self) -> ExtendedLength {
        self.length.get()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::Release);
    }
}

/// The thread.
fn serve(reader: &CStr, length: &LearntLength, queue: &Receiver<Job>, life: &Life) {
    let _end = EndOfLife(life);
    while let Ok(job) = queue.recv() {
        let stage = Arc::clone(&job.stage);
        let outcome = converse(reader, length, job);
        stage.set(Stage::Done);
        match outcome {
            Ok(answered) => answered(),
            Err(panic) => panic::resume_unwind(panic),
        }
        if !life.is_serving() {
            return;
        }
    }
}

/// Connects to the card and does the job.
///
/// # Errors
/// If the job panicked, with what it panicked with, after the card is free again: unwinding would let go of it in the
/// wrong order, and reset it while the next has it.
fn converse(reader: &CStr, length: &LearntLength, job: Job) -> thread::Result<Answered> {
    if job.cancel.is_cancelled() {
        return Ok((job.work)(Err(ChannelError::Cancelled.into())));
    }
    job.stage.set(Stage::Claiming);
    let (context, mut card) = match connect(reader) {
        Ok(connected) => connected,
        Err(error) => return Ok((job.work)(Err(error))),
    };
    let outcome = in_transaction(&context, reader, &mut card, length, job);
    if let Err((_, error)) = card.disconnect(Disposition::LeaveCard) {
        tracing::debug!(code = error as u32, "the card was gone before it was left");
    }
    outcome
}

/// Does the job while no other program can come between, and leaves the card as asked.
fn in_transaction(
    context: &Context,
    reader: &CStr,
    card: &mut Card,
    length: &LearntLength,
    job: Job,
) -> thread::Result<Answered> {
    let transaction = match begin(card) {
        Ok(transaction) => transaction,
        Err(error) => return Ok((job.work)(Err(channel_error(error).into()))),
    };
    job.stage.set(Stage::Talking);
    let mut channel = ReaderChannel {
        context,
        reader,
        card: &transaction,
        length: LengthTrial::new(length),
        cancel: &job.cancel,
        deadline: job.submitted.checked_add(job.options.deadline),
        pin_was_asked_for: false,
    };
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| (job.work)(Ok(&mut channel))));
    let left = match job.options.ending {
        Ending::Leave if outcome.is_ok() && !channel.pin_was_asked_for => Disposition::LeaveCard,
        Ending::Leave | Ending::Reset => Disposition::ResetCard,
    };
    if let Err((_, error)) = transaction.end(left) {
        tracing::debug!(code = error as u32, "the card was gone before its transaction ended");
    }
    outcome
}

fn connect(reader: &CStr) -> Result<(Context, Card), JobError> {
    let context = service::establish().map_err(|state| match state {
        ServiceState::Denied => JobError::Denied,
        ServiceState::Down | ServiceState::Running => ChannelError::ServiceLost.into(),
    })?;
    match context.connect(reader, ShareMode::Shared, Protocols::T0 | Protocols::T1) {
        Ok(card) => Ok((context, card)),
        Err(Error::SecurityViolation) => Err(JobError::Denied),
        Err(error) => Err(channel_error(error).into()),
    }
}

/// Waits for other programs' transactions to end, however long they take.
fn begin(card: &mut Card) -> Result<Transaction<'_>, Error> {
    match card.transaction2() {
        Ok(transaction) => Ok(transaction),
        // Somebody reset the card since we connected, which the service wants acknowledged.
        Err((card, Error::ResetCard)) => {
            card.reconnect(ShareMode::Shared, Protocols::T0 | Protocols::T1, Disposition::LeaveCard)?;
            card.transaction()
        }
        Err((_, error)) => Err(error),
    }
}
