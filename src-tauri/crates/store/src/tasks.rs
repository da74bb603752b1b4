//! What somebody has to see to: outbox rows that the account service has refused for good, or that can't be read.

use identification::{OperatorId, VisitId};
use jiff::Timestamp;
use rusqlite::{Connection, Row};
use uuid::Uuid;

use crate::{Store, StoreError, row};

/// Longest list of tasks that is read at once.
pub const MAX_TASKS: i64 = 1_000;

/// An outbox row that will never be delivered by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// The row's id.
    pub id: Uuid,
    /// The visit that it belongs to; `None` for the desk's own.
    pub visit: Option<VisitId>,
    /// What the service should have been told.
    pub kind: String,
    /// Since when.
    pub at: Timestamp,
    /// Why.
    pub why: TaskReason,
    /// The problem's code, if the service gave one.
    pub code: Option<String>,
}

/// Why a row will never be delivered by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskReason {
    /// The service has refused it for good.
    Refused,
    /// It can't be opened, or isn't what this program can send.
    Unreadable,
}

impl Store {
    /// Open tasks, oldest first, at most [`MAX_TASKS`].
    ///
    /// # Errors
    /// What the database said.
    pub fn tasks(&self) -> Result<Vec<Task>, StoreError> {
        self.write(|owned| open(&owned.connection))
    }

    /// Notes that `by` has seen to it.
    ///
    /// # Errors
    /// [`StoreError::NoSuchTask`] if there is no such task or somebody has closed it, or what the database said.
    pub fn close_task(&self, id: Uuid, by: OperatorId, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |owned| close(&owned.connection, id, &by, now))
    }
}

/// Open tasks, oldest first.
pub(crate) fn open(connection: &Connection) -> Result<Vec<Task>, StoreError> {
    connection
        .prepare_cached(
            "SELECT id, visit, kind, settled_at_us, state, problem FROM outbox
             WHERE state IN ('refused', 'parked') AND closed_at_us IS NULL
               AND (state = 'refused' OR last_outcome = 'unreadable')
             ORDER BY settled_at_us, seq LIMIT ?1",
        )?
        .query_and_then([MAX_TASKS], read)?
        .collect()
}

fn close(connection: &Connection, id: Uuid, by: &OperatorId, now: Timestamp) -> Result<(), StoreError> {
    let closed = connection
        .prepare_cached(
            "UPDATE outbox SET closed_at_us = ?2, closed_by = ?3
             WHERE id = ?1 AND closed_at_us IS NULL
               AND (state = 'refused' OR (state = 'parked' AND last_outcome = 'unreadable'))",
        )?
        .execute((id.as_bytes().as_slice(), now.as_microsecond(), by.as_str()))?;
    if closed == 1 { Ok(()) } else { Err(StoreError::NoSuchTask) }
}

fn read(found: &Row<'_>) -> Result<Task, StoreError> {
    Ok(Task {
        id: row::uuid(found, "id")?,
        visit: row::optional_uuid(found, "visit")?.map(VisitId::new),
        kind: row::text(found, "kind")?.to_owned(),
        at: row::time(found, "settled_at_us")?,
        why: if row::text(found, "state")? == "refused" {
            TaskReason::Refused
        } else {
            TaskReason::Unreadable
        },
        code: found.get("problem")?,
    })
}
