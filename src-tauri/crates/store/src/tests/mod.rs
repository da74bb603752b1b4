//! What the crate promises, against real SQLCipher databases in temporary folders.

mod access;
mod alerts;
mod backup;
#[cfg(unix)]
mod backup_crash;
mod chain;
mod concurrency;
#[cfg(unix)]
mod crash;
#[cfg(target_os = "linux")]
mod disk;
mod erasure;
mod erasure_list;
mod erasure_run;
mod from_schema_5;
mod hold;
mod journal;
mod kept;
mod leak;
mod opening;
mod order;
mod outbox;
mod pages;
mod prune;
mod rebuild;
mod record_chain;
mod recovery;
mod restore;
mod restore_later;
mod retention;
#[cfg(unix)]
mod run_crash;
mod schema;
mod segments;
#[cfg(unix)]
mod steps;
mod tamper;
mod tasks;
mod unreadable;
mod upgrade;
#[cfg(unix)]
mod upgrade_crash;
mod visits;
mod wipe;

use std::path::{Path, PathBuf};

use identification::{ConcernId, IdentificationId, OperatorId, Scope, VisitId};
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    Batch, DatabaseKey, Head, OutboxRecord, Record, Store, StoreError, VisitRow, VisitState, database,
    folder, seal::scope_parts,
};

/// What a leak search looks for: a name and insurance number of gematik's published test cards.
const CANARY: &[u8] = b"Buntspecht, B234567895";
/// Stands in the clear, for the control of a search.
const OPERATOR: &str = "s-4711-canary";

const KEY_BYTES: [u8; 32] = [0x5a; 32];

fn key() -> DatabaseKey {
    DatabaseKey::new(&KEY_BYTES).unwrap()
}

/// 2026-11-02T08:00:00Z and some seconds.
fn at(seconds: i64) -> Timestamp {
    "2026-11-02T08:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(seconds)
}

/// Entropy that repeats from run to run and never within one.
struct Hashed(u64);

impl Hashed {
    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            self.0 += 1;
            let block = Sha256::digest(self.0.to_be_bytes());
            chunk.copy_from_slice(block.get(..chunk.len()).unwrap());
        }
    }
}

fn visit(number: u128) -> VisitId {
    VisitId::new(Uuid::from_u128(0x0100_0000 + number))
}

fn concern(number: u128) -> Scope {
    Scope::Concern(ConcernId::new(Uuid::from_u128(0x0200_0000 + number)))
}

fn identification(number: u128) -> Scope {
    Scope::Identification(IdentificationId::new(Uuid::from_u128(0x0300_0000 + number)))
}

/// A store in a folder of its own.
struct Desk {
    folder: TempDir,
    store: Option<Store>,
    entropy: Hashed,
    last_id: u128,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Some(Store::open(&folder.path().join("store"), &key()).unwrap());
        Self { folder, store, entropy: Hashed(0), last_id: 0 }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("store")
    }

    fn store(&self) -> &Store {
        self.store.as_ref().unwrap()
    }

    fn close(&mut self) {
        self.store = None;
    }

    fn reopen(&mut self) -> Result<(), StoreError> {
        self.close();
        self.store = Some(Store::open(&self.path(), &key())?);
        Ok(())
    }

    /// A connection with the key but without the product's locks, as an attacker at the desk would have.
    fn raw(&self) -> Connection {
        raw(&self.path())
    }

    fn id(&mut self) -> Uuid {
        self.last_id += 1;
        Uuid::from_u128(self.last_id)
    }

    fn record(&mut self, scope: Scope, body: &[u8]) -> Record {
        Record { id: self.id(), scope, kind: "tested", version: 1, body: Zeroizing::new(body.to_vec()) }
    }

    fn outbox_record(&mut self, scope: Scope, payload: &[u8]) -> OutboxRecord {
        OutboxRecord {
            id: self.id(),
            scope,
            kind: "code",
            payload: Zeroizing::new(payload.to_vec()),
            link: None,
        }
    }

    fn append(&mut self, batch: Batch) -> Result<Head, StoreError> {
        self.store.as_ref().unwrap().append(batch, &mut |bytes| self.entropy.fill(bytes))
    }

    /// Appends one event with `body` to visit 1.
    fn note(&mut self, scope: Scope, body: &[u8]) -> Head {
        let record = self.record(scope, body);
        self.append(Batch { records: vec![record], ..empty(visit(1)) }).unwrap()
    }

    /// Appends one outbox row.
    fn tell(&mut self, visit: VisitId, scope: Scope, payload: &[u8]) -> Uuid {
        let row = self.outbox_record(scope, payload);
        let id = row.id;
        self.append(Batch { outbox: vec![row], ..empty(visit) }).unwrap();
        id
    }
}

fn empty(visit: VisitId) -> Batch {
    Batch { visit, at: at(0), records: vec![], outbox: vec![], visit_row: None, erase: vec![] }
}

fn open_row() -> VisitRow {
    VisitRow {
        state: VisitState::Open,
        operator: OperatorId::new(OPERATOR).unwrap(),
        opened_at: at(0),
        changed_at: at(0),
        review: None,
        delete_after: None,
        held: None,
    }
}

fn raw(folder: &Path) -> Connection {
    database::open_writer(&folder::database(folder), &key()).unwrap()
}

/// The key of a scope, which must be live.
fn key_bytes(raw: &Connection, scope: Scope) -> Vec<u8> {
    let (_, id) = scope_parts(scope);
    raw.query_row("SELECT key FROM scope_key WHERE scope_id = ?1", [id.as_bytes().as_slice()], |row| {
        row.get(0)
    })
    .unwrap()
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}
