//! A desk whose records can't be used: what happened, what can be saved, and the two ways on. Nothing is deleted here.

use std::path::{Path, PathBuf};

use account::{AccountClient, RecoveryKey};
use bridge::{AppError, RecoveryCause, RecoveryScreen};
use store::{Condition, DatabaseKey, KeptName, Reader, StoreError, diagnose, recover_outbox};
use vault::VaultError;

use crate::{keep::store_error, wipe};

/// Why the desk's records can't be used, and what is known of them.
pub(crate) struct Stranded {
    pub(crate) shown: RecoveryScreen,
    /// The damaged records and their key.
    aside: Option<(PathBuf, DatabaseKey)>,
    /// Where sealed records are put.
    folder: PathBuf,
}

impl Stranded {
    fn new(cause: RecoveryCause, folder: &Path) -> Self {
        let shown = RecoveryScreen { cause, undelivered: None, exported_to: None, can_begin_anew: false };
        Self { shown, aside: None, folder: folder.to_owned() }
    }

    /// There is nothing where the records of an enrolled desk should be.
    pub(crate) fn gone(folder: &Path) -> Self {
        let Self { shown, aside, folder } = Self::new(RecoveryCause::Missing, folder);
        Self { shown: RecoveryScreen { can_begin_anew: true, ..shown }, aside, folder }
    }

    /// Damaged records that lie aside: what the service doesn't have of them is counted.
    fn quarantined(moved_to: &Path, key: &DatabaseKey, folder: &Path) -> Self {
        let cause = RecoveryCause::Quarantined { folder: moved_to.display().to_string() };
        let undelivered = match recover_outbox(moved_to, key) {
            Ok(recovered) => u32::try_from(recovered.rows.len() as u64 + recovered.lost).ok(),
            Err(error) => {
                tracing::warn!(%error, "the damaged records can't be looked into");
                None
            }
        };
        let shown = RecoveryScreen { cause, undelivered, exported_to: None, can_begin_anew: true };
        Self { shown, aside: Some((moved_to.to_owned(), key.clone())), folder: folder.to_owned() }
    }

    /// Writes what the service doesn't have, sealed to the insurer.
    pub(crate) async fn export(&mut self, client: Option<AccountClient>) -> Result<(), AppError> {
        let (moved_to, key) = self.aside.as_ref().ok_or(AppError::NotNow)?;
        let recovered = recover_outbox(moved_to, key).map_err(|error| store_error(&error))?;
        let recovery_key = match kept_key(moved_to, key) {
            Some(kept) => Some(kept),
            None => match client {
                Some(client) => client.recovery_key().await.ok(),
                None => None,
            },
        };
        let name = wipe::seal_undelivered(&recovered.rows, recovery_key.as_ref(), &self.folder)?;
        self.shown.exported_to = name.map(|name| self.folder.join(name).display().to_string());
        Ok(())
    }
}

fn kept_key(folder: &Path, key: &DatabaseKey) -> Option<RecoveryKey> {
    let kept = Reader::open(folder, key).ok()?.kept(KeptName::RecoveryKey).ok()??;
    serde_json::from_slice(&kept.value).ok()
}

/// What a keyring's fault means for the records.
pub(crate) fn of_vault(error: &VaultError, folder: &Path) -> Stranded {
    tracing::error!(%error, "the keyring can't be used");
    Stranded::new(RecoveryCause::KeyringLocked, folder)
}

/// There are records, and no key for them.
pub(crate) fn key_lost(folder: &Path) -> Stranded {
    Stranded::new(RecoveryCause::KeyLost, folder)
}

/// Whether damaged records lie aside, or those of an enrolled desk are gone, and nobody has decided yet to begin anew.
pub(crate) fn undecided(
    store: &Path,
    key: &DatabaseKey,
    folder: &Path,
    is_enrolled: bool,
) -> Result<Option<Stranded>, StoreError> {
    let found = diagnose(store, Some(key))?;
    if found.condition != Condition::Absent {
        return Ok(None);
    }
    let aside = found.quarantined.last().map(|moved_to| Stranded::quarantined(moved_to, key, folder));
    // Empty records under the desk's old identity would fork every chain.
    Ok(aside.or_else(|| is_enrolled.then(|| Stranded::gone(folder))))
}

/// What the store said at opening, as something that can be explained; the error itself if it can't.
pub(crate) fn of_store(error: &StoreError, key: &DatabaseKey, folder: &Path) -> Result<Stranded, AppError> {
    let number = |version: i64| u32::try_from(version).unwrap_or(0);
    #[expect(clippy::wildcard_enum_match_arm, reason = "only these have a screen of their own")]
    let cause = match error {
        StoreError::Quarantined { moved_to } => return Ok(Stranded::quarantined(moved_to, key, folder)),
        StoreError::Missing => RecoveryCause::Missing,
        StoreError::WrongKey => RecoveryCause::WrongKey,
        StoreError::InUse => RecoveryCause::InUse,
        StoreError::ReadOnly => RecoveryCause::ReadOnly,
        StoreError::DiskFull => RecoveryCause::DiskFull,
        StoreError::NewerSchema { found, known } => {
            RecoveryCause::NewerProgram { found: number(*found), known: number(*known) }
        }
        StoreError::Migration(_) => RecoveryCause::NotUpgraded { backup: folder.display().to_string() },
        error => return Err(store_error(error)),
    };
    tracing::error!(%error, "the records can't be used");
    Ok(Stranded::new(cause, folder))
}
