//! The insurer's central account service, seen from a desk: contract types, enrolment, mutual TLS, sealing,
//! delivery.
//!
//! The contract is `tests/contract/account-service.openapi.json`; the types here are written by hand from it
//! and held to it by the tests beside it. This crate knows nothing of the store, the keyring or the rules:
//! what must be kept is handed out ([`DeskIdentity`], [`SealingKey`]), what must be delivered is handed in
//! ([`Delivery`]).
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
    AccountState, BirthDateMatch, CheckRecord, CheckResult, CodeRecord, CodeState, CodeStatus, Confidential,
    DocumentRecord, FaceResult, HandOverRecord, Heartbeat, IdentificationRecord, IssuerGroup, Level,
    LookupReason, NameMatch, Purpose, Receipt, Recipient, Subject, SubjectMatch, SubjectRecord, VoidReason,
    VoidRecord,
};
pub use delivery::{Delivered, Delivery, DeliveryError, DeliveryKind};
pub use error::{CallError, EnrolError, Problem, ProblemCode, SetupError};
pub use identity::DeskIdentity;
pub use seal::{SealError, SealingKey, seal};
pub use tls::Trust;
pub use transport::{Endpoint, Timeouts};
