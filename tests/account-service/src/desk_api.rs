//! What a desk may ask.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{FromRequest, FromRequestParts, Path, Request, State},
    http::{HeaderValue, Response, StatusCode, header::CONTENT_TYPE, request::Parts},
    routing::{get, post, put},
};
use rusqlite::params;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{
    codes,
    database::Put,
    desks, members,
    model::{self, Id},
    problem::Problem,
    server::Peer,
    service::Shared,
};

type Shares = State<Arc<Shared>>;
/// An answer, or why there is none.
pub(crate) type Answer = Result<Response<Body>, Problem>;

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/ws/v1/enrolments", post(enrol))
        .route("/ws/v1/heartbeat", get(heartbeat))
        .route("/ws/v1/sealing-key", get(sealing_key))
        .route("/ws/v1/subject-lookups", post(look_up))
        .route("/ws/v1/visit-number-checks", post(check_visit_number))
        .route("/ws/v1/identifications/{id}", put(put_identification))
        .route("/ws/v1/codes/{id}", put(put_code).get(code_status))
        .route("/ws/v1/codes/{id}/hand-over", put(put_hand_over))
        .route("/ws/v1/codes/{id}/void", put(put_void))
}

/// A desk that is enrolled and not revoked.
struct Desk(String);

impl FromRequestParts<Arc<Shared>> for Desk {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, shared: &Arc<Shared>) -> Result<Self, Problem> {
        let peer = parts.extensions.get::<Peer>().and_then(|peer| peer.0.clone());
        let certificate = peer.ok_or(Problem::Unauthenticated)?;
        Arc::clone(shared)
            .blocking(move |shared| {
                shared.transaction(|transaction| desks::recognize(transaction, &certificate))
            })
            .await
            .map(Desk)
    }
}

impl FromRequestParts<Arc<Shared>> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, shared: &Arc<Shared>) -> Result<Self, Problem> {
        let path = Path::<String>::from_request_parts(parts, shared).await;
        let Path(text) = path.map_err(|_| Problem::NotFound)?;
        Self::try_from(text).map_err(|_| Problem::NotFound)
    }
}

/// A JSON body that is exactly what the contract says.
pub(crate) struct Contract<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Arc<Shared>> for Contract<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, shared: &Arc<Shared>) -> Result<Self, Problem> {
        if request.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes) != Some(b"application/json") {
            return Err(Problem::Validation);
        }
        let body = Bytes::from_request(request, shared).await;
        let body = body.map_err(|_| Problem::PayloadTooLarge)?;
        serde_json::from_slice(&body).map(Self).map_err(|_| Problem::Validation)
    }
}

async fn enrol(State(shared): Shares, Contract(body): Contract<model::Enrolment>) -> Answer {
    let granted = move |shared: &Shared| {
        shared.transaction(|transaction| {
            let desk = desks::spend_token(transaction, &body.token)?;
            let certified = shared.authority.certify_desk(&body.csr, &desk, shared.today());
            let (certificate, der) = certified.ok_or(Problem::Validation)?;
            desks::admit(transaction, &der, &desk)?;
            let chain = format!("{certificate}{}", shared.authority.certificate());
            Ok(json!({ "certificateChain": chain, "desk": desk }))
        })
    };
    Ok(answer(StatusCode::CREATED, &shared.blocking(granted).await?))
}

async fn heartbeat(State(shared): Shares, _: Desk) -> Answer {
    Ok(answer(StatusCode::OK, &json!({ "serverTime": shared.now() })))
}

async fn sealing_key(State(shared): Shares, _: Desk) -> Answer {
    Ok(answer(StatusCode::OK, shared.secrets.sealing_key()))
}

async fn look_up(
    State(shared): Shares,
    Desk(desk): Desk,
    Contract(body): Contract<model::SubjectLookup>,
) -> Answer {
    let found = move |shared: &Shared| {
        let kvnr = &*body.kvnr;
        shared.transaction(|transaction| {
            transaction.execute(
                "INSERT INTO lookups (at, desk, kvnr, reason) VALUES (?1, ?2, ?3, ?4)",
                params![shared.now().to_string(), desk, kvnr, body.reason.as_str()],
            )?;
            Ok(json!({
                "insured": shared.is_member(kvnr),
                "account": members::account(transaction, kvnr)?.as_str(),
                "openVisitNumber": members::has_open_visit_number(transaction, kvnr)?,
            }))
        })
    };
    Ok(answer(StatusCode::OK, &shared.blocking(found).await?))
}

async fn check_visit_number(
    State(shared): Shares,
    _: Desk,
    Contract(body): Contract<model::VisitNumberCheck>,
) -> Answer {
    let found = move |shared: &Shared| {
        shared.transaction(|transaction| {
            let showing = members::showing(transaction, &body.kvnr, &body.visit_number)?;
            Ok(json!({ "matches": showing.is_some() }))
        })
    };
    Ok(answer(StatusCode::OK, &shared.blocking(found).await?))
}

async fn put_identification(
    State(shared): Shares,
    Desk(desk): Desk,
    id: Id,
    Contract(body): Contract<model::Identification>,
) -> Answer {
    if !body.is_complete() {
        return Err(Problem::Validation);
    }
    if *body.desk != *desk {
        return Err(Problem::ForbiddenDesk);
    }
    let kept = move |shared: &Shared| {
        let id = &*id;
        let path = format!("identifications/{id}");
        shared.put(&path, &desk, &body, |transaction| {
            let kvnr = &*body.subject.kvnr;
            if !shared.is_member(kvnr) {
                return Err(Problem::NotInsured);
            }
            let record = serde_json::to_string(&body).map_err(anyhow::Error::from)?;
            let now = shared.now();
            transaction.execute(
                "INSERT INTO identifications (id, desk, kvnr, record, accepted_at)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
                params![id, desk, kvnr, record, now.to_string()],
            )?;
            Ok(json!({ "id": id, "acceptedAt": now }))
        })
    };
    delivered(shared.blocking(kept).await?)
}

async fn put_code(
    State(shared): Shares,
    Desk(desk): Desk,
    id: Id,
    Contract(body): Contract<model::Code>,
) -> Answer {
    let accepted = move |shared: &Shared| {
        let id = &*id;
        let path = format!("codes/{id}");
        shared.put(&path, &desk, &body, |transaction| {
            let state = codes::accept(transaction, &shared.secrets, &desk, id, &body, shared.today())?;
            Ok(status(id, state))
        })
    };
    delivered(shared.blocking(accepted).await?)
}

async fn code_status(State(shared): Shares, Desk(desk): Desk, id: Id) -> Answer {
    let asked = move |shared: &Shared| {
        let id = &*id;
        let found = shared.transaction(|transaction| codes::state(transaction, &desk, id, shared.today()));
        found.map(|state| status(id, state))
    };
    Ok(answer(StatusCode::OK, &shared.blocking(asked).await?))
}

async fn put_hand_over(
    shared: Shares,
    desk: Desk,
    id: Id,
    Contract(body): Contract<model::HandOver>,
) -> Answer {
    advance(shared, desk, id, "hand-over", body, codes::State::Active).await
}

async fn put_void(shared: Shares, desk: Desk, id: Id, Contract(body): Contract<model::Void>) -> Answer {
    advance(shared, desk, id, "void", body, codes::State::Voided).await
}

async fn advance<B: serde::Serialize + Send + 'static>(
    State(shared): Shares,
    Desk(desk): Desk,
    id: Id,
    what: &'static str,
    body: B,
    to: codes::State,
) -> Answer {
    let advanced = move |shared: &Shared| {
        let id = &*id;
        let path = format!("codes/{id}/{what}");
        shared.put(&path, &desk, &body, |transaction| {
            let state = codes::advance(transaction, &desk, id, to, shared.today())?;
            Ok(status(id, state))
        })
    };
    delivered(shared.blocking(advanced).await?)
}

fn status(id: &str, state: codes::State) -> Value {
    json!({ "id": id, "state": state.as_str() })
}

fn delivered(put: Put) -> Answer {
    let status = if put.already { StatusCode::OK } else { StatusCode::CREATED };
    Ok(json_text(status, put.answer))
}

/// A JSON answer.
pub(crate) fn answer(status: StatusCode, body: &Value) -> Response<Body> {
    json_text(status, body.to_string())
}

fn json_text(status: StatusCode, json: String) -> Response<Body> {
    let mut response = Response::new(Body::from(json));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}
