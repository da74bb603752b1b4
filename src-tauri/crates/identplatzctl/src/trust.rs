//! Whom a desk trusts to vouch for health cards: the roots that come with the program, and a folder.

use std::{
    error::Error,
    path::{Path, PathBuf},
};

use egk::{TrustError, TrustStore};
use serde::Serialize;
use settings::{Settings, SettingsError};

use crate::{failure::Failure, language::Language};

/// Where the app looks for its settings unless it is told otherwise.
const SETTINGS: &str =
    if cfg!(windows) { r"C:\ProgramData\Identplatz\desk.toml" } else { "/etc/identplatz/desk.toml" };

/// Which folder, on the command line.
#[derive(Debug, clap::Args)]
pub(crate) struct TrustSource {
    /// Folder with certificates that vouch for health cards [default: that of the desk's settings]
    #[arg(long = "trust", value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// The desk's settings, which name the folder [default: those of the app, if they are there]
    #[arg(long, value_name = "FILE", env = "IDENTPLATZ_SETTINGS", hide_env_values = true)]
    settings: Option<PathBuf>,
}

/// Whom to trust.
#[derive(Debug)]
pub(crate) struct Trust {
    pub(crate) store: TrustStore,
    /// Where certificates were looked for.
    pub(crate) folder: Option<PathBuf>,
    /// Files of the folder that don't count.
    pub(crate) left_out: Vec<LeftOut>,
}

/// A file of the folder that doesn't count.
#[derive(Debug, Serialize)]
pub(crate) struct LeftOut {
    pub(crate) file: String,
    #[serde(serialize_with = "reason_code")]
    pub(crate) reason: TrustError,
}

impl TrustSource {
    /// Reads the folder.
    ///
    /// # Errors
    /// [`Failure::SettingsUnusable`] if the folder, or the settings that name it, can't be used as a whole.
    pub(crate) fn load(&self) -> Result<Trust, Failure> {
        let mut trust =
            Trust { store: TrustStore::production(), folder: self.folder()?, left_out: Vec::new() };
        let Some(folder) = &trust.folder else { return Ok(trust) };
        for file in settings::trust_files(folder)? {
            if let Err(reason) = trust.store.add(&file.bytes) {
                trust.left_out.push(LeftOut { file: file.name, reason });
            }
        }
        Ok(trust)
    }

    fn folder(&self) -> Result<Option<PathBuf>, Failure> {
        if self.folder.is_some() {
            return Ok(self.folder.clone());
        }
        let settings = match &self.settings {
            Some(named) => Settings::load(named)?,
            None if !Path::new(SETTINGS).exists() => return Ok(None),
            None => Settings::load(Path::new(SETTINGS))?,
        };
        Ok(settings.desk.trust.map(|trust| trust.folder))
    }
}

impl From<SettingsError> for Failure {
    fn from(error: SettingsError) -> Self {
        let problem = match error.source() {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        };
        Self::SettingsUnusable { problem }
    }
}

impl LeftOut {
    /// The reason in words.
    pub(crate) fn to_text(&self, language: Language) -> &'static str {
        match self.reason {
            TrustError::Malformed => language.pick("kein Zertifikat", "no certificate"),
            TrustError::TestRoot => language.pick(
                "eine Wurzel für Testkarten, die an keinem Arbeitsplatz gilt",
                "a root for test cards, which counts at no workstation",
            ),
            TrustError::NotARoot => language.pick(
                "weder Wurzel noch Aussteller, oder die Signatur ist falsch",
                "neither root nor issuer, or its signature is wrong",
            ),
            TrustError::OtherKey => language
                .pick("eine andere Wurzel hat diesen Namen schon", "another root has this name already"),
            TrustError::TooMany => language.pick("zu viele Zertifikate", "too many certificates"),
        }
    }
}

fn reason_code<S: serde::Serializer>(reason: &TrustError, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match reason {
        TrustError::Malformed => "malformed",
        TrustError::TestRoot => "test_root",
        TrustError::NotARoot => "not_a_root",
        TrustError::OtherKey => "other_key",
        TrustError::TooMany => "too_many",
    })
}
