//! What a desk keeps of the lists in its trust folder, so that nobody brings an older one back: which were the newest.
//! What the text says is for others to write and to read; here it is kept in the data folder.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Read, Write},
    path::Path,
};

use crate::SettingsError;

/// Its file in the data folder.
const FILE: &str = "newest-lists";
/// Under which it is written before it takes the other's place.
const UNFINISHED: &str = "newest-lists.new";
/// Longest text: a line of about a hundred bytes for each kind of list and root.
const MAX_BYTES: u64 = 64 * 1024;

/// What was kept the last time; empty if nothing ever was.
///
/// # Errors
/// [`SettingsError::Read`] and [`SettingsError::TooLarge`]: without it an older list would pass for the newest.
pub fn trust_memory(data_dir: &Path) -> Result<String, SettingsError> {
    let path = data_dir.join(FILE);
    let mut text = String::new();
    let read = File::open(&path).and_then(|file| file.take(MAX_BYTES + 1).read_to_string(&mut text));
    match read {
        Ok(_) if u64::try_from(text.len()).is_ok_and(|length| length <= MAX_BYTES) => Ok(text),
        Ok(_) => Err(SettingsError::TooLarge { path, limit: MAX_BYTES }),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(text),
        Err(source) => Err(SettingsError::Read { path, source }),
    }
}

/// Keeps another text, if it is another: the old one or the new one is there, whenever the power fails. The file belongs to
/// whoever the data folder belongs to, so that an administrator's program doesn't lock the desk out.
///
/// Two programs that do so at once may lose a line of one of them, which the next start adds again: the newer list is
/// still in the folder.
///
/// # Errors
/// [`SettingsError::Write`].
pub fn keep_trust_memory(data_dir: &Path, text: &str) -> Result<(), SettingsError> {
    if trust_memory(data_dir).is_ok_and(|kept| kept == text) {
        return Ok(());
    }
    replace(data_dir, text).map_err(|source| SettingsError::Write { path: data_dir.join(FILE), source })
}

fn replace(data_dir: &Path, text: &str) -> io::Result<()> {
    let unfinished = data_dir.join(UNFINISHED);
    let mut file = File::create(&unfinished)?;
    file.write_all(text.as_bytes())?;
    give_to_owner_of(data_dir, &unfinished)?;
    file.sync_all()?;
    drop(file);
    fs::rename(unfinished, data_dir.join(FILE))?;
    // A rename lasts through a power cut once its folder is written; Windows has no such call for folders.
    if cfg!(unix) { File::open(data_dir)?.sync_all() } else { Ok(()) }
}

#[cfg(unix)]
fn give_to_owner_of(folder: &Path, file: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, chown};
    let owner = fs::metadata(folder)?;
    let own = fs::metadata(file)?;
    if (own.uid(), own.gid()) == (owner.uid(), owner.gid()) {
        return Ok(());
    }
    chown(file, Some(owner.uid()), Some(owner.gid()))
}

/// Elsewhere a file takes the access list of its folder.
#[cfg(not(unix))]
fn give_to_owner_of(_: &Path, _: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_there_the_next_time_and_nothing_the_first_time() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(trust_memory(folder.path()).unwrap(), "");
        for text in ["master 2026-10-28T10:30:00Z a5\n", "another\n", ""] {
            keep_trust_memory(folder.path(), text).unwrap();
            assert_eq!(trust_memory(folder.path()).unwrap(), text);
        }
        let files: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
        assert_eq!(files, [FILE], "nothing unfinished is left");
    }

    #[test]
    fn the_same_text_is_not_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let written = || fs::metadata(folder.path().join(FILE)).unwrap().modified().unwrap();
        keep_trust_memory(folder.path(), "one").unwrap();
        let first = written();
        keep_trust_memory(folder.path(), "one").unwrap();
        assert_eq!(written(), first);
    }

    #[test]
    fn what_cannot_be_read_or_kept_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let nowhere = folder.path().join("nowhere");
        assert!(matches!(keep_trust_memory(&nowhere, "one"), Err(SettingsError::Write { .. })));
        fs::write(folder.path().join(FILE), "x".repeat(usize::try_from(MAX_BYTES).unwrap() + 1)).unwrap();
        assert!(matches!(trust_memory(folder.path()), Err(SettingsError::TooLarge { .. })));
        fs::write(folder.path().join(FILE), [0xFF]).unwrap();
        assert!(matches!(trust_memory(folder.path()), Err(SettingsError::Read { .. })));
        fs::remove_file(folder.path().join(FILE)).unwrap();
        fs::create_dir(folder.path().join(FILE)).unwrap();
        assert!(matches!(trust_memory(folder.path()), Err(SettingsError::Read { .. })));
    }
}
