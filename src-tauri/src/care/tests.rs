use identification::{AccessRule, OperatorId, PublicReference};
use jiff::SignedDuration;
use store::{AccessEntry, AccessRole, DatabaseKey, RetentionPeriods, Subject};
use tempfile::TempDir;
use uuid::Uuid;

use super::*;

/// A desk's records, and what the policy says of them.
pub(crate) struct Records {
    _folder: TempDir,
    pub(crate) store: Store,
}

impl Records {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = DatabaseKey::new(&[7; DatabaseKey::LENGTH]).unwrap();
        let store = Store::open(&folder.path().join("store"), &key).unwrap();
        Self { _folder: folder, store }
    }

    /// Somebody looks for what isn't here.
    pub(crate) fn looks_up(&self, staff: &str, at: Timestamp) {
        let reference = PublicReference::from_entropy(&mut |bytes: &mut [u8]| bytes.fill(7));
        let subject =
            self.store.subject_ref(Subject::Reference(&reference), &mut |bytes| bytes.fill(9)).unwrap();
        let entry = AccessEntry {
            at,
            staff: OperatorId::new(staff).unwrap(),
            role: AccessRole::Clerk,
            place: "Platz 3".to_owned(),
            subject,
            reason: AccessReason::NumberGiven,
            kind: AccessKind::LookUp,
        };
        let access = self.store.log_access(entry).unwrap();
        self.store.log_result(access, AccessResult::NotFound, at).unwrap();
    }

    pub(crate) fn care(&self, policy: &Policy, now: Timestamp) -> Care {
        Care::of(&self.store, policy, now).unwrap()
    }

    /// A deletion whose proof fails: a text that it looks for stands elsewhere as well.
    pub(crate) fn deletes_in_vain(&self, now: Timestamp) -> store::ErasureRun {
        self.looks_up("s-4711", now - SignedDuration::from_hours(400 * 24));
        self.looks_up("s-4711", now - SignedDuration::from_hours(30 * 24));
        let run = self.store.erase_due(Uuid::from_u128(1), periods(), now).unwrap().unwrap();
        self.proves_in_vain(&run, now);
        run
    }

    fn proves_in_vain(&self, run: &store::ErasureRun, now: Timestamp) {
        let proof = self.store.prove(run, &[b"Platz 3"], now).unwrap();
        assert!(!proof.holds, "{proof:?}");
    }
}

pub(crate) fn periods() -> RetentionPeriods {
    RetentionPeriods::new(14, 14, 12).unwrap()
}

pub(crate) fn at(minutes: i64) -> Timestamp {
    "2026-11-23T08:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minutes)
}

fn policy(most: u8) -> Policy {
    let policy = crate::state::tests::policy();
    Policy { access: AccessRule { lookups_without_visit_per_hour: most }, ..policy }
}

#[test]
fn a_deletion_whose_proof_fails_twice_waits_for_a_supervisor_with_when_it_was() {
    let records = Records::new();
    assert_eq!(records.care(&policy(10), at(0)).count(), 0);
    let run = records.deletes_in_vain(at(0));
    assert_eq!(records.care(&policy(10), at(0)).count(), 0, "it is tried once more first");
    records.proves_in_vain(&run, at(1));
    let care = records.care(&policy(10), at(5));
    assert_eq!((care.erasures.as_slice(), care.count()), ([(at(0), at(1))].as_slice(), 1));
    let [shown] = care.erasure_views().try_into().unwrap();
    assert_eq!((shown.at, shown.tried_at), (at(0).to_string(), at(1).to_string()));
}

#[test]
fn look_ups_beyond_the_policy_s_number_wait_for_a_supervisor_who_then_notes_that_they_have_seen_it() {
    let records = Records::new();
    for minute in 0..4 {
        records.looks_up("s-4711", at(minute));
    }
    assert_eq!(records.care(&policy(4), at(10)).alerts, []);
    let care = records.care(&policy(3), at(10));
    let [alert] =
        care.alert_views(|hour| format!("the one with {}", hour.staff.as_str())).try_into().unwrap();
    assert_eq!((alert.staff_id.as_str(), alert.staff.as_str()), ("s-4711", "the one with s-4711"));
    assert_eq!((alert.hour, alert.look_ups, alert.without_visit), (at(0).to_string(), 4, 4));

    let [hour] = care.alerts.try_into().unwrap();
    let subject = records.store.subject_ref(hour.subject(), &mut |bytes| bytes.fill(9)).unwrap();
    let seen = AccessEntry {
        at: at(11),
        staff: OperatorId::new("t-0815").unwrap(),
        role: AccessRole::Supervisor,
        place: "Platz 3".to_owned(),
        subject,
        reason: AccessReason::Review,
        kind: AccessKind::Report,
    };
    let access = records.store.log_access(seen).unwrap();
    records.store.log_result(access, AccessResult::Shown, at(11)).unwrap();
    assert_eq!(records.care(&policy(3), at(12)).alerts, []);
}

#[test]
fn what_lies_behind_the_journal_s_time_is_not_told_any_more() {
    let records = Records::new();
    records.looks_up("s-4711", at(0));
    let day = 24 * 60;
    assert_eq!(records.care(&policy(0), at(14 * day)).alerts.len(), 1);
    assert_eq!(records.care(&policy(0), at(14 * day + 1)).alerts, []);
}
