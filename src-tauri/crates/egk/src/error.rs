//! Why a card wasn't read. Nothing here tells anything about a person.

use crate::card_kind::CardKind;
use crate::file::EgkFile;
use smartcard::pace::PaceError;
use smartcard::{ChannelError, NoEntropy, StatusWord};

/// Why [`read`](crate::read) gave up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EgkError {
    /// No answer came from the card.
    #[error(transparent)]
    Channel(#[from] ChannelError),
    /// Secure messaging could not be set up for another reason than a wrong number.
    #[error(transparent)]
    Pace(PaceError),
    /// Over the air the card gives its data for its access number (CAN) only.
    #[error("the card access number is needed")]
    CanNeeded,
    /// Over the air the card gives its data in the clear, which no health card does.
    #[error("the card gives its data over the air in the clear")]
    InTheClear,
    /// The card can't be read over the air: it is of generation 2, or has no EF.CardAccess.
    #[error("the card can't be read over the air")]
    NoContactless,
    /// The card access number is wrong; it may be tried as often as one likes.
    #[error("the card access number is wrong")]
    WrongCan,
    /// There are no random numbers to challenge the card with.
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
    /// The card is no health card of generation 2 or newer.
    #[error("this is no health card but {0}")]
    NotAHealthCard(CardKind),
    /// The card refused a file that anyone may read.
    #[error("reading {file} gave {status}")]
    UnexpectedStatus {
        /// The file.
        file: EgkFile,
        /// The card's answer.
        status: StatusWord,
    },
    /// The insurer has locked the card: the health care application is deactivated, and this file refused.
    #[error("the card is locked: reading {file} gave {status}")]
    Deactivated {
        /// The file.
        file: EgkFile,
        /// The card's answer.
        status: StatusWord,
    },
    /// A file doesn't hold what it should.
    #[error("{file} is malformed: {problem}")]
    Malformed {
        /// The file.
        file: EgkFile,
        /// What is wrong with it.
        problem: Problem,
    },
}

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It is too short for what it says it holds, or its length fields or pointers contradict each other.
    #[error("its length fields are wrong")]
    Length,
    /// The compressed data is corrupt.
    #[error("its compressed data is corrupt")]
    Gzip,
    /// It, or what it unfolds to, is larger than a card's data can be.
    #[error("it is too large")]
    TooLarge,
    /// The XML declares another encoding than ISO-8859-15 and UTF-8, or isn't in the encoding it declares.
    #[error("its encoding is wrong")]
    Encoding,
    /// The XML isn't well-formed, or has a document type definition.
    #[error("its XML is malformed")]
    Xml,
    /// The XML is about something else.
    #[error("its XML has another root element")]
    Root,
    /// An element of the XML is in another namespace.
    #[error("its XML has another namespace")]
    Namespace,
    /// The data follows the schema 5.1 or an older one; such cards are no longer valid.
    #[error("its schema is too old")]
    SchemaTooOld,
    /// A field is missing, there twice, too long, or not of its form.
    #[error("its field {name} is wrong")]
    Field {
        /// The schema's name of the field.
        name: &'static str,
    },
    /// The check digit of the insured person's number is wrong.
    #[error("the insured person's number has a wrong check digit")]
    CheckDigit,
}
