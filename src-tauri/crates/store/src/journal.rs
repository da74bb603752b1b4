//! The journal: appending a batch in one transaction, and reading a visit's events back.

pub(crate) mod format;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
mod v1;
mod v2;

use identification::{Event, Recorded, Scope, VisitId};
use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    Head, Record, StoreError,
    batch::Prepared,
    chain::{self, Header},
    erasure,
    erasure_list::ListFile,
    outbox::{self, NewRow, Owner},
    references, retention, row,
    seal::{KeyState, NONCE_LENGTH, key_for, key_of, scope_parts},
    visits,
};

/// An event read back.
pub struct OpenedRecord {
    /// Its number in the journal, from 1, without gaps.
    pub seq: i64,
    /// Its own id.
    pub id: Uuid,
    /// The visit that it happened in.
    pub visit: VisitId,
    /// Whose record it is.
    pub scope: Scope,
    /// What kind of event.
    pub kind: String,
    /// Version of the body's format.
    pub version: u32,
    /// When it was decided.
    pub at: Timestamp,
    /// The body; `None` once its scope was erased.
    pub body: Option<Zeroizing<Vec<u8>>>,
}

impl Record {
    /// An event of the rules in the newest frozen format; `visit` is the visit that it happens in.
    ///
    /// # Errors
    /// [`StoreError::Malformed`] for an event that can't be written down, which none of ours is.
    pub fn new(id: Uuid, visit: VisitId, event: &Event) -> Result<Self, StoreError> {
        let (kind, version, body) = format::encode(event)?;
        Ok(Self { id, scope: event.scope(visit), kind, version, body })
    }
}

impl OpenedRecord {
    /// The event of the rules; `None` once its scope was erased.
    ///
    /// # Errors
    /// [`StoreError::Malformed`] when the body isn't an event of a version that this program knows.
    pub fn event(&self) -> Result<Option<Recorded>, StoreError> {
        let Some(body) = &self.body else {
            return Ok(None);
        };
        Ok(Some(Recorded { at: self.at, event: format::decode(&self.kind, self.version, body)? }))
    }
}

/// Writes the batch and returns when it is on disk.
pub(crate) fn append(
    connection: &mut Connection,
    list: &mut ListFile,
    batch: &Prepared,
) -> Result<Head, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let (head, erased) = stage(&transaction, batch)?;
    erasure::commit(transaction, list, batch.at, &erased)?;
    Ok(head)
}

/// Everything that [`append`] writes, not yet committed, and the scopes whose keys that destroyed.
pub(crate) fn stage(
    transaction: &Transaction<'_>,
    batch: &Prepared,
) -> Result<(Head, Vec<Uuid>), StoreError> {
    let mut head = chain::head(transaction)?;
    for (record, nonce) in &batch.records {
        head = insert(transaction, batch, record, nonce, head)?;
    }
    for (record, nonce) in &batch.outbox {
        let scope = scope_parts(record.scope);
        outbox::insert(
            transaction,
            &NewRow {
                owner: Owner::Visit(batch.visit),
                scope,
                at: batch.at,
                id: record.id,
                kind: record.kind,
                payload: &record.payload,
                link: record.link,
                fresh_key: batch.fresh_key(scope.1)?,
                nonce,
            },
        )?;
    }
    if let Some(row) = &batch.visit_row {
        visits::upsert(transaction, batch.visit, row)?;
    }
    Ok((head, erasure::wipe(transaction, &batch.erase, batch.at)?))
}

fn insert(
    transaction: &Transaction<'_>,
    batch: &Prepared,
    record: &Record,
    nonce: &[u8; NONCE_LENGTH],
    before: Head,
) -> Result<Head, StoreError> {
    let (scope_kind, scope_id) = scope_parts(record.scope);
    let header = Header {
        seq: before.seq + 1,
        id: record.id,
        visit: batch.visit,
        scope: record.scope,
        kind: record.kind,
        version: record.version,
        at_us: batch.at.as_microsecond(),
    };
    let canonical = header.canonical();
    let sealed =
        key_for(transaction, scope_id, batch.fresh_key(scope_id)?)?.seal(nonce, &canonical, &record.body)?;
    retention::enter(transaction, (scope_kind, scope_id), batch.visit)?;
    let hash = chain::link(&before.hash, &canonical, &chain::body_hash(nonce, &sealed));
    transaction
        .prepare_cached(
            "INSERT INTO journal
             (seq, event_id, visit, scope_kind, scope_id, kind, version, at_us, nonce, sealed, prev, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?
        .execute((
            header.seq,
            header.id.as_bytes().as_slice(),
            header.visit.uuid().as_bytes().as_slice(),
            scope_kind,
            scope_id.as_bytes().as_slice(),
            header.kind,
            header.version,
            header.at_us,
            nonce.as_slice(),
            &sealed,
            before.hash.as_slice(),
            hash.as_slice(),
        ))?;
    if let Some(reference) = references::of(record.kind, record.version, &record.body, record.scope) {
        references::insert(transaction, batch.visit, &reference)?;
    }
    Ok(Head { seq: header.seq, hash })
}

/// A visit's events in order, each opened unless its scope was erased.
pub(crate) fn events(connection: &Connection, visit: VisitId) -> Result<Vec<OpenedRecord>, StoreError> {
    connection
        .prepare_cached(
            "SELECT seq, event_id, visit, scope_kind, scope_id, kind, version, at_us, nonce, sealed
             FROM journal WHERE visit = ?1 ORDER BY seq",
        )?
        .query_and_then([visit.uuid().as_bytes().as_slice()], |found| open(connection, found))?
        .collect()
}

/// A journal row with its body, unless its scope was erased.
pub(crate) fn open(connection: &Connection, found: &rusqlite::Row<'_>) -> Result<OpenedRecord, StoreError> {
    let header = chain::header(found)?;
    let body = match key_of(connection, scope_parts(header.scope).1)? {
        KeyState::Live(key) => {
            Some(key.open(&row::bytes(found, "nonce")?, &header.canonical(), row::blob(found, "sealed")?)?)
        }
        KeyState::Destroyed => None,
        KeyState::Absent => return Err(StoreError::Malformed { what: "scope" }),
    };
    Ok(OpenedRecord {
        seq: header.seq,
        id: header.id,
        visit: header.visit,
        scope: header.scope,
        kind: header.kind.to_owned(),
        version: header.version,
        at: row::time(found, "at_us")?,
        body,
    })
}
