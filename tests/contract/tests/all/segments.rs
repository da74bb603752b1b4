//! Desks' journals anchored at the service.

use account::{
    Delivery, JournalEntry, JournalSegmentRecord, MAX_ENTRIES, ProblemCode, ScopeKind, verify_checkpoint,
};
use base64ct::{Base64UrlUnpadded, Encoding};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    desk::{Desk, report},
    support::{DESK, World, id, refused},
};

pub(crate) const GENESIS: [u8; 32] = *b"identplatz/journal/genesis/v0001";

fn text(hash: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(hash)
}

fn entry(number: u64) -> JournalEntry {
    JournalEntry {
        event_id: id(),
        visit: Uuid::from_u128(0x019a_b000_0000_7000_8000_0000_0000_0001),
        scope_kind: match number % 3 {
            0 => ScopeKind::Visit,
            1 => ScopeKind::Identification,
            _ => ScopeKind::Concern,
        },
        scope_id: id(),
        kind: "evidence_recorded".to_owned(),
        version: 1,
        at_us: 1_795_339_060_000_000 + i64::try_from(number).unwrap(),
        body_hash: text(&Sha256::digest(number.to_be_bytes())),
    }
}

/// The chain as the contract describes it in words, once more.
fn link(prev: [u8; 32], seq: u64, entry: &JournalEntry) -> [u8; 32] {
    let scope = match entry.scope_kind {
        ScopeKind::Visit => 1,
        ScopeKind::Identification => 2,
        ScopeKind::Concern => 3,
    };
    Sha256::new()
        .chain_update(prev)
        .chain_update(b"identplatz/journal/header/1")
        .chain_update(seq.to_be_bytes())
        .chain_update(entry.event_id.as_bytes())
        .chain_update(entry.visit.as_bytes())
        .chain_update([scope])
        .chain_update(entry.scope_id.as_bytes())
        .chain_update([u8::try_from(entry.kind.len()).unwrap()])
        .chain_update(&entry.kind)
        .chain_update(entry.version.to_be_bytes())
        .chain_update(entry.at_us.to_be_bytes())
        .chain_update(Base64UrlUnpadded::decode_vec(&entry.body_hash).unwrap())
        .finalize()
        .into()
}

/// A stretch of a journal, and the hash of its last event.
pub(crate) fn segment(
    world: &World,
    (from, prev): (u64, [u8; 32]),
    events: u64,
) -> (JournalSegmentRecord, [u8; 32]) {
    let entries: Vec<_> = (from..from + events).map(entry).collect();
    let hash = entries.iter().zip(from..).fold(prev, |prev, (entry, seq)| link(prev, seq, entry));
    let record = JournalSegmentRecord {
        day: world.day(0),
        from_seq: from,
        until_seq: from + events - 1,
        prev_hash: text(&prev),
        entries,
        hash: text(&hash),
    };
    (record, hash)
}

/// The first event of a journal.
pub(crate) fn first(world: &World) -> JournalSegmentRecord {
    segment(world, (1, GENESIS), 1).0
}

pub(crate) async fn anchored(desk: &Desk, delivery: &Delivery) -> String {
    desk.deliver(delivery).await.unwrap().checkpoint.unwrap()
}

#[tokio::test]
async fn a_journal_is_anchored_stretch_by_stretch_and_every_end_is_countersigned() {
    let world = World::start();
    let desk = world.desk().await;
    let (first, head) = segment(&world, (1, GENESIS), 3);
    let (second, end) = segment(&world, (4, head), u64::try_from(MAX_ENTRIES).unwrap());
    let ca = &world.service.ca_certificate().to_owned();
    let delivery = desk.segment(&first);
    let jws = anchored(&desk, &delivery).await;
    let checkpoint = verify_checkpoint(&jws, ca).unwrap();
    assert_eq!((checkpoint.desk.as_str(), checkpoint.seq, checkpoint.hash), (DESK, 3, head));
    assert_eq!(checkpoint.at, world.now());
    assert_eq!(anchored(&desk, &delivery).await, jws, "its first answer");

    let world = world.restart();
    let longest = desk.segment(&second);
    assert!(longest.body.len() > 64 * 1024, "only segments may be so long");
    let checkpoint = verify_checkpoint(&anchored(&desk, &longest).await, ca).unwrap();
    assert_eq!((checkpoint.seq, checkpoint.hash), (503, end));
    let elsewhere = World::start();
    assert!(verify_checkpoint(&jws, elsewhere.service.ca_certificate()).is_err());
    world.check_exchanges();
}

#[tokio::test]
async fn a_segment_that_does_not_continue_the_journal_is_refused() {
    let world = World::start();
    let desk = world.desk().await;
    let neighbour = Desk::new(&world.endpoint(), &world.enrol("0312-05").await);
    let (first, head) = segment(&world, (1, GENESIS), 3);
    for (what, (other, _)) in [
        ("not the first event", segment(&world, (2, GENESIS), 2)),
        ("another beginning", segment(&world, (1, [0; 32]), 2)),
    ] {
        assert_eq!(refused(&desk, &desk.segment(&other)).await, ProblemCode::SegmentOutOfOrder, "{what}");
    }
    anchored(&desk, &desk.segment(&first)).await;
    for (what, (other, _)) in [
        ("again", segment(&world, (1, GENESIS), 3)),
        ("another history", segment(&world, (4, [7; 32]), 3)),
        ("a gap", segment(&world, (5, head), 3)),
        ("an overlap", segment(&world, (3, head), 3)),
    ] {
        assert_eq!(refused(&desk, &desk.segment(&other)).await, ProblemCode::SegmentOutOfOrder, "{what}");
    }
    let (next, _) = segment(&world, (4, head), 1);
    assert_eq!(refused(&neighbour, &neighbour.segment(&next)).await, ProblemCode::SegmentOutOfOrder);
    anchored(&desk, &desk.segment(&next)).await;
    world.check_exchanges();
}

#[tokio::test]
async fn a_segment_whose_entries_do_not_give_its_hash_is_refused() {
    let world = World::start();
    let desk = world.desk().await;
    let (right, _) = segment(&world, (1, GENESIS), 3);
    type Change = fn(&mut JournalSegmentRecord);
    let changes: [(&str, Change); 6] = [
        ("a time", |segment| segment.entries[1].at_us += 1),
        ("a kind", |segment| segment.entries[2].kind = "code_voided".to_owned()),
        ("a scope", |segment| segment.entries[0].scope_kind = ScopeKind::Concern),
        ("a body", |segment| segment.entries[1].body_hash = text(&[0; 32])),
        ("the order", |segment| segment.entries.swap(0, 1)),
        ("the hash", |segment| segment.hash = text(&[0; 32])),
    ];
    for (what, change) in changes {
        let mut wrong = right.clone();
        change(&mut wrong);
        assert_eq!(refused(&desk, &desk.segment(&wrong)).await, ProblemCode::SegmentChainBroken, "{what}");
    }
    anchored(&desk, &desk.segment(&right)).await;
    world.check_exchanges();
}

#[tokio::test]
async fn a_segment_says_how_many_events_it_has_and_holds_no_more_than_500() {
    let world = World::start();
    let desk = world.desk().await;
    let (mut short, _) = segment(&world, (1, GENESIS), 3);
    short.until_seq = 4;
    assert_eq!(refused(&desk, &desk.segment(&short)).await, ProblemCode::Validation);
    let (long, _) = segment(&world, (1, GENESIS), u64::try_from(MAX_ENTRIES).unwrap() + 1);
    assert_eq!(refused(&desk, &desk.segment(&long)).await, ProblemCode::Validation);
    let (mut none, _) = segment(&world, (1, GENESIS), 1);
    none.entries.clear();
    none.until_seq = 0;
    assert_eq!(refused(&desk, &desk.segment(&none)).await, ProblemCode::Validation);
}

#[tokio::test]
async fn entries_go_after_a_year_and_the_anchor_stays() {
    let world = World::start();
    let desk = world.desk().await;
    let (first, head) = segment(&world, (1, GENESIS), 3);
    anchored(&desk, &desk.segment(&first)).await;
    world.pass_days(300);
    desk.heartbeat(&report()).await.unwrap();
    world.pass_days(60);
    let (next, _) = segment(&world, (4, head), 2);
    anchored(&desk, &desk.segment(&next)).await;
    assert_eq!(world.service.anchored_entries(DESK).unwrap(), 5);
    world.pass_days(7);
    desk.heartbeat(&report()).await.unwrap();
    assert_eq!(world.service.anchored_entries(DESK).unwrap(), 2);
    assert_eq!(world.service.record_gaps(DESK).unwrap(), []);
    world.check_exchanges();
}
