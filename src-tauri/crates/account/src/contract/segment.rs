//! Segments of the desk's journal: headers and hashes, none of what was said.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Most entries of a segment: the contract's.
pub const MAX_ENTRIES: usize = 500;

/// A run of journal events, so that the insurer can keep and prove the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JournalSegmentRecord {
    /// Day on which it was cut, in Europe/Berlin.
    pub day: Date,
    /// Number of the first event.
    pub from_seq: u64,
    /// Number of the last event.
    pub until_seq: u64,
    /// Hash of the event before the first, base64url.
    pub prev_hash: String,
    /// The events in their order; at most [`MAX_ENTRIES`].
    pub entries: Vec<JournalEntry>,
    /// Hash of the last event, base64url.
    pub hash: String,
}

/// One event of the journal, as far as its place in the chain needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JournalEntry {
    /// Its id.
    pub event_id: Uuid,
    /// The visit.
    pub visit: Uuid,
    /// Whose key its body is sealed under.
    pub scope_kind: ScopeKind,
    /// Id of that visit, identification or concern.
    pub scope_id: Uuid,
    /// Kind of event.
    pub kind: String,
    /// Version of its format.
    pub version: u32,
    /// When, in microseconds since 1970.
    pub at_us: i64,
    /// SHA-256 of nonce and ciphertext, base64url.
    pub body_hash: String,
}

/// Whose key a body is sealed under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ScopeKind {
    /// The visit's.
    Visit,
    /// An identification's.
    Identification,
    /// A concern's.
    Concern,
}

/// Answer to a segment.
#[derive(Deserialize)]
pub(crate) struct SegmentAccepted {
    pub(crate) id: Uuid,
    pub(crate) checkpoint: String,
}
