//! The store's folder: database, write-ahead log and key check lie together, so that moving a damaged database aside is
//! one rename and nothing of it can be left behind.

use std::{
    fs::{self, DirBuilder, File, TryLockError},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use crate::{DatabaseKey, StoreError};

const DATABASE: &str = "identplatz.db";
const KEY_CHECK: &str = "key-check";
/// Damaged databases that may lie beside the store before an administrator has to look.
const MAX_QUARANTINES: u32 = 100;

/// The folder, held by this process alone.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    /// Lies beside the folder, because quarantining renames the folder. The lock ends with the process.
    _lock: File,
}

/// What the key check beside the database says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyCheck {
    /// It is the key that the database was made with.
    Right,
    /// It is another one.
    Wrong,
    /// A store that was never completely made.
    Absent,
}

impl Folder {
    /// Makes the folder if need be, for this account alone, and takes it for this process.
    pub(crate) fn take(path: &Path) -> Result<Self, StoreError> {
        create(path)?;
        let lock = File::options().create(true).truncate(false).write(true).open(sibling(path, "lock"))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Where the database is.
    pub(crate) fn database(&self) -> PathBuf {
        database(&self.path)
    }

    /// Compares the key with the one that the database was made with.
    pub(crate) fn check_key(&self, key: &DatabaseKey) -> Result<KeyCheck, StoreError> {
        check_key(&self.path, key)
    }

    /// Remembers the key's check; called when the database is complete.
    pub(crate) fn remember_key(&self, key: &DatabaseKey) -> Result<(), StoreError> {
        let (path, unfinished) = (self.path.join(KEY_CHECK), self.path.join("key-check.new"));
        let mut file = File::create(&unfinished)?;
        file.write_all(&key.check())?;
        file.sync_all()?;
        fs::rename(unfinished, path)?;
        sync(&self.path)?;
        self.path.parent().map_or(Ok(()), sync)
    }

    /// Moves everything aside and says where it is. Never deletes anything.
    pub(crate) fn quarantine(&self) -> Result<PathBuf, StoreError> {
        for number in 1..=MAX_QUARANTINES {
            let aside = sibling(&self.path, &format!("quarantine-{number}"));
            if !aside.try_exists()? {
                fs::rename(&self.path, &aside)?;
                self.path.parent().map_or(Ok(()), sync)?;
                return Ok(aside);
            }
        }
        Err(StoreError::TooLarge { what: "number of quarantined databases", limit: MAX_QUARANTINES as usize })
    }
}

/// Path of the database in the store's folder.
pub(crate) fn database(folder: &Path) -> PathBuf {
    folder.join(DATABASE)
}

/// Compares the key with the one that the database in `folder` was made with.
pub(crate) fn check_key(folder: &Path, key: &DatabaseKey) -> Result<KeyCheck, StoreError> {
    match fs::read(folder.join(KEY_CHECK)) {
        Ok(check) if check == key.check() => Ok(KeyCheck::Right),
        Ok(_) => Ok(KeyCheck::Wrong),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(KeyCheck::Absent),
        Err(error) => Err(error.into()),
    }
}

fn create(path: &Path) -> Result<(), StoreError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    Ok(builder.create(path)?)
}

/// `store` → `store.quarantine-1`
fn sibling(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(suffix);
    path.with_file_name(name)
}

/// Makes a rename last through a power cut. Windows has no such call for folders and needs none.
fn sync(folder: &Path) -> Result<(), StoreError> {
    if cfg!(unix) {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
