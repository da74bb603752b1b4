//! What a proof has shown, of health cards and travel documents alike: as codes and in words.

use serde::Serialize;
use smartcard::StatusWord;

use crate::language::Language;

/// The outcome of a proof.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Outcome<R> {
    Valid,
    Invalid(R),
    NotVerifiable(R),
    NotSupported(R),
}

/// Why a proof doesn't hold.
pub(crate) trait Reason: Copy {
    /// Its code in the output.
    fn code(self) -> &'static str;
    /// One sentence.
    fn sentence(self, language: Language) -> &'static str;
    /// The status word of a card that refused.
    fn status(self) -> Option<StatusWord>;
}

impl<R: Reason> Outcome<R> {
    fn reason(self) -> Option<R> {
        match self {
            Self::Valid => None,
            Self::Invalid(reason) | Self::NotVerifiable(reason) | Self::NotSupported(reason) => Some(reason),
        }
    }

    /// In words, without the reason.
    pub(crate) fn result(self, language: Language) -> &'static str {
        match self {
            Self::Valid => language.pick("bestätigt", "confirmed"),
            Self::Invalid(_) => language.pick("Prüfung nicht bestanden", "check failed"),
            Self::NotVerifiable(_) => language.pick("nicht prüfbar", "can't be checked"),
            Self::NotSupported(_) => language.pick("nicht vorgesehen", "not provided for"),
        }
    }

    /// A line: what was proven, the result, and the reason.
    pub(crate) fn line(self, name: &str, language: Language) -> String {
        let reason = self.reason().map(|reason| format!(". {}", reason.sentence(language)));
        format!("{name}: {}{}\n", self.result(language), reason.unwrap_or_default())
    }
}

/// The outcome of a proof in the output.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Proof {
    result: &'static str,
    /// `None` for a proof that holds.
    reason: Option<&'static str>,
    /// The status word of a card that refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<String>,
}

impl<R: Reason> From<Outcome<R>> for Proof {
    fn from(outcome: Outcome<R>) -> Self {
        let result = match outcome {
            Outcome::Valid => "valid",
            Outcome::Invalid(_) => "invalid",
            Outcome::NotVerifiable(_) => "not_verifiable",
            Outcome::NotSupported(_) => "not_supported",
        };
        let reason = outcome.reason();
        let status = reason.and_then(Reason::status).map(|StatusWord(status)| format!("{status:04X}"));
        Self { result, reason: reason.map(Reason::code), status }
    }
}
