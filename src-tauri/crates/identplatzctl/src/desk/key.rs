//! The key of the desk's database, in the keyring of the account that this program runs under.

use store::DatabaseKey;
use vault::{DESK_SERVICE, Secret, SecretName, Vault, VaultError};
use zeroize::Zeroizing;

use crate::failure::Failure;

/// The key.
///
/// # Errors
/// [`Failure::DatabaseKeyLost`], [`Failure::KeyringLocked`], [`Failure::KeyringUnavailable`].
pub(crate) fn database_key() -> Result<DatabaseKey, Failure> {
    known(&Vault::open(DESK_SERVICE)?)?.ok_or(Failure::DatabaseKeyLost)
}

/// The key; on a machine that has none yet a new one, which is in the keyring before anything is encrypted with it.
///
/// # Errors
/// As [`database_key`].
pub(crate) fn database_key_or_new() -> Result<DatabaseKey, Failure> {
    let vault = Vault::open(DESK_SERVICE)?;
    if let Some(key) = known(&vault)? {
        return Ok(key);
    }
    let mut bytes = Zeroizing::new([0; DatabaseKey::LENGTH]);
    getrandom::fill(bytes.as_mut_slice())
        .map_err(|_| Failure::Internal { what: "the operating system gives no randomness" })?;
    vault.set(SecretName::DatabaseKey, &Secret::new(bytes.to_vec())?)?;
    key(bytes.as_slice())
}

fn known(vault: &Vault) -> Result<Option<DatabaseKey>, Failure> {
    vault.get(SecretName::DatabaseKey)?.map(|secret| key(secret.expose())).transpose()
}

fn key(bytes: &[u8]) -> Result<DatabaseKey, Failure> {
    DatabaseKey::new(bytes).ok_or(Failure::Internal { what: "the key in the keyring has another length" })
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Locked => Self::KeyringLocked,
            VaultError::NoKeyring { .. }
            | VaultError::Denied
            | VaultError::TooLong
            | VaultError::Backend { .. } => Self::KeyringUnavailable { reason: error.to_string() },
        }
    }
}
