//! Codes and apps blocked on the wish of the person concerned.

use jiff::{Timestamp, civil::Date};

use crate::{
    codes::{self, State},
    database::{Transaction, params},
    events::{self, EventKind},
    model::{self, Blocking, BlockingTarget},
    problem::Problem,
};

/// Keeps a blocking and does what it says. The codes that it took back, with their states.
pub(crate) fn block(
    transaction: &Transaction<'_>,
    desk: &str,
    id: &str,
    blocking: &Blocking,
    (now, today): (Timestamp, Date),
) -> Result<Vec<(String, State)>, Problem> {
    let kvnr = &*blocking.kvnr;
    transaction.execute(
        "INSERT INTO blockings (id, desk, kvnr, operator, target, at, accepted_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![id, desk, kvnr, &*blocking.operator, model::word(&blocking.target)?, blocking.at, now],
    )?;
    // Codes whose last day has passed have ended without it.
    codes::of_person(transaction, kvnr, today)?;
    let open = match blocking.target {
        BlockingTarget::Codes => "('ACCEPTED', 'ACTIVE')",
        BlockingTarget::App => "('ACCEPTED', 'ACTIVE', 'REDEEMED')",
    };
    let concerned = format!("SELECT id FROM codes WHERE kvnr = $1 AND state IN {open} ORDER BY id");
    let ended: Vec<String> = transaction.query(&concerned, params![kvnr], |row| row.get("id"))?;
    match blocking.target {
        BlockingTarget::Codes => {
            events::announce(transaction, kvnr, EventKind::Blocked, now)?;
            let taken_back =
                "UPDATE codes SET state = 'REVOKED' WHERE kvnr = $1 AND state IN ('ACCEPTED', 'ACTIVE')";
            transaction.execute(taken_back, params![kvnr])?;
        }
        BlockingTarget::App => everything(transaction, kvnr, now)?,
    }
    Ok(ended.into_iter().map(|code| (code, State::Revoked)).collect())
}

/// Takes back every code about a person and closes what they opened, and every app of that person.
pub(crate) fn everything(transaction: &Transaction<'_>, kvnr: &str, now: Timestamp) -> Result<(), Problem> {
    events::report(transaction, kvnr, EventKind::Blocked, now)?;
    let closed = "UPDATE registrations SET state = 'CLOSED' WHERE kvnr = $1 AND state IN ('OPEN', 'ACTIVE')";
    transaction.execute(closed, params![kvnr])?;
    Ok(())
}
