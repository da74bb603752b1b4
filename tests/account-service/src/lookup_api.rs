//! What a desk may ask about people. Every question is logged; answers confirm or deny what the desk has in hand.

use std::sync::Arc;

use axum::{Router, extract::State, http::StatusCode, routing::post};
use serde_json::{Value, json};

use crate::{
    database::{Transaction, params},
    deeds,
    desk_api::{Answer, Contract, Desk, Shares, answer},
    limits,
    members::{self, MemberFlag},
    model,
    problem::Problem,
    refusals, register, representatives,
    service::Shared,
};

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/ws/v1/subject-lookups", post(look_up_subject))
        .route("/ws/v1/visit-number-checks", post(check_visit_number))
        .route("/ws/v1/representative-lookups", post(look_up_representative))
        .route("/ws/v1/representative-checks", post(check_representative))
        .route("/ws/v1/representation-lookups", post(look_up_representation))
}

/// What is logged of a question.
#[derive(Default)]
struct Asked<'a> {
    operation: &'static str,
    kvnr: Option<&'a str>,
    representative: Option<&'a str>,
    reason: Option<&'static str>,
}

impl Asked<'_> {
    fn log(&self, transaction: &Transaction<'_>, shared: &Shared, desk: &str) -> Result<(), Problem> {
        let Self { operation, kvnr, representative, reason } = self;
        limits::check(transaction, desk, shared.lookups_per_minute, shared.now())?;
        transaction.execute(
            "INSERT INTO lookups (at, desk, operation, kvnr, representative, reason)
             VALUES ($1, $2, $3, $4, $5, $6)",
            params![shared.now(), desk, operation, kvnr, representative, reason],
        )?;
        Ok(())
    }
}

async fn look_up_subject(
    State(shared): Shares,
    Desk(desk): Desk,
    Contract(body): Contract<model::SubjectLookup>,
) -> Answer {
    let found = move |shared: &Shared| {
        let kvnr = &*body.kvnr;
        let reason = Some(body.reason.as_str());
        let asked = Asked { operation: "subject", kvnr: Some(kvnr), reason, ..Asked::default() };
        shared.transaction(|transaction| {
            asked.log(transaction, shared, &desk)?;
            let Some(member) = shared.member(kvnr) else {
                return Ok(json!({
                    "insured": false, "account": "NONE", "openVisitNumber": false, "flags": [],
                }));
            };
            let mut flags = members::flags(transaction, kvnr)?;
            if !flags.contains(&MemberFlag::SecondLook)
                && refusals::was_refused(transaction, kvnr, shared.now())?
            {
                flags.push(MemberFlag::SecondLook);
            }
            let agree = member.person.names_agree(&body.family_name, &body.given_names);
            let mut answer = json!({
                "insured": true,
                "account": members::account(transaction, kvnr)?.as_str(),
                "openVisitNumber": members::has_open_visit_number(transaction, kvnr)?,
                "names": if agree { "AGREE" } else { "DIFFER" },
                "birthDate": member.person.birth_date.compare(body.birth_date),
                "flags": flags,
            });
            if let Some(tail) = &body.card_number_tail {
                let agrees = member.card_number_ends_with(tail);
                answer["cardNumber"] = if agrees { "AGREES" } else { "DIFFERS" }.into();
            }
            Ok(answer)
        })
    };
    Ok(answer(StatusCode::OK, &shared.blocking(found).await?))
}

async fn check_visit_number(
    State(shared): Shares,
    Desk(desk): Desk,
    Contract(body): Contract<model::VisitNumberCheck>,
) -> Answer {
    let found = move |shared: &Shared| {
        let asked = Asked { operation: "visit number", kvnr: Some(&body.kvnr), ..Asked::default() };
        shared.transaction(|transaction| {
            asked.log(transaction, shared, &desk)?;
            let showing = members::showing(transaction, &body.kvnr, &body.visit_number)?;
            Ok(json!({ "matches": showing.is_some() }))
        })
    };
    Ok(answer(StatusCode::OK, &shared.blocking(found).await?))
}

async fn look_up_representative(
    State(shared): Shares,
    Desk(desk): Desk,
    Contract(body): Contract<model::RepresentativeLookup>,
) -> Answer {
    let number = body.number;
    let asked = move |shared: &Shared| {
        about_representative(shared, &desk, "representative", &number, |representative| {
            json!({
                "account": representative.state(),
                "familyName": representative.person.family_name,
                "givenNames": representative.person.given_names,
                "kind": representative.kind,
            })
        })
    };
    Ok(answer(StatusCode::OK, &shared.blocking(asked).await?))
}

async fn check_representative(
    State(shared): Shares,
    Desk(desk): Desk,
    Contract(body): Contract<model::RepresentativeCheck>,
) -> Answer {
    let asked = move |shared: &Shared| {
        about_representative(
            shared,
            &desk,
            "representative's birth date",
            &body.number,
            |representative| json!({ "birthDate": representative.person.birth_date.compare(body.birth_date) }),
        )
    };
    Ok(answer(StatusCode::OK, &shared.blocking(asked).await?))
}

async fn look_up_representation(
    State(shared): Shares,
    Desk(desk): Desk,
    Contract(body): Contract<model::RepresentationLookup>,
) -> Answer {
    let found = move |shared: &Shared| {
        let (number, kvnr) = (&*body.number, &*body.kvnr);
        let (representative, kvnr_asked) = (Some(number), Some(kvnr));
        let asked = Asked { operation: "representation", kvnr: kvnr_asked, representative, reason: None };
        shared.transaction(|transaction| asked.log(transaction, shared, &desk))?;
        shared.read(|transaction| {
            representatives::find(transaction, number)?;
            let on_file = register::find(transaction, number, kvnr)?;
            let noted = || deeds::noted(transaction, number, kvnr, shared.today());
            Ok(json!({ "representation": on_file.map_or_else(noted, |entry| Ok(Some(entry)))? }))
        })
    };
    Ok(answer(StatusCode::OK, &shared.blocking(found).await?))
}

/// Logs the question, even about a number that nobody has, and answers it.
fn about_representative(
    shared: &Shared,
    desk: &str,
    operation: &'static str,
    number: &str,
    answer: impl FnOnce(&representatives::Representative) -> Value,
) -> Result<Value, Problem> {
    let asked = Asked { operation, representative: Some(number), ..Asked::default() };
    shared.transaction(|transaction| asked.log(transaction, shared, desk))?;
    shared.read(|transaction| representatives::find(transaction, number)).map(|found| answer(&found))
}
