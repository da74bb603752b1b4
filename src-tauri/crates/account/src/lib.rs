//! The insurer's central account service, seen from a desk: contract types, enrolment, mutual TLS, sealing,
//! delivery.
//!
//! The contract is `tests/contract/account-service.openapi.json`; the types here are written by hand from it
//! and held to it by the tests beside it. This crate knows nothing of the store, the keyring or the rules:
//! what must be kept is handed out ([`DeskIdentity`], [`SealingKey`]), what must be delivered is handed in
//! ([`Delivery`]). Three kinds of calls:
//!
//! - look-ups about insured people and representatives, answered per field: the service confirms what the desk
//!   has in hand and never tells a date of birth, nor anything of a representative's other wards;
//! - deliveries (identification, code, hand-over, void, review), each repeatable under the desk's own id. The
//!   identification is the evidence about the acting person, once a visit; every code that rests on it names
//!   its own subject, purpose and recipient;
//! - the desk itself: enrolment, heartbeat, sealing key.
//!
//! An answer counts only if it is the contract's and about what was asked; anything else leaves open what
//! became of a delivery ([`DeliveryError::Unknown`]).
//!
//! Personal data travels in bodies only: never in a path, an error or a log line.

mod client;
mod contract;
mod delivery;
mod error;
mod identity;
mod seal;
mod tls;
mod transport;

pub use client::{AccountClient, enrol};
pub use contract::{
    AccountState, ActingPerson, Area, Authority, BirthDateAnswer, BirthDateMatch, CardNumberMatch,
    CardProofLevel, CheckRecord, CheckResult, ChipRecord, ChipResult, CodeRecord, CodeState, CodeStatus,
    Confidential, ConsentForm, ConsentRecord, DocumentRecord, FaceResult, HandOverRecord, HealthCardRecord,
    Heartbeat, IdentificationRecord, IssuerGroup, Level, LookupReason, NameAnswer, NameMatch, PersonMatch,
    PersonRecord, Purpose, Receipt, Recipient, Representation, RepresentationStatus, Representative,
    RepresentativeAccount, RepresentativeKind, ReviewOutcome, ReviewRecord, ReviewedCode, SeenAs, Subject,
    SubjectFlag, SubjectQuery, VoidReason, VoidRecord,
};
pub use delivery::{Delivered, Delivery, DeliveryError, DeliveryKind};
pub use error::{CallError, EnrolError, Problem, ProblemCode, SetupError};
pub use identity::DeskIdentity;
pub use seal::{SealError, SealingKey, seal};
pub use tls::Trust;
pub use transport::{Endpoint, Timeouts};
