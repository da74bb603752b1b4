//! `backup`, beside a running desk.

mod series;
mod target;

use std::{num::NonZero, path::PathBuf};

use jiff::Timestamp;
use serde::Serialize;
use store::note_backup;

use self::{
    series::{Cleared, Keep, LeftReason, Series},
    target::Target,
};
use crate::{
    desk::{BackupKeySource, DeskSource},
    failure::Failure,
    language::Language,
    profile::in_force,
    progress::with_progress,
};

/// Where the backup goes.
#[derive(Debug, clap::Args)]
pub(crate) struct Backup {
    /// The new file; or a folder, where the backup gets a name of its own and the desk's old ones go
    #[arg(value_name = "FILE|FOLDER")]
    target: PathBuf,
    #[command(flatten)]
    key: BackupKeySource,
    /// Of the desk's backups in the folder keep the newest N, this one included [default: as many as are no older than the
    /// profile keeps records; older ones always go]
    #[arg(long, value_name = "N")]
    keep: Option<NonZero<usize>>,
    #[command(flatten)]
    desk: DeskSource,
}

/// The answer to `backup`.
#[derive(Debug, Serialize)]
pub(crate) struct BackupReport {
    file: String,
    events: u64,
    /// Number of the last event.
    head: i64,
    bytes: u64,
    /// It lies on the disk of the desk's own records, and goes with it; `None` if that can't be told.
    same_disk: Option<bool>,
    /// When it was made is noted for `doctor`.
    noted: bool,
    /// What became of the desk's old backups in the folder.
    #[serde(flatten)]
    old: Cleared,
}

impl BackupReport {
    /// Makes the backup, and deletes the old ones behind it.
    pub(crate) fn make(options: &Backup, now: Timestamp, language: Language) -> Result<Self, Failure> {
        let settings = options.desk.settings()?;
        let store = settings.desk.data_dir.join(store::STORE_FOLDER);
        let series = Series::of(&settings.desk.place, &settings.desk.desk);
        let target = Target::find(&options.target, &series.name(now), &store)?;
        if options.keep.is_some() && !target.is_of_series {
            return Err(Failure::Usage {
                problem: language
                    .pick(
                        "„--keep“ löscht alte Sicherungen eines Ordners: Nennen Sie statt der Datei einen Ordner.",
                        "'--keep' deletes old backups of a folder: name a folder instead of the file.",
                    )
                    .to_owned(),
            });
        }
        let reader = options.desk.reader()?;
        let key = options.key.for_new(language)?;
        let made = with_progress(language, |progress| reader.backup(&target.file, &key, progress))?
            .map_err(|error| target.failure(error))?;
        let noted = note_backup(&store, now).is_ok();
        let old = if target.is_of_series {
            let for_days = in_force(&settings, &reader).profile.retention.record_days;
            let keep =
                Keep { at_most: options.keep.map(NonZero::get), for_days: for_days.into(), key: &key, now };
            series.clear(&target.folder, &target.file, &keep).map_err(|error| Failure::NotRead {
                what: target.folder.display().to_string(),
                reason: error.to_string(),
            })?
        } else {
            Cleared::default()
        };
        Ok(Self {
            same_disk: target.is_on_the_disk_of(&store),
            file: target.file.display().to_string(),
            events: made.events,
            head: made.head.seq,
            bytes: made.bytes,
            noted,
            old,
        })
    }

    /// Lines for a person.
    pub(crate) fn to_text(&self, language: Language) -> String {
        let Self { file, events, head, bytes, same_disk, noted, old } = self;
        let mut text = language.pick(
            format!("{file}: gesichert und geprüft, {events} Ereignisse bis Nr. {head}, {bytes} Byte\n"),
            format!("{file}: backed up and verified, {events} events up to no. {head}, {bytes} bytes\n"),
        );
        for file in &old.deleted {
            text += &language.pick(format!("Gelöscht: {file}\n"), format!("Deleted: {file}\n"));
        }
        for it in &old.left {
            let reason = match it.reason {
                LeftReason::OtherKey => language
                    .pick("lässt sich mit diesem Schlüssel nicht öffnen", "doesn't open with this key"),
                LeftReason::Unreadable => language.pick("ist nicht lesbar", "can't be read"),
                LeftReason::NotDeletable => language.pick("lässt sich nicht löschen", "can't be deleted"),
            };
            text += &language.pick(
                format!(
                    "Warnung: {} sollte gelöscht werden und {reason}. Löschen Sie die Datei von Hand.\n",
                    it.file
                ),
                format!("Warning: {} should be deleted and {reason}. Delete the file by hand.\n", it.file),
            );
        }
        if *same_disk == Some(true) {
            text += language.pick(
                "Warnung: Die Sicherung liegt auf demselben Datenträger wie die Daten und geht mit ihm verloren. Bewahren \
                 Sie sie woanders auf.\n",
                "Warning: the backup lies on the same disk as the records and is lost with it. Keep it elsewhere.\n",
            );
        }
        if !noted {
            text += language.pick(
                "Hinweis: Der Zeitpunkt konnte für „doctor“ nicht vermerkt werden.\n",
                "Hint: the time could not be noted for 'doctor'.\n",
            );
        }
        text
    }
}
