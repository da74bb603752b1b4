//! The list of visits: which are open, and what happened on a day.

use identification::{OperatorId, VisitId};
use jiff::Timestamp;
use rusqlite::{Connection, Row};

use crate::{StoreError, VisitRow, VisitState, row};

/// Longest list that is read at once; no desk has as many visits in a week.
pub const MAX_VISITS: i64 = 1_000;

pub(crate) fn upsert(connection: &Connection, visit: VisitId, row: &VisitRow) -> Result<(), StoreError> {
    let (state, closed_at) = match row.state {
        VisitState::Open => ("open", None),
        VisitState::Ended { at } => ("ended", Some(at)),
        VisitState::Aborted { at } => ("aborted", Some(at)),
    };
    connection
        .prepare_cached(
            "INSERT INTO visit (visit, state, operator, opened_at_us, closed_at_us) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (visit) DO UPDATE
             SET state = excluded.state, operator = excluded.operator, closed_at_us = excluded.closed_at_us",
        )?
        .execute((
            visit.uuid().as_bytes().as_slice(),
            state,
            row.operator.as_str(),
            row.opened_at.as_microsecond(),
            closed_at.map(Timestamp::as_microsecond),
        ))?;
    Ok(())
}

/// Visits that are not over, oldest first.
pub(crate) fn open_visits(connection: &Connection) -> Result<Vec<(VisitId, VisitRow)>, StoreError> {
    connection
        .prepare_cached("SELECT * FROM visit WHERE state = 'open' ORDER BY opened_at_us LIMIT ?1")?
        .query_and_then([MAX_VISITS], read)?
        .collect()
}

/// Visits that began in the given time, oldest first.
pub(crate) fn between(
    connection: &Connection,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<(VisitId, VisitRow)>, StoreError> {
    connection
        .prepare_cached(
            "SELECT * FROM visit WHERE opened_at_us >= ?1 AND opened_at_us < ?2 ORDER BY opened_at_us LIMIT ?3",
        )?
        .query_and_then((from.as_microsecond(), until.as_microsecond(), MAX_VISITS), read)?
        .collect()
}

fn read(found: &Row<'_>) -> Result<(VisitId, VisitRow), StoreError> {
    let closed_at = row::optional_time(found, "closed_at_us")?;
    let state = match (row::text(found, "state")?, closed_at) {
        ("open", None) => VisitState::Open,
        ("ended", Some(at)) => VisitState::Ended { at },
        ("aborted", Some(at)) => VisitState::Aborted { at },
        _ => return Err(StoreError::Malformed { what: "state of a visit" }),
    };
    let operator =
        OperatorId::new(row::text(found, "operator")?).ok_or(StoreError::Malformed { what: "operator" })?;
    Ok((row::visit(found)?, VisitRow { state, operator, opened_at: row::time(found, "opened_at_us")? }))
}
