//! Pruning: what was erased and what the account service has countersigned need not be kept here. A segment goes whole, the
//! oldest first; its row stays, and verification starts behind the last one that went.

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use uuid::Uuid;

use crate::{Head, Store, StoreError, row, segments};

/// What pruning removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pruned {
    /// Events.
    pub events: u64,
    /// Outbox rows that were settled and erased.
    pub outbox_rows: u64,
    /// The last event that was ever pruned; 0 if none was.
    pub until: i64,
}

impl Store {
    /// Removes events from before `before`, from the beginning, as far as they lie in segments that the service has
    /// countersigned, of visits that are over, and in scopes that were erased: one event that must stay keeps all behind it.
    /// Removes outbox rows that were settled before `before` and erased, unless they are an open task. A segment is a
    /// transaction of its own, so that the desk goes on in between.
    ///
    /// # Errors
    /// What the database said; what was pruned until then stays pruned.
    pub fn prune(&self, before: Timestamp, now: Timestamp) -> Result<Pruned, StoreError> {
        let mut pruned = Pruned::default();
        while let Some(events) = self.write(move |owned| next_segment(&mut owned.connection, before, now))? {
            pruned.events += events;
        }
        pruned.outbox_rows = self.write(move |owned| erased_rows(&owned.connection, before))?;
        pruned.until = self.write(|owned| segments::pruned(&owned.connection))?.seq;
        Ok(pruned)
    }
}

/// Prunes the oldest segment that is still here; `None` if it has to stay or there is none.
fn next_segment(
    connection: &mut Connection,
    before: Timestamp,
    now: Timestamp,
) -> Result<Option<u64>, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let events = stage(&transaction, before, now)?;
    if events.is_some() {
        transaction.commit()?;
    }
    Ok(events)
}

/// Everything that pruning a segment writes, not yet committed.
pub(crate) fn stage(
    transaction: &Transaction<'_>,
    before: Timestamp,
    now: Timestamp,
) -> Result<Option<u64>, StoreError> {
    let Head { seq: pruned_until, .. } = segments::pruned(transaction)?;
    let segment = transaction
        .prepare_cached(
            "SELECT * FROM segment WHERE until_seq > ?1 AND checkpoint IS NOT NULL ORDER BY until_seq LIMIT 1",
        )?
        .query_and_then([pruned_until], segments::read)?
        .next()
        .transpose()?;
    let Some(segment) = segment.filter(|segment| segment.from_seq == pruned_until + 1) else {
        return Ok(None);
    };
    let range = (segment.from_seq, segment.head.seq);
    if must_stay(transaction, range, before)? {
        return Ok(None);
    }
    transaction
        .prepare_cached("UPDATE segment SET pruned_at_us = ?2 WHERE until_seq = ?1")?
        .execute((segment.head.seq, now.as_microsecond()))?;
    let visits: Vec<Uuid> = transaction
        .prepare_cached("SELECT DISTINCT visit FROM journal WHERE seq BETWEEN ?1 AND ?2")?
        .query_and_then(range, |found| row::uuid(found, "visit"))?
        .collect::<Result<_, _>>()?;
    let events =
        transaction.prepare_cached("DELETE FROM journal WHERE seq BETWEEN ?1 AND ?2")?.execute(range)?;
    for visit in visits {
        transaction
            .prepare_cached(
                "DELETE FROM visit WHERE visit = ?1 AND NOT EXISTS (SELECT 1 FROM journal WHERE visit = ?1)",
            )?
            .execute([visit.as_bytes().as_slice()])?;
    }
    forget_record(transaction, segment.id)?;
    Ok(Some(events as u64))
}

/// Whether an event is too young, can still be opened, or is of a visit that isn't over.
fn must_stay(
    transaction: &Transaction<'_>,
    range: (i64, i64),
    before: Timestamp,
) -> Result<bool, StoreError> {
    Ok(transaction
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM journal JOIN scope_key USING (scope_id) LEFT JOIN visit USING (visit)
                            WHERE seq BETWEEN ?1 AND ?2
                              AND (at_us >= ?3 OR key IS NOT NULL OR visit.state = 'open'))",
        )?
        .query_row((range.0, range.1, before.as_microsecond()), |found| found.get(0))?)
}

/// The record that told the service of a segment has done its work. Nothing of it is personal, so its key stays: a destroyed
/// one is an erasure, which has to be noted for every backup.
fn forget_record(transaction: &Transaction<'_>, segment: Uuid) -> Result<(), StoreError> {
    transaction
        .prepare_cached(
            "UPDATE outbox SET payload = NULL, last_outcome = 'erased' WHERE scope_id = ?1 AND state = 'delivered'",
        )?
        .execute([segment.as_bytes().as_slice()])?;
    Ok(())
}

/// Removes settled rows of erased scopes. The newest row stays, whatever it is, so that no number is used twice.
fn erased_rows(connection: &Connection, before: Timestamp) -> Result<u64, StoreError> {
    Ok(connection
        .prepare_cached(
            "DELETE FROM outbox WHERE last_outcome = 'erased' AND settled_at_us < ?1
               AND (state <> 'refused' OR closed_at_us IS NOT NULL) AND seq < (SELECT max(seq) FROM outbox)",
        )?
        .execute([before.as_microsecond()])? as u64)
}
