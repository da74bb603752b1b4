//! Runs of erasures: what is due goes, in transactions of a bounded size, each with a row that says what it did.
//!
//! In this order, so that a crash at any moment leaves nothing undone or unknown:
//! 1. in one transaction: the keys of the due scopes are destroyed, their outbox rows and public references removed, visits
//!    of which nothing is left taken off the list, old entries of the access log removed, and the run's row written;
//! 2. the scopes are noted in the [list of erasures](crate::ErasureList), on disk;
//! 3. the transaction is committed; a process that ends before that takes the line back at its next start, and runs again;
//! 4. the write-ahead log is emptied; a process that ends before that does it at its next start;
//! 5. [`Store::prove`] proves it; unproven runs are found by [`Store::unproven_runs`].

use std::fmt;

use jiff::Timestamp;
use rusqlite::{Connection, Row, Transaction, TransactionBehavior};
use uuid::Uuid;

use crate::{
    Due, Proof, RetentionClass, RetentionPeriods, Store, StoreError, access, erasure,
    erasure_list::ListFile,
    proof, retention, row,
    seal::{KeyState, ScopeKey, key_of},
};

/// Most scopes of a run: one line of the list, a transaction of some ten milliseconds.
pub const MAX_RUN: usize = crate::erasure_list::MAX_IDS;
/// Longest list of runs.
const MAX_LISTED: i64 = 1_000;

/// What a run did. As long as it lives it knows the keys that it destroyed, for the proof; they are zeroed when it is dropped.
pub struct ErasureRun {
    /// Its id.
    pub id: Uuid,
    /// When it ran.
    pub at: Timestamp,
    /// Scopes whose keys were destroyed.
    pub scopes: u64,
    /// Their events, which nobody can open any more.
    pub events: u64,
    /// Outbox rows that were removed.
    pub outbox_rows: u64,
    /// Visits that left the list.
    pub visits: u64,
    /// Entries of the access log that were removed.
    pub accesses: u64,
    /// There is more to do: run again.
    pub more: bool,
    keys: Vec<ScopeKey>,
}

impl ErasureRun {
    pub(crate) fn keys(&self) -> impl Iterator<Item = &ScopeKey> {
        self.keys.iter()
    }
}

impl fmt::Debug for ErasureRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErasureRun")
            .field("id", &self.id)
            .field("at", &self.at)
            .field("scopes", &self.scopes)
            .field("events", &self.events)
            .field("outbox_rows", &self.outbox_rows)
            .field("visits", &self.visits)
            .field("accesses", &self.accesses)
            .field("more", &self.more)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Erases what is due at `now` and not held: at most [`MAX_RUN`] scopes, in one transaction, under the new id `id`. `None`
    /// when nothing was due. `now` must be a clock that somebody trusts: one that runs a year ahead erases what it shouldn't.
    ///
    /// # Errors
    /// Nothing was erased then: [`StoreError::DiskFull`], [`StoreError::ReadOnly`], or what the database or the disk said.
    pub fn erase_due(
        &self,
        id: Uuid,
        periods: RetentionPeriods,
        now: Timestamp,
    ) -> Result<Option<ErasureRun>, StoreError> {
        self.write(move |owned| {
            let run = run(&mut owned.connection, &mut owned.erasures, id, periods, now)?;
            if run.is_some() {
                owned.empty_log();
            }
            Ok(run)
        })
    }

    /// The newest runs with their proofs, the newest first; at most 1,000. One without a proof, or with one that doesn't hold,
    /// has yet to be [proven](Store::prove).
    ///
    /// # Errors
    /// What the database said.
    pub fn erasure_runs(&self) -> Result<Vec<(ErasureRun, Option<Proof>)>, StoreError> {
        self.read(|connection| {
            connection
                .prepare_cached("SELECT * FROM erasure_run ORDER BY at_us DESC, id DESC LIMIT ?1")?
                .query_and_then([MAX_LISTED], |found| Ok((read(found)?, proof::read(found)?)))?
                .collect()
        })
    }
}

impl Store {
    /// The runs whose proof is missing or doesn't hold, the oldest first; at most 1,000.
    ///
    /// # Errors
    /// What the database said.
    pub fn unproven_runs(&self) -> Result<Vec<(ErasureRun, Option<Proof>)>, StoreError> {
        self.read(|connection| {
            connection
                .prepare_cached("SELECT * FROM erasure_run WHERE holds IS NOT 1 ORDER BY at_us, id LIMIT ?1")?
                .query_and_then([MAX_LISTED], |found| Ok((read(found)?, proof::read(found)?)))?
                .collect()
        })
    }
}

fn run(
    connection: &mut Connection,
    list: &mut ListFile,
    id: Uuid,
    periods: RetentionPeriods,
    now: Timestamp,
) -> Result<Option<ErasureRun>, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let (run, erased) = stage(&transaction, id, periods, now)?;
    erasure::commit(transaction, list, now, &erased)?;
    Ok(run)
}

/// Everything that a run writes, not yet committed, and the scopes that it erased.
pub(crate) fn stage(
    transaction: &Transaction<'_>,
    id: Uuid,
    periods: RetentionPeriods,
    now: Timestamp,
) -> Result<(Option<ErasureRun>, Vec<Uuid>), StoreError> {
    retention::keep(transaction, periods)?;
    let mut due = retention::due(transaction, periods, now, MAX_RUN)?;
    let accesses = access::forget(transaction, periods.access_log_since(now))?;
    if due.is_empty() && accesses == 0 {
        return Ok((None, Vec::new()));
    }
    let mut run = ErasureRun {
        id,
        at: now,
        scopes: 0,
        events: 0,
        outbox_rows: 0,
        visits: 0,
        accesses,
        more: false,
        keys: Vec::new(),
    };
    let mut erased = Vec::new();
    // What a visit itself holds becomes due when its last record has gone, which may be in this very run.
    while !due.is_empty() {
        for it in &due {
            erase(transaction, &mut run, it, now)?;
            erased.push(it.scope);
        }
        due = retention::due(transaction, periods, now, MAX_RUN - erased.len())?;
    }
    run.scopes = erased.len() as u64;
    run.more = !retention::due(transaction, periods, now, 1)?.is_empty();
    insert(transaction, &run, periods)?;
    Ok((Some(run), erased))
}

fn erase(
    transaction: &Transaction<'_>,
    run: &mut ErasureRun,
    due: &Due,
    now: Timestamp,
) -> Result<(), StoreError> {
    let scope = due.scope.as_bytes().as_slice();
    if let KeyState::Live(key) = key_of(transaction, due.scope)? {
        run.keys.push(key);
    }
    transaction
        .prepare_cached("UPDATE retention SET erased_in = ?2 WHERE scope_id = ?1")?
        .execute((scope, run.id.as_bytes().as_slice()))?;
    erasure::destroy_id(transaction, due.scope, now)?;
    run.events += erasure::events_of(transaction, due.scope)?;
    run.outbox_rows +=
        transaction.prepare_cached("DELETE FROM outbox WHERE scope_id = ?1")?.execute([scope])? as u64;
    if due.class == RetentionClass::Audit {
        let visit = due.visit.uuid();
        let visit = visit.as_bytes().as_slice();
        // What was wiped before its time left empty rows.
        run.outbox_rows +=
            transaction.prepare_cached("DELETE FROM outbox WHERE visit = ?1")?.execute([visit])? as u64;
        run.visits +=
            transaction.prepare_cached("DELETE FROM visit WHERE visit = ?1")?.execute([visit])? as u64;
        transaction.prepare_cached("DELETE FROM legal_hold WHERE visit = ?1")?.execute([visit])?;
    }
    Ok(())
}

fn insert(connection: &Connection, run: &ErasureRun, periods: RetentionPeriods) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO erasure_run
             (id, at_us, record_us, audit_us, scopes, events, outbox_rows, visits, accesses)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute((
            run.id.as_bytes().as_slice(),
            run.at.as_microsecond(),
            periods.record_us(),
            periods.audit_us(),
            run.scopes,
            run.events,
            run.outbox_rows,
            run.visits,
            run.accesses,
        ))?;
    Ok(())
}

fn read(found: &Row<'_>) -> Result<ErasureRun, StoreError> {
    Ok(ErasureRun {
        id: row::uuid(found, "id")?,
        at: row::time(found, "at_us")?,
        scopes: found.get("scopes")?,
        events: found.get("events")?,
        outbox_rows: found.get("outbox_rows")?,
        visits: found.get("visits")?,
        accesses: found.get("accesses")?,
        more: false,
        keys: Vec::new(),
    })
}
