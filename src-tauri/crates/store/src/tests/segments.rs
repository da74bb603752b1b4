//! Cutting the journal into segments, and the service's checkpoints.

use base64ct::{Base64UrlUnpadded, Encoding};
use identification::Scope;
use jiff::{civil::Date, civil::date};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{Desk, at, concern, empty, identification, visit};
use crate::{
    Batch, DeskRecord, GENESIS, Head, MAX_RECORDS, MAX_SEGMENT, Outcome, RecordLink, SegmentDraft,
    StoreError, Verification,
};

pub(super) const DAY: Date = date(2026, 11, 2);

/// What a service would answer: a compact JWS, of which the store reads the payload.
pub(super) fn checkpoint_of(head: Head) -> String {
    let hash = Base64UrlUnpadded::encode_string(&head.hash);
    let payload =
        format!(r#"{{"desk":"0312-04","seq":{},"hash":"{hash}","at":"2026-11-02T20:00:00Z"}}"#, head.seq);
    ["{}", &payload, "signature"].map(|part| Base64UrlUnpadded::encode_string(part.as_bytes())).join(".")
}

impl Desk {
    pub(super) fn cut(&mut self) -> Option<SegmentDraft> {
        let id = self.id();
        self.store().cut_segment(DAY, id).unwrap()
    }

    /// The record of a segment that follows the last record.
    pub(super) fn segment_record(&mut self) -> DeskRecord {
        let RecordLink { seq, .. } = self.store().last_record().unwrap();
        let link = RecordLink { seq: seq + 1, hash: [7; 32] };
        DeskRecord { id: self.id(), kind: "segment", payload: Zeroizing::new(b"{}".to_vec()), link }
    }

    pub(super) fn append_segment(&mut self, draft: SegmentDraft) -> Result<(), StoreError> {
        let record = self.segment_record();
        self.append_segment_as(draft, record)
    }

    fn append_segment_as(&mut self, draft: SegmentDraft, record: DeskRecord) -> Result<(), StoreError> {
        let store = self.store.as_ref().unwrap();
        store.append_segment(draft, record, at(9), &mut |bytes| self.entropy.fill(bytes))
    }

    /// Tells the service of everything, which countersigns; the last event that it knows.
    pub(super) fn tell_journal(&mut self) -> Head {
        let mut head = Head::START;
        while let Some(draft) = self.cut() {
            let id = draft.id;
            head = Head { seq: draft.until_seq, hash: draft.hash };
            self.append_segment(draft).unwrap();
            self.store().checkpoint(id, checkpoint_of(head), at(10)).unwrap();
        }
        head
    }

    /// Delivers everything that waits.
    pub(super) fn deliver_all(&self, seconds: i64) {
        while let Some(id) = self.lease_id(seconds) {
            self.settle(id, Outcome::Delivered, seconds);
        }
    }
}

/// Computed as the contract describes it to the service, without any code of the chain.
fn chain_of(draft: &SegmentDraft) -> [u8; 32] {
    let (mut hash, mut seq) = (draft.prev_hash, draft.from_seq);
    for entry in &draft.entries {
        let (scope_kind, scope) = match entry.scope {
            Scope::Visit(id) => (1_u8, id.uuid()),
            Scope::Identification(id) => (2, id.uuid()),
            Scope::Concern(id) => (3, id.uuid()),
        };
        hash = Sha256::new()
            .chain_update(hash)
            .chain_update(b"identplatz/journal/header/1")
            .chain_update(seq.to_be_bytes())
            .chain_update(entry.event_id.as_bytes())
            .chain_update(entry.visit.uuid().as_bytes())
            .chain_update([scope_kind])
            .chain_update(scope.as_bytes())
            .chain_update([u8::try_from(entry.kind.len()).unwrap()])
            .chain_update(entry.kind.as_bytes())
            .chain_update(entry.version.to_be_bytes())
            .chain_update(entry.at.as_microsecond().to_be_bytes())
            .chain_update(entry.body_hash)
            .finalize()
            .into();
        seq += 1;
    }
    assert_eq!(seq, draft.until_seq + 1);
    hash
}

#[test]
fn whoever_has_a_segment_can_compute_its_chain_without_any_body() {
    let mut desk = Desk::new();
    desk.note(Scope::Visit(visit(1)), b"opened");
    desk.note(identification(1), b"evidence");
    let head = desk.note(concern(1), b"code");
    let first = desk.cut().unwrap();
    assert_eq!((first.from_seq, first.until_seq, first.prev_hash, first.day), (1, 3, GENESIS, DAY));
    assert_eq!(Head { seq: first.until_seq, hash: first.hash }, head);
    assert_eq!(chain_of(&first), head.hash);
    desk.append_segment(first).unwrap();

    desk.store().erase(concern(1), at(1)).unwrap();
    let head = desk.note(concern(2), b"next");
    let second = desk.cut().unwrap();
    assert_eq!((second.from_seq, second.until_seq, second.entries.len()), (4, 4, 1));
    assert_eq!(chain_of(&second), head.hash);
}

#[test]
fn nothing_is_cut_while_nothing_is_new() {
    let mut desk = Desk::new();
    assert_eq!(desk.cut(), None);
    desk.note(concern(1), b"body");
    let draft = desk.cut().unwrap();
    desk.append_segment(draft).unwrap();
    assert_eq!(desk.cut(), None);
}

#[test]
fn what_the_service_is_not_told_of_yet_is_counted_and_told_once() {
    let mut desk = Desk::new();
    assert_eq!(desk.store().untold().unwrap(), 0);
    desk.note(concern(1), b"body");
    desk.note(concern(1), b"body");
    assert_eq!(desk.store().untold().unwrap(), 2);
    let draft = desk.cut().unwrap();
    assert_eq!(desk.store().untold().unwrap(), 2, "cutting alone tells nobody");
    desk.append_segment(draft).unwrap();
    assert_eq!(desk.store().untold().unwrap(), 0);
}

#[test]
fn a_long_journal_is_told_in_segments_that_continue_each_other() {
    let mut desk = Desk::new();
    let batches = MAX_SEGMENT / MAX_RECORDS + 1;
    for _ in 0..batches {
        let records = (0..MAX_RECORDS).map(|_| desk.record(concern(1), b"body")).collect();
        desk.append(Batch { records, ..empty(visit(1)) }).unwrap();
    }
    let first = desk.cut().unwrap();
    assert_eq!(first.entries.len(), MAX_SEGMENT);
    let end = (first.until_seq, first.hash);
    desk.append_segment(first).unwrap();
    let second = desk.cut().unwrap();
    assert_eq!((second.from_seq - 1, second.prev_hash), end);
    assert_eq!(second.entries.len(), batches * MAX_RECORDS - MAX_SEGMENT);
    assert_eq!(chain_of(&second), second.hash);
}

#[test]
fn a_segments_record_goes_out_as_the_desks_own() {
    let mut desk = Desk::new();
    let row = desk.tell(visit(1), concern(1), b"row");
    desk.note(concern(1), b"body");
    let draft = desk.cut().unwrap();
    desk.append_segment(draft).unwrap();
    assert_eq!(desk.lease_id(1), Some(row));
    let segment = desk.lease(1);
    assert!(segment.is_none(), "it waits behind an older row like every other one");
    desk.settle(row, Outcome::Delivered, 1);
    let segment = desk.lease(9).unwrap();
    assert_eq!((segment.visit, segment.scope, segment.kind.as_str()), (None, None, "segment"));
    assert_eq!(segment.payload.as_slice(), b"{}");
}

#[test]
fn a_segment_that_is_out_of_date_is_not_written() {
    let mut desk = Desk::new();
    desk.note(concern(1), b"body");
    let (draft, twice) = (desk.cut().unwrap(), desk.cut().unwrap());
    desk.append_segment(draft.clone()).unwrap();
    assert!(matches!(desk.append_segment(twice), Err(StoreError::OutOfOrder)));
    desk.note(concern(1), b"more");
    let next = desk.cut().unwrap();
    for wrong in [
        SegmentDraft { hash: [1; 32], ..next.clone() },
        SegmentDraft { prev_hash: GENESIS, ..next.clone() },
        SegmentDraft { from_seq: 1, ..next.clone() },
        SegmentDraft { until_seq: 9, ..next.clone() },
        SegmentDraft { until_seq: 1, hash: draft.hash, ..next.clone() },
    ] {
        let before = desk.store().last_record().unwrap();
        assert!(matches!(desk.append_segment(wrong), Err(StoreError::OutOfOrder)));
        assert_eq!(desk.store().last_record().unwrap(), before, "nothing of it was kept");
    }
    let mut record = desk.segment_record();
    record.link.seq += 1;
    assert!(matches!(desk.append_segment_as(next.clone(), record), Err(StoreError::OutOfOrder)));
    assert_eq!(desk.store().segments(9).unwrap().len(), 1);
    desk.append_segment(next).unwrap();
}

#[test]
fn events_that_happen_while_a_segment_is_signed_are_in_the_next_one() {
    let mut desk = Desk::new();
    desk.note(concern(1), b"body");
    let draft = desk.cut().unwrap();
    desk.note(concern(1), b"meanwhile");
    desk.append_segment(draft).unwrap();
    let next = desk.cut().unwrap();
    assert_eq!((next.from_seq, next.until_seq), (2, 2));
}

#[test]
fn a_checkpoint_is_kept_if_it_is_this_segments_and_the_first_one_stays() {
    let mut desk = Desk::new();
    let head = desk.note(concern(1), b"body");
    let draft = desk.cut().unwrap();
    let id = draft.id;
    desk.append_segment(draft).unwrap();
    let other = Head { seq: 2, ..head };
    let forged = Head { hash: [0; 32], ..head };
    for wrong in
        [checkpoint_of(other), checkpoint_of(forged), "a.b".to_owned(), String::new(), "a.b.c".repeat(9_999)]
    {
        let refused = desk.store().checkpoint(id, wrong, at(10));
        assert!(matches!(refused, Err(StoreError::Malformed { what: "checkpoint" })), "{refused:?}");
    }
    let unknown = desk.store().checkpoint(Uuid::from_u128(999), checkpoint_of(head), at(10));
    assert!(matches!(unknown, Err(StoreError::NoSuchSegment)));
    assert_eq!(desk.store().segments(1).unwrap().remove(0).checkpoint, None);

    let first = checkpoint_of(head);
    desk.store().checkpoint(id, first.clone(), at(10)).unwrap();
    desk.store().checkpoint(id, first.replace(".c2ln", ".c2lnbg"), at(11)).unwrap();
    let kept = desk.store().segments(1).unwrap().remove(0);
    assert_eq!((kept.id, kept.day, kept.from_seq, kept.head), (id, DAY, 1, head));
    assert_eq!(kept.checkpoint, Some(first));
    assert!(matches!(desk.store().verify().unwrap(), Verification::Intact { events: 1, .. }));
}

#[test]
fn the_schema_itself_refuses_to_change_a_segment() {
    let mut desk = Desk::new();
    desk.note(concern(1), b"body");
    desk.tell_journal();
    let raw = desk.raw();
    for sql in [
        "UPDATE segment SET hash = zeroblob(32)",
        "UPDATE segment SET until_seq = 9",
        "UPDATE segment SET checkpoint = 'other'",
        "UPDATE segment SET checkpoint = NULL, confirmed_at_us = NULL",
        "DELETE FROM segment",
        "INSERT INTO segment (until_seq, from_seq, id, day, prev, hash, cut_at_us)
         VALUES (9, 3, zeroblob(16), '2026-11-02', zeroblob(32), zeroblob(32), 0)",
        "UPDATE record_chain SET seq = 0",
        "UPDATE record_chain SET hash = zeroblob(32)",
        "DELETE FROM record_chain",
    ] {
        assert!(raw.execute_batch(sql).is_err(), "{sql}");
    }
}
