//! What a desk may ask: the desk itself. Its look-ups and deliveries have files of their own.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{FromRequest, FromRequestParts, Path, Request, State},
    http::{HeaderValue, Response, StatusCode, header::CONTENT_TYPE, request::Parts},
    routing::post,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{
    delivery_api, desks, fleet_api, lookup_api,
    model::{self, Id},
    problem::Problem,
    renewals::{self, Standing},
    server::Peer,
    service::Shared,
};

pub(crate) type Shares = State<Arc<Shared>>;
/// An answer, or why there is none.
pub(crate) type Answer = Result<Response<Body>, Problem>;

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/ws/v1/enrolments", post(enrol))
        .merge(fleet_api::routes())
        .merge(lookup_api::routes())
        .merge(delivery_api::routes())
}

/// A desk that is enrolled and not revoked, with a certificate that no other has taken the place of.
pub(crate) struct Desk(pub(crate) String);

/// The certificate (DER) that a desk proved to hold.
pub(crate) struct DeskCertificate(pub(crate) Vec<u8>);

impl FromRequestParts<Arc<Shared>> for DeskCertificate {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Shared>) -> Result<Self, Problem> {
        let peer = parts.extensions.get::<Peer>().and_then(|peer| peer.0.clone());
        peer.map(Self).ok_or(Problem::Unauthenticated)
    }
}

impl FromRequestParts<Arc<Shared>> for Desk {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, shared: &Arc<Shared>) -> Result<Self, Problem> {
        let DeskCertificate(certificate) = DeskCertificate::from_request_parts(parts, shared).await?;
        let recognized = move |shared: &Shared| {
            let now = shared.now();
            let (desk, standing) = shared.read(|transaction| {
                let desk = desks::recognize(transaction, &certificate)?;
                Ok((desk, renewals::standing(transaction, &certificate, now)?))
            })?;
            match standing {
                Standing::Serves => {}
                Standing::FirstUse => {
                    shared.transaction(|transaction| renewals::note_use(transaction, &certificate))?;
                }
                Standing::Over => return Err(Problem::Unauthenticated),
            }
            Ok(desk)
        };
        Arc::clone(shared).blocking(recognized).await.map(Self)
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
            desks::begin_life(transaction, &der, &desk, shared.now())?;
            let chain = format!("{certificate}{}", shared.authority.certificate());
            Ok(json!({ "certificateChain": chain, "desk": desk }))
        })
    };
    Ok(answer(StatusCode::CREATED, &shared.blocking(granted).await?))
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
