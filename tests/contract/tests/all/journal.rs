//! The journal as the product's store writes it, anchored at the service: two programs calculate one chain.

use account::{JournalEntry, JournalSegmentRecord, ScopeKind, verify_checkpoint};
use base64ct::{Base64UrlUnpadded, Encoding};
use identification::{ConcernId, IdentificationId, Scope, VisitId};
use store::{Batch, DatabaseKey, Record, SegmentDraft, Store};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::support::{World, id};

/// An event in each kind of scope.
fn events(visit: VisitId) -> Vec<Record> {
    let scopes = [
        Scope::Visit(visit),
        Scope::Identification(IdentificationId::new(id())),
        Scope::Concern(ConcernId::new(id())),
    ];
    let kinds = ["visit_opened", "document_checked", "code_generated"];
    let event = |(scope, kind)| {
        let body = Zeroizing::new(br#"{"what":"nobody else can read it"}"#.to_vec());
        Record { id: id(), scope, kind, version: 2, body }
    };
    scopes.into_iter().zip(kinds).map(event).collect()
}

fn text(hash: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(hash)
}

fn number(seq: i64) -> u64 {
    u64::try_from(seq).unwrap()
}

/// What the shell makes of a draft.
fn record(draft: &SegmentDraft) -> JournalSegmentRecord {
    let entries = draft.entries.iter().map(|entry| {
        let (scope_kind, scope_id): (_, Uuid) = match entry.scope {
            Scope::Visit(id) => (ScopeKind::Visit, id.uuid()),
            Scope::Identification(id) => (ScopeKind::Identification, id.uuid()),
            Scope::Concern(id) => (ScopeKind::Concern, id.uuid()),
        };
        JournalEntry {
            event_id: entry.event_id,
            visit: entry.visit.uuid(),
            scope_kind,
            scope_id,
            kind: entry.kind.clone(),
            version: entry.version,
            at_us: entry.at.as_microsecond(),
            body_hash: text(&entry.body_hash),
        }
    });
    JournalSegmentRecord {
        day: draft.day,
        from_seq: number(draft.from_seq),
        until_seq: number(draft.until_seq),
        prev_hash: text(&draft.prev_hash),
        entries: entries.collect(),
        hash: text(&draft.hash),
    }
}

#[tokio::test]
async fn the_stores_journal_is_anchored_as_it_is_written() {
    let world = World::start();
    let desk = world.desk().await;
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("store"), &DatabaseKey::new(&[0x5a; 32]).unwrap()).unwrap();
    let mut counter = 0_u8;
    let mut entropy = |bytes: &mut [u8]| {
        counter = counter.wrapping_add(1);
        bytes.fill(counter);
    };
    let visit = VisitId::new(id());
    let at = "2026-11-21T09:17:40.123456Z".parse().unwrap();
    let records = events(visit);
    let batch = Batch { visit, at, records, outbox: vec![], visit_row: None, erase: vec![] };
    let head = store.append(batch, &mut entropy).unwrap();

    let draft = store.cut_segment(world.day(0), id()).unwrap().unwrap();
    assert_eq!((draft.until_seq, draft.hash), (head.seq, head.hash));
    let delivered = desk.deliver(&desk.segment(&record(&draft))).await.unwrap();
    let checkpoint =
        verify_checkpoint(&delivered.checkpoint.unwrap(), world.service.ca_certificate()).unwrap();
    assert_eq!((checkpoint.seq, checkpoint.hash), (number(head.seq), head.hash));
    let sent: Vec<u8> = world.exchanges().into_iter().flat_map(|exchange| exchange.request.1).collect();
    assert!(crate::support::holds(&sent, "code_generated"), "the search finds what is there");
    assert!(!crate::support::holds(&sent, "nobody else can read it"));
    world.check_exchanges();
}
