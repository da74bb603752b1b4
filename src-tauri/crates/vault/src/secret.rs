//! Secrets and the names that they have.

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::VaultError;

/// Longest secret in bytes: what the Windows Credential Manager takes (`CRED_MAX_CREDENTIAL_BLOB_SIZE`).
pub const MAX_SECRET: usize = 2560;

/// What the keyring holds. It can't be shown by accident, and is wiped when dropped.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// Takes the bytes of a secret.
    ///
    /// # Errors
    /// [`VaultError::TooLong`]; the bytes are wiped then, too.
    pub fn new(bytes: Vec<u8>) -> Result<Self, VaultError> {
        let secret = Self(bytes);
        if secret.0.len() > MAX_SECRET { Err(VaultError::TooLong) } else { Ok(secret) }
    }

    /// The bytes: the one door.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

/// Every secret that there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SecretName {
    /// The key that the database is encrypted with. Lost, the database is lost.
    DatabaseKey,
    /// The desk's private key: mutual TLS and signatures.
    DeskPrivateKey,
    /// The one that takes its place, while it does.
    NextDeskPrivateKey,
}

impl SecretName {
    /// The name in the keyring. Stored, so never changed.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::DatabaseKey => "database-key",
            Self::DeskPrivateKey => "desk-private-key",
            Self::NextDeskPrivateKey => "desk-private-key.next",
        }
    }
}
