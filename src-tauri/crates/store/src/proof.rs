//! The proof of a run of erasures: everything that the database key brings to light is searched for what must be gone.
//!
//! Three searches, behind the emptying of the log, in a snapshot that no later writing reaches:
//! - every page of the file and of the log, decrypted, free space included: none of the destroyed keys, none of the canaries;
//! - the export, that is every body that the remaining keys open: none of the canaries;
//! - the erased scopes: not one of their bodies opens.
//!
//! And a control, because a search that finds nothing may be looking wrongly: the run's own id must be found in the pages.
//! The destroyed keys are known to [`ErasureRun`] only, as long as it lives. After a crash the proof rests on the rest.

use std::{collections::BTreeSet, path::PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, Row};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    DatabaseKey, ErasureRun, Reader, Store, StoreError, batch::limit, folder, journal, outbox, pages, row,
    seal::scope_parts,
};

/// Most canaries of a proof.
pub const MAX_CANARIES: usize = 64;
/// Longest canary in bytes.
const MAX_CANARY: usize = 256;
/// Shortest: four bytes stand somewhere in any megabyte by chance once in four thousand times, eight never.
const MIN_CANARY: usize = 4;

/// What the searches found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    /// The run that it is of.
    pub run: Uuid,
    /// When it was made.
    pub at: Timestamp,
    /// Pages that were decrypted and searched, those of the log included.
    pub pages: u64,
    /// Bodies and payloads that still open and were searched.
    pub bodies: u64,
    /// Canaries that were looked for.
    pub canaries: u64,
    /// Canaries that were found, in pages or bodies.
    pub canaries_found: u64,
    /// Destroyed keys that were looked for.
    pub keys: u64,
    /// Destroyed keys that were found.
    pub keys_found: u64,
    /// Bodies and payloads of the erased scopes that still open.
    pub opened: u64,
    /// The search found what it had to find, and nothing of what must be gone.
    pub holds: bool,
}

impl Store {
    /// Proves a run, and keeps the proof with it. `canaries` are texts that stood in what was erased and nowhere else, such as
    /// a public reference: 4 to 256 bytes each, at most [`MAX_CANARIES`]. The whole file is read on this thread; the desk goes
    /// on writing meanwhile. One that doesn't hold is kept as well, and can be tried again: a reader may have kept the log from being
    /// emptied.
    ///
    /// # Errors
    /// [`StoreError::NoSuchRun`] (proven already), [`StoreError::TooLarge`], or what the database or the disk said.
    pub fn prove(&self, run: &ErasureRun, canaries: &[&[u8]], now: Timestamp) -> Result<Proof, StoreError> {
        limit("number of canaries", canaries.len(), MAX_CANARIES)?;
        for canary in canaries {
            limit("canary", canary.len(), MAX_CANARY)?;
            if canary.len() < MIN_CANARY {
                return Err(StoreError::Malformed { what: "canary" });
            }
        }
        let canaries = canaries.iter().map(|canary| Zeroizing::new(canary.to_vec())).collect();
        let keys = run.keys().map(|key| Zeroizing::new(key.bytes().to_vec())).collect();
        let proof = self.snapshot(run.id)?.search(canaries, keys, now)?;
        self.write(move |owned| keep(&mut owned.connection, &proof))?;
        Ok(proof)
    }

    /// The database as it is behind the emptying of its log.
    pub(crate) fn snapshot(&self, run: Uuid) -> Result<Snapshot, StoreError> {
        self.write(move |owned| {
            let known: bool = owned.connection.query_row(
                "SELECT EXISTS (SELECT 1 FROM erasure_run WHERE id = ?1 AND holds IS NOT 1)",
                [run.as_bytes().as_slice()],
                |found| found.get(0),
            )?;
            if !known {
                return Err(StoreError::NoSuchRun);
            }
            owned.empty_log();
            let reader = Reader::open(&owned.folder, &owned.key)?;
            // What is written from here on goes to the log and stays there as long as somebody reads from before it.
            reader.connection().execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema;")?;
            let key = DatabaseKey::new(owned.key.bytes()).ok_or(StoreError::WrongKey)?;
            Ok(Snapshot { run, reader, database: folder::database(&owned.folder), key })
        })
    }
}

type Needle = Zeroizing<Vec<u8>>;

/// What is searched: it stands still while the desk goes on.
pub(crate) struct Snapshot {
    run: Uuid,
    reader: Reader,
    database: PathBuf,
    key: DatabaseKey,
}

impl Snapshot {
    pub(crate) fn search(
        self,
        canaries: Vec<Needle>,
        keys: Vec<Needle>,
        now: Timestamp,
    ) -> Result<Proof, StoreError> {
        let Self { run, reader, database, key } = self;
        let control = vec![Zeroizing::new(run.as_bytes().to_vec())];
        let (mut canaries, mut keys, mut control) =
            (Search::new(canaries), Search::new(keys), Search::new(control));
        let pages = pages::each(&database, &key, |page| {
            canaries.look(page);
            keys.look(page);
            control.look(page);
        })?;
        let Export { bodies, opened } = export(reader.connection(), run, &mut canaries)?;
        let proof = Proof {
            run,
            at: now,
            pages,
            bodies,
            canaries: canaries.len(),
            canaries_found: canaries.found(),
            keys: keys.len(),
            keys_found: keys.found(),
            opened,
            holds: false,
        };
        let nothing = (proof.canaries_found, proof.keys_found, opened) == (0, 0, 0);
        Ok(Proof { holds: control.found() == 1 && nothing, ..proof })
    }
}

/// What of the export was searched.
struct Export {
    bodies: u64,
    opened: u64,
}

/// Opens everything that the remaining keys open.
fn export(connection: &Connection, run: Uuid, canaries: &mut Search) -> Result<Export, StoreError> {
    let erased: BTreeSet<Uuid> = connection
        .prepare("SELECT scope_id FROM retention WHERE erased_in = ?1")?
        .query_and_then([run.as_bytes().as_slice()], |found| row::uuid(found, "scope_id"))?
        .collect::<Result<_, _>>()?;
    let mut export = Export { bodies: 0, opened: 0 };
    let mut search = |scope: Option<Uuid>, body: &[u8]| {
        export.bodies += 1;
        export.opened += u64::from(scope.is_some_and(|scope| erased.contains(&scope)));
        canaries.look(body);
    };
    let mut events = connection.prepare("SELECT * FROM journal ORDER BY seq")?;
    let mut rows = events.query([])?;
    while let Some(found) = rows.next()? {
        match journal::open(connection, found) {
            Ok(record) => {
                if let Some(body) = &record.body {
                    search(Some(scope_parts(record.scope).1), body);
                }
            }
            // Damaged: nobody can open it.
            Err(StoreError::Malformed { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    let mut deliveries = connection.prepare("SELECT * FROM outbox WHERE payload IS NOT NULL ORDER BY seq")?;
    let mut rows = deliveries.query([])?;
    while let Some(found) = rows.next()? {
        match outbox::open(connection, found) {
            Ok(delivery) => search(delivery.scope.map(|scope| scope_parts(scope).1), &delivery.payload),
            Err(StoreError::Malformed { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(export)
}

/// Keeps the proof; one that holds ends what is known of the run's scopes.
fn keep(connection: &mut Connection, proof: &Proof) -> Result<(), StoreError> {
    let transaction = connection.transaction()?;
    let run = proof.run.as_bytes().as_slice();
    transaction.execute(
        "UPDATE erasure_run SET tried_at_us = ?2, holds = ?3, pages = ?4, bodies = ?5, canaries = ?6,
                canaries_found = ?7, keys = ?8, keys_found = ?9, opened = ?10
         WHERE id = ?1",
        (
            run,
            proof.at.as_microsecond(),
            proof.holds,
            proof.pages,
            proof.bodies,
            proof.canaries,
            proof.canaries_found,
            proof.keys,
            proof.keys_found,
            proof.opened,
        ),
    )?;
    if proof.holds {
        transaction.execute("DELETE FROM retention WHERE erased_in = ?1", [run])?;
    }
    transaction.commit()?;
    Ok(())
}

/// The proof in a row of `erasure_run`, if one was tried.
pub(crate) fn read(found: &Row<'_>) -> Result<Option<Proof>, StoreError> {
    let Some(at) = row::optional_time(found, "tried_at_us")? else {
        return Ok(None);
    };
    Ok(Some(Proof {
        run: row::uuid(found, "id")?,
        at,
        pages: found.get("pages")?,
        bodies: found.get("bodies")?,
        canaries: found.get("canaries")?,
        canaries_found: found.get("canaries_found")?,
        keys: found.get("keys")?,
        keys_found: found.get("keys_found")?,
        opened: found.get("opened")?,
        holds: found.get("holds")?,
    }))
}

/// A search for several needles at once.
struct Search {
    needles: Vec<Needle>,
    /// The needles by their first two bytes, sorted.
    starts: Vec<(u16, usize)>,
    /// Which first two bytes there are.
    may_start: Vec<bool>,
    found: BTreeSet<usize>,
}

impl Search {
    fn new(needles: Vec<Needle>) -> Self {
        let mut starts: Vec<_> = needles
            .iter()
            .enumerate()
            .filter_map(|(number, needle)| Some((start(needle)?, number)))
            .collect();
        starts.sort_unstable();
        let mut may_start = vec![false; 1 << 16];
        for (start, _) in &starts {
            if let Some(may) = may_start.get_mut(usize::from(*start)) {
                *may = true;
            }
        }
        Self { needles, starts, may_start, found: BTreeSet::new() }
    }

    fn look(&mut self, text: &[u8]) {
        for at in 0..text.len() {
            let rest = text.get(at..).unwrap_or_default();
            let Some(begin) = start(rest) else { return };
            if self.may_start.get(usize::from(begin)).is_some_and(|may| *may) {
                let first = self.starts.partition_point(|(start, _)| *start < begin);
                let candidates = self.starts.iter().skip(first).take_while(|(start, _)| *start == begin);
                let hits = candidates.filter(|(_, number)| {
                    self.needles.get(*number).is_some_and(|needle| rest.starts_with(needle))
                });
                self.found.extend(hits.map(|(_, number)| *number));
            }
        }
    }

    fn len(&self) -> u64 {
        self.needles.len() as u64
    }

    fn found(&self) -> u64 {
        self.found.len() as u64
    }
}

fn start(text: &[u8]) -> Option<u16> {
    text.first_chunk().map(|first| u16::from_be_bytes(*first))
}
