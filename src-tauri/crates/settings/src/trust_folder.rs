//! The desk's trust folder: who vouches for health cards, beside those that come with the program, and for travel
//! documents. What the files are is for others to judge; here they are found and read, within limits.

use std::{
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

use crate::SettingsError;

/// Most files of a trust folder: the telematics infrastructure has some ten roots at a time, and each issuer of
/// cardholders' certificates a handful; some hundred states issue revocation lists, with two or three keys each.
pub const MAX_TRUST_FILES: usize = 512;
/// Longest file of a trust folder: a certificate has about one kilobyte, the German master list about one megabyte, and
/// the largest lists of the world's authorities a few.
pub const MAX_TRUST_FILE_BYTES: u64 = 12 << 20;
/// Most bytes of all files together: they are held in memory at once.
pub const MAX_TRUST_FOLDER_BYTES: u64 = 48 << 20;

/// What certificates and lists are called: card-verifiable certificates, those of X.509 as PEM or DER, master and defect
/// lists, revocation lists. Anything else, such as an administrator's notes, is left alone.
const EXTENSIONS: [&str; 7] = ["cvc", "pem", "crt", "der", "cer", "ml", "crl"];
/// What the names of files for travel documents begin with.
const TRAVEL_DOCUMENTS: &str = "csca";
/// What the names of the roots for master lists and defect lists begin with.
const LIST_ROOT: &str = "csca-master-list-root";

/// A file of the trust folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustFile {
    /// Its name in the folder.
    pub name: String,
    /// What it holds, as it is.
    pub bytes: Vec<u8>,
}

/// What a file of the trust folder is there for.
///
/// Nothing in an X.509 certificate tells an authority for health cards from one for travel documents, and whoever vouches
/// for the ones mustn't vouch for the others: the administrator says it by the file's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrustPurpose {
    /// Certificates for health cards, or a list, which only travel documents have.
    Any,
    /// Travel documents alone: `csca*`.
    TravelDocuments,
    /// The root that signs master lists and defect lists, and so says who is trusted at all: `csca-master-list-root*`.
    ListRoot,
}

impl TrustFile {
    /// What it is there for, by its name, in capitals too.
    #[must_use]
    pub fn purpose(&self) -> TrustPurpose {
        let begins_with = |prefix: &str| {
            self.name.get(..prefix.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(prefix))
        };
        if begins_with(LIST_ROOT) {
            TrustPurpose::ListRoot
        } else if begins_with(TRAVEL_DOCUMENTS) {
            TrustPurpose::TravelDocuments
        } else {
            TrustPurpose::Any
        }
    }
}

/// The certificates and lists in a folder (`*.cvc`, `*.pem`, `*.crt`, `*.der`, `*.cer`, `*.ml`, `*.crl`, in capitals too),
/// sorted by name.
///
/// # Errors
/// [`SettingsError::Read`] for a folder or file that can't be read, [`SettingsError::WritableByOthers`] for one that
/// anybody may change, [`SettingsError::TooMany`] and [`SettingsError::TooLarge`] (of a file or of all) beyond the limits.
pub fn trust_files(folder: &Path) -> Result<Vec<TrustFile>, SettingsError> {
    let failed = |source| SettingsError::Read { path: folder.to_owned(), source };
    refuse_writable(folder, &fs::metadata(folder).map_err(failed)?)?;
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if !is_trust_file(&path) {
            continue;
        }
        if paths.len() == MAX_TRUST_FILES {
            return Err(SettingsError::TooMany { path: folder.to_owned(), limit: MAX_TRUST_FILES });
        }
        paths.push(path);
    }
    paths.sort_unstable();
    let mut room = MAX_TRUST_FOLDER_BYTES;
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        let file = read(path)?;
        let length = u64::try_from(file.bytes.len()).unwrap_or(u64::MAX);
        room = room.checked_sub(length).ok_or_else(|| SettingsError::TooLarge {
            path: folder.to_owned(),
            limit: MAX_TRUST_FOLDER_BYTES,
        })?;
        files.push(file);
    }
    Ok(files)
}

fn is_trust_file(path: &Path) -> bool {
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
