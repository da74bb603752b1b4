//! Why a chip wasn't read. Nothing here tells anything about a person.

use crate::file::MrtdFile;
use smartcard::bac::BacError;
use smartcard::pace::PaceError;
use smartcard::{ChannelError, NoEntropy, StatusWord};

/// Why [`read`](crate::read()) gave up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MrtdError {
    /// No answer came from the chip.
    #[error(transparent)]
    Channel(#[from] ChannelError),
    /// There are no random numbers to open or to challenge the chip with.
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
    /// The chip has no application for travel documents.
    #[error("this is no travel document")]
    NotATravelDocument,
    /// What was read or typed doesn't open the chip; it may be tried as often as one likes.
    #[error("the card access number or the machine-readable zone is wrong")]
    WrongPassword,
    /// The chip doesn't open with a card access number, only with the machine-readable zone.
    #[error("the machine-readable zone is needed")]
    ZoneNeeded,
    /// The chip doesn't open with the machine-readable zone, only with its card access number: the eID card for
    /// citizens of the Union, whose zone is nobody's.
    #[error("the card access number is needed")]
    CanNeeded,
    /// The chip opens, but shows its data to authorities with a certificate only: a German identity card from
    /// before August 2021.
    #[error("the chip shows its data to authorities only")]
    AuthoritiesOnly,
    /// PACE failed for another reason than a wrong password, and the chip offers nothing else.
    #[error(transparent)]
    Pace(PaceError),
    /// Basic access control failed for another reason than a wrong key.
    #[error(transparent)]
    Bac(BacError),
    /// The chip has the application for travel documents, and refused to select it.
    #[error("selecting the application gave {0}")]
    ApplicationRefused(StatusWord),
    /// The chip refused a file.
    #[error("reading {file} gave {status}")]
    FileRefused {
        /// The file.
        file: MrtdFile,
        /// The chip's answer.
        status: StatusWord,
    },
    /// A file doesn't hold what it should.
    #[error("{file} is malformed: {problem}")]
    Malformed {
        /// The file.
        file: MrtdFile,
        /// What is wrong with it.
        problem: Problem,
    },
}

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It begins with another tag than its own, or its length field is malformed.
    #[error("it begins otherwise than it should")]
    Header,
    /// By its length field it is larger than such a file can be.
    #[error("it is too large")]
    TooLarge,
    /// It ends before the end that its length field names, or comes in crumbs.
    #[error("it has no end")]
    Endless,
    /// What it holds isn't of its form.
    #[error("its contents are wrong")]
    Contents,
    /// The signed list doesn't name a data group that every document has.
    #[error("it lacks a data group")]
    Incomplete,
}
