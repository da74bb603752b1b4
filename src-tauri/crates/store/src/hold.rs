//! Legal holds: while one is in force, nothing of the visit is erased.
//!
//! Not by a run of erasures, not on its own, and not by an abort's wiping either: what is needed to establish, exercise or
//! defend legal claims, or what the person wants kept, is not erased (Art. 17 (3) (e), Art. 18 (1) GDPR, § 84 (3) SGB X),
//! and what shows that somebody tried to deceive the desk stands mostly in visits that were aborted. Such a wiping is put
//! off, and made by the first run behind the hold's end; until then what it covers is kept and not used: its
//! undelivered outbox rows are never sent. Who may place a hold is decided elsewhere.

use identification::{OperatorId, VisitId};
use jiff::Timestamp;
use rusqlite::{Connection, Row};
use uuid::Uuid;

use crate::{Store, StoreError, row};

/// Who ended a hold that an old backup showed as in force, although its scopes had been erased since.
const BY_THE_LIST: &str = "erasure-list";

/// A hold in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Why.
    pub reason: HoldReason,
    /// Who placed it.
    pub by: OperatorId,
    /// Since when.
    pub since: Timestamp,
}

/// Why something is kept beyond its time. A word, never a text: that would be about people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldReason {
    /// Somebody has complained (Beschwerde, Widerspruch).
    Complaint,
    /// A court, an arbitration or an insurer's claim.
    Proceedings,
    /// An incident is being examined, such as an attempt to deceive.
    Incident,
    /// A supervisory authority or the police asked for it.
    Authority,
    /// The person asked for it (Einschränkung, Art. 18 GDPR).
    Restriction,
}

impl HoldReason {
    /// The stored word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Complaint => "complaint",
            Self::Proceedings => "proceedings",
            Self::Incident => "incident",
            Self::Authority => "authority",
            Self::Restriction => "restriction",
        }
    }

    fn from_word(word: &str) -> Result<Self, StoreError> {
        [Self::Complaint, Self::Proceedings, Self::Incident, Self::Authority, Self::Restriction]
            .into_iter()
            .find(|reason| reason.as_str() == word)
            .ok_or(StoreError::Malformed { what: "reason of a hold" })
    }
}

impl Store {
    /// Keeps everything of a visit, open or over, until [`Store::release`].
    ///
    /// # Errors
    /// [`StoreError::NoSuchVisit`] if there is none (any more), [`StoreError::Duplicate`] if it is held already, or what
    /// the database said.
    pub fn hold(
        &self,
        visit: VisitId,
        reason: HoldReason,
        by: OperatorId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |owned| place(&owned.connection, visit, reason, &by, now))
    }

    /// Ends a hold: what was due in the meantime goes with the next run of erasures.
    ///
    /// # Errors
    /// [`StoreError::NotHeld`] if the visit isn't held, or what the database said.
    pub fn release(&self, visit: VisitId, by: OperatorId, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |owned| {
            let changed = owned.connection.execute(
                "UPDATE legal_hold SET released_by = ?2, released_at_us = ?3
                 WHERE visit = ?1 AND released_at_us IS NULL",
                (visit.uuid().as_bytes().as_slice(), by.as_str(), now.as_microsecond()),
            )?;
            if changed == 1 { Ok(()) } else { Err(StoreError::NotHeld) }
        })
    }

    /// The holds in force, the oldest first.
    ///
    /// # Errors
    /// What the database said.
    pub fn holds(&self) -> Result<Vec<(VisitId, Hold)>, StoreError> {
        self.read(|connection| {
            connection
                .prepare_cached(
                    "SELECT visit, reason, placed_by, placed_at_us FROM legal_hold
                     WHERE released_at_us IS NULL ORDER BY number",
                )?
                .query_and_then([], |found| Ok((row::visit(found)?, read(found)?)))?
                .collect()
        })
    }
}

fn place(
    connection: &Connection,
    visit: VisitId,
    reason: HoldReason,
    by: &OperatorId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let id = visit.uuid();
    let known: bool = connection.query_row(
        "SELECT EXISTS (SELECT 1 FROM retention WHERE visit = ?1 AND erased_in IS NULL)",
        [id.as_bytes().as_slice()],
        |found| found.get(0),
    )?;
    if !known {
        return Err(StoreError::NoSuchVisit);
    }
    connection.execute(
        "INSERT INTO legal_hold (visit, reason, placed_by, placed_at_us) VALUES (?1, ?2, ?3, ?4)",
        (id.as_bytes().as_slice(), reason.as_str(), by.as_str(), now.as_microsecond()),
    )?;
    Ok(())
}

/// The hold in a row with the columns `reason`, `placed_by` and `placed_at_us`.
pub(crate) fn read(found: &Row<'_>) -> Result<Hold, StoreError> {
    Ok(Hold {
        reason: HoldReason::from_word(row::text(found, "reason")?)?,
        by: OperatorId::new(row::text(found, "placed_by")?)
            .ok_or(StoreError::Malformed { what: "operator" })?,
        since: row::time(found, "placed_at_us")?,
    })
}

/// Whether a scope belongs to a visit that is held.
pub(crate) fn covers(connection: &Connection, scope: Uuid) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT 1 FROM retention JOIN legal_hold USING (visit)
             WHERE scope_id = ?1 AND erased_in IS NULL AND released_at_us IS NULL",
        )?
        .exists([scope.as_bytes().as_slice()])?)
}

/// Notes that a held scope has to be wiped when its hold ends, and stops its deliveries; the payloads are kept as well.
pub(crate) fn put_off(connection: &Connection, scope: Uuid, now: Timestamp) -> Result<(), StoreError> {
    let scope = scope.as_bytes().as_slice();
    connection
        .prepare_cached(
            "UPDATE retention SET class = 'draft', wiped_at_us = coalesce(wiped_at_us, ?2) WHERE scope_id = ?1",
        )?
        .execute((scope, now.as_microsecond()))?;
    connection
        .prepare_cached(
            "UPDATE outbox SET state = 'parked', last_outcome = 'erased', settled_at_us = ?2, lease_until_us = NULL
             WHERE scope_id = ?1 AND settled_at_us IS NULL",
        )?
        .execute((scope, now.as_microsecond()))?;
    Ok(())
}

/// Ends the hold of a scope that is going to be erased again: the erasure was made when there was none.
pub(crate) fn has_ended(connection: &Connection, scope: Uuid, at: Timestamp) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "UPDATE legal_hold SET released_by = ?2, released_at_us = ?3
             WHERE released_at_us IS NULL
               AND visit = (SELECT visit FROM retention WHERE scope_id = ?1 AND erased_in IS NULL)",
        )?
        .execute((scope.as_bytes().as_slice(), BY_THE_LIST, at.as_microsecond()))?;
    Ok(())
}
