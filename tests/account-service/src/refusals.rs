//! Who was turned away, and for how long others look twice.

use jiff::{SignedDuration, Timestamp};

use crate::{
    database::{Transaction, params},
    model::{self, Refusal},
    problem::Problem,
};

/// How long a refusal counts and is kept: 90 days.
const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Keeps a refusal.
pub(crate) fn keep(
    transaction: &Transaction<'_>,
    desk: &str,
    id: &str,
    refusal: &Refusal,
    now: Timestamp,
) -> Result<(), Problem> {
    transaction.execute(
        "INSERT INTO refusals (id, desk, kvnr, operator, reason, at, accepted_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            id,
            desk,
            &*refusal.kvnr,
            &*refusal.operator,
            model::word(&refusal.reason)?,
            refusal.at,
            now,
        ],
    )?;
    Ok(())
}

/// Whether somebody was turned away lately who gave that person's number.
pub(crate) fn was_refused(
    transaction: &Transaction<'_>,
    kvnr: &str,
    now: Timestamp,
) -> Result<bool, Problem> {
    let lately = "SELECT 1 AS found FROM refusals WHERE kvnr = $1 AND accepted_at >= $2";
    Ok(transaction.exists(lately, params![kvnr, kept_since(now)?])?)
}

/// Removes the refusals whose time is over; their paths, so that the records can be emptied too.
pub(crate) fn purge(transaction: &Transaction<'_>, now: Timestamp) -> Result<Vec<String>, Problem> {
    let over = "DELETE FROM refusals WHERE accepted_at < $1 RETURNING id";
    let ids = transaction.query(over, params![kept_since(now)?], |row| row.get::<String>("id"))?;
    Ok(ids.into_iter().map(|id| path(&id)).collect())
}

/// The last day on which a refusal of that moment counts.
pub(crate) fn until(accepted_at: Timestamp) -> Result<Timestamp, Problem> {
    Ok(accepted_at.checked_add(KEPT).map_err(anyhow::Error::from)?)
}

/// Where a refusal was delivered.
pub(crate) fn path(id: &str) -> String {
    format!("refusals/{id}")
}

fn kept_since(now: Timestamp) -> Result<Timestamp, Problem> {
    Ok(now.checked_sub(KEPT).map_err(anyhow::Error::from)?)
}
