//! Brings the tables up to date, step by step; every step is kept whole or not at all.

use anyhow::Context;

use super::{
    transaction::{Mode, Session},
    value::params,
};

/// Name and statements of every step, in their order. One that was ever released doesn't change any more.
pub(super) const ALL: &[Migration] = &[
    Migration { name: "first", sql: include_str!("migrations/0001_first.sql") },
    Migration { name: "records and desks", sql: include_str!("migrations/0002_records_and_desks.sql") },
    Migration { name: "representations", sql: include_str!("migrations/0003_representations.sql") },
];

const KEPT: &str =
    "CREATE TABLE IF NOT EXISTS migrations (number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL)";

/// One step.
pub(super) struct Migration {
    pub(super) name: &'static str,
    pub(super) sql: &'static str,
}

/// Does whatever of `steps` wasn't done yet.
///
/// # Errors
/// A database that knows steps which these aren't, a failing statement.
pub(super) fn run(session: &mut Session, steps: &[Migration]) -> anyhow::Result<()> {
    session.exclude_others()?;
    session.batch(KEPT)?;
    session.begin(Mode::WriteAlone)?;
    let done = session.query("SELECT name FROM migrations ORDER BY number", &[])?;
    let done = done.iter().map(|row| row.get("name")).collect::<Result<Vec<String>, _>>()?;
    let known = done.len() <= steps.len() && done.iter().zip(steps).all(|(name, step)| name == step.name);
    anyhow::ensure!(known, "another version of this service has made the database");
    for (number, step) in (1_i64..).zip(steps).skip(done.len()) {
        session.batch(step.sql).with_context(|| format!("migration {number}, {}", step.name))?;
        session
            .execute("INSERT INTO migrations (number, name) VALUES ($1, $2)", params![number, step.name])?;
    }
    session.batch("COMMIT")?;
    Ok(session.admit_others()?)
}
