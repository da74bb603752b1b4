//! Records of identifications and their reviews.

use jiff::civil::Date;

use crate::{
    codes,
    database::{Transaction, params},
    deeds,
    model::{self, Identification, PersonNumber, ReviewOutcome},
    problem::Problem,
    representatives,
    service::Shared,
};

/// Keeps the record of an identification of somebody whom the service knows.
pub(crate) fn keep(
    transaction: &Transaction<'_>,
    shared: &Shared,
    desk: &str,
    id: &str,
    record: &Identification,
) -> Result<(), Problem> {
    if record.second_operator.as_deref() == Some(&*record.operator) {
        return Err(Problem::SodViolation);
    }
    match record.person() {
        Some(PersonNumber::Kvnr(kvnr)) if shared.member(kvnr).is_some() => {}
        Some(PersonNumber::Kvnr(_)) => return Err(Problem::NotInsured),
        Some(PersonNumber::Representative(number)) => {
            representatives::find(transaction, number)?;
        }
        None => return Err(Problem::Validation),
    }
    let json = serde_json::to_string(record).map_err(anyhow::Error::from)?;
    transaction.execute(
        "INSERT INTO identifications (id, desk, record, accepted_at) VALUES ($1, $2, $3, $4)",
        params![id, desk, json, shared.now()],
    )?;
    Ok(())
}

/// An identification that codes of that desk can rest on.
pub(crate) fn find(transaction: &Transaction<'_>, desk: &str, id: &str) -> Result<Identification, Problem> {
    let query = "SELECT record FROM identifications WHERE id = $1 AND desk = $2 AND NOT defective";
    read(transaction.query_opt(query, params![id, desk], |row| row.get("record"))?)
}

/// Keeps a review, of any desk's identification; a substantial defect takes back whatever rests on it. The codes
/// that do, with their states.
pub(crate) fn review(
    transaction: &Transaction<'_>,
    id: &str,
    review: &model::Review,
    today: Date,
) -> Result<Vec<(String, codes::State)>, Problem> {
    let identification: &str = &review.identification_id;
    let query = "SELECT record FROM identifications WHERE id = $1";
    let record = read(transaction.query_opt(query, params![identification], |row| row.get("record"))?)?;
    if record.staff().any(|operator| *operator == *review.reviewer) {
        return Err(Problem::SodViolation);
    }
    let json = serde_json::to_string(review).map_err(anyhow::Error::from)?;
    let kept = "INSERT INTO reviews (id, identification, record) VALUES ($1, $2, $3)";
    transaction.execute(kept, params![id, identification, json])?;
    if review.outcome == ReviewOutcome::SubstantialDefect {
        let defective = "UPDATE identifications SET defective = TRUE WHERE id = $1";
        transaction.execute(defective, params![identification])?;
        deeds::end(transaction, &codes::RestingOn::Identification(identification))?;
        codes::revoke(transaction, &codes::RestingOn::Identification(identification))?;
    }
    codes::resting_on(transaction, identification, today)
}

fn read(record: Option<String>) -> Result<Identification, Problem> {
    let record = record.ok_or(Problem::IdentificationUnknown)?;
    Ok(serde_json::from_str(&record).map_err(anyhow::Error::from)?)
}
