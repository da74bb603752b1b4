//! Backups: an encrypted copy of the whole database, made beside the running desk.
//!
//! A backup counts as made when it was opened again, every page's authentication code was checked, its hash chain
//! verified and its last byte was on disk; until then it lies under another name. It holds the keys that were live at that
//! moment, so it is marked and can't be opened as a store: [`restore`](crate::restore) makes the erasures again first.
//!
//! The copy is made page by page by SQLite's backup interface, in one read transaction: the desk goes on writing, the copy
//! shows one moment. Pages reach the disk under the backup's key only.

use std::{fs, io::ErrorKind, ops::ControlFlow, path::Path};

use jiff::Timestamp;
use rusqlite::{
    Connection,
    backup::{Backup, StepResult},
};

use crate::{
    BackupKey, DatabaseKey, Head, Reader, Store, StoreError, Verification, database, folder, verify,
};

/// Pages that are copied between two looks at whether somebody cancelled: one mebibyte, a few milliseconds.
const PAGES_PER_STEP: i32 = 256;

/// Beside the store: when the last backup was made.
const NOTE: &str = "backed-up";

/// How far a backup or a restoration is. Each phase is told before it begins, so what came before it is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub phase: Phase,
    /// Pages (4 KiB) that were copied; 0 in all other phases.
    pub done: u64,
    /// Pages that there are to copy; 0 likewise.
    pub total: u64,
}

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Pages are copied, told again and again.
    Copying,
    /// Every page and the hash chain are checked; of large databases this takes seconds.
    Verifying,
    /// An older schema is brought to the newest.
    Upgrading,
    /// What was erased since is erased again, in one transaction, and that is about to be committed.
    Erasing,
    /// Everything is made and only lacks its name.
    Naming,
}

/// Is told how far a backup or a restoration is, and may break it off.
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
    progress: OnProgress<'_>,
) -> Result<(), StoreError> {
    // One that an interrupted migration left: the database is still as it was then.
    folder::remove(copy)?;
    // Whether an older schema's chain verifies is asked behind the migration, by the program that knows the newer one.
    make(source, copy, &BackupKey::Desk(key.clone()), progress, whole)
}

/// Whether the file is a backup that this key opens; anything else is somebody else's.
///
/// # Errors
/// Only if the file can't be read.
pub fn is_backup(file: &Path, key: &BackupKey) -> Result<bool, StoreError> {
    match database::open_reader(file, key).and_then(|connection| database::refuse_backup(&connection)) {
        Ok(()) | Err(StoreError::Corrupt) => Ok(false),
        Err(StoreError::NotRestored) => Ok(true),
        Err(error) => Err(error),
    }
}

/// Notes beside the store in `folder` that a backup of it was made: what [`Diagnosis::backed_up_at`](crate::Diagnosis) tells.
///
/// # Errors
/// What the disk said.
pub fn note_backup(folder: &Path, at: Timestamp) -> Result<(), StoreError> {
    let (note, unfinished) = (folder::sibling(folder, NOTE), folder::sibling(folder, "backed-up.new"));
    fs::write(&unfinished, at.to_string())?;
    folder::rename(&unfinished, &note)
}

/// When the last backup was made, if that was noted and can be read.
pub(crate) fn noted(folder: &Path) -> Result<Option<Timestamp>, StoreError> {
    match fs::read_to_string(folder::sibling(folder, NOTE)) {
        Ok(text) => Ok(text.parse().ok()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Tells what begins now.
pub(crate) fn begin(phase: Phase, progress: OnProgress<'_>) -> Result<(), StoreError> {
    if progress(Progress { phase, done: 0, total: 0 }).is_break() {
        return Err(StoreError::Cancelled);
    }
    Ok(())
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
        if progress(Progress { phase: Phase::Copying, done, total }).is_break() {
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
        .and_then(|()| begin(Phase::Verifying, progress))
        .and_then(|()| check(&database::open_reader(&unfinished, key)?))
        .and_then(|made| begin(Phase::Naming, progress).map(|()| made))
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
