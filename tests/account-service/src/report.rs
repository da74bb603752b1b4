//! What the service keeps about a person (Art. 15 DSGVO): told to that person, never to a desk.

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use serde_json::{Value, json};

use crate::{
    codes,
    database::{Error, Row, Transaction, params},
    members,
    model::{Identification, PersonNumber},
    problem::Problem,
    refusals,
    service::Shared,
};

/// Years after the end of which the record of an identification goes (§§ 195, 199 BGB).
const IDENTIFICATION_KEPT_YEARS: i16 = 3;
/// Months that look-ups are kept.
const LOOKUPS_KEPT_MONTHS: i32 = 12;
/// Days that the verifier of a code is kept after its last day, for disputes.
const VERIFIER_KEPT_DAYS: i32 = 90;

/// Whom an identification is about, if that person is insured here.
pub(crate) fn note_identified(
    transaction: &Transaction<'_>,
    id: &str,
    record: &Identification,
) -> Result<(), Problem> {
    if let Some(PersonNumber::Kvnr(kvnr)) = record.person() {
        let noted = "INSERT INTO identified (identification, kvnr) VALUES ($1, $2)";
        transaction.execute(noted, params![id, kvnr])?;
    }
    Ok(())
}

/// Everything about that person: records, representations, codes, look-ups, refusals, blockings, notices, with the day on which each
/// goes.
pub(crate) fn about(transaction: &Transaction<'_>, shared: &Shared, kvnr: &str) -> Result<Value, Problem> {
    shared.member(kvnr).ok_or(Problem::NotInsured)?;
    codes::of_person(transaction, kvnr, shared.today())?;
    Ok(json!({
        "kvnr": kvnr,
        "account": members::account(transaction, kvnr)?.as_str(),
        "flags": members::flags(transaction, kvnr)?,
        "identifications": identifications(transaction, kvnr)?,
        "representations": representations(transaction, kvnr)?,
        "codes": codes_about(transaction, kvnr)?,
        "lookups": lookups(transaction, kvnr)?,
        "refusals": refusals_about(transaction, kvnr)?,
        "blockings": blockings(transaction, kvnr)?,
        "events": events(transaction, kvnr)?,
        "notices": notices(transaction, kvnr)?,
    }))
}

fn identifications(transaction: &Transaction<'_>, kvnr: &str) -> Result<Vec<Value>, Problem> {
    let query = "SELECT identifications.id, desk, record, accepted_at FROM identifications
                 JOIN identified ON identification = identifications.id WHERE kvnr = $1 ORDER BY accepted_at";
    let rows = transaction.query(query, params![kvnr], |row| {
        let (id, desk): (String, String) = (row.get("id")?, row.get("desk")?);
        Ok((id, desk, row.get::<String>("record")?, row.get::<Timestamp>("accepted_at")?))
    })?;
    rows.into_iter()
        .map(|(id, desk, record, accepted_at)| {
            let record: Value = serde_json::from_str(&record).map_err(anyhow::Error::from)?;
            let until = accepted_at.to_zoned(TimeZone::UTC).date().year() + IDENTIFICATION_KEPT_YEARS;
            let until = Date::new(until, 12, 31).map_err(anyhow::Error::from)?;
            Ok(json!({ "id": id, "desk": desk, "acceptedAt": accepted_at, "record": record, "keptUntil": until }))
        })
        .collect()
}

/// Who may act for that person by a deed that was seen at a desk; it stays until the care has ended.
fn representations(transaction: &Transaction<'_>, kvnr: &str) -> Result<Vec<Value>, Problem> {
    let query = "SELECT id, desk, representative, deed, accepted_at, ended FROM deeds
                 WHERE kvnr = $1 ORDER BY accepted_at, id";
    let rows = transaction.query(query, params![kvnr], |row| {
        let texts: (String, String, String) = (row.get("id")?, row.get("desk")?, row.get("representative")?);
        let deed: String = row.get("deed")?;
        Ok((texts, deed, row.get::<Timestamp>("accepted_at")?, row.get::<bool>("ended")?))
    })?;
    rows.into_iter()
        .map(|((id, desk, representative), deed, accepted_at, ended)| {
            let deed: Value = serde_json::from_str(&deed).map_err(anyhow::Error::from)?;
            Ok(json!({
                "id": id, "desk": desk, "representative": representative, "acceptedAt": accepted_at, "deed": deed,
                "ended": ended,
            }))
        })
        .collect()
}

fn codes_about(transaction: &Transaction<'_>, kvnr: &str) -> Result<Vec<Value>, Problem> {
    let query =
        "SELECT id, desk, purpose, reference, representative, state, valid_until, handed_over FROM codes
                 WHERE kvnr = $1 ORDER BY accepted_at, id";
    let rows = transaction.query(query, params![kvnr], |row| {
        let texts: (String, String, String, String) =
            (row.get("id")?, row.get("desk")?, row.get("purpose")?, row.get("reference")?);
        let representative: Option<String> = row.get("representative")?;
        let state: String = row.get("state")?;
        Ok((texts, representative, state, row.get::<Date>("valid_until")?, row.get::<bool>("handed_over")?))
    })?;
    rows.into_iter()
        .map(|((id, desk, purpose, reference), representative, state, valid_until, handed_over)| {
            let kept = valid_until.checked_add(VERIFIER_KEPT_DAYS.days()).map_err(anyhow::Error::from)?;
            Ok(json!({
                "id": id, "desk": desk, "purpose": purpose, "reference": reference, "state": state,
                "representative": representative, "validUntil": valid_until, "handedOver": handed_over,
                "verifierKeptUntil": kept,
            }))
        })
        .collect()
}

/// Who asked is told by desk and role; which member of staff it was stands in the desk's own log.
fn lookups(transaction: &Transaction<'_>, kvnr: &str) -> Result<Vec<Value>, Problem> {
    let query = "SELECT at, desk, operation, reason FROM lookups WHERE kvnr = $1 ORDER BY at";
    let rows = transaction.query(query, params![kvnr], |row| {
        let (at, desk): (Timestamp, String) = (row.get("at")?, row.get("desk")?);
        Ok((at, desk, row.get::<String>("operation")?, row.get::<Option<String>>("reason")?))
    })?;
    rows.into_iter()
        .map(|(at, desk, operation, reason)| {
            let kept = at.to_zoned(TimeZone::UTC).date().checked_add(LOOKUPS_KEPT_MONTHS.months());
            let kept = kept.map_err(anyhow::Error::from)?;
            Ok(json!({
                "at": at, "desk": desk, "role": "SERVICE_CENTRE_STAFF", "operation": operation, "reason": reason,
                "keptUntil": kept,
            }))
        })
        .collect()
}

fn refusals_about(transaction: &Transaction<'_>, kvnr: &str) -> Result<Vec<Value>, Problem> {
    let query = "SELECT desk, reason, at, accepted_at FROM refusals WHERE kvnr = $1 ORDER BY accepted_at";
    let rows = transaction.query(query, params![kvnr], |row| {
        let (desk, reason): (String, String) = (row.get("desk")?, row.get("reason")?);
        Ok((desk, reason, row.get::<Timestamp>("at")?, row.get::<Timestamp>("accepted_at")?))
    })?;
    rows.into_iter()
        .map(|(desk, reason, at, accepted_at)| {
            let kept = refusals::until(accepted_at)?;
            Ok(json!({ "desk": desk, "reason": reason, "at": at, "keptUntil": kept }))
        })
        .collect()
}

fn blockings(transaction: &Transaction<'_>, kvnr: &str) -> Result<Vec<Value>, Problem> {
    let query = "SELECT desk, target, at FROM blockings WHERE kvnr = $1 ORDER BY accepted_at";
    Ok(transaction.query(query, params![kvnr], |row| told(row, &["desk", "target"]))?)
}

fn events(transaction: &Transaction<'_>, kvnr: &str) -> Result<Vec<Value>, Problem> {
    let query = "SELECT kind, at FROM events WHERE kvnr = $1 ORDER BY seq";
    Ok(transaction.query(query, params![kvnr], |row| told(row, &["kind"]))?)
}

fn notices(transaction: &Transaction<'_>, kvnr: &str) -> Result<Vec<Value>, Problem> {
    let query = "SELECT purpose, desk, at FROM notices WHERE kvnr = $1 ORDER BY at";
    Ok(transaction.query(query, params![kvnr], |row| told(row, &["purpose", "desk"]))?)
}

/// A row of texts and a time.
fn told(row: &Row, texts: &[&str]) -> Result<Value, Error> {
    let mut value = json!({ "at": row.get::<Timestamp>("at")? });
    for name in texts {
        value[*name] = row.get::<String>(name)?.into();
    }
    Ok(value)
}
