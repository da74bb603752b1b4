//! The schema's history. A migration that was released is never edited; a change is a new file.

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use crate::StoreError;

const STEPS: &[M<'static>] = &[
    M::up(include_str!("migrations/0001_first.sql")),
    M::up(include_str!("migrations/0002_segments.sql")),
    M::up(include_str!("migrations/0003_retention.sql")),
    M::up(include_str!("migrations/0004_access.sql")),
    M::up(include_str!("migrations/0005_kept.sql")),
];

/// Brings the database to the newest schema in one transaction, or leaves it as it was.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    refuse_newer(connection)?;
    Ok(Migrations::from_slice(STEPS).to_latest(connection)?)
}

/// Brings the database to an older schema, as the program of its time did.
#[cfg(test)]
pub(crate) fn migrate_to(connection: &mut Connection, schema: usize) -> Result<(), StoreError> {
    Ok(Migrations::from_slice(STEPS).to_version(connection, schema)?)
}

/// The newest schema that this program knows.
pub(crate) fn known() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

/// The database's schema; 0 for one that was just made.
pub(crate) fn version(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// A database of a newer program is never touched: what its columns mean is unknown.
pub(crate) fn refuse_newer(connection: &Connection) -> Result<(), StoreError> {
    let (found, known) = (version(connection)?, known());
    if found > known { Err(StoreError::NewerSchema { found, known }) } else { Ok(()) }
}
