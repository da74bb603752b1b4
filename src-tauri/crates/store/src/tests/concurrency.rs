use std::thread;

use super::{Desk, concern, empty, key, visit};
use crate::{Batch, Reader, Verification};

#[test]
fn a_reader_sees_a_whole_chain_at_every_moment_while_the_desk_writes() {
    const EVENTS: u64 = 200;
    let mut desk = Desk::new();
    let path = desk.path();
    let reader = thread::spawn(move || {
        let (reader, mut walks, mut last) = (Reader::open(&path, &key()).unwrap(), 0, 0);
        while last < EVENTS {
            match reader.verify().unwrap() {
                Verification::Intact { events, .. } => {
                    // Batches of two are seen whole or not at all.
                    assert!(events >= last && events % 2 == 0, "{events} after {last}");
                    (last, walks) = (events, walks + 1);
                }
                broken @ Verification::Broken { .. } => panic!("{broken:?}"),
            }
        }
        walks
    });
    for _ in 0..EVENTS / 2 {
        let records = vec![desk.record(concern(1), b"first"), desk.record(concern(1), b"second")];
        desk.append(Batch { records, ..empty(visit(1)) }).unwrap();
    }
    assert!(reader.join().unwrap() > 1);
}

#[test]
fn many_threads_write_one_gapless_chain() {
    let desk = Desk::new();
    let writers: Vec<_> = (1..=4_u64)
        .map(|writer| {
            let store = desk.store().clone();
            thread::spawn(move || {
                let mut entropy = super::Hashed(writer << 32);
                for number in 0..25 {
                    let record = crate::Record {
                        id: uuid::Uuid::from_u64_pair(writer, number),
                        scope: concern(u128::from(writer)),
                        kind: "tested",
                        version: 1,
                        body: zeroize::Zeroizing::new(vec![1]),
                    };
                    let batch = Batch { records: vec![record], ..empty(visit(u128::from(writer))) };
                    store.append(batch, &mut |bytes| entropy.fill(bytes)).unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.join().unwrap();
    }
    assert!(matches!(desk.store().verify().unwrap(), Verification::Intact { events: 100, .. }));
}
