//! What a desk delivers from its outbox, idempotent by the desk's own id.

use std::sync::Arc;

use axum::{Router, extract::State, http::StatusCode, routing::put};
use rusqlite::Transaction;
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    codes,
    database::Put,
    desk_api::{Answer, Contract, Desk, Shares, answer, json_text},
    identifications,
    model::{self, Id},
    problem::Problem,
    service::Shared,
};

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/ws/v1/identifications/{id}", put(put_identification))
        .route("/ws/v1/codes/{id}", put(put_code).get(code_status))
        .route("/ws/v1/codes/{id}/hand-over", put(put_hand_over))
        .route("/ws/v1/codes/{id}/void", put(put_void))
        .route("/ws/v1/reviews/{id}", put(put_review))
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
            identifications::keep(transaction, shared, &desk, id, &body)?;
            Ok(json!({ "id": id, "acceptedAt": shared.now() }))
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
            let accepted = codes::accept(transaction, shared, &desk, id, &body)?;
            Ok(status(id, accepted))
        })
    };
    delivered(shared.blocking(accepted).await?)
}

async fn code_status(State(shared): Shares, Desk(desk): Desk, id: Id) -> Answer {
    let asked = move |shared: &Shared| {
        let id = &*id;
        let found = shared.transaction(|transaction| codes::status(transaction, &desk, id, shared.today()));
        found.map(|found| status(id, found))
    };
    Ok(answer(StatusCode::OK, &shared.blocking(asked).await?))
}

async fn put_hand_over(
    shared: Shares,
    desk: Desk,
    id: Id,
    Contract(body): Contract<model::HandOver>,
) -> Answer {
    advance(shared, desk, id, "hand-over", body, codes::hand_over).await
}

async fn put_void(shared: Shares, desk: Desk, id: Id, Contract(body): Contract<model::Void>) -> Answer {
    advance(shared, desk, id, "void", body, codes::void).await
}

/// Moves a code of that desk on.
type Advance = fn(&Transaction<'_>, &str, &str, jiff::civil::Date) -> Result<codes::Status, Problem>;

async fn advance<B: Serialize + Send + 'static>(
    State(shared): Shares,
    Desk(desk): Desk,
    id: Id,
    what: &'static str,
    body: B,
    advance: Advance,
) -> Answer {
    let advanced = move |shared: &Shared| {
        let id = &*id;
        let path = format!("codes/{id}/{what}");
        shared.put(&path, &desk, &body, |transaction| {
            Ok(status(id, advance(transaction, &desk, id, shared.today())?))
        })
    };
    delivered(shared.blocking(advanced).await?)
}

async fn put_review(
    State(shared): Shares,
    Desk(desk): Desk,
    id: Id,
    Contract(body): Contract<model::Review>,
) -> Answer {
    let kept = move |shared: &Shared| {
        let id = &*id;
        let path = format!("reviews/{id}");
        shared.put(&path, &desk, &body, |transaction| {
            let codes = identifications::review(transaction, id, &body, shared.today())?;
            let codes = codes.into_iter().map(|(id, state)| json!({ "id": id, "state": state.as_str() }));
            Ok(json!({ "id": id, "codes": codes.collect::<Vec<_>>() }))
        })
    };
    delivered(shared.blocking(kept).await?)
}

fn status(id: &str, codes::Status { state, awaiting_release }: codes::Status) -> Value {
    json!({ "id": id, "state": state.as_str(), "awaitingRelease": awaiting_release })
}

fn delivered(put: Put) -> Answer {
    let status = if put.already { StatusCode::OK } else { StatusCode::CREATED };
    Ok(json_text(status, put.answer))
}
