//! Faults on demand: what a desk must live through.

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};

use crate::{problem::Problem, server::MAX_BODY, service::Shared};

/// How the service misbehaves until told otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fault {
    /// Not at all.
    #[default]
    None,
    /// Every connection, old or new, is closed at once.
    Down,
    /// Requests are carried out, but answered only after this many milliseconds: the answer that a client
    /// gave up waiting for.
    Slow(u64),
    /// Requests are answered with this error status and not carried out.
    Status(u16),
    /// Requests are answered with 200 and a page that is no JSON of the contract, and not carried out: a gateway
    /// that wants somebody to sign in.
    Garbage,
    /// Every request is carried out twice, as by a proxy that repeats it; the second answer is sent.
    Twice,
}

/// Answers as the current fault wants it.
pub(crate) async fn inject(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let fault = shared.fault();
    match fault {
        Fault::None | Fault::Down => next.run(request).await,
        Fault::Slow(milliseconds) => {
            let response = next.run(request).await;
            tokio::time::sleep(Duration::from_millis(milliseconds)).await;
            response
        }
        Fault::Status(status) => Problem::Fault(status).into_response(),
        Fault::Garbage => Html("<!doctype html><title>Sign in</title>").into_response(),
        Fault::Twice => twice(request, next).await,
    }
}

async fn twice(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        return Problem::PayloadTooLarge.into_response();
    };
    let again = || Request::from_parts(parts.clone(), Body::from(body.clone()));
    drop(next.clone().run(again()).await);
    next.run(again()).await
}
