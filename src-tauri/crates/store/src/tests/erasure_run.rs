//! Runs of erasures and their proofs.

use jiff::SignedDuration;
use uuid::Uuid;

use super::{
    CANARY, Desk, at, concern, contains, empty, identification, key, key_bytes,
    pages::decrypted,
    retention::{DAY, id, own, two_weeks},
    visit,
};
use crate::{
    Batch, DatabaseKey, ErasureRun, MAX_RUN, Proof, StoreError, Verification, VisitRow, VisitState, folder,
    pages,
    seal::{KeyState, key_of},
};

const RUN: Uuid = Uuid::from_u128(0x0119_2f00_c0de_4711_8bad_f00d_0000_0001);

impl Desk {
    pub(super) fn erase_due(&self, seconds: i64) -> Option<ErasureRun> {
        self.store().erase_due(RUN, two_weeks(), at(seconds)).unwrap()
    }

    fn prove(&self, run: &ErasureRun, canaries: &[&[u8]]) -> Proof {
        self.store().prove(run, canaries, at(15 * DAY)).unwrap()
    }

    fn count(&self, sql: &str) -> i64 {
        self.raw().query_row(sql, [], |found| found.get(0)).unwrap()
    }
}

#[test]
fn a_run_erases_what_is_due_and_nothing_else() {
    let mut desk = Desk::new();
    desk.whole_visit(1, 10);
    desk.deliver_all(20);
    desk.whole_visit(2, DAY);
    desk.deliver_all(DAY);
    assert!(desk.erase_due(14 * DAY).is_none());

    let run = desk.erase_due(14 * DAY + 20).unwrap();

    assert_eq!((run.id, run.at), (RUN, at(14 * DAY + 20)));
    assert_eq!((run.scopes, run.events, run.outbox_rows, run.visits), (2, 2, 2, 0));
    assert!(!run.more);
    let bodies = |number| -> Vec<bool> {
        desk.store().events(visit(number)).unwrap().iter().map(|event| event.body.is_some()).collect()
    };
    assert_eq!((bodies(1), bodies(2)), (vec![true, false, false], vec![true; 3]));
    assert_eq!(desk.count("SELECT count(*) FROM outbox"), 2);
    assert!(matches!(desk.store().verify().unwrap(), Verification::Intact { events: 6, .. }));
    assert!(desk.erase_due(14 * DAY + 20).is_none(), "nothing is left to do");
}

#[test]
fn when_everything_of_a_visit_is_due_it_leaves_the_list_in_one_run() {
    let mut desk = Desk::new();
    desk.whole_visit(1, 10);
    desk.deliver_all(20);
    desk.countersign(20);
    let run = desk.erase_due(15 * DAY).unwrap();
    assert_eq!((run.scopes, run.events, run.outbox_rows, run.visits), (3, 3, 2, 1));
    assert!(desk.store().visits(at(0), at(1)).unwrap().is_empty());
    assert!(desk.store().events(visit(1)).unwrap().iter().all(|event| event.body.is_none()));
    assert_eq!(desk.count("SELECT count(*) FROM outbox WHERE visit IS NOT NULL"), 0);
    assert_eq!(desk.count("SELECT count(*) FROM outbox"), 1, "the segment's own record stays");
}

/// Control: before the run the pages hold the keys, and the export the canary.
#[test]
fn a_proof_finds_neither_old_keys_nor_canaries_and_opens_nothing() {
    let mut desk = Desk::new();
    desk.whole_visit(1, 10);
    desk.deliver_all(20);
    desk.note(own(7), b"somebody else's visit");
    let keys = [identification(1), concern(1)].map(|scope| key_bytes(&desk.raw(), scope));
    assert!(keys.iter().all(|key| contains(&decrypted(&desk.path()), key)));

    let run = desk.erase_due(15 * DAY).unwrap();
    assert!(
        keys.iter().all(|key| !contains(&decrypted(&desk.path()), key)),
        "the log was emptied by the run"
    );
    let proof = desk.prove(&run, &[b"B234567895-of-another", b"Buntspechte"]);

    assert!(proof.holds, "{proof:?}");
    assert_eq!((proof.run, proof.at), (RUN, at(15 * DAY)));
    assert_eq!((proof.canaries, proof.canaries_found), (2, 0));
    assert_eq!((proof.keys, proof.keys_found, proof.opened), (2, 0, 0));
    assert_eq!(proof.bodies, 2, "what is left opens, and was searched");
    assert!(proof.pages > 10);
    let kept: Vec<_> = desk.store().erasure_runs().unwrap();
    assert!(matches!(kept.as_slice(), [(run, Some(found))] if run.id == RUN && *found == proof));
    assert!(matches!(desk.store().prove(&run, &[], at(1)), Err(StoreError::NoSuchRun)), "it is proven");
    assert_eq!(desk.count("SELECT count(*) FROM retention WHERE erased_in IS NOT NULL"), 0);
}

#[test]
fn a_canary_that_still_opens_breaks_the_proof() {
    let mut desk = Desk::new();
    desk.whole_visit(1, 10);
    desk.deliver_all(20);
    let run = desk.erase_due(15 * DAY).unwrap();
    // The visit's own scope isn't due and holds it, too.
    let proof = desk.prove(&run, &[CANARY]);
    assert!(!proof.holds && (proof.canaries_found, proof.keys_found, proof.opened) == (1, 0, 0), "{proof:?}");
    assert!(matches!(desk.store().erasure_runs().unwrap().as_slice(), [(_, Some(found))] if !found.holds));
}

#[test]
fn a_canary_in_the_clear_in_a_page_breaks_the_proof() {
    let mut desk = Desk::new();
    desk.whole_visit(1, 10);
    desk.deliver_all(20);
    let run = desk.erase_due(15 * DAY).unwrap();
    let proof = desk.prove(&run, &[super::OPERATOR.as_bytes()]);
    assert!(!proof.holds && proof.canaries_found == 1, "{proof:?}");
}

/// A copy of a destroyed key, as a defect would leave it, and a body under it that opens again.
#[test]
fn a_key_that_lives_on_breaks_the_proof() {
    let mut desk = Desk::new();
    desk.whole_visit(1, 10);
    desk.deliver_all(20);
    let old = key_bytes(&desk.raw(), concern(1));
    let run = desk.erase_due(15 * DAY).unwrap();
    desk.raw()
        .execute_batch(&format!(
            "DROP TRIGGER scope_key_stays_destroyed;
             UPDATE scope_key SET key = x'{}', destroyed_at_us = NULL WHERE scope_id = x'{}'",
            hex::encode(&old),
            hex::encode(id(concern(1)).as_bytes())
        ))
        .unwrap();
    let proof = desk.prove(&run, &[]);
    assert!(!proof.holds && (proof.keys_found, proof.opened) == (1, 1), "{proof:?}");
}

#[test]
fn while_a_reader_needs_the_log_the_proof_does_not_hold_and_can_be_tried_again() {
    let mut desk = Desk::new();
    desk.whole_visit(1, 10);
    desk.deliver_all(20);
    let raw = desk.raw();
    let mut statement = raw.prepare("SELECT seq FROM journal").unwrap();
    let mut rows = statement.query([]).unwrap();
    rows.next().unwrap();

    let run = desk.erase_due(15 * DAY).unwrap();
    let proof = desk.prove(&run, &[]);
    assert!(!proof.holds && proof.keys_found == 2, "{proof:?}");

    drop(rows);
    drop(statement);
    drop(raw);
    assert!(desk.prove(&run, &[]).holds);
}

#[test]
fn a_run_whose_process_ended_is_proven_without_its_keys() {
    let mut desk = Desk::new();
    desk.whole_visit(1, 10);
    desk.deliver_all(20);
    drop(desk.erase_due(15 * DAY).unwrap());
    desk.reopen().unwrap();
    let (run, proof) = desk.store().erasure_runs().unwrap().remove(0);
    assert_eq!((run.scopes, proof), (2, None));
    let proof = desk.prove(&run, &[b"Buntspechte"]);
    assert!(proof.holds && proof.keys == 0 && proof.canaries == 1, "{proof:?}");
}

#[test]
fn a_proof_takes_canaries_within_limits_only() {
    let mut desk = Desk::new();
    desk.whole_visit(1, 10);
    desk.deliver_all(20);
    let run = desk.erase_due(15 * DAY).unwrap();
    let prove = |canaries: &[&[u8]]| desk.store().prove(&run, canaries, at(1));
    assert!(matches!(prove(&[b"abc"]), Err(StoreError::Malformed { what: "canary" })));
    assert!(matches!(prove(&[[1; 257].as_slice()]), Err(StoreError::TooLarge { .. })));
    assert!(matches!(
        prove(&[b"canary".as_slice(); crate::MAX_CANARIES + 1]),
        Err(StoreError::TooLarge { .. })
    ));
    assert!(prove(&[b"never-here".as_slice(); crate::MAX_CANARIES]).unwrap().holds);
}

#[test]
fn a_run_is_bounded_and_says_that_there_is_more() {
    let mut desk = Desk::new();
    // Many concerns in one visit, which is not what a desk does, but quick to write.
    let many = MAX_RUN as u128 + 40;
    for chunk in (0..many).collect::<Vec<_>>().chunks(60) {
        let records = chunk.iter().map(|number| desk.record(concern(*number), b"body")).collect();
        desk.append(Batch { records, ..empty(visit(1)) }).unwrap();
    }
    let state = VisitState::Ended { at: at(10) };
    let visit_row = Some(VisitRow { state, ..super::open_row() });
    desk.append(Batch { visit_row, ..empty(visit(1)) }).unwrap();

    let run = desk.erase_due(15 * DAY).unwrap();
    assert!(run.scopes == MAX_RUN as u64 && run.more, "{run:?}");
    assert!(matches!(desk.store().erase_due(RUN, two_weeks(), at(15 * DAY)), Err(StoreError::Duplicate)));
    let rest = desk.store().erase_due(Uuid::from_u128(2), two_weeks(), at(15 * DAY)).unwrap().unwrap();
    assert!(rest.scopes == 40 && !rest.more, "{rest:?}");
    assert!(desk.prove(&run, &[]).holds && desk.prove(&rest, &[]).holds);
}

#[test]
fn the_row_of_a_run_is_never_changed_or_removed() {
    let mut desk = Desk::new();
    desk.whole_visit(1, 10);
    desk.deliver_all(20);
    let run = desk.erase_due(15 * DAY).unwrap();
    assert!(desk.prove(&run, &[]).holds);
    for sql in
        ["DELETE FROM erasure_run", "UPDATE erasure_run SET scopes = 0", "UPDATE erasure_run SET holds = 0"]
    {
        let error = desk.raw().execute_batch(sql).unwrap_err().to_string();
        assert!(error.contains("never"), "{error}");
    }
}

#[test]
fn a_run_tells_nothing_of_the_keys_that_it_knows() {
    let mut desk = Desk::new();
    desk.whole_visit(1, 10);
    desk.deliver_all(20);
    let old = key_bytes(&desk.raw(), concern(1));
    let text = format!("{:?}", desk.erase_due(15 * DAY).unwrap());
    assert!(
        text.contains("scopes: 2")
            && !text.contains(&hex::encode(&old))
            && !text.contains(&format!("{old:?}"))
    );
}

#[test]
fn evidence_that_was_erased_waits_for_no_review_and_its_scope_takes_nothing_more() {
    let mut desk = Desk::new();
    desk.whole_visit(1, 10);
    desk.deliver_all(20);
    assert_eq!(desk.store().unreviewed(9).unwrap().len(), 1);
    desk.erase_due(15 * DAY).unwrap();
    assert!(desk.store().unreviewed(9).unwrap().is_empty());
    let record = desk.record(concern(1), b"late");
    assert!(matches!(
        desk.append(Batch { records: vec![record], ..empty(visit(1)) }),
        Err(StoreError::Erased)
    ));
    assert!(matches!(key_of(&desk.raw(), id(concern(1))).unwrap(), KeyState::Destroyed));
    assert!(desk.store().lease(at(1), SignedDuration::from_secs(1)).unwrap().is_none());
}

/// What rebuilding and pruning make of it.
#[test]
fn a_visit_that_left_the_list_is_pruned_and_never_comes_back() {
    let mut desk = Desk::new();
    desk.whole_visit(1, 10);
    desk.deliver_all(20);
    desk.countersign(20);
    let run = desk.erase_due(15 * DAY).unwrap();
    assert!(desk.store().rebuild().unwrap().differences.is_empty());
    assert!(desk.store().visits(at(0), at(1)).unwrap().is_empty());
    assert_eq!(desk.store().prune(at(15 * DAY), at(15 * DAY)).unwrap().events, 3);
    let verified = desk.store().verify().unwrap();
    assert!(matches!(verified, Verification::Intact { events: 0, pruned_until: 3, .. }), "{verified:?}");
    assert!(desk.prove(&run, &[CANARY]).holds);
}

/// Whoever reads the pages wrongly finds nothing that must be gone either, but not the run's id.
#[test]
fn the_control_of_a_proof_tells_a_search_that_reads_nothing() {
    let mut desk = Desk::new();
    desk.whole_visit(1, 10);
    desk.deliver_all(20);
    desk.erase_due(15 * DAY).unwrap();
    let database = folder::database(&desk.path());
    let finds = |key: &DatabaseKey| {
        let mut found = false;
        let pages = pages::each(&database, key, |page| found |= contains(page, RUN.as_bytes())).unwrap();
        (pages > 10, found)
    };
    assert_eq!(finds(&key()), (true, true));
    assert_eq!(finds(&DatabaseKey::new(&[0xa5; 32]).unwrap()), (true, false));
}

/// The production code's pages are those of the tests' own reading, the log included.
#[test]
fn every_page_is_read_those_of_the_log_included() {
    let mut desk = Desk::new();
    desk.whole_visit(1, 10);
    let mut plain = Vec::new();
    let pages =
        pages::each(&folder::database(&desk.path()), &key(), |page| plain.extend_from_slice(page)).unwrap();
    let expected = decrypted(&desk.path());
    assert!(plain == expected && pages == expected.len().div_ceil(4096 - 80) as u64);
}

#[test]
fn the_desk_goes_on_writing_while_a_run_is_proven_and_none_of_it_is_searched() {
    let mut desk = Desk::new();
    desk.whole_visit(1, 10);
    desk.deliver_all(20);
    let run = desk.erase_due(15 * DAY).unwrap();
    let snapshot = desk.store().snapshot(run.id).unwrap();
    let later = b"somebody who came meanwhile";
    desk.note(own(7), later);
    let canary = vec![zeroize::Zeroizing::new(later.to_vec())];
    let proof = snapshot.search(canary.clone(), Vec::new(), at(15 * DAY)).unwrap();
    assert!(proof.holds, "{proof:?}");
    let proof = desk.store().snapshot(run.id).unwrap().search(canary, Vec::new(), at(15 * DAY)).unwrap();
    assert_eq!((proof.canaries_found, proof.holds), (1, false), "control");
}
