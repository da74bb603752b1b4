//! The writer: one thread that owns the only connection that writes, and the handle to it.
//!
//! No pool and no lock: jobs run one after the other in the order in which they were sent. A panic in a job is a bug; it
//! ends the thread, and every later call answers [`StoreError::Stopped`].

use std::{
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread::{self, JoinHandle},
};

use rusqlite::Connection;

use crate::{StoreError, erasure};

/// Jobs that may wait; whoever sends one more waits until there is room.
const MAX_WAITING_JOBS: usize = 64;

type Job = Box<dyn FnOnce(&mut Owned) + Send>;

/// What the thread owns.
pub(crate) struct Owned {
    pub(crate) connection: Connection,
    /// A reader kept the log from being emptied after an erasure; tried again after every job and at the end.
    log_must_go: bool,
}

impl Owned {
    /// Empties the write-ahead log now, or as soon as no reader needs it any more.
    pub(crate) fn empty_log(&mut self) {
        match erasure::truncate_log(&self.connection) {
            Ok(emptied) => self.log_must_go = !emptied,
            Err(error) => {
                self.log_must_go = true;
                tracing::warn!(%error, "the write-ahead log could not be emptied; trying again");
            }
        }
    }
}

/// Handle to the thread; dropping it finishes the waiting jobs and closes the database.
#[derive(Debug)]
pub(crate) struct Writer {
    jobs: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(crate) fn start(connection: Connection) -> Result<Self, StoreError> {
        let (jobs, receiver) = sync_channel(MAX_WAITING_JOBS);
        let owned = Owned { connection, log_must_go: false };
        let thread =
            thread::Builder::new().name("store-writer".to_owned()).spawn(move || run(owned, &receiver))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Runs `job` on the writer's thread and waits for its answer.
    pub(crate) fn call<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Owned) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = sync_channel(1);
        let job = Box::new(move |owned: &mut Owned| {
            // Nobody waiting for the answer doesn't undo what was done.
            reply.send(job(owned)).ok();
        });
        self.jobs.as_ref().ok_or(StoreError::Stopped)?.send(job).map_err(|_| StoreError::Stopped)?;
        answer.recv().map_err(|_| StoreError::Stopped)?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(Err(_)) = self.thread.take().map(JoinHandle::join) {
            tracing::error!("the store's writer had panicked");
        }
    }
}

fn run(mut owned: Owned, jobs: &Receiver<Job>) {
    // The last run may have been killed between an erasure and this.
    owned.empty_log();
    while let Ok(job) = jobs.recv() {
        job(&mut owned);
        if owned.log_must_go {
            owned.empty_log();
        }
    }
    if let Err((_, error)) = owned.connection.close() {
        tracing::error!(%error, "the database could not be closed");
    }
}
