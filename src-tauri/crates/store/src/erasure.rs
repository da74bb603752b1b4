//! Erasing: the key of a scope is destroyed, and with it everything that the key sealed.

use std::time::Duration;

use identification::Scope;
use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::{StoreError, database::BUSY_TIMEOUT, outbox, seal::scope_parts};

/// What erasing reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erased {
    /// Events that can't be opened any more, those erased before included.
    pub events: u64,
    /// Outbox rows that will never be delivered because of it.
    pub undelivered: u64,
}

/// Destroys the scope's key and returns when that is on disk.
pub(crate) fn erase(connection: &mut Connection, scope: Scope, now: Timestamp) -> Result<Erased, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let undelivered = destroy(&transaction, scope, now)?;
    let (_, id) = scope_parts(scope);
    let events = transaction.query_row(
        "SELECT count(*) FROM journal WHERE scope_id = ?1",
        [id.as_bytes().as_slice()],
        |row| row.get(0),
    )?;
    transaction.commit()?;
    Ok(Erased { events, undelivered })
}

/// Destroys the scope's key within a transaction; returns how many outbox rows will never be delivered because of it.
/// Erasing twice, or what was never here, is not an error: the mark keeps the id from being used, which is what re-applying
/// a list of erasures to an old backup needs.
pub(crate) fn destroy(
    transaction: &Transaction<'_>,
    scope: Scope,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let (_, id) = scope_parts(scope);
    transaction
        .prepare_cached(
            "INSERT INTO scope_key (scope_id, destroyed_at_us) VALUES (?1, ?2)
             ON CONFLICT (scope_id) DO UPDATE SET key = NULL, destroyed_at_us = excluded.destroyed_at_us
             WHERE key IS NOT NULL",
        )?
        .execute((id.as_bytes().as_slice(), now.as_microsecond()))?;
    outbox::park(transaction, id, now)
}

/// Empties the write-ahead log, which still holds the pages as they were before. `false` while a reader needs it; the
/// desk doesn't wait for that.
pub(crate) fn truncate_log(connection: &Connection) -> Result<bool, StoreError> {
    connection.busy_timeout(Duration::ZERO)?;
    let busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
    connection.busy_timeout(BUSY_TIMEOUT)?;
    match busy.map_err(StoreError::from) {
        Ok(busy) => Ok(busy == 0),
        Err(StoreError::Busy) => Ok(false),
        Err(error) => Err(error),
    }
}
