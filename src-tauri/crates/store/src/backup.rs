//! Backups: an encrypted copy of the whole database, made beside the running desk.
//!
//! A backup counts as made when it was opened again, every page's authentication code was checked, its hash chain
//! verified and its last byte was on disk; until then it lies under another name. It holds the keys that were live at that
//! moment, so it is marked and can't be opened as a store: [`restore`](crate::restore) makes the erasures again first.
//!
//! The copy is made page by page by SQLite's backup interface, in one read transaction: the desk goes on writing, the copy
//! shows one moment. Pages reach the disk under the backup's key only.

use std::{fs, ops::ControlFlow, path::Path};

use rusqlite::{
    Connection,
    backup::{Backup, StepResult},
};

use crate::{
    BackupKey, DatabaseKey, Head, Reader, Store, StoreError, Verification, database, folder, verify,
};

/// Pages that are copied between two looks at whether somebody cancelled: one mebibyte, a few milliseconds.
const PAGES_PER_STEP: i32 = 256;

/// How far a copy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Pages (4 KiB) that were copied.
    pub done: u64,
    /// Pages that there are.
    pub total: u64,
}

/// Is told how far a copy is, and may break it off.
pub type OnProgress<'a> = &'a mut dyn FnMut(Progress) -> ControlFlow<()>;

/// What a backup holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackupMade {
    /// Events in its journal.
    pub events: u64,
    /// The last of them.
    pub head: Head,
    /// The file's size in bytes.
    pub bytes: u64,
}

impl Store {
    /// Makes a backup in the new file `to`, beside the running desk. While it is made, [`Store::verify`] waits, and the
    /// write-ahead log of an erasure is emptied right after it.
    ///
    /// # Errors
    /// Nothing is left then: [`StoreError::Exists`], [`StoreError::Cancelled`], [`StoreError::Broken`] when the store's own
    /// chain doesn't verify, [`StoreError::DiskFull`], [`StoreError::ReadOnly`], or what the database said.
    pub fn backup(
        &self,
        to: &Path,
        key: &BackupKey,
        progress: OnProgress<'_>,
    ) -> Result<BackupMade, StoreError> {
        self.read_long(|reader| reader.backup(to, key, progress))
    }
}

impl Reader {
    /// As [`Store::backup`], from another process.
    ///
    /// # Errors
    /// As [`Store::backup`].
    pub fn backup(
        &self,
        to: &Path,
        key: &BackupKey,
        progress: OnProgress<'_>,
    ) -> Result<BackupMade, StoreError> {
        let (events, head) = make(self.connection(), to, key, progress, verified)?;
        Ok(BackupMade { events, head, bytes: fs::metadata(to)?.len() })
    }
}

/// Copies the database into the new file `copy` under its own key, as it is before a migration.
pub(crate) fn before_migration(
    source: &Connection,
    copy: &Path,
    key: &DatabaseKey,
) -> Result<(), StoreError> {
    // One that an interrupted migration left: the database is still as it was then.
    folder::remove(copy)?;
    // Whether an older schema's chain verifies is asked behind the migration, by the program that knows the newer one.
    make(source, copy, &BackupKey::Desk(key.clone()), &mut |_| ControlFlow::Continue(()), whole)
}

/// Copies every page of `source`, as it is at one moment, into the empty `target`.
pub(crate) fn copy(
    source: &Connection,
    target: &mut Connection,
    progress: OnProgress<'_>,
) -> Result<(), StoreError> {
    let moment = source.unchecked_transaction()?;
    moment.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    let backup = Backup::new(source, target)?;
    loop {
        let step = backup.step(PAGES_PER_STEP)?;
        let pages = backup.progress();
        let total = u64::try_from(pages.pagecount).unwrap_or(0);
        let done = total.saturating_sub(u64::try_from(pages.remaining).unwrap_or(0));
        if progress(Progress { done, total }).is_break() {
            return Err(StoreError::Cancelled);
        }
        match step {
            StepResult::Done => return Ok(()),
            StepResult::More => {}
            StepResult::Busy | StepResult::Locked | _ => return Err(StoreError::Busy),
        }
    }
}

/// Every page's authentication code is right, and the tables hold together.
pub(crate) fn whole(connection: &Connection) -> Result<(), StoreError> {
    for check in ["PRAGMA cipher_integrity_check", "PRAGMA quick_check"] {
        let findings: Vec<String> =
            connection.prepare(check)?.query_map([], |found| found.get(0))?.collect::<Result<_, _>>()?;
        if findings.iter().any(|finding| finding != "ok") {
            return Err(StoreError::Corrupt);
        }
    }
    Ok(())
}

/// [`whole`], and the hash chain verifies: number of events and the last one.
pub(crate) fn verified(connection: &Connection) -> Result<(u64, Head), StoreError> {
    whole(connection)?;
    match verify::verify(connection)? {
        Verification::Intact { events, head, .. } => Ok((events, head)),
        Verification::Broken { seq, what } => Err(StoreError::Broken { seq, what }),
    }
}

/// Makes the file under another name, checks it, and gives it its name.
fn make<T>(
    source: &Connection,
    to: &Path,
    key: &BackupKey,
    progress: OnProgress<'_>,
    check: fn(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    if to.try_exists()? {
        return Err(StoreError::Exists);
    }
    let unfinished = folder::sibling(to, "unfinished");
    folder::remove(&unfinished)?;
    let made = write(source, &unfinished, key, progress)
        .and_then(|()| check(&database::open_reader(&unfinished, key)?))
        .and_then(|made| folder::rename(&unfinished, to).map(|()| made));
    if made.is_err() && folder::remove(&unfinished).is_err() {
        tracing::warn!(path = %unfinished.display(), "an unfinished copy could not be removed");
    }
    made
}

fn write(
    source: &Connection,
    path: &Path,
    key: &BackupKey,
    progress: OnProgress<'_>,
) -> Result<(), StoreError> {
    folder::create_private(path)?;
    let mut target = database::open_copy(path, key)?;
    copy(source, &mut target, progress)?;
    target.pragma_update(None, "application_id", database::BACKUP_ID)?;
    // One file, which opens from read-only media as well.
    target.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
    target.close().map_err(|(_, error)| error)?;
    fs::File::open(path)?.sync_all()?;
    Ok(())
}
