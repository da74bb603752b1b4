//! The large database: visits that are over, told and countersigned by nobody, delivered long ago.

use std::{fs, ops::Range, path::Path};

use anyhow::{Context, Result};
use identification::{CodeId, ConcernId, Event, Level, OperatorId, PublicReference, Scope, VisitId};
use jiff::{SignedDuration, Timestamp, civil::date};
use store::{Batch, OutboxRecord, Outcome, Record, Store, VisitRow, VisitState};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::lasting::{clock, desk, random::Random, rules};

/// Events of a visit.
pub(super) const EVENTS: u64 = 5;
/// Between one visit's beginning and the next: some 500 a day.
const EVERY: SignedDuration = SignedDuration::from_secs(170);
/// Records of a visit and their sizes in bytes, as they are.
const RECORDS: [(&str, usize); 3] = [("identification", 1_750), ("code", 1_900), ("hand-over", 1_150)];
const LEASE: SignedDuration = SignedDuration::from_secs(120);

pub(super) struct Filled {
    pub(super) visits: u64,
    /// Bytes that a visit adds to the file, its three delivered records included.
    pub(super) bytes_of_a_visit: f64,
}

impl Filled {
    /// Makes it through the store's own door: each visit is one batch. The last tenth has its records, each leased and
    /// settled; those of older visits have long been erased and pruned where a desk is in use.
    pub(super) fn make(folder: &Path, visits: u64) -> Result<Self> {
        let recent = visits / 10;
        append(folder, 0..visits - recent, &[])?;
        let before = size(folder)?;
        append(folder, visits - recent..visits, &RECORDS)?;
        #[expect(clippy::cast_precision_loss, reason = "sizes are far below 2^52")]
        let bytes_of_a_visit = (size(folder)? - before) as f64 / recent as f64;
        Ok(Self { visits, bytes_of_a_visit })
    }
}

fn append(folder: &Path, visits: Range<u64>, kinds: &[(&'static str, usize)]) -> Result<()> {
    let store = Store::open(folder, &desk::database_key()?)?;
    for number in visits {
        let at = begins(number);
        store.append(batch(number, kinds)?, &mut clock::entropy)?;
        for _ in kinds {
            let row = store.lease(at, LEASE)?.context("a row")?;
            store.settle(row.id, Outcome::Delivered, at)?;
        }
    }
    Ok(())
}

/// Of the database while it is closed, its log emptied.
fn size(folder: &Path) -> Result<u64> {
    Ok(fs::metadata(folder.join("identplatz.db")).context("the database's file")?.len())
}

/// A visit from its first event to its end.
fn batch(number: u64, kinds: &[(&'static str, usize)]) -> Result<Batch> {
    let (visit, concern) = (visit(number), ConcernId::new(id(2, number)));
    let code = CodeId::new(id(3, number));
    let events = [
        Event::VisitOpened { visit, operator: operator()?, policy_version: "2026-11-01#17".to_owned() },
        Event::CardNumberCompared { concern },
        Event::CodeGenerated {
            concern,
            code,
            reference: reference(number),
            level: Level::Substantial,
            valid_until: date(2026, 11, 16),
            offline: false,
        },
        Event::CodePrinted { concern, code },
        Event::VisitEnded,
    ];
    let records = events.iter().zip(16..).map(|(event, kind)| Record::new(id(kind, number), visit, event));
    let outbox = kinds.iter().zip(32..).map(|((kind, bytes), place)| OutboxRecord {
        id: id(place, number),
        scope: Scope::Concern(concern),
        kind,
        payload: Zeroizing::new(vec![7; *bytes]),
        link: None,
    });
    Ok(Batch {
        visit,
        at: begins(number),
        records: records.collect::<Result<_, _>>()?,
        outbox: outbox.collect(),
        visit_row: Some(VisitRow { state: VisitState::Ended { at: begins(number) }, ..row(begins(number))? }),
        erase: Vec::new(),
    })
}

/// An open visit's row in the list.
pub(super) fn row(at: Timestamp) -> Result<VisitRow> {
    Ok(VisitRow {
        state: VisitState::Open,
        operator: operator()?,
        opened_at: at,
        changed_at: at,
        review: None,
        delete_after: None,
        held: None,
    })
}

fn operator() -> Result<OperatorId> {
    OperatorId::new(rules::CLERK).context("the clerk's id")
}

/// When a visit begins: the first one on 1 November 2025.
pub(super) fn begins(number: u64) -> Timestamp {
    let first = Timestamp::from_second(1_761_984_000).unwrap_or(Timestamp::UNIX_EPOCH);
    first + EVERY * i32::try_from(number).unwrap_or(i32::MAX)
}

pub(super) fn visit(number: u64) -> VisitId {
    VisitId::new(id(1, number))
}

/// The reference of a visit's code.
pub(super) fn reference(number: u64) -> PublicReference {
    super::drawn(&mut Random(number.wrapping_mul(0xd6e8_feb8_6659_fd93)))
}

/// An id of version 7 of that kind: time first, as the program draws them.
fn id(kind: u64, number: u64) -> Uuid {
    let time = begins(number).as_millisecond().unsigned_abs();
    let mut random = Random(kind << 48 ^ number);
    let (one, other) = (random.next().to_be_bytes(), random.next().to_be_bytes());
    let mut tail = [0; 10];
    for (byte, drawn) in tail.iter_mut().zip(one.into_iter().chain(other)) {
        *byte = drawn;
    }
    uuid::Builder::from_unix_timestamp_millis(time, &tail).into_uuid()
}
