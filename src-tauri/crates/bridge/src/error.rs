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
    /// The protected channel to a contactless card broke: the card moved, or something disturbed it.
    CardChannelLost,
    /// A contactless card that can't be read over the air (generation 2): insert it.
    CardNeedsContacts,
    /// The card failed a proof of its authenticity. Told in neutral words.
    HealthCardNotUsable,
    /// The card's authenticity could not be established as far as the profile asks for it: by number instead.
    HealthCardUnproven,
    /// The purpose needs the person's own health card, read and with a genuine chip.
    HealthCardNeeded,
    CardTransport {
        transport_code: String,
    },

    // Signing in
    /// The accounts of this desk can't be used; the administrator must look.
    StaffUnavailable,
    PinWrong {
        tries_left: u32,
    },
    /// Too many wrong PINs; RFC 3339.
    PinLocked {
        until: String,
    },
    /// The same member of staff can't act in both parts.
    SeparationOfDuties,
    SupervisorNeeded,
    /// Another clerk's visit is open: its clerk or a supervisor unlocks.
    VisitOfAnother,
    /// The interrupted visit can't be resumed any more.
    NotResumable,
    /// A sheet lies in the tray: hand it over or void it first.
    SheetInTray,

    // Look-up and rules
    NotInsuredHere,
    /// Number, name or birth date aren't the insurer's.
    DataMismatch,
    RepresentativeUnknown,
    /// This person is in the visit already, or it has as many concerns as it can have.
    TooManyConcerns,
    /// A carer's own concern must be about the carer.
    NotTheirOwn,
    /// The concern is refused; its row says why.
    ConcernRefused,
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
    /// Somebody else answered in its place: the certificate isn't the service's.
    ServiceUntrusted,
    /// It answers, but with an error of its own; try again.
    ServiceFailing,
    ServiceRefused {
        refusal: ServiceRefusal,
    },

    /// The desk's certificate is no longer, or not yet, valid; or the desk's clock is wrong.
    CertificateNotValid,
    /// Without a line this can't be done.
    OfflineNotPossible {
        why: OfflineObstacle,
    },
    /// The desk has been without a line for too long; nothing is begun until it is back.
    LineLost,
    /// The insurer has locked this desk.
    DeskLocked,
    /// The service knows newer records of this desk than it has itself, such as after its disk was put back: it must be
    /// enrolled anew.
    RecordsBehind,
    /// The clock is too far off, or was set back.
    ClockWrong,

    // The desk
    SettingsInvalid {
        key: String,
    },
    VaultUnavailable,
    /// The one-time token doesn't serve (any more).
    EnrolmentRefused,
    StoreUnavailable,
    /// The file can't be written.
    StoreReadOnly,
    /// Nothing new can be recorded: too much waits to be delivered.
    OutboxFull,
    /// The disk is full: nothing more can be recorded.
    DiskFull,
    /// A defect of ours; the id is in the log.
    Internal {
        incident: String,
    },
}

/// A field that a problem belongs to; the focus goes there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Pin,
    Kvnr,
    FamilyName,
    GivenNames,
    /// A birth date typed in full, `TT.MM.JJJJ`.
    FullBirthDate,
    /// The card access number on the front of a health card.
    Can,
    /// The end of the Kennnummer on its back.
    CardNumberTail,
    RepresentativeNumber,
    Court,
    FileNumber,
    IssuedOn,
    ProvisionalUntil,
    VisitNumber,
    BirthDate,
    ExpiryDate,
    /// The whole reference on a sheet, `A-XXXXXXXXXX`.
    Reference,
    ReferenceTail,
    Returned,
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
    /// A letter and nine digits, the last a check digit.
    CheckDigit,
    NoSuchDay,
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

/// What can't be done without a line to the account service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OfflineObstacle {
    /// The register of representations can't be asked.
    Representation,
    /// The purpose needs a level that isn't given out without a line.
    Level,
    /// Only a health card that is valid shows that somebody is insured here.
    HealthCard,
    /// As many codes as may wait for the line were given out.
    Codes,
    /// For more than a day there was no line: no new codes.
    Lease,
    /// Whoever works here wasn't signed in here while there was a line, or too long ago.
    Staff,
    /// The code is sealed to a key that the desk hasn't got yet.
    SealingKey,
}

/// Why a concern or a visit was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RefusalReason {
    DocumentExpired,
    DocumentNotAdmitted,
    IdentityNotEstablished,
    DataMismatch,
    LevelTooLow,
    DeedCopyOnly,
    DeedNameMismatch,
    DeedNotYetIssued,
    AreaMissing,
    RepresentationEnded,
    ProvisionalNoEnd,
    ProvisionalExpired,
    OfficeUnsuitable,
    DeclarationMissing,
    PickupByThirdParty,
    SpouseNoDigitalAccess,
    ThirdPartyNoAuthority,
    SubjectDeceased,
    ConsentReserved,
}
