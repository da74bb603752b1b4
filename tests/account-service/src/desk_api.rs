//! What a desk may ask: the desk itself. Its look-ups and deliveries have files of their own.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{FromRequest, FromRequestParts, Path, Request, State},
    http::{HeaderValue, Response, StatusCode, header::CONTENT_TYPE, request::Parts},
    routing::{get, post},
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{
    delivery_api, desks, lookup_api,
    model::{self, Id},
    problem::Problem,
    server::Peer,
    service::Shared,
};

pub(crate) type Shares = State<Arc<Shared>>;
/// An answer, or why there is none.
pub(crate) type Answer = Result<Response<Body>, Problem>;

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/ws/v1/enrolments", post(enrol))
        .route("/ws/v1/heartbeat", get(heartbeat))
        .route("/ws/v1/sealing-key", get(sealing_key))
        .merge(lookup_api::routes())
        .merge(delivery_api::routes())
}

/// A desk that is enrolled and not revoked.
pub(crate) struct Desk(pub(crate) String);

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

/// A JSON answer.
pub(crate) fn answer(status: StatusCode, body: &Value) -> Response<Body> {
    json_text(status, body.to_string())
}

/// A JSON answer that is text already.
pub(crate) fn json_text(status: StatusCode, json: String) -> Response<Body> {
    let mut response = Response::new(Body::from(json));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}
