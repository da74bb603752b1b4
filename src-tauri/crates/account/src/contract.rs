//! The contract's bodies, spelled as in the OpenAPI document.
//!
//! Answers may grow: members that this version doesn't know are ignored, and a word that it doesn't know is
//! taken for the most restrictive one or makes the answer unusable. Records are frozen once they are in the
//! outbox: a field may be added as optional, never renamed.

mod chip;
mod code;
mod desk;
mod event;
mod identification;
mod representative;
mod review;
mod safeguard;
mod segment;
mod subject;

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

pub use chip::{ChipRecord, ChipResult, ConsentForm, ConsentRecord};
pub use code::{
    CodeRecord, CodeState, CodeStatus, HandOverRecord, Purpose, Receipt, Recipient, VoidReason, VoidRecord,
};
pub(crate) use desk::{CertificateGranted, EnrolmentRequest, PolicyAnswer, RenewalRequest};
pub use desk::{DeskCommand, DeskReport, Heartbeat};
pub use event::{CentralEvent, CentralEventKind, CentralEvents};
pub(crate) use identification::Versioned;
pub use identification::{
    ActingPerson, BirthDateMatch, CardProofLevel, CheckRecord, CheckResult, ClockRecord, DocumentRecord,
    FaceResult, HealthCardRecord, IdentificationRecord, IssuerGroup, Level, NameMatch, PersonMatch,
    PersonRecord,
};
pub use representative::{
    Area, Representation, RepresentationRecord, RepresentationState, RepresentationStatus, Representative,
    RepresentativeAccount, RepresentativeKind, SeenAs,
};
pub(crate) use representative::{
    RepresentationAnswer, RepresentationLookup, RepresentationStanding, RepresentativeAnswer,
    RepresentativeCheck, RepresentativeLookup,
};
pub use review::{ReviewOutcome, ReviewRecord, ReviewedCode};
pub(crate) use safeguard::{Accepted, AcceptedWithCodes};
pub use safeguard::{BlockingRecord, BlockingTarget, RefusalReason, RefusalRecord};
pub(crate) use segment::SegmentAccepted;
pub use segment::{JournalEntry, JournalSegmentRecord, MAX_ENTRIES, ScopeKind};
pub use subject::{
    AccountState, BirthDateAnswer, CardNumberMatch, LookupReason, NameAnswer, Subject, SubjectFlag,
    SubjectQuery,
};
pub(crate) use subject::{VisitNumberAnswer, VisitNumberCheck};

/// A personal string on its way to the service or from it: no telling `Debug`, wiped when dropped.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(transparent)]
pub struct Confidential(String);

impl Confidential {
    /// The text itself: to show it at the desk or to compare it, never for a log.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Confidential {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Confidential {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Confidential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(…)")
    }
}
