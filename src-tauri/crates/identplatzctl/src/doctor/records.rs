//! The state of the desk's records: whether they open, what lies beside them, and what they wait for.

use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use store::{Condition, STORE_FOLDER, StoreError, diagnose};

use super::{Finding, Level};
use crate::{desk::database_key, failure::Failure, language::Language};

/// A backup rescues what the account service doesn't have yet; one that is older holds little of it.
const BACKUP_IS_OLD: SignedDuration = SignedDuration::from_hours(24 * 7);
/// What waits for so long doesn't wait for a line that is broken for a moment.
const WAITS_TOO_LONG: SignedDuration = SignedDuration::from_hours(24);

/// What `doctor` says of the records; times are RFC 3339.
#[derive(Debug, Serialize)]
pub(super) struct Section {
    folder: String,
    condition: State,
    /// A program has them open for writing.
    in_use: bool,
    /// Of the database and its log.
    bytes: u64,
    /// Damaged databases that were moved aside.
    quarantined: Vec<String>,
    /// Copies from before a migration.
    copies: Vec<String>,
    /// When `backup` was used here last.
    backed_up_at: Option<String>,
    /// What is in it, if it opens and can be read.
    content: Option<Content>,
    #[serde(skip)]
    failure: Option<Failure>,
    #[serde(skip)]
    times: Times,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    /// None were ever made here.
    Absent,
    Healthy,
    /// The next start migrates them.
    OlderSchema,
    NewerSchema,
    /// The keyring is locked or can't be used, so nobody can look.
    Locked,
    KeyLost,
    KeyWrong,
    Missing,
    Damaged,
    /// A backup lies in their place.
    NotRestored,
    NotWritable,
    /// The files can't be looked at.
    Unknown,
}

#[derive(Debug, Serialize)]
struct Content {
    /// Records that the account service doesn't have yet.
    undelivered: u64,
    /// Since when the oldest of them waits.
    oldest: Option<String>,
    /// Records that the service has refused and that nobody has seen to.
    refused: u64,
    /// When the account service last countersigned the journal.
    checkpoint_at: Option<String>,
    /// Runs of erasures without a proof that holds.
    unproven_erasures: u64,
}

/// The same times as above, to be compared.
#[derive(Debug, Default)]
struct Times {
    backed_up_at: Option<Timestamp>,
    oldest: Option<Timestamp>,
}

impl Section {
    /// Looks at the records of the desk in `data_dir`, beside a running desk; changes nothing.
    pub(super) fn look(data_dir: &Path) -> Self {
        let folder = data_dir.join(STORE_FOLDER);
        let (key, locked) = match database_key() {
            Ok(key) => (Some(key), None),
            Err(Failure::DatabaseKeyLost) => (None, None),
            Err(failure) => (None, Some(failure)),
        };
        let found = match diagnose(&folder, key.as_ref()) {
            Ok(found) => found,
            Err(error) => return Self::unknown(&folder, error),
        };
        let (condition, failure) = match (state(found.condition), locked) {
            ((State::KeyLost, _), Some(locked)) => (State::Locked, Some(locked)),
            (found, _) => found,
        };
        let paths = |paths: Vec<PathBuf>| paths.iter().map(|it| it.display().to_string()).collect();
        Self {
            folder: folder.display().to_string(),
            condition,
            in_use: found.in_use,
            bytes: found.bytes,
            quarantined: paths(found.quarantined),
            copies: paths(found.copies),
            backed_up_at: found.backed_up_at.map(|at| at.to_string()),
            content: found.content.map(|it| Content {
                undelivered: it.outbox.waiting,
                oldest: it.outbox.oldest.map(|at| at.to_string()),
                refused: it.outbox.refused,
                checkpoint_at: it.checkpoint_at.map(|at| at.to_string()),
                unproven_erasures: it.unproven,
            }),
            failure,
            times: Times {
                backed_up_at: found.backed_up_at,
                oldest: found.content.and_then(|it| it.outbox.oldest),
            },
        }
    }

    fn unknown(folder: &Path, error: StoreError) -> Self {
        Self {
            folder: folder.display().to_string(),
            condition: State::Unknown,
            in_use: false,
            bytes: 0,
            quarantined: Vec::new(),
            copies: Vec::new(),
            backed_up_at: None,
            content: None,
            failure: Some(error.into()),
            times: Times::default(),
        }
    }

    /// What to do, and the error that the exit code is of.
    pub(super) fn findings(&self, now: Timestamp, language: Language) -> (Vec<Finding>, Option<&Failure>) {
        let mut findings = Vec::new();
        let mut add = |level, code, message: String| findings.push(Finding { level, code, message });
        if let Some(failure) = &self.failure {
            add(Level::Error, "records_unusable", failure.message(language));
        }
        if self.condition == State::OlderSchema {
            let text = language.pick(
                "Der nächste Start stellt die Datenbank auf ein neues Schema um und legt vorher eine Kopie an.",
                "The next start brings the database to a new schema, and copies it before.",
            );
            add(Level::Hint, "records_older", text.to_owned());
        }
        for folder in &self.quarantined {
            let text = language.pick(
                format!(
                    "In „{folder}“ liegt eine beschädigte Datenbank. Retten Sie, was nicht übermittelt ist („outbox \
                     --quarantined“), und löschen Sie den Ordner danach: Löschläufe erreichen ihn nicht."
                ),
                format!(
                    "A damaged database lies in '{folder}'. Rescue what wasn't delivered ('outbox --quarantined'), and \
                     delete the folder then: erasures don't reach it."
                ),
            );
            add(Level::Warning, "records_quarantined", text);
        }
        if let Some(unproven) = self.content.as_ref().map(|it| it.unproven_erasures).filter(|it| *it > 0) {
            let text = language.pick(
                format!("{unproven} Löschläufe haben noch keinen Nachweis. Bleibt es nach dem nächsten Start dabei, melden \
                 Sie es der Datenschutzbeauftragten."),
                format!("{unproven} runs of erasures have no proof yet. If that stays after the next start, tell the data \
                 protection officer."),
            );
            add(Level::Warning, "erasures_unproven", text);
        }
        if self.times.oldest.is_some_and(|oldest| now.duration_since(oldest) > WAITS_TOO_LONG) {
            let text = language.pick(
                "Seit mehr als einem Tag warten Datensätze auf ihre Übermittlung. Prüfen Sie die Leitung zum Kontodienst.",
                "Records have been waiting for delivery for more than a day. Check the line to the account service.",
            );
            add(Level::Warning, "undelivered_old", text.to_owned());
        }
        if self.content.is_some()
            && self.times.backed_up_at.is_none_or(|at| now.duration_since(at) > BACKUP_IS_OLD)
        {
            let text = language.pick(
                "Seit mehr als einer Woche wurde hier keine Sicherung gemacht. „identplatzctl backup“ läuft am besten \
                 täglich nach Plan.",
                "No backup was made here for more than a week. 'identplatzctl backup' is best scheduled daily.",
            );
            add(Level::Hint, "backup_old", text.to_owned());
        }
        (findings, self.failure.as_ref())
    }

    /// Lines for a person.
    pub(super) fn to_text(&self, language: Language) -> String {
        let condition = match self.condition {
            State::Absent => language.pick("noch keine angelegt", "none made yet"),
            State::Healthy => language.pick("in Ordnung", "healthy"),
            State::OlderSchema => {
                language.pick("werden beim nächsten Start umgestellt", "migrated by the next start")
            }
            State::NewerSchema => language.pick("von einer neueren Version", "of a newer version"),
            State::Locked => language.pick("Schlüsselbund gesperrt", "keyring locked"),
            State::KeyLost => language.pick("Schlüssel verloren", "key lost"),
            State::KeyWrong => language.pick("Schlüssel passt nicht", "key is another one's"),
            State::Missing => language.pick("fehlen", "missing"),
            State::Damaged => language.pick("beschädigt", "damaged"),
            State::NotRestored => {
                language.pick("an ihrer Stelle liegt eine Sicherung", "a backup lies in their place")
            }
            State::NotWritable => language.pick("nicht zugänglich", "not accessible"),
            State::Unknown => language.pick("nicht feststellbar", "can't be told"),
        };
        let in_use = if self.in_use { language.pick(", in Benutzung", ", in use") } else { "" };
        let (folder, bytes) = (&self.folder, self.bytes);
        let mut text = language.pick(
            format!("Daten des Platzes ({folder}): {condition}{in_use}, {bytes} Byte\n"),
            format!("The desk's records ({folder}): {condition}{in_use}, {bytes} bytes\n"),
        );
        let never = language.pick("nie", "never");
        let backed_up_at = self.backed_up_at.as_deref().unwrap_or(never);
        if let Some(Content { undelivered, refused, checkpoint_at, unproven_erasures, .. }) = &self.content {
            let checkpoint_at = checkpoint_at.as_deref().unwrap_or(never);
            text += &language.pick(
                format!(
                    "  noch zu übermitteln {undelivered}, abgelehnt {refused}\n  Journal zuletzt gegengezeichnet: \
                     {checkpoint_at}\n  Löschläufe ohne Nachweis: {unproven_erasures}\n"
                ),
                format!(
                    "  still to be delivered {undelivered}, refused {refused}\n  journal last countersigned: \
                     {checkpoint_at}\n  runs of erasures without a proof: {unproven_erasures}\n"
                ),
            );
        }
        text += &language.pick(
            format!("  zuletzt gesichert: {backed_up_at}\n"),
            format!("  last backed up: {backed_up_at}\n"),
        );
        let copies = self.copies.iter().map(|copy| {
            language.pick(
                format!("  Kopie von vor der Umstellung: {copy}\n"),
                format!("  copy from before the migration: {copy}\n"),
            )
        });
        text + &copies.collect::<String>()
    }
}

/// The condition, and what to do about it.
fn state(condition: Condition) -> (State, Option<Failure>) {
    match condition {
        Condition::Absent => (State::Absent, None),
        Condition::Usable => (State::Healthy, None),
        Condition::OlderSchema { .. } => (State::OlderSchema, None),
        Condition::NewerSchema { found, known } => {
            (State::NewerSchema, Some(Failure::StoreNewer { found, known }))
        }
        Condition::KeyLost => (State::KeyLost, Some(Failure::DatabaseKeyLost)),
        Condition::KeyWrong => (State::KeyWrong, Some(Failure::DatabaseKeyWrong)),
        Condition::Missing => (State::Missing, Some(Failure::StoreMissing)),
        Condition::Damaged => (State::Damaged, Some(Failure::StoreDamaged)),
        Condition::NotRestored => (State::NotRestored, Some(Failure::StoreNotRestored)),
        Condition::Denied => (State::NotWritable, Some(Failure::StoreReadOnly)),
    }
}
