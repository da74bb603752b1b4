//! Faults on demand: what a desk must live through.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{problem::Problem, service::Shared};

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
    }
}
