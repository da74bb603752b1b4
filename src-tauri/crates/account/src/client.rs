//! The calls of the contract.

use reqwest::{Method, StatusCode};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::{
    Asked, BirthDateAnswer, CallError, CentralEvents, CodeStatus, Delivered, Delivery, DeliveryError,
    DeliveryKind, DeskIdentity, DeskReport, Endpoint, EnrolError, Heartbeat, MAX_CHECKPOINT, ProblemCode,
    RecoveryKey, Representation, RepresentationState, Representative, SealingKey, SetupError, SignedPolicy,
    Subject, SubjectQuery,
    contract::{
        Accepted, AcceptedWithCodes, CertificateGranted, EnrolmentRequest, PolicyAnswer, RenewalRequest,
        RepresentationAnswer, RepresentationLookup, RepresentationStanding, RepresentativeAnswer,
        RepresentativeCheck, RepresentativeLookup, SegmentAccepted, VisitNumberAnswer, VisitNumberCheck,
    },
    identity::KeyAndRequest,
    tls,
    transport::{Answer, Transport},
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
    let granted: CertificateGranted = answer.json()?;
    Ok(DeskIdentity::from_parts(made.private_key, granted.certificate_chain)?)
}

/// An enrolled desk's connection to the service; cheap to clone.
#[derive(Clone)]
pub struct AccountClient {
    transport: Transport,
    desk: String,
}

impl AccountClient {
    /// Sets up a client; nothing is sent yet.
    ///
    /// # Errors
    /// [`SetupError`]: address, trust or identity can't be used.
    pub fn new(endpoint: &Endpoint, identity: &DeskIdentity) -> Result<Self, SetupError> {
        let tls = tls::as_desk(&endpoint.trust, identity)?;
        let transport = Transport::new(endpoint, tls)?;
        Ok(Self { transport, desk: identity.desk().to_owned() })
    }

    /// Tells how the desk is; whether the service is there and accepts it, its time, and what it wants.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn heartbeat(&self, report: &DeskReport) -> Result<Heartbeat, CallError> {
        self.post("/ws/v1/heartbeats", report).await
    }

    /// Gets the desk's next certificate, for a new key that is made here. The old identity serves until the new one was
    /// used for the first time, 24 hours at most: keep both, let a client with the new one make a heartbeat, then
    /// forget the old one. If no answer came, renewing again is right.
    ///
    /// # Errors
    /// [`EnrolError`]: not reached, refused, or what came back is no identity of this desk.
    pub async fn renew(&self) -> Result<DeskIdentity, EnrolError> {
        let made = KeyAndRequest::generate()?;
        let granted: CertificateGranted =
            self.post("/ws/v1/renewals", &RenewalRequest { csr: &made.request }).await?;
        let next = DeskIdentity::from_parts(made.private_key, granted.certificate_chain)?;
        if next.desk() == self.desk { Ok(next) } else { Err(SetupError::Identity.into()) }
    }

    /// The key that undelivered records are sealed to ([`crate::seal_records`]) when the desk is wiped.
    ///
    /// # Errors
    /// [`CallError`]; [`CallError::OutsideContract`] for a key that can't be used.
    pub async fn recovery_key(&self) -> Result<RecoveryKey, CallError> {
        self.get("/ws/v1/recovery-key").await?.json()
    }

    /// The newest policy bundle, still to be verified ([`SignedPolicy::verify`]); `None` when the insurer has none.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn policy(&self) -> Result<Option<SignedPolicy>, CallError> {
        let Some(answer) = known(self.get("/ws/v1/policy").await)? else { return Ok(None) };
        let PolicyAnswer { bundle } = answer.json()?;
        SignedPolicy::new(bundle).map(Some).ok_or(CallError::OutsideContract)
    }

    /// What became known after event `after` (0: from the start) about codes of this desk.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn events(&self, after: u64) -> Result<CentralEvents, CallError> {
        let answered: CentralEvents = self.get(&format!("/ws/v1/events?after={after}")).await?.json()?;
        if answered.follow(after) { Ok(answered) } else { Err(CallError::OutsideContract) }
    }

    /// The key that codes are sealed to; it may be kept for work offline.
    ///
    /// # Errors
    /// [`CallError`]; [`CallError::OutsideContract`] for a key that can't be used.
    pub async fn sealing_key(&self) -> Result<SealingKey, CallError> {
        self.get("/ws/v1/sealing-key").await?.json()
    }

    /// Asks about a person: whether the number, the names and the date of birth in hand are an insured person's.
    /// The service logs it with the reason.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn lookup(&self, query: &SubjectQuery<'_>) -> Result<Subject, CallError> {
        let subject: Subject = self.post("/ws/v1/subject-lookups", query).await?;
        if subject.answers(query) { Ok(subject) } else { Err(CallError::OutsideContract) }
    }

    /// Whether the visit number (Besuchsnummer) that was read off an app belongs to that person's registration.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn visit_number_matches(&self, kvnr: &str, visit_number: &str) -> Result<bool, CallError> {
        let check = VisitNumberCheck { kvnr, visit_number };
        self.post("/ws/v1/visit-number-checks", &check).await.map(|answer: VisitNumberAnswer| answer.matches)
    }

    /// The account of the representative with that number (`V-…`).
    ///
    /// # Errors
    /// [`CallError`]; [`ProblemCode::RepresentativeUnknown`] when there is none.
    pub async fn representative(&self, number: &str) -> Result<Representative, CallError> {
        self.post("/ws/v1/representative-lookups", &RepresentativeLookup { number }).await
    }

    /// Whether the representative with that number was born on that date (`1968-12-30`, `00` for unknown parts).
    ///
    /// # Errors
    /// [`CallError`]; [`ProblemCode::RepresentativeUnknown`] when there is none.
    pub async fn representative_born(
        &self,
        number: &str,
        birth_date: &str,
    ) -> Result<BirthDateAnswer, CallError> {
        let check = RepresentativeCheck { number, birth_date };
        let answered = self.post("/ws/v1/representative-checks", &check).await;
        answered.map(|answer: RepresentativeAnswer| answer.birth_date)
    }

    /// What the register says of that representative and that person; `None` when nothing is on file.
    ///
    /// # Errors
    /// [`CallError`]; [`ProblemCode::RepresentativeUnknown`] when there is no such representative.
    pub async fn representation(
        &self,
        number: &str,
        kvnr: &str,
    ) -> Result<Option<Representation>, CallError> {
        let lookup = RepresentationLookup { number, kvnr };
        let answered = self.post("/ws/v1/representation-lookups", &lookup).await;
        answered.map(|answer: RepresentationAnswer| answer.representation)
    }

    /// Where a code stands at the service; `None` when it doesn't know it.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn code_status(&self, code: Uuid) -> Result<Option<CodeStatus>, CallError> {
        let answer = known(self.get(&DeliveryKind::Code.path(code)).await)?;
        answer.map(|answer| status_of(code, &answer)).transpose()
    }

    /// Where a representation that was delivered stands; `None` when the service doesn't know it.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn representation_state(&self, id: Uuid) -> Result<Option<RepresentationState>, CallError> {
        let answer = known(self.get(&DeliveryKind::Representation.path(id)).await)?;
        answer.map(|answer| standing_of(id, &answer)).transpose()
    }

    /// Asks what became of a delivery whose outcome is unknown ([`DeliveryError::Unknown`]), without repeating it. Only
    /// codes and representations can be asked about; for any other record the same delivery again asks and tells in one.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn ask(&self, delivery: &Delivery) -> Result<Asked, CallError> {
        match delivery.kind {
            DeliveryKind::Code | DeliveryKind::HandOver | DeliveryKind::Void => {
                Ok(Asked::from_code(delivery.kind, self.code_status(delivery.id).await?))
            }
            DeliveryKind::Representation => {
                let state = self.representation_state(delivery.id).await?;
                Ok(if state.is_some() { Asked::Arrived } else { Asked::Missing })
            }
            DeliveryKind::Identification
            | DeliveryKind::Review
            | DeliveryKind::Refusal
            | DeliveryKind::Blocking
            | DeliveryKind::Segment => Ok(Asked::Undecided),
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
        let nothing = Delivered {
            already,
            code: None,
            awaiting_release: false,
            representation: None,
            reviewed: Vec::new(),
            checkpoint: None,
        };
        let delivered = match delivery.kind {
            DeliveryKind::Identification | DeliveryKind::Refusal => {
                let accepted: Accepted = answer.json()?;
                about(delivery.id, accepted.id)?;
                nothing
            }
            DeliveryKind::Representation => {
                let state = standing_of(delivery.id, &answer)?;
                Delivered { representation: Some(state), ..nothing }
            }
            DeliveryKind::Code | DeliveryKind::HandOver | DeliveryKind::Void => {
                let status = status_of(delivery.id, &answer)?;
                Delivered { code: Some(status.state), awaiting_release: status.awaiting_release, ..nothing }
            }
            DeliveryKind::Review | DeliveryKind::Blocking => {
                let accepted: AcceptedWithCodes = answer.json()?;
                about(delivery.id, accepted.id)?;
                Delivered { reviewed: accepted.codes, ..nothing }
            }
            DeliveryKind::Segment => {
                let SegmentAccepted { id, checkpoint } = answer.json()?;
                about(delivery.id, id)?;
                if checkpoint.len() > MAX_CHECKPOINT {
                    return Err(DeliveryError::Unknown);
                }
                Delivered { checkpoint: Some(checkpoint), ..nothing }
            }
        };
        tracing::info!(kind = delivery.kind.as_str(), id = %delivery.id, already, "delivered");
        Ok(delivered)
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, CallError> {
        self.transport.exchange(Method::POST, path, Some(json(body)?)).await?.json()
    }

    async fn get(&self, path: &str) -> Result<Answer, CallError> {
        self.transport.exchange(Method::GET, path, None).await
    }
}

/// An answer, if the service knows what was asked for.
fn known(answered: Result<Answer, CallError>) -> Result<Option<Answer>, CallError> {
    match answered {
        Ok(answer) => Ok(Some(answer)),
        Err(CallError::Refused(problem)) if problem.code == ProblemCode::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The contract's request types are always representable; a failure would be a mistake in them.
fn json(body: &impl Serialize) -> Result<Vec<u8>, CallError> {
    serde_json::to_vec(body).map_err(|_| CallError::OutsideContract)
}

/// The status in an answer, if it is that code's.
fn status_of(code: Uuid, answer: &Answer) -> Result<CodeStatus, CallError> {
    let status: CodeStatus = answer.json()?;
    about(code, status.id)?;
    Ok(status)
}

/// Where a representation stands by an answer, if it is about that one.
fn standing_of(id: Uuid, answer: &Answer) -> Result<RepresentationState, CallError> {
    let standing: RepresentationStanding = answer.json()?;
    about(id, standing.id)?;
    Ok(standing.state)
}

/// An answer about something else than was asked is none: a proxy may have mixed up two.
fn about(asked: Uuid, answered: Uuid) -> Result<(), CallError> {
    if asked == answered { Ok(()) } else { Err(CallError::OutsideContract) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_about_another_code_is_none() {
        let (asked, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let answer = |id: Uuid| Answer {
            status: StatusCode::OK,
            body: format!(r#"{{"id": "{id}", "state": "ACTIVE", "awaitingRelease": false}}"#).into_bytes(),
        };
        assert_eq!(status_of(asked, &answer(asked)).unwrap().id, asked);
        assert_eq!(status_of(asked, &answer(other)), Err(CallError::OutsideContract));
    }
}
