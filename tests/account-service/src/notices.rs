//! "Waren Sie das nicht?": the message to a person's known contact when a code about them was handed over.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    blockings,
    database::{Transaction, params},
    problem::Problem,
};

/// A contact that is known for less might be the impostor's: 30 days.
const KNOWN_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Most notices of one answer.
const MOST: i64 = 100;

/// From when on the service knows how to reach a person.
pub(crate) fn know_contact(
    transaction: &Transaction<'_>,
    kvnr: &str,
    since: Timestamp,
) -> Result<(), Problem> {
    transaction.execute(
        "INSERT INTO contacts (kvnr, since) VALUES ($1, $2) ON CONFLICT (kvnr) DO UPDATE SET since = excluded.since",
        params![kvnr, since],
    )?;
    Ok(())
}

/// Makes the notice of a hand-over, if the contact of the person whose data the code opens is known for long enough.
pub(crate) fn make(
    transaction: &Transaction<'_>,
    id: Uuid,
    code: &str,
    now: Timestamp,
) -> Result<(), Problem> {
    let known = now.checked_sub(KNOWN_FOR).map_err(anyhow::Error::from)?;
    transaction.execute(
        "INSERT INTO notices (id, code, kvnr, purpose, desk, at, objected)
         SELECT CAST($1 AS TEXT), codes.id, codes.kvnr, codes.purpose, codes.desk, CAST($2 AS BIGINT), FALSE
         FROM codes JOIN contacts ON contacts.kvnr = codes.kvnr
         WHERE codes.id = $3 AND contacts.since < $4",
        params![id.to_string(), now, code, known],
    )?;
    Ok(())
}

/// The notices to whoever registered that app, as the contract tells them.
pub(crate) fn of_registration(transaction: &Transaction<'_>, registration: &str) -> Result<Value, Problem> {
    let kvnr = owner(transaction, registration)?;
    let latest =
        "SELECT id, at, purpose, desk FROM notices WHERE kvnr = $1 ORDER BY at DESC, id DESC LIMIT $2";
    let notices = transaction.query(latest, params![kvnr, MOST], |row| {
        let (id, at, purpose, place): (String, Timestamp, String, String) =
            (row.get("id")?, row.get("at")?, row.get("purpose")?, row.get("desk")?);
        Ok(json!({ "id": id, "at": at, "purpose": purpose, "place": place }))
    })?;
    Ok(json!({ "notices": notices }))
}

/// It wasn't them: everything about that person is blocked.
pub(crate) fn object(
    transaction: &Transaction<'_>,
    registration: &str,
    notice: &str,
    now: Timestamp,
) -> Result<(), Problem> {
    let kvnr = owner(transaction, registration)?;
    let noted = "SELECT objected FROM notices WHERE id = $1 AND kvnr = $2";
    let objected = transaction.query_opt(noted, params![notice, kvnr], |row| row.get::<bool>("objected"))?;
    if objected.ok_or(Problem::NotFound)? {
        return Ok(());
    }
    transaction.execute("UPDATE notices SET objected = TRUE WHERE id = $1", params![notice])?;
    blockings::everything(transaction, &kvnr, now)
}

/// Whose app that is, or was.
fn owner(transaction: &Transaction<'_>, registration: &str) -> Result<String, Problem> {
    let owner = "SELECT kvnr FROM registrations WHERE id = $1";
    let kvnr = transaction.query_opt(owner, params![registration], |row| row.get("kvnr"))?;
    kvnr.ok_or(Problem::NotFound)
}
