//! The schema's history. A migration that was released is never edited; a change is a new file.

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use crate::{DatabaseKey, OnProgress, Phase, StoreError, backup, folder::Folder, rebuild};

const STEPS: &[M<'static>] = &[
    M::up(include_str!("migrations/0001_first.sql")),
    M::up(include_str!("migrations/0002_segments.sql")),
    M::up(include_str!("migrations/0003_retention.sql")),
    M::up(include_str!("migrations/0004_access.sql")),
    M::up(include_str!("migrations/0005_kept.sql")),
    M::up(include_str!("migrations/0006_hot_path.sql")),
];

/// The first schema, whose lists have no codes: the first program knew them in sealed bodies only.
const WITHOUT_CODES: i64 = 1;

/// Brings the database to the newest schema, in one transaction; what it was made from is copied first. Whether it was older.
///
/// Killed on the way, the next start goes on: before the commit the database is as it was, and behind it the copy says what
/// may still be missing.
pub(crate) fn upgrade(
    connection: &mut Connection,
    folder: &Folder,
    key: &DatabaseKey,
    progress: OnProgress<'_>,
) -> Result<bool, StoreError> {
    refuse_newer(connection)?;
    let found = version(connection)?;
    let is_older = (1..known()).contains(&found);
    if is_older {
        backup::before_migration(connection, &folder.migration_copy(found), key, progress)?;
        backup::begin(Phase::Upgrading, progress)?;
    }
    let lacks_codes = found == WITHOUT_CODES || folder.migration_copy(WITHOUT_CODES).try_exists()?;
    to_newest(connection)?;
    if lacks_codes {
        backup::begin(Phase::Upgrading, progress)?;
        rebuild::all(connection)?;
    }
    if is_older {
        tracing::info!(from = found, to = known(), "the database was migrated");
    }
    Ok(is_older)
}

/// Brings a database that nobody else has to the newest schema.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    refuse_newer(connection)?;
    let found = version(connection)?;
    to_newest(connection)?;
    if found == WITHOUT_CODES { rebuild::all(connection) } else { Ok(()) }
}

fn to_newest(connection: &mut Connection) -> Result<(), StoreError> {
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

/// Searches and backups know the newest schema only; the next start brings the database to it.
pub(crate) fn refuse_older(connection: &Connection) -> Result<(), StoreError> {
    let (found, known) = (version(connection)?, known());
    if found < known { Err(StoreError::OlderSchema { found, known }) } else { Ok(()) }
}

/// A database of a newer program is never touched: what its columns mean is unknown.
pub(crate) fn refuse_newer(connection: &Connection) -> Result<(), StoreError> {
    let (found, known) = (version(connection)?, known());
    if found > known { Err(StoreError::NewerSchema { found, known }) } else { Ok(()) }
}
