//! The card access number (CAN): six digits on a health card as on a travel document.

use mrtd::Password;

use crate::{
    failure::Failure,
    language::Language,
    secret_line::only_line,
    secret_source::{Input, SecretSource},
};

/// The option that it comes by.
const OPTION: &str = "--can";

/// The number, whatever card it turns out to be for. It is wiped on drop.
pub(crate) struct Can {
    pub(crate) health_card: egk::Can,
    pub(crate) document: Password,
}

impl Can {
    /// Refuses a number on the command line.
    pub(crate) fn check(source: &SecretSource, language: Language) -> Result<(), Failure> {
        source.check(OPTION, language)
    }

    /// Asks or reads. Must not be called while a card is held, for a person takes their time.
    pub(crate) fn obtain(source: &SecretSource, language: Language) -> Result<Self, Failure> {
        Self::check(source, language)?;
        let prompt = language.pick(
            "CAN (6 Ziffern auf der Vorderseite der Karte): ",
            "CAN (6 digits on the front of the card): ",
        );
        let line = match source.open()? {
            Input::Terminal(mut terminal) => terminal.ask(prompt)?,
            Input::Stream(input) => only_line(input)?,
        };
        line.and_then(|line| Self::parse(&line)).ok_or(Failure::NotACan)
    }

    fn parse(line: &str) -> Option<Self> {
        let document = Password::Can(mrtd::Can::parse(line)?);
        Some(Self { health_card: egk::Can::parse(line)?, document })
    }
}
