//! The lives of desks. An enrolment begins one: the desk's database may be older than what the service knows of it, or new.
//! A renewal continues it. Records and segments follow each other within a life.

use jiff::Timestamp;

use crate::{
    database::{Transaction, params},
    problem::Problem,
};

/// Number of a desk's first life; its records and its journal begin with number 1.
pub(crate) const FIRST_LIFE: i64 = 1;

/// From one enrolment of a desk to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskLife {
    /// When it began: the enrolment, by the service's clock.
    pub since: Timestamp,
    /// Where its chain of records begins; `None` as long as none came.
    pub records: Option<Beginning>,
    /// Where its journal begins; `None` as long as no segment came.
    pub journal: Option<Beginning>,
}

/// Where a chain begins within a life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beginning {
    /// The lowest number that came.
    pub seq: u64,
    /// What it names as the hash before it.
    pub prev: [u8; 32],
}

/// Begins the next life of that desk; its number.
pub(crate) fn begin(transaction: &Transaction<'_>, desk: &str, now: Timestamp) -> Result<i64, Problem> {
    let newest = "SELECT max(life) AS newest FROM lives WHERE desk = $1";
    let newest: Option<i64> = transaction.query_one(newest, params![desk], |row| row.get("newest"))?;
    let life = newest.map_or(FIRST_LIFE, |newest| newest + 1);
    let begun = "INSERT INTO lives (desk, life, since) VALUES ($1, $2, $3)";
    transaction.execute(begun, params![desk, life, now])?;
    Ok(life)
}

/// Every life of that desk.
pub(crate) fn of(transaction: &Transaction<'_>, desk: &str) -> Result<Vec<DeskLife>, Problem> {
    let all = "SELECT life, since FROM lives WHERE desk = $1 ORDER BY life";
    let lives = transaction
        .query(all, params![desk], |row| Ok((row.get::<i64>("life")?, row.get::<Timestamp>("since")?)))?;
    let records = "SELECT seq, prev FROM records WHERE desk = $1 AND life = $2 ORDER BY seq LIMIT 1";
    let segments = "SELECT from_seq AS seq, prev FROM segments
                    WHERE desk = $1 AND life = $2 ORDER BY from_seq LIMIT 1";
    let beginning = |query, life| {
        transaction.query_opt(query, params![desk, life], |row| {
            Ok(Beginning { seq: row.get("seq")?, prev: row.get("prev")? })
        })
    };
    lives
        .into_iter()
        .map(|(life, since)| {
            let (records, journal) = (beginning(records, life)?, beginning(segments, life)?);
            Ok(DeskLife { since, records, journal })
        })
        .collect()
}
