//! What an insured person's app or a representative's may ask.

use std::sync::Arc;

use axum::{Router, extract::State, http::StatusCode, routing::post};
use serde_json::json;
use uuid::{Builder, Uuid};

use crate::{
    codes,
    desk_api::{Answer, Contract, answer},
    members, model, notices,
    problem::Problem,
    representatives,
    service::Shared,
};

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/app/v1/registrations", post(register))
        .route("/app/v1/visit-numbers", post(show_visit_number))
        .route("/app/v1/representatives", post(register_representative))
        .route("/app/v1/redemptions", post(redeem))
        .route("/app/v1/notices", post(read_notices))
        .route("/app/v1/objections", post(object))
}

async fn register(State(shared): State<Arc<Shared>>, Contract(body): Contract<model::Registering>) -> Answer {
    let registered = move |shared: &Shared| {
        if shared.member(&body.kvnr).is_none() {
            return Err(Problem::NotInsured);
        }
        let id = draw_id(shared)?;
        shared.transaction(|transaction| members::register(transaction, id, &body.kvnr))
    };
    let registered = shared.blocking(registered).await?;
    let body = json!({ "registrationId": registered.id, "visitNumber": registered.visit_number });
    Ok(answer(StatusCode::CREATED, &body))
}

async fn show_visit_number(
    State(shared): State<Arc<Shared>>,
    Contract(body): Contract<model::ShowingVisitNumber>,
) -> Answer {
    let shown = move |shared: &Shared| {
        shared.transaction(|transaction| members::show_visit_number(transaction, &body.registration_id))
    };
    Ok(answer(StatusCode::OK, &json!({ "visitNumber": shared.blocking(shown).await? })))
}

async fn register_representative(
    State(shared): State<Arc<Shared>>,
    Contract(body): Contract<model::RegisteringRepresentative>,
) -> Answer {
    let registered = move |shared: &Shared| {
        let id = draw_id(shared)?;
        let number = shared.transaction(|transaction| representatives::register(transaction, id, &body))?;
        Ok(json!({ "registrationId": id, "number": number }))
    };
    Ok(answer(StatusCode::CREATED, &shared.blocking(registered).await?))
}

async fn redeem(State(shared): State<Arc<Shared>>, Contract(body): Contract<model::Redemption>) -> Answer {
    let redeemed = move |shared: &Shared| {
        let today = shared.today();
        shared.transaction(|transaction| codes::redeem(transaction, &shared.secrets, &body, today))?
    };
    let epa = shared.blocking(redeemed).await?;
    Ok(answer(StatusCode::OK, &json!({ "state": "REDEEMED", "epa": epa })))
}

async fn read_notices(
    State(shared): State<Arc<Shared>>,
    Contract(body): Contract<model::ReadingNotices>,
) -> Answer {
    let told = move |shared: &Shared| {
        shared.read(|transaction| notices::of_registration(transaction, &body.registration_id))
    };
    Ok(answer(StatusCode::OK, &shared.blocking(told).await?))
}

async fn object(State(shared): State<Arc<Shared>>, Contract(body): Contract<model::Objection>) -> Answer {
    let blocked = move |shared: &Shared| {
        let now = shared.now();
        shared.transaction(|transaction| {
            notices::object(transaction, &body.registration_id, &body.notice_id, now)
        })
    };
    shared.blocking(blocked).await?;
    Ok(answer(StatusCode::OK, &json!({ "state": "BLOCKED" })))
}

/// A fresh id.
pub(crate) fn draw_id(shared: &Shared) -> Result<Uuid, Problem> {
    let mut random = [0; 10];
    getrandom::fill(&mut random).map_err(anyhow::Error::from)?;
    let milliseconds = u64::try_from(shared.now().as_millisecond()).map_err(anyhow::Error::from)?;
    Ok(Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid())
}
