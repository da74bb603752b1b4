//! The desk's identity: its key in the keyring, its certificate beside the database.

use std::{fs, io, path::Path};

use account::{CERTIFICATE_FILE, NEXT_CERTIFICATE_FILE};
use vault::{DESK_SERVICE, SecretName, Vault};

use crate::failure::Failure;

/// Where the app keeps the desk's keys.
const KEYS: [SecretName; 2] = [SecretName::DeskPrivateKey, SecretName::NextDeskPrivateKey];

/// Removes certificates and keys, so that the app's next start enrols the desk anew. Whether there were any.
///
/// # Errors
/// [`Failure::NotWritten`], [`Failure::KeyringLocked`], [`Failure::KeyringUnavailable`]. The certificates go first: a key
/// without one is never used again.
pub(crate) fn remove_identity(data_dir: &Path) -> Result<bool, Failure> {
    let mut removed = false;
    for name in [CERTIFICATE_FILE, NEXT_CERTIFICATE_FILE] {
        removed |= remove_file(&data_dir.join(name))?;
    }
    let vault = Vault::open(DESK_SERVICE)?;
    for name in KEYS {
        removed |= vault.get(name)?.is_some();
        vault.delete(name)?;
    }
    Ok(removed)
}

/// Whether there was one.
fn remove_file(file: &Path) -> Result<bool, Failure> {
    match fs::remove_file(file) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => {
            Err(Failure::NotWritten { what: file.display().to_string(), reason: error.to_string() })
        }
    }
}
