//! Desks' journals, anchored here: every stretch continues the last one of the same life of its desk, and its hash is what
//! its entries give.

use jiff::{Timestamp, ToSpan, civil::Date};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    database::{Transaction, params},
    lives::FIRST_LIFE,
    model::{JournalEntry, ScopeKind, Segment},
    problem::Problem,
    record::hash_from,
    signing::Signer,
};

/// Most entries of one segment.
const MAX_ENTRIES: usize = 500;
/// The hash that the first event of a journal follows.
const GENESIS: [u8; 32] = *b"identplatz/journal/genesis/v0001";
/// What the header of an event begins with.
const HEADER_LABEL: &[u8] = b"identplatz/journal/header/1";
/// How long the entries are kept.
const KEPT_MONTHS: i32 = 12;
/// What a checkpoint says that it is.
const TYPE: &str = "identplatz-checkpoint";

impl Segment {
    /// Whether range and entries fit each other and the contract's limits.
    pub(crate) fn is_whole(&self) -> bool {
        let entries = i64::try_from(self.entries.len()).unwrap_or(i64::MAX);
        (1..=MAX_ENTRIES).contains(&self.entries.len())
            && self.until_seq.get() - self.from_seq.get() == entries - 1
    }
}

/// Keeps how far the desk's journal is anchored now: a checkpoint of its end.
pub(crate) fn keep(
    transaction: &Transaction<'_>,
    signer: &Signer,
    (desk, life): (&str, i64),
    id: &str,
    segment: &Segment,
    now: Timestamp,
) -> Result<String, Problem> {
    let last =
        "SELECT until_seq, hash FROM segments WHERE desk = $1 AND life = $2 ORDER BY until_seq DESC LIMIT 1";
    let last = transaction.query_opt(last, params![desk, life], |row| {
        Ok((row.get::<i64>("until_seq")?, row.get::<[u8; 32]>("hash")?))
    })?;
    let head = hash_from(&segment.prev_hash).ok_or(Problem::Validation)?;
    let place = (segment.from_seq.get() - 1, head);
    let follows = match last {
        Some(last) => place == last,
        // A desk that was restored goes on from where its backup was; event 1 has nothing before it in any life.
        None if life > FIRST_LIFE => (place.0 == 0) == (head == GENESIS),
        None => place == (0, GENESIS),
    };
    if !follows {
        return Err(Problem::SegmentOutOfOrder);
    }
    let hash = recompute(head, segment.from_seq.get(), &segment.entries).ok_or(Problem::Validation)?;
    if hash_from(&segment.hash) != Some(hash) {
        return Err(Problem::SegmentChainBroken);
    }
    transaction.execute(
        "INSERT INTO segments (id, desk, life, day, from_seq, until_seq, prev, hash, accepted_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            id,
            desk,
            life,
            segment.day,
            segment.from_seq.get(),
            segment.until_seq.get(),
            head,
            hash,
            now
        ],
    )?;
    let payload = json!({ "desk": desk, "seq": segment.until_seq, "hash": &*segment.hash, "at": now });
    signer.sign(TYPE, &payload)
}

/// Paths of the segments whose entries' time is over, so that the records can be emptied. How far the journal is
/// anchored stays.
pub(crate) fn over(transaction: &Transaction<'_>, today: Date) -> Result<Vec<String>, Problem> {
    let kept_since = today.checked_sub(KEPT_MONTHS.months()).map_err(anyhow::Error::from)?;
    let over =
        "SELECT segments.id FROM segments JOIN records ON records.path = 'journal-segments/' || segments.id
                WHERE segments.day < $1 AND records.body IS NOT NULL";
    let ids = transaction.query(over, params![kept_since], |row| row.get::<String>("id"))?;
    Ok(ids.iter().map(|id| path(id)).collect())
}

/// How many entries of that desk's journal are kept.
pub(crate) fn entries(transaction: &Transaction<'_>, desk: &str) -> Result<u64, Problem> {
    let kept = "SELECT CAST(coalesce(sum(until_seq - from_seq + 1), 0) AS BIGINT) AS entries FROM segments
                JOIN records ON records.path = 'journal-segments/' || segments.id
                WHERE segments.desk = $1 AND records.body IS NOT NULL";
    Ok(transaction.query_one(kept, params![desk], |row| row.get("entries"))?)
}

/// Where a segment was delivered.
pub(crate) fn path(id: &str) -> String {
    format!("journal-segments/{id}")
}

/// The hash of the last entry, the first of which has the number `first` and follows `head`.
fn recompute(head: [u8; 32], first: i64, entries: &[JournalEntry]) -> Option<[u8; 32]> {
    let mut hash = head;
    for (seq, entry) in (first..).zip(entries) {
        let linked = Sha256::new()
            .chain_update(hash)
            .chain_update(header(seq, entry)?)
            .chain_update(hash_from(&entry.body_hash)?);
        hash = linked.finalize().into();
    }
    Some(hash)
}

/// The clear part of an event in the byte form that its hash is made of.
fn header(seq: i64, entry: &JournalEntry) -> Option<Vec<u8>> {
    let mut bytes = HEADER_LABEL.to_vec();
    bytes.extend(seq.to_be_bytes());
    bytes.extend(Uuid::try_parse(&entry.event_id).ok()?.as_bytes());
    bytes.extend(Uuid::try_parse(&entry.visit).ok()?.as_bytes());
    bytes.push(match entry.scope_kind {
        ScopeKind::Visit => 1,
        ScopeKind::Identification => 2,
        ScopeKind::Concern => 3,
    });
    bytes.extend(Uuid::try_parse(&entry.scope_id).ok()?.as_bytes());
    bytes.push(u8::try_from(entry.kind.len()).ok()?);
    bytes.extend(entry.kind.as_bytes());
    bytes.extend(u32::try_from(entry.version.get()).ok()?.to_be_bytes());
    bytes.extend(entry.at_us.get().to_be_bytes());
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An entry whose bytes can be written down by hand.
    fn entry() -> JournalEntry {
        serde_json::from_value(json!({
            "eventId": "019ab000-0000-7000-8000-000000000001", "visit": "019ab000-0000-7000-8000-000000000002",
            "scopeKind": "CONCERN", "scopeId": "019ab000-0000-7000-8000-000000000003", "kind": "code_generated",
            "version": 2, "atUs": 1_795_339_060_000_000_i64,
            "bodyHash": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        }))
        .unwrap()
    }

    #[test]
    fn the_header_is_the_byte_form_that_the_contract_describes() {
        let mut expected = b"identplatz/journal/header/1".to_vec();
        expected.extend([0, 0, 0, 0, 0, 0, 0, 7]);
        let id = |last| [0x01, 0x9a, 0xb0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, last];
        expected.extend(id(1));
        expected.extend(id(2));
        expected.push(3);
        expected.extend(id(3));
        expected.push(14);
        expected.extend(b"code_generated");
        expected.extend([0, 0, 0, 2]);
        expected.extend([0x00, 0x06, 0x60, 0xd9, 0xf2, 0xec, 0x35, 0x00]);
        assert_eq!(header(7, &entry()).unwrap(), expected);
    }

    #[test]
    fn every_entry_its_place_and_what_it_follows_change_the_hash() {
        let hash = recompute(GENESIS, 1, &[entry(), entry()]).unwrap();
        let mut later = entry();
        later.version = 3.try_into().unwrap();
        for other in [
            recompute(GENESIS, 2, &[entry(), entry()]),
            recompute([0; 32], 1, &[entry(), entry()]),
            recompute(GENESIS, 1, &[entry()]),
            recompute(GENESIS, 1, &[entry(), later]),
        ] {
            assert_ne!(other.unwrap(), hash);
        }
    }
}
