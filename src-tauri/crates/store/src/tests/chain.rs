use super::{Desk, at, concern, key, visit};
use crate::{
    Break, Reader, Verification,
    chain::{Header, body_hash, link},
};

/// A desk with five events whose journal can be tampered with, as somebody with the key could.
fn tampered(sql: &str) -> Verification {
    let mut desk = Desk::new();
    for number in 1..=5_u8 {
        desk.note(concern(u128::from(number)), &[number; 20]);
    }
    assert!(matches!(desk.store().verify().unwrap(), Verification::Intact { events: 5, .. }));
    desk.close();
    let raw = desk.raw();
    raw.execute_batch(
        "DROP TRIGGER journal_is_never_changed; DROP TRIGGER journal_is_shortened_behind_a_checkpoint_only;",
    )
    .unwrap();
    raw.execute_batch(sql).unwrap();
    drop(raw);
    Reader::open(&desk.path(), &key()).unwrap().verify().unwrap()
}

#[track_caller]
fn check(sql: &str, seq: i64, what: Break) {
    assert_eq!(tampered(sql), Verification::Broken { seq, what }, "{sql}");
}

/// Replaces the last byte of a column in the third row by another one.
fn flip(column: &str) -> String {
    format!(
        "UPDATE journal SET {column} = CAST(substr({column}, 1, length({column}) - 1) ||
           iif(substr({column}, -1) = x'00', x'01', x'00') AS BLOB) WHERE seq = 3"
    )
}

#[test]
fn one_changed_byte_anywhere_in_a_row_is_named() {
    check(&flip("sealed"), 3, Break::Content);
    check(&flip("nonce"), 3, Break::Content);
    check("UPDATE journal SET at_us = at_us + 1 WHERE seq = 2", 2, Break::Content);
    check("UPDATE journal SET kind = 'tester' WHERE seq = 2", 2, Break::Content);
    check("UPDATE journal SET version = 2 WHERE seq = 2", 2, Break::Content);
    check("UPDATE journal SET visit = zeroblob(16) WHERE seq = 2", 2, Break::Content);
    check("UPDATE journal SET event_id = zeroblob(16) WHERE seq = 2", 2, Break::Content);
    check("UPDATE journal SET scope_kind = 'visit' WHERE seq = 2", 2, Break::Content);
    check(
        "UPDATE journal SET scope_id = (SELECT scope_id FROM journal WHERE seq = 1) WHERE seq = 2",
        2,
        Break::Content,
    );
    check("UPDATE journal SET hash = zeroblob(32) WHERE seq = 5", 5, Break::Content);
    check("UPDATE journal SET prev = zeroblob(32) WHERE seq = 4", 4, Break::Link);
}

#[test]
fn a_removed_row_is_named() {
    check("DELETE FROM journal WHERE seq = 1", 1, Break::Missing);
    check("DELETE FROM journal WHERE seq = 3", 3, Break::Missing);
    // Closing the gap doesn't help.
    check(
        "DELETE FROM journal WHERE seq = 3; UPDATE journal SET seq = seq - 1 WHERE seq > 3",
        3,
        Break::Link,
    );
}

#[test]
fn swapped_rows_are_named_at_the_first_of_them() {
    check(
        "UPDATE journal SET seq = 99 WHERE seq = 2; UPDATE journal SET seq = 2 WHERE seq = 4;
         UPDATE journal SET seq = 4 WHERE seq = 99",
        2,
        Break::Link,
    );
}

#[test]
fn rows_cut_off_at_the_end_show_in_the_head() {
    let left = tampered("DELETE FROM journal WHERE seq > 3");
    assert!(matches!(left, Verification::Intact { events: 3, head, .. } if head.seq == 3), "{left:?}");
}

#[test]
fn the_schema_itself_refuses_to_change_or_shorten_the_journal() {
    let mut desk = Desk::new();
    desk.note(concern(1), b"body");
    let raw = desk.raw();
    for sql in ["UPDATE journal SET at_us = 0", "DELETE FROM journal", "DELETE FROM scope_key"] {
        let error = raw.execute_batch(sql).unwrap_err().to_string();
        assert!(error.contains("append-only") || error.contains("never forgotten"), "{error}");
    }
}

#[test]
fn the_head_that_appending_returns_is_the_one_that_verifying_finds() {
    let mut desk = Desk::new();
    desk.note(concern(1), b"first");
    let head = desk.note(concern(1), b"second");
    assert_eq!(desk.store().verify().unwrap(), Verification::Intact { events: 2, head, pruned_until: 0 });
}

#[test]
fn a_body_moved_to_another_event_does_not_open() {
    let mut desk = Desk::new();
    desk.note(concern(1), b"first");
    desk.note(concern(1), b"second");
    desk.close();
    let raw = desk.raw();
    assert_eq!(crate::journal::events(&raw, visit(1)).unwrap().len(), 2);
    raw.execute_batch(
        "DROP TRIGGER journal_is_never_changed;
         UPDATE journal SET (nonce, sealed) = (SELECT nonce, sealed FROM journal WHERE seq = 1) WHERE seq = 2",
    )
    .unwrap();
    assert!(crate::journal::events(&raw, visit(1)).is_err());
}

/// Freezes the bytes that are hashed. The hash was computed with Python's hashlib over the same bytes.
#[test]
fn the_canonical_header_and_its_hash_never_change() {
    let header = Header {
        seq: 1,
        id: uuid::Uuid::from_u128(2),
        visit: visit(3),
        scope: concern(4),
        kind: "visit_opened",
        version: 1,
        at_us: at(0).as_microsecond(),
    };
    let expected = [
        b"identplatz/journal/header/1".as_slice(),
        &[0, 0, 0, 0, 0, 0, 0, 1],
        &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2],
        &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 3],
        &[3],
        &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 4],
        &[12],
        b"visit_opened",
        &[0, 0, 0, 1],
        &1_793_606_400_000_000_i64.to_be_bytes(),
    ]
    .concat();
    assert_eq!(header.canonical(), expected);
    assert_eq!(
        hex::encode(link(&crate::GENESIS, &expected, &body_hash(&[5; 12], b"ciphertext"))),
        "1fb486e337220bd8b0d2da2e269f1428b5d929791fa2349f0c97d6024e8ca8cf"
    );
}
