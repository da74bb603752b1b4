//! The desk's own data: where it lies, its key, and how it is opened. Commands run under the desk's account, beside a desk
//! that is running where they only read.

mod identity;
mod key;
mod passphrase;

use std::path::{Path, PathBuf};

use settings::Settings;
use store::{Reader, STORE_FOLDER};

use crate::failure::Failure;
pub(crate) use identity::remove_identity;
pub(crate) use key::{database_key, database_key_or_new};
pub(crate) use passphrase::BackupKeySource;

/// Where the app looks for its settings unless it is told otherwise.
pub(crate) const SETTINGS: &str =
    if cfg!(windows) { r"C:\ProgramData\Identplatz\desk.toml" } else { "/etc/identplatz/desk.toml" };

/// Which desk.
#[derive(Debug, clap::Args)]
pub(crate) struct DeskSource {
    /// The desk's settings, which name the folder of its data [default: those of the app]
    #[arg(long, value_name = "FILE", env = "IDENTPLATZ_SETTINGS", hide_env_values = true)]
    settings: Option<PathBuf>,
}

impl DeskSource {
    /// The desk's settings.
    pub(crate) fn settings(&self) -> Result<Settings, Failure> {
        Ok(Settings::load(self.settings.as_deref().unwrap_or(Path::new(SETTINGS)))?)
    }

    /// The store's folder.
    pub(crate) fn store_folder(&self) -> Result<PathBuf, Failure> {
        Ok(self.settings()?.desk.data_dir.join(STORE_FOLDER))
    }

    /// The store, to be read beside a running desk.
    pub(crate) fn reader(&self) -> Result<Reader, Failure> {
        // Settings first: whoever has none needs no keyring.
        let folder = self.store_folder()?;
        Ok(Reader::open(&folder, &database_key()?)?)
    }
}
