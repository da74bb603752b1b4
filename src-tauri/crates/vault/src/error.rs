//! What can go wrong with a keyring.

use keyring::Error;

/// Why the keyring could not be used. No variant holds anything of a secret.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The machine or the session has no keyring.
    #[error("there is no keyring: {reason}")]
    NoKeyring {
        /// What the operating system said.
        reason: String,
    },
    /// The keyring is locked, and nobody unlocked it.
    #[error("the keyring is locked")]
    Locked,
    /// The operating system doesn't let this program at its keyring.
    #[error("access to the keyring was denied")]
    Denied,
    /// The secret is longer than [`MAX_SECRET`](crate::MAX_SECRET).
    #[error("the secret is too long for the keyring")]
    TooLong,
    /// The keyring failed.
    #[error("the keyring failed: {reason}")]
    Backend {
        /// What it said.
        reason: String,
    },
}

impl From<Error> for VaultError {
    fn from(error: Error) -> Self {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "keyring may add errors; all others have no remedy of their own"
        )]
        match &error {
            // The Secret Service reports a locked keyring and a dismissed prompt so; elsewhere it means missing rights.
            Error::NoStorageAccess(_) if cfg!(target_os = "linux") => Self::Locked,
            Error::NoStorageAccess(_) => Self::Denied,
            Error::NoDefaultStore => Self::NoKeyring { reason: describe(&error) },
            Error::TooLong(..) => Self::TooLong,
            _ => Self::Backend { reason: describe(&error) },
        }
    }
}

/// Words for an error without the raw data that some of keyring's errors carry.
pub(crate) fn describe(error: &Error) -> String {
    #[expect(clippy::wildcard_enum_match_arm, reason = "keyring may add errors; what they carry is unknown")]
    match error {
        Error::PlatformFailure(source) | Error::NoStorageAccess(source) => source.to_string(),
        Error::NoDefaultStore => "not found".to_owned(),
        Error::Invalid(..) => "not supported on this system".to_owned(),
        Error::Ambiguous(_) => "more than one secret of that name".to_owned(),
        _ => "unexpected data in the keyring".to_owned(),
    }
}
