//! Opening connections.
//!
//! Every connection gets these settings before anything else happens, what concerns writing on the writer alone; a test reads them
//! back. A copy that is being made keeps its rollback journal in memory.
//!
//! | setting | value | reason |
//! |---|---|---|
//! | `key` | raw 256 bits | whole-file encryption; a raw key needs no derivation (6 ms instead of 200) |
//! | `cipher_version` | not empty | a build without SQLCipher would ignore the key and write plain text: refuse to start |
//! | `cipher_log_level` | `NONE` | SQLCipher would write to standard error, where nobody expects it; errors are returned |
//! | `cipher_memory_security` | on | keys and decrypted pages are wiped when SQLite frees them |
//! | `cipher_page_size` | 4096 | a disk's block; written down, so that another default of a later SQLCipher can't lock a desk out |
//! | `kdf_iter` | 256,000 | for a backup's passphrase; a raw key isn't derived, and only its authentication key costs two rounds |
//! | `cipher_kdf_algorithm` | PBKDF2-HMAC-SHA512 | likewise; SQLCipher 4's own choice |
//! | `cipher_hmac_algorithm` | HMAC-SHA512 | each page is authenticated with its number: a changed or moved page is damage, not data |
//! | `cipher_use_hmac` | on | the same |
//! | `cipher_plaintext_header_size` | 0 | not one byte stands in the clear; only shared containers on iOS need a header |
//! | `auto_vacuum` | none | pages are never moved, so a scope's key is never copied to another one |
//! | `mmap_size` | 0 | pages are decrypted in SQLite's own memory, which is wiped |
//! | `journal_mode` | `WAL` | a reader (search, verification) never blocks the desk, and the other way round |
//! | `synchronous` | `FULL` | a commit is on disk before the window says so (WAL alone would lose the last ones in a power cut) |
//! | `wal_autocheckpoint` | 1000 pages | the log is emptied into the database every 4 MB, and after every erasure |
//! | `foreign_keys` | on | an event can't exist without its scope's key row |
//! | `recursive_triggers` | on | `INSERT OR REPLACE` fires the triggers that forbid deleting; without it, it would go around them |
//! | `ignore_check_constraints` | off | the tables' rules hold |
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
//! | `application_id` | 0, in a backup [`BACKUP_ID`] | a backup can't be opened as a store before its erasures were made again |
//! | `LIMIT_LENGTH` | 1 MiB | no row of ours comes near; a damaged length must not allocate gigabytes |
//! | `LIMIT_ATTACHED` | 0 | nothing can be copied to another database file |
//!
//! SQLite itself is built with what `.cargo/config.toml` says:
//!
//! | option | value | reason |
//! |---|---|---|
//! | `ENABLE_MEMORY_MANAGEMENT` | off | one page cache for all connections lets one that reads much take the others' pages: a day's list read and decrypted 8 pages for each visit |
//! | `DEFAULT_MEMSTATUS` | 0 | nobody asks, and counting takes a lock at each allocation |

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags, config::DbConfig, limits::Limit};

use crate::{StoreError, key::FileKey};

/// How long a statement waits for another process.
pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Statements that stay prepared: all that this crate has. With rusqlite's own 16, every write would prepare its own anew.
const STATEMENTS: usize = 128;
/// Largest row, BLOB or string in bytes.
const MAX_ROW: i32 = 1024 * 1024;
/// The log's size in bytes after a checkpoint.
const JOURNAL_SIZE_LIMIT: i64 = 4 * 1024 * 1024;
/// Pages of the log after which it is emptied into the database.
const LOG_PAGES: i64 = 1000;
/// `application_id` of a backup: the letters "IPBK".
pub(crate) const BACKUP_ID: i32 = 0x4950_424B;
/// How a file is encrypted; SQLCipher wants it between the key and the first read.
const CIPHER: &str = "PRAGMA cipher_page_size = 4096;
    PRAGMA kdf_iter = 256000;
    PRAGMA cipher_kdf_algorithm = PBKDF2_HMAC_SHA512;
    PRAGMA cipher_hmac_algorithm = HMAC_SHA512;
    PRAGMA cipher_use_hmac = ON;
    PRAGMA cipher_plaintext_header_size = 0;";

/// Opens the one connection that writes, making the file if there is none.
pub(crate) fn open_writer(path: &Path, key: &dyn FileKey) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let connection = open(path, key, flags)?;
    connection.pragma_update(None, "auto_vacuum", "NONE")?;
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode != "wal" {
        return Err(StoreError::ReadOnly);
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
    connection.pragma_update_and_check(None, "journal_size_limit", JOURNAL_SIZE_LIMIT, |_| Ok(()))?;
    connection.pragma_update_and_check(None, "wal_autocheckpoint", LOG_PAGES, |_| Ok(()))?;
    connection.pragma_update(None, "recursive_triggers", true)?;
    connection.pragma_update(None, "ignore_check_constraints", false)?;
    Ok(connection)
}

/// Opens a file that another database is copied into. Nothing of it is of use before the copy is complete, so what takes
/// back a half transaction stays in memory.
pub(crate) fn open_copy(path: &Path, key: &dyn FileKey) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let connection = open(path, key, flags)?;
    connection.pragma_update_and_check(None, "journal_mode", "MEMORY", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

/// From here on closing empties the log into the database.
pub(crate) fn trust(connection: &Connection) -> Result<(), StoreError> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(())
}

/// Opens a connection that can't write.
pub(crate) fn open_reader(path: &Path, key: &dyn FileKey) -> Result<Connection, StoreError> {
    let connection = open(path, key, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

fn open(path: &Path, key: &dyn FileKey, flags: OpenFlags) -> Result<Connection, StoreError> {
    // A connection never leaves its thread or its mutex.
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.execute_batch("PRAGMA cipher_log_level = NONE; PRAGMA cipher_memory_security = ON;")?;
    connection.execute_batch(&key.pragma())?;
    refuse_plain_text(&connection)?;
    connection.execute_batch(CIPHER)?;
    connection.pragma_update_and_check(None, "mmap_size", 0, |_| Ok(()))?;
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

/// A backup may hold keys that were destroyed since it was made.
pub(crate) fn refuse_backup(connection: &Connection) -> Result<(), StoreError> {
    let id: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if id == BACKUP_ID { Err(StoreError::NotRestored) } else { Ok(()) }
}

fn refuse_plain_text(connection: &Connection) -> Result<(), StoreError> {
    let version: Result<String, _> = connection.pragma_query_value(None, "cipher_version", |row| row.get(0));
    match version {
        Ok(version) if !version.is_empty() => Ok(()),
        Ok(_) | Err(rusqlite::Error::QueryReturnedNoRows) => Err(StoreError::NotEncrypted),
        Err(error) => Err(error.into()),
    }
}
