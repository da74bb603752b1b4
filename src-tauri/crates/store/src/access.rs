//! The access log: who looked up whom, where and why, on disk *before* anything is shown, and what was shown.
//!
//! People stand in it under a reference that only this database can make ([`SubjectRef`]): the log tells whether somebody
//! was looked up to whoever knows their number, and names nobody to others. Searches that found nothing are logged as well.
//! It has a [hash chain](crate::AccessVerification) of its own and is kept for its own period; nobody's hold keeps it longer.

mod alerts;
pub(crate) mod chain;
mod entry;

use hmac::{Hmac, KeyInit, Mac};
use identification::{Entropy, OperatorId};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, Row, TransactionBehavior};
use sha2::Sha256;
use zeroize::Zeroizing;

pub use self::alerts::StaffHour;
use self::chain::{AccessVerification, Fields};
pub use self::entry::{
    Access, AccessEntry, AccessId, AccessKind, AccessReason, AccessResult, AccessRole, Disclosure, HourCount,
    Subject, SubjectRef,
};
use crate::{Head, Reader, Store, StoreError, row};

/// Longest report: more than anybody is looked up in a year at one desk.
pub const MAX_ACCESSES: i64 = 10_000;
/// Longest place in bytes.
const MAX_PLACE: usize = 64;
/// Most hours that are counted at once: a month.
const MAX_HOURS: i64 = 31 * 24;
/// Mark what the reference is made of, so that no number of one kind can be taken for one of the other.
const INSURED: &[u8] = b"identplatz/subject/insured/1";
const REPRESENTATIVE: &[u8] = b"identplatz/subject/representative/1";
const REFERENCE: &[u8] = b"identplatz/subject/reference/1";
const STAFF_HOUR: &[u8] = b"identplatz/subject/staff-hour/1";

impl Store {
    /// What stands for a person in the access log. The first call makes the key for it, from `entropy`.
    ///
    /// # Errors
    /// What the database said.
    pub fn subject_ref(
        &self,
        subject: Subject<'_>,
        entropy: &mut Entropy<'_>,
    ) -> Result<SubjectRef, StoreError> {
        let mut fresh = Zeroizing::new([0; 32]);
        entropy(fresh.as_mut_slice());
        let key = self.write(move |owned| key(&owned.connection, &fresh))?;
        reference(&key, subject)
    }

    /// Notes an access; when this returns, it is on disk, and the result may be shown.
    ///
    /// # Errors
    /// Nothing may be shown then: [`StoreError::TooLarge`], [`StoreError::Malformed`] (no place), [`StoreError::DiskFull`],
    /// or what the database said.
    pub fn log_access(&self, entry: AccessEntry) -> Result<AccessId, StoreError> {
        self.write(move |owned| log(&mut owned.connection, &entry))
    }

    /// Notes what came of an access, once.
    ///
    /// # Errors
    /// [`StoreError::NoSuchAccess`], [`StoreError::Duplicate`], or what the database said.
    pub fn log_result(
        &self,
        access: AccessId,
        result: AccessResult,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |owned| log_result(&mut owned.connection, access, result, now))
    }

    /// Everything that this desk knows of who looked a person up, the oldest first; at most [`MAX_ACCESSES`].
    ///
    /// # Errors
    /// What the database said.
    pub fn accesses_of(&self, subject: SubjectRef) -> Result<Vec<Disclosure>, StoreError> {
        self.read(|connection| of(connection, subject))
    }

    /// The accesses from `from` until before `until`, with who made them, the oldest first; at most [`MAX_ACCESSES`]. For
    /// auditors only.
    ///
    /// # Errors
    /// What the database said.
    pub fn accesses(&self, from: Timestamp, until: Timestamp) -> Result<Vec<Access>, StoreError> {
        self.read(|connection| between(connection, from, until))
    }

    /// How many accesses there were in each hour from `from` until before `until` that had any; at most a month.
    ///
    /// # Errors
    /// What the database said.
    pub fn access_counts(&self, from: Timestamp, until: Timestamp) -> Result<Vec<HourCount>, StoreError> {
        self.read(|connection| counts(connection, from, until))
    }

    /// Walks the access log's hash chain.
    ///
    /// # Errors
    /// Only if the database can't be read: a broken chain is a finding, not an error.
    pub fn verify_accesses(&self) -> Result<AccessVerification, StoreError> {
        self.read_long(Reader::verify_accesses)
    }
}

impl Reader {
    /// Walks the access log's hash chain.
    ///
    /// # Errors
    /// Only if the database can't be read: a broken chain is a finding, not an error.
    pub fn verify_accesses(&self) -> Result<AccessVerification, StoreError> {
        chain::verify(self.connection())
    }

    /// As [`Store::accesses_of`], by the person's number; nothing if this desk never logged anybody.
    ///
    /// # Errors
    /// What the database said.
    pub fn accesses_of(&self, subject: Subject<'_>) -> Result<Vec<Disclosure>, StoreError> {
        match known_key(self.connection())? {
            Some(key) => of(self.connection(), reference(&key, subject)?),
            None => Ok(Vec::new()),
        }
    }
}

fn reference(key: &[u8; 32], subject: Subject<'_>) -> Result<SubjectRef, StoreError> {
    let mac = Hmac::<Sha256>::new_from_slice(key)
        .map_err(|_| StoreError::Malformed { what: "key of the access log" })?;
    let mac = match subject {
        Subject::Insured(kvnr) => mac.chain_update(INSURED).chain_update(kvnr.as_str()),
        Subject::Representative(number) => mac.chain_update(REPRESENTATIVE).chain_update(number.as_str()),
        Subject::Reference(reference) => mac.chain_update(REFERENCE).chain_update(reference.as_str()),
        Subject::StaffHour { staff, hour } => mac
            .chain_update(STAFF_HOUR)
            .chain_update(hour.as_microsecond().to_be_bytes())
            .chain_update(staff.as_str()),
    };
    Ok(SubjectRef(mac.finalize().into_bytes().into()))
}

/// The log's key, which is `fresh` if this is the first use.
fn key(connection: &Connection, fresh: &[u8; 32]) -> Result<Zeroizing<[u8; 32]>, StoreError> {
    connection
        .prepare_cached("INSERT INTO access_key (one, key) VALUES (1, ?1) ON CONFLICT DO NOTHING")?
        .execute([fresh.as_slice()])?;
    known_key(connection)?.ok_or(StoreError::Malformed { what: "key of the access log" })
}

fn known_key(connection: &Connection) -> Result<Option<Zeroizing<[u8; 32]>>, StoreError> {
    connection
        .prepare_cached("SELECT key FROM access_key")?
        .query_and_then([], |found| row::bytes(found, "key").map(Zeroizing::new))?
        .next()
        .transpose()
}

fn log(connection: &mut Connection, entry: &AccessEntry) -> Result<AccessId, StoreError> {
    if entry.place.len() > MAX_PLACE {
        return Err(StoreError::TooLarge { what: "place", limit: MAX_PLACE });
    }
    if entry.place.is_empty() {
        return Err(StoreError::Malformed { what: "place" });
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let Head { seq: last, hash: prev } = chain::head(&transaction)?;
    let (seq, at_us) = (last + 1, entry.at.as_microsecond());
    let (staff, role, reason, kind) =
        (entry.staff.as_str(), entry.role.as_str(), entry.reason.as_str(), entry.kind.as_str());
    let (place, subject) = (entry.place.as_str(), entry.subject.0.as_slice());
    let fields = Fields::Access { staff, role, place, subject, reason, kind };
    let hash = chain::link(&prev, seq, at_us, &fields);
    transaction
        .prepare_cached(
            "INSERT INTO access_log (seq, at_us, staff, role, place, subject, reason, kind, prev, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute((seq, at_us, staff, role, place, subject, reason, kind, prev.as_slice(), hash.as_slice()))?;
    transaction.commit()?;
    Ok(AccessId(seq))
}

fn log_result(
    connection: &mut Connection,
    access: AccessId,
    result: AccessResult,
    now: Timestamp,
) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let is_access = transaction
        .prepare_cached("SELECT 1 FROM access_log WHERE seq = ?1 AND result_of IS NULL")?
        .exists([access.0])?;
    if !is_access {
        return Err(StoreError::NoSuchAccess);
    }
    let Head { seq: last, hash: prev } = chain::head(&transaction)?;
    let (seq, at_us, result) = (last + 1, now.as_microsecond(), result.as_str());
    let hash = chain::link(&prev, seq, at_us, &Fields::Result { of: access.0, result });
    transaction
        .prepare_cached(
            "INSERT INTO access_log (seq, at_us, result_of, result, prev, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute((seq, at_us, access.0, result, prev.as_slice(), hash.as_slice()))?;
    Ok(transaction.commit()?)
}

fn of(connection: &Connection, subject: SubjectRef) -> Result<Vec<Disclosure>, StoreError> {
    connection
        .prepare_cached(
            "SELECT a.*, r.result AS came FROM access_log AS a LEFT JOIN access_log AS r ON r.result_of = a.seq
             WHERE a.subject = ?1 ORDER BY a.seq LIMIT ?2",
        )?
        .query_and_then((subject.0.as_slice(), MAX_ACCESSES), |found| {
            let AccessEntry { at, role, place, reason, kind, .. } = entry(found)?;
            Ok(Disclosure { at, role, place, reason, kind, result: result(found)? })
        })?
        .collect()
}

fn between(connection: &Connection, from: Timestamp, until: Timestamp) -> Result<Vec<Access>, StoreError> {
    connection
        .prepare_cached(
            "SELECT a.*, r.result AS came, r.at_us AS came_at_us
             FROM access_log AS a LEFT JOIN access_log AS r ON r.result_of = a.seq
             WHERE a.result_of IS NULL AND a.at_us >= ?1 AND a.at_us < ?2 ORDER BY a.seq LIMIT ?3",
        )?
        .query_and_then((from.as_microsecond(), until.as_microsecond(), MAX_ACCESSES), |found| {
            let came_at = row::optional_time(found, "came_at_us")?;
            Ok(Access {
                number: found.get("seq")?,
                entry: entry(found)?,
                result: result(found)?.zip(came_at),
            })
        })?
        .collect()
}

fn entry(found: &Row<'_>) -> Result<AccessEntry, StoreError> {
    Ok(AccessEntry {
        at: row::time(found, "at_us")?,
        staff: OperatorId::new(row::text(found, "staff")?)
            .ok_or(StoreError::Malformed { what: "operator" })?,
        role: AccessRole::from_word(row::text(found, "role")?)?,
        place: row::text(found, "place")?.to_owned(),
        subject: SubjectRef(row::bytes(found, "subject")?),
        reason: AccessReason::from_word(row::text(found, "reason")?)?,
        kind: AccessKind::from_word(row::text(found, "kind")?)?,
    })
}

fn result(found: &Row<'_>) -> Result<Option<AccessResult>, StoreError> {
    found.get::<_, Option<String>>("came")?.map(|word| AccessResult::from_word(&word)).transpose()
}

fn counts(connection: &Connection, from: Timestamp, until: Timestamp) -> Result<Vec<HourCount>, StoreError> {
    let hour_us = i64::try_from(SignedDuration::from_hours(1).as_micros()).unwrap_or(i64::MAX);
    connection
        .prepare_cached(
            "SELECT a.at_us - ((a.at_us % ?4) + ?4) % ?4 AS hour_us, count(*) AS accesses,
                    count(*) FILTER (WHERE a.reason <> 'card_inserted') AS without_card,
                    count(*) FILTER (WHERE r.result = 'not_found') AS not_found,
                    count(*) FILTER (WHERE r.result = 'withheld') AS withheld
             FROM access_log AS a LEFT JOIN access_log AS r ON r.result_of = a.seq
             WHERE a.result_of IS NULL AND a.at_us >= ?1 AND a.at_us < ?2 GROUP BY hour_us ORDER BY hour_us LIMIT ?3",
        )?
        .query_and_then((from.as_microsecond(), until.as_microsecond(), MAX_HOURS, hour_us), |found| {
            Ok(HourCount {
                hour: row::time(found, "hour_us")?,
                accesses: found.get("accesses")?,
                without_card: found.get("without_card")?,
                not_found: found.get("not_found")?,
                withheld: found.get("withheld")?,
            })
        })?
        .collect()
}

/// Removes the entries before the first that is not older than `before`, and says how many accesses those were.
pub(crate) fn forget(connection: &Connection, before: Timestamp) -> Result<u64, StoreError> {
    let last = connection
        .prepare_cached(
            "SELECT seq, hash FROM access_log
             WHERE seq < coalesce((SELECT min(seq) FROM access_log WHERE at_us >= ?1),
                                  (SELECT max(seq) + 1 FROM access_log))
             ORDER BY seq DESC LIMIT 1",
        )?
        .query_and_then([before.as_microsecond()], |found| {
            Ok::<_, StoreError>((found.get::<_, i64>("seq")?, row::bytes::<32>(found, "hash")?))
        })?
        .next()
        .transpose()?;
    let Some((seq, hash)) = last else {
        return Ok(0);
    };
    connection.execute(
        "INSERT INTO access_log_start (one, seq, hash) VALUES (1, ?1, ?2)
         ON CONFLICT (one) DO UPDATE SET seq = excluded.seq, hash = excluded.hash",
        (seq, hash.as_slice()),
    )?;
    let accesses = connection
        .prepare_cached("SELECT count(*) FROM access_log WHERE seq <= ?1 AND result_of IS NULL")?
        .query_row([seq], |found| found.get(0))?;
    connection.execute("DELETE FROM access_log WHERE seq <= ?1", [seq])?;
    Ok(accesses)
}
