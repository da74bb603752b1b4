//! The store's one door for writing.

use std::{
    fs,
    ops::ControlFlow,
    path::Path,
    sync::{Arc, Mutex},
};

use identification::{Entropy, Scope, VisitId};
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use uuid::Uuid;

use crate::{
    Batch, DatabaseKey, Depth, Erased, Head, OpenedRecord, OutboxRow, Outcome, Reader, StoreError,
    Verification, VisitRow,
    batch::Prepared,
    database, erasure,
    erasure_list::ListFile,
    folder::{Folder, KeyCheck},
    journal, migrations, outbox, visits,
    writer::{Owned, Writer},
};

/// The open store. Cheap to clone and to send; every call blocks until it is done, so asynchronous callers wrap it.
/// When the last handle is dropped, the database is closed.
#[derive(Debug, Clone)]
pub struct Store(Arc<Shared>);

/// In the order of dropping: the reader goes before the writer, which then empties the log, and the lock goes last.
#[derive(Debug)]
struct Shared {
    reader: Mutex<Reader>,
    /// A walk through the whole journal takes seconds, and nobody's search waits for it.
    verifier: Mutex<Reader>,
    writer: Writer,
    _folder: Folder,
}

impl Store {
    /// Opens the store in `folder`, making and migrating it as needed. Deliveries that were under way when the last run
    /// ended are of unknown outcome from here on.
    ///
    /// # Errors
    /// [`StoreError::InUse`], [`StoreError::WrongKey`], [`StoreError::Missing`], [`StoreError::NewerSchema`],
    /// [`StoreError::NotRestored`], [`StoreError::ReadOnly`], [`StoreError::DiskFull`], [`StoreError::Quarantined`] when the database is damaged (the next call makes a new one, so somebody has to
    /// decide that), or what the disk said.
    pub fn open(folder: &Path, key: &DatabaseKey) -> Result<Self, StoreError> {
        let folder = Folder::take(folder)?;
        let check = folder.check_key(key)?;
        if check == KeyCheck::Wrong {
            return Err(StoreError::WrongKey);
        }
        let (mut connection, is_migrated) = match open_database(&folder, key, check) {
            Ok(opened) => opened,
            // SQLCipher reports a wrong key and a damaged first page alike; the check tells them apart.
            Err(StoreError::Corrupt) if check == KeyCheck::Right => {
                let moved_to = folder.quarantine()?;
                tracing::error!(moved_to = %moved_to.display(), "the database is damaged and was moved aside");
                return Err(StoreError::Quarantined { moved_to });
            }
            Err(StoreError::Corrupt) => return Err(StoreError::WrongKey),
            Err(error) => return Err(error),
        };
        if check == KeyCheck::Absent {
            folder.remember_key(key)?;
        }
        let (erasures, made_up_for) = ListFile::open(folder.path(), &mut connection)?;
        let reader = Mutex::new(Reader::open(folder.path(), key)?);
        let verifier = Mutex::new(Reader::open(folder.path(), key)?);
        if !is_migrated || made_up_for > 0 {
            // The start before this one migrated, and the desk came up with it; or the copy holds what is erased.
            folder.remove_migration_copies()?;
        }
        let writer = Writer::start(connection, folder.path(), key, erasures)?;
        Ok(Self(Arc::new(Shared { reader, verifier, writer, _folder: folder })))
    }

    /// Runs `job` on the writer's thread.
    pub(crate) fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Owned) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.0.writer.call(job)
    }

    /// Runs a search on the connection that can't write, beside whatever is being written.
    pub(crate) fn read<T>(
        &self,
        search: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        search(self.0.reader.lock().map_err(|_| StoreError::Stopped)?.connection())
    }

    /// Runs what takes seconds on a connection that can't write; one at a time.
    pub(crate) fn read_long<T>(
        &self,
        search: impl FnOnce(&Reader) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        search(&*self.0.verifier.lock().map_err(|_| StoreError::Stopped)?)
    }

    /// Writes a batch in one transaction, erasures included, and returns when it is on disk. `entropy` makes nonces and
    /// keys.
    ///
    /// # Errors
    /// Nothing of the batch is kept then: [`StoreError::TooLarge`], [`StoreError::Erased`] (a scope of the batch),
    /// [`StoreError::Duplicate`], [`StoreError::DiskFull`], [`StoreError::ReadOnly`], or what the database said.
    pub fn append(&self, batch: Batch, entropy: &mut Entropy<'_>) -> Result<Head, StoreError> {
        let batch = Prepared::new(batch, entropy)?;
        self.0.writer.call(move |owned| {
            let head = journal::append(&mut owned.connection, &mut owned.erasures, &batch)?;
            if !batch.erase.is_empty() {
                owned.empty_log();
            }
            Ok(head)
        })
    }

    /// A visit's events in order.
    ///
    /// # Errors
    /// [`StoreError::Malformed`] when a row doesn't open, or what the database said.
    pub fn events(&self, visit: VisitId) -> Result<Vec<OpenedRecord>, StoreError> {
        self.0.writer.call(move |owned| journal::events(&owned.connection, visit))
    }

    /// One visit in the list; `None` if there is none (any more).
    ///
    /// # Errors
    /// What the database said.
    pub fn visit(&self, visit: VisitId) -> Result<Option<VisitRow>, StoreError> {
        Ok(self.read(|connection| visits::find(connection, visit))?.map(|(_, row)| row))
    }

    /// Visits that are not over, oldest first.
    ///
    /// # Errors
    /// What the database said.
    pub fn open_visits(&self) -> Result<Vec<(VisitId, VisitRow)>, StoreError> {
        self.0.writer.call(|owned| visits::open_visits(&owned.connection))
    }

    /// Visits that began from `from` until before `until`, oldest first: the newest [`MAX_VISITS`](crate::MAX_VISITS).
    ///
    /// # Errors
    /// What the database said.
    pub fn visits(&self, from: Timestamp, until: Timestamp) -> Result<Vec<(VisitId, VisitRow)>, StoreError> {
        self.0.writer.call(move |owned| visits::between(&owned.connection, from, until))
    }

    /// Visits that ended in their time and that no supervisor has reviewed, those that ended first first; at most `limit`
    /// and [`MAX_VISITS`](crate::MAX_VISITS). Leaves out aborted visits and those whose evidence was erased: there is
    /// nothing left to judge.
    ///
    /// # Errors
    /// What the database said.
    pub fn unreviewed(&self, limit: usize) -> Result<Vec<(VisitId, VisitRow)>, StoreError> {
        self.0.writer.call(move |owned| visits::unreviewed(&owned.connection, limit))
    }

    /// Destroys the key of a scope: its events stay in the chain and can never be opened again, its outbox payloads are
    /// emptied.
    ///
    /// # Errors
    /// [`StoreError::Held`] if the visit is under a legal hold, or what the database or the disk said.
    pub fn erase(&self, scope: Scope, now: Timestamp) -> Result<Erased, StoreError> {
        self.0.writer.call(move |owned| {
            let erased = erasure::erase(&mut owned.connection, &mut owned.erasures, scope, now)?;
            owned.empty_log();
            Ok(erased)
        })
    }

    /// Takes the next outbox row, for the time of `lease`; after that it counts as unknown. `None` if nothing is due or has
    /// its turn: rows go out in the order in which they were written, and one that waits for its next attempt holds back
    /// those of later visits while it was tried less than [`HOLDING_ATTEMPTS`](crate::HOLDING_ATTEMPTS) times. Rows that
    /// can't be opened are parked on the way ([`Depth::unreadable`]).
    ///
    /// # Errors
    /// What the database said.
    pub fn lease(&self, now: Timestamp, lease: SignedDuration) -> Result<Option<OutboxRow>, StoreError> {
        self.0.writer.call(move |owned| outbox::lease(&mut owned.connection, now, lease))
    }

    /// Notes how a delivery ended.
    ///
    /// # Errors
    /// [`StoreError::NotLeased`] if there is no such delivery, or what the database said.
    pub fn settle(&self, id: Uuid, outcome: Outcome, now: Timestamp) -> Result<(), StoreError> {
        self.0.writer.call(move |owned| outbox::settle(&owned.connection, id, &outcome, now))
    }

    /// The service is back: everything that waits for its next attempt is due at once. Returns how many rows that were.
    ///
    /// # Errors
    /// What the database said.
    pub fn retry_now(&self, now: Timestamp) -> Result<usize, StoreError> {
        self.0.writer.call(move |owned| outbox::retry_now(&owned.connection, now))
    }

    /// The clock showed a later time before: what was to be sent then is due now, and leases end at the latest after `lease`.
    /// Returns how many rows that concerned.
    ///
    /// # Errors
    /// What the database said.
    pub fn clock_went_back(&self, now: Timestamp, lease: SignedDuration) -> Result<usize, StoreError> {
        self.write(move |owned| outbox::clock_went_back(&owned.connection, now, lease))
    }

    /// How much lies in the outbox.
    ///
    /// # Errors
    /// What the database said.
    pub fn depth(&self) -> Result<Depth, StoreError> {
        self.0.writer.call(|owned| outbox::depth(&owned.connection))
    }

    /// Walks the whole hash chain, from the pruned checkpoint if there is one, without stopping the desk.
    ///
    /// # Errors
    /// Only if the database can't be read: a broken chain is a finding, not an error.
    pub fn verify(&self) -> Result<Verification, StoreError> {
        self.0.verifier.lock().map_err(|_| StoreError::Stopped)?.verify()
    }
}

/// The connection that writes, and whether an older schema was migrated on the way.
fn open_database(
    folder: &Folder,
    key: &DatabaseKey,
    check: KeyCheck,
) -> Result<(Connection, bool), StoreError> {
    let path = folder.database();
    if check == KeyCheck::Right {
        match fs::metadata(&path) {
            // SQLite would take an empty file for a new database.
            Ok(file) if file.len() == 0 => return Err(StoreError::Corrupt),
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(StoreError::Missing),
            Err(error) => return Err(error.into()),
        }
    }
    let mut connection = database::open_writer(&path, key)?;
    database::refuse_backup(&connection)?;
    let is_migrated = migrations::upgrade(&mut connection, folder, key, &mut |_| ControlFlow::Continue(()))?;
    outbox::forget_leases(&connection)?;
    database::trust(&connection)?;
    Ok((connection, is_migrated))
}
