//! Where the card access number (CAN) comes from: never the command line, which everybody on the machine can read.

use std::{
    ffi::OsString,
    fs::File,
    io::{self, IsTerminal},
    path::{Path, PathBuf},
};

use egk::Can;

use crate::{
    failure::Failure,
    language::Language,
    secret_line::{SecretLine, Terminal, only_line},
};

/// The value of `--can`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CanSource {
    /// `-`: asked for at a terminal, else the line on standard input.
    StandardInput,
    /// `@FILE`: the line in it.
    File(PathBuf),
    /// Anything else. It may be the number itself, and is forgotten.
    Typed,
}

impl From<OsString> for CanSource {
    fn from(value: OsString) -> Self {
        match value.to_str() {
            Some("-") => Self::StandardInput,
            Some(value) => value.strip_prefix('@').map_or(Self::Typed, |path| Self::File(path.into())),
            None => Self::Typed,
        }
    }
}

impl CanSource {
    /// Refuses a number on the command line.
    pub(crate) fn check(&self, language: Language) -> Result<(), Failure> {
        match self {
            Self::StandardInput | Self::File(_) => Ok(()),
            Self::Typed => {
                let problem = language.pick(
                    "Auf der Befehlszeile kann jeder die CAN lesen: „--can -“ fragt danach oder liest sie von der \
                     Standardeingabe, „--can @DATEI“ aus einer Datei.",
                    "Anybody can read the CAN on the command line: '--can -' asks for it or reads it from standard \
                     input, '--can @FILE' from a file.",
                );
                Err(Failure::Usage { problem: problem.to_owned() })
            }
        }
    }

    /// Asks or reads. Must not be called while a card is held, for a person takes their time.
    pub(crate) fn obtain(&self, language: Language) -> Result<Can, Failure> {
        self.check(language)?;
        let line = match self {
            Self::File(path) => read(path)?,
            Self::StandardInput | Self::Typed => ask(language)?,
        };
        line.and_then(|line| Can::parse(&line)).ok_or(Failure::NotACan)
    }
}

fn read(path: &Path) -> Result<SecretLine, Failure> {
    let file = File::open(path)
        .map_err(|error| Failure::NotRead { what: path.display().to_string(), reason: error.to_string() })?;
    only_line(file)
}

fn ask(language: Language) -> Result<SecretLine, Failure> {
    let input = io::stdin().lock();
    if !input.is_terminal() {
        return only_line(input);
    }
    let prompt = language
        .pick("CAN (6 Ziffern auf der Vorderseite der Karte): ", "CAN (6 digits on the front of the card): ");
    Terminal::new(input)?.ask(prompt)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_on_the_command_line_is_forgotten_and_refused() {
        let source = |value: &str| CanSource::from(OsString::from(value));
        assert_eq!(source("-"), CanSource::StandardInput);
        assert_eq!(source("@/run/can"), CanSource::File("/run/can".into()));
        assert_eq!(format!("{:?}", source("123123")), "Typed");
        assert!(matches!(source("123123").obtain(Language::De), Err(Failure::Usage { .. })));
    }
}
