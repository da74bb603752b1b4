//! What a clerk, the printer or the account service did: the input of every decision.

use crate::{
    AbortReason, AccountState, BirthDate, CheckAnswer, CodeId, ConcernId, FaceAnswer, HealthCard,
    IdentificationId, Kvnr, OperatorId, Person, PublicReference, Purpose, Receipt, VisitId, VisitNumber,
    VoidReason,
};
use jiff::civil::Date;

/// One thing that was done.
#[derive(Debug, Clone)]
pub enum Command {
    /// A health card was read and looked up: an insured person stands at the desk.
    Open(Box<Opening>),
    /// "Worum geht es?"
    ChoosePurpose {
        /// The purpose.
        purpose: Purpose,
        /// The number from the app.
        visit_number: VisitNumber,
        /// The service knows that number for that person.
        visit_number_matches: bool,
    },
    /// The document's type and dates, check digits already verified.
    PresentDocument {
        /// Id in the catalogue.
        document_type: String,
        /// From the machine-readable zone.
        birth_date: BirthDate,
        /// Last day of validity.
        expiry: Date,
    },
    /// One row of the checklist.
    AnswerCheck {
        /// Id of the check.
        check: String,
        /// What was seen.
        answer: CheckAnswer,
    },
    /// The names on card and document.
    CompareNames {
        /// What was seen.
        answer: CheckAnswer,
    },
    /// The checklist is complete.
    ConfirmDocument,
    /// The face.
    CompareFace {
        /// The answer.
        answer: FaceAnswer,
    },
    /// The clerk signs; a code was drawn for this id and reference.
    Issue {
        /// The code's id.
        code: CodeId,
        /// Its public reference.
        reference: PublicReference,
    },
    /// The printer says `completed`.
    Printed,
    /// The person has the sheet.
    HandOver {
        /// End of the reference as read off the sheet.
        reference_tail: String,
        /// How they signed.
        receipt: Receipt,
        /// The document is back in their hand.
        document_returned: bool,
        /// So is the card.
        health_card_returned: bool,
    },
    /// The code must not be used.
    VoidCode {
        /// Why.
        reason: VoidReason,
    },
    /// The service accepted the hand-over.
    ServiceAccepted {
        /// Which code.
        code: CodeId,
    },
    /// The service refused the code for good.
    ServiceRefused {
        /// Which code.
        code: CodeId,
    },
    /// Ends the visit before its time.
    Abort {
        /// Why.
        reason: AbortReason,
    },
    /// Ends the visit.
    End,
}

/// How a visit of an insured person with their own health card begins.
#[derive(Debug, Clone)]
pub struct Opening {
    /// Id that the shell drew.
    pub visit: VisitId,
    /// Of the acting person's identification.
    pub identification: IdentificationId,
    /// Of the first concern.
    pub concern: ConcernId,
    /// Who works at the desk.
    pub operator: OperatorId,
    /// Whom the card names.
    pub person: Person,
    /// The insurance number on it.
    pub kvnr: Kvnr,
    /// Institutionskennzeichen of issuing and billing insurer.
    pub iks: Vec<String>,
    /// What else the card says.
    pub health_card: HealthCard,
    /// What the service says.
    pub account: AccountState,
}
