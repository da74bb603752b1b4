//! Keys in the operating system's keyring: Secret Service on Linux, Credential Manager on Windows, Keychain on macOS.
//!
//! There is no fallback to a file: a machine without a keyring gets [`VaultError::NoKeyring`], and somebody has to set
//! one up. Every call blocks, and may do so while the operating system asks the user to unlock the keyring.

mod error;
mod secret;

use keyring::Entry;

pub use error::VaultError;
pub use secret::{MAX_SECRET, Secret, SecretName};

/// The name under which the desk's secrets stand in the keyring.
pub const DESK_SERVICE: &str = "de.identplatz.desk";

/// The program's secrets in the keyring of the account that it runs under.
#[derive(Debug, Clone)]
pub struct Vault {
    service: String,
}

impl Vault {
    /// Finds the keyring. `service` is the name under which users see the secrets in their keyring; two programs with
    /// different names don't see each other's.
    ///
    /// The operating system is asked once a process: a keyring that comes up later is found after a restart.
    ///
    /// # Errors
    /// [`VaultError::NoKeyring`].
    pub fn open(service: &str) -> Result<Self, VaultError> {
        match Entry::store_status() {
            Ok(()) => Ok(Self { service: service.to_owned() }),
            Err(error) => Err(VaultError::NoKeyring { reason: error::describe(error) }),
        }
    }

    /// Reads a secret; `None` if there is none under this name.
    ///
    /// # Errors
    /// [`VaultError::Locked`], [`VaultError::Denied`], [`VaultError::Backend`].
    pub fn get(&self, name: SecretName) -> Result<Option<Secret>, VaultError> {
        match self.entry(name)?.get_secret() {
            Ok(bytes) => Secret::new(bytes).map(Some),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes a secret, over the one that is there.
    ///
    /// # Errors
    /// [`VaultError::Locked`], [`VaultError::Denied`], [`VaultError::Backend`].
    pub fn set(&self, name: SecretName, secret: &Secret) -> Result<(), VaultError> {
        Ok(self.entry(name)?.set_secret(secret.expose())?)
    }

    /// Removes a secret; that there is none is no error.
    ///
    /// # Errors
    /// [`VaultError::Locked`], [`VaultError::Denied`], [`VaultError::Backend`].
    pub fn delete(&self, name: SecretName) -> Result<(), VaultError> {
        match self.entry(name)?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn entry(&self, name: SecretName) -> Result<Entry, VaultError> {
        Ok(Entry::new(&self.service, name.as_str())?)
    }
}
