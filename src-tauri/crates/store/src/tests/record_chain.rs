//! The chain of what this desk signs.

use super::{Desk, concern, empty, visit};
use crate::{Batch, OutboxRecord, RecordLink, StoreError};

impl Desk {
    /// An outbox row that is the `seq`-th record.
    fn signed(&mut self, seq: u64) -> OutboxRecord {
        let link = Some(RecordLink { seq, hash: [u8::try_from(seq).unwrap(); 32] });
        OutboxRecord { link, ..self.outbox_record(concern(1), b"record") }
    }

    fn append_signed(&mut self, numbers: &[u64]) -> Result<(), StoreError> {
        let outbox = numbers.iter().map(|seq| self.signed(*seq)).collect();
        self.append(Batch { outbox, ..empty(visit(1)) }).map(drop)
    }
}

#[test]
fn a_record_follows_the_last_one_without_a_gap_also_after_a_restart() {
    let mut desk = Desk::new();
    assert_eq!(desk.store().last_record().unwrap(), RecordLink::START);
    desk.append_signed(&[1]).unwrap();
    desk.append_signed(&[2, 3]).unwrap();
    desk.reopen().unwrap();
    assert_eq!(desk.store().last_record().unwrap(), RecordLink { seq: 3, hash: [3; 32] });
    desk.append_signed(&[4]).unwrap();
}

#[test]
fn a_record_that_is_not_the_next_one_is_refused_with_its_whole_batch() {
    let mut desk = Desk::new();
    desk.append_signed(&[1]).unwrap();
    for wrong in [&[1][..], &[0], &[3], &[2, 2], &[2, 4], &[3, 2]] {
        assert!(matches!(desk.append_signed(wrong), Err(StoreError::OutOfOrder)), "{wrong:?}");
    }
    assert_eq!(desk.store().last_record().unwrap(), RecordLink { seq: 1, hash: [1; 32] });
    assert_eq!(desk.store().depth().unwrap().waiting, 1);
}

#[test]
fn a_batch_that_fails_leaves_the_chain_as_it_was() {
    let mut desk = Desk::new();
    desk.append_signed(&[1]).unwrap();
    let (first, mut twice) = (desk.signed(2), desk.signed(3));
    twice.id = first.id;
    let batch = Batch { outbox: vec![first, twice], ..empty(visit(1)) };
    assert!(matches!(desk.append(batch), Err(StoreError::Duplicate)));
    assert_eq!(desk.store().last_record().unwrap().seq, 1);
}

#[test]
fn rows_that_are_no_records_leave_the_chain_alone() {
    let mut desk = Desk::new();
    desk.tell(visit(1), concern(1), b"row");
    assert_eq!(desk.store().last_record().unwrap(), RecordLink::START);
}
