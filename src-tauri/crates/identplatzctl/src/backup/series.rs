//! The backups of one desk in one folder, which have names of the program's: the old ones go when a new one was verified.
//!
//! A backup holds personal data as long as the file is there, and those that are older than what the desk itself may keep have
//! nobody to be kept for. Nothing is deleted but what has exactly such a name and opens as a backup with the same key.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};
use serde::Serialize;
use store::{BackupKey, is_backup};

/// When it was begun, in UTC.
const MOMENT: &str = "%Y%m%dT%H%M%SZ";
const BACKUP: &str = ".backup";
/// What a process that was killed left.
const UNFINISHED: &str = ".backup.unfinished";
/// A backup that is still being made after this time isn't.
const UNFINISHED_FOR: SignedDuration = SignedDuration::from_hours(24);

/// The names of a desk's backups.
#[derive(Debug)]
pub(super) struct Series {
    /// What all of them begin with.
    prefix: String,
}

/// Which backups stay.
pub(super) struct Keep<'a> {
    /// At most so many, the new one included; `None` for any number.
    pub(super) at_most: Option<usize>,
    /// How old they may become.
    pub(super) for_days: u16,
    /// What the new one was made with.
    pub(super) key: &'a BackupKey,
    pub(super) now: Timestamp,
}

/// What became of the old ones.
#[derive(Debug, Default, Serialize)]
pub(super) struct Cleared {
    pub(super) deleted: Vec<String>,
    pub(super) left: Vec<Left>,
}

/// One that should have gone.
#[derive(Debug, Serialize)]
pub(super) struct Left {
    pub(super) file: String,
    pub(super) reason: LeftReason,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum LeftReason {
    /// It opens with another key only, or is none.
    OtherKey,
    /// It can't be read.
    Unreadable,
    /// The folder doesn't let it go.
    NotDeletable,
}

impl Series {
    /// Those of the desk that the settings call so.
    pub(super) fn of(place: &str, desk: &str) -> Self {
        Self { prefix: format!("identplatz-{}+{}-", slug(place), slug(desk)) }
    }

    /// The name of one that is begun now.
    pub(super) fn name(&self, now: Timestamp) -> String {
        format!("{}{}{BACKUP}", self.prefix, now.strftime(MOMENT))
    }

    /// When the backup of this name was begun; `None` for any other name.
    fn moment(&self, name: &str, suffix: &str) -> Option<Timestamp> {
        let moment = name.strip_prefix(&self.prefix)?.strip_suffix(suffix)?;
        let moment = DateTime::strptime(MOMENT, moment).ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp();
        // What else the parser takes isn't a name of ours.
        (name == format!("{}{}{suffix}", self.prefix, moment.strftime(MOMENT))).then_some(moment)
    }

    /// Deletes the old backups beside `newest`, which is verified.
    ///
    /// # Errors
    /// If the folder can't be listed.
    pub(super) fn clear(&self, folder: &Path, newest: &Path, keep: &Keep<'_>) -> io::Result<Cleared> {
        let mut cleared = Cleared::default();
        let mut backups: Vec<(Timestamp, PathBuf)> = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let Some(name) = entry.file_name().to_str().map(ToOwned::to_owned) else { continue };
            if let Some(begun) = self.moment(&name, UNFINISHED) {
                if keep.now.duration_since(begun) > UNFINISHED_FOR {
                    cleared.delete(entry.path());
                }
            } else if let Some(begun) = self.moment(&name, BACKUP)
                && Some(entry.file_name().as_os_str()) != newest.file_name()
            {
                backups.push((begun, entry.path()));
            }
        }
        backups.sort_unstable();
        // The new one is kept anyhow.
        let others = keep.at_most.map_or(usize::MAX, |most| most.saturating_sub(1));
        for (place, (begun, file)) in backups.into_iter().rev().enumerate() {
            let is_old =
                keep.now.duration_since(begun) > SignedDuration::from_hours(24 * i64::from(keep.for_days));
            if place < others && !is_old {
                continue;
            }
            match is_backup(&file, keep.key) {
                Ok(true) => cleared.delete(file),
                Ok(false) => cleared.leave(&file, LeftReason::OtherKey),
                Err(_) => cleared.leave(&file, LeftReason::Unreadable),
            }
        }
        Ok(cleared)
    }
}

impl Cleared {
    fn delete(&mut self, file: PathBuf) {
        match fs::remove_file(&file) {
            Ok(()) => self.deleted.push(file.display().to_string()),
            Err(_) => self.leave(&file, LeftReason::NotDeletable),
        }
    }

    fn leave(&mut self, file: &Path, reason: LeftReason) {
        self.left.push(Left { file: file.display().to_string(), reason });
    }
}

/// A part of a file's name that no other text has, but for capitals: `Platz 3` → `platz_3`, `a+b` → `a_x2b_b`. Desks with like
/// names in one folder would delete each other's backups.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for character in text.trim().chars().flat_map(char::to_lowercase) {
        match character {
            ' ' => slug.push('_'),
            '-' => slug.push('-'),
            _ if character.is_alphanumeric() => slug.push(character),
            _ => slug.push_str(&format!("_x{:x}_", u32::from(character))),
        }
    }
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap_or_default()
    }

    #[test]
    fn a_backup_is_known_by_its_whole_name() {
        let series = Series::of("Hamburg-Altona", "Platz 3");
        let name = series.name(at("2026-11-02T08:00:07.5Z"));
        assert_eq!(name, "identplatz-hamburg-altona+platz_3-20261102T080007Z.backup");
        assert_eq!(series.moment(&name, BACKUP), Some(at("2026-11-02T08:00:07Z")));
        let of_another = Series::of("Hamburg-Altona", "Platz 33").name(at("2026-11-02T08:00:07Z"));
        for other in [
            of_another.as_str(),
            "identplatz-hamburg-altona+platz_3-20261102T080007Z.backup.old",
            "identplatz-hamburg-altona+platz_3-20261102T80007Z.backup",
            "identplatz-hamburg-altona+platz_3-20261302T080007Z.backup",
            "my-identplatz-hamburg-altona+platz_3-20261102T080007Z.backup",
            "identplatz-hamburg-altona+platz_3-.backup",
        ] {
            assert_eq!(series.moment(other, BACKUP), None, "{other}");
        }
        assert_eq!(
            series.moment(&format!("{name}.unfinished"), UNFINISHED),
            Some(at("2026-11-02T08:00:07Z"))
        );
    }

    #[test]
    fn a_name_holds_nothing_that_a_file_system_minds() {
        assert_eq!(
            Series::of(" Köln / Süd ", "Platz:1*").prefix,
            "identplatz-köln__x2f__süd+platz_x3a_1_x2a_-"
        );
    }

    #[test]
    fn desks_with_like_names_have_names_of_their_own() {
        let names =
            [("Hamburg", "Altona Platz 3"), ("Hamburg-Altona", "Platz 3"), ("Hamburg Altona", "Platz/3")];
        let prefixes: std::collections::BTreeSet<_> =
            names.map(|(place, desk)| Series::of(place, desk).prefix).into();
        assert_eq!(prefixes.len(), names.len());
    }
}
