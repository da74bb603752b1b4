//! The hash chain: anybody with the database key can show that no event was changed, removed or moved, and the account
//! service can compute it without seeing any body.
//!
//! `hash = SHA-256(prev ‖ header ‖ body)` with `body = SHA-256(nonce ‖ ciphertext)`, where `prev` is the hash of the event
//! before, or [`GENESIS`]. Over the ciphertext, so that the chain still verifies when a scope's key is destroyed; over its
//! digest, so that a segment tells the service 32 bytes of a body and nothing else.
//!
//! The header's bytes (numbers big-endian, ids in the order of RFC 9562):
//!
//! | bytes | what |
//! |---|---|
//! | 27 | the text `identplatz/journal/header/1` |
//! | 8 | number of the event, from 1 |
//! | 16 | id of the event |
//! | 16 | id of the visit |
//! | 1 | kind of scope: 1 visit, 2 identification, 3 concern |
//! | 16 | id of the scope |
//! | 1 | length of the kind, *n* |
//! | *n* | kind of event, ASCII |
//! | 4 | version of the body's format |
//! | 8 | microseconds since 1970-01-01T00:00:00Z, signed |
//!
//! Rows that were cut off at the end can't be seen here; the head that the account service has countersigned shows them.

use identification::{Scope, VisitId};
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    StoreError, row,
    seal::{NONCE_LENGTH, scope_parts},
    segments,
};

/// What the first event's `prev` is.
pub const GENESIS: [u8; 32] = *b"identplatz/journal/genesis/v0001";
/// Marks the header's format.
const HEADER_LABEL: &[u8] = b"identplatz/journal/header/1";

/// An event as the end of a chain: what a checkpoint signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Number of the last event; 0 when there is none.
    pub seq: i64,
    /// Its hash.
    pub hash: [u8; 32],
}

impl Head {
    /// Before the first event.
    pub(crate) const START: Self = Self { seq: 0, hash: GENESIS };
}

/// The clear part of an event.
pub(crate) struct Header<'a> {
    pub(crate) seq: i64,
    pub(crate) id: Uuid,
    pub(crate) visit: VisitId,
    pub(crate) scope: Scope,
    pub(crate) kind: &'a str,
    pub(crate) version: u32,
    pub(crate) at_us: i64,
}

impl Header<'_> {
    /// The one byte form, authenticated with the body and hashed into the chain: fixed-width big-endian numbers, the
    /// only variable part behind its length.
    pub(crate) fn canonical(&self) -> Vec<u8> {
        let (_, scope_id) = scope_parts(self.scope);
        let scope_kind: u8 = match self.scope {
            Scope::Visit(_) => 1,
            Scope::Identification(_) => 2,
            Scope::Concern(_) => 3,
        };
        // Kinds are limited to 64 bytes.
        let kind_length = u8::try_from(self.kind.len()).unwrap_or(u8::MAX);
        let mut bytes = Vec::with_capacity(128 + self.kind.len());
        bytes.extend(HEADER_LABEL);
        bytes.extend(self.seq.to_be_bytes());
        bytes.extend(self.id.as_bytes());
        bytes.extend(self.visit.uuid().as_bytes());
        bytes.push(scope_kind);
        bytes.extend(scope_id.as_bytes());
        bytes.push(kind_length);
        bytes.extend(self.kind.as_bytes());
        bytes.extend(self.version.to_be_bytes());
        bytes.extend(self.at_us.to_be_bytes());
        bytes
    }
}

/// The digest of a sealed body, which stands for it in the chain.
pub(crate) fn body_hash(nonce: &[u8; NONCE_LENGTH], sealed: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(nonce).chain_update(sealed).finalize().into()
}

/// The hash of an event that follows `prev`.
pub(crate) fn link(prev: &[u8; 32], header: &[u8], body: &[u8; 32]) -> [u8; 32] {
    Sha256::new().chain_update(prev).chain_update(header).chain_update(body).finalize().into()
}

/// The last event that was written.
pub(crate) fn head(connection: &Connection) -> Result<Head, StoreError> {
    let last = connection
        .prepare_cached("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1")?
        .query_and_then([], |found| Ok(Head { seq: found.get("seq")?, hash: row::bytes(found, "hash")? }))?
        .next();
    // An empty journal goes on where it was pruned.
    last.unwrap_or_else(|| segments::pruned(connection))
}

/// The header of a journal row.
pub(crate) fn header<'row>(found: &'row rusqlite::Row<'_>) -> Result<Header<'row>, StoreError> {
    Ok(Header {
        seq: found.get("seq")?,
        id: row::uuid(found, "event_id")?,
        visit: row::visit(found)?,
        scope: row::scope(found)?,
        kind: row::text(found, "kind")?,
        version: found.get("version")?,
        at_us: found.get("at_us")?,
    })
}
