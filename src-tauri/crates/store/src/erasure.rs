//! Erasing: the key of a scope is destroyed, and with it everything that the key sealed.

use std::{slice, time::Duration};

use identification::Scope;
use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use uuid::Uuid;

use crate::{
    StoreError, database::BUSY_TIMEOUT, erasure_list::ListFile, hold, outbox, references, seal::scope_parts,
};

/// What erasing reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erased {
    /// Events that can't be opened any more because of it.
    pub events: u64,
    /// Outbox rows that will never be delivered because of it.
    pub undelivered: u64,
}

/// What destroying one key did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Destroyed {
    /// It had not been destroyed before.
    pub(crate) is_new: bool,
    /// Outbox rows that will never be delivered because of it.
    pub(crate) undelivered: u64,
}

/// Destroys the scope's key and returns when that is on disk.
pub(crate) fn erase(
    connection: &mut Connection,
    list: &mut ListFile,
    scope: Scope,
    now: Timestamp,
) -> Result<Erased, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let (_, id) = scope_parts(scope);
    if hold::covers(&transaction, id)? {
        return Err(StoreError::Held);
    }
    let events = events_of(&transaction, id)?;
    let Destroyed { is_new, undelivered } = destroy_id(&transaction, id, now)?;
    commit(transaction, list, now, if is_new { slice::from_ref(&id) } else { &[] })?;
    Ok(Erased { events, undelivered })
}

/// How many events a scope has that is in retention: not erased, or by a run that is not proven yet.
pub(crate) fn events_of(connection: &Connection, id: Uuid) -> Result<u64, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT count(*) FROM journal
             WHERE visit = (SELECT visit FROM retention WHERE scope_id = ?1) AND scope_id = ?1",
        )?
        .query_row([id.as_bytes().as_slice()], |row| row.get(0))?)
}

/// Wipes scopes together with whatever else the transaction writes; returns those that weren't erased before. What is under
/// a legal hold goes when that ends, and is delivered no more.
pub(crate) fn wipe(
    transaction: &Transaction<'_>,
    scopes: &[Scope],
    now: Timestamp,
) -> Result<Vec<Uuid>, StoreError> {
    let mut erased = Vec::new();
    for scope in scopes {
        let (_, id) = scope_parts(*scope);
        if hold::covers(transaction, id)? {
            hold::put_off(transaction, id, now)?;
        } else if destroy_id(transaction, id, now)?.is_new {
            erased.push(id);
        }
    }
    Ok(erased)
}

/// Commits a transaction that erased something, noted in the list first: a backup can't bring it back from here on.
pub(crate) fn commit(
    transaction: Transaction<'_>,
    list: &mut ListFile,
    now: Timestamp,
    erased: &[Uuid],
) -> Result<(), StoreError> {
    if erased.is_empty() {
        return Ok(transaction.commit()?);
    }
    list.note(&transaction, now, erased)?;
    match transaction.commit() {
        Ok(()) => {
            list.confirm();
            Ok(())
        }
        Err(error) => {
            list.take_back();
            Err(error.into())
        }
    }
}

/// Makes an erasure again in a database that lacks it. Whether it was lacking: a legal hold that such a one shows had ended.
pub(crate) fn repeat(transaction: &Transaction<'_>, id: Uuid, at: Timestamp) -> Result<bool, StoreError> {
    hold::has_ended(transaction, id, at)?;
    Ok(destroy_id(transaction, id, at)?.is_new)
}

/// Destroys a scope's key within a transaction. Erasing twice, or what was never here, is not an error: the mark keeps the
/// id from being used, which is what repeating a list of erasures on an old backup needs.
pub(crate) fn destroy_id(
    transaction: &Transaction<'_>,
    id: Uuid,
    now: Timestamp,
) -> Result<Destroyed, StoreError> {
    let bytes = id.as_bytes().as_slice();
    let changed = transaction
        .prepare_cached(
            "INSERT INTO scope_key (scope_id, destroyed_at_us) VALUES (?1, ?2)
             ON CONFLICT (scope_id) DO UPDATE SET key = NULL, destroyed_at_us = excluded.destroyed_at_us
             WHERE key IS NOT NULL",
        )?
        .execute((bytes, now.as_microsecond()))?;
    transaction
        .prepare_cached("DELETE FROM retention WHERE scope_id = ?1 AND erased_in IS NULL")?
        .execute([bytes])?;
    references::forget(transaction, id)?;
    Ok(Destroyed { is_new: changed > 0, undelivered: outbox::park(transaction, id, now)? })
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
