//! Segments: pieces of the journal that the account service is told of, day by day. It computes their chain from headers and
//! digests alone, keeps them, and countersigns the last hash: the checkpoint. From then on nobody can cut off, change or
//! replace what lies before it, and what was erased of it can be pruned.

use base64ct::{Base64UrlUnpadded, Encoding};
use identification::{Entropy, Scope, VisitId};
use jiff::{Timestamp, civil::Date};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior};
use serde::Deserialize;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    Head, RecordLink, Store, StoreError,
    batch::{MAX_KIND, MAX_PAYLOAD, limit},
    chain::{self, Header},
    outbox::{self, NewRow, Owner},
    row,
    seal::{KEY_LENGTH, NONCE_LENGTH, ScopeKey},
};

/// Most events of a segment, so that its record stays well below what an outbox row takes.
pub const MAX_SEGMENT: usize = 500;
/// Longest checkpoint in bytes: a signature, its certificate and four values take a tenth.
pub const MAX_CHECKPOINT: usize = 16 * 1024;

/// One event as the account service is told of it: its header and what stands for its body in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentEntry {
    /// The event's own id.
    pub event_id: Uuid,
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
    /// SHA-256 of nonce and ciphertext.
    pub body_hash: [u8; 32],
}

/// What the service isn't told yet, to be signed as a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentDraft {
    /// Its own id, which is the service's resource.
    pub id: Uuid,
    /// The day on which it was cut.
    pub day: Date,
    /// Number of its first event.
    pub from_seq: i64,
    /// Number of its last event.
    pub until_seq: i64,
    /// Hash of the event before its first, or [`GENESIS`](crate::GENESIS).
    pub prev_hash: [u8; 32],
    /// Its events in order; at most [`MAX_SEGMENT`].
    pub entries: Vec<SegmentEntry>,
    /// Hash of its last event.
    pub hash: [u8; 32],
}

/// One thing to tell the account service that belongs to no visit, not yet sealed.
pub struct DeskRecord {
    /// The client's idempotency id: the service takes it once.
    pub id: Uuid,
    /// What is told; stands in the clear.
    pub kind: &'static str,
    /// The payload, up to [`MAX_PAYLOAD`] bytes.
    pub payload: Zeroizing<Vec<u8>>,
    /// Its place among the desk's records.
    pub link: RecordLink,
}

/// A segment as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Its own id.
    pub id: Uuid,
    /// The day on which it was cut.
    pub day: Date,
    /// Number of its first event.
    pub from_seq: i64,
    /// Its last event.
    pub head: Head,
    /// The service's countersignature (compact JWS), once it has the segment.
    pub checkpoint: Option<String>,
    /// Since when.
    pub confirmed_at: Option<Timestamp>,
    /// Since when its events are no longer kept here.
    pub pruned_at: Option<Timestamp>,
}

impl Store {
    /// How many events the service isn't told of yet.
    ///
    /// # Errors
    /// What the database said.
    pub fn untold(&self) -> Result<u64, StoreError> {
        self.read(|connection| {
            let untold = chain::head(connection)?.seq.saturating_sub(told(connection)?.seq);
            Ok(u64::try_from(untold).unwrap_or(0))
        })
    }

    /// The events that the service isn't told of yet, the oldest [`MAX_SEGMENT`] at most; `None` if there are none. Nothing
    /// is kept of it until [`Store::append_segment`].
    ///
    /// # Errors
    /// What the database said.
    pub fn cut_segment(&self, day: Date, id: Uuid) -> Result<Option<SegmentDraft>, StoreError> {
        self.read(|connection| cut(connection, day, id))
    }

    /// Writes the segment down and its signed record into the outbox, in one transaction.
    ///
    /// # Errors
    /// [`StoreError::OutOfOrder`] if the journal, the segments or the chain of records have gone on since the segment was
    /// cut: cut and sign it anew. Otherwise as [`Store::append`].
    pub fn append_segment(
        &self,
        draft: SegmentDraft,
        record: DeskRecord,
        now: Timestamp,
        entropy: &mut Entropy<'_>,
    ) -> Result<(), StoreError> {
        let prepared = PreparedSegment::new(draft, record, now, entropy)?;
        self.write(move |owned| append(&mut owned.connection, &prepared))
    }

    /// Keeps the service's countersignature of a segment; the first one stays. Whoever calls has verified its signature; it
    /// must name the segment's last event and hash.
    ///
    /// # Errors
    /// [`StoreError::NoSuchSegment`], [`StoreError::Malformed`] if it isn't this segment's, or what the database said.
    pub fn checkpoint(&self, id: Uuid, checkpoint: String, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |owned| confirm(&owned.connection, id, &checkpoint, now))
    }

    /// Segments from the newest back, at most `limit`.
    ///
    /// # Errors
    /// What the database said.
    pub fn segments(&self, limit: usize) -> Result<Vec<Segment>, StoreError> {
        self.read(|connection| newest(connection, limit))
    }
}

/// A segment with all the entropy that writing it takes.
pub(crate) struct PreparedSegment {
    draft: SegmentDraft,
    record: DeskRecord,
    now: Timestamp,
    key: ScopeKey,
    nonce: [u8; NONCE_LENGTH],
}

impl PreparedSegment {
    pub(crate) fn new(
        draft: SegmentDraft,
        record: DeskRecord,
        now: Timestamp,
        entropy: &mut Entropy<'_>,
    ) -> Result<Self, StoreError> {
        limit("payload", record.payload.len(), MAX_PAYLOAD)?;
        limit("kind", record.kind.len(), MAX_KIND)?;
        let mut key = Zeroizing::new([0; KEY_LENGTH]);
        let mut nonce = [0; NONCE_LENGTH];
        entropy(key.as_mut_slice());
        entropy(&mut nonce);
        Ok(Self { draft, record, now, key: ScopeKey::new(key), nonce })
    }
}

/// Where the pruned part of the journal ends; the journal's beginning if nothing was pruned.
pub(crate) fn pruned(connection: &Connection) -> Result<Head, StoreError> {
    last_where(connection, "WHERE pruned_at_us IS NOT NULL")
}

/// Where the service was told until.
pub(crate) fn told(connection: &Connection) -> Result<Head, StoreError> {
    last_where(connection, "")
}

fn last_where(connection: &Connection, condition: &str) -> Result<Head, StoreError> {
    connection
        .prepare_cached(&format!(
            "SELECT until_seq, hash FROM segment {condition} ORDER BY until_seq DESC LIMIT 1"
        ))?
        .query_and_then([], |found| {
            Ok(Head { seq: found.get("until_seq")?, hash: row::bytes(found, "hash")? })
        })?
        .next()
        .unwrap_or(Ok(Head::START))
}

fn cut(connection: &Connection, day: Date, id: Uuid) -> Result<Option<SegmentDraft>, StoreError> {
    // Both reads of one state.
    let snapshot = connection.unchecked_transaction()?;
    let told = told(&snapshot)?;
    let mut head = told;
    let entries = snapshot
        .prepare_cached(
            "SELECT seq, event_id, visit, scope_kind, scope_id, kind, version, at_us, nonce, sealed, hash
             FROM journal WHERE seq > ?1 ORDER BY seq LIMIT ?2",
        )?
        .query_and_then((told.seq, MAX_SEGMENT), |found| {
            let Header { seq, id, visit, scope, kind, version, .. } = chain::header(found)?;
            let body_hash = chain::body_hash(&row::bytes(found, "nonce")?, row::blob(found, "sealed")?);
            head = Head { seq, hash: row::bytes(found, "hash")? };
            let (kind, at) = (kind.to_owned(), row::time(found, "at_us")?);
            Ok(SegmentEntry { event_id: id, visit, scope, kind, version, at, body_hash })
        })?
        .collect::<Result<Vec<_>, StoreError>>()?;
    if entries.is_empty() {
        return Ok(None);
    }
    let (from_seq, prev_hash) = (told.seq + 1, told.hash);
    Ok(Some(SegmentDraft { id, day, from_seq, until_seq: head.seq, prev_hash, entries, hash: head.hash }))
}

fn append(connection: &mut Connection, prepared: &PreparedSegment) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    stage(&transaction, prepared)?;
    Ok(transaction.commit()?)
}

/// Everything that appending a segment writes, not yet committed.
pub(crate) fn stage(transaction: &Transaction<'_>, prepared: &PreparedSegment) -> Result<(), StoreError> {
    let PreparedSegment { draft, record, now, key, nonce } = prepared;
    let told = told(transaction)?;
    let last: Option<Vec<u8>> = transaction
        .prepare_cached("SELECT hash FROM journal WHERE seq = ?1")?
        .query_row([draft.until_seq], |found| found.get(0))
        .optional()?;
    if draft.from_seq != told.seq + 1
        || draft.until_seq < draft.from_seq
        || draft.prev_hash != told.hash
        || last.as_deref() != Some(draft.hash.as_slice())
    {
        return Err(StoreError::OutOfOrder);
    }
    transaction
        .prepare_cached(
            "INSERT INTO segment (until_seq, from_seq, id, day, prev, hash, cut_at_us)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute((
            draft.until_seq,
            draft.from_seq,
            draft.id.as_bytes().as_slice(),
            draft.day.to_string(),
            draft.prev_hash.as_slice(),
            draft.hash.as_slice(),
            now.as_microsecond(),
        ))?;
    // A segment has a key of its own, like every scope.
    outbox::insert(
        transaction,
        &NewRow {
            owner: Owner::Desk,
            scope: (outbox::DESK, draft.id),
            at: *now,
            id: record.id,
            kind: record.kind,
            payload: &record.payload,
            link: Some(record.link),
            fresh_key: key,
            nonce,
        },
    )
}

/// What a checkpoint claims; the service's other members don't matter here.
#[derive(Deserialize)]
struct Claims {
    seq: i64,
    hash: String,
}

/// Keeps the countersignature of a segment.
pub(crate) fn confirm(
    connection: &Connection,
    id: Uuid,
    checkpoint: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let segment = connection
        .prepare_cached("SELECT * FROM segment WHERE id = ?1")?
        .query_and_then([id.as_bytes().as_slice()], read)?
        .next()
        .ok_or(StoreError::NoSuchSegment)??;
    if claims(checkpoint) != Some(segment.head) {
        return Err(StoreError::Malformed { what: "checkpoint" });
    }
    connection
        .prepare_cached(
            "UPDATE segment SET checkpoint = ?2, confirmed_at_us = ?3 WHERE id = ?1 AND checkpoint IS NULL",
        )?
        .execute((id.as_bytes().as_slice(), checkpoint, now.as_microsecond()))?;
    Ok(())
}

/// The event that a checkpoint is of (compact JWS, RFC 7515, section 7.1; the signature is not verified here).
pub(crate) fn claims(checkpoint: &str) -> Option<Head> {
    if checkpoint.len() > MAX_CHECKPOINT {
        return None;
    }
    let mut parts = checkpoint.split('.');
    let (_header, payload, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    let payload = Base64UrlUnpadded::decode_vec(payload).ok()?;
    let Claims { seq, hash } = serde_json::from_slice(&payload).ok()?;
    let hash = Base64UrlUnpadded::decode_vec(&hash).ok()?.try_into().ok()?;
    parts.next().is_none().then_some(Head { seq, hash })
}

fn newest(connection: &Connection, limit: usize) -> Result<Vec<Segment>, StoreError> {
    connection
        .prepare_cached("SELECT * FROM segment ORDER BY until_seq DESC LIMIT ?1")?
        .query_and_then([i64::try_from(limit).unwrap_or(i64::MAX)], read)?
        .collect()
}

/// A segment's row.
pub(crate) fn read(found: &Row<'_>) -> Result<Segment, StoreError> {
    Ok(Segment {
        id: row::uuid(found, "id")?,
        day: row::text(found, "day")?
            .parse()
            .map_err(|_| StoreError::Malformed { what: "day of a segment" })?,
        from_seq: found.get("from_seq")?,
        head: Head { seq: found.get("until_seq")?, hash: row::bytes(found, "hash")? },
        checkpoint: found.get("checkpoint")?,
        confirmed_at: row::optional_time(found, "confirmed_at_us")?,
        pruned_at: row::optional_time(found, "pruned_at_us")?,
    })
}
