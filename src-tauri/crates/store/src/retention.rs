//! How long data are kept: each scope has a class, and its time runs from when it has done its work (process: class → period
//! → start → run → proof, as in DIN 66398).
//!
//! | class | what | time runs from | then |
//! |---|---|---|---|
//! | draft | what an abort was to wipe while a legal hold kept it | that abort | goes at once when the hold ends |
//! | record | the evidence about people: identifications, concerns, and what of them was delivered | visit over, everything delivered or closed by a supervisor | its key is destroyed, its outbox rows are removed |
//! | audit | the desk's own record of a visit: who worked on it, its end, its review | all of that for the whole visit, and its events countersigned by the account service | likewise, and the visit leaves the list |
//!
//! An aborted visit's drafts are wiped with its end ([`Batch::erase`](crate::Batch::erase)) and never come this far. Class and
//! start are derived from what the store holds, so they can't get out of step with it; the periods are an argument, and the
//! last ones are kept for the lists. The access log has a period of its own.

use identification::VisitId;
use jiff::{SignedDuration, Timestamp, ToSpan, tz::TimeZone};
use rusqlite::{Connection, Row};
use uuid::Uuid;

use crate::{Store, StoreError, row};

/// Longest period in days that is taken: the desk is no archive, and a slip of the pen must not make it one.
const MAX_DAYS: u16 = 400;
/// Longest period of the access log in months.
const MAX_MONTHS: u8 = 36;
/// Longest list of what is due.
const MAX_DUE: usize = 10_000;

/// How long each class is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetentionPeriods {
    record_days: u16,
    audit_days: u16,
    access_log_months: u8,
}

impl RetentionPeriods {
    /// Days of 24 hours for records (0–400) and for the desk's own record of a visit (0–400), calendar months for the access
    /// log (1–36); `None` beyond that.
    #[must_use]
    pub fn new(record_days: u16, audit_days: u16, access_log_months: u8) -> Option<Self> {
        let fits = record_days <= MAX_DAYS
            && audit_days <= MAX_DAYS
            && (1..=MAX_MONTHS).contains(&access_log_months);
        fits.then_some(Self { record_days, audit_days, access_log_months })
    }

    pub(crate) fn record_us(self) -> i64 {
        days_us(self.record_days)
    }

    pub(crate) fn audit_us(self) -> i64 {
        days_us(self.audit_days)
    }

    /// Entries of the access log from before this moment go.
    pub(crate) fn access_log_since(self, now: Timestamp) -> Timestamp {
        // Out of range only for years before the calendar began: nothing is older.
        let since = now.to_zoned(TimeZone::UTC).checked_sub(i64::from(self.access_log_months).months());
        since.map_or(Timestamp::MIN, |since| since.timestamp())
    }
}

fn days_us(days: u16) -> i64 {
    // At most 400 days.
    i64::try_from(SignedDuration::from_hours(24 * i64::from(days)).as_micros()).unwrap_or(i64::MAX)
}

/// What a scope holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetentionClass {
    /// An aborted visit's, kept by a legal hold.
    Draft,
    /// Evidence about people.
    Record,
    /// The desk's own record of a visit.
    Audit,
}

impl RetentionClass {
    fn from_word(word: &str) -> Result<Self, StoreError> {
        match word {
            "draft" => Ok(Self::Draft),
            "record" => Ok(Self::Record),
            "audit" => Ok(Self::Audit),
            _ => Err(StoreError::Malformed { what: "retention class" }),
        }
    }
}

/// A scope whose time is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Its id.
    pub scope: Uuid,
    /// The visit that it belongs to.
    pub visit: VisitId,
    /// What it holds.
    pub class: RetentionClass,
    /// Since when it is due.
    pub since: Timestamp,
}

impl Store {
    /// What the next run of erasures would erase, the longest due first; at most 10,000 scopes.
    ///
    /// # Errors
    /// What the database said.
    pub fn due(&self, periods: RetentionPeriods, now: Timestamp) -> Result<Vec<Due>, StoreError> {
        self.read(|connection| due(connection, periods, now, MAX_DUE))
    }
}

/// Enters a scope that something is written to: it belongs to the visit that it was first written in.
pub(crate) fn enter(
    connection: &Connection,
    (kind, scope): (&'static str, Uuid),
    visit: VisitId,
) -> Result<(), StoreError> {
    let (scope, visit) = (scope.as_bytes().as_slice(), visit.uuid());
    let owner = connection
        .prepare_cached("SELECT visit FROM retention WHERE scope_id = ?1")?
        .query_and_then([scope], |found| row::uuid(found, "visit"))?
        .next()
        .transpose()?;
    match owner {
        Some(owner) if owner == visit => Ok(()),
        Some(_) => Err(StoreError::Malformed { what: "scope of another visit" }),
        None => {
            let class = if kind == "visit" { "audit" } else { "record" };
            connection
                .prepare_cached("INSERT INTO retention (scope_id, visit, class) VALUES (?1, ?2, ?3)")?
                .execute((scope, visit.as_bytes().as_slice(), class))?;
            Ok(())
        }
    }
}

/// Keeps the periods for the lists.
pub(crate) fn keep(connection: &Connection, periods: RetentionPeriods) -> Result<(), StoreError> {
    for (class, period) in [("record", periods.record_us()), ("audit", periods.audit_us())] {
        connection
            .prepare_cached(
                "INSERT INTO retention_period (class, period_us) VALUES (?1, ?2)
                 ON CONFLICT (class) DO UPDATE SET period_us = excluded.period_us
                 WHERE period_us <> excluded.period_us",
            )?
            .execute((class, period))?;
    }
    Ok(())
}

/// Scopes that are due and not held. A visit's own scope waits for all the others of the visit.
pub(crate) fn due(
    connection: &Connection,
    periods: RetentionPeriods,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<Due>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    connection
        .prepare_cached(
            "WITH ends AS (
                 SELECT scope_id, visit, class,
                        start_us + CASE class WHEN 'draft' THEN 0 WHEN 'record' THEN ?1 ELSE ?2 END AS due_us
                 FROM retention_start
             ),
             due AS (
                 SELECT * FROM ends AS e WHERE due_us <= ?3
                 AND NOT EXISTS (SELECT 1 FROM legal_hold AS h WHERE h.visit = e.visit AND released_at_us IS NULL)
             )
             SELECT * FROM due AS d
             WHERE class <> 'audit'
                OR NOT EXISTS (SELECT 1 FROM retention AS r
                               WHERE r.visit = d.visit AND class <> 'audit' AND erased_in IS NULL)
             ORDER BY due_us, scope_id LIMIT ?4",
        )?
        .query_and_then((periods.record_us(), periods.audit_us(), now.as_microsecond(), limit), read)?
        .collect()
}

fn read(found: &Row<'_>) -> Result<Due, StoreError> {
    Ok(Due {
        scope: row::uuid(found, "scope_id")?,
        visit: row::visit(found)?,
        class: RetentionClass::from_word(row::text(found, "class")?)?,
        since: row::time(found, "due_us")?,
    })
}
