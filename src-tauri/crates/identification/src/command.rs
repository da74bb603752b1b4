//! What a clerk, the printer or the account service did: the input of every decision.

use crate::{
    AbortReason, ActingRole, BirthDate, BlockingTarget, CheckAnswer, ChipConsent, ChipEvidence, CodeId,
    ConcernId, FaceAnswer, Filed, IdentificationId, Kvnr, Line, OperatorId, Person, Proof, PublicReference,
    Purpose, Receipt, RepresentativeAccount, ReviewOutcome, Staff, Subject, SubjectRegister, VisitId,
    VisitNumber, VoidReason,
};
use jiff::civil::Date;

/// One thing that was done.
#[derive(Debug, Clone)]
pub enum Command {
    /// Somebody came to the desk: an insured person with their own first concern, or a representative.
    Open(Box<Opening>),
    /// Somebody wants a code or an app blocked: a visit of its own, over at once.
    Block(Box<BlockingOrder>),
    /// The service has done what it was told to block.
    BlockingAccepted {
        /// Which concern.
        concern: ConcernId,
    },
    /// The service refused it for good.
    BlockingRefused {
        /// Which concern.
        concern: ConcernId,
    },
    /// A representative names the next person; or, if they are insured here, themselves.
    AddConcern(Box<NewConcern>),
    /// "Worum geht es?"
    ChoosePurpose {
        /// Which concern.
        concern: ConcernId,
        /// The purpose.
        purpose: Purpose,
        /// The number from the app; a representative's access needs none.
        visit_number: Option<VisitNumber>,
        /// The service knows that number for that person; `None`: it can't be asked, and wasn't about that person either.
        visit_number_matches: Option<bool>,
    },
    /// The end of the Kennnummer, typed from the card's back, was compared with what the chip says. The digits
    /// themselves stay in the shell.
    CompareCardNumber {
        /// Which concern.
        concern: ConcernId,
        /// Whether they are the same.
        agrees: bool,
    },
    /// The PIN of the health card was typed at the reader's own pad, and the card signed with the key of the certificate
    /// that names this person.
    ProvePossession {
        /// Which concern.
        concern: ConcernId,
        /// Whom the certificate names.
        kvnr: Kvnr,
    },
    /// What is shown for acting on somebody's behalf.
    PresentProof {
        /// Which concern.
        concern: ConcernId,
        /// The proof.
        proof: Proof,
        /// What the register of representations says; `None`: not on file.
        filed: Option<Filed>,
    },
    /// The clerk takes a concern back.
    WithdrawConcern {
        /// Which concern.
        concern: ConcernId,
    },
    /// The document's type and dates, check digits already verified.
    PresentDocument {
        /// Id in the catalogue.
        document_type: String,
        /// From the machine-readable zone.
        birth_date: BirthDate,
        /// The account service knows that birth date for the representative, or for an insured person of
        /// whom it isn't known in full; else the known date counts.
        register_agrees: bool,
        /// Last day of validity; `None`: valid without an end.
        expiry: Option<Date>,
    },
    /// The person agrees to the reading of their document's chip.
    AgreeToChip(ChipConsent),
    /// The person takes that back: what was read counts no more.
    RevokeChip,
    /// The chip was read.
    RecordChip {
        /// What it proved, and what agrees with print and register.
        evidence: ChipEvidence,
    },
    /// One row of the checklist.
    AnswerCheck {
        /// Id of the check.
        check: String,
        /// What was seen.
        answer: CheckAnswer,
    },
    /// The known name and the document's.
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
    /// Another member of staff has signed in beside the clerk and looked.
    TakeSecondLook {
        /// Who.
        by: Staff,
        /// What they say to person, document and deeds.
        answer: FaceAnswer,
    },
    /// The clerk signs; a code was drawn for this id and reference.
    Issue {
        /// Which concern.
        concern: ConcernId,
        /// The code's id.
        code: CodeId,
        /// Its public reference.
        reference: PublicReference,
        /// The line at this moment.
        line: Line,
    },
    /// The printer says `completed`.
    Printed,
    /// The person has the sheet.
    HandOver {
        /// End of the reference as read off the sheet.
        reference_tail: String,
        /// How they signed.
        receipt: Receipt,
        /// Document and cards are back in their hand.
        returned: bool,
    },
    /// The code in the tray must not be used.
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
    /// After an interruption somebody goes on with the visit.
    Resume {
        /// Who signed in.
        by: Staff,
    },
    /// A supervisor takes the visit over.
    TakeOver {
        /// Who signed in.
        by: Staff,
    },
    /// Ends the visit before its time.
    Abort {
        /// Why.
        reason: AbortReason,
    },
    /// Ends the visit.
    End,
    /// A supervisor's judgement of a finished visit.
    Review {
        /// Who.
        by: Staff,
        /// The outcome.
        outcome: ReviewOutcome,
    },
}

/// How a visit begins.
#[derive(Debug, Clone)]
pub struct Opening {
    /// Id that the shell drew.
    pub visit: VisitId,
    /// Of the acting person's identification.
    pub identification: IdentificationId,
    /// Who works at the desk.
    pub operator: OperatorId,
    /// Who came.
    pub acting: Acting,
    /// The line at this moment.
    pub line: Line,
}

/// What is to be blocked, for whom.
#[derive(Debug, Clone)]
pub struct BlockingOrder {
    /// Id that the shell drew.
    pub visit: VisitId,
    /// Id that the shell drew.
    pub concern: ConcernId,
    /// Who works at the desk.
    pub operator: OperatorId,
    /// Whose code or app, as they or somebody for them said.
    pub subject: Subject,
    /// What the service says of them; `None`: it can't be asked.
    pub register: Option<SubjectRegister>,
    /// What.
    pub target: BlockingTarget,
}

/// Who came.
#[derive(Debug, Clone)]
pub enum Acting {
    /// An insured person, about themselves.
    Insured(Box<NewConcern>),
    /// A representative, about others.
    Representative {
        /// As the account service names them; the birth date is confirmed with the document's.
        person: Person,
        /// As whom they act.
        role: ActingRole,
        /// Their account.
        account: RepresentativeAccount,
    },
}

/// Whom a concern is about.
#[derive(Debug, Clone)]
pub struct NewConcern {
    /// Id that the shell drew.
    pub concern: ConcernId,
    /// The person.
    pub subject: Subject,
    /// What the service says of them; `None`: it can't be asked.
    pub register: Option<SubjectRegister>,
    /// Institutionskennzeichen of issuing and billing insurer on the card; empty without a card.
    pub iks: Vec<String>,
    /// Whether this is the acting person's own concern.
    pub own: bool,
}
