//! What is wrong with a store, and what can still be had of one that was moved aside. Nothing here changes any file.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::Connection;

use crate::{
    DatabaseKey, Depth, OutboxRow, Reader, Store, StoreError, Task, backup, database,
    folder::{self, KeyCheck},
    migrations, outbox, row, tasks,
};

/// What lies at a store's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// What opening it would say.
    pub condition: Condition,
    /// A process has it open for writing.
    pub in_use: bool,
    /// Damaged databases that were moved aside and still lie there.
    pub quarantined: Vec<PathBuf>,
    /// Copies from before a migration: the last start migrated.
    pub copies: Vec<PathBuf>,
    /// Size of the database and its write-ahead log in bytes; 0 when there is none.
    pub bytes: u64,
    /// When a backup was made here last, as far as is known.
    pub backed_up_at: Option<Timestamp>,
    /// What is in it, if it opens and can be read.
    pub content: Option<Content>,
}

/// What an administrator has to know of the records of a desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Content {
    /// What lies in the outbox.
    pub outbox: Depth,
    /// When the account service last countersigned the journal.
    pub checkpoint_at: Option<Timestamp>,
    /// Runs of erasures without a proof that holds.
    pub unproven: u64,
}

/// What opening a store would say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// There never was a store here.
    Absent,
    /// It opens.
    Usable,
    /// It opens, and the next start migrates it.
    OlderSchema {
        /// Version in the file.
        found: i64,
        /// Newest version that this program knows.
        known: i64,
    },
    /// A newer version of the program has migrated it.
    NewerSchema {
        /// Version in the file.
        found: i64,
        /// Newest version that this program knows.
        known: i64,
    },
    /// There is a database, and no key for it: it was lost with the keyring.
    KeyLost,
    /// The key is another database's.
    KeyWrong,
    /// The database file is gone although the store was in use before.
    Missing,
    /// The database is damaged; the next start moves it aside.
    Damaged,
    /// It is a backup that somebody copied here.
    NotRestored,
    /// File or folder are there, and this account can't use them.
    Denied,
}

/// What could be read of an outbox.
pub struct Recovered {
    /// What the account service doesn't have yet, oldest first.
    pub rows: Vec<OutboxRow>,
    /// Rows that can't be read any more, at least.
    pub lost: u64,
}

/// Says what lies at `folder`. `key` is what the keyring has, if anything.
///
/// # Errors
/// Only if the files can't be looked at: everything else is a finding.
pub fn diagnose(folder: &Path, key: Option<&DatabaseKey>) -> Result<Diagnosis, StoreError> {
    let exists = folder.try_exists()?;
    let (condition, reader) = if exists { condition(folder, key)? } else { (Condition::Absent, None) };
    Ok(Diagnosis {
        condition,
        bytes: folder::database_bytes(folder)?,
        backed_up_at: backup::noted(folder)?,
        content: reader.and_then(|reader| content(reader.connection()).ok()),
        in_use: folder::is_held(folder)?,
        quarantined: folder::quarantines(folder)?,
        copies: if exists { folder::migration_copies(folder)? } else { Vec::new() },
    })
}

fn condition(folder: &Path, key: Option<&DatabaseKey>) -> Result<(Condition, Option<Reader>), StoreError> {
    let has_database = folder::database(folder).try_exists()?;
    let Some(key) = key else {
        return Ok((if has_database { Condition::KeyLost } else { Condition::Absent }, None));
    };
    if !has_database && folder::check_key(folder, key)? == KeyCheck::Absent {
        return Ok((Condition::Absent, None));
    }
    let condition = match Reader::open(folder, key) {
        Ok(reader) => return Ok((Condition::Usable, Some(reader))),
        Err(StoreError::OlderSchema { found, known }) => Condition::OlderSchema { found, known },
        Err(StoreError::NewerSchema { found, known }) => Condition::NewerSchema { found, known },
        Err(StoreError::WrongKey) => Condition::KeyWrong,
        Err(StoreError::Missing) => Condition::Missing,
        Err(StoreError::Corrupt) => Condition::Damaged,
        Err(StoreError::NotRestored) => Condition::NotRestored,
        Err(StoreError::ReadOnly) => Condition::Denied,
        Err(error) => return Err(error),
    };
    Ok((condition, None))
}

fn content(connection: &Connection) -> Result<Content, StoreError> {
    connection
        .prepare(
            "SELECT (SELECT max(confirmed_at_us) FROM segment) AS checkpoint_at,
                    (SELECT count(*) FROM erasure_run WHERE holds IS NOT 1) AS unproven",
        )?
        .query_and_then([], |found| {
            Ok(Content {
                outbox: outbox::depth(connection)?,
                checkpoint_at: row::optional_time(found, "checkpoint_at")?,
                unproven: found.get("unproven")?,
            })
        })?
        .next()
        .ok_or(StoreError::Malformed { what: "segment" })?
}

/// Reads what a database that was moved aside hadn't delivered, row by row around the damage. It is the account service's
/// alone, sealed to its recovery key: what is in it was never meant to leave the desk otherwise.
///
/// # Errors
/// [`StoreError::WrongKey`], [`StoreError::Missing`], [`StoreError::NewerSchema`], or [`StoreError::Corrupt`] when not even
/// its first page opens.
pub fn recover_outbox(folder: &Path, key: &DatabaseKey) -> Result<Recovered, StoreError> {
    if folder::check_key(folder, key)? == KeyCheck::Wrong {
        return Err(StoreError::WrongKey);
    }
    let path = folder::database(folder);
    if !path.try_exists()? {
        return Err(StoreError::Missing);
    }
    let open = || database::open_reader(&path, key);
    let first = open()?;
    migrations::refuse_newer(&first)?;
    undelivered(&mut Readable { connection: first, open: &open })
}

impl Store {
    /// What the account service doesn't have yet, oldest first.
    ///
    /// # Errors
    /// What the database said.
    pub fn undelivered(&self) -> Result<Recovered, StoreError> {
        self.read(readable)
    }
}

impl Reader {
    /// What the account service doesn't have yet, oldest first.
    ///
    /// # Errors
    /// What the database said.
    pub fn undelivered(&self) -> Result<Recovered, StoreError> {
        readable(self.connection())
    }

    /// What somebody has to see to, as [`Store::tasks`](crate::Store::tasks).
    ///
    /// # Errors
    /// What the database said.
    pub fn tasks(&self) -> Result<Vec<Task>, StoreError> {
        tasks::open(self.connection())
    }
}

/// What waits in a database whose pages are whole.
fn readable(connection: &Connection) -> Result<Recovered, StoreError> {
    let mut recovered = Recovered { rows: Vec::new(), lost: 0 };
    for seq in waiting(connection)? {
        match outbox::read(connection, seq) {
            Ok(row) => recovered.rows.push(row),
            Err(StoreError::Malformed { .. }) => recovered.lost += 1,
            Err(error) => return Err(error),
        }
    }
    Ok(recovered)
}

/// A damaged database. SQLCipher gives a connection up with the first page that it can't authenticate, so what comes
/// behind takes a new one.
struct Readable<'a> {
    connection: Connection,
    open: &'a dyn Fn() -> Result<Connection, StoreError>,
}

impl Readable<'_> {
    /// What the search finds; `None` if there is damage in its way.
    fn search<T>(
        &mut self,
        search: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        match search(&self.connection) {
            Ok(found) => Ok(Some(found)),
            Err(StoreError::Malformed { .. }) => Ok(None),
            Err(StoreError::Corrupt) => {
                self.connection = (self.open)()?;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

fn undelivered(database: &mut Readable<'_>) -> Result<Recovered, StoreError> {
    let mut recovered = Recovered { rows: Vec::new(), lost: 0 };
    let numbers = match database.search(waiting)? {
        Some(numbers) => numbers,
        // The index is damaged: every number that there may be.
        None => (1..=database.search(last)?.ok_or(StoreError::Corrupt)?).collect(),
    };
    for seq in numbers {
        match database.search(|connection| waiting_row(connection, seq))? {
            Some(row) => recovered.rows.extend(row),
            None => recovered.lost += 1,
        }
    }
    Ok(recovered)
}

/// Numbers of the rows that still have to be delivered, out of the index alone.
fn waiting(connection: &Connection) -> Result<Vec<i64>, StoreError> {
    let mut numbers: Vec<i64> = connection
        .prepare("SELECT seq FROM outbox INDEXED BY outbox_waiting WHERE settled_at_us IS NULL")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    numbers.sort_unstable();
    Ok(numbers)
}

fn last(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.query_row("SELECT coalesce(max(seq), 0) FROM outbox", [], |row| row.get(0))?)
}

/// A row, if it still has to be delivered.
fn waiting_row(connection: &Connection, seq: i64) -> Result<Option<OutboxRow>, StoreError> {
    let waits = connection
        .prepare_cached("SELECT 1 FROM outbox WHERE seq = ?1 AND settled_at_us IS NULL")?
        .exists([seq])?;
    waits.then(|| outbox::read(connection, seq)).transpose()
}
