//! Where a backup goes, and whether that is a good place.

use std::{
    fs,
    path::{Path, PathBuf},
};

use store::StoreError;

use crate::failure::Failure;

/// The file that is about to be made.
pub(super) struct Target {
    pub(super) file: PathBuf,
    /// The folder that it lies in.
    pub(super) folder: PathBuf,
    /// Its name was given by the program.
    pub(super) is_of_series: bool,
}

impl Target {
    /// `named` is a new file, or a folder in which the series goes on with `name`.
    ///
    /// # Errors
    /// [`Failure::TargetFolderMissing`], [`Failure::TargetExists`], [`Failure::TargetInStore`].
    pub(super) fn find(named: &Path, name: &str, store: &Path) -> Result<Self, Failure> {
        let is_of_series = named.is_dir();
        let file = if is_of_series { named.join(name) } else { named.to_owned() };
        let folder = file.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = fs::canonicalize(folder)
            .map_err(|_| Failure::TargetFolderMissing { path: folder.display().to_string() })?;
        if file.symlink_metadata().is_ok() {
            return Err(Failure::TargetExists { path: file.display().to_string() });
        }
        if fs::canonicalize(store).is_ok_and(|store| folder.starts_with(store)) {
            return Err(Failure::TargetInStore { path: file.display().to_string() });
        }
        Ok(Self { file, folder, is_of_series })
    }

    /// What the store's errors mean for a backup that is made here. The desk's own records are only read.
    pub(super) fn failure(&self, error: StoreError) -> Failure {
        let path = self.file.display().to_string();
        #[expect(clippy::wildcard_enum_match_arm, reason = "all others mean what they mean of any store")]
        match error {
            StoreError::Exists => Failure::TargetExists { path },
            StoreError::DiskFull => Failure::TargetFull { path },
            StoreError::ReadOnly => Failure::TargetReadOnly { path },
            error => error.into(),
        }
    }

    /// Whether it lies on the disk of the desk's own records, and goes with them; `None` if that can't be told.
    pub(super) fn is_on_the_disk_of(&self, store: &Path) -> Option<bool> {
        Some(disk(&self.folder)? == disk(store)?)
    }
}

/// What tells one file system from another.
#[cfg(unix)]
fn disk(path: &Path) -> Option<u64> {
    fs::metadata(path).ok().map(|found| std::os::unix::fs::MetadataExt::dev(&found))
}

/// What tells one file system from another: drive or share.
#[cfg(not(unix))]
fn disk(path: &Path) -> Option<std::ffi::OsString> {
    fs::canonicalize(path).ok()?.components().next().map(|it| it.as_os_str().to_owned())
}
