//! Where a secret comes from: never the command line, which everybody on the machine can read.

use std::{
    ffi::OsString,
    fs::File,
    io::{self, IsTerminal, Read},
    path::PathBuf,
};

use crate::{failure::Failure, language::Language, secret_line::Terminal};

/// The value of an option such as `--can`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SecretSource {
    /// `-`: asked for at a terminal, else what is on standard input.
    StandardInput,
    /// `@FILE`: what is in it.
    File(PathBuf),
    /// Anything else. It may be the secret itself, and is forgotten.
    Typed,
}

/// Where to read it.
pub(crate) enum Input {
    /// Somebody is asked.
    Terminal(Terminal),
    /// All that is to be read.
    Stream(Box<dyn Read>),
}

impl From<OsString> for SecretSource {
    fn from(value: OsString) -> Self {
        match value.to_str() {
            Some("-") => Self::StandardInput,
            Some(value) => value.strip_prefix('@').map_or(Self::Typed, |path| Self::File(path.into())),
            None => Self::Typed,
        }
    }
}

impl SecretSource {
    /// Refuses a secret on the command line, behind this option.
    pub(crate) fn check(&self, option: &str, language: Language) -> Result<(), Failure> {
        match self {
            Self::StandardInput | Self::File(_) => Ok(()),
            Self::Typed => Err(Failure::Usage {
                problem: language.pick(
                    format!(
                        "Auf der Befehlszeile kann jeder mitlesen: „{option} -“ fragt nach den Angaben oder liest sie \
                         von der Standardeingabe, „{option} @DATEI“ aus einer Datei."
                    ),
                    format!(
                        "Anybody can read the command line: '{option} -' asks for what is needed or reads it from \
                         standard input, '{option} @FILE' from a file."
                    ),
                ),
            }),
        }
    }

    /// Opens it.
    pub(crate) fn open(&self) -> Result<Input, Failure> {
        match self {
            Self::File(path) => match File::open(path) {
                Ok(file) => Ok(Input::Stream(Box::new(file))),
                Err(error) => {
                    Err(Failure::NotRead { what: path.display().to_string(), reason: error.to_string() })
                }
            },
            Self::StandardInput | Self::Typed => {
                let input = io::stdin().lock();
                if !input.is_terminal() {
                    return Ok(Input::Stream(Box::new(input)));
                }
                Ok(Input::Terminal(Terminal::new(input)?))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_on_the_command_line_is_forgotten_and_refused() {
        let source = |value: &str| SecretSource::from(OsString::from(value));
        assert_eq!(source("-"), SecretSource::StandardInput);
        assert_eq!(source("@/run/can"), SecretSource::File("/run/can".into()));
        assert_eq!(format!("{:?}", source("123123")), "Typed");
        let refused = source("123123").check("--can", Language::De);
        assert!(matches!(refused, Err(Failure::Usage { problem }) if problem.contains("--can @DATEI")));
    }
}
