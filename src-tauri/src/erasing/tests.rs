use super::*;
use crate::care::tests::{Records, at, periods};

fn run(records: &Records, minutes: i64, unproven: Vec<ErasureRun>) -> Erased {
    let now = at(minutes);
    let job = Erasing {
        store: records.store.clone(),
        id: Uuid::from_u128(u128::from(minutes.unsigned_abs()) + 100),
        periods: periods(),
        pruned_before: now,
        now,
        unproven,
    };
    job.run().unwrap()
}

fn proofs(records: &Records) -> Vec<Option<bool>> {
    let runs = records.store.erasure_runs().unwrap();
    runs.into_iter().map(|(_, proof)| proof.map(|it| it.holds)).collect()
}

#[test]
fn what_is_over_is_deleted_and_proven_and_there_is_an_end_to_it() {
    let records = Records::new();
    records.looks_up("s-4711", at(-400 * 24 * 60));
    let erased = run(&records, 0, Vec::new());
    assert!(!erased.more && erased.unproven.is_empty());
    assert_eq!(proofs(&records), [Some(true)]);
    run(&records, 1, Vec::new());
    assert_eq!(proofs(&records), [Some(true)], "nothing was left to delete");
}

#[test]
fn a_proof_that_does_not_hold_is_tried_again_after_a_while_and_until_it_holds() {
    let records = Records::new();
    let failed = records.deletes_in_vain(at(0));
    let erased = run(&records, 9, vec![failed]);
    assert_eq!((proofs(&records), erased.unproven.len()), (vec![Some(false)], 1));
    let erased = run(&records, 10, erased.unproven);
    assert_eq!((proofs(&records), erased.unproven.len()), (vec![Some(true)], 0));
}

#[test]
fn a_run_of_a_process_that_ended_before_the_proof_is_proven_by_the_next_one_at_once() {
    let records = Records::new();
    records.looks_up("s-4711", at(-400 * 24 * 60));
    drop(records.store.erase_due(Uuid::from_u128(1), periods(), at(0)).unwrap());
    assert_eq!(proofs(&records), [None]);
    run(&records, 1, Vec::new());
    assert_eq!(proofs(&records), [Some(true)]);
}
