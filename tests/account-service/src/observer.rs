//! Lets a test see every exchange as it was on the wire, inside TLS.

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, header::CONTENT_TYPE},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{problem::Problem, server::MAX_SEGMENT, service::Shared};

/// Called with every exchange.
pub type Observer = Arc<dyn Fn(Exchange) + Send + Sync>;

/// One request and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// HTTP method.
    pub method: String,
    /// Path with its query.
    pub path: String,
    /// Content type and body of the request.
    pub request: (Option<String>, Vec<u8>),
    /// HTTP status.
    pub status: u16,
    /// Content type and body of the answer.
    pub response: (Option<String>, Vec<u8>),
}

/// Hands the exchange to the observer, if there is one.
pub(crate) async fn observe(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let Some(observer) = shared.observer() else {
        return next.run(request).await;
    };
    let (parts, body) = request.into_parts();
    let Ok(sent) = to_bytes(body, MAX_SEGMENT).await else {
        return Problem::PayloadTooLarge.into_response();
    };
    let (method, path) = (parts.method.to_string(), parts.uri.to_string());
    let request = (content_type(&parts.headers), sent.to_vec());
    let response = next.run(Request::from_parts(parts, Body::from(sent))).await;
    let (parts, body) = response.into_parts();
    let Ok(answered) = to_bytes(body, usize::MAX).await else {
        return Problem::Internal.into_response();
    };
    observer(Exchange {
        method,
        path,
        request,
        status: parts.status.as_u16(),
        response: (content_type(&parts.headers), answered.to_vec()),
    });
    Response::from_parts(parts, Body::from(answered))
}

fn content_type(headers: &HeaderMap) -> Option<String> {
    headers.get(CONTENT_TYPE)?.to_str().ok().map(str::to_owned)
}
