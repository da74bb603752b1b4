//! The schema's history. A migration that was released is never edited; a change is a new file.

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use crate::StoreError;

const STEPS: &[M<'static>] = &[M::up(include_str!("migrations/0001_first.sql"))];

/// Brings the database to the newest schema in one transaction, or leaves it as it was.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    refuse_newer(connection)?;
    Ok(Migrations::from_slice(STEPS).to_latest(connection)?)
}

/// A database of a newer program is never touched: what its columns mean is unknown.
pub(crate) fn refuse_newer(connection: &Connection) -> Result<(), StoreError> {
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    if found > known { Err(StoreError::NewerSchema { found, known }) } else { Ok(()) }
}
