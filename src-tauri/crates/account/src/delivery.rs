//! Deliveries: the frozen bodies of outbox rows, and what becomes of them.

use std::{fmt, time::Duration};

use serde::Serialize;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    CallError, CodeRecord, CodeState, HandOverRecord, IdentificationRecord, Problem, ReviewRecord,
    ReviewedCode, VoidRecord, contract::Versioned,
};

/// What is delivered, and thereby where to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryKind {
    /// The record of an identification.
    Identification,
    /// A sealed code.
    Code,
    /// The hand-over of a code.
    HandOver,
    /// The voiding of a code.
    Void,
    /// A supervisor's review of an identification.
    Review,
}

impl DeliveryKind {
    const ALL: [Self; 5] = [Self::Identification, Self::Code, Self::HandOver, Self::Void, Self::Review];

    /// The name that an outbox row keeps.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Identification => "identification",
            Self::Code => "code",
            Self::HandOver => "hand-over",
            Self::Void => "void",
            Self::Review => "review",
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
            Self::Code => format!("/ws/v1/codes/{id}"),
            Self::HandOver => format!("/ws/v1/codes/{id}/hand-over"),
            Self::Void => format!("/ws/v1/codes/{id}/void"),
            Self::Review => format!("/ws/v1/reviews/{id}"),
        }
    }
}

/// One row of the outbox. The body is frozen when the row is written: every try sends the same bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Delivery {
    /// What it is.
    pub kind: DeliveryKind,
    /// The identification's or review's own id, the code's for all others; the service's key of idempotency.
    pub id: Uuid,
    /// JSON.
    pub body: Zeroizing<String>,
}

impl Delivery {
    /// The record of an identification.
    ///
    /// # Errors
    /// Those of JSON serialization, which these types don't have.
    pub fn identification(id: Uuid, record: &IdentificationRecord) -> Result<Self, serde_json::Error> {
        let versioned = Versioned { record_type: "identification", version: 1, record };
        Self::freeze(DeliveryKind::Identification, id, &versioned)
    }

    /// A sealed code.
    ///
    /// # Errors
    /// Those of JSON serialization, which these types don't have.
    pub fn code(id: Uuid, record: &CodeRecord) -> Result<Self, serde_json::Error> {
        Self::freeze(DeliveryKind::Code, id, record)
    }

    /// The hand-over of the code with that id.
    ///
    /// # Errors
    /// Those of JSON serialization, which these types don't have.
    pub fn hand_over(code: Uuid, record: &HandOverRecord) -> Result<Self, serde_json::Error> {
        Self::freeze(DeliveryKind::HandOver, code, record)
    }

    /// The voiding of the code with that id.
    ///
    /// # Errors
    /// Those of JSON serialization, which these types don't have.
    pub fn void(code: Uuid, record: &VoidRecord) -> Result<Self, serde_json::Error> {
        Self::freeze(DeliveryKind::Void, code, record)
    }

    /// A supervisor's review, with an id of its own.
    ///
    /// # Errors
    /// Those of JSON serialization, which these types don't have.
    pub fn review(id: Uuid, record: &ReviewRecord) -> Result<Self, serde_json::Error> {
        Self::freeze(DeliveryKind::Review, id, record)
    }

    fn freeze(kind: DeliveryKind, id: Uuid, record: &impl Serialize) -> Result<Self, serde_json::Error> {
        let body = Zeroizing::new(serde_json::to_string(record)?);
        Ok(Self { kind, id, body })
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
    /// The code's state right after the delivery; none for an identification or a review.
    pub code: Option<CodeState>,
    /// The back office must release that code before its hand-over makes it active.
    pub awaiting_release: bool,
    /// All codes that rest on a reviewed identification; empty for any other delivery.
    pub reviewed: Vec<ReviewedCode>,
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
    /// It may have happened: ask first (`AccountClient::code_status`, or the same delivery again, which asks
    /// and tells in one).
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
            CallError::Unreachable | CallError::Untrusted => Self::Unreachable,
            CallError::NoAnswer | CallError::OutsideContract => Self::Unknown,
            CallError::Unavailable { retry_after } => Self::RetryAfter(retry_after),
            CallError::Refused(problem) => Self::Refused(problem),
            CallError::NotAuthenticated => Self::NotAuthenticated,
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
