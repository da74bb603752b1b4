//! The chip of a document: what the person is asked, what opens it, and what it proved.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{AppError, Text};

/// Where the reading of the document's chip stands, where it may be read at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum ChipStep {
    /// The person can be asked: in these words, turned to them or printed.
    Offered {
        consent: ConsentText,
    },
    /// They would rather not: by eye, without any disadvantage. They can still change their mind.
    Declined {
        consent: ConsentText,
    },
    /// They have agreed: what opens the chip is typed, and the document laid on the reader. `problem`: the last try.
    NeedsKey {
        keys: Vec<ChipKey>,
        problem: Option<ChipProblem>,
    },
    /// What opens it is known; the document isn't on the reader yet.
    NeedsDocument,
    Reading {
        step: ChipReadStep,
        done: u32,
        total: u32,
    },
    /// It was read: a line for each check.
    Read {
        lines: Vec<ChipLine>,
        counts: ChipCounts,
    },
}

/// What the person agrees to, in the insurer's words; the same on paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConsentText {
    /// `chip-consent@1`, kept with the answer.
    pub wording: String,
    pub heading: Text,
    /// What is read and for what, that it can be taken back, that refusing has no disadvantage.
    pub paragraphs: Vec<Text>,
}

/// How the person agrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConsentForm {
    /// On the screen that is turned to them.
    Tapped,
    /// On the printed page.
    Signed,
}

/// What opens a chip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ChipKey {
    /// The document's number from the machine-readable zone, with the two dates that are typed already.
    Number,
    /// The six digits of the card access number on the front.
    Can,
}

/// How far the reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ChipReadStep {
    Opening,
    /// Name and dates.
    Data,
    /// Signature, certificates, proof of the chip.
    Genuine,
    /// The picture, byte by byte.
    Face,
}

/// Why the chip wasn't read. The visit goes on by eye in any case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "why", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum ChipProblem {
    /// What was typed doesn't open it; it may be tried as often as one likes.
    WrongKey { key: ChipKey },
    /// The number isn't one: this field, look at it again.
    NumberMalformed,
    /// Six digits.
    CanMalformed,
    /// It opens with the number only.
    NumberNeeded,
    /// It opens with the access number on the front only.
    CanNeeded,
    /// What lies on the reader isn't a travel document.
    NotATravelDocument,
    /// Its type or issuer is another one than the clerk chose: choose anew, or look twice at the print. Nothing of it counts.
    OtherTypeThanChosen,
    /// A German identity card from before August 2021.
    AuthoritiesOnly,
    /// It answers, but not as such documents do.
    Unreadable,
    /// Somebody stopped it.
    Cancelled,
    /// Chip or reader failed.
    Card { error: AppError },
}

/// One check of the chip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChipLine {
    pub check: ChipCheckName,
    pub state: ChipCheck,
}

/// The checks, in the order in which they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ChipCheckName {
    /// What was read is what was signed.
    Data,
    Signature,
    /// The signer is of an authority that is trusted.
    Issuer,
    Revocation,
    DocumentType,
    Country,
    /// The chip is no copy.
    Copy,
    Name,
    BirthDate,
    Expiry,
    Face,
}

/// The outcome of a check of the chip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum ChipCheck {
    Valid,
    Invalid { reason: ChipReason },
    NotVerifiable { reason: ChipReason },
    NotSupported { reason: ChipReason },
}

/// Why a check of the chip isn't valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ChipReason {
    NotAsked,
    NotOffered,
    Malformed,
    HashDiffers,
    NotInList,
    Signature,
    UnknownAlgorithm,
    NoTrustStore,
    UnknownIssuer,
    NotValidThen,
    WrongUse,
    WrongDocumentType,
    WrongCountry,
    Revoked,
    NoRevocationList,
    Defect,
    ChallengeFailed,
    PassiveAuthentication,
    Refused,
    Withheld,
    Downgraded,
    OtherDocument,
    /// It isn't what the document's print, or the insurer, says.
    Differs,
    /// The picture has no form that this program can show.
    FaceUnreadable,
}

/// What the chip is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ChipCounts {
    /// It is original, and everything agrees.
    Proves,
    /// Not everything could be verified, or the name is another one: it counts for nothing, for better or worse.
    Nothing,
    /// It speaks against the document.
    Contradicts,
}

/// The chip's picture: bytes come once, from the address that the token names, while the face is compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChipFace {
    /// Good for one fetch.
    pub token: String,
    /// Pixels.
    pub width: u32,
    pub height: u32,
}

/// A scanner for machine-readable zones, where the profile admits it for the chosen document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum ScanStep {
    Ready,
    /// It was read. `corrected`: so many characters that it mistook were put right; look at the dates.
    Read {
        corrected: u32,
    },
    Bad {
        problem: ScanProblem,
    },
    /// The device doesn't answer: type instead.
    Unavailable,
}

/// What is wrong with what a scanner sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ScanProblem {
    /// It isn't a zone.
    NotAZone,
    /// Check digits are wrong beyond what can be put right.
    CheckDigit,
    /// It is of another document than the one that was chosen.
    OtherDocument,
}
