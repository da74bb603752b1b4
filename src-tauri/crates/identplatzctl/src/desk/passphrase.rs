//! What a backup is encrypted with.

use store::{BackupKey, Passphrase};

use super::database_key;
use crate::{
    failure::Failure,
    language::Language,
    secret_line::only_line,
    secret_source::{Input, SecretSource},
};

/// The option that a passphrase comes by.
const OPTION: &str = "--passphrase";

/// Which key.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub(crate) struct BackupKeySource {
    /// The backup's passphrase, 12 to 63 characters: `-` asks for it or reads standard input, `@FILE` a file
    #[arg(long, value_name = "-|@FILE")]
    passphrase: Option<SecretSource>,
    /// The desk's own key, in the keyring: such a backup opens on this machine only
    #[arg(long)]
    desk_key: bool,
}

impl BackupKeySource {
    /// The key for a new backup; a passphrase is asked for twice.
    pub(crate) fn for_new(&self, language: Language) -> Result<BackupKey, Failure> {
        self.obtain(true, language)
    }

    /// The key of a backup that there is.
    pub(crate) fn for_known(&self, language: Language) -> Result<BackupKey, Failure> {
        self.obtain(false, language)
    }

    fn obtain(&self, is_new: bool, language: Language) -> Result<BackupKey, Failure> {
        let Some(source) = &self.passphrase else { return Ok(BackupKey::Desk(database_key()?)) };
        source.check(OPTION, language)?;
        let line = match source.open()? {
            Input::Stream(input) => only_line(input)?,
            Input::Terminal(mut terminal) => {
                let prompt = language.pick("Passphrase der Sicherung: ", "Passphrase of the backup: ");
                let typed = terminal.ask(prompt)?;
                if is_new
                    && typed
                        != terminal
                            .ask(language.pick("Passphrase wiederholen: ", "Repeat the passphrase: "))?
                {
                    return Err(Failure::PassphrasesDiffer);
                }
                typed
            }
        };
        line.and_then(|line| Passphrase::new(&line)).map(BackupKey::Passphrase).ok_or(Failure::NotAPassphrase)
    }
}
