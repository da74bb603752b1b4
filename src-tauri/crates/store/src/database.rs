//! Opening connections.
//!
//! Every connection gets these settings before anything else happens; a test reads them back.
//!
//! | setting | value | reason |
//! |---|---|---|
//! | `key` | raw 256 bits | whole-file encryption; a raw key needs no derivation (6 ms instead of 200) |
//! | `cipher_version` | not empty | a build without SQLCipher would ignore the key and write plain text: refuse to start |
//! | `cipher_log_level` | `NONE` | SQLCipher would write to standard error, where nobody expects it; errors are returned |
//! | `cipher_memory_security` | on | keys and decrypted pages are wiped when SQLite frees them |
//! | `journal_mode` | `WAL` | a reader (search, verification) never blocks the desk, and the other way round |
//! | `synchronous` | `FULL` | a commit is on disk before the window says so (WAL alone would lose the last ones in a power cut) |
//! | `foreign_keys` | on | an event can't exist without its scope's key row |
//! | `secure_delete` | on | what is overwritten is zeroed: a destroyed key must not live on in a free page |
//! | `temp_store` | `MEMORY` | no unencrypted temporary files |
//! | `trusted_schema` | off | a tampered schema can't call functions with side effects |
//! | `cell_size_check` | on | damage is found when the page is read, not when it is used |
//! | `busy_timeout` | 5 s | `identplatzctl` may be reading; longer means that something hangs |
//! | `journal_size_limit` | 4 MiB | the log's file shrinks again after a burst |
//! | `query_only` | on (reader) | a second line of defence behind the read-only flag |
//! | `DEFENSIVE` | on | the file format can't be changed from SQL |
//! | `NO_CKPT_ON_CLOSE` | on until the store is open | a damaged database goes to quarantine as it was found, log included |
//! | `DQS_DML`, `DQS_DDL` | off | a misspelt column is an error, not a string |
//! | `LIMIT_LENGTH` | 1 MiB | no row of ours comes near; a damaged length must not allocate gigabytes |
//! | `LIMIT_ATTACHED` | 0 | nothing can be copied to another database file |

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags, config::DbConfig, limits::Limit};

use crate::{DatabaseKey, StoreError};

/// How long a statement waits for another process.
pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Largest row, BLOB or string in bytes.
const MAX_ROW: i32 = 1024 * 1024;
/// The log's size in bytes after a checkpoint.
const JOURNAL_SIZE_LIMIT: i64 = 4 * 1024 * 1024;

/// Opens the one connection that writes, making the file if there is none.
pub(crate) fn open_writer(path: &Path, key: &DatabaseKey) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let connection = open(path, key, flags)?;
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode != "wal" {
        return Err(StoreError::ReadOnly);
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
    connection.pragma_update_and_check(None, "journal_size_limit", JOURNAL_SIZE_LIMIT, |_| Ok(()))?;
    Ok(connection)
}

/// From here on closing empties the log into the database.
pub(crate) fn trust(connection: &Connection) -> Result<(), StoreError> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(())
}

/// Opens a connection that can't write.
pub(crate) fn open_reader(path: &Path, key: &DatabaseKey) -> Result<Connection, StoreError> {
    let connection = open(path, key, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

fn open(path: &Path, key: &DatabaseKey, flags: OpenFlags) -> Result<Connection, StoreError> {
    // A connection never leaves its thread or its mutex.
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.execute_batch("PRAGMA cipher_log_level = NONE; PRAGMA cipher_memory_security = ON;")?;
    connection.execute_batch(&key.pragma())?;
    refuse_plain_text(&connection)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, MAX_ROW)?;
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    // The first read: a wrong key shows here.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(connection)
}

fn refuse_plain_text(connection: &Connection) -> Result<(), StoreError> {
    let version: Result<String, _> = connection.pragma_query_value(None, "cipher_version", |row| row.get(0));
    match version {
        Ok(version) if !version.is_empty() => Ok(()),
        Ok(_) | Err(rusqlite::Error::QueryReturnedNoRows) => Err(StoreError::NotEncrypted),
        Err(error) => Err(error.into()),
    }
}
