//! What a desk asks about itself: heartbeat, certificate, keys, policy, events.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::{StatusCode, Uri},
    routing::{get, post},
};
use serde_json::json;

use crate::{
    desk_api::{Answer, Contract, Desk, DeskCertificate, Shares, answer},
    desks, events,
    heartbeats::{self, DeskCommand},
    model::{self, NotNegative},
    policies,
    problem::Problem,
    renewals, retention,
    service::Shared,
};

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/ws/v1/heartbeats", post(heartbeat))
        .route("/ws/v1/renewals", post(renew))
        .route("/ws/v1/sealing-key", get(sealing_key))
        .route("/ws/v1/recovery-key", get(recovery_key))
        .route("/ws/v1/policy", get(policy))
        .route("/ws/v1/events", get(events))
}

async fn heartbeat(
    State(shared): Shares,
    Desk(desk): Desk,
    Contract(body): Contract<model::Heartbeat>,
) -> Answer {
    let beat = move |shared: &Shared| {
        retention::once_a_day(shared);
        shared.transaction(|transaction| {
            heartbeats::note(transaction, &desk, &body, shared.now())?;
            Ok(json!({
                "serverTime": shared.now(),
                "policySerial": policies::serial(transaction)?,
                "lastEvent": events::last(transaction, &desk)?,
                "commands": heartbeats::commands(transaction, &desk)?,
            }))
        })
    };
    Ok(answer(StatusCode::OK, &shared.blocking(beat).await?))
}

async fn renew(
    State(shared): Shares,
    Desk(desk): Desk,
    DeskCertificate(old): DeskCertificate,
    Contract(body): Contract<model::Renewal>,
) -> Answer {
    let granted = move |shared: &Shared| {
        let certified = shared.authority.certify_desk(&body.csr, &desk, shared.today());
        let (certificate, new) = certified.ok_or(Problem::Validation)?;
        shared.transaction(|transaction| {
            desks::continue_life(transaction, &new, &old, &desk)?;
            renewals::replace(transaction, &old, &new, shared.now())?;
            heartbeats::withdraw(transaction, &desk, DeskCommand::Renew)
        })?;
        let chain = format!("{certificate}{}", shared.authority.certificate());
        Ok(json!({ "certificateChain": chain, "desk": desk }))
    };
    Ok(answer(StatusCode::CREATED, &shared.blocking(granted).await?))
}

async fn sealing_key(State(shared): Shares, _: Desk) -> Answer {
    Ok(answer(StatusCode::OK, shared.secrets.sealing_key()))
}

async fn recovery_key(State(shared): Shares, _: Desk) -> Answer {
    Ok(answer(StatusCode::OK, shared.secrets.recovery_key()))
}

async fn policy(State(shared): Shares, _: Desk) -> Answer {
    let found = |shared: &Shared| shared.read(policies::bundle);
    let bundle = shared.blocking(found).await?.ok_or(Problem::NotFound)?;
    Ok(answer(StatusCode::OK, &json!({ "bundle": bundle })))
}

async fn events(State(shared): Shares, Desk(desk): Desk, uri: Uri) -> Answer {
    let after = after(&uri).ok_or(Problem::Validation)?.get();
    let found = move |shared: &Shared| shared.read(|transaction| events::after(transaction, &desk, after));
    Ok(answer(StatusCode::OK, &shared.blocking(found).await?))
}

/// The only member of the query.
fn after(uri: &Uri) -> Option<NotNegative> {
    let number = uri.query()?.strip_prefix("after=")?;
    let digits = number.bytes().all(|byte| byte.is_ascii_digit());
    number.parse::<i64>().ok().filter(|_| digits)?.try_into().ok()
}
