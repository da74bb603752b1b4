//! The access log's own hash chain: nobody can change, remove or move an entry without its showing.
//!
//! `hash = SHA-256(prev ‖ entry)`. An entry's bytes are a label, its number and its moment (64 bits each, big-endian), and then
//! either 1, staff, role, place, reason and kind, each behind a byte with its length, and the subject; or 2, the number of the
//! access that it is the result of, and the result. The log goes on behind what went because its time was over. Entries that were cut off at the end don't show.

use rusqlite::{Connection, Row};
use sha2::{Digest, Sha256};

use crate::{Break, Head, StoreError, row};

/// What the first entry's `prev` is.
const GENESIS: [u8; 32] = *b"identplatz/accesses/genesis/v001";
/// Marks the form of the bytes.
const LABEL: &[u8] = b"identplatz/access/1";

/// What walking the access log found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessVerification {
    /// Every entry is where and as it was written.
    Intact {
        /// How many entries there are, results included.
        entries: u64,
        /// The last one.
        head: Head,
        /// Number of the last entry that went because its time was over; 0 if none did.
        forgotten_until: i64,
    },
    /// The first place where the chain is broken.
    Broken {
        /// Number of the entry that should be there.
        seq: i64,
        /// What is wrong with it: [`Break::Missing`], [`Break::Link`] or [`Break::Content`].
        what: Break,
    },
}

/// The fields of an entry that are hashed.
pub(crate) enum Fields<'a> {
    Access {
        staff: &'a str,
        role: &'a str,
        place: &'a str,
        subject: &'a [u8],
        reason: &'a str,
        kind: &'a str,
    },
    Result {
        of: i64,
        result: &'a str,
    },
}

/// The hash of the entry `seq` that follows `prev`.
pub(crate) fn link(prev: &[u8; 32], seq: i64, at_us: i64, fields: &Fields<'_>) -> [u8; 32] {
    let mut hash = Sha256::new()
        .chain_update(prev)
        .chain_update(LABEL)
        .chain_update(seq.to_be_bytes())
        .chain_update(at_us.to_be_bytes());
    match fields {
        Fields::Access { staff, role, place, subject, reason, kind } => {
            hash.update([1]);
            for text in [staff, role, place, reason, kind] {
                // The table takes no text of more than 64 bytes.
                hash.update([u8::try_from(text.len()).unwrap_or(u8::MAX)]);
                hash.update(text);
            }
            hash.update(subject);
        }
        Fields::Result { of, result } => {
            hash.update([2]);
            hash.update(of.to_be_bytes());
            hash.update(result);
        }
    }
    hash.finalize().into()
}

/// The last entry that went because its time was over.
pub(crate) fn start(connection: &Connection) -> Result<Head, StoreError> {
    connection
        .prepare_cached("SELECT seq, hash FROM access_log_start")?
        .query_and_then([], head_of)?
        .next()
        .unwrap_or(Ok(Head { seq: 0, hash: GENESIS }))
}

/// The last entry.
pub(crate) fn head(connection: &Connection) -> Result<Head, StoreError> {
    let last = connection
        .prepare_cached("SELECT seq, hash FROM access_log ORDER BY seq DESC LIMIT 1")?
        .query_and_then([], head_of)?
        .next();
    last.unwrap_or_else(|| start(connection))
}

fn head_of(found: &Row<'_>) -> Result<Head, StoreError> {
    Ok(Head { seq: found.get("seq")?, hash: row::bytes(found, "hash")? })
}

/// Walks the whole log in one read transaction: a year of it is read in a second.
pub(crate) fn verify(connection: &Connection) -> Result<AccessVerification, StoreError> {
    let transaction = connection.unchecked_transaction()?;
    let start = start(&transaction)?;
    let (mut entries, mut head) = (0, start);
    let mut statement = transaction.prepare_cached("SELECT * FROM access_log ORDER BY seq")?;
    let mut rows = statement.query([])?;
    while let Some(found) = rows.next()? {
        let (seq, hash) = (found.get("seq")?, row::bytes(found, "hash")?);
        let what = if seq != head.seq + 1 {
            Some(Break::Missing)
        } else if row::bytes(found, "prev")? != head.hash {
            Some(Break::Link)
        } else if link(&head.hash, seq, found.get("at_us")?, &fields(found)?) != hash {
            Some(Break::Content)
        } else {
            None
        };
        if let Some(what) = what {
            return Ok(AccessVerification::Broken { seq: head.seq + 1, what });
        }
        (entries, head) = (entries + 1, Head { seq, hash });
    }
    Ok(AccessVerification::Intact { entries, head, forgotten_until: start.seq })
}

fn fields<'row>(found: &'row Row<'_>) -> Result<Fields<'row>, StoreError> {
    match found.get("result_of")? {
        Some(of) => Ok(Fields::Result { of, result: row::text(found, "result")? }),
        None => Ok(Fields::Access {
            staff: row::text(found, "staff")?,
            role: row::text(found, "role")?,
            place: row::text(found, "place")?,
            subject: row::blob(found, "subject")?,
            reason: row::text(found, "reason")?,
            kind: row::text(found, "kind")?,
        }),
    }
}
