//! Deliveries: the frozen bodies of outbox rows, and what becomes of them.

use std::{fmt, time::Duration};

use serde::Serialize;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    BlockingRecord, CallError, CodeRecord, CodeState, CodeStatus, DeskIdentity, HandOverRecord,
    IdentificationRecord, JournalSegmentRecord, MAX_RECORD, Problem, RecordError, RecordLink, RefusalRecord,
    RepresentationRecord, RepresentationState, ReviewRecord, ReviewedCode, SignError, VoidRecord,
    contract::Versioned,
    signed::{frozen, sign},
};

/// Longest record that is no segment of the journal, in bytes: the contract's.
const MAX_OTHER_RECORD: usize = 64 * 1024;

/// What is delivered, and thereby where to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryKind {
    /// The record of an identification.
    Identification,
    /// A representation whose deed was accepted.
    Representation,
    /// A sealed code.
    Code,
    /// The hand-over of a code.
    HandOver,
    /// The voiding of a code.
    Void,
    /// A supervisor's review of an identification.
    Review,
    /// Somebody was not identified.
    Refusal,
    /// The insured person wants something blocked.
    Blocking,
    /// A segment of the desk's journal.
    Segment,
}

impl DeliveryKind {
    const ALL: [Self; 9] = [
        Self::Identification,
        Self::Representation,
        Self::Code,
        Self::HandOver,
        Self::Void,
        Self::Review,
        Self::Refusal,
        Self::Blocking,
        Self::Segment,
    ];

    /// The name that the record says of itself, signed, and that an outbox row keeps.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Identification => "identification",
            Self::Representation => "representation",
            Self::Code => "code",
            Self::HandOver => "hand-over",
            Self::Void => "void",
            Self::Review => "review",
            Self::Refusal => "refusal",
            Self::Blocking => "blocking",
            Self::Segment => "segment",
        }
    }

    /// The kind with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    pub(crate) fn path(self, id: Uuid) -> String {
        match self {
            Self::Identification => format!("/ws/v1/identifications/{id}"),
            Self::Representation => format!("/ws/v1/representations/{id}"),
            Self::Code => format!("/ws/v1/codes/{id}"),
            Self::HandOver => format!("/ws/v1/codes/{id}/hand-over"),
            Self::Void => format!("/ws/v1/codes/{id}/void"),
            Self::Review => format!("/ws/v1/reviews/{id}"),
            Self::Refusal => format!("/ws/v1/refusals/{id}"),
            Self::Blocking => format!("/ws/v1/blockings/{id}"),
            Self::Segment => format!("/ws/v1/journal-segments/{id}"),
        }
    }
}

/// One row of the outbox: a signed record. The body is frozen when the row is written: every try sends the same
/// bytes.
///
/// Each constructor signs as `identity` and links the record to `last`, the one that this desk signed before,
/// whatever kind that was; [`Self::link`] is the `last` of the next.
#[derive(Clone, PartialEq, Eq)]
pub struct Delivery {
    /// What it is.
    pub kind: DeliveryKind,
    /// The code's id for a code, its hand-over and its voiding, the record's own for all others; the service's key of
    /// idempotency.
    pub id: Uuid,
    /// JSON, in its canonical form.
    pub body: Zeroizing<String>,
    /// Its place in the desk's chain of records.
    pub link: RecordLink,
}

impl Delivery {
    /// The record of an identification.
    ///
    /// # Errors
    /// [`SignError`].
    pub fn identification(
        id: Uuid,
        record: &IdentificationRecord,
        identity: &DeskIdentity,
        last: &RecordLink,
    ) -> Result<Self, SignError> {
        let versioned = Versioned { version: 1, record };
        Self::freeze(DeliveryKind::Identification, id, &versioned, identity, last)
    }

    /// A representation whose deed was accepted, with an id of its own; between the identification of the
    /// representative and the codes that rest on both.
    ///
    /// # Errors
    /// [`SignError`].
    pub fn representation(
        id: Uuid,
        record: &RepresentationRecord,
        identity: &DeskIdentity,
        last: &RecordLink,
    ) -> Result<Self, SignError> {
        Self::freeze(DeliveryKind::Representation, id, record, identity, last)
    }

    /// A sealed code.
    ///
    /// # Errors
    /// [`SignError`].
    pub fn code(
        id: Uuid,
        record: &CodeRecord,
        identity: &DeskIdentity,
        last: &RecordLink,
    ) -> Result<Self, SignError> {
        Self::freeze(DeliveryKind::Code, id, record, identity, last)
    }

    /// The hand-over of the code with that id.
    ///
    /// # Errors
    /// [`SignError`].
    pub fn hand_over(
        code: Uuid,
        record: &HandOverRecord,
        identity: &DeskIdentity,
        last: &RecordLink,
    ) -> Result<Self, SignError> {
        Self::freeze(DeliveryKind::HandOver, code, record, identity, last)
    }

    /// The voiding of the code with that id.
    ///
    /// # Errors
    /// [`SignError`].
    pub fn void(
        code: Uuid,
        record: &VoidRecord,
        identity: &DeskIdentity,
        last: &RecordLink,
    ) -> Result<Self, SignError> {
        Self::freeze(DeliveryKind::Void, code, record, identity, last)
    }

    /// A supervisor's review, with an id of its own.
    ///
    /// # Errors
    /// [`SignError`].
    pub fn review(
        id: Uuid,
        record: &ReviewRecord,
        identity: &DeskIdentity,
        last: &RecordLink,
    ) -> Result<Self, SignError> {
        Self::freeze(DeliveryKind::Review, id, record, identity, last)
    }

    /// A refusal, with an id of its own.
    ///
    /// # Errors
    /// [`SignError`].
    pub fn refusal(
        id: Uuid,
        record: &RefusalRecord,
        identity: &DeskIdentity,
        last: &RecordLink,
    ) -> Result<Self, SignError> {
        Self::freeze(DeliveryKind::Refusal, id, record, identity, last)
    }

    /// A blocking, with an id of its own.
    ///
    /// # Errors
    /// [`SignError`].
    pub fn blocking(
        id: Uuid,
        record: &BlockingRecord,
        identity: &DeskIdentity,
        last: &RecordLink,
    ) -> Result<Self, SignError> {
        Self::freeze(DeliveryKind::Blocking, id, record, identity, last)
    }

    /// A segment of the desk's journal.
    ///
    /// # Errors
    /// [`SignError`].
    pub fn segment(
        id: Uuid,
        record: &JournalSegmentRecord,
        identity: &DeskIdentity,
        last: &RecordLink,
    ) -> Result<Self, SignError> {
        Self::freeze(DeliveryKind::Segment, id, record, identity, last)
    }

    fn freeze(
        kind: DeliveryKind,
        id: Uuid,
        record: &impl Serialize,
        identity: &DeskIdentity,
        last: &RecordLink,
    ) -> Result<Self, SignError> {
        let longest = if kind == DeliveryKind::Segment { MAX_RECORD } else { MAX_OTHER_RECORD };
        let (body, link) = sign((kind, id), record, longest, identity, last)?;
        Ok(Self { kind, id, body, link })
    }

    /// What an outbox row holds: the signed record itself, which names its kind, its id and its place in the chain.
    #[must_use]
    pub fn to_payload(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.body.as_bytes().to_vec())
    }

    /// The delivery that an outbox row of that kind ([`DeliveryKind::as_str`]) holds, as [`Self::to_payload`] gave it.
    /// The signature is left to whom it is sent to.
    ///
    /// # Errors
    /// [`RecordError::Malformed`]: not the canonical form of a record, or of another kind.
    pub fn from_payload(kind: &str, payload: &[u8]) -> Result<Self, RecordError> {
        let body = str::from_utf8(payload).map_err(|_| RecordError::Malformed)?;
        let (named, id, link) = frozen(body).ok_or(RecordError::Malformed)?;
        if named.as_str() != kind {
            return Err(RecordError::Malformed);
        }
        Ok(Self { kind: named, id, body: Zeroizing::new(body.to_owned()), link })
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Delivery({} {})", self.kind.as_str(), self.id)
    }
}

/// The service has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// It had it before: an earlier try arrived although its answer didn't.
    pub already: bool,
    /// The code's state right after the delivery of a code, its hand-over or its voiding.
    pub code: Option<CodeState>,
    /// The back office must release that code before its hand-over makes it active.
    pub awaiting_release: bool,
    /// Where the representation stands.
    pub representation: Option<RepresentationState>,
    /// All codes that rest on a reviewed identification, or that a blocking concerned; empty for any other delivery.
    pub reviewed: Vec<ReviewedCode>,
    /// The service's receipt for a segment; to be proven by [`crate::verify_checkpoint`] before it counts.
    pub checkpoint: Option<String>,
}

/// What asking tells of a delivery whose outcome is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// It took effect.
    Arrived,
    /// It did not, or not yet: deliver.
    Missing,
    /// The service can't tell it so: deliver, which tells and changes nothing if it had arrived.
    Undecided,
}

impl Asked {
    /// What the state of a code says of a delivery about it; `None`: the service doesn't know that code.
    pub(crate) fn from_code(kind: DeliveryKind, code: Option<CodeStatus>) -> Self {
        let Some(status) = code else { return Self::Missing };
        match kind {
            DeliveryKind::Code => Self::Arrived,
            DeliveryKind::HandOver => match status.state {
                // Only who was handed a code can use it, or fail to.
                CodeState::Active | CodeState::Redeemed | CodeState::Locked => Self::Arrived,
                CodeState::Accepted if !status.awaiting_release => Self::Missing,
                CodeState::Accepted | CodeState::Expired | CodeState::Revoked | CodeState::Voided => {
                    Self::Undecided
                }
            },
            DeliveryKind::Void => match status.state {
                CodeState::Voided => Self::Arrived,
                CodeState::Accepted => Self::Missing,
                CodeState::Active
                | CodeState::Redeemed
                | CodeState::Expired
                | CodeState::Locked
                | CodeState::Revoked => Self::Undecided,
            },
            DeliveryKind::Identification
            | DeliveryKind::Representation
            | DeliveryKind::Review
            | DeliveryKind::Refusal
            | DeliveryKind::Blocking
            | DeliveryKind::Segment => Self::Undecided,
        }
    }
}

/// What a delivery loop does next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryError {
    /// Nothing was sent: try again by the loop's own schedule.
    #[error("the account service can't be reached")]
    Unreachable,
    /// The service, or something before it, failed or is busy: the same delivery again, not before this time
    /// has passed.
    #[error("the account service asks to try again later")]
    RetryAfter(Duration),
    /// It may have happened: ask first ([`crate::AccountClient::ask`], or the same delivery again, which asks and
    /// tells in one).
    #[error("it is not known whether the account service has it")]
    Unknown,
    /// Final: trying again won't help; a person must know.
    #[error("refused by the account service: {0}")]
    Refused(Problem),
    /// This desk's key or certificate doesn't serve: stop delivering, keep the rows, tell the administrator.
    #[error("the account service doesn't accept this desk's certificate")]
    NotAuthenticated,
    /// The insurer has revoked this desk: stop delivering and lock.
    #[error("this desk is revoked")]
    Revoked,
}

impl From<CallError> for DeliveryError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Unreachable
            | CallError::Untrusted
            | CallError::ServiceCertificateExpired
            | CallError::ServiceCertificateNotYetValid => Self::Unreachable,
            CallError::NoAnswer | CallError::OutsideContract => Self::Unknown,
            CallError::Unavailable { retry_after } => Self::RetryAfter(retry_after),
            CallError::Refused(problem) => Self::Refused(problem),
            CallError::NotAuthenticated
            | CallError::DeskCertificateOutOfDate
            | CallError::DeskCertificateRevoked => Self::NotAuthenticated,
            CallError::Revoked => Self::Revoked,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_the_name_that_an_outbox_row_keeps() {
        for kind in DeliveryKind::ALL {
            assert_eq!(DeliveryKind::from_name(kind.as_str()), Some(kind));
        }
        assert_eq!(DeliveryKind::from_name("codes"), None);
    }
}
