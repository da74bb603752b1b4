//! Faults on demand: what a desk must live through.

mod storm;

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{Method, header::RETRY_AFTER},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use storm::Trouble;
use tokio::sync::Notify;

use crate::{problem::Problem, server::MAX_SEGMENT, service::Shared};

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
    /// What desks deliver is answered with this error status and not kept; everything else is as always.
    Deliveries(u16),
    /// Requests are answered with 200 and a page that is no JSON of the contract, and not carried out: a gateway
    /// that wants somebody to sign in.
    Garbage,
    /// Every request is carried out twice, as by a proxy that repeats it; the second answer is sent.
    Twice,
    /// A part of the requests has trouble, drawn at random: the connection is lost before or after a request is carried
    /// out, either is delayed, it is carried out twice, or an error status or a strange page answers.
    Storm {
        /// Requests in a thousand.
        per_mille: u16,
        /// Of the random numbers: the same seed draws the same troubles for the requests in their order.
        seed: u64,
    },
}

/// Pause that an error status of a storm asks for: the shortest that the header can say, in seconds.
const STORM_RETRY_AFTER: u16 = 1;

/// Ends a connection at once.
#[derive(Clone, Default)]
pub(crate) struct HangUp(Arc<Notify>);

impl HangUp {
    /// Waits until the connection is to end.
    pub(crate) async fn wanted(&self) {
        self.0.notified().await;
    }

    /// Ends it; nothing that comes after this is ever done.
    async fn now(&self) -> Response {
        self.0.notify_one();
        std::future::pending().await
    }
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
        // Whatever a desk delivers is put, and nothing else is.
        Fault::Deliveries(status) if request.method() == Method::PUT => {
            Problem::Fault(status).into_response()
        }
        Fault::Deliveries(_) => next.run(request).await,
        Fault::Garbage => garbage(),
        Fault::Twice => twice(request, next).await,
        Fault::Storm { per_mille, seed } => {
            let trouble = storm::trouble(per_mille, seed, shared.next_in_storm());
            in_storm(trouble, request, next).await
        }
    }
}

async fn in_storm(trouble: Option<Trouble>, request: Request, next: Next) -> Response {
    let connection = request.extensions().get::<HangUp>().cloned().unwrap_or_default();
    match trouble {
        None => next.run(request).await,
        Some(Trouble::LostBefore) => connection.now().await,
        Some(Trouble::LostAfter) => {
            drop(next.run(request).await);
            connection.now().await
        }
        Some(Trouble::Late(delay)) => {
            tokio::time::sleep(delay).await;
            next.run(request).await
        }
        Some(Trouble::AnsweredLate(delay)) => {
            let response = next.run(request).await;
            tokio::time::sleep(delay).await;
            response
        }
        Some(Trouble::Twice) => twice(request, next).await,
        Some(Trouble::Status(status)) => {
            let mut response = Problem::Fault(status).into_response();
            response.headers_mut().insert(RETRY_AFTER, STORM_RETRY_AFTER.into());
            response
        }
        Some(Trouble::Garbage) => garbage(),
    }
}

fn garbage() -> Response {
    Html("<!doctype html><title>Sign in</title>").into_response()
}

async fn twice(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_SEGMENT).await else {
        return Problem::PayloadTooLarge.into_response();
    };
    let again = || Request::from_parts(parts.clone(), Body::from(body.clone()));
    drop(next.clone().run(again()).await);
    next.run(again()).await
}
