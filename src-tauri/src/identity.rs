//! The desk's key and certificate: the key in the keyring, the certificate in a file. A new pair replaces the old one in an
//! order in which no crash leaves the desk without a pair that fits.

use std::{fs, io, path::Path};

use account::{CERTIFICATE_FILE, DeskIdentity, NEXT_CERTIFICATE_FILE};
use bridge::AppError;
use vault::{Secret, SecretName, Vault};
use zeroize::Zeroizing;

use crate::open::{locked, read, unusable, write_whole};

/// What the last run left; `None`: the desk was never enrolled.
pub(crate) fn load(vault: &Vault, folder: &Path) -> Result<Option<DeskIdentity>, AppError> {
    // A renewal that was interrupted is finished: the service has granted it.
    if let Some(next) = pair(vault, SecretName::NextDeskPrivateKey, &folder.join(NEXT_CERTIFICATE_FILE))? {
        replace(vault, folder, &next)?;
        return Ok(Some(next));
    }
    if let Some(current) = pair(vault, SecretName::DeskPrivateKey, &folder.join(CERTIFICATE_FILE))? {
        return Ok(Some(current));
    }
    let has_key = vault.get(SecretName::DeskPrivateKey).map_err(|error| locked(&error))?.is_some();
    if has_key && folder.join(CERTIFICATE_FILE).exists() { Err(AppError::VaultUnavailable) } else { Ok(None) }
}

/// Keeps a first pair, or one in place of another.
pub(crate) fn replace(vault: &Vault, folder: &Path, next: &DeskIdentity) -> Result<(), AppError> {
    let key = Secret::new(next.private_key().to_vec()).map_err(|error| locked(&error))?;
    // Whole as the next pair first: whatever happens after that, the next start finishes it.
    vault.set(SecretName::NextDeskPrivateKey, &key).map_err(|error| locked(&error))?;
    let waiting = folder.join(NEXT_CERTIFICATE_FILE);
    write_whole(&waiting, next.certificate_chain()).map_err(|error| unusable(&error))?;
    vault.set(SecretName::DeskPrivateKey, &key).map_err(|error| locked(&error))?;
    write_whole(&folder.join(CERTIFICATE_FILE), next.certificate_chain())
        .map_err(|error| unusable(&error))?;
    gone(fs::remove_file(waiting)).map_err(|error| unusable(&error))?;
    vault.delete(SecretName::NextDeskPrivateKey).map_err(|error| locked(&error))
}

/// Destroys both halves, each whatever becomes of the others.
pub(crate) fn destroy(vault: &Vault, folder: &Path) -> Result<(), AppError> {
    let keys = [SecretName::DeskPrivateKey, SecretName::NextDeskPrivateKey]
        .map(|name| vault.delete(name).map_err(|error| locked(&error)));
    let files = [CERTIFICATE_FILE, NEXT_CERTIFICATE_FILE]
        .map(|file| gone(fs::remove_file(folder.join(file))).map_err(|error| unusable(&error)));
    keys.into_iter().chain(files).collect()
}

/// A key and a certificate that belong together.
fn pair(vault: &Vault, name: SecretName, certificate: &Path) -> Result<Option<DeskIdentity>, AppError> {
    let Some(key) = vault.get(name).map_err(|error| locked(&error))? else { return Ok(None) };
    if !certificate.exists() {
        return Ok(None);
    }
    let chain = read(certificate, "data_dir")?;
    Ok(DeskIdentity::from_parts(Zeroizing::new(key.expose().to_vec()), chain).ok())
}

fn gone(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
