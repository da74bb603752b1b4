//! What can go wrong between desk and service. No message holds anything of a request or an answer but a
//! problem's code.

use std::{fmt, time::Duration};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::DeskIdentity;

/// Why a client or an enrolment could not be set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// Not an `https` address, or more than scheme, host and port.
    #[error("the account service's address is not an https address")]
    Address,
    /// Not `http://host:port`, or the system's proxy settings can't be used.
    #[error("the proxy's address is not http://host:port")]
    Proxy,
    /// No certificate in the given PEM, or the system's trust store can't be used.
    #[error("the trusted certificates can't be used")]
    Trust,
    /// Private key and certificate are unreadable or don't belong together.
    #[error("the desk's key and certificate can't be used")]
    Identity,
    /// The cryptographic library refused to work.
    #[error("the cryptographic library failed")]
    Cryptography,
}

/// Why a desk was not enrolled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnrolError {
    /// The enrolment could not be set up, or what came back is no identity.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// The service was not reached or said no.
    #[error(transparent)]
    Call(#[from] CallError),
}

/// What became of one call that brought no answer of the kind that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// No connection; nothing was sent.
    #[error("the account service can't be reached")]
    Unreachable,
    /// Whoever answered has no certificate of a trusted authority, or not for this address: somebody may sit in
    /// between; nothing was sent.
    #[error("the account service's certificate is not trusted")]
    Untrusted,
    /// By this desk's clock, the service's certificate has expired; nothing was sent.
    #[error("the account service's certificate has expired by this desk's clock")]
    ServiceCertificateExpired,
    /// By this desk's clock, the service's certificate isn't valid yet; nothing was sent.
    #[error("the account service's certificate is not valid yet by this desk's clock")]
    ServiceCertificateNotYetValid,
    /// The service doesn't accept this desk's certificate.
    #[error("the account service doesn't accept this desk's certificate")]
    NotAuthenticated,
    /// To the service, this desk's certificate has expired or isn't valid yet.
    #[error("to the account service, this desk's certificate is not valid today")]
    DeskCertificateOutOfDate,
    /// The handshake ended with word that this desk's certificate is revoked. Anybody on the line can have said so:
    /// nothing may be destroyed for it.
    #[error("this desk's certificate is said to be revoked")]
    DeskCertificateRevoked,
    /// The insurer has revoked this desk: the service's own answer over an authenticated connection.
    #[error("this desk is revoked")]
    Revoked,
    /// Sent, but no complete answer came in time: it may have happened or not.
    #[error("the account service gave no answer")]
    NoAnswer,
    /// The service, or something before it, failed or is busy: the same again, after this time, is right.
    #[error("the account service asks to try again later")]
    Unavailable {
        /// Wait at least this long.
        retry_after: Duration,
    },
    /// It did not happen, and trying again won't help.
    #[error("refused by the account service: {0}")]
    Refused(Problem),
    /// An answer that the contract doesn't know.
    #[error("the account service's answer is not what was agreed")]
    OutsideContract,
}

/// What is wrong with a certificate, of the desk or of the service: what to tell the administrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CertificateTrouble {
    /// The desk's has expired; it can't be renewed any more, the desk must be enrolled again.
    #[error("this desk's certificate has expired")]
    DeskExpired,
    /// The insurer has revoked the desk or its certificate.
    #[error("this desk's certificate is revoked")]
    Revoked,
    /// The service rejects the desk's for another reason.
    #[error("this desk's certificate is not accepted")]
    NotAccepted,
    /// The service's is of nobody whom the settings name: the connection is intercepted, or the settings are wrong.
    #[error("somebody without a trusted certificate answers in the account service's place")]
    Intercepted,
    /// The service's has expired; the desk's clock may be fast.
    #[error("the account service's certificate has expired")]
    ServiceExpired,
    /// A certificate is in its dates for one side and out of them for the other: this desk's clock is wrong.
    #[error("this desk's clock is wrong")]
    Clock,
}

impl CallError {
    /// What it says of a certificate, with the desk's own and its clock in hand; `None` for everything else.
    #[must_use]
    pub fn certificate_trouble(&self, identity: &DeskIdentity, now: Timestamp) -> Option<CertificateTrouble> {
        match self {
            Self::Untrusted => Some(CertificateTrouble::Intercepted),
            Self::ServiceCertificateExpired => Some(CertificateTrouble::ServiceExpired),
            Self::ServiceCertificateNotYetValid => Some(CertificateTrouble::Clock),
            Self::DeskCertificateOutOfDate | Self::NotAuthenticated if now > identity.not_after() => {
                Some(CertificateTrouble::DeskExpired)
            }
            Self::DeskCertificateOutOfDate => Some(CertificateTrouble::Clock),
            Self::NotAuthenticated => Some(CertificateTrouble::NotAccepted),
            Self::DeskCertificateRevoked | Self::Revoked => Some(CertificateTrouble::Revoked),
            Self::Unreachable
            | Self::NoAnswer
            | Self::Unavailable { .. }
            | Self::Refused(_)
            | Self::OutsideContract => None,
        }
    }
}

/// A refusal (RFC 9457); free text of the service is not kept, since it is not ours to vouch for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Problem {
    /// HTTP status.
    pub status: u16,
    /// The contract's code.
    pub code: ProblemCode,
    /// Whether the same request may succeed later.
    pub retryable: bool,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.status, self.code)
    }
}

/// The contract's problem codes that a desk can meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProblemCode {
    /// The body is not what the contract says.
    Validation,
    /// The body is too long.
    PayloadTooLarge,
    /// No such resource.
    NotFound,
    /// No such method.
    MethodNotAllowed,
    /// No client certificate.
    Unauthenticated,
    /// The token is wrong or spent.
    EnrolmentTokenInvalid,
    /// The insurer has revoked this desk.
    WorkstationRevoked,
    /// The record names another desk, or the code belongs to one.
    ForbiddenDesk,
    /// Not insured here.
    NotInsured,
    /// The account is locked.
    AccountLocked,
    /// An app is active already.
    AccountExists,
    /// No app of this person shows that visit number.
    VisitNumberUnknown,
    /// The identification that a code or review rests on was not delivered, is about somebody else, or was
    /// found substantially defective.
    IdentificationUnknown,
    /// No representative has that number.
    RepresentativeUnknown,
    /// No representation of that person by whom was identified has that id.
    RepresentationUnknown,
    /// The representation is suspended or over, or the code would outlast it.
    RepresentationNotActive,
    /// The deed names neither health care nor social benefits.
    AreaMissing,
    /// One person in two roles that must be two people's, or the second person is missing.
    SodViolation,
    /// The purpose needs an identification of a higher level.
    LevelTooLow,
    /// The purpose needs the person's current health card, read and with a genuine chip.
    HealthCardUnproven,
    /// The identification rests on a document's chip, which may not be read for this purpose.
    ChipNotAdmitted,
    /// The same recipient has an open code for the same person and purpose.
    OpenCodeExists,
    /// The public reference is in use.
    ReferenceTaken,
    /// The sealed code can't be opened or is none.
    SealedCodeUnreadable,
    /// The code was issued without a line, and this one may not be, or not for so long.
    OfflineNotAdmitted,
    /// The code is not in the state for this.
    CodeStateConflict,
    /// The same id came with another body.
    IdempotencyKeyReused,
    /// The record's signature is wrong, or its certificate isn't this desk's.
    RecordSignatureInvalid,
    /// The record doesn't follow the one before it.
    RecordChainForked,
    /// The segment doesn't continue the last one.
    SegmentOutOfOrder,
    /// The segment's hash is not what its entries give.
    SegmentChainBroken,
    /// Too many requests.
    RateLimited,
    /// The service failed.
    Internal,
    /// Something behind the service failed.
    Upstream,
    /// A code that this version doesn't know.
    #[serde(other)]
    Other,
}
