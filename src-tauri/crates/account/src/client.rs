//! The calls of the contract.

use reqwest::{Method, StatusCode};
use uuid::Uuid;

use crate::{
    CallError, CodeStatus, Delivered, Delivery, DeliveryError, DeliveryKind, DeskIdentity, Endpoint,
    EnrolError, Heartbeat, LookupReason, ProblemCode, SealingKey, SetupError, Subject,
    contract::{EnrolmentGranted, EnrolmentRequest, SubjectLookup, VisitNumberAnswer, VisitNumberCheck},
    identity::KeyAndRequest,
    tls,
    transport::Transport,
};

/// Exchanges a one-time token for the desk's certificate. The key is made here and never leaves the desk; the
/// token is spent with the first answer, so an enrolment without one needs a new token.
///
/// # Errors
/// [`EnrolError`]: not set up, not reached, or refused ([`ProblemCode::EnrolmentTokenInvalid`]).
pub async fn enrol(endpoint: &Endpoint, token: &str) -> Result<DeskIdentity, EnrolError> {
    let transport = Transport::new(endpoint, tls::anonymous(&endpoint.trust)?)?;
    let made = KeyAndRequest::generate()?;
    let body = json(&EnrolmentRequest { token, csr: &made.request })?;
    let answer = transport.exchange(Method::POST, "/ws/v1/enrolments", Some(body)).await?;
    let granted: EnrolmentGranted = answer.json()?;
    Ok(DeskIdentity::from_parts(made.private_key, granted.certificate_chain)?)
}

/// An enrolled desk's connection to the service; cheap to clone.
#[derive(Clone)]
pub struct AccountClient {
    transport: Transport,
}

impl AccountClient {
    /// Sets up a client; nothing is sent yet.
    ///
    /// # Errors
    /// [`SetupError`]: address, trust or identity can't be used.
    pub fn new(endpoint: &Endpoint, identity: &DeskIdentity) -> Result<Self, SetupError> {
        let tls = tls::as_desk(&endpoint.trust, identity)?;
        let transport = Transport::new(endpoint, tls)?;
        Ok(Self { transport })
    }

    /// Whether the service is there and accepts this desk, and its time.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn heartbeat(&self) -> Result<Heartbeat, CallError> {
        self.get("/ws/v1/heartbeat").await?.json()
    }

    /// The key that codes are sealed to; it may be kept for work offline.
    ///
    /// # Errors
    /// [`CallError`]; [`CallError::OutsideContract`] for a key that can't be used.
    pub async fn sealing_key(&self) -> Result<SealingKey, CallError> {
        self.get("/ws/v1/sealing-key").await?.json()
    }

    /// Asks about the person with that Krankenversichertennummer; the service logs it with the reason.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn lookup(&self, kvnr: &str, reason: LookupReason) -> Result<Subject, CallError> {
        let body = json(&SubjectLookup { kvnr, reason })?;
        let sent = self.transport.exchange(Method::POST, "/ws/v1/subject-lookups", Some(body));
        sent.await?.json()
    }

    /// Whether the visit number (Besuchsnummer) that was read off an app belongs to that person's registration.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn visit_number_matches(&self, kvnr: &str, visit_number: &str) -> Result<bool, CallError> {
        let body = json(&VisitNumberCheck { kvnr, visit_number })?;
        let sent = self.transport.exchange(Method::POST, "/ws/v1/visit-number-checks", Some(body));
        sent.await?.json::<VisitNumberAnswer>().map(|answer| answer.matches)
    }

    /// Where a code stands at the service; `None` when it doesn't know it.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn code_status(&self, code: Uuid) -> Result<Option<CodeStatus>, CallError> {
        match self.get(&DeliveryKind::Code.path(code)).await {
            Ok(answer) => answer.json().map(Some),
            Err(CallError::Refused(problem)) if problem.code == ProblemCode::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Delivers one outbox row. Safe to repeat: the service knows it by its id and gives the same answer
    /// again.
    ///
    /// # Errors
    /// [`DeliveryError`], which says what a delivery loop does next.
    pub async fn deliver(&self, delivery: &Delivery) -> Result<Delivered, DeliveryError> {
        let path = delivery.kind.path(delivery.id);
        let body = delivery.body.as_bytes().to_vec();
        let answer = self.transport.exchange(Method::PUT, &path, Some(body)).await?;
        let already = match answer.status {
            StatusCode::CREATED => false,
            StatusCode::OK => true,
            _ => return Err(DeliveryError::Unknown),
        };
        let code = match delivery.kind {
            DeliveryKind::Identification => None,
            DeliveryKind::Code | DeliveryKind::HandOver | DeliveryKind::Void => {
                Some(answer.json::<CodeStatus>()?.state)
            }
        };
        tracing::info!(kind = delivery.kind.as_str(), id = %delivery.id, already, "delivered");
        Ok(Delivered { already, code })
    }

    async fn get(&self, path: &str) -> Result<crate::transport::Answer, CallError> {
        self.transport.exchange(Method::GET, path, None).await
    }
}

/// The contract's request types are always representable; a failure would be a mistake in them.
fn json(body: &impl serde::Serialize) -> Result<Vec<u8>, CallError> {
    serde_json::to_vec(body).map_err(|_| CallError::OutsideContract)
}
