//! The hash chain: anybody with the database key can show that no event was changed, removed or moved.
//!
//! `hash = SHA-256(prev ‖ header ‖ nonce ‖ ciphertext)`, over the ciphertext, so that the chain still verifies when a
//! scope's key is destroyed. Rows that were cut off at the end can't be seen here; the head that the account service
//! has countersigned shows them.

use identification::{Scope, VisitId};
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    StoreError, row,
    seal::{NONCE_LENGTH, scope_parts},
};

/// What the first event's `prev` is.
pub const GENESIS: [u8; 32] = *b"identplatz/journal/genesis/v0001";
/// Marks the header's format.
const HEADER_LABEL: &[u8] = b"identplatz/journal/header/1";

/// The last event of the chain: what a checkpoint signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Number of the last event; 0 when there is none.
    pub seq: i64,
    /// Its hash.
    pub hash: [u8; 32],
}

/// What verification found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verification {
    /// Every event is where and as it was written.
    Intact {
        /// How many events there are.
        events: u64,
        /// The last one.
        head: Head,
    },
    /// The first place where the chain is broken.
    Broken {
        /// Number of the event that should be there.
        seq: i64,
        /// What is wrong with it.
        what: Break,
    },
}

/// How a chain can break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Break {
    /// The event isn't there.
    Missing,
    /// It doesn't follow the event before it.
    Link,
    /// Header, nonce or ciphertext isn't what was hashed.
    Content,
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
        let mut bytes = HEADER_LABEL.to_vec();
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

/// The hash of an event that follows `prev`.
pub(crate) fn link(prev: &[u8; 32], header: &[u8], nonce: &[u8; NONCE_LENGTH], sealed: &[u8]) -> [u8; 32] {
    Sha256::new()
        .chain_update(prev)
        .chain_update(header)
        .chain_update(nonce)
        .chain_update(sealed)
        .finalize()
        .into()
}

/// The last event that was written.
pub(crate) fn head(connection: &Connection) -> Result<Head, StoreError> {
    connection
        .prepare_cached("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1")?
        .query_and_then([], |found| Ok(Head { seq: found.get("seq")?, hash: row::bytes(found, "hash")? }))?
        .next()
        .unwrap_or(Ok(Head { seq: 0, hash: GENESIS }))
}

/// Walks the whole chain in one read transaction.
pub(crate) fn verify(connection: &Connection) -> Result<Verification, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT seq, event_id, visit, scope_kind, scope_id, kind, version, at_us, nonce, sealed, prev, hash
         FROM journal ORDER BY seq",
    )?;
    let mut rows = statement.query([])?;
    let (mut events, mut head) = (0, Head { seq: 0, hash: GENESIS });
    while let Some(found) = rows.next()? {
        let seq: i64 = found.get("seq")?;
        if seq != head.seq + 1 {
            return Ok(Verification::Broken { seq: head.seq + 1, what: Break::Missing });
        }
        if row::bytes(found, "prev")? != head.hash {
            return Ok(Verification::Broken { seq, what: Break::Link });
        }
        let header = header(found)?.canonical();
        let hash = row::bytes(found, "hash")?;
        if link(&head.hash, &header, &row::bytes(found, "nonce")?, row::blob(found, "sealed")?) != hash {
            return Ok(Verification::Broken { seq, what: Break::Content });
        }
        (events, head) = (events + 1, Head { seq, hash });
    }
    Ok(Verification::Intact { events, head })
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
