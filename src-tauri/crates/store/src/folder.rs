//! The store's folder: database, write-ahead log and key check lie together, so that moving a damaged database aside is
//! one rename and nothing of it can be left behind.

use std::{
    fs::{self, DirBuilder, File, TryLockError},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use crate::{DatabaseKey, StoreError};

/// Name of the store's folder in the desk's data folder.
pub const STORE_FOLDER: &str = "store";
const DATABASE: &str = "identplatz.db";
const KEY_CHECK: &str = "key-check";
const COPY_PREFIX: &str = "of-schema-";
const COPY_SUFFIX: &str = ".db";
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
        Self::lock(path)
    }

    /// Takes the place of a folder that isn't there yet, or is empty.
    pub(crate) fn reserve(path: &Path) -> Result<Self, StoreError> {
        let reserved = Self::lock(path)?;
        if !is_free(path)? {
            return Err(StoreError::Exists);
        }
        Ok(reserved)
    }

    fn lock(path: &Path) -> Result<Self, StoreError> {
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

    /// Removes the copies from before migrations, and what an interrupted one left.
    pub(crate) fn remove_migration_copies(&self) -> Result<(), StoreError> {
        remove_migration_copies(&self.path)
    }

    /// Where the copy of a database of this schema lies, from its migration until a later start or an erasure.
    pub(crate) fn migration_copy(&self, schema: i64) -> PathBuf {
        self.path.join(format!("{COPY_PREFIX}{schema}{COPY_SUFFIX}"))
    }

    /// Compares the key with the one that the database was made with.
    pub(crate) fn check_key(&self, key: &DatabaseKey) -> Result<KeyCheck, StoreError> {
        check_key(&self.path, key)
    }

    /// Remembers the key's check; called when the database is complete.
    pub(crate) fn remember_key(&self, key: &DatabaseKey) -> Result<(), StoreError> {
        remember_key(&self.path, key)?;
        sync_parent(&self.path)
    }

    /// Moves everything aside and says where it is. Never deletes anything.
    pub(crate) fn quarantine(&self) -> Result<PathBuf, StoreError> {
        for number in 1..=MAX_QUARANTINES {
            let aside = sibling(&self.path, &format!("quarantine-{number}"));
            if !aside.try_exists()? {
                rename(&self.path, &aside)?;
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

/// Size of the database in `folder` and of its write-ahead log.
pub(crate) fn database_bytes(folder: &Path) -> Result<u64, StoreError> {
    let database = database(folder);
    let mut bytes = 0;
    for file in [database.with_extension("db-wal"), database] {
        match fs::metadata(file) {
            Ok(found) => bytes += found.len(),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(bytes)
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

/// Notes beside the database in `folder` which key it was made with.
pub(crate) fn remember_key(folder: &Path, key: &DatabaseKey) -> Result<(), StoreError> {
    let (path, unfinished) = (folder.join(KEY_CHECK), folder.join("key-check.new"));
    let mut file = File::create(&unfinished)?;
    file.write_all(&key.check())?;
    file.sync_all()?;
    rename(&unfinished, &path)
}

/// Removes the copies from before migrations that lie in `folder`, half ones included.
pub(crate) fn remove_migration_copies(folder: &Path) -> Result<(), StoreError> {
    files(folder, |name| name.starts_with(COPY_PREFIX))?.iter().try_for_each(|copy| remove(copy))
}

/// The copies from before migrations that lie in `folder`.
pub(crate) fn migration_copies(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let is_copy = |name: &str| name.starts_with(COPY_PREFIX) && name.ends_with(COPY_SUFFIX);
    files(folder, is_copy)
}

/// The damaged databases that were moved aside from `folder`.
pub(crate) fn quarantines(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let prefix = sibling(folder, "quarantine-");
    let prefix = prefix.file_name().unwrap_or_default().to_string_lossy().into_owned();
    files(parent(folder), |name| name.starts_with(&prefix))
}

fn files(folder: &Path, wanted: impl Fn(&str) -> bool) -> Result<Vec<PathBuf>, StoreError> {
    let mut found = Vec::new();
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(found),
        Err(error) => return Err(error.into()),
    };
    for entry in entries {
        let entry = entry?;
        if entry.file_name().to_str().is_some_and(&wanted) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// Whether a process holds the store in `folder` open for writing.
pub(crate) fn is_held(folder: &Path) -> Result<bool, StoreError> {
    match File::open(sibling(folder, "lock")) {
        Ok(lock) => Ok(matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Makes an empty file that only this account can read.
pub(crate) fn create_private(path: &Path) -> Result<(), StoreError> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?;
    Ok(())
}

/// Gives a complete folder its place, which is free.
pub(crate) fn take_place(from: &Path, to: &Path) -> Result<(), StoreError> {
    match fs::remove_dir(to) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error.into()),
    }
    rename(from, to)
}

fn is_free(path: &Path) -> Result<bool, StoreError> {
    match fs::read_dir(path) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotADirectory => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Removes a folder and all that is in it; that there is none is no error.
pub(crate) fn remove_all(path: &Path) -> Result<(), StoreError> {
    match fs::remove_dir_all(path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Removes a file; that there is none is no error.
pub(crate) fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Gives a file or folder another name, which lasts through a power cut.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    fs::rename(from, to)?;
    sync_parent(to)
}

pub(crate) fn create(path: &Path) -> Result<(), StoreError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    Ok(builder.create(path)?)
}

/// `store` → `store.quarantine-1`
pub(crate) fn sibling(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(suffix);
    path.with_file_name(name)
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn sync_parent(path: &Path) -> Result<(), StoreError> {
    sync(parent(path))
}

/// Makes a rename last through a power cut. Windows has no such call for folders and needs none.
fn sync(folder: &Path) -> Result<(), StoreError> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
