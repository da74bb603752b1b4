//! Databases that released programs left, brought to the newest schema.
//!
//! `fixtures/schema-1.db` is one of schema 1, under the tests' key: [`make_the_fixture`] made it with the first migration
//! alone, and put in by SQL what the program of that time wrote. It is never made anew: that it still opens is the test.
//! `cargo test -p store -- --ignored make_the_fixture` prints where it would lie, and refuses to replace it.

use std::{fs, path::PathBuf};

use identification::{Scope, VisitId};
use jiff::SignedDuration;
use rusqlite::Connection;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{
    CANARY, Desk, Hashed, OPERATOR, at, concern, contains, identification, key, key_bytes, pages::decrypted,
    restore::restore, visit,
};
use crate::{
    GENESIS, Reader, Store, StoreError, Verification,
    chain::{self, Header},
    database, folder, migrations,
    seal::{KEY_LENGTH, NONCE_LENGTH, ScopeKey, scope_parts},
};

/// An event as the first program wrote it down.
const OPENED: &str = r#"{"kind":"visit_aborted","reason":"interrupted"}"#;

fn fixture() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/tests/fixtures/schema-1.db")
}

/// A store's folder with the database of schema 1 in it.
pub(super) fn desk_of_schema_1() -> (tempfile::TempDir, PathBuf) {
    let temporary = tempfile::tempdir().unwrap();
    let store = temporary.path().join("store");
    folder::create(&store).unwrap();
    fs::copy(fixture(), folder::database(&store)).unwrap();
    folder::remember_key(&store, &key()).unwrap();
    (temporary, store)
}

pub(super) fn copies(store: &std::path::Path) -> usize {
    folder::migration_copies(store).unwrap().len()
}

#[test]
fn a_database_of_schema_1_keeps_everything() {
    let (_temporary, path) = desk_of_schema_1();
    let store = Store::open(&path, &key()).unwrap();
    assert!(matches!(store.verify().unwrap(), Verification::Intact { events: 3, .. }));
    let events = store.events(visit(1)).unwrap();
    let bodies: Vec<_> = events.iter().map(|event| event.body.as_ref().map(|body| body.to_vec())).collect();
    assert_eq!(bodies, [Some(CANARY.to_vec()), None]);
    let aborted = store.events(visit(2)).unwrap();
    assert!(aborted.first().unwrap().event().unwrap().is_some(), "an event of the first format is read");
    assert_eq!(store.open_visits().unwrap().len(), 1);
    let depth = store.depth().unwrap();
    assert_eq!((depth.waiting, depth.parked), (2, 1));
    let first = store.lease(at(100), SignedDuration::from_secs(30)).unwrap().unwrap();
    assert_eq!((first.payload.as_slice(), first.ask_first), (b"told".as_slice(), true));
    let erased = store.erase(concern(1), at(101)).unwrap();
    assert_eq!(erased.events, 1);
    drop(store);
    assert!(matches!(Reader::open(&path, &key()).unwrap().verify().unwrap(), Verification::Intact { .. }));
}

/// The steps one by one, as desks that took every release went.
#[test]
fn every_way_up_leads_to_the_same_schema() {
    let newest = schema(&Desk::new().raw());
    for stop in 1..=usize::try_from(migrations::known()).unwrap() {
        let (_temporary, path) = desk_of_schema_1();
        let mut raw = database::open_writer(&folder::database(&path), &key()).unwrap();
        migrations::migrate_to(&mut raw, stop).unwrap();
        drop(raw);
        drop(Store::open(&path, &key()).unwrap());
        assert_eq!(schema(&super::raw(&path)), newest, "by way of schema {stop}");
    }
}

fn schema(raw: &Connection) -> Vec<String> {
    raw.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

#[test]
fn the_copy_from_before_a_migration_goes_with_the_next_start_that_succeeds() {
    let (_temporary, path) = desk_of_schema_1();
    drop(Store::open(&path, &key()).unwrap());
    assert_eq!(copies(&path), 1);
    drop(Store::open(&path, &key()).unwrap());
    assert_eq!(copies(&path), 0);
}

/// Control: the copy does hold the key, in its decrypted pages.
#[test]
fn an_erasure_removes_the_copy_from_before_the_migration() {
    let (temporary, path) = desk_of_schema_1();
    let store = Store::open(&path, &key()).unwrap();
    let secret = key_bytes(&super::raw(&path), concern(1));
    let copy = folder::migration_copies(&path).unwrap().remove(0);
    let place = temporary.path().join("copied");
    fs::create_dir(&place).unwrap();
    fs::copy(&copy, folder::database(&place)).unwrap();
    assert!(contains(&decrypted(&place), &secret));
    store.erase(concern(1), at(101)).unwrap();
    assert_eq!(copies(&path), 0);
    assert!(!contains(&decrypted(&path), &secret));
}

/// A run of erasures, and the wiping of a visit, go the same way.
#[test]
fn whatever_erases_removes_the_copy() {
    let (_temporary, path) = desk_of_schema_1();
    let store = Store::open(&path, &key()).unwrap();
    assert_eq!(copies(&path), 1);
    let wiping = crate::Batch { erase: vec![concern(1)], ..super::empty(visit(1)) };
    store.append(wiping, &mut |bytes| bytes.fill(7)).unwrap();
    assert_eq!(copies(&path), 0);

    let (_temporary, path) = desk_of_schema_1();
    let store = Store::open(&path, &key()).unwrap();
    let row = store.lease(at(100), SignedDuration::from_secs(30)).unwrap().unwrap();
    store.settle(row.id, crate::Outcome::Delivered, at(101)).unwrap();
    let ended = crate::VisitRow { state: crate::VisitState::Ended { at: at(102) }, ..super::open_row() };
    let over = crate::Batch { visit_row: Some(ended), ..super::empty(visit(1)) };
    store.append(over, &mut |bytes| bytes.fill(7)).unwrap();
    assert_eq!(copies(&path), 1);
    let later = at(20 * super::retention::DAY);
    let run = store.erase_due(Uuid::from_u128(1), super::retention::two_weeks(), later).unwrap().unwrap();
    assert_eq!(copies(&path), 0);
    assert!(store.prove(&run, &[], later).unwrap().holds);
}

/// An old database was put here by hand, which lacks an erasure of the list: the start that migrates it makes it up, and must
/// not leave the key in the copy that it has just made.
#[test]
fn a_copy_that_holds_what_the_list_erases_goes_with_the_very_start_that_made_it() {
    let (_temporary, path) = desk_of_schema_1();
    drop(Store::open(&path, &key()).unwrap());
    Store::open(&path, &key()).unwrap().erase(concern(1), at(101)).unwrap();
    fs::remove_dir_all(&path).unwrap();
    let (_other, old) = desk_of_schema_1();
    fs::rename(&old, &path).unwrap();
    let store = Store::open(&path, &key()).unwrap();
    assert_eq!(store.events(visit(1)).unwrap().first().unwrap().body, None);
    assert_eq!(copies(&path), 0);
}

#[test]
fn the_copy_from_before_a_migration_can_be_restored() {
    let (temporary, path) = desk_of_schema_1();
    let store = Store::open(&path, &key()).unwrap();
    let copy = temporary.path().join("kept");
    fs::copy(folder::migration_copies(&path).unwrap().remove(0), &copy).unwrap();
    store.erase(concern(1), at(101)).unwrap();
    let list = crate::ErasureList::beside(&path);
    let place = temporary.path().join("restored");
    let restored = restore(
        &copy,
        &crate::BackupKey::Desk(key()),
        &place,
        &key(),
        crate::Erasures::In(&list),
        at(102),
        &mut super::backup::go_on,
    );
    let restored = restored.unwrap();
    assert_eq!((restored.events, restored.erased, restored.waiting), (3, 1, 1));
}

/// A disk that is full, a file in the way: the database stays as it was, and the next start tries again.
#[test]
fn a_migration_whose_copy_can_not_be_made_is_not_begun() {
    let (_temporary, path) = desk_of_schema_1();
    let in_the_way = path.join("of-schema-1.db");
    fs::create_dir(&in_the_way).unwrap();
    assert!(matches!(Store::open(&path, &key()), Err(StoreError::Io(_) | StoreError::Exists)));
    assert_eq!(migrations::version(&super::raw(&path)).unwrap(), 1);
    fs::remove_dir(&in_the_way).unwrap();
    drop(Store::open(&path, &key()).unwrap());
    assert_eq!(migrations::version(&super::raw(&path)).unwrap(), migrations::known());
}

#[test]
fn a_new_store_is_made_without_a_copy() {
    assert_eq!(copies(&Desk::new().path()), 0);
}

#[test]
#[ignore = "makes the fixture, once"]
fn make_the_fixture() {
    let path = fixture();
    assert!(!path.exists(), "{} is there already", path.display());
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut raw = database::open_writer(&path, &key()).unwrap();
    migrations::migrate_to(&mut raw, 1).unwrap();
    let mut writer = First { raw: &raw, entropy: Hashed(0), head: GENESIS, events: 0, rows: 0 };
    writer.visit(1, "open");
    writer.visit(2, "aborted");
    writer.event(visit(1).uuid(), concern(1), "tested", CANARY);
    writer.event(visit(1).uuid(), identification(1), "tested", b"erased");
    writer.event(visit(2).uuid(), Scope::Visit(visit(2)), "visit_aborted", OPENED.as_bytes());
    writer.tell(visit(1).uuid(), concern(1), b"told", "unknown");
    writer.tell(visit(2).uuid(), Scope::Visit(visit(2)), b"to be told", "pending");
    writer.tell(visit(1).uuid(), identification(1), b"never told", "pending");
    raw.execute_batch(
        "UPDATE scope_key SET key = NULL, destroyed_at_us = 1762070400000000
         WHERE scope_id IN (SELECT scope_id FROM journal WHERE scope_kind = 'identification');
         UPDATE outbox SET state = 'parked', settled_at_us = 1762070400000000, payload = NULL, last_outcome = 'erased'
         WHERE scope_kind = 'identification';",
    )
    .unwrap();
    raw.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(())).unwrap();
}

/// Writes one more event into a database of schema 1, behind all that the fixture has.
pub(super) fn write_as_the_first(
    store: &std::path::Path,
    visit: VisitId,
    scope: Scope,
    kind: &str,
    body: &[u8],
) {
    let raw = super::raw(store);
    let last = "SELECT hash, seq FROM journal ORDER BY seq DESC LIMIT 1";
    let (head, events) = raw.query_row(last, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    First { raw: &raw, entropy: Hashed(1 << 32), head, events, rows: 0 }.event(
        visit.uuid(),
        scope,
        kind,
        body,
    );
}

/// Writes rows as the first program did.
struct First<'a> {
    raw: &'a Connection,
    entropy: Hashed,
    head: [u8; 32],
    events: i64,
    rows: i64,
}

impl First<'_> {
    fn visit(&self, number: u128, state: &str) {
        let closed = (state != "open").then(|| at(9).as_microsecond());
        self.raw
            .execute(
                "INSERT INTO visit (visit, state, operator, opened_at_us, closed_at_us, changed_at_us)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?4)",
                (visit(number).uuid().as_bytes().as_slice(), state, OPERATOR, at(0).as_microsecond(), closed),
            )
            .unwrap();
    }

    fn key(&mut self, scope: Uuid) -> ScopeKey {
        let mut fresh = Zeroizing::new([0; KEY_LENGTH]);
        self.entropy.fill(fresh.as_mut_slice());
        crate::seal::key_for(self.raw, scope, &ScopeKey::new(fresh)).unwrap()
    }

    fn event(&mut self, visit: Uuid, scope: Scope, kind: &str, body: &[u8]) {
        self.events += 1;
        let (scope_kind, scope_id) = scope_parts(scope);
        let header = Header {
            seq: self.events,
            id: Uuid::from_u64_pair(1, self.events.unsigned_abs()),
            visit: VisitId::new(visit),
            scope,
            kind,
            version: 1,
            at_us: at(0).as_microsecond(),
        };
        let mut nonce = [0; NONCE_LENGTH];
        self.entropy.fill(&mut nonce);
        let sealed = self.key(scope_id).seal(&nonce, &header.canonical(), body).unwrap();
        let hash = chain::link(&self.head, &header.canonical(), &chain::body_hash(&nonce, &sealed));
        self.raw
            .execute(
                "INSERT INTO journal
                 (seq, event_id, visit, scope_kind, scope_id, kind, version, at_us, nonce, sealed, prev, hash)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, ?7, ?8, ?9, ?10, ?11)",
                (
                    header.seq,
                    header.id.as_bytes().as_slice(),
                    visit.as_bytes().as_slice(),
                    scope_kind,
                    scope_id.as_bytes().as_slice(),
                    kind,
                    header.at_us,
                    nonce.as_slice(),
                    &sealed,
                    self.head.as_slice(),
                    hash.as_slice(),
                ),
            )
            .unwrap();
        self.head = hash;
    }

    fn tell(&mut self, visit: Uuid, scope: Scope, payload: &[u8], state: &str) {
        self.rows += 1;
        let (scope_kind, scope_id) = scope_parts(scope);
        let id = Uuid::from_u64_pair(2, self.rows.unsigned_abs());
        let mut header = b"identplatz/outbox/header/1".to_vec();
        header.extend(id.as_bytes());
        header.extend(visit.as_bytes());
        header.extend(self.rows.to_be_bytes());
        header.extend(b"code");
        let mut nonce = [0; NONCE_LENGTH];
        self.entropy.fill(&mut nonce);
        let sealed = self.key(scope_id).seal(&nonce, &header, payload).unwrap();
        self.raw
            .execute(
                "INSERT INTO outbox (seq, id, visit, scope_kind, scope_id, kind, created_at_us, state, attempts,
                                     next_attempt_us, nonce, payload)
                 VALUES (?1, ?2, ?3, ?4, ?5, 'code', ?6, ?7, 0, ?6, ?8, ?9)",
                (
                    self.rows,
                    id.as_bytes().as_slice(),
                    visit.as_bytes().as_slice(),
                    scope_kind,
                    scope_id.as_bytes().as_slice(),
                    at(0).as_microsecond(),
                    state,
                    nonce.as_slice(),
                    sealed,
                ),
            )
            .unwrap();
    }
}
