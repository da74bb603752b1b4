use std::fs;

use super::{CANARY, Desk, OPERATOR, concern, contains, empty, open_row, pages::decrypted, visit};
use crate::Batch;

/// Every byte of every file of the store.
fn raw_bytes(desk: &Desk) -> Vec<u8> {
    let files: Vec<_> = fs::read_dir(desk.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    let names: Vec<_> = files.iter().map(|file| file.file_name().unwrap().to_str().unwrap()).collect();
    assert!(names.contains(&"identplatz.db") && names.contains(&"identplatz.db-wal"));
    assert!(names.contains(&"identplatz.db-shm"));
    files.iter().flat_map(|file| fs::read(file).unwrap()).collect()
}

#[test]
fn neither_file_nor_log_nor_shared_memory_holds_anything_in_plain_text() {
    let mut desk = Desk::new();
    let (record, row) = (desk.record(concern(1), CANARY), desk.outbox_record(concern(1), CANARY));
    let batch =
        Batch { records: vec![record], outbox: vec![row], visit_row: Some(open_row()), ..empty(visit(1)) };
    desk.append(batch).unwrap();

    // The searches can find: what stands in the clear inside the encryption is in the decrypted pages.
    let pages = decrypted(&desk.path());
    assert!(contains(&pages, OPERATOR.as_bytes()) && contains(&pages, b"journal_is_never_changed"));
    fs::write(desk.path().join("planted"), CANARY).unwrap();
    assert!(contains(&raw_bytes(&desk), CANARY));
    fs::remove_file(desk.path().join("planted")).unwrap();

    let raw = raw_bytes(&desk);
    assert!(!contains(&raw, CANARY) && !contains(&raw, OPERATOR.as_bytes()) && !contains(&raw, b"journal"));
    assert!(!contains(&raw, &super::KEY_BYTES));
}

#[test]
fn the_database_key_alone_does_not_bring_bodies_to_light_in_the_pages() {
    let mut desk = Desk::new();
    let (record, row) = (desk.record(concern(1), CANARY), desk.outbox_record(concern(1), CANARY));
    desk.append(Batch { records: vec![record], outbox: vec![row], ..empty(visit(1)) }).unwrap();
    let body = desk.store().events(visit(1)).unwrap().remove(0).body.unwrap();
    assert!(contains(&body, CANARY));
    assert!(!contains(&decrypted(&desk.path()), CANARY));
}

#[test]
fn errors_tell_nothing_personal() {
    let mut desk = Desk::new();
    let mut record = desk.record(concern(1), CANARY);
    record.kind = "";
    let error = desk.append(Batch { records: vec![record], ..empty(visit(1)) }).unwrap_err();
    let mut text = format!("{error:?} {error}");
    let mut source = std::error::Error::source(&error);
    while let Some(error) = source {
        text += &format!(" {error:?} {error}");
        source = error.source();
    }
    assert!(text.contains("CHECK constraint failed"), "{text}");
    assert!(!contains(text.as_bytes(), CANARY) && !text.contains("B234567895"), "{text}");
}
