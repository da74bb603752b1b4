//! What can go wrong, in the words that decide what somebody has to do.

use std::path::PathBuf;

use rusqlite::ErrorCode;

use crate::Break;

/// Why the store could not do what it was asked. No variant tells anything about a person.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The key is not the one that the database was made with. Nothing was touched.
    #[error("the key does not open this database")]
    WrongKey,
    /// Another process has the store open for writing.
    #[error("another process has the store open")]
    InUse,
    /// The database was damaged at opening; it was moved aside whole, with its write-ahead log.
    #[error("the database is damaged and was moved to {}", moved_to.display())]
    Quarantined {
        /// Folder that now holds it.
        moved_to: PathBuf,
    },
    /// The database file is gone although the store was in use before.
    #[error("the database file is missing")]
    Missing,
    /// A newer version of the program has migrated this database.
    #[error("the database has schema {found}, this program knows {known}")]
    NewerSchema {
        /// Version in the file.
        found: i64,
        /// Newest version that this program knows.
        known: i64,
    },
    /// The next start of the program migrates this database; until then only the program can use it.
    #[error("the database has schema {found}, and isn't migrated to {known} yet")]
    OlderSchema {
        /// Version in the file.
        found: i64,
        /// Newest version that this program knows.
        known: i64,
    },
    /// The file is a backup: it may hold keys that were destroyed since, and has to be restored.
    #[error("this is a backup, which has to be restored before it can be used")]
    NotRestored,
    /// There is something at the place where something new should be made.
    #[error("there is something at this place already")]
    Exists,
    /// Whoever asked for it broke it off.
    #[error("cancelled")]
    Cancelled,
    /// The hash chain is broken, so a copy of it can't be told from a bad one.
    #[error("the journal's chain is broken at event {seq}")]
    Broken {
        /// Number of the event that should be there.
        seq: i64,
        /// What is wrong with it.
        what: Break,
    },
    /// The list of erasures lacks some that the backup itself shows: it is another desk's, or was cut short.
    #[error("the list of erasures isn't this store's, or isn't whole")]
    ErasuresIncomplete,
    /// Damage was met while the store was open; opening it again quarantines it.
    #[error("the database is damaged")]
    Corrupt,
    /// No space left on the disk. Nothing of the batch was kept.
    #[error("the disk is full")]
    DiskFull,
    /// The file or its folder can't be written.
    #[error("the database can't be written")]
    ReadOnly,
    /// Somebody else kept the database locked for longer than the store waits.
    #[error("the database is busy")]
    Busy,
    /// The operating system failed.
    #[error("the store's files can't be used")]
    Io(#[source] std::io::Error),
    /// An id was used twice.
    #[error("the id exists already")]
    Duplicate,
    /// The scope's key was destroyed; nothing can be added to it.
    #[error("the record was erased")]
    Erased,
    /// As many rows wait for the account service as the store takes: nothing more is recorded until some are delivered.
    #[error("the outbox is full")]
    OutboxFull,
    /// Something is longer or more than the store takes.
    #[error("{what} exceeds the limit of {limit}")]
    TooLarge {
        /// What.
        what: &'static str,
        /// Bytes or count.
        limit: usize,
    },
    /// A stored row doesn't open or isn't well-formed, although its page is intact.
    #[error("a stored row is not well-formed: {what}")]
    Malformed {
        /// What.
        what: &'static str,
    },
    /// The journal, its segments or the chain of records have gone on since this was made: make it anew.
    #[error("something else was written in between")]
    OutOfOrder,
    /// There is no such segment.
    #[error("there is no such segment")]
    NoSuchSegment,
    /// There is no such task, or it was closed.
    #[error("there is no such task")]
    NoSuchTask,
    /// There is no such visit, or nothing of it is left.
    #[error("there is no such visit")]
    NoSuchVisit,
    /// The visit is under a legal hold: nothing of it is erased.
    #[error("the visit is under a legal hold")]
    Held,
    /// The visit isn't under a legal hold.
    #[error("the visit is not under a legal hold")]
    NotHeld,
    /// There is no such run of erasures, or it is proven already.
    #[error("there is no such unproven run of erasures")]
    NoSuchRun,
    /// There is no such entry in the access log.
    #[error("there is no such entry in the access log")]
    NoSuchAccess,
    /// The list of erasures isn't as it was written.
    #[error("the list of erasures is damaged at line {line}")]
    ErasureList {
        /// The first line that isn't, from 1.
        line: usize,
    },
    /// The row isn't being delivered, so there is nothing to settle.
    #[error("the outbox row is not being delivered")]
    NotLeased,
    /// The writer has stopped after a bug; the program has to start anew.
    #[error("the store has stopped")]
    Stopped,
    /// The build lacks SQLCipher, or its pragmas have no effect.
    #[error("this build can't encrypt its database")]
    NotEncrypted,
    /// The migrations don't apply.
    #[error("the database could not be migrated")]
    Migration(#[source] Box<rusqlite_migration::Error>),
    /// Anything else that the database said.
    #[error("the database failed")]
    Database(#[source] rusqlite::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let Some(failure) = error.sqlite_error() else {
            return Self::Database(error);
        };
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "rusqlite may add codes; unnamed ones have no remedy of their own"
        )]
        match failure.code {
            ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt => Self::Corrupt,
            ErrorCode::DiskFull => Self::DiskFull,
            ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen => Self::ReadOnly,
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy,
            ErrorCode::ConstraintViolation if is_duplicate(failure.extended_code) => Self::Duplicate,
            _ => Self::Database(error),
        }
    }
}

fn is_duplicate(extended_code: i32) -> bool {
    [rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY, rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE]
        .contains(&extended_code)
}

impl From<rusqlite_migration::Error> for StoreError {
    fn from(error: rusqlite_migration::Error) -> Self {
        if let rusqlite_migration::Error::RusqliteError { err, .. } = error {
            return err.into();
        }
        Self::Migration(Box::new(error))
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        #[expect(clippy::wildcard_enum_match_arm, reason = "only these kinds have a remedy of their own")]
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::DiskFull,
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            _ => Self::Io(error),
        }
    }
}
