//! `outbox`: what the account service doesn't have yet, and handing it over when the desk can't any more.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use account::{Delivery, RecoveryKey, seal_records};
use serde::Serialize;
use store::{KeptName, OutboxRow, Reader, Recovered, TaskReason, recover_outbox};

use crate::{
    desk::{DeskSource, database_key},
    failure::Failure,
    language::Language,
};

/// Longest recovery key, in bytes: a JWK has some hundred.
const MAX_KEY: u64 = 16 * 1024;

/// What is done with it.
#[derive(Debug, clap::Args)]
pub(crate) struct Outbox {
    /// Write what wasn't delivered to this new file, sealed to the account service's recovery key
    #[arg(long, value_name = "FILE")]
    export: Option<PathBuf>,
    /// The recovery key (JWK) [default: the one that the desk has kept]
    #[arg(long, value_name = "FILE", requires = "export")]
    recovery_key: Option<PathBuf>,
    /// A damaged database that was moved aside, instead of the desk's own
    #[arg(long, value_name = "FOLDER", requires = "export")]
    quarantined: Option<PathBuf>,
    #[command(flatten)]
    desk: DeskSource,
}

/// The answer.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum OutboxReport {
    Depth(Depth),
    Export { export: Export },
}

/// How much lies in the outbox.
#[derive(Debug, Serialize)]
pub(crate) struct Depth {
    /// Still to be delivered.
    waiting: u64,
    /// When the oldest of them was written.
    oldest: Option<String>,
    /// When there is something to do next; may be past.
    next_due: Option<String>,
    /// Refused by the account service.
    refused: u64,
    /// Erased before they were delivered.
    erased: u64,
    /// Can't be opened or sent.
    unreadable: u64,
    /// What somebody has to see to.
    tasks: Vec<Task>,
}

/// A row that will never be delivered by itself.
#[derive(Debug, Serialize)]
struct Task {
    id: String,
    kind: String,
    at: String,
    why: &'static str,
    /// The problem's code, if the service gave one.
    code: Option<String>,
}

/// What was written to the file.
#[derive(Debug, Serialize)]
pub(crate) struct Export {
    records: usize,
    /// Rows that can't be read any more, at least.
    lost: u64,
    /// Id of the recovery key.
    sealed_to: String,
}

impl OutboxReport {
    /// Looks, or exports.
    pub(crate) fn make(options: &Outbox) -> Result<Self, Failure> {
        match &options.export {
            Some(file) => Ok(Self::Export { export: export(options, file)? }),
            None => Ok(Self::Depth(depth(&options.desk.reader()?)?)),
        }
    }

    /// Lines for a person.
    pub(crate) fn to_text(&self, language: Language) -> String {
        match self {
            Self::Depth(depth) => depth.to_text(language),
            Self::Export { export: Export { records, lost, sealed_to } } => language.pick(
                format!(
                    "{records} Datensätze exportiert, verschlüsselt für den Schlüssel {sealed_to}; {lost} sind nicht \
                     mehr lesbar.\n"
                ),
                format!("{records} records exported, sealed to the key {sealed_to}; {lost} can't be read any more.\n"),
            ),
        }
    }
}

impl Depth {
    fn to_text(&self, language: Language) -> String {
        let Self { waiting, oldest, refused, erased, unreadable, tasks, .. } = self;
        let since = oldest.as_ref().map_or_else(String::new, |oldest| {
            language.pick(format!(", der älteste von {oldest}"), format!(", the oldest of {oldest}"))
        });
        let mut text = language.pick(
            format!(
                "Noch zu übermitteln: {waiting}{since}\nAbgelehnt: {refused}\nVor der Übermittlung gelöscht: {erased}\n\
                 Nicht lesbar: {unreadable}\n"
            ),
            format!(
                "Still to be delivered: {waiting}{since}\nRefused: {refused}\nErased before delivery: {erased}\n\
                 Unreadable: {unreadable}\n"
            ),
        );
        for Task { id, kind, at, why, code } in tasks {
            let why = match *why {
                "refused" => language.pick("abgelehnt", "refused"),
                _ => language.pick("nicht lesbar", "unreadable"),
            };
            let code = code.as_ref().map_or_else(String::new, |code| format!(" ({code})"));
            text += &format!("  {at} {kind} {id}: {why}{code}\n");
        }
        text
    }
}

fn depth(reader: &Reader) -> Result<Depth, Failure> {
    let depth = reader.depth()?;
    let tasks = reader.tasks()?.into_iter().map(|task| Task {
        id: task.id.to_string(),
        kind: task.kind,
        at: task.at.to_string(),
        why: match task.why {
            TaskReason::Refused => "refused",
            TaskReason::Unreadable => "unreadable",
        },
        code: task.code,
    });
    Ok(Depth {
        waiting: depth.waiting,
        oldest: depth.oldest.map(|at| at.to_string()),
        next_due: depth.next_due.map(|at| at.to_string()),
        refused: depth.refused,
        erased: depth.parked,
        unreadable: depth.unreadable,
        tasks: tasks.collect(),
    })
}

fn export(options: &Outbox, file: &Path) -> Result<Export, Failure> {
    let (found, kept_key) = match &options.quarantined {
        Some(folder) => (recover_outbox(folder, &database_key()?)?, None),
        None => {
            let reader = options.desk.reader()?;
            (reader.undelivered()?, reader.kept(KeptName::RecoveryKey)?.map(|kept| kept.value))
        }
    };
    let key = match (&options.recovery_key, kept_key) {
        (Some(file), _) => read_key(file)?,
        (None, Some(key)) => key,
        (None, None) => return Err(Failure::RecoveryKeyNeeded),
    };
    let key: RecoveryKey = serde_json::from_slice(&key).map_err(|_| Failure::RecoveryKeyNeeded)?;
    let Recovered { rows, mut lost } = found;
    let rows_read = rows.len();
    // What this program can't send is lost too.
    let delivery = |row: &OutboxRow| Delivery::from_payload(&row.kind, &row.payload).ok();
    let records: Vec<Delivery> = rows.iter().filter_map(delivery).collect();
    lost += (rows_read - records.len()) as u64;
    let sealed = seal_records(&records, &key)
        .map_err(|_| Failure::Internal { what: "the records can't be sealed" })?;
    write_new(file, sealed.as_bytes()).map_err(|error| Failure::NotWritten {
        what: file.display().to_string(),
        reason: error.to_string(),
    })?;
    Ok(Export { records: records.len(), lost, sealed_to: key.id().to_owned() })
}

fn read_key(file: &Path) -> Result<Vec<u8>, Failure> {
    let not_read =
        |error: io::Error| Failure::NotRead { what: file.display().to_string(), reason: error.to_string() };
    let mut key = Vec::new();
    io::Read::read_to_end(&mut io::Read::take(File::open(file).map_err(not_read)?, MAX_KEY), &mut key)
        .map_err(not_read)?;
    Ok(key)
}

/// Writes a file that only this account can read; never over another.
fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
