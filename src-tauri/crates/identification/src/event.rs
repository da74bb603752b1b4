//! What happened: the facts that are recorded, each belonging to the visit, an identification or a concern.
//!
//! No event holds a document number, an expiry date, a face, a CAN or a code in plain text.

use jiff::{Timestamp, civil::Date};

use crate::{
    ActingRole, BlockingTarget, CheckAnswer, ChipConsent, ChipEvidence, CodeId, ConcernId, Deed, FaceAnswer,
    Grant, IdentificationId, IssuerGroup, Level, OperatorId, Person, PublicReference, Purpose, Receipt,
    RefusalReason, ReviewOutcome, Subject, SubjectRegister, VisitId, VisitNumber,
};

/// An event with the moment at which it was decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: Event,
}

/// Whose record an event belongs to: each scope has a key of its own, so that erasing one never touches another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The visit as such; nothing personal.
    Visit(VisitId),
    /// Evidence about the acting person.
    Identification(IdentificationId),
    /// Everything about the subject of one concern.
    Concern(ConcernId),
}

/// A fact.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A visit began.
    VisitOpened {
        /// The visit.
        visit: VisitId,
        /// Who works at the desk.
        operator: OperatorId,
        /// Version of the profile that decides.
        policy_version: String,
    },
    /// The acting person is known by name; not proven yet.
    PersonIntroduced {
        /// The identification that begins.
        identification: IdentificationId,
        /// Who.
        person: Person,
        /// As whom they act.
        role: ActingRole,
    },
    /// A concern began: whom it is about, and what the account service says of them.
    ConcernOpened {
        /// The concern.
        concern: ConcernId,
        /// Whom it is about.
        subject: Subject,
        /// What the service said; `None`: it could not be asked.
        register: Option<SubjectRegister>,
    },
    /// Something of somebody is to be blocked: nobody was identified, nothing was given out.
    BlockingOrdered {
        /// The concern.
        concern: ConcernId,
        /// Whose.
        subject: Subject,
        /// The service knew number, name and birth date; otherwise it could not be asked.
        confirmed: bool,
        /// What.
        target: BlockingTarget,
    },
    /// The service has blocked it.
    BlockingAccepted {
        /// The concern.
        concern: ConcernId,
    },
    /// The service has refused it for good.
    BlockingRefused {
        /// The concern.
        concern: ConcernId,
    },
    /// The end of the Kennnummer on the card's back is what its chip says.
    CardNumberCompared {
        /// The concern.
        concern: ConcernId,
    },
    /// The health card signed after its PIN was typed: whoever has the card knows its PIN.
    PossessionProven {
        /// The concern.
        concern: ConcernId,
    },
    /// The clerk chose what it is about.
    PurposeChosen {
        /// The concern.
        concern: ConcernId,
        /// The purpose.
        purpose: Purpose,
        /// The number that the registered app shows; a representative's code is bound to their account instead.
        visit_number: Option<VisitNumber>,
    },
    /// A deed was shown, and the law allows what is asked for.
    RepresentationAccepted {
        /// The concern.
        concern: ConcernId,
        /// The deed.
        deed: Box<Deed>,
        /// What it allows.
        grant: Grant,
    },
    /// The concern is refused; the visit goes on.
    ConcernRefused {
        /// The concern.
        concern: ConcernId,
        /// Why.
        reason: RefusalReason,
    },
    /// The clerk took the concern back; nothing was given out for it.
    ConcernWithdrawn {
        /// The concern.
        concern: ConcernId,
    },
    /// A document was presented, is valid today, and agrees with the known birth date.
    DocumentPresented {
        /// The identification.
        identification: IdentificationId,
        /// Id in the catalogue.
        document_type: String,
        /// Germany, European Union or other.
        issuer: IssuerGroup,
    },
    /// The person has agreed to the reading of the document's chip.
    ChipAgreed {
        /// The identification.
        identification: IdentificationId,
        /// How, and to what wording.
        consent: ChipConsent,
    },
    /// The person has taken that back.
    ChipRevoked {
        /// The identification.
        identification: IdentificationId,
    },
    /// The document's chip was read; its data are dropped.
    ChipRead {
        /// The identification.
        identification: IdentificationId,
        /// What it proved, and what agrees.
        evidence: ChipEvidence,
    },
    /// One check of the document was answered.
    DocumentChecked {
        /// The identification.
        identification: IdentificationId,
        /// Id of the check.
        check: String,
        /// What was seen.
        answer: CheckAnswer,
    },
    /// The known name and the document's were compared.
    NamesCompared {
        /// The identification.
        identification: IdentificationId,
        /// What was seen.
        answer: CheckAnswer,
    },
    /// All of the document was looked at.
    DocumentConfirmed {
        /// The identification.
        identification: IdentificationId,
    },
    /// The person's face was compared with the document's picture.
    FaceCompared {
        /// The identification.
        identification: IdentificationId,
        /// The answer.
        answer: FaceAnswer,
    },
    /// A second member of staff looked at document, face and deeds (Vier-Augen-Prüfung).
    SecondLookTaken {
        /// The identification.
        identification: IdentificationId,
        /// Who looked.
        by: OperatorId,
        /// What they say to the face, the document's doubts and the deeds together.
        answer: FaceAnswer,
        /// The concerns whose deeds they saw.
        concerns: Vec<ConcernId>,
    },
    /// The clerk signed, and a code was drawn and sealed to the service.
    CodeGenerated {
        /// The concern.
        concern: ConcernId,
        /// The code's id; not the code.
        code: CodeId,
        /// Its public reference.
        reference: PublicReference,
        /// The level that was reached.
        level: Level,
        /// Last day on which it can be redeemed.
        valid_until: Date,
        /// Given out without a line: it takes effect once the service has it, if nothing is against it there.
        offline: bool,
    },
    /// The sheet is in the tray, complete.
    CodePrinted {
        /// The concern.
        concern: ConcernId,
        /// The code.
        code: CodeId,
    },
    /// The person has the sheet.
    CodeHandedOver {
        /// The concern.
        concern: ConcernId,
        /// The code.
        code: CodeId,
        /// How they signed.
        receipt: Receipt,
    },
    /// The code is void and will never be accepted.
    CodeVoided {
        /// The concern.
        concern: ConcernId,
        /// The code.
        code: CodeId,
        /// Why.
        reason: VoidReason,
    },
    /// The service has accepted the hand-over: the code is active.
    CodeAccepted {
        /// The concern.
        concern: ConcernId,
        /// The code.
        code: CodeId,
    },
    /// The service has refused the code for good.
    CodeRefused {
        /// The concern.
        concern: ConcernId,
        /// The code.
        code: CodeId,
    },
    /// After an interruption the same clerk goes on; document in hand and face are repeated.
    VisitResumed {
        /// Who.
        by: OperatorId,
    },
    /// A supervisor took the visit over from the clerk; document in hand and face are repeated.
    VisitTakenOver {
        /// Who.
        by: OperatorId,
    },
    /// The visit was ended before its time.
    VisitAborted {
        /// Why.
        reason: AbortReason,
    },
    /// The visit is over.
    VisitEnded,
    /// A supervisor has looked at the finished visit.
    VisitReviewed {
        /// Who.
        by: OperatorId,
        /// With what outcome.
        outcome: ReviewOutcome,
    },
}

/// Why a code is void.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoidReason {
    /// The printer gave no usable sheet.
    PrintFailed,
    /// Nobody handed it over in time.
    TrayTimeout,
    /// The clerk discarded it.
    Discarded,
    /// The program ended between print and hand-over.
    Interrupted,
}

/// Why a visit ended early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AbortReason {
    /// The clerk ended it.
    Clerk,
    /// The program ended during the visit, and nobody went on in time.
    Interrupted,
    /// It was refused.
    Refused(RefusalReason),
}

impl Event {
    /// Whose record this belongs to; `visit` is the visit that it happened in.
    #[must_use]
    pub fn scope(&self, visit: VisitId) -> Scope {
        match self {
            Self::VisitOpened { .. }
            | Self::VisitResumed { .. }
            | Self::VisitTakenOver { .. }
            | Self::VisitAborted { .. }
            | Self::VisitEnded
            | Self::VisitReviewed { .. } => Scope::Visit(visit),
            Self::PersonIntroduced { identification, .. }
            | Self::DocumentPresented { identification, .. }
            | Self::ChipAgreed { identification, .. }
            | Self::ChipRevoked { identification }
            | Self::ChipRead { identification, .. }
            | Self::DocumentChecked { identification, .. }
            | Self::NamesCompared { identification, .. }
            | Self::DocumentConfirmed { identification }
            | Self::FaceCompared { identification, .. }
            | Self::SecondLookTaken { identification, .. } => Scope::Identification(*identification),
            Self::ConcernOpened { concern, .. }
            | Self::BlockingOrdered { concern, .. }
            | Self::BlockingAccepted { concern }
            | Self::BlockingRefused { concern }
            | Self::CardNumberCompared { concern }
            | Self::PossessionProven { concern }
            | Self::PurposeChosen { concern, .. }
            | Self::RepresentationAccepted { concern, .. }
            | Self::ConcernRefused { concern, .. }
            | Self::ConcernWithdrawn { concern }
            | Self::CodeGenerated { concern, .. }
            | Self::CodePrinted { concern, .. }
            | Self::CodeHandedOver { concern, .. }
            | Self::CodeVoided { concern, .. }
            | Self::CodeAccepted { concern, .. }
            | Self::CodeRefused { concern, .. } => Scope::Concern(*concern),
        }
    }
}
