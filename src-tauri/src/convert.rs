//! Between the rules' values and the window's: one function a type and direction.

use bridge::{AppError, Field, FieldProblem};
use identification::{Receipt, Refusal, SymbolError};

use crate::outside;

pub(crate) fn receipt_from(receipt: bridge::input::Receipt) -> Receipt {
    match receipt {
        bridge::input::Receipt::Signed => Receipt::Signed,
        bridge::input::Receipt::MarkAndWitness => Receipt::MarkAndWitness,
    }
}

/// A refusal as the clerk meets it.
pub(crate) fn refusal(refusal: Refusal) -> AppError {
    match refusal {
        Refusal::NotNow | Refusal::UnknownCheck | Refusal::PurposeNotOffered => AppError::NotNow,
        Refusal::NotYet => AppError::NotYet,
        Refusal::NotInsuredHere => AppError::NotInsuredHere,
        Refusal::DataMismatch => AppError::DataMismatch,
        Refusal::HealthCardNotGenuine => AppError::HealthCardNotUsable,
        Refusal::HealthCardUnproven => AppError::HealthCardUnproven,
        Refusal::HealthCardNeeded => AppError::HealthCardNeeded,
        Refusal::CardDeactivated => AppError::HealthCardLocked,
        Refusal::AccountNotRegistered => AppError::AccountNotRegistered,
        Refusal::AppActiveAlready => AppError::AppActiveAlready,
        Refusal::AccountLocked => AppError::AccountLocked,
        Refusal::TooManyConcerns => AppError::TooManyConcerns,
        Refusal::NotTheirOwn => AppError::NotTheirOwn,
        Refusal::DocumentNotAdmitted => AppError::DocumentNotAdmitted,
        Refusal::DocumentExpired | Refusal::ValidForTooLong => {
            field(Field::ExpiryDate, FieldProblem::Mismatch)
        }
        Refusal::BirthDateDiffers => field(Field::BirthDate, FieldProblem::Mismatch),
        Refusal::VisitNumberMismatch => field(Field::VisitNumber, FieldProblem::Mismatch),
        Refusal::ReferenceMismatch => field(Field::ReferenceTail, FieldProblem::Mismatch),
        Refusal::NotReturned => field(Field::Returned, FieldProblem::Missing),
        Refusal::IdentityNotEstablished => AppError::IdentityNotEstablished,
        Refusal::SecondPersonNeeded => AppError::SecondPersonNeeded,
        Refusal::SeparationOfDuties => AppError::SeparationOfDuties,
        Refusal::SupervisorNeeded => AppError::SupervisorNeeded,
        Refusal::TooManyCodes => AppError::TooManyCodes,
        Refusal::LevelTooLow => AppError::LevelTooLow,
        Refusal::TrayTimeOver => AppError::CodeVoid,
        Refusal::NotResumable => AppError::NotResumable,
        Refusal::OfflineNotPossible(why) => AppError::OfflineNotPossible { why: obstacle(why) },
        Refusal::LineLost => AppError::LineLost,
        Refusal::ClockWrong => AppError::ClockWrong,
    }
}

const fn obstacle(why: identification::OfflineObstacle) -> bridge::OfflineObstacle {
    match why {
        identification::OfflineObstacle::Representation => bridge::OfflineObstacle::Representation,
        identification::OfflineObstacle::Level => bridge::OfflineObstacle::Level,
        identification::OfflineObstacle::HealthCard => bridge::OfflineObstacle::HealthCard,
        identification::OfflineObstacle::Codes => bridge::OfflineObstacle::Codes,
        identification::OfflineObstacle::Lease => bridge::OfflineObstacle::Lease,
        identification::OfflineObstacle::Staff => bridge::OfflineObstacle::Staff,
    }
}

/// Nobody's fault at the desk: what it was is in the log under the id.
pub(crate) fn internal(error: &dyn std::error::Error) -> AppError {
    let incident = outside::id(outside::now().timestamp()).to_string();
    tracing::error!(%incident, %error, "something failed that never should");
    AppError::Internal { incident }
}

pub(crate) fn field(field: Field, problem: FieldProblem) -> AppError {
    AppError::FieldInvalid { field, problem }
}

/// Written out once: a reason that only one side knows doesn't compile.
macro_rules! one_to_one {
    ($($(#[$doc:meta])* $name:ident $(, $back:ident)?: $ours:ident { $($word:ident),+ $(,)? })+) => {$(
        $(#[$doc])*
        pub(crate) fn $name(value: identification::$ours) -> bridge::$ours {
            match value { $(identification::$ours::$word => bridge::$ours::$word),+ }
        }
        one_to_one!(@back $($back)? $ours { $($word),+ });
    )+};
    (@back $ours:ident { $($word:ident),+ }) => {};
    (@back $back:ident $ours:ident { $($word:ident),+ }) => {
        /// The way back.
        pub(crate) fn $back(value: bridge::$ours) -> identification::$ours {
            match value { $(bridge::$ours::$word => identification::$ours::$word),+ }
        }
    };
}

one_to_one! {
    /// Why a concern or a visit was refused.
    reason: RefusalReason {
        DocumentExpired, DocumentNotAdmitted, IdentityNotEstablished, DataMismatch, LevelTooLow, DeedCopyOnly,
        DeedNameMismatch, DeedNotYetIssued, AreaMissing, RepresentationEnded, ProvisionalNoEnd, ProvisionalExpired,
        OfficeUnsuitable, DeclarationMissing, PickupByThirdParty, SpouseNoDigitalAccess, ThirdPartyNoAuthority,
        SubjectDeceased, ConsentReserved,
    }
    /// An area of a carer's duties.
    area, area_from: Area {
        Health, SocialBenefits, Authorities, Assets, Post, ElectronicCommunication, Other,
    }
    /// In what form a deed was shown.
    seen_as, seen_as_from: SeenAs { Original, CertifiedCopy, Copy }
    /// A supervisor's judgement.
    review, review_from: ReviewOutcome { Agree, FormalDefect, SubstantialDefect }
    /// A level of assurance.
    level: Level { None, Normal, Substantial, High }
    /// Kinds of carers.
    carer: CarerKind { Professional, Volunteer }
    /// What was seen of a feature.
    answer, answer_from: CheckAnswer { Pass, Unclear, Fail }
    /// What was seen of a face.
    face, face_from: FaceAnswer { Matches, Doubt, DoesNotMatch }
    /// Why a proof of a card isn't valid.
    card_check_reason: CardCheckReason {
        NotAsked, NoCertificate, NoTrustStore, Malformed, UnknownIssuer, TestCard, Signature, NotYetValid, Expired,
        WrongUse, OtherCard, OtherPerson, OtherInsurer, ChallengeFailed, Refused,
    }
    /// How much a card has proven.
    proof_level: CardProofLevel { Read, Certificate, Chip }
    /// When the end of the card's number is typed.
    card_number_ask: CardNumberAsk { Never, WithoutChip, Always }
    /// What is blocked.
    blocking_target, blocking_target_from: BlockingTarget { Codes, App }
    /// Whether it is blocked.
    blocking_state: BlockingState { Ordered, InForce, Refused }
    /// What a concern is about.
    purpose, purpose_from: Purpose { AppActivation, Epa, RepresentativeAccess }
    /// How the person agreed to the reading of their document's chip.
    consent, consent_from: ConsentForm { Tapped, Signed }
    /// What is gone over.
    reviewed_part: ReviewedPart { Catalogue, Checklist }
}

/// A proof of a document's chip, as it is kept.
pub(crate) fn chip_outcome(check: identification::ChipCheck) -> bridge::ChipOutcome {
    use identification::ChipCheck;
    match check {
        ChipCheck::Valid => bridge::ChipOutcome::Valid,
        ChipCheck::Invalid => bridge::ChipOutcome::Invalid,
        ChipCheck::NotVerifiable => bridge::ChipOutcome::NotVerifiable,
        ChipCheck::NotSupported => bridge::ChipOutcome::NotSupported,
    }
}

/// What was proven of a card.
pub(crate) fn authenticity(proven: &identification::CardAuthenticity) -> bridge::CardAuthenticity {
    bridge::CardAuthenticity {
        level: proof_level(proven.level()),
        chip: card_check(proven.chip),
        certificate: card_check(proven.certificate),
    }
}

fn card_check(check: identification::CardCheck) -> bridge::CardCheck {
    use identification::CardCheck;
    match check {
        CardCheck::Valid => bridge::CardCheck::Valid,
        CardCheck::Invalid(reason) => bridge::CardCheck::Invalid { reason: card_check_reason(reason) },
        CardCheck::NotVerifiable(reason) => {
            bridge::CardCheck::NotVerifiable { reason: card_check_reason(reason) }
        }
        CardCheck::NotSupported(reason) => {
            bridge::CardCheck::NotSupported { reason: card_check_reason(reason) }
        }
    }
}

/// When the end of the card's number is typed.
pub(crate) fn card_number(rule: identification::CardNumberRule) -> bridge::CardNumberRule {
    bridge::CardNumberRule { digits: u32::from(rule.digits), ask: card_number_ask(rule.ask) }
}

pub(crate) fn symbols(error: SymbolError) -> FieldProblem {
    match error {
        SymbolError::Length => FieldProblem::Length,
        SymbolError::Character => FieldProblem::Character,
        SymbolError::CheckSymbol => FieldProblem::CheckSymbol,
    }
}
