//! The list of erasures beside the store.

use std::{fs, path::PathBuf};

use jiff::Timestamp;
use rusqlite::TransactionBehavior;
use uuid::Uuid;

use super::{
    CANARY, Desk, at, concern, empty, identification,
    retention::{DAY, id},
    visit,
};
use crate::{
    Batch, ErasureList, StoreError, erasure,
    erasure_list::{self, ListFile},
    folder,
    seal::{KeyState, key_of},
};

impl Desk {
    fn noted_in(&self) -> PathBuf {
        ErasureList::beside(&self.path())
    }

    fn listed(&self) -> Vec<(Uuid, Timestamp)> {
        ErasureList::read(&self.noted_in()).unwrap().entries().collect()
    }

    fn is_destroyed(&self, scope: identification::Scope) -> bool {
        matches!(key_of(&self.raw(), id(scope)).unwrap(), KeyState::Destroyed)
    }
}

/// A desk with three erasures of one line each.
fn three_lines() -> (Desk, Vec<u8>) {
    let mut desk = Desk::new();
    for number in 1..=3 {
        desk.note(concern(number), CANARY);
        desk.store().erase(concern(number), at(i64::try_from(number).unwrap())).unwrap();
    }
    let bytes = fs::read(desk.noted_in()).unwrap();
    (desk, bytes)
}

#[test]
fn every_way_to_erase_is_noted_with_ids_and_times_only() {
    let mut desk = Desk::new();
    desk.whole_visit(1, 10);
    desk.deliver_all(20);
    for scope in [identification(2), concern(2)] {
        let record = desk.record(scope, CANARY);
        desk.append(Batch { records: vec![record], ..empty(visit(2)) }).unwrap();
    }
    assert!(desk.listed().is_empty());

    desk.store().erase(concern(9), at(1)).unwrap();
    desk.append(Batch { at: at(2), erase: vec![identification(2), concern(2)], ..empty(visit(2)) }).unwrap();
    desk.erase_due(15 * DAY).unwrap();
    // Nothing new, so nothing to note.
    desk.store().erase(concern(9), at(3)).unwrap();

    let mut due = [id(identification(1)), id(concern(1))];
    due.sort();
    let expected = [
        (id(concern(9)), at(1)),
        (id(identification(2)), at(2)),
        (id(concern(2)), at(2)),
        (due[0], at(15 * DAY)),
        (due[1], at(15 * DAY)),
    ];
    assert_eq!(desk.listed(), expected);
    let text = fs::read_to_string(desk.noted_in()).unwrap();
    assert_eq!(text.lines().filter(|line| *line != ".").count(), 3, "a line a transaction");
    let is_plain = |byte: char| byte.is_ascii_hexdigit() || " -,.\n".contains(byte);
    assert!(text.chars().all(is_plain), "{text}");
}

#[cfg(unix)]
#[test]
fn the_list_is_for_this_account_alone() {
    let (desk, _) = three_lines();
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(desk.noted_in()).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
}

/// Freezes the form. The hash was computed with Python's hashlib.
#[test]
fn the_form_of_a_line_never_changes() {
    let desk = Desk::new();
    desk.store().erase(concern(1), at(0)).unwrap();
    let text = fs::read_to_string(desk.noted_in()).unwrap();
    assert_eq!(
        text,
        "1 1793606400000000 00000000-0000-0000-0000-000002000001 \
         76525b8844424397179d478012f767169f69f475acfe9631cb435b31085dad00\n.\n"
    );
}

#[test]
fn a_torn_last_line_is_left_out_wherever_it_was_torn() {
    let (mut desk, whole) = three_lines();
    desk.close();
    let third = whole.len() - whole.len() / 3;
    for end in third..whole.len() - b"\n.\n".len() {
        fs::write(desk.noted_in(), &whole[..end]).unwrap();
        assert_eq!(desk.listed().len(), 2, "{end}");
    }
    let garbage = [&whole[..third], &[0; 300], b"\n"].concat();
    fs::write(desk.noted_in(), garbage).unwrap();
    assert_eq!(desk.listed().len(), 2);
}

#[test]
fn a_line_that_was_changed_removed_or_moved_is_named() {
    let (desk, whole) = three_lines();
    let check = |bytes: Vec<u8>, expected: usize, what: &str| {
        let file = desk.folder.path().join("tampered");
        fs::write(&file, bytes).unwrap();
        let found = ErasureList::read(&file);
        assert!(
            matches!(found, Err(StoreError::ErasureList { line }) if line == expected),
            "{what}: {found:?}"
        );
    };
    // Each with its full stop, and of the same length.
    let lines: Vec<_> = whole.chunks_exact(whole.len() / 3).collect();
    for position in 0..lines[0].len() - b"\n.\n".len() {
        let mut changed = whole.clone();
        changed[position] ^= 1;
        check(changed, 1, "changed");
    }
    check([lines[1], lines[2]].concat(), 1, "first removed");
    check([lines[0], lines[2], lines[2]].concat(), 2, "second replaced");
    check([lines[1], lines[0], lines[2]].concat(), 1, "moved");
}

#[test]
fn a_list_that_is_not_there_is_empty() {
    let folder = tempfile::tempdir().unwrap();
    let list = ErasureList::read(&folder.path().join("none")).unwrap();
    assert_eq!(list.entries().count(), 0);
}

#[test]
fn the_next_line_is_written_over_a_torn_one() {
    let (mut desk, whole) = three_lines();
    desk.close();
    fs::write(desk.noted_in(), [whole.as_slice(), b"4 179360"].concat()).unwrap();
    desk.reopen().unwrap();
    desk.store().erase(concern(4), at(4)).unwrap();
    let listed = desk.listed();
    assert_eq!(listed.last(), Some(&(id(concern(4)), at(4))));
    assert_eq!(listed.len(), 4);
    assert!(fs::read(desk.noted_in()).unwrap().starts_with(&whole));
}

/// Somebody put an old copy of the database back, without restoring it.
#[test]
fn an_old_copy_of_the_database_makes_up_for_its_erasures_before_it_can_be_used() {
    let mut desk = Desk::new();
    desk.note(concern(1), CANARY);
    desk.note(concern(2), CANARY);
    desk.store().erase(concern(2), at(1)).unwrap();
    desk.close();
    let database = folder::database(&desk.path());
    let old = fs::read(&database).unwrap();
    desk.reopen().unwrap();
    let secret = super::key_bytes(&desk.raw(), concern(1));
    desk.store().erase(concern(1), at(2)).unwrap();
    desk.close();
    fs::write(&database, old).unwrap();
    assert!(!desk.is_destroyed(concern(1)), "the copy holds the key");

    desk.reopen().unwrap();

    assert!(desk.is_destroyed(concern(1)));
    assert!(desk.store().events(visit(1)).unwrap().iter().all(|event| event.body.is_none()));
    desk.store().depth().unwrap();
    assert!(!super::contains(&super::pages::decrypted(&desk.path()), &secret));
    assert_eq!(desk.listed().len(), 2, "the list is as it was");
}

#[test]
fn a_list_that_was_lost_cut_or_damaged_is_written_anew_from_the_database() {
    for damage in [None, Some(Vec::new()), Some(b"1 2 3 4\n5 6 7 8\n".to_vec())] {
        let (mut desk, whole) = three_lines();
        desk.close();
        match &damage {
            None => fs::remove_file(desk.noted_in()).unwrap(),
            Some(bytes) => fs::write(desk.noted_in(), bytes).unwrap(),
        }
        desk.reopen().unwrap();
        assert_eq!(fs::read(desk.noted_in()).unwrap(), whole, "{damage:?}");
        let aside = desk.folder.path().join("store.erasures.damaged-1");
        assert_eq!(aside.exists(), damage.is_some_and(|bytes| !bytes.is_empty()));
        desk.store().erase(concern(4), at(4)).unwrap();
        desk.reopen().unwrap();
        assert_eq!(desk.listed().len(), 4);
    }
}

#[test]
fn a_new_database_beside_an_old_list_knows_what_must_never_come_back() {
    let (mut desk, whole) = three_lines();
    desk.close();
    fs::rename(desk.path(), desk.folder.path().join("store.quarantine-1")).unwrap();
    desk.reopen().unwrap();
    assert_eq!(fs::read(desk.noted_in()).unwrap(), whole);
    let record = desk.record(concern(1), b"again");
    let again = desk.append(Batch { records: vec![record], ..empty(visit(1)) });
    assert!(matches!(again, Err(StoreError::Erased)));
}

#[test]
fn applying_a_list_ends_a_hold_that_had_ended_by_then() {
    let mut desk = Desk::new();
    desk.whole_visit(1, 10);
    let supervisor = identification::OperatorId::new("s-4713").unwrap();
    desk.store().hold(visit(1), crate::HoldReason::Incident, supervisor, at(11)).unwrap();
    desk.close();
    let file = desk.folder.path().join("newer");
    ErasureList::create(&file, &[(id(concern(1)), at(20)), (id(concern(7)), at(21))]).unwrap();
    let list = ErasureList::read(&file).unwrap();
    let mut raw = desk.raw();
    let transaction = raw.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
    assert_eq!(erasure_list::apply(&transaction, &list).unwrap(), 2);
    assert_eq!(erasure_list::apply(&transaction, &list).unwrap(), 0);
    transaction.commit().unwrap();
    drop(raw);
    assert!(desk.is_destroyed(concern(1)) && desk.is_destroyed(concern(7)));
    assert!(!desk.is_destroyed(identification(1)));
    desk.reopen().unwrap();
    assert!(desk.store().holds().unwrap().is_empty());
}

/// A deferred constraint, which fails at the commit itself, as a full disk may.
#[test]
fn a_commit_that_fails_takes_its_line_back() {
    let mut desk = Desk::new();
    desk.note(concern(1), CANARY);
    desk.note(concern(2), CANARY);
    desk.close();
    let mut raw = desk.raw();
    let (mut list, _) = ListFile::open(&desk.path(), &mut raw).unwrap();
    for (breaks, expected) in [(true, 0), (false, 1)] {
        let transaction = raw.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
        assert!(erasure::destroy_id(&transaction, id(concern(1)), at(1)).unwrap().is_new);
        if breaks {
            transaction.execute("UPDATE retention SET erased_in = randomblob(16)", []).unwrap();
        }
        let committed = erasure::commit(transaction, &mut list, at(1), &[id(concern(1))]);
        assert_eq!(committed.is_err(), breaks);
        assert_eq!(desk.listed().len(), expected);
    }
    drop((list, raw));
    desk.reopen().unwrap();
    let readable: Vec<_> =
        desk.store().events(visit(1)).unwrap().iter().map(|event| event.body.is_some()).collect();
    assert_eq!(readable, [false, true]);
    assert_eq!(desk.listed().len(), 1);
}

/// The table at the head of the module: which of them happened, the next start can tell.
#[test]
fn a_line_that_was_not_carried_out_is_taken_back_and_one_that_was_is_confirmed() {
    let mut desk = Desk::new();
    for number in 1..=2 {
        desk.note(concern(number), CANARY);
    }
    desk.store().erase(concern(1), at(1)).unwrap();
    desk.close();
    let database = folder::database(&desk.path());
    let (before, noted_before) = (fs::read(&database).unwrap(), fs::read(desk.noted_in()).unwrap());
    desk.reopen().unwrap();
    desk.store().erase(concern(2), at(2)).unwrap();
    desk.close();
    let (after, noted_after) = (fs::read(&database).unwrap(), fs::read(desk.noted_in()).unwrap());
    let unconfirmed = noted_after.strip_suffix(b".\n").unwrap();

    // (database, list) as found, (destroyed, list) behind the next start
    for (found, expected) in [
        ((&before, unconfirmed), (false, &noted_before)),
        ((&after, unconfirmed), (true, &noted_after)),
        ((&before, noted_after.as_slice()), (true, &noted_after)),
        ((&after, noted_after.as_slice()), (true, &noted_after)),
    ] {
        fs::write(&database, found.0).unwrap();
        fs::write(desk.noted_in(), found.1).unwrap();
        desk.reopen().unwrap();
        assert_eq!((desk.is_destroyed(concern(2)), &fs::read(desk.noted_in()).unwrap()), expected);
        desk.close();
    }
}

/// It may have been carried out by the database that is gone.
#[test]
fn a_new_database_takes_no_line_back() {
    let (mut desk, whole) = three_lines();
    desk.close();
    fs::write(desk.noted_in(), whole.strip_suffix(b".\n").unwrap()).unwrap();
    fs::rename(desk.path(), desk.folder.path().join("store.quarantine-1")).unwrap();
    desk.reopen().unwrap();
    assert_eq!(fs::read(desk.noted_in()).unwrap(), whole);
    assert!(desk.is_destroyed(concern(3)));
}
