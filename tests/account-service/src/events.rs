//! What happens to people after codes were made for them, told to the desks that made them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    codes,
    database::{Transaction, params},
    deeds,
    members::{self, MemberFlag},
    model,
    problem::Problem,
    register::{self, RepresentationStatus},
};

/// How many events one answer tells.
const PAGE: usize = 100;

/// What happened to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventKind {
    /// They died: every code and access ends, and the account is locked.
    Death,
    /// Nobody cares for them any more: the representations end.
    CareEnded,
    /// Somebody else does: the representations on file end.
    CarerChanged,
    /// They have another name; no code ends.
    NameChanged,
    /// They are insured elsewhere: every code and access ends, and the account is locked.
    MembershipEnded,
    /// Codes or the app were blocked.
    Blocked,
}

impl EventKind {
    /// Only representatives' codes are concerned.
    const fn is_about_representatives(self) -> bool {
        matches!(self, Self::CareEnded | Self::CarerChanged)
    }
}

/// Takes the event's consequences and tells the desks whose codes it is about.
pub(crate) fn report(
    transaction: &Transaction<'_>,
    kvnr: &str,
    kind: EventKind,
    now: Timestamp,
) -> Result<(), Problem> {
    announce(transaction, kvnr, kind, now)?;
    match kind {
        EventKind::Death => members::flag(transaction, kvnr, MemberFlag::Deceased),
        EventKind::CareEnded | EventKind::CarerChanged => end_representations(transaction, kvnr),
        EventKind::NameChanged => Ok(()),
        EventKind::MembershipEnded => {
            members::lock(transaction, kvnr)?;
            deeds::end(transaction, &codes::RestingOn::Person(kvnr))?;
            codes::revoke(transaction, &codes::RestingOn::Person(kvnr))
        }
        EventKind::Blocked => codes::revoke(transaction, &codes::RestingOn::Person(kvnr)),
    }
}

/// Tells the desks that made codes about that person which haven't ended: to be called before they do.
pub(crate) fn announce(
    transaction: &Transaction<'_>,
    kvnr: &str,
    kind: EventKind,
    now: Timestamp,
) -> Result<(), Problem> {
    let next = "SELECT coalesce(max(seq), 0) + 1 AS next FROM events";
    let seq: i64 = transaction.query_one(next, params![], |row| row.get("next"))?;
    transaction.execute(
        "INSERT INTO events (seq, at, kind, kvnr) VALUES ($1, $2, $3, $4)",
        params![seq, now, model::word(&kind)?, kvnr],
    )?;
    transaction.execute(
        "INSERT INTO event_codes (seq, code, desk)
         SELECT CAST($1 AS BIGINT), id, desk FROM codes
         WHERE kvnr = $2 AND state IN ('ACCEPTED', 'ACTIVE', 'REDEEMED')
           AND (representative IS NOT NULL OR NOT CAST($3 AS BOOLEAN))",
        params![seq, kvnr, kind.is_about_representatives()],
    )?;
    Ok(())
}

/// Every representation of that person ends, with the codes and accesses that rest on it; one that isn't on file yet
/// too.
fn end_representations(transaction: &Transaction<'_>, kvnr: &str) -> Result<(), Problem> {
    deeds::end(transaction, &codes::RestingOn::Person(kvnr))?;
    let of_codes = "SELECT DISTINCT representative FROM codes WHERE kvnr = $1 AND representative IS NOT NULL";
    let on_file = "SELECT representative FROM representations WHERE kvnr = $1";
    for query in [of_codes, on_file] {
        let carers: Vec<String> = transaction.query(query, params![kvnr], |row| row.get("representative"))?;
        for carer in &carers {
            if let Some(entry) = register::find(transaction, carer, kvnr)? {
                let ended = register::Filed { status: RepresentationStatus::Ended, ..entry };
                register::file(transaction, carer, kvnr, &ended)?;
            }
            codes::revoke(transaction, &codes::RestingOn::Representation { representative: carer, kvnr })?;
        }
    }
    Ok(())
}

/// Number of the last event for that desk; 0 when there is none.
pub(crate) fn last(transaction: &Transaction<'_>, desk: &str) -> Result<u64, Problem> {
    let last = "SELECT coalesce(max(seq), 0) AS last FROM event_codes WHERE desk = $1";
    Ok(transaction.query_one(last, params![desk], |row| row.get("last"))?)
}

/// The first events for that desk after a number, as the contract tells them.
pub(crate) fn after(transaction: &Transaction<'_>, desk: &str, after: i64) -> Result<Value, Problem> {
    let limit = i64::try_from(PAGE).map_err(anyhow::Error::from)? + 1;
    let found = "SELECT seq, at, kind FROM events
                 WHERE seq IN (SELECT seq FROM event_codes WHERE desk = $1 AND seq > $2 ORDER BY seq)
                 ORDER BY seq LIMIT $3";
    let mut events = transaction.query(found, params![desk, after, limit], |row| {
        Ok((row.get::<i64>("seq")?, row.get::<Timestamp>("at")?, row.get::<String>("kind")?))
    })?;
    let more = events.len() > PAGE;
    events.truncate(PAGE);
    let mut told = Vec::with_capacity(events.len());
    for (seq, at, kind) in events {
        let codes = "SELECT code FROM event_codes WHERE seq = $1 AND desk = $2 ORDER BY code";
        let codes: Vec<String> = transaction.query(codes, params![seq, desk], |row| row.get("code"))?;
        told.push(json!({ "seq": seq, "at": at, "kind": kind, "codes": codes }));
    }
    Ok(json!({ "events": told, "more": more }))
}
