//! What one decision makes true, to be written in one transaction.

use std::collections::BTreeMap;

use identification::{Entropy, OperatorId, ReviewOutcome, Scope, VisitId};
use jiff::Timestamp;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    Hold, RecordLink, StoreError,
    seal::{KEY_LENGTH, NONCE_LENGTH, ScopeKey, scope_parts},
};

/// Largest body of an event in bytes; the largest of ours has a few hundred.
pub const MAX_BODY: usize = 64 * 1024;
/// Largest payload of an outbox row in bytes: a signed record with a sealed code has less than a tenth.
pub const MAX_PAYLOAD: usize = 256 * 1024;
/// Most records of a batch: one command makes a handful of events.
pub const MAX_RECORDS: usize = 64;
/// Most outbox rows of a batch.
pub const MAX_OUTBOX_ROWS: usize = 16;
/// Most scopes that a batch erases: a visit's own, its identifications' and its concerns'.
pub const MAX_ERASED: usize = 16;
/// Longest kind in bytes.
pub const MAX_KIND: usize = 64;

/// Everything that one decision makes true: written whole or not at all.
pub struct Batch {
    /// The visit that it happened in.
    pub visit: VisitId,
    /// When it was decided; kept to the microsecond.
    pub at: Timestamp,
    /// The events, in order.
    pub records: Vec<Record>,
    /// What the account service has to be told, in order.
    pub outbox: Vec<OutboxRecord>,
    /// The visit's new row in the list of visits, if it changed.
    pub visit_row: Option<VisitRow>,
    /// Scopes that end with this batch. Their keys are destroyed behind everything else that it writes: what it writes to
    /// them itself can't be opened either, and what of them wasn't delivered never is. What the account service has to know
    /// all the same, such as a code's voiding, belongs to another scope.
    /// What is under a legal hold goes when that ends.
    pub erase: Vec<Scope>,
}

/// One event in a frozen format, not yet sealed.
pub struct Record {
    /// The event's own id.
    pub id: Uuid,
    /// Whose record it is.
    pub scope: Scope,
    /// What kind of event; stands in the clear.
    pub kind: &'static str,
    /// Version of the body's format, from 1; stands in the clear.
    pub version: u32,
    /// The body, up to [`MAX_BODY`] bytes.
    pub body: Zeroizing<Vec<u8>>,
}

/// One thing to tell the account service, not yet sealed.
pub struct OutboxRecord {
    /// The client's idempotency id: the service takes it once.
    pub id: Uuid,
    /// Whose record it is; erasing that record erases the payload.
    pub scope: Scope,
    /// What is told; stands in the clear.
    pub kind: &'static str,
    /// The payload, up to [`MAX_PAYLOAD`] bytes.
    pub payload: Zeroizing<Vec<u8>>,
    /// Its place among the desk's records if it is one: the last record's successor, or the batch is
    /// [out of order](StoreError::OutOfOrder).
    pub link: Option<RecordLink>,
}

/// A visit in the list of visits: what a desk's lists show without opening any body. Nothing personal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitRow {
    /// Where it stands.
    pub state: VisitState,
    /// Who works on it, or did last.
    pub operator: OperatorId,
    /// When it began.
    pub opened_at: Timestamp,
    /// When the last thing happened in it.
    pub changed_at: Timestamp,
    /// A supervisor's judgement; never of an open visit.
    pub review: Option<ReviewOutcome>,
    /// When the evidence about people goes, as the last run of erasures was told; `None` while that isn't certain (the visit
    /// is open, something is not delivered) and when it is gone. Found out when read; takes no part in writing.
    pub delete_after: Option<Timestamp>,
    /// The legal hold that keeps it beyond that, if any; likewise.
    pub held: Option<Hold>,
}

/// Where a visit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VisitState {
    /// Not over yet.
    Open,
    /// Over.
    Ended {
        /// Since when; the first that was written stays, whatever happens to the visit later.
        at: Timestamp,
    },
    /// Ended before its time.
    Aborted {
        /// Since when; likewise.
        at: Timestamp,
    },
}

/// A batch within its limits, with all the entropy that writing it may take. Drawn by the caller, because the writer's
/// thread can't borrow the caller's source.
pub(crate) struct Prepared {
    pub(crate) visit: VisitId,
    pub(crate) at: Timestamp,
    pub(crate) records: Vec<(Record, [u8; NONCE_LENGTH])>,
    pub(crate) outbox: Vec<(OutboxRecord, [u8; NONCE_LENGTH])>,
    pub(crate) visit_row: Option<VisitRow>,
    pub(crate) erase: Vec<Scope>,
    fresh_keys: BTreeMap<Uuid, ScopeKey>,
}

impl Prepared {
    pub(crate) fn new(batch: Batch, entropy: &mut Entropy<'_>) -> Result<Self, StoreError> {
        let Batch { visit, at, records, outbox, visit_row, erase } = batch;
        limit("number of records", records.len(), MAX_RECORDS)?;
        limit("number of outbox rows", outbox.len(), MAX_OUTBOX_ROWS)?;
        limit("number of erased scopes", erase.len(), MAX_ERASED)?;
        for record in &records {
            limit("body", record.body.len(), MAX_BODY)?;
            limit("kind", record.kind.len(), MAX_KIND)?;
        }
        for row in &outbox {
            limit("payload", row.payload.len(), MAX_PAYLOAD)?;
            limit("kind", row.kind.len(), MAX_KIND)?;
        }
        let mut fresh_keys = BTreeMap::new();
        for scope in records.iter().map(|record| record.scope).chain(outbox.iter().map(|row| row.scope)) {
            fresh_keys.entry(scope_parts(scope).1).or_insert_with(|| {
                let mut key = Zeroizing::new([0; KEY_LENGTH]);
                entropy(key.as_mut_slice());
                ScopeKey::new(key)
            });
        }
        let mut nonce = || {
            let mut nonce = [0; NONCE_LENGTH];
            entropy(&mut nonce);
            nonce
        };
        let records = records.into_iter().map(|record| (record, nonce())).collect();
        let outbox = outbox.into_iter().map(|row| (row, nonce())).collect();
        Ok(Self { visit, at, records, outbox, visit_row, erase, fresh_keys })
    }

    /// The key that a scope of this batch gets if it has none yet.
    pub(crate) fn fresh_key(&self, scope: Uuid) -> Result<&ScopeKey, StoreError> {
        self.fresh_keys.get(&scope).ok_or(StoreError::Malformed { what: "scope" })
    }
}

pub(crate) fn limit(what: &'static str, size: usize, limit: usize) -> Result<(), StoreError> {
    if size > limit { Err(StoreError::TooLarge { what, limit }) } else { Ok(()) }
}
