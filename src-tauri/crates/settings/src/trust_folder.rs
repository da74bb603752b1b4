//! The desk's trust folder: certificates that this desk trusts, beside those that come with the program, to vouch for
//! health cards. What they are is for others to judge; here they are found and read, within limits.

use std::{
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

use crate::SettingsError;

/// Most files of a trust folder: the telematics infrastructure has some ten roots at a time, and each issuer of
/// cardholders' certificates a handful.
pub const MAX_TRUST_FILES: usize = 64;
/// Longest file of a trust folder: a certificate has about one kilobyte, a PEM file may hold a few dozen.
pub const MAX_TRUST_FILE_BYTES: u64 = 64 * 1024;

/// What certificates are called: card-verifiable ones, and those of X.509 as PEM or DER. Anything else, such as an
/// administrator's notes, is left alone.
const EXTENSIONS: [&str; 4] = ["cvc", "pem", "crt", "der"];

/// A file of the trust folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustFile {
    /// Its name in the folder.
    pub name: String,
    /// What it holds, as it is.
    pub bytes: Vec<u8>,
}

/// The certificates in a folder (`*.cvc`, `*.pem`, `*.crt`, `*.der`, in capitals too), sorted by name.
///
/// # Errors
/// [`SettingsError::Read`] for a folder or file that can't be read, [`SettingsError::WritableByOthers`] for one that
/// anybody may change, [`SettingsError::TooMany`] and [`SettingsError::TooLarge`] beyond the limits.
pub fn trust_files(folder: &Path) -> Result<Vec<TrustFile>, SettingsError> {
    let failed = |source| SettingsError::Read { path: folder.to_owned(), source };
    refuse_writable(folder, &fs::metadata(folder).map_err(failed)?)?;
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if !is_certificate(&path) {
            continue;
        }
        if paths.len() == MAX_TRUST_FILES {
            return Err(SettingsError::TooMany { path: folder.to_owned(), limit: MAX_TRUST_FILES });
        }
        paths.push(path);
    }
    paths.sort_unstable();
    paths.into_iter().map(read).collect()
}

fn is_certificate(path: &Path) -> bool {
    let extension = path.extension().and_then(|it| it.to_str()).unwrap_or_default();
    EXTENSIONS.iter().any(|known| known.eq_ignore_ascii_case(extension))
}

fn read(path: PathBuf) -> Result<TrustFile, SettingsError> {
    let failed = |source| SettingsError::Read { path: path.clone(), source };
    // Asked before it is opened: opening a pipe waits for somebody who writes.
    let metadata = fs::metadata(&path).map_err(failed)?;
    if !metadata.is_file() {
        return Err(failed(std::io::Error::other("it is no file")));
    }
    refuse_writable(&path, &metadata)?;
    let mut bytes = Vec::new();
    File::open(&path)
        .and_then(|file| file.take(MAX_TRUST_FILE_BYTES + 1).read_to_end(&mut bytes))
        .map_err(failed)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > MAX_TRUST_FILE_BYTES) {
        return Err(SettingsError::TooLarge { path, limit: MAX_TRUST_FILE_BYTES });
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(TrustFile { name, bytes })
}

/// Whoever changes what is trusted makes any card genuine.
#[cfg(unix)]
fn refuse_writable(path: &Path, metadata: &fs::Metadata) -> Result<(), SettingsError> {
    const OTHERS_WRITE: u32 = 0o022;
    if std::os::unix::fs::MetadataExt::mode(metadata) & OTHERS_WRITE != 0 {
        return Err(SettingsError::WritableByOthers { path: path.to_owned() });
    }
    Ok(())
}

/// Elsewhere the installer sets the access list of the folder.
#[cfg(not(unix))]
fn refuse_writable(_: &Path, _: &fs::Metadata) -> Result<(), SettingsError> {
    Ok(())
}

#[cfg(test)]
mod tests;
