//! Which lists of the desk's folder were the newest, so that an older one is noticed.

use std::{error::Error, io::ErrorKind, path::Path};

use jiff::tz::TimeZone;
use mrtd::trust::{NewestList, SignedListKind};
use settings::SettingsError;

use crate::{failure::Failure, language::Language};

/// What the desk has kept in its data folder.
pub(crate) struct Memory<'a> {
    pub(super) newest: Vec<NewestList>,
    /// Why it can't be read or kept, if so.
    pub(super) problem: Option<String>,
    /// None where there is nothing to keep it in.
    data_dir: Option<&'a Path>,
}

impl<'a> Memory<'a> {
    /// Reads it; that others than the desk's own account mayn't is a problem, but no error. A desk that was never started
    /// has no data folder yet.
    pub(super) fn read(data_dir: Option<&'a Path>) -> Result<Self, Failure> {
        let none = Self { newest: Vec::new(), problem: None, data_dir: None };
        let Some(data_dir) = data_dir else { return Ok(none) };
        let text = match settings::trust_memory(data_dir) {
            Ok(text) => text,
            Err(error) if is_denied(&error) => return Ok(Self { problem: Some(in_full(&error)), ..none }),
            Err(error) => return Err(error.into()),
        };
        let newest = NewestList::from_text(&text).map_err(|error| Failure::SettingsUnusable {
            problem: format!("{}: {error}", data_dir.display()),
        })?;
        Ok(Self { newest, data_dir: Some(data_dir).filter(|folder| folder.is_dir()), ..none })
    }

    pub(super) fn keep(&mut self, newest: &[NewestList]) {
        let Some(data_dir) = self.data_dir else { return };
        let kept = settings::keep_trust_memory(data_dir, &NewestList::to_text(newest));
        self.problem = kept.err().map(|error| in_full(&error));
    }
}

fn is_denied(error: &SettingsError) -> bool {
    matches!(error, SettingsError::Read { source, .. } if source.kind() == ErrorKind::PermissionDenied)
}

pub(super) fn in_full(error: &SettingsError) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

/// What to say of a list that is missing.
pub(crate) fn missing_list(list: &NewestList, language: Language) -> String {
    let day = language.day(list.signed.to_zoned(TimeZone::UTC).date());
    let name = match list.kind {
        SignedListKind::Master => language.pick("Master-Liste", "master list"),
        SignedListKind::Defect => language.pick("Mängelliste", "defect list"),
    };
    language.pick(
        format!(
            "Die {name} vom {day}, die hier schon galt, fehlt oder wurde durch eine ältere ersetzt; eine ältere gilt nicht. \
             Legen Sie die neueste in den Ordner."
        ),
        format!(
            "The {name} of {day}, which has counted here, is missing or was replaced by an older one; an older one doesn't \
             count. Put the newest into the folder."
        ),
    )
}
