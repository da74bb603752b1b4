//! When the rules say no. An expected answer, not an error: each has a sentence for the clerk in both languages.

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
    /// The insurer has locked the card's health application.
    #[error("the health card is locked")]
    CardDeactivated,
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
    /// The document type isn't admitted.
    #[error("the document type is not admitted")]
    DocumentNotAdmitted,
    /// The document expired before today.
    #[error("the document has expired")]
    DocumentExpired,
    /// The document's birth date is another one than the card's.
    #[error("the birth dates differ")]
    BirthDateDiffers,
    /// The type of document has no such check.
    #[error("the document has no such check")]
    UnknownCheck,
    /// A check, the names or the face say: not this person, or not genuine.
    #[error("the identity could not be established")]
    IdentityNotEstablished,
    /// Something is unclear: a second person has to look.
    #[error("a second person has to look")]
    SecondPersonNeeded,
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
    /// The document must be back in the person's hand.
    #[error("the document is not returned")]
    DocumentNotReturned,
    /// The health card must be back in the person's hand.
    #[error("the health card is not returned")]
    HealthCardNotReturned,
}
