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
//! - deliveries (identification, representation, code, hand-over, void, review, refusal, blocking, journal segment), each repeatable
//!   under the desk's own id. The identification is the evidence about the acting person, once a visit; a representation is
//!   the authority to act for somebody else; every code that rests on them names its own subject, purpose and recipient. Each is a record: signed by the desk and linked to
//!   the one before it ([`RecordLink`]);
//! - the desk itself: enrolment, renewal, heartbeat, keys, policy, events.
//!
//! An answer counts only if it is the contract's and about what was asked; anything else leaves open what
//! became of a delivery ([`DeliveryError::Unknown`]). What is to count later and without a line (records, policies,
//! checkpoints) is verified by its own signature, not by the connection that it came over.
//!
//! Personal data travels in bodies only: never in a path, an error or a log line.

mod client;
mod contract;
mod delivery;
mod error;
mod identity;
mod proxy;
mod recovery;
mod seal;
mod signed;
mod tls;
mod transport;

pub use client::{AccountClient, enrol};
pub use contract::{
    AccountState, ActingPerson, Area, BirthDateAnswer, BirthDateMatch, BlockingRecord, BlockingTarget,
    CardNumberMatch, CardProofLevel, CentralEvent, CentralEventKind, CentralEvents, CheckRecord, CheckResult,
    ChipRecord, ChipResult, ClockRecord, CodeRecord, CodeState, CodeStatus, Confidential, ConsentForm,
    ConsentRecord, DeskCommand, DeskReport, DocumentRecord, FaceResult, HandOverRecord, HealthCardRecord,
    Heartbeat, IdentificationRecord, IssuerGroup, JournalEntry, JournalSegmentRecord, Level, LookupReason,
    MAX_ENTRIES, NameAnswer, NameMatch, PersonMatch, PersonRecord, Purpose, Receipt, Recipient,
    RefusalReason, RefusalRecord, Representation, RepresentationRecord, RepresentationState,
    RepresentationStatus, Representative, RepresentativeAccount, RepresentativeKind, ReviewOutcome,
    ReviewRecord, ReviewedCode, ScopeKind, SeenAs, Subject, SubjectFlag, SubjectQuery, VoidReason,
    VoidRecord,
};
pub use delivery::{Asked, Delivered, Delivery, DeliveryError, DeliveryKind};
pub use error::{CallError, CertificateTrouble, EnrolError, Problem, ProblemCode, SetupError};
pub use identity::{CERTIFICATE_FILE, DeskIdentity, NEXT_CERTIFICATE_FILE};
pub use proxy::Proxy;
pub use recovery::{RecoveryKey, seal_records};
pub use seal::{SealError, SealingKey, seal};
pub use signed::{
    Checkpoint, CheckpointError, MAX_BUNDLE, MAX_CHECKPOINT, MAX_PROFILE, MAX_RECORD, PolicyBundle,
    PolicyError, RecordError, RecordLink, SequenceError, SignError, SignedPolicy, SignedWith, VerifiedRecord,
    check_sequence, verify_checkpoint, verify_record,
};
pub use tls::Trust;
pub use transport::{Endpoint, Timeouts};
