//! The end of a desk that the insurer takes out of service: what wasn't delivered is sealed to the insurer, then every key goes.
//!
//! Only the service's own word over a connection that both sides have proven leads here. Whatever happens in between, the
//! next start goes on where this one stopped, by the note of the wiping; one that can't be written stops nothing.

use std::{fs, path::Path};

use account::{RecoveryKey, seal_records};
use bridge::{AppError, WipeCause, WipedScreen};
use serde::{Deserialize, Serialize};
use store::{KeptName, OutboxRow, Store};
use vault::{SecretName, Vault};

use crate::{
    controller::{Controller, Window},
    identity,
    keep::store_error,
    open::{locked, unusable, write_whole},
    outside, records,
    state::Mode,
};

/// Beside the store: this desk was taken out of service.
const NOTE: &str = "out-of-service.json";

/// What is noted of it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Note {
    cause: WipeCause,
    /// Name of the file with what hadn't been delivered.
    sealed_records: Option<String>,
    /// The keys are gone.
    done: bool,
}

/// What the window shows of a desk that was taken out of service; `None`: it wasn't.
pub(crate) fn found(folder: &Path, vault: &Vault) -> Result<Option<WipedScreen>, AppError> {
    let Ok(text) = fs::read(folder.join(NOTE)) else { return Ok(None) };
    let note: Note = serde_json::from_slice(&text).map_err(|error| {
        tracing::error!(%error, "the note that this desk is out of service can't be read");
        AppError::StoreUnavailable
    })?;
    // Once more even if all was done: what was under way then may have come after it.
    let finished = finish(folder, vault, &note);
    if !note.done {
        finished?;
    }
    Ok(Some(screen(folder, &note)))
}

/// Seals what the service doesn't have to its recovery key, into a file of the data folder; its name, or `None` if there is
/// nothing.
pub(crate) fn seal_undelivered(
    rows: &[OutboxRow],
    key: Option<&RecoveryKey>,
    folder: &Path,
) -> Result<Option<String>, AppError> {
    let deliveries: Vec<_> = rows.iter().filter_map(|row| records::delivery(row).ok()).collect();
    if deliveries.is_empty() {
        return Ok(None);
    }
    let key = key.ok_or(AppError::ServiceUnreachable)?;
    let sealed = seal_records(&deliveries, key).map_err(|error| crate::convert::internal(&error))?;
    let name = format!("undelivered-{}.jwe", outside::id(outside::now().timestamp()));
    write_whole(&folder.join(&name), &sealed).map_err(|error| unusable(&error))?;
    Ok(Some(name))
}

/// The service's recovery key, if the desk has ever fetched it.
pub(crate) fn recovery_key(store: &Store) -> Result<Option<RecoveryKey>, AppError> {
    let kept = store.kept(KeptName::RecoveryKey).map_err(|error| store_error(&error))?;
    Ok(kept.and_then(|kept| serde_json::from_slice(&kept.value).ok()))
}

impl<W: Window> Controller<W> {
    /// Takes the desk out of service, now.
    pub(crate) fn wipe(&mut self, cause: WipeCause) {
        if matches!(self.state.mode, Mode::Wiped(_)) {
            return;
        }
        // Whoever stands at the desk sees nothing of anybody from here on.
        self.stop_reading();
        self.stop_chip();
        self.stop_print = None;
        self.sealing_key = None;
        if let Some(deliveries) = self.deliveries.take() {
            deliveries.abort();
        }
        match self.try_to_wipe(cause) {
            Ok(shown) => self.state.turn_to(Mode::Wiped(shown)),
            Err(error) => {
                tracing::error!(?error, "the desk could not be wiped whole");
                self.state.turn_to(Mode::Wiped(WipedScreen { cause, sealed_records: None }));
                self.state.notice = Some(error);
            }
        }
    }

    fn seal_what_waits(&self, folder: &Path) -> Result<Option<String>, AppError> {
        let rows = self.desk.store.undelivered().map_err(|error| store_error(&error))?.rows;
        seal_undelivered(&rows, recovery_key(&self.desk.store)?.as_ref(), folder)
    }

    fn try_to_wipe(&self, cause: WipeCause) -> Result<WipedScreen, AppError> {
        let folder = &self.desk.settings.desk.data_dir;
        // A desk that may be in wrong hands is wiped, whatever else fails.
        let sealed_records = self.seal_what_waits(folder).unwrap_or_else(|error| {
            tracing::error!(?error, "what wasn't delivered could not be sealed, and is lost");
            None
        });
        let note = Note { cause, sealed_records, done: false };
        // A disk that takes no note saves no key.
        let noted = keep(folder, &note);
        finish(folder, &self.desk.vault, &note).and(noted)?;
        tracing::warn!("this desk is out of service: its keys are destroyed");
        Ok(screen(folder, &note))
    }
}

/// Destroys every key, each whatever becomes of the others: without them the database is noise, and the desk is nobody to the
/// service.
fn finish(folder: &Path, vault: &Vault, note: &Note) -> Result<(), AppError> {
    let database = vault.delete(SecretName::DatabaseKey).map_err(|error| locked(&error));
    let identity = identity::destroy(vault, folder);
    database.and(identity)?;
    keep(folder, &Note { done: true, ..note.clone() })
}

fn keep(folder: &Path, note: &Note) -> Result<(), AppError> {
    let text = serde_json::to_string(note).map_err(|error| crate::convert::internal(&error))?;
    write_whole(&folder.join(NOTE), &text).map_err(|error| unusable(&error))
}

fn screen(folder: &Path, note: &Note) -> WipedScreen {
    let sealed_records = note.sealed_records.as_ref().map(|name| folder.join(name).display().to_string());
    WipedScreen { cause: note.cause, sealed_records }
}
