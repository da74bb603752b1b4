//! The writer: one thread that owns the only connection that writes, and the handle to it.
//!
//! No pool and no lock: jobs run one after the other in the order in which they were sent. A panic in a job is a bug; it
//! ends the thread, and every later call answers [`StoreError::Stopped`].

use std::{
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread::{self, JoinHandle},
};

use rusqlite::Connection;

use crate::{DatabaseKey, StoreError, erasure, erasure_list::ListFile, folder};

/// Jobs that may wait; whoever sends one more waits until there is room.
const MAX_WAITING_JOBS: usize = 64;

type Job = Box<dyn FnOnce(&mut Owned) + Send>;

/// What the thread owns.
pub(crate) struct Owned {
    pub(crate) connection: Connection,
    pub(crate) erasures: ListFile,
    pub(crate) folder: PathBuf,
    /// For reading the pages as they lie on the disk; SQLCipher keeps it in memory as well.
    pub(crate) key: DatabaseKey,
    /// A reader kept the log from being emptied after an erasure; tried again after every job and at the end.
    log_must_go: bool,
}

impl Owned {
    /// Called behind an erasure: removes what else holds the destroyed key, the copy from before a migration and the
    /// write-ahead log.
    pub(crate) fn empty_log(&mut self) {
        self.remove_copies();
        self.truncate_log();
    }

    fn remove_copies(&self) {
        if let Err(error) = folder::remove_migration_copies(&self.folder) {
            tracing::warn!(%error, "the copy from before the migration could not be removed; the next start tries again");
        }
    }

    /// Empties the write-ahead log now, or as soon as no reader needs it any more.
    fn truncate_log(&mut self) {
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
    pub(crate) fn start(
        connection: Connection,
        folder: &Path,
        key: &DatabaseKey,
        erasures: ListFile,
    ) -> Result<Self, StoreError> {
        let (jobs, receiver) = sync_channel(MAX_WAITING_JOBS);
        let owned =
            Owned { connection, erasures, folder: folder.to_owned(), key: key.clone(), log_must_go: false };
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
    owned.truncate_log();
    while let Ok(job) = jobs.recv() {
        job(&mut owned);
        if owned.log_must_go {
            owned.truncate_log();
        }
    }
    if let Err((_, error)) = owned.connection.close() {
        tracing::error!(%error, "the database could not be closed");
    }
}
