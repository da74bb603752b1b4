//! When the rules say no. An expected answer, not an error: each has a sentence for the clerk in both languages.

use crate::OfflineObstacle;

/// Why a command was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The command doesn't belong to the present stage.
    #[error("not possible at this stage")]
    NotNow,
    /// Something before this step is still missing.
    #[error("something is still missing")]
    NotYet,
    /// The card's insurer isn't ours, or the account service doesn't know the person.
    #[error("not insured here")]
    NotInsuredHere,
    /// The health card fails a proof of its authenticity; which one is nobody's business at the desk.
    #[error("the health card is not genuine")]
    HealthCardNotGenuine,
    /// The health card has proven less than the profile asks for: by number instead.
    #[error("the health card has not proven enough")]
    HealthCardUnproven,
    /// The purpose needs the person's own health card, read and with a genuine chip.
    #[error("the purpose needs the health card")]
    HealthCardNeeded,
    /// The insurer has locked the card's health application.
    #[error("the health card is locked")]
    CardDeactivated,
    /// What the insurer has on record isn't what card, document or clerk say.
    #[error("the data differ from the insurer's")]
    DataMismatch,
    /// No account yet: register first.
    #[error("no account is registered")]
    AccountNotRegistered,
    /// The app is active already; nothing to hand out.
    #[error("the app is active already")]
    AppActiveAlready,
    /// The account is locked.
    #[error("the account is locked")]
    AccountLocked,
    /// This desk doesn't offer the purpose.
    #[error("the purpose is not offered here")]
    PurposeNotOffered,
    /// The visit has this person and purpose already, or as many concerns as a visit can have.
    #[error("the visit has that concern already, or too many")]
    TooManyConcerns,
    /// The person at the desk isn't the one that this concern is about.
    #[error("the concern is about somebody else")]
    NotTheirOwn,
    /// The document type isn't admitted.
    #[error("the document type is not admitted")]
    DocumentNotAdmitted,
    /// The document expired before today.
    #[error("the document has expired")]
    DocumentExpired,
    /// The document would be valid for longer than such documents are issued.
    #[error("no such document is valid for so long")]
    ValidForTooLong,
    /// The document's birth date is another one than is known.
    #[error("the birth dates differ")]
    BirthDateDiffers,
    /// The type of document has no such check.
    #[error("the document has no such check")]
    UnknownCheck,
    /// A check, the names or the face say: not this person, or not genuine.
    #[error("the identity could not be established")]
    IdentityNotEstablished,
    /// A second person has to look before a code is given out.
    #[error("a second person has to look")]
    SecondPersonNeeded,
    /// The same member of staff can't act in both parts.
    #[error("another member of staff is needed")]
    SeparationOfDuties,
    /// Only a supervisor may.
    #[error("a supervisor is needed")]
    SupervisorNeeded,
    /// Two codes were replaced already.
    #[error("too many codes were replaced")]
    TooManyCodes,
    /// The level that the purpose asks for isn't reached.
    #[error("the level of assurance is too low")]
    LevelTooLow,
    /// The app's number isn't the one of that person's registration.
    #[error("the visit number does not match")]
    VisitNumberMismatch,
    /// The sheet waited too long; its code is void.
    #[error("the time for the hand-over is over")]
    TrayTimeOver,
    /// The typed end of the reference isn't the sheet's.
    #[error("the reference does not match")]
    ReferenceMismatch,
    /// Document and cards must be back in the person's hand.
    #[error("document and card are not returned")]
    NotReturned,
    /// The visit can't be resumed: too late, or another clerk's.
    #[error("the visit can not be resumed")]
    NotResumable,
    /// Not without a line to the account service.
    #[error("not possible without a line: {0}")]
    OfflineNotPossible(OfflineObstacle),
    /// The desk has been without a line for so long that nothing is begun before it is back.
    #[error("the line has been gone for too long")]
    LineLost,
    /// The desk's clock is too far off, or was set back: no codes.
    #[error("the clock is wrong")]
    ClockWrong,
}

/// Why a concern or a visit was refused: the reason code of a record and of the printed confirmation, where it says no
/// more than a fraudster may know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusalReason {
    /// The document has expired.
    DocumentExpired,
    /// The type of document isn't admitted.
    DocumentNotAdmitted,
    /// A check, the face or the second person said no; never told apart.
    IdentityNotEstablished,
    /// The insurer's data differ.
    DataMismatch,
    /// The level isn't reached.
    LevelTooLow,
    /// Only a copy of the deed was shown.
    DeedCopyOnly,
    /// The deed names other people.
    DeedNameMismatch,
    /// The deed's date lies ahead.
    DeedNotYetIssued,
    /// No area of the deed covers dealings with the insurer.
    AreaMissing,
    /// The representation has ended or is suspended.
    RepresentationEnded,
    /// A provisional order without an end.
    ProvisionalNoEnd,
    /// A provisional order that is over.
    ProvisionalExpired,
    /// The office is for a single matter.
    OfficeUnsuitable,
    /// The declaration that the care goes on unchanged isn't signed.
    DeclarationMissing,
    /// A code is never given to a messenger.
    PickupByThirdParty,
    /// A spouse's emergency representation never opens an account.
    SpouseNoDigitalAccess,
    /// No authority at all.
    ThirdPartyNoAuthority,
    /// The represented person has died; told in neutral words.
    SubjectDeceased,
    /// The person's own declaration needs the carer's consent (Einwilligungsvorbehalt, § 1825 BGB).
    ConsentReserved,
}

impl RefusalReason {
    /// Every reason.
    pub const ALL: [Self; 19] = [
        Self::DocumentExpired,
        Self::DocumentNotAdmitted,
        Self::IdentityNotEstablished,
        Self::DataMismatch,
        Self::LevelTooLow,
        Self::DeedCopyOnly,
        Self::DeedNameMismatch,
        Self::DeedNotYetIssued,
        Self::AreaMissing,
        Self::RepresentationEnded,
        Self::ProvisionalNoEnd,
        Self::ProvisionalExpired,
        Self::OfficeUnsuitable,
        Self::DeclarationMissing,
        Self::PickupByThirdParty,
        Self::SpouseNoDigitalAccess,
        Self::ThirdPartyNoAuthority,
        Self::SubjectDeceased,
        Self::ConsentReserved,
    ];

    /// Its name in records and templates.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DocumentExpired => "document_expired",
            Self::DocumentNotAdmitted => "document_not_admitted",
            Self::IdentityNotEstablished => "identity_not_established",
            Self::DataMismatch => "data_mismatch",
            Self::LevelTooLow => "level_too_low",
            Self::DeedCopyOnly => "deed_copy_only",
            Self::DeedNameMismatch => "deed_name_mismatch",
            Self::DeedNotYetIssued => "deed_not_yet_issued",
            Self::AreaMissing => "area_missing",
            Self::RepresentationEnded => "representation_ended",
            Self::ProvisionalNoEnd => "provisional_no_end",
            Self::ProvisionalExpired => "provisional_expired",
            Self::OfficeUnsuitable => "office_unsuitable",
            Self::DeclarationMissing => "declaration_missing",
            Self::PickupByThirdParty => "pickup_by_third_party",
            Self::SpouseNoDigitalAccess => "spouse_no_digital_access",
            Self::ThirdPartyNoAuthority => "third_party_no_authority",
            Self::SubjectDeceased => "subject_deceased",
            Self::ConsentReserved => "consent_reserved",
        }
    }

    /// The reason with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == name)
    }
}
