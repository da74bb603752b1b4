//! The desk's file of wrong tries. It is replaced whole (written beside, made durable, renamed), and every use of it holds
//! a lock beside it, so that several instances count together.
//!
//! A file that isn't what this module writes is damaged. Then everybody counts as locked for [`LOCK`]: damaging the file
//! wins nobody a free try, and the desk needs no administrator to come back. The damaged file is kept beside the new one.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::PinError;

/// Wrong tries that lock an account. Few enough for guessing to be hopeless (see `Pin`), enough for a clerk who mixes up two
/// PINs.
pub const MAX_TRIES: u8 = 5;
/// How long an account is locked. Long enough to make guessing take years, short enough for a clerk to wait it out.
pub const LOCK: SignedDuration = SignedDuration::from_mins(15);
/// Longest file that is read: 200 members, each locked, take about 25 KiB.
const MAX_FILE_BYTES: u64 = 64 * 1024;

/// Where wrong tries are counted.
pub(crate) struct TriesFile {
    path: PathBuf,
}

/// The wrong tries as they are on disk, held against every other instance until dropped.
pub(crate) struct Tries<'a> {
    file: &'a TriesFile,
    content: Content,
    _lock: File,
}

/// What stands in the file. A file cut to nothing isn't it.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    /// By id.
    tries: BTreeMap<String, Count>,
}

/// An account with wrong tries since its last right one; in the file `wrong = 3` or `locked_until = "…"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Count {
    /// 1 to [`MAX_TRIES`] - 1.
    Wrong(u8),
    /// [`MAX_TRIES`] were wrong.
    LockedUntil(Timestamp),
}

impl TriesFile {
    /// Makes sure that tries can be counted there.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = Self { path: path.to_owned() };
        file.lock()?;
        Ok(file)
    }

    /// Waits for other instances, then reads. Only tries of `members` are kept.
    pub(crate) fn take<'a>(
        &self,
        members: impl Iterator<Item = &'a str> + Clone,
        now: Timestamp,
    ) -> io::Result<Tries<'_>> {
        let lock = self.lock()?;
        let mut content = match self.read()? {
            Some(content) => content,
            None => {
                tracing::warn!("the file of wrong tries is damaged: every account is locked");
                self.keep_damaged();
                let locked = Count::LockedUntil(lock_end(now));
                Content { tries: members.clone().map(|id| (id.to_owned(), locked)).collect() }
            }
        };
        content.tries.retain(|id, _| members.clone().any(|member| member == id));
        Ok(Tries { file: self, content, _lock: lock })
    }

    /// `None` if the file is damaged. No file is no wrong tries: so it is at a desk's first start.
    fn read(&self) -> io::Result<Option<Content>> {
        let file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Some(Content::default())),
            Err(error) => return Err(error),
        };
        let mut bytes = Vec::new();
        let length = file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
        let fits = u64::try_from(length).is_ok_and(|length| length <= MAX_FILE_BYTES);
        let content: Option<Content> = toml::from_slice(&bytes).ok().filter(|_| fits);
        Ok(content.filter(|content| content.tries.values().all(Count::is_sound)))
    }

    /// Gives the damaged file a second name; its first is about to be the new file's. Never moved: a crash in between would
    /// leave no file, and no file is no wrong tries. Where there are no hard links it is lost; nothing but counts stood in it.
    fn keep_damaged(&self) {
        let aside = self.beside("damaged");
        fs::remove_file(&aside).ok();
        fs::hard_link(&self.path, aside).ok();
    }

    fn lock(&self) -> io::Result<File> {
        let lock = private().truncate(false).open(self.beside("lock"))?;
        lock.lock()?;
        Ok(lock)
    }

    /// `tries.toml` → `tries.toml.lock`
    fn beside(&self, suffix: &str) -> PathBuf {
        let mut name = OsString::from(&self.path);
        name.push(".");
        name.push(suffix);
        name.into()
    }
}

impl Tries<'_> {
    /// Counts a try, as wrong because it isn't known yet, and says what the account's count is then. On disk when this
    /// returns.
    pub(crate) fn count(&mut self, id: &str, now: Timestamp) -> Result<Count, PinError> {
        let counted = Count::one_more(self.content.tries.get(id).copied(), now);
        self.content.tries.insert(id.to_owned(), counted.unwrap_or_else(Count::LockedUntil));
        self.save().map_err(PinError::Storage)?;
        counted.map_err(|until| PinError::Locked { until })
    }

    /// Forgets the wrong tries of an account. On disk when this returns.
    pub(crate) fn clear(&mut self, id: &str) -> io::Result<()> {
        self.content.tries.remove(id);
        self.save()
    }

    /// Writes everything as it is.
    pub(crate) fn save(&self) -> io::Result<()> {
        let text = toml::to_string(&self.content).map_err(io::Error::other)?;
        let unfinished = self.file.beside("new");
        let mut file = private().truncate(true).open(&unfinished)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(unfinished, &self.file.path)?;
        make_rename_last(&self.file.path)
    }
}

impl Count {
    /// The count after one more try; `Err` holds until when there is none.
    fn one_more(before: Option<Self>, now: Timestamp) -> Result<Self, Timestamp> {
        match before {
            // A clock that was set back makes no lock longer than a fresh one, and none shorter.
            Some(Self::LockedUntil(until)) if now < until => Err(until.min(lock_end(now))),
            Some(Self::LockedUntil(_)) | None => Ok(Self::Wrong(1)),
            Some(Self::Wrong(wrong)) if wrong + 1 < MAX_TRIES => Ok(Self::Wrong(wrong + 1)),
            Some(Self::Wrong(_)) => Ok(Self::LockedUntil(lock_end(now))),
        }
    }

    fn is_sound(&self) -> bool {
        match self {
            Self::Wrong(wrong) => (1..MAX_TRIES).contains(wrong),
            Self::LockedUntil(_) => true,
        }
    }
}

fn lock_end(now: Timestamp) -> Timestamp {
    now.checked_add(LOCK).unwrap_or(Timestamp::MAX)
}

/// For files that nobody else reads or writes.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes a rename last through a power cut. Windows has no such call for folders and needs none.
fn make_rename_last(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
