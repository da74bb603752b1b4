//! `restore`: a backup becomes the desk's records, where there are none.

use std::{
    fs::{DirBuilder, File},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use serde::Serialize;
use store::{ErasureList, Erasures, Restoration, StoreError};

use crate::{
    desk::{BackupKeySource, DeskSource, database_key_or_new, remove_identity},
    failure::Failure,
    language::Language,
    progress::with_progress,
};

/// Where the store comes from.
#[derive(Debug, clap::Args)]
pub(crate) struct Restore {
    /// The backup
    file: PathBuf,
    #[command(flatten)]
    key: BackupKeySource,
    /// The list of erasures that lay beside the lost store [default: the one that lies beside the new one's place]
    #[arg(long, value_name = "FILE")]
    erasures: Option<PathBuf>,
    /// The list is lost: keep nothing but what the account service doesn't have yet, and what is under a legal hold
    #[arg(long, conflicts_with = "erasures")]
    erasures_lost: bool,
    #[command(flatten)]
    desk: DeskSource,
}

/// The answer to `restore`.
#[derive(Debug, Serialize)]
pub(crate) struct RestoreReport {
    folder: String,
    events: u64,
    /// Number of the last event.
    head: i64,
    /// When the last of them was decided.
    newest: Option<String>,
    /// Scopes whose keys were in the backup and were destroyed again.
    erased: u64,
    /// Still to be delivered; each asks first.
    waiting: u64,
    /// The desk's key and certificate were there and are gone. The restored records are an older place in what the account
    /// service knows of the desk: with a new token the next start enrols it anew, and it goes on from there.
    identity_removed: bool,
}

impl RestoreReport {
    /// Restores the store at the place that the settings name.
    pub(crate) fn make(options: &Restore, now: Timestamp, language: Language) -> Result<Self, Failure> {
        let data_dir = options.desk.settings()?.desk.data_dir;
        let folder = data_dir.join(store::STORE_FOLDER);
        let beside = ErasureList::beside(&folder);
        let erasures = match &options.erasures {
            Some(list) => Erasures::In(list),
            None if options.erasures_lost => Erasures::Lost,
            None if beside.exists() => Erasures::In(&beside),
            None => return Err(Failure::ErasuresNeeded),
        };
        let file = &options.file;
        let backup_key = options.key.for_known(language)?;
        File::open(file).map_err(|error| not_read(file, &error.to_string()))?;
        private_folder(&data_dir)?;
        let key = database_key_or_new()?;
        let prepared = with_progress(language, |progress| {
            Restoration::prepare(file, &backup_key, &folder, &key, erasures, now, progress)
        })?
        .map_err(|error| of_restoration(error, file))?;
        // Before the store can be opened: a desk that went on under its old identity would tell the service a second history.
        let identity_removed = remove_identity(&data_dir)?;
        let restored = prepared.finish().map_err(|error| of_restoration(error, file))?;
        Ok(Self {
            folder: folder.display().to_string(),
            events: restored.events,
            head: restored.head.seq,
            newest: restored.newest.map(|at| at.to_string()),
            erased: restored.erased,
            waiting: restored.waiting,
            identity_removed,
        })
    }

    /// Lines for a person.
    pub(crate) fn to_text(&self, language: Language) -> String {
        let Self { folder, events, head, newest, erased, waiting, identity_removed } = self;
        let newest = newest.as_deref().unwrap_or("–");
        let counts = language.pick(
            format!(
                "{folder}: wiederhergestellt, {events} Ereignisse bis Nr. {head} ({newest})\nErneut gelöscht: {erased}\n\
                 Noch zu übermitteln: {waiting}\n"
            ),
            format!(
                "{folder}: restored, {events} events up to no. {head} ({newest})\nErased again: {erased}\n\
                 Still to be delivered: {waiting}\n"
            ),
        );
        let removed = if *identity_removed {
            language.pick(
                "Schlüssel und Zertifikat des Platzes sind entfernt.\n",
                "The desk's key and certificate are removed.\n",
            )
        } else {
            ""
        };
        let next = language.pick(
            "Der nächste Start meldet den Platz neu an: Er braucht dafür ein neues Einmal-Token.\n",
            "The next start enrols the desk anew: it needs a new one-time token.\n",
        );
        format!("{counts}{removed}{next}")
    }
}

/// What the store's errors mean for a backup that is restored.
fn of_restoration(error: StoreError, file: &Path) -> Failure {
    #[expect(clippy::wildcard_enum_match_arm, reason = "all others mean what they mean of any store")]
    match error {
        StoreError::WrongKey => Failure::BackupWrongKey,
        StoreError::Corrupt | StoreError::Broken { .. } => Failure::BackupDamaged,
        StoreError::Missing => not_read(file, "no such file"),
        StoreError::Exists => Failure::StoreExists,
        StoreError::ErasuresIncomplete => Failure::ErasuresIncomplete,
        error => error.into(),
    }
}

/// Makes the folder for this account alone.
fn private_folder(folder: &Path) -> Result<(), Failure> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder).map_err(|error| Failure::NotWritten {
        what: folder.display().to_string(),
        reason: error.to_string(),
    })
}

fn not_read(file: &Path, reason: &str) -> Failure {
    Failure::NotRead { what: file.display().to_string(), reason: reason.to_owned() }
}
