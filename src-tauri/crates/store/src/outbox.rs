//! The outbox: what the account service has yet to be told, in the order in which it was written.
//!
//! A row is leased, sent under its own idempotency id, and settled. Whoever leases a row whose last sending has no known
//! end must ask the service first.
//!
//! **Order.** The service takes a person's new code only when their last one is void, and the two may be of different
//! visits. Whom a row is about is sealed, so the order has to hold for all rows alike, without one row that the service
//! can't take silencing the desk:
//! 1. Within a visit a row waits until the one before it is settled.
//! 2. Of the visits' first undelivered rows the oldest goes first. If it isn't due, the younger ones wait as well: most
//!    failures are the line's or the service's, and would meet them too.
//! 3. A row that was tried [`HOLDING_ATTEMPTS`] times in vain holds back its own visit only. When it and a younger one are
//!    due, it still goes first; [`retry_now`] makes all of them due when the service is back.
//! 4. The desk's own rows, pieces of the journal, hold back nobody else.

use identification::{Scope, VisitId};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    RecordLink, StoreError, record_chain, retention, row,
    seal::{KeyState, NONCE_LENGTH, ScopeKey, key_for, key_of, scope_from},
};

/// Most rows that may wait: weeks of work of a desk. A desk that can't deliver for that long must not go on.
pub const MAX_WAITING: usize = 10_000;
/// Attempts during which a row that waits holds back younger visits: half a minute of back-off (longer only if the service
/// asks for it), enough for a broken line; more would let one row that the service fails on silence the desk.
pub const HOLDING_ATTEMPTS: u32 = 5;
/// Longest problem code of a refusal in bytes.
pub const MAX_PROBLEM: usize = 64;
/// Kept for a refusal whose problem has no well-formed code.
const UNNAMED: &str = "UNNAMED";
/// Marks the header's format.
const HEADER_LABEL: &[u8] = b"identplatz/outbox/header/1";

/// A row that was leased for delivery.
pub struct OutboxRow {
    /// The client's idempotency id.
    pub id: Uuid,
    /// The visit that it belongs to; `None` for the desk's own, such as a segment of the journal.
    pub visit: Option<VisitId>,
    /// Its place in the outbox, from 1.
    pub seq: i64,
    /// Whose record it is; `None` likewise.
    pub scope: Option<Scope>,
    /// What is told.
    pub kind: String,
    /// The payload.
    pub payload: Zeroizing<Vec<u8>>,
    /// How often it was leased, this time included.
    pub attempts: u32,
    /// It may have arrived already: ask the service before sending it again.
    pub ask_first: bool,
}

/// How a delivery ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The service has it.
    Delivered,
    /// The service said that it hasn't taken it; try again then.
    RetryAt(Timestamp),
    /// Nothing was sent, such as without a line: whether an earlier sending arrived is as unknown as before.
    NotSent {
        /// When to try again.
        retry_at: Timestamp,
    },
    /// The service will never take it: somebody has to see to it ([`Store::tasks`](crate::Store::tasks)).
    Refused {
        /// The problem's code in capitals, up to [`MAX_PROBLEM`] bytes; anything else is kept as `UNNAMED`.
        problem: String,
    },
    /// Nobody knows whether it arrived; ask then.
    Unknown {
        /// When to ask.
        ask_at: Timestamp,
    },
    /// The payload isn't one that this program can send: a person must look.
    Unreadable,
}

/// How much lies in the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Depth {
    /// Rows that still have to be delivered.
    pub waiting: u64,
    /// Rows that the service has refused and that nobody has seen to.
    pub refused: u64,
    /// Rows that were erased before they were delivered.
    pub parked: u64,
    /// Rows that couldn't be opened or sent and that nobody has seen to.
    pub unreadable: u64,
    /// When the oldest waiting row was written.
    pub oldest: Option<Timestamp>,
    /// When there is something to do next; may be past.
    pub next_due: Option<Timestamp>,
}

/// Whom a row belongs to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Owner {
    Visit(VisitId),
    Desk,
}

/// Kind of scope of the desk's own rows.
pub(crate) const DESK: &str = "desk";

impl Owner {
    fn uuid(self) -> Option<Uuid> {
        match self {
            Self::Visit(id) => Some(id.uuid()),
            Self::Desk => None,
        }
    }
}

/// A row that is about to be written.
pub(crate) struct NewRow<'a> {
    pub(crate) owner: Owner,
    /// Its scope's kind and id; [`DESK`] for the desk's own.
    pub(crate) scope: (&'static str, Uuid),
    pub(crate) at: Timestamp,
    pub(crate) id: Uuid,
    pub(crate) kind: &'static str,
    pub(crate) payload: &'a [u8],
    pub(crate) link: Option<RecordLink>,
    /// The scope's key if this is its first use.
    pub(crate) fresh_key: &'a ScopeKey,
    pub(crate) nonce: &'a [u8; NONCE_LENGTH],
}

/// Writes a row, and its record's place in the chain.
pub(crate) fn insert(transaction: &Transaction<'_>, row: &NewRow<'_>) -> Result<(), StoreError> {
    let waiting: usize = transaction
        .prepare_cached("SELECT count(*) FROM outbox WHERE settled_at_us IS NULL")?
        .query_row([], |found| found.get(0))?;
    if waiting >= MAX_WAITING {
        return Err(StoreError::OutboxFull);
    }
    if let Some(link) = row.link {
        record_chain::advance(transaction, link)?;
    }
    let seq: i64 = transaction
        .prepare_cached("SELECT coalesce(max(seq), 0) + 1 FROM outbox")?
        .query_row([], |found| found.get(0))?;
    let owner = row.owner.uuid();
    let header = header(row.id, owner, seq, row.kind);
    let payload = key_for(transaction, row.scope.1, row.fresh_key)?.seal(row.nonce, &header, row.payload)?;
    if let Owner::Visit(visit) = row.owner {
        retention::enter(transaction, row.scope, visit)?;
    }
    transaction
        .prepare_cached(
            "INSERT INTO outbox (id, visit, seq, scope_kind, scope_id, kind, nonce, payload, created_at_us,
                                 state, attempts, next_attempt_us)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'pending', 0, ?9)",
        )?
        .execute((
            row.id.as_bytes().as_slice(),
            owner.as_ref().map(|id| id.as_bytes().as_slice()),
            seq,
            row.scope.0,
            row.scope.1.as_bytes().as_slice(),
            row.kind,
            row.nonce.as_slice(),
            payload,
            row.at.as_microsecond(),
        ))?;
    Ok(())
}

/// After a start nobody knows how far the deliveries of the last run came.
pub(crate) fn forget_leases(connection: &Connection) -> Result<(), StoreError> {
    connection.execute(
        "UPDATE outbox SET state = 'unknown', last_outcome = 'unknown', lease_until_us = NULL
         WHERE settled_at_us IS NULL AND state = 'in_flight'",
        [],
    )?;
    Ok(())
}

/// The next row that has its turn and is due. What can't be opened on the way is parked.
pub(crate) fn lease(
    connection: &mut Connection,
    now: Timestamp,
    lease: SignedDuration,
) -> Result<Option<OutboxRow>, StoreError> {
    let until = now.checked_add(lease).map_err(|_| StoreError::Malformed { what: "lease" })?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut leased = None;
    while let Some(seq) = next(&transaction, now)? {
        match read(&transaction, seq) {
            Ok(row) => {
                transaction
                    .prepare_cached(
                        "UPDATE outbox SET state = 'in_flight', attempts = ?2, lease_until_us = ?3,
                                           maybe_arrived = (state <> 'pending')
                         WHERE seq = ?1",
                    )?
                    .execute((seq, row.attempts, until.as_microsecond()))?;
                leased = Some(row);
                break;
            }
            Err(StoreError::Malformed { what }) => {
                tracing::error!(seq, what, "an outbox row can't be opened and was parked");
                park_unreadable(&transaction, seq, now)?;
            }
            Err(error) => return Err(error),
        }
    }
    transaction.commit()?;
    Ok(leased)
}

/// The row that has its turn at `now`: the oldest first row of a visit that is due or holds back the others.
fn next(connection: &Connection, now: Timestamp) -> Result<Option<i64>, StoreError> {
    let turn = connection
        .prepare_cached(
            "SELECT head.seq, due_us <= ?1 FROM outbox_head AS head JOIN outbox AS it ON it.seq = head.seq
             WHERE due_us <= ?1 OR (head.attempts < ?2 AND it.visit IS NOT NULL)
             ORDER BY head.seq LIMIT 1",
        )?
        .query_row((now.as_microsecond(), HOLDING_ATTEMPTS), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(turn.and_then(|(seq, due): (i64, bool)| due.then_some(seq)))
}

/// One row, opened.
pub(crate) fn read(connection: &Connection, seq: i64) -> Result<OutboxRow, StoreError> {
    connection
        .prepare_cached("SELECT * FROM outbox WHERE seq = ?1")?
        .query_and_then([seq], |found| open(connection, found))?
        .next()
        .ok_or(StoreError::Malformed { what: "outbox" })?
}

fn park_unreadable(connection: &Connection, seq: i64, now: Timestamp) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "UPDATE outbox SET state = 'parked', last_outcome = 'unreadable', settled_at_us = ?2,
                               lease_until_us = NULL
             WHERE seq = ?1",
        )?
        .execute((seq, now.as_microsecond()))?;
    Ok(())
}

/// Makes every row due that waits for its next attempt.
pub(crate) fn retry_now(connection: &Connection, now: Timestamp) -> Result<usize, StoreError> {
    Ok(connection
        .prepare_cached(
            "UPDATE outbox SET next_attempt_us = ?1 WHERE settled_at_us IS NULL AND next_attempt_us > ?1",
        )?
        .execute([now.as_microsecond()])?)
}

/// What was due by a clock that ran ahead is due now, and no lease lasts longer than one that begins now.
pub(crate) fn clock_went_back(
    connection: &Connection,
    now: Timestamp,
    lease: SignedDuration,
) -> Result<usize, StoreError> {
    let until = now.checked_add(lease).map_err(|_| StoreError::Malformed { what: "lease" })?;
    Ok(connection
        .prepare_cached(
            "UPDATE outbox SET next_attempt_us = min(next_attempt_us, ?1), lease_until_us = min(lease_until_us, ?2)
             WHERE settled_at_us IS NULL AND (next_attempt_us > ?1 OR lease_until_us > ?2)",
        )?
        .execute((now.as_microsecond(), until.as_microsecond()))?)
}

pub(crate) fn open(connection: &Connection, found: &Row<'_>) -> Result<OutboxRow, StoreError> {
    let (id, seq) = (row::uuid(found, "id")?, found.get("seq")?);
    let visit = row::optional_uuid(found, "visit")?;
    let (scope_kind, scope_id) = (row::text(found, "scope_kind")?, row::uuid(found, "scope_id")?);
    let scope = if visit.is_some() { Some(scope_from(scope_kind, scope_id)?) } else { None };
    let kind = row::text(found, "kind")?;
    let KeyState::Live(key) = key_of(connection, scope_id)? else {
        return Err(StoreError::Malformed { what: "scope" });
    };
    let header = header(id, visit, seq, kind);
    let payload = key.open(&row::bytes(found, "nonce")?, &header, row::blob(found, "payload")?)?;
    Ok(OutboxRow {
        id,
        visit: visit.map(VisitId::new),
        seq,
        scope,
        kind: kind.to_owned(),
        payload,
        attempts: found.get::<_, u32>("attempts")?.saturating_add(1),
        ask_first: row::text(found, "state")? != "pending",
    })
}

/// Notes how a delivery ended. An answer that comes after its lease ended still counts.
pub(crate) fn settle(
    connection: &Connection,
    id: Uuid,
    outcome: &Outcome,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (state, last_outcome, next_attempt, settled_at, problem) = match outcome {
        Outcome::Delivered => ("delivered", "delivered", None, Some(now), None),
        Outcome::RetryAt(at) => ("pending", "retry", Some(at), None, None),
        Outcome::NotSent { retry_at } => ("as before", "not_sent", Some(retry_at), None, None),
        Outcome::Refused { problem } => ("refused", "refused", None, Some(now), Some(code(problem))),
        Outcome::Unknown { ask_at } => ("unknown", "unknown", Some(ask_at), None, None),
        Outcome::Unreadable => ("parked", "unreadable", None, Some(now), None),
    };
    let changed = connection
        .prepare_cached(
            "UPDATE outbox SET state = CASE WHEN ?2 <> 'as before' THEN ?2
                                            WHEN state = 'unknown' OR maybe_arrived THEN 'unknown' ELSE 'pending' END,
                               last_outcome = ?3, next_attempt_us = coalesce(?4, next_attempt_us),
                               settled_at_us = ?5, problem = ?6, lease_until_us = NULL
             WHERE id = ?1 AND state IN ('in_flight', 'unknown')",
        )?
        .execute((
            id.as_bytes().as_slice(),
            state,
            last_outcome,
            next_attempt.map(|at| at.as_microsecond()),
            settled_at.map(Timestamp::as_microsecond),
            problem,
        ))?;
    if changed == 1 { Ok(()) } else { Err(StoreError::NotLeased) }
}

/// The code of a problem as it is kept: it stands in the clear, so it must be nothing but a code.
fn code(problem: &str) -> &str {
    let is_code = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    let named = (1..=MAX_PROBLEM).contains(&problem.len()) && problem.bytes().all(is_code);
    if named { problem } else { UNNAMED }
}

/// Empties the payloads of an erased scope; what was not delivered is parked. Returns how many rows that were.
pub(crate) fn park(connection: &Connection, scope: Uuid, now: Timestamp) -> Result<u64, StoreError> {
    let parked = connection
        .prepare_cached(
            "UPDATE outbox SET state = 'parked', settled_at_us = ?2, lease_until_us = NULL
             WHERE scope_id = ?1 AND settled_at_us IS NULL",
        )?
        .execute((scope.as_bytes().as_slice(), now.as_microsecond()))?;
    connection
        .prepare_cached("UPDATE outbox SET payload = NULL, last_outcome = 'erased' WHERE scope_id = ?1")?
        .execute([scope.as_bytes().as_slice()])?;
    Ok(parked as u64)
}

pub(crate) fn depth(connection: &Connection) -> Result<Depth, StoreError> {
    connection
        .prepare_cached(
            "SELECT (SELECT count(*) FROM outbox WHERE settled_at_us IS NULL) AS waiting,
                    (SELECT min(created_at_us) FROM outbox WHERE settled_at_us IS NULL) AS oldest,
                    count(*) FILTER (WHERE state = 'refused' AND closed_at_us IS NULL) AS refused,
                    count(*) FILTER (WHERE state = 'parked' AND last_outcome = 'erased') AS parked,
                    count(*) FILTER (WHERE state = 'parked' AND last_outcome = 'unreadable'
                                       AND closed_at_us IS NULL) AS unreadable,
                    (SELECT min(due_us) FROM outbox_head WHERE seq <= coalesce(
                        (SELECT min(seq) FROM outbox_head WHERE attempts < ?1), (SELECT max(seq) FROM outbox)
                    )) AS next_due
             FROM outbox WHERE state IN ('refused', 'parked')",
        )?
        .query_and_then([HOLDING_ATTEMPTS], |found| {
            Ok(Depth {
                waiting: found.get("waiting")?,
                refused: found.get("refused")?,
                parked: found.get("parked")?,
                unreadable: found.get("unreadable")?,
                oldest: row::optional_time(found, "oldest")?,
                next_due: row::optional_time(found, "next_due")?,
            })
        })?
        .next()
        .ok_or(StoreError::Malformed { what: "outbox" })?
}

/// What is authenticated with a payload. The desk's own rows have the nil id for a visit.
fn header(id: Uuid, visit: Option<Uuid>, seq: i64, kind: &str) -> Vec<u8> {
    let mut bytes = HEADER_LABEL.to_vec();
    bytes.extend(id.as_bytes());
    bytes.extend(visit.unwrap_or_default().as_bytes());
    bytes.extend(seq.to_be_bytes());
    bytes.extend(kind.as_bytes());
    bytes
}
