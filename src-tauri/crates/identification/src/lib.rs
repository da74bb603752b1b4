//! The rules of identification: what a clerk may do next, what is proven, when a code may be issued.
//!
//! Pure: time and entropy are arguments, nothing is read or written. Everything a person did arrives as a [`Command`];
//! [`decide`] answers with the [`Event`]s that it makes true or with a [`Refusal`]; [`Visit::evolve`] folds events into
//! the state. The rules can refuse, they cannot fail.

mod chip;
mod code;
mod command;
mod decide;
mod event;
mod health_card;
mod ids;
mod level;
mod line;
mod names;
mod person;
mod policy;
mod refusal;
mod representation;
mod visit;

pub use chip::{ChipCheck, ChipConsent, ChipEvidence, ConsentForm};
pub use code::{
    ALPHABET, ActivationCode, Entropy, PublicReference, RepresentativeNumber, SymbolError,
    VISIT_NUMBER_LENGTH, VisitNumber, VisitNumberError,
};
pub use command::{Acting, BlockingOrder, Command, NewConcern, Opening};
pub use decide::{Coming, MAX_CONCERNS, decide, last_day, valid_on};
pub use event::{AbortReason, Event, Recorded, Scope, VoidReason};
pub use health_card::{
    CardAuthenticity, CardCheck, CardCheckReason, CardNumberAnswer, CardProofLevel, HealthCard,
};
pub use ids::{CodeId, ConcernId, IdentificationId, OperatorId, Staff, StaffRole, VisitId};
pub use level::Level;
pub use line::{ClockState, Line, OfflineObstacle, Standing};
pub use names::{ZoneName, mrz_spelling, names_agree};
pub use person::{
    AccountState, ActingRole, BirthDate, CarerKind, DateAgreement, Kvnr, KvnrError, Name, Person,
    RepresentativeAccount, Subject, SubjectRegister,
};
pub use policy::{
    AccessRule, Aid, CardNumberAsk, CardNumberRule, CheckRule, ChipKind, ChipRule, ClockRule, DatesOn,
    DocumentRule, IssuerGroup, OfflineRule, Policy, PurposeRule, RetentionRule, ReviewDue, ReviewedPart,
    Reviews,
};
pub use refusal::{Refusal, RefusalReason};
pub use representation::{
    Area, Case, Deed, Filed, FiledStatus, Grant, Office, Proof, Row, RowId, SeenAs, TABLE, Term, judge,
};
pub use visit::{
    Blocking, BlockingState, Code, CodeState, Concern, ConcernState, Document, Identification,
    Representation, Review, SecondLook, Stage, Visit,
};

/// What a concern is about (Anliegen).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// App freischalten: the code binds the insured person's registered app.
    AppActivation,
    /// ePA freischalten: the code opens the person's electronic health record (elektronische Patientenakte) in their app.
    Epa,
    /// Zugang als Vertretung: the code adds the subject to a representative's account.
    RepresentativeAccess,
}

/// What somebody wants blocked: with little proof, at once, by any clerk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockingTarget {
    /// Every activation code that isn't redeemed yet.
    Codes,
    /// The person's app, and with it every code.
    App,
}

/// What somebody saw when comparing: a feature of a document, or two spellings of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckAnswer {
    /// As it should be.
    Pass,
    /// Can't be told.
    Unclear,
    /// Not as it should be.
    Fail,
}

/// The answer of the face comparison; nothing else about a face is ever kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaceAnswer {
    /// The person is the one in the picture.
    Matches,
    /// Can't be told; a second person looks.
    Doubt,
    /// Somebody else.
    DoesNotMatch,
}

/// How the recipient signed the receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipt {
    /// With their signature.
    Signed,
    /// With a mark, before a witness.
    MarkAndWitness,
}

/// What a supervisor says of a finished visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewOutcome {
    /// As it should be.
    Agree,
    /// A formal defect: talk about it, nothing is taken back.
    FormalDefect,
    /// A substantial defect: codes are revoked, the person is identified anew.
    SubstantialDefect,
}
