//! Problem details (RFC 9457). Texts are fixed: nothing of a request ever comes back in one.

use axum::{
    body::Body,
    http::{
        HeaderValue, Response, StatusCode,
        header::{CONTENT_TYPE, RETRY_AFTER},
    },
    response::IntoResponse,
};
use serde_json::json;

/// Pause that is asked for with problems that may pass, in seconds.
const RETRY_AFTER_SECONDS: u16 = 5;

/// Why a request was not fulfilled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Problem {
    Validation,
    PayloadTooLarge,
    NotFound,
    MethodNotAllowed,
    Unauthenticated,
    EnrolmentTokenInvalid,
    WorkstationRevoked,
    ForbiddenDesk,
    NotInsured,
    AccountLocked,
    AccountExists,
    EpaOpen,
    VisitNumberUnknown,
    IdentificationUnknown,
    RepresentativeUnknown,
    RepresentationUnknown,
    RepresentationNotActive,
    AreaMissing,
    SodViolation,
    LevelTooLow,
    HealthCardUnproven,
    ChipNotAdmitted,
    OpenCodeExists,
    ReferenceTaken,
    SealedCodeUnreadable,
    CodeStateConflict,
    OfflineNotAdmitted,
    IdempotencyKeyReused,
    RecordSignatureInvalid,
    RecordChainForked,
    SegmentOutOfOrder,
    SegmentChainBroken,
    CodeWrong {
        tries_left: u8,
    },
    CodeNotActive,
    CodeExpired,
    CodeLocked,
    /// There is room again after so many seconds.
    RateLimited {
        seconds: u16,
    },
    /// The database can't be reached, or has too much to do.
    Upstream,
    Internal,
    /// A fault asked for by a test, with the status to answer.
    Fault(u16),
}

/// Status, code and title.
type Form = (StatusCode, &'static str, &'static str);

impl Problem {
    fn form(self) -> Form {
        use StatusCode as S;
        match self {
            Self::Validation => {
                (S::UNPROCESSABLE_ENTITY, "VALIDATION", "The body is not what the contract says")
            }
            Self::PayloadTooLarge => (S::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE", "The body is too long"),
            Self::NotFound => (S::NOT_FOUND, "NOT_FOUND", "There is no such resource"),
            Self::MethodNotAllowed => {
                (S::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", "There is no such method here")
            }
            Self::Unauthenticated => (S::UNAUTHORIZED, "UNAUTHENTICATED", "A desk's certificate is needed"),
            Self::EnrolmentTokenInvalid => {
                (S::FORBIDDEN, "ENROLMENT_TOKEN_INVALID", "The token is wrong or spent")
            }
            Self::WorkstationRevoked => (S::FORBIDDEN, "WORKSTATION_REVOKED", "This desk is revoked"),
            Self::ForbiddenDesk => (S::FORBIDDEN, "FORBIDDEN_DESK", "This belongs to another desk"),
            Self::NotInsured => (S::CONFLICT, "NOT_INSURED", "The person is not insured here"),
            Self::AccountLocked => (S::CONFLICT, "ACCOUNT_LOCKED", "The account is locked"),
            Self::AccountExists => (S::CONFLICT, "ACCOUNT_EXISTS", "An app is active already"),
            Self::EpaOpen => (S::CONFLICT, "EPA_OPEN", "The electronic health record is open already"),
            Self::VisitNumberUnknown => {
                (S::CONFLICT, "VISIT_NUMBER_UNKNOWN", "No app of this person shows that visit number")
            }
            Self::IdentificationUnknown => {
                (S::CONFLICT, "IDENTIFICATION_UNKNOWN", "No identification of this person has that id")
            }
            Self::RepresentativeUnknown => {
                (S::NOT_FOUND, "REPRESENTATIVE_UNKNOWN", "No representative has that number")
            }
            Self::RepresentationUnknown => (
                S::CONFLICT,
                "REPRESENTATION_UNKNOWN",
                "No representation of this person by whom was identified has that id",
            ),
            Self::RepresentationNotActive => {
                (S::CONFLICT, "REPRESENTATION_NOT_ACTIVE", "The representation is not active for that time")
            }
            Self::AreaMissing => (S::CONFLICT, "AREA_MISSING", "The deed doesn't name an area for this"),
            Self::SodViolation => (S::FORBIDDEN, "SOD_VIOLATION", "This takes another person"),
            Self::LevelTooLow => {
                (S::CONFLICT, "LEVEL_TOO_LOW", "The identification's level is too low for this purpose")
            }
            Self::HealthCardUnproven => (
                S::CONFLICT,
                "HEALTH_CARD_UNPROVEN",
                "The identification doesn't cover the person's current health card with a genuine chip",
            ),
            Self::ChipNotAdmitted => {
                (S::CONFLICT, "CHIP_NOT_ADMITTED", "No document's chip may be read for this purpose")
            }
            Self::OpenCodeExists => (S::CONFLICT, "OPEN_CODE_EXISTS", "The recipient has an open code"),
            Self::ReferenceTaken => (S::CONFLICT, "REFERENCE_TAKEN", "The reference is in use"),
            Self::SealedCodeUnreadable => {
                (S::UNPROCESSABLE_ENTITY, "SEALED_CODE_UNREADABLE", "The sealed code can't be opened")
            }
            Self::CodeStateConflict => {
                (S::CONFLICT, "CODE_STATE_CONFLICT", "The code is not in the state for this")
            }
            Self::IdempotencyKeyReused => {
                (S::UNPROCESSABLE_ENTITY, "IDEMPOTENCY_KEY_REUSED", "The same id came with another body")
            }
            Self::OfflineNotAdmitted => (
                S::CONFLICT,
                "OFFLINE_NOT_ADMITTED",
                "Such a code is issued with a line only, or for fewer days",
            ),
            Self::RecordSignatureInvalid => (
                S::UNPROCESSABLE_ENTITY,
                "RECORD_SIGNATURE_INVALID",
                "The record isn't signed with a certificate of this desk",
            ),
            Self::RecordChainForked => (
                S::CONFLICT,
                "RECORD_CHAIN_FORKED",
                "The record contradicts the chain of this desk's records",
            ),
            Self::SegmentOutOfOrder => {
                (S::CONFLICT, "SEGMENT_OUT_OF_ORDER", "The segment doesn't continue this desk's last one")
            }
            Self::SegmentChainBroken => {
                (S::UNPROCESSABLE_ENTITY, "SEGMENT_CHAIN_BROKEN", "The entries don't give the segment's hash")
            }
            Self::CodeWrong { .. } => (S::UNPROCESSABLE_ENTITY, "CODE_WRONG", "That is not the code"),
            Self::CodeNotActive => (S::CONFLICT, "CODE_NOT_ACTIVE", "The code is not active"),
            Self::CodeExpired => (S::CONFLICT, "CODE_EXPIRED", "The code has expired"),
            Self::CodeLocked => (S::CONFLICT, "CODE_LOCKED", "The code is locked after too many tries"),
            Self::RateLimited { .. } => (S::TOO_MANY_REQUESTS, "RATE_LIMITED", "Too many look-ups"),
            Self::Upstream => (S::SERVICE_UNAVAILABLE, "UPSTREAM", "Try again later"),
            Self::Internal => (S::INTERNAL_SERVER_ERROR, "INTERNAL", "The service failed"),
            Self::Fault(status) => {
                let status = S::from_u16(status).unwrap_or(S::INTERNAL_SERVER_ERROR);
                (
                    status,
                    if status == S::TOO_MANY_REQUESTS { "RATE_LIMITED" } else { "UPSTREAM" },
                    "Try again later",
                )
            }
        }
    }

    /// Seconds to wait with a problem that may pass.
    const fn retry_after(self) -> u16 {
        if let Self::RateLimited { seconds } = self { seconds } else { RETRY_AFTER_SECONDS }
    }

    fn retryable(self) -> bool {
        matches!(self, Self::RateLimited { .. } | Self::Upstream | Self::Internal | Self::Fault(_))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response<Body> {
        let (status, code, title) = self.form();
        let name = code.to_ascii_lowercase().replace('_', "-");
        let mut details = json!({
            "type": format!("urn:identplatz:problem:{name}"),
            "title": title,
            "status": status.as_u16(),
            "code": code,
            "retryable": self.retryable(),
        });
        if let Self::CodeWrong { tries_left } = self {
            details["triesLeft"] = tries_left.into();
        }
        let mut response = Response::new(Body::from(details.to_string()));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.retryable() {
            headers.insert(RETRY_AFTER, self.retry_after().into());
        }
        response
    }
}

/// What failed is for the service's own log; the caller learns only that it failed.
impl From<anyhow::Error> for Problem {
    fn from(error: anyhow::Error) -> Self {
        tracing::error!("{error:#}");
        Self::Internal
    }
}
