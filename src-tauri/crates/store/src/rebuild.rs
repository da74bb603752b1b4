//! The lists of visits and codes are derived from the journal: here they are derived anew and compared.

use identification::{Recorded, Scope, Visit, VisitId};
use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior};
use uuid::Uuid;

use crate::{
    Store, StoreError,
    chain::header,
    journal::{self, OpenedRecord},
    references::{self, CodeReference},
    row,
    visits::{self, Listed},
};

/// Visits that are rebuilt in one transaction: some milliseconds, so that the desk goes on in between.
const CHUNK: usize = 100;
/// Most differences that are named.
pub const MAX_DIFFERENCES: usize = 1_000;

/// What rebuilding found, and put right.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rebuilt {
    /// Visits in the journal.
    pub visits: u64,
    /// Codes in the journal that weren't erased.
    pub codes: u64,
    /// What the lists said otherwise: the first [`MAX_DIFFERENCES`].
    pub differences: Vec<Difference>,
}

/// A visit of which a list said something else than the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// The visit.
    pub visit: VisitId,
    /// What.
    pub what: Differing,
}

/// In what a list and the journal differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Differing {
    /// The visit's row was missing or another one.
    Row,
    /// Its codes' references were missing or others.
    Codes,
    /// The list has it, the journal doesn't: it was taken off the list.
    Unknown,
    /// Its events can't be read, so its rows were left as they are.
    Unreadable,
}

impl Store {
    /// Derives the lists of visits and codes from the journal anew, puts right what differs, and says what that was.
    ///
    /// # Errors
    /// What the database said; what was put right until then stays.
    pub fn rebuild(&self) -> Result<Rebuilt, StoreError> {
        let (mut rebuilt, mut after) = (Rebuilt::default(), None);
        loop {
            let chunk = self.write(move |owned| chunk(&mut owned.connection, after))?;
            rebuilt.add(chunk.rebuilt);
            after = chunk.last;
            if after.is_none() {
                break;
            }
        }
        let unknown = self.write(|owned| forget_unknown(&mut owned.connection))?;
        rebuilt.add(Rebuilt { differences: unknown, ..Rebuilt::default() });
        Ok(rebuilt)
    }
}

impl Rebuilt {
    fn add(&mut self, more: Self) {
        self.visits += more.visits;
        self.codes += more.codes;
        let room = MAX_DIFFERENCES.saturating_sub(self.differences.len());
        self.differences.extend(more.differences.into_iter().take(room));
    }
}

/// Some visits, and the last of them if there may be more.
struct Chunk {
    rebuilt: Rebuilt,
    last: Option<Uuid>,
}

/// Rebuilds everything on a connection of its own, for a database that was just migrated.
pub(crate) fn all(connection: &mut Connection) -> Result<(), StoreError> {
    let mut after = None;
    loop {
        after = chunk(connection, after)?.last;
        if after.is_none() {
            return Ok(());
        }
    }
}

fn chunk(connection: &mut Connection, after: Option<Uuid>) -> Result<Chunk, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let visits: Vec<Uuid> = transaction
        .prepare_cached("SELECT DISTINCT visit FROM journal WHERE visit > ?1 ORDER BY visit LIMIT ?2")?
        // No blob is smaller than the empty one.
        .query_and_then((after.as_ref().map_or(&[][..], |id| id.as_bytes()), CHUNK), |found| {
            row::uuid(found, "visit")
        })?
        .collect::<Result<_, _>>()?;
    let mut rebuilt = Rebuilt::default();
    for visit in &visits {
        visit_rows(&transaction, VisitId::new(*visit), &mut rebuilt)?;
    }
    transaction.commit()?;
    let last = if visits.len() < CHUNK { None } else { visits.last().copied() };
    Ok(Chunk { rebuilt, last })
}

fn visit_rows(connection: &Connection, visit: VisitId, rebuilt: &mut Rebuilt) -> Result<(), StoreError> {
    rebuilt.visits += 1;
    let mut differs = |what| rebuilt.differences.push(Difference { visit, what });
    let kept = visits::listed(connection, visit)?;
    let derived = match derive(connection, visit, kept.as_ref()) {
        Err(StoreError::Malformed { .. }) => {
            differs(Differing::Unreadable);
            return Ok(());
        }
        derived => derived?,
    };
    // A visit whose beginning was pruned can't be derived; its row stays as it is.
    if let Some(row) = derived.row.filter(|row| Some(row) != kept.as_ref()) {
        differs(Differing::Row);
        visits::put(connection, visit, &row)?;
    }
    if derived.codes != references::of_visit(connection, visit)? {
        differs(Differing::Codes);
        references::forget_visit(connection, visit)?;
        for code in &derived.codes {
            references::replace(connection, visit, code)?;
        }
    }
    rebuilt.codes += derived.codes.len() as u64;
    Ok(())
}

/// What the journal says of a visit.
#[derive(Default)]
struct Derived {
    row: Option<Listed>,
    codes: Vec<CodeReference>,
}

/// `kept` tells what can no longer be read: the clerk and the judgement, once the visit's own scope was erased.
fn derive(connection: &Connection, visit: VisitId, kept: Option<&Listed>) -> Result<Derived, StoreError> {
    let mut codes = Vec::new();
    let (mut state, mut readable) = (Visit::default(), true);
    let (mut opened_at, mut changed_at) = (None, None);
    let mut closed: Option<(&'static str, Timestamp)> = None;
    let mut statement = connection.prepare_cached(
        "SELECT seq, event_id, visit, scope_kind, scope_id, kind, version, at_us, nonce, sealed
         FROM journal WHERE visit = ?1 ORDER BY seq",
    )?;
    let mut rows = statement.query([visit.uuid().as_bytes().as_slice()])?;
    while let Some(found) = rows.next()? {
        let at = row::time(found, "at_us")?;
        changed_at = Some(at);
        match row::text(found, "kind")? {
            "visit_opened" => opened_at = opened_at.or(Some(at)),
            "visit_ended" => closed = closed.or(Some(("ended", at))),
            "visit_aborted" => closed = closed.or(Some(("aborted", at))),
            _ => {}
        }
        let scope = header(found)?.scope;
        let of_visit = matches!(scope, Scope::Visit(_));
        if !of_visit && row::text(found, "kind")? != references::KIND {
            continue;
        }
        let OpenedRecord { kind, version, body, .. } = journal::open(connection, found)?;
        match body {
            Some(body) if of_visit => {
                let event = journal::format::decode(&kind, version, &body)?;
                state = state.evolve(&Recorded { at, event });
            }
            Some(body) => codes.extend(references::of(&kind, version, &body, scope)),
            None => readable &= !of_visit,
        }
    }
    codes.sort();
    let (Some(opened_at), Some(changed_at)) = (opened_at, changed_at) else {
        return Ok(Derived { row: None, codes });
    };
    let (operator, review) = if readable {
        (state.operator, state.review.map(|review| review.outcome))
    } else {
        match kept {
            Some(kept) => (Some(kept.operator.clone()), kept.review),
            None => return Ok(Derived { row: None, codes }),
        }
    };
    let row = operator.map(|operator| Listed {
        state: closed.map_or("open", |(state, _)| state).to_owned(),
        operator,
        opened_at,
        closed_at: closed.map(|(_, at)| at),
        changed_at,
        review,
    });
    Ok(Derived { row, codes })
}

/// Takes visits and codes off the lists of which the journal knows nothing.
fn forget_unknown(connection: &mut Connection) -> Result<Vec<Difference>, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut unknown = Vec::new();
    for table in ["visit", "code_reference"] {
        let condition = format!("NOT EXISTS (SELECT 1 FROM journal WHERE journal.visit = {table}.visit)");
        let visits = transaction
            .prepare_cached(&format!("SELECT DISTINCT visit FROM {table} WHERE {condition}"))?
            .query_and_then([], row::visit)?
            .collect::<Result<Vec<_>, _>>()?;
        transaction.execute(&format!("DELETE FROM {table} WHERE {condition}"), [])?;
        unknown.extend(visits.into_iter().map(|visit| Difference { visit, what: Differing::Unknown }));
    }
    transaction.commit()?;
    Ok(unknown)
}
