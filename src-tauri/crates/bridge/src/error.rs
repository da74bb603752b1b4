//! Every refusal and fault that a person can meet, as a code with what the sentence needs.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::CardKind;

/// What went wrong. The window's map of texts is exhaustive over `code`: what happened, and what to do next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "code", content = "params", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum AppError {
    // Readers and cards
    NoReader,
    ReaderServiceDown,
    ReaderServiceDenied,
    ReaderRemoved,
    /// Upside down, dirty or broken.
    CardMute,
    CardRemoved,
    /// Another program holds the card.
    CardBusy,
    CardTimeout,
    ReadingCancelled,
    NotAHealthCard {
        kind: CardKind,
    },
    /// A file of the card is missing, cut short, over a limit or not what the specification says.
    CardUnreadable {
        file: String,
    },
    /// A number on the card has a wrong check digit.
    CardNumberWrong,
    CardTransport {
        transport_code: String,
    },

    // Look-up and rules
    NotInsuredHere,
    AccountNotRegistered,
    AccountLocked,
    /// The app is active already: nothing to hand out.
    AppActiveAlready,
    /// The insurer has locked the card's health application.
    HealthCardLocked,
    DocumentNotAdmitted,
    FieldInvalid {
        field: Field,
        problem: FieldProblem,
    },
    /// Something is still missing before this step.
    NotYet,
    /// The window was behind: what it asked for isn't possible in the present step.
    NotNow,
    /// "Wir können Ihre Identität heute nicht zweifelsfrei feststellen."
    IdentityNotEstablished,
    SecondPersonNeeded,
    LevelTooLow,
    /// Two codes were replaced already: somebody has to look why.
    TooManyCodes,

    // Printing
    PrinterUnreachable,
    PrinterRefused,
    /// The job ended without paper; the code is void.
    PrintFailed,
    /// The letter is there, its receipt isn't.
    ReceiptNotPrinted,
    /// The code became void before the hand-over: its time in the tray is over.
    CodeVoid,
    /// The service refused the code for good: the sheet must not be handed over.
    CodeRefused,

    // Account service
    ServiceUnreachable,
    ServiceRefused {
        refusal: ServiceRefusal,
    },

    // The desk
    SettingsInvalid {
        key: String,
    },
    VaultUnavailable,
    /// The one-time token doesn't serve (any more).
    EnrolmentRefused,
    StoreUnavailable,
    /// A defect of ours; the id is in the log.
    Internal {
        incident: String,
    },
}

/// A field that a problem belongs to; the focus goes there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    VisitNumber,
    BirthDate,
    ExpiryDate,
    ReferenceTail,
    DocumentReturned,
    HealthCardReturned,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FieldProblem {
    Missing,
    Length,
    /// A character that the alphabet doesn't have (`0`, `O`, `1`, `I`, `L`, `E`, `U`).
    Character,
    CheckSymbol,
    /// Well-formed, but not the one that belongs here.
    Mismatch,
}

/// Why the account service said no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ServiceRefusal {
    NotInsured,
    AccountLocked,
    OpenCodeExists,
    VisitNumberUnknown,
    WorkstationRevoked,
    Other,
}
