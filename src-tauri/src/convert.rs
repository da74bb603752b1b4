//! Between the rules' values and the window's: one function a type and direction.

use identification::{CheckAnswer, FaceAnswer, Purpose, Receipt, Refusal, SymbolError};

pub(crate) fn purpose(purpose: Purpose) -> bridge::Purpose {
    match purpose {
        Purpose::AppActivation => bridge::Purpose::AppActivation,
    }
}

pub(crate) fn purpose_from(purpose: bridge::Purpose) -> Purpose {
    match purpose {
        bridge::Purpose::AppActivation => Purpose::AppActivation,
    }
}

pub(crate) fn answer(answer: CheckAnswer) -> bridge::CheckAnswer {
    match answer {
        CheckAnswer::Pass => bridge::CheckAnswer::Pass,
        CheckAnswer::Unclear => bridge::CheckAnswer::Unclear,
        CheckAnswer::Fail => bridge::CheckAnswer::Fail,
    }
}

pub(crate) fn answer_from(answer: bridge::CheckAnswer) -> CheckAnswer {
    match answer {
        bridge::CheckAnswer::Pass => CheckAnswer::Pass,
        bridge::CheckAnswer::Unclear => CheckAnswer::Unclear,
        bridge::CheckAnswer::Fail => CheckAnswer::Fail,
    }
}

pub(crate) fn face(answer: FaceAnswer) -> bridge::FaceAnswer {
    match answer {
        FaceAnswer::Matches => bridge::FaceAnswer::Matches,
        FaceAnswer::Doubt => bridge::FaceAnswer::Doubt,
        FaceAnswer::DoesNotMatch => bridge::FaceAnswer::DoesNotMatch,
    }
}

pub(crate) fn face_from(answer: bridge::FaceAnswer) -> FaceAnswer {
    match answer {
        bridge::FaceAnswer::Matches => FaceAnswer::Matches,
        bridge::FaceAnswer::Doubt => FaceAnswer::Doubt,
        bridge::FaceAnswer::DoesNotMatch => FaceAnswer::DoesNotMatch,
    }
}

pub(crate) fn receipt_from(receipt: bridge::input::Receipt) -> Receipt {
    match receipt {
        bridge::input::Receipt::Signed => Receipt::Signed,
        bridge::input::Receipt::MarkAndWitness => Receipt::MarkAndWitness,
    }
}

/// A refusal as the clerk meets it.
pub(crate) fn refusal(refusal: Refusal) -> bridge::AppError {
    use bridge::{AppError, Field, FieldProblem};
    let field = |field, problem| AppError::FieldInvalid { field, problem };
    match refusal {
        Refusal::NotNow | Refusal::UnknownCheck | Refusal::PurposeNotOffered => AppError::NotNow,
        Refusal::NotYet => AppError::NotYet,
        Refusal::NotInsuredHere => AppError::NotInsuredHere,
        Refusal::CardDeactivated => AppError::HealthCardLocked,
        Refusal::AccountNotRegistered => AppError::AccountNotRegistered,
        Refusal::AppActiveAlready => AppError::AppActiveAlready,
        Refusal::AccountLocked => AppError::AccountLocked,
        Refusal::DocumentNotAdmitted => AppError::DocumentNotAdmitted,
        Refusal::DocumentExpired => field(Field::ExpiryDate, FieldProblem::Mismatch),
        Refusal::BirthDateDiffers => field(Field::BirthDate, FieldProblem::Mismatch),
        Refusal::VisitNumberMismatch => field(Field::VisitNumber, FieldProblem::Mismatch),
        Refusal::ReferenceMismatch => field(Field::ReferenceTail, FieldProblem::Mismatch),
        Refusal::DocumentNotReturned => field(Field::DocumentReturned, FieldProblem::Missing),
        Refusal::HealthCardNotReturned => field(Field::HealthCardReturned, FieldProblem::Missing),
        Refusal::IdentityNotEstablished => AppError::IdentityNotEstablished,
        Refusal::SecondPersonNeeded => AppError::SecondPersonNeeded,
        Refusal::TooManyCodes => AppError::TooManyCodes,
        Refusal::LevelTooLow => AppError::LevelTooLow,
        Refusal::TrayTimeOver => AppError::CodeVoid,
    }
}

pub(crate) fn symbols(error: SymbolError) -> bridge::FieldProblem {
    match error {
        SymbolError::Length => bridge::FieldProblem::Length,
        SymbolError::Character => bridge::FieldProblem::Character,
        SymbolError::CheckSymbol => bridge::FieldProblem::CheckSymbol,
    }
}
