//! The read-only side: for search and verification within the program, and for `identplatzctl` beside it.

use std::path::Path;

use identification::VisitId;
use jiff::Timestamp;
use rusqlite::Connection;

use crate::{
    DatabaseKey, Depth, OpenedRecord, StoreError, Verification, VisitRow, database,
    folder::{self, KeyCheck},
    journal, migrations, outbox, verify, visits,
};

/// A connection that can't write. Any number of processes may have one while another has the [`Store`](crate::Store).
#[derive(Debug)]
pub struct Reader {
    connection: Connection,
}

impl Reader {
    /// Opens the store in `folder` for reading.
    ///
    /// # Errors
    /// [`StoreError::WrongKey`], [`StoreError::Missing`], [`StoreError::NewerSchema`], [`StoreError::OlderSchema`],
    /// [`StoreError::Corrupt`] (reading moves nothing aside), or what the operating system said.
    pub fn open(folder: &Path, key: &DatabaseKey) -> Result<Self, StoreError> {
        let check = folder::check_key(folder, key)?;
        if check == KeyCheck::Wrong {
            return Err(StoreError::WrongKey);
        }
        let path = folder::database(folder);
        if !path.try_exists()? {
            return Err(StoreError::Missing);
        }
        let connection = database::open_reader(&path, key).map_err(|error| match (error, check) {
            (StoreError::Corrupt, KeyCheck::Absent) => StoreError::WrongKey,
            (error, _) => error,
        })?;
        database::refuse_backup(&connection)?;
        migrations::refuse_newer(&connection)?;
        migrations::refuse_older(&connection)?;
        Ok(Self { connection })
    }

    /// For the searches of this crate.
    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Walks the whole hash chain, from the pruned checkpoint if there is one; works with erased scopes alike.
    ///
    /// # Errors
    /// Only if the database can't be read: a broken chain is a finding, not an error.
    pub fn verify(&self) -> Result<Verification, StoreError> {
        verify::verify(&self.connection)
    }

    /// A visit's events in order.
    ///
    /// # Errors
    /// [`StoreError::Malformed`] when a row doesn't open, or what the database said.
    pub fn events(&self, visit: VisitId) -> Result<Vec<OpenedRecord>, StoreError> {
        journal::events(&self.connection, visit)
    }

    /// Visits that began from `from` until before `until`, oldest first: the newest [`MAX_VISITS`](crate::MAX_VISITS).
    ///
    /// # Errors
    /// What the database said.
    pub fn visits(&self, from: Timestamp, until: Timestamp) -> Result<Vec<(VisitId, VisitRow)>, StoreError> {
        visits::between(&self.connection, from, until)
    }

    /// How much lies in the outbox.
    ///
    /// # Errors
    /// What the database said.
    pub fn depth(&self) -> Result<Depth, StoreError> {
        outbox::depth(&self.connection)
    }
}
