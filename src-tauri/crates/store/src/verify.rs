//! Walking the journal's chain: from the pruned checkpoint to the last event, past every segment.
//!
//! In pieces of [`CHUNK`] events, each in a read transaction of its own, so that neither the log nor a search waits for the
//! end of a long walk. What was walked can't change behind it; if something is pruned meanwhile, the walk starts anew.

use rusqlite::{Connection, Row};

use crate::{
    Head, StoreError,
    chain::{body_hash, header, link},
    row,
    segments::{self, Segment, claims},
};

/// Events that are read in one transaction: some milliseconds.
const CHUNK: i64 = 1_000;

/// What verification found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verification {
    /// Every event is where and as it was written.
    Intact {
        /// How many events there are.
        events: u64,
        /// The last one.
        head: Head,
        /// Number of the last event that was pruned behind a checkpoint, where the walk began; 0: at the beginning.
        pruned_until: i64,
    },
    /// The first place where the chain is broken.
    Broken {
        /// Number of the event that should be there.
        seq: i64,
        /// What is wrong with it.
        what: Break,
    },
}

/// How a chain can break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Break {
    /// The event isn't there, although later ones are, or the service was told of it.
    Missing,
    /// It is there although it was pruned.
    Surplus,
    /// It doesn't follow the event before it.
    Link,
    /// Header, nonce or ciphertext isn't what was hashed.
    Content,
    /// The segment that begins with it doesn't continue the one before, isn't of these events, or was pruned out of turn.
    Segment,
    /// The checkpoint of the segment that begins with it is of something else.
    Checkpoint,
}

/// Why a walk ends early.
enum Stop {
    Broken { seq: i64, what: Break },
    Failed(StoreError),
}

impl<E: Into<StoreError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// How far a walk came.
#[derive(Clone, Copy)]
struct Place {
    /// The last event.
    at: Head,
    /// The last event of the last segment.
    told: Head,
}

/// Walks the whole chain.
pub(crate) fn verify(connection: &Connection) -> Result<Verification, StoreError> {
    loop {
        match walk(connection) {
            Ok(Some(intact)) => return Ok(intact),
            Ok(None) => {}
            Err(Stop::Broken { seq, what }) => return Ok(Verification::Broken { seq, what }),
            Err(Stop::Failed(error)) => return Err(error),
        }
    }
}

/// One walk; `None` if something was pruned meanwhile.
fn walk(connection: &Connection) -> Result<Option<Verification>, Stop> {
    let start = pruned_part(connection)?;
    let (mut place, mut events) = (Place { at: start, told: start }, 0);
    loop {
        let snapshot = connection.unchecked_transaction()?;
        if segments::pruned(&snapshot)? != start {
            return Ok(None);
        }
        let before = place.at.seq;
        place = chunk(&snapshot, place)?;
        let walked = place.at.seq - before;
        events += walked.unsigned_abs();
        if walked < CHUNK {
            end(&snapshot, place)?;
            return Ok(Some(Verification::Intact { events, head: place.at, pruned_until: start.seq }));
        }
    }
}

/// The pruned segments follow each other up to a checkpoint, and nothing of them is left.
fn pruned_part(connection: &Connection) -> Result<Head, Stop> {
    let snapshot = connection.unchecked_transaction()?;
    let end = segments::pruned(&snapshot)?;
    let mut told = Head::START;
    let mut statement =
        snapshot.prepare_cached("SELECT * FROM segment WHERE until_seq <= ?1 ORDER BY until_seq")?;
    let mut rows = statement.query([end.seq])?;
    while let Some(found) = rows.next()? {
        let segment = read_segment(found, told)?;
        if segment.pruned_at.is_none() {
            return Err(Stop::Broken { seq: segment.from_seq, what: Break::Segment });
        }
        told = follow(told, &segment, found)?;
    }
    let first: Option<i64> = snapshot.query_row("SELECT min(seq) FROM journal", [], |found| found.get(0))?;
    match first {
        Some(seq) if seq <= end.seq => Err(Stop::Broken { seq, what: Break::Surplus }),
        _ => Ok(end),
    }
}

/// Up to [`CHUNK`] events, and the segments that end in them.
fn chunk(snapshot: &Connection, place: Place) -> Result<Place, Stop> {
    let Place { mut at, mut told } = place;
    let mut events = snapshot.prepare_cached(
        "SELECT seq, event_id, visit, scope_kind, scope_id, kind, version, at_us, nonce, sealed, prev, hash
         FROM journal WHERE seq > ?1 ORDER BY seq LIMIT ?2",
    )?;
    let mut segments = snapshot.prepare_cached(
        "SELECT * FROM segment WHERE until_seq > ?1 AND until_seq <= ?1 + ?2 ORDER BY until_seq",
    )?;
    let mut events = events.query((at.seq, CHUNK))?;
    let mut segments = segments.query((at.seq, CHUNK))?;
    let mut next = segments.next()?;
    while let Some(found) = events.next()? {
        at = step(at, found)?;
        if let Some(row) = next
            && row.get::<_, i64>("until_seq")? == at.seq
        {
            let segment = read_segment(row, told)?;
            told = follow(told, &segment, row)?;
            if told != at {
                return Err(Stop::Broken { seq: segment.from_seq, what: Break::Segment });
            }
            next = segments.next()?;
        }
    }
    Ok(Place { at, told })
}

/// The event that follows `before`.
fn step(before: Head, found: &Row<'_>) -> Result<Head, Stop> {
    let expected = before.seq + 1;
    let seq: i64 = found.get("seq")?;
    if seq != expected {
        return Err(Stop::Broken { seq: expected, what: Break::Missing });
    }
    let broken = |what| Stop::Broken { seq, what };
    let values = || -> Result<_, StoreError> {
        let body = body_hash(&row::bytes(found, "nonce")?, row::blob(found, "sealed")?);
        Ok((header(found)?.canonical(), body, row::bytes(found, "prev")?, row::bytes(found, "hash")?))
    };
    let (header, body, prev, hash) = values()
        .map_err(|error| if is_form(&error) { broken(Break::Content) } else { Stop::Failed(error) })?;
    if prev != before.hash {
        return Err(broken(Break::Link));
    }
    if link(&prev, &header, &body) != hash {
        return Err(broken(Break::Content));
    }
    Ok(Head { seq, hash })
}

/// A value that isn't well-formed was not written by this program: a finding, while a page that can't be read is not.
fn is_form(error: &StoreError) -> bool {
    matches!(error, StoreError::Malformed { .. })
        || matches!(error, StoreError::Database(error) if error.sqlite_error().is_none())
}

fn read_segment(found: &Row<'_>, told: Head) -> Result<Segment, Stop> {
    segments::read(found).map_err(|error| {
        if is_form(&error) {
            Stop::Broken { seq: told.seq + 1, what: Break::Segment }
        } else {
            Stop::Failed(error)
        }
    })
}

/// A segment continues the one before, and its checkpoint is its own.
fn follow(told: Head, segment: &Segment, found: &Row<'_>) -> Result<Head, Stop> {
    let broken = |what| Err(Stop::Broken { seq: told.seq + 1, what });
    let prev = row::bytes(found, "prev").ok();
    if segment.from_seq != told.seq + 1 || prev != Some(told.hash) {
        return broken(Break::Segment);
    }
    match &segment.checkpoint {
        Some(checkpoint) if claims(checkpoint) != Some(segment.head) => broken(Break::Checkpoint),
        _ => Ok(segment.head),
    }
}

/// No segment ends behind the last event or in between.
fn end(snapshot: &Connection, place: Place) -> Result<(), Stop> {
    let last = segments::told(snapshot)?;
    if last.seq > place.at.seq {
        return Err(Stop::Broken { seq: place.at.seq + 1, what: Break::Missing });
    }
    if last != place.told {
        return Err(Stop::Broken { seq: place.told.seq + 1, what: Break::Segment });
    }
    Ok(())
}
