//! What a desk delivers from its outbox: records, each kept once under the desk's own id.

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
    routing::put,
};
use serde_json::{Value, json};

use crate::{
    app_api::draw_id,
    blockings, codes,
    database::{Put, Transaction},
    deeds,
    desk_api::{Answer, Desk, Shares, answer, json_text},
    identifications,
    model::{self, Id},
    notices,
    problem::Problem,
    record::{self, Record, Signed},
    refusals, report, segments,
    server::MAX_SEGMENT,
    service::Shared,
};

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/ws/v1/identifications/{id}", put(put_identification))
        .route("/ws/v1/representations/{id}", put(put_representation).get(representation_standing))
        .route("/ws/v1/codes/{id}", put(put_code).get(code_status))
        .route("/ws/v1/codes/{id}/hand-over", put(put_hand_over))
        .route("/ws/v1/codes/{id}/void", put(put_void))
        .route("/ws/v1/reviews/{id}", put(put_review))
        .route("/ws/v1/refusals/{id}", put(put_refusal))
        .route("/ws/v1/blockings/{id}", put(put_blocking))
        .route("/ws/v1/journal-segments/{id}", put(put_segment).layer(DefaultBodyLimit::max(MAX_SEGMENT)))
}

async fn put_identification(State(shared): Shares, record: Record<model::Identification>) -> Answer {
    if !record.body.is_complete() {
        return Err(Problem::Validation);
    }
    delivered(
        shared,
        record,
        |id| format!("identifications/{id}"),
        |transaction, shared, record| {
            let id = &*record.id;
            identifications::keep(transaction, shared, &record.desk, id, &record.body)?;
            report::note_identified(transaction, id, &record.body)?;
            Ok(json!({ "id": id, "acceptedAt": shared.now() }))
        },
    )
    .await
}

async fn put_representation(State(shared): Shares, record: Record<model::Representation>) -> Answer {
    if !record.body.names_areas_once() {
        return Err(Problem::Validation);
    }
    delivered(
        shared,
        record,
        |id| format!("representations/{id}"),
        |transaction, shared, record| {
            let id = &*record.id;
            let standing = deeds::accept(transaction, shared, &record.desk, id, &record.body)?;
            Ok(json!({ "id": id, "state": standing.as_str() }))
        },
    )
    .await
}

async fn representation_standing(State(shared): Shares, Desk(desk): Desk, id: Id) -> Answer {
    let asked = move |shared: &Shared| {
        let id = &*id;
        let found = shared.read(|transaction| deeds::standing(transaction, &desk, id, shared.today()));
        found.map(|standing| json!({ "id": id, "state": standing.as_str() }))
    };
    Ok(answer(StatusCode::OK, &shared.blocking(asked).await?))
}

async fn put_code(State(shared): Shares, record: Record<model::Code>) -> Answer {
    if record.body.entitlement().is_none() {
        return Err(Problem::Validation);
    }
    delivered(
        shared,
        record,
        |id| format!("codes/{id}"),
        |transaction, shared, record| {
            let id = &*record.id;
            Ok(status(id, codes::accept(transaction, shared, &record.desk, id, &record.body)?))
        },
    )
    .await
}

async fn code_status(State(shared): Shares, Desk(desk): Desk, id: Id) -> Answer {
    let asked = move |shared: &Shared| {
        let id = &*id;
        let found = shared.transaction(|transaction| codes::status(transaction, &desk, id, shared.today()));
        found.map(|found| status(id, found))
    };
    Ok(answer(StatusCode::OK, &shared.blocking(asked).await?))
}

async fn put_hand_over(State(shared): Shares, record: Record<model::HandOver>) -> Answer {
    delivered(
        shared,
        record,
        |id| format!("codes/{id}/hand-over"),
        |transaction, shared, record| {
            let id = &*record.id;
            let handed_over = codes::hand_over(transaction, &record.desk, id, shared.today())?;
            notices::make(transaction, draw_id(shared)?, id, shared.now())?;
            Ok(status(id, handed_over))
        },
    )
    .await
}

async fn put_void(State(shared): Shares, record: Record<model::Void>) -> Answer {
    delivered(
        shared,
        record,
        |id| format!("codes/{id}/void"),
        |transaction, shared, record| {
            let id = &*record.id;
            Ok(status(id, codes::void(transaction, &record.desk, id, shared.today())?))
        },
    )
    .await
}

async fn put_review(State(shared): Shares, record: Record<model::Review>) -> Answer {
    delivered(
        shared,
        record,
        |id| format!("reviews/{id}"),
        |transaction, shared, record| {
            let id = &*record.id;
            let codes = identifications::review(transaction, id, &record.body, shared.today())?;
            Ok(json!({ "id": id, "codes": states(codes) }))
        },
    )
    .await
}

async fn put_refusal(State(shared): Shares, record: Record<model::Refusal>) -> Answer {
    delivered(shared, record, refusals::path, |transaction, shared, record| {
        let id = &*record.id;
        shared.member(&record.body.kvnr).ok_or(Problem::NotInsured)?;
        refusals::keep(transaction, &record.desk, id, &record.body, shared.now())?;
        Ok(json!({ "id": id }))
    })
    .await
}

async fn put_blocking(State(shared): Shares, record: Record<model::Blocking>) -> Answer {
    delivered(
        shared,
        record,
        |id| format!("blockings/{id}"),
        |transaction, shared, record| {
            let id = &*record.id;
            shared.member(&record.body.kvnr).ok_or(Problem::NotInsured)?;
            let clock = (shared.now(), shared.today());
            let codes = blockings::block(transaction, &record.desk, id, &record.body, clock)?;
            Ok(json!({ "id": id, "codes": states(codes) }))
        },
    )
    .await
}

async fn put_segment(State(shared): Shares, record: Record<model::Segment>) -> Answer {
    if !record.body.is_whole() {
        return Err(Problem::Validation);
    }
    delivered(shared, record, segments::path, |transaction, shared, record| {
        let (id, now) = (&*record.id, shared.now());
        let signer = &shared.signers.checkpoints;
        let life = (&*record.desk, record.life);
        let checkpoint = segments::keep(transaction, signer, life, id, &record.body, now)?;
        Ok(json!({ "id": id, "checkpoint": checkpoint }))
    })
    .await
}

/// Keeps a record where it may block, and answers.
async fn delivered<T: Send + 'static>(
    shared: Arc<Shared>,
    record: Record<T>,
    path: fn(&str) -> String,
    effect: fn(&Transaction<'_>, &Shared, &Signed<'_, T>) -> Result<Value, Problem>,
) -> Answer {
    let kept = move |shared: &Shared| {
        let path = path(&record.id);
        record::deliver(shared, &path, &record, |transaction, signed| effect(transaction, shared, signed))
    };
    let Put { already, answer } = shared.blocking(kept).await?;
    Ok(json_text(if already { StatusCode::OK } else { StatusCode::CREATED }, answer))
}

fn status(id: &str, codes::Status { state, awaiting_release }: codes::Status) -> Value {
    json!({ "id": id, "state": state.as_str(), "awaitingRelease": awaiting_release })
}

fn states(codes: Vec<(String, codes::State)>) -> Vec<Value> {
    codes.into_iter().map(|(id, state)| json!({ "id": id, "state": state.as_str() })).collect()
}
