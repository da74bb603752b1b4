//! The calls of the contract.

use reqwest::{Method, StatusCode};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::{
    BirthDateAnswer, CallError, CodeStatus, Delivered, Delivery, DeliveryError, DeliveryKind, DeskIdentity,
    Endpoint, EnrolError, Heartbeat, ProblemCode, Representation, Representative, SealingKey, SetupError,
    Subject, SubjectQuery,
    contract::{
        EnrolmentGranted, EnrolmentRequest, IdentificationAccepted, RepresentationAnswer,
        RepresentationLookup, RepresentativeAnswer, RepresentativeCheck, RepresentativeLookup,
        ReviewAccepted, VisitNumberAnswer, VisitNumberCheck,
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
        match self.get(&DeliveryKind::Code.path(code)).await {
            Ok(answer) => status_of(code, &answer).map(Some),
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
        let delivered = match delivery.kind {
            DeliveryKind::Identification => {
                let accepted: IdentificationAccepted = answer.json()?;
                about(delivery.id, accepted.id)?;
                Delivered { already, code: None, awaiting_release: false, reviewed: Vec::new() }
            }
            DeliveryKind::Code | DeliveryKind::HandOver | DeliveryKind::Void => {
                let status = status_of(delivery.id, &answer)?;
                let (code, awaiting_release) = (Some(status.state), status.awaiting_release);
                Delivered { already, code, awaiting_release, reviewed: Vec::new() }
            }
            DeliveryKind::Review => {
                let accepted: ReviewAccepted = answer.json()?;
                about(delivery.id, accepted.id)?;
                Delivered { already, code: None, awaiting_release: false, reviewed: accepted.codes }
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
