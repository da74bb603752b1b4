//! Tampering with a journal of which a part was pruned, as somebody with the key could: the first broken place is named.

use std::fs;

use rusqlite::{Connection, types::Value};

use super::{Desk, key, segments::checkpoint_of};
use crate::{Break, Head, Reader, Verification, database, folder};

/// Four visits of three events: pruned behind a checkpoint, countersigned, told, and not told yet.
struct Tampered {
    desk: Desk,
    raw: Connection,
}

impl Tampered {
    fn new() -> Self {
        let mut desk = Desk::new();
        for number in [1, 2] {
            desk.finished(number);
            desk.tell_journal();
        }
        desk.wipe(1);
        assert_eq!(desk.prune().until, 3);
        desk.finished(3);
        let draft = desk.cut().unwrap();
        desk.append_segment(draft).unwrap();
        let head = desk.finished(4);
        assert_eq!(desk.store().verify().unwrap(), Verification::Intact { events: 9, head, pruned_until: 3 });
        desk.close();
        let raw = desk.raw();
        let triggers: Vec<String> = raw
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name IN ('journal', 'segment')")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        for trigger in triggers {
            raw.execute_batch(&format!("DROP TRIGGER {trigger}")).unwrap();
        }
        raw.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON").unwrap();
        raw.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        database::trust(&raw).unwrap();
        Self { desk, raw }
    }

    fn verify(&self) -> Verification {
        Reader::open(&self.desk.path(), &key()).unwrap().verify().unwrap()
    }

    fn value(&self, column: &str, seq: i64) -> Value {
        let sql = format!("SELECT {column} FROM journal WHERE seq = ?1");
        self.raw.query_row(&sql, [seq], |row| row.get(0)).unwrap()
    }

    fn set(&self, column: &str, seq: i64, value: &Value) {
        let sql = format!("UPDATE journal SET {column} = ?2 WHERE seq = ?1");
        assert_eq!(self.raw.execute(&sql, (seq, value)).unwrap(), 1);
    }
}

/// Values that differ from `value` in one place.
fn others(value: &Value) -> Vec<Value> {
    match value {
        Value::Blob(bytes) => {
            let flipped = |place: usize| {
                let mut bytes = bytes.clone();
                *bytes.get_mut(place).unwrap() ^= 0x80;
                Value::Blob(bytes)
            };
            let (cut, longer) = (bytes.split_last().unwrap().1.to_vec(), [bytes.as_slice(), &[0]].concat());
            vec![flipped(0), flipped(bytes.len() - 1), Value::Blob(cut), Value::Blob(longer)]
        }
        Value::Text(text) => [format!("{text}x"), String::new(), "visit".to_owned()]
            .into_iter()
            .filter(|other| other != text)
            .map(Value::Text)
            .collect(),
        Value::Integer(number) => {
            vec![Value::Integer(number + 1), Value::Integer(-1), Value::Integer(i64::MAX)]
        }
        Value::Null | Value::Real(_) => unreachable!("no such column"),
    }
}

#[test]
fn every_change_of_every_column_is_named_with_its_event() {
    let tampered = Tampered::new();
    for seq in [4, 8, 12] {
        for column in [
            "event_id",
            "visit",
            "scope_kind",
            "scope_id",
            "kind",
            "version",
            "at_us",
            "nonce",
            "sealed",
            "prev",
            "hash",
        ] {
            let value = tampered.value(column, seq);
            for other in others(&value) {
                tampered.set(column, seq, &other);
                let found = tampered.verify();
                tampered.set(column, seq, &value);
                let Verification::Broken { seq: named, what } = found else {
                    panic!("{column} {seq} {other:?}")
                };
                assert_eq!(named, seq, "{column} {other:?}");
                let well_formed = matches!(&other, Value::Blob(bytes) if bytes.len() == 32);
                let expected = if column == "prev" && well_formed { Break::Link } else { Break::Content };
                assert_eq!(what, expected, "{column} {seq} {other:?}");
            }
        }
    }
    assert!(matches!(tampered.verify(), Verification::Intact { events: 9, .. }));
}

/// Runs each statement on the untouched database and looks for the break.
#[track_caller]
fn check(cases: &[(&str, i64, Break)]) {
    let Tampered { desk, raw } = Tampered::new();
    drop(raw);
    let file = folder::database(&desk.path());
    let untouched = fs::read(&file).unwrap();
    for (sql, seq, what) in cases {
        fs::write(&file, &untouched).unwrap();
        let raw = desk.raw();
        raw.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON").unwrap();
        raw.execute_batch(sql).unwrap();
        // Closing empties the log, so that the next one begins with the file alone.
        database::trust(&raw).unwrap();
        drop(raw);
        let found = Reader::open(&desk.path(), &key()).unwrap().verify().unwrap();
        assert_eq!(found, Verification::Broken { seq: *seq, what: *what }, "{sql}");
    }
}

#[test]
fn rows_that_are_missing_or_were_put_back_are_named() {
    check(&[
        ("DELETE FROM journal WHERE seq = 4", 4, Break::Missing),
        ("DELETE FROM journal WHERE seq = 7", 7, Break::Missing),
        ("DELETE FROM journal WHERE seq > 8", 9, Break::Missing),
        ("DELETE FROM journal", 4, Break::Missing),
        (
            "INSERT INTO journal SELECT 2, zeroblob(16), visit, scope_kind, scope_id, kind, version, at_us, nonce, sealed,
             prev, hash FROM journal WHERE seq = 4",
            2,
            Break::Surplus,
        ),
    ]);
}

#[test]
fn a_segment_that_is_not_what_was_told_is_named() {
    check(&[
        ("UPDATE segment SET hash = zeroblob(32) WHERE until_seq = 9", 7, Break::Segment),
        ("UPDATE segment SET hash = zeroblob(31) WHERE until_seq = 9", 7, Break::Segment),
        ("UPDATE segment SET prev = zeroblob(32) WHERE until_seq = 9", 7, Break::Segment),
        ("UPDATE segment SET from_seq = 8 WHERE until_seq = 9", 7, Break::Segment),
        ("UPDATE segment SET until_seq = 8 WHERE until_seq = 9", 7, Break::Segment),
        ("UPDATE segment SET until_seq = 99 WHERE until_seq = 9", 13, Break::Missing),
        ("UPDATE segment SET day = 'today' WHERE until_seq = 9", 7, Break::Segment),
        ("UPDATE segment SET id = zeroblob(3) WHERE until_seq = 9", 7, Break::Segment),
        ("DELETE FROM segment WHERE until_seq = 6", 4, Break::Segment),
        ("UPDATE segment SET prev = zeroblob(32) WHERE until_seq = 3", 1, Break::Segment),
        ("UPDATE segment SET from_seq = 2 WHERE until_seq = 3", 1, Break::Segment),
        ("UPDATE segment SET pruned_at_us = 0 WHERE until_seq = 6", 4, Break::Surplus),
        (
            "UPDATE segment SET pruned_at_us = 0 WHERE until_seq = 6;
             UPDATE segment SET pruned_at_us = NULL WHERE until_seq = 3",
            1,
            Break::Segment,
        ),
        ("UPDATE segment SET pruned_at_us = NULL", 1, Break::Missing),
        ("DELETE FROM segment", 1, Break::Missing),
    ]);
}

#[test]
fn a_checkpoint_of_something_else_is_named() {
    let other = checkpoint_of(Head { seq: 6, hash: [1; 32] });
    check(&[
        ("UPDATE segment SET checkpoint = 'e30.e30.e30' WHERE until_seq = 6", 4, Break::Checkpoint),
        ("UPDATE segment SET hash = zeroblob(32) WHERE until_seq = 6", 4, Break::Checkpoint),
        ("UPDATE segment SET until_seq = 5 WHERE until_seq = 6", 4, Break::Checkpoint),
        ("UPDATE segment SET checkpoint = 'e30.e30.e30' WHERE until_seq = 3", 1, Break::Checkpoint),
        ("UPDATE segment SET hash = zeroblob(32) WHERE until_seq = 3", 1, Break::Checkpoint),
        (&format!("UPDATE segment SET checkpoint = '{other}' WHERE until_seq = 6"), 4, Break::Checkpoint),
    ]);
}

/// A chain that was computed anew from somewhere on is whole in itself; what the service has countersigned isn't in it.
#[test]
fn a_chain_that_was_forged_from_an_event_on_breaks_at_the_segment_that_was_told() {
    let tampered = Tampered::new();
    let mut head = Head { seq: 4, hash: [0; 32] };
    let Value::Blob(hash) = tampered.value("hash", 4) else { panic!() };
    head.hash = hash.try_into().unwrap();
    for seq in 5..=12 {
        tampered.set("prev", seq, &Value::Blob(head.hash.to_vec()));
        tampered.set("at_us", seq, &Value::Integer(seq));
        let hash = tampered
            .raw
            .query_row("SELECT * FROM journal WHERE seq = ?1", [seq], |row| {
                let header = crate::chain::header(row).unwrap().canonical();
                let (nonce, sealed) =
                    (crate::row::bytes(row, "nonce").unwrap(), row.get::<_, Vec<u8>>("sealed")?);
                Ok(crate::chain::link(&head.hash, &header, &crate::chain::body_hash(&nonce, &sealed)))
            })
            .unwrap();
        tampered.set("hash", seq, &Value::Blob(hash.to_vec()));
        head = Head { seq, hash };
    }
    assert_eq!(tampered.verify(), Verification::Broken { seq: 4, what: Break::Segment });
    tampered.raw.execute_batch("DELETE FROM segment WHERE until_seq > 3").unwrap();
    assert_eq!(
        tampered.verify(),
        Verification::Intact { events: 9, head, pruned_until: 3 },
        "the service tells"
    );
}
