//! Restoring a backup: what was erased since it was made is erased again before anybody can open it.
//!
//! Everything happens in a folder beside the store's place, in a database that is still marked as a backup; its last two
//! steps are to take the mark away together with the destroyed keys, in one transaction, and to give the folder its name.
//! A crash on the way leaves nothing at the store's place, and the next try begins anew. Between these two steps whoever
//! restores does what has to be done before the store can be opened ([`Restoration::finish`]).

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use uuid::Uuid;

use crate::{
    BackupKey, DatabaseKey, ErasureList, Head, OnProgress, Phase, StoreError, backup, database, erasure,
    erasure_list,
    folder::{self, Folder},
    migrations, row,
};

/// What was erased since the backup was made.
#[derive(Debug, Clone, Copy)]
pub enum Erasures<'a> {
    /// The list that lay beside the store (`store.erasures`), the newest that there is.
    In(&'a Path),
    /// The list is lost with the disk. What may have been erased is erased then: every scope but those with something that
    /// the account service doesn't have yet, and those under a legal hold.
    Lost,
}

/// What was restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restored {
    /// Events in the journal.
    pub events: u64,
    /// The last of them.
    pub head: Head,
    /// When the last of them was decided: what happened later isn't in this backup.
    pub newest: Option<Timestamp>,
    /// Scopes whose keys the backup still held and that were destroyed.
    pub erased: u64,
    /// Outbox rows that still have to be delivered; each asks first, for it may have arrived since.
    pub waiting: u64,
}

/// A store that was made out of a backup and only lacks its name. Dropped without [`Restoration::finish`], it is removed.
#[derive(Debug)]
pub struct Restoration {
    reserved: Folder,
    unfinished: PathBuf,
    restored: Restored,
    is_finished: bool,
}

impl Restoration {
    /// Makes the store `folder` out of a backup, under the key `key`, all but its name. `now` is when what a lost list may have
    /// held counts as erased.
    ///
    /// # Errors
    /// Nothing is left then: [`StoreError::Exists`] when there is a store already, or a list although it should be lost;
    /// [`StoreError::InUse`],
    /// [`StoreError::WrongKey`] (or not a backup), [`StoreError::Missing`], [`StoreError::Corrupt`] or [`StoreError::Broken`]
    /// when the backup is damaged, [`StoreError::NewerSchema`], [`StoreError::ErasuresIncomplete`], [`StoreError::Cancelled`],
    /// [`StoreError::DiskFull`], [`StoreError::ReadOnly`], or what the database said.
    pub fn prepare(
        from: &Path,
        backup_key: &BackupKey,
        folder: &Path,
        key: &DatabaseKey,
        erasures: Erasures<'_>,
        now: Timestamp,
        progress: OnProgress<'_>,
    ) -> Result<Self, StoreError> {
        let source = open_backup(from, backup_key, progress)?;
        let reserved = Folder::reserve(folder)?;
        let lists = lists(folder, erasures)?;
        let unfinished = folder::sibling(folder, "restoring");
        remove(&unfinished)?;
        folder::create(&unfinished)?;
        let place = Place { unfinished: &unfinished, key };
        match place.fill(&source, &lists, now, progress) {
            Ok(restored) => Ok(Self { reserved, unfinished, restored, is_finished: false }),
            Err(error) => {
                remove_or_warn(&unfinished);
                Err(error)
            }
        }
    }

    /// Gives the store its name: from here on it opens. The list of erasures follows; a crash in between is made up for by the
    /// next opening, for the store itself holds all of it.
    ///
    /// # Errors
    /// What the disk said; whether the store has its name then, a look tells.
    pub fn finish(mut self) -> Result<Restored, StoreError> {
        let folder = self.reserved.path();
        folder::take_place(&self.unfinished, folder)?;
        self.is_finished = true;
        let list = ErasureList::beside(&self.unfinished);
        if let Err(error) = folder::rename(&list, &ErasureList::beside(folder)) {
            tracing::warn!(%error, "the list of erasures was not put in its place; the next opening writes it anew");
        }
        Ok(self.restored)
    }
}

impl Drop for Restoration {
    fn drop(&mut self) {
        if !self.is_finished {
            remove_or_warn(&self.unfinished);
        }
    }
}

/// Removes what an unfinished restoration left.
fn remove(unfinished: &Path) -> Result<(), StoreError> {
    folder::remove_all(unfinished)?;
    folder::remove(&ErasureList::beside(unfinished))
}

fn remove_or_warn(unfinished: &Path) {
    if let Err(error) = remove(unfinished) {
        tracing::warn!(path = %unfinished.display(), %error, "an unfinished restoration could not be removed");
    }
}

/// The list that was given, and the one that lies at the store's place already.
fn lists(folder: &Path, erasures: Erasures<'_>) -> Result<Vec<ErasureList>, StoreError> {
    let beside = ErasureList::beside(folder);
    let lies_there = beside.try_exists()?;
    let mut lists = Vec::new();
    if lies_there {
        lists.push(ErasureList::read(&beside)?);
    }
    match erasures {
        // It is not lost.
        Erasures::Lost if lies_there => return Err(StoreError::Exists),
        Erasures::Lost => {}
        // A list that isn't there would read as an empty one.
        Erasures::In(list) if !list.try_exists()? => return Err(StoreError::ErasuresIncomplete),
        Erasures::In(list) if list == beside => {}
        Erasures::In(list) => lists.push(ErasureList::read(list)?),
    }
    Ok(lists)
}

/// Opens a backup and checks every page of it; its chain is verified behind the migration.
fn open_backup(path: &Path, key: &BackupKey, progress: OnProgress<'_>) -> Result<Connection, StoreError> {
    if !path.try_exists()? {
        return Err(StoreError::Missing);
    }
    // SQLCipher reports a wrong key and a damaged first page alike. Nothing beside a backup tells them apart; of the two a
    // mistyped passphrase is the likelier one by far.
    let source = database::open_reader(path, key)
        .map_err(|error| if matches!(error, StoreError::Corrupt) { StoreError::WrongKey } else { error })?;
    migrations::refuse_newer(&source)?;
    backup::begin(Phase::Verifying, progress)?;
    backup::whole(&source)?;
    Ok(source)
}

/// Where a store is made.
struct Place<'a> {
    /// The folder that it is made in.
    unfinished: &'a Path,
    key: &'a DatabaseKey,
}

impl Place<'_> {
    /// Makes the whole store, so that it only lacks its name.
    fn fill(
        &self,
        source: &Connection,
        lists: &[ErasureList],
        now: Timestamp,
        progress: OnProgress<'_>,
    ) -> Result<Restored, StoreError> {
        let path = folder::database(self.unfinished);
        folder::create_private(&path)?;
        let mut copy = database::open_copy(&path, self.key)?;
        backup::copy(source, &mut copy, progress)?;
        // Somebody may have copied a live store by hand, which holds the same keys.
        copy.pragma_update(None, "application_id", database::BACKUP_ID)?;
        copy.close().map_err(|(_, error)| error)?;

        backup::begin(Phase::Upgrading, progress)?;
        let mut connection = database::open_writer(&path, self.key)?;
        migrations::migrate(&mut connection)?;
        let (erased, waiting) = self.make_safe(&mut connection, lists, now, progress)?;
        if !erasure::truncate_log(&connection)? {
            return Err(StoreError::Busy);
        }
        backup::begin(Phase::Verifying, progress)?;
        let (events, head) = backup::verified(&connection)?;
        let newest = newest(&connection)?;
        database::trust(&connection)?;
        connection.close().map_err(|(_, error)| error)?;
        folder::remember_key(self.unfinished, self.key)?;
        backup::begin(Phase::Naming, progress)?;
        Ok(Restored { events, head, newest, erased, waiting })
    }

    /// Erases again, has everything undelivered ask first, and takes the mark of a backup away, in one transaction.
    fn make_safe(
        &self,
        connection: &mut Connection,
        lists: &[ErasureList],
        now: Timestamp,
        progress: OnProgress<'_>,
    ) -> Result<(u64, u64), StoreError> {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let erased = if lists.is_empty() {
            erase_delivered(&transaction, now)?
        } else {
            erase_noted(&transaction, lists)?
        };
        // The list at the new place begins with all of it: an older backup may have to be restored one day.
        let beside = ErasureList::beside(self.unfinished);
        ErasureList::create(&beside, &erasure_list::destroyed_in(&transaction)?)?;
        erasure_list::apply(&transaction, &ErasureList::read(&beside)?)?;
        let waiting = ask_first(&transaction)?;
        transaction.pragma_update(None, "application_id", 0)?;
        backup::begin(Phase::Erasing, progress)?;
        transaction.commit()?;
        Ok((erased, waiting))
    }
}

/// Erases what the lists name. What they lack of the backup's own erasures shows another desk's, or one that was cut short.
fn erase_noted(transaction: &Transaction<'_>, lists: &[ErasureList]) -> Result<u64, StoreError> {
    let noted: BTreeSet<Uuid> = lists.iter().flat_map(ErasureList::entries).map(|(scope, _)| scope).collect();
    let backups_own = erasure_list::destroyed_in(transaction)?;
    if !backups_own.iter().all(|(scope, _)| noted.contains(scope)) {
        return Err(StoreError::ErasuresIncomplete);
    }
    lists.iter().map(|list| erasure_list::apply(transaction, list)).sum()
}

/// Erases every scope that has nothing left to deliver and that no legal hold keeps.
fn erase_delivered(transaction: &Transaction<'_>, now: Timestamp) -> Result<u64, StoreError> {
    let delivered: Vec<Uuid> = transaction
        .prepare(
            "SELECT scope_id FROM scope_key WHERE key IS NOT NULL
             AND scope_id NOT IN (SELECT scope_id FROM outbox WHERE settled_at_us IS NULL)
             AND scope_id NOT IN (SELECT visit FROM outbox WHERE settled_at_us IS NULL AND visit IS NOT NULL)
             AND scope_id NOT IN (SELECT scope_id FROM retention_end WHERE held)",
        )?
        .query_and_then([], |found| row::uuid(found, "scope_id"))?
        .collect::<Result<_, _>>()?;
    for scope in &delivered {
        erasure::destroy_id(transaction, *scope, now)?;
    }
    Ok(delivered.len() as u64)
}

/// What waits may have been delivered since the backup was made: the service is asked before anything is sent again.
fn ask_first(transaction: &Transaction<'_>) -> Result<u64, StoreError> {
    let waiting = transaction.execute(
        "UPDATE outbox SET state = 'unknown', last_outcome = 'unknown', lease_until_us = NULL
         WHERE settled_at_us IS NULL",
        [],
    )?;
    Ok(waiting as u64)
}

fn newest(connection: &Connection) -> Result<Option<Timestamp>, StoreError> {
    connection
        .prepare("SELECT max(at_us) AS newest FROM journal")?
        .query_and_then([], |found| row::optional_time(found, "newest"))?
        .next()
        .unwrap_or(Ok(None))
}
