//! The list of visits: which are open, what happened on a day, what waits for a review.

use identification::{OperatorId, ReviewOutcome, VisitId};
use jiff::Timestamp;
use rusqlite::{Connection, Row};

use crate::{StoreError, VisitRow, VisitState, hold, row};

/// Longest list that is read at once; no desk has as many visits in a week.
pub const MAX_VISITS: i64 = 1_000;

pub(crate) fn upsert(connection: &Connection, visit: VisitId, row: &VisitRow) -> Result<(), StoreError> {
    let (state, closed_at) = match row.state {
        VisitState::Open => ("open", None),
        VisitState::Ended { at } => ("ended", Some(at)),
        VisitState::Aborted { at } => ("aborted", Some(at)),
    };
    // Most events change nothing but this, and then no index is written.
    let touched = connection
        .prepare_cached(
            "UPDATE visit SET changed_at_us = ?1 WHERE visit = ?2 AND state = ?3 AND operator = ?4 AND review IS ?5",
        )?
        .execute((
            row.changed_at.as_microsecond(),
            visit.uuid().as_bytes().as_slice(),
            state,
            row.operator.as_str(),
            row.review.map(review_word),
        ))?;
    if touched > 0 {
        return Ok(());
    }
    connection
        .prepare_cached(
            "INSERT INTO visit (visit, state, operator, opened_at_us, closed_at_us, changed_at_us, review)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (visit) DO UPDATE
             SET state = excluded.state, operator = excluded.operator,
                 closed_at_us = coalesce(closed_at_us, excluded.closed_at_us),
                 changed_at_us = excluded.changed_at_us, review = excluded.review",
        )?
        .execute((
            visit.uuid().as_bytes().as_slice(),
            state,
            row.operator.as_str(),
            row.opened_at.as_microsecond(),
            closed_at.map(Timestamp::as_microsecond),
            row.changed_at.as_microsecond(),
            row.review.map(review_word),
        ))?;
    Ok(())
}

/// A visit's row as it is derived from the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) state: String,
    pub(crate) operator: OperatorId,
    pub(crate) opened_at: Timestamp,
    pub(crate) closed_at: Option<Timestamp>,
    pub(crate) changed_at: Timestamp,
    pub(crate) review: Option<ReviewOutcome>,
}

/// What the list says of a visit.
pub(crate) fn listed(connection: &Connection, visit: VisitId) -> Result<Option<Listed>, StoreError> {
    connection
        .prepare_cached("SELECT * FROM visit WHERE visit = ?1")?
        .query_and_then([visit.uuid().as_bytes().as_slice()], |found| {
            Ok(Listed {
                state: row::text(found, "state")?.to_owned(),
                operator: operator(found)?,
                opened_at: row::time(found, "opened_at_us")?,
                closed_at: row::optional_time(found, "closed_at_us")?,
                changed_at: row::time(found, "changed_at_us")?,
                review: review(found)?,
            })
        })?
        .next()
        .transpose()
}

/// Writes what was derived, whatever the list said.
pub(crate) fn put(connection: &Connection, visit: VisitId, row: &Listed) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO visit (visit, state, operator, opened_at_us, closed_at_us, changed_at_us, review)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (visit) DO UPDATE
             SET state = excluded.state, operator = excluded.operator, opened_at_us = excluded.opened_at_us,
                 closed_at_us = excluded.closed_at_us, changed_at_us = excluded.changed_at_us,
                 review = excluded.review",
        )?
        .execute((
            visit.uuid().as_bytes().as_slice(),
            &row.state,
            row.operator.as_str(),
            row.opened_at.as_microsecond(),
            row.closed_at.map(Timestamp::as_microsecond),
            row.changed_at.as_microsecond(),
            row.review.map(review_word),
        ))?;
    Ok(())
}

/// A visit in the list.
pub(crate) fn find(
    connection: &Connection,
    visit: VisitId,
) -> Result<Option<(VisitId, VisitRow)>, StoreError> {
    connection
        .prepare_cached("SELECT * FROM listed_visit WHERE visit = ?1")?
        .query_and_then([visit.uuid().as_bytes().as_slice()], read)?
        .next()
        .transpose()
}

/// Visits that are not over, oldest first.
pub(crate) fn open_visits(connection: &Connection) -> Result<Vec<(VisitId, VisitRow)>, StoreError> {
    connection
        .prepare_cached("SELECT * FROM listed_visit WHERE state = 'open' ORDER BY opened_at_us LIMIT ?1")?
        .query_and_then([MAX_VISITS], read)?
        .collect()
}

/// Visits that began in the given time, oldest first; if there are too many, the newest of them.
pub(crate) fn between(
    connection: &Connection,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<(VisitId, VisitRow)>, StoreError> {
    connection
        .prepare_cached(
            "SELECT * FROM (SELECT * FROM listed_visit WHERE opened_at_us >= ?1 AND opened_at_us < ?2
                            ORDER BY opened_at_us DESC LIMIT ?3)
             ORDER BY opened_at_us",
        )?
        .query_and_then((from.as_microsecond(), until.as_microsecond(), MAX_VISITS), read)?
        .collect()
}

/// Visits that ended in their time and that nobody has reviewed, as long as their evidence can be opened; those that ended
/// first come first.
pub(crate) fn unreviewed(
    connection: &Connection,
    limit: usize,
) -> Result<Vec<(VisitId, VisitRow)>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(MAX_VISITS).min(MAX_VISITS);
    connection
        .prepare_cached(
            "SELECT * FROM listed_visit AS v WHERE state = 'ended' AND review IS NULL
               AND EXISTS (SELECT 1 FROM journal JOIN scope_key USING (scope_id)
                           WHERE visit = v.visit AND scope_kind = 'identification' AND key IS NOT NULL)
             ORDER BY closed_at_us LIMIT ?1",
        )?
        .query_and_then([limit], read)?
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
    let (operator, review) = (operator(found)?, review(found)?);
    let (opened_at, changed_at) = (row::time(found, "opened_at_us")?, row::time(found, "changed_at_us")?);
    let delete_after = row::optional_time(found, "delete_after_us")?;
    let held = row::optional_time(found, "placed_at_us")?.map(|_| hold::read(found)).transpose()?;
    let row = VisitRow { state, operator, opened_at, changed_at, review, delete_after, held };
    Ok((row::visit(found)?, row))
}

fn operator(found: &Row<'_>) -> Result<OperatorId, StoreError> {
    OperatorId::new(row::text(found, "operator")?).ok_or(StoreError::Malformed { what: "operator" })
}

fn review(found: &Row<'_>) -> Result<Option<ReviewOutcome>, StoreError> {
    found.get::<_, Option<String>>("review")?.map(|word| review_from(&word)).transpose()
}

/// A review's stored form.
fn review_word(review: ReviewOutcome) -> &'static str {
    match review {
        ReviewOutcome::Agree => "agree",
        ReviewOutcome::FormalDefect => "formal_defect",
        ReviewOutcome::SubstantialDefect => "substantial_defect",
    }
}

/// The opposite of [`review_word`].
fn review_from(word: &str) -> Result<ReviewOutcome, StoreError> {
    match word {
        "agree" => Ok(ReviewOutcome::Agree),
        "formal_defect" => Ok(ReviewOutcome::FormalDefect),
        "substantial_defect" => Ok(ReviewOutcome::SubstantialDefect),
        _ => Err(StoreError::Malformed { what: "review of a visit" }),
    }
}
