//! The records that this desk signs follow each other: each names the hash of the one before it, and their numbers have no
//! gaps. What is signed is frozen in its outbox row, so the chain goes on in the row's own transaction.

use rusqlite::Connection;

use crate::{Store, StoreError, row};

/// A record's place among those of this desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordLink {
    /// Its number, from 1, without gaps.
    pub seq: u64,
    /// SHA-256 of its canonical form, signature included.
    pub hash: [u8; 32],
}

impl RecordLink {
    /// Before the first record.
    pub const START: Self = Self { seq: 0, hash: [0; 32] };
}

impl Store {
    /// The last record that this desk signed, which the next one names.
    ///
    /// # Errors
    /// What the database said.
    pub fn last_record(&self) -> Result<RecordLink, StoreError> {
        self.read(last)
    }
}

/// The last record.
pub(crate) fn last(connection: &Connection) -> Result<RecordLink, StoreError> {
    connection
        .prepare_cached("SELECT seq, hash FROM record_chain")?
        .query_and_then([], |found| {
            Ok(RecordLink { seq: found.get("seq")?, hash: row::bytes(found, "hash")? })
        })?
        .next()
        .ok_or(StoreError::Malformed { what: "chain of records" })?
}

/// Makes `next` the last record.
pub(crate) fn advance(connection: &Connection, next: RecordLink) -> Result<(), StoreError> {
    if next.seq != last(connection)?.seq.saturating_add(1) {
        return Err(StoreError::OutOfOrder);
    }
    connection
        .prepare_cached("UPDATE record_chain SET seq = ?1, hash = ?2")?
        .execute((next.seq, next.hash.as_slice()))?;
    Ok(())
}
