//! The access log.

use identification::{Kvnr, OperatorId, RepresentativeNumber};
use jiff::Timestamp;
use uuid::Uuid;

use super::{
    Desk, at, contains, key,
    pages::decrypted,
    retention::{DAY, two_weeks},
};
use crate::{
    Access, AccessEntry, AccessKind, AccessReason, AccessResult, AccessRole, AccessVerification, Break,
    Disclosure, HourCount, Reader, RetentionPeriods, StoreError, Subject, SubjectRef,
};

/// Of gematik's published test cards.
const KVNR: &str = "X110411675";
const OTHER: &str = "B234567895";

impl Desk {
    fn subject(&mut self, number: &str) -> SubjectRef {
        let kvnr = Kvnr::parse(number).unwrap();
        let store = self.store.as_ref().unwrap();
        store.subject_ref(Subject::Insured(&kvnr), &mut |bytes| self.entropy.fill(bytes)).unwrap()
    }

    fn access(&mut self, number: &str, at: Timestamp, reason: AccessReason) -> crate::AccessId {
        let entry = entry(self.subject(number), at, reason);
        self.store().log_access(entry).unwrap()
    }

    fn look_up(&mut self, number: &str, seconds: i64, result: AccessResult) {
        let access = self.access(number, at(seconds), AccessReason::NumberGiven);
        self.store().log_result(access, result, at(seconds + 1)).unwrap();
    }

    fn forget(&self, number: u128, now: Timestamp) -> u64 {
        let run = self.store().erase_due(Uuid::from_u128(number), two_weeks(), now).unwrap();
        run.map_or(0, |run| run.accesses)
    }
}

fn entry(subject: SubjectRef, at: Timestamp, reason: AccessReason) -> AccessEntry {
    AccessEntry {
        at,
        staff: OperatorId::new("s-4711").unwrap(),
        role: AccessRole::Clerk,
        place: "Platz 3".to_owned(),
        subject,
        reason,
        kind: AccessKind::LookUp,
    }
}

fn intact(entries: u64, forgotten_until: i64) -> impl Fn(AccessVerification) -> bool {
    move |found| {
        matches!(found, AccessVerification::Intact { entries: e, forgotten_until: f, .. }
                 if (e, f) == (entries, forgotten_until))
    }
}

#[test]
fn an_access_is_on_disk_with_its_reason_before_there_is_anything_to_show() {
    let mut desk = Desk::new();
    let access = desk.access(KVNR, at(1), AccessReason::CardInserted);
    // Another process sees it although nothing was closed.
    let reader = Reader::open(&desk.path(), &key()).unwrap();
    assert!(intact(1, 0)(reader.verify_accesses().unwrap()));
    let known = desk.store().accesses(at(0), at(2)).unwrap();
    let expected = entry(desk.subject(KVNR), at(1), AccessReason::CardInserted);
    assert_eq!(known, [Access { number: access.number(), entry: expected.clone(), result: None }]);

    desk.store().log_result(access, AccessResult::Shown, at(2)).unwrap();
    let known = desk.store().accesses(at(0), at(2)).unwrap();
    let result = Some((AccessResult::Shown, at(2)));
    assert_eq!(known, [Access { number: access.number(), entry: expected, result }]);
    assert!(intact(2, 0)(desk.store().verify_accesses().unwrap()));
}

#[test]
fn what_cannot_be_logged_gives_no_leave_to_show_anything() {
    let mut desk = Desk::new();
    let subject = desk.subject(KVNR);
    let good = entry(subject, at(1), AccessReason::Review);
    for (place, expected) in [(String::new(), "empty"), ("x".repeat(65), "long")] {
        let refused = desk.store().log_access(AccessEntry { place, ..good.clone() });
        let fits = match expected {
            "empty" => matches!(refused, Err(StoreError::Malformed { what: "place" })),
            _ => matches!(refused, Err(StoreError::TooLarge { what: "place", .. })),
        };
        assert!(fits, "{refused:?}");
    }
    assert!(desk.store().log_access(AccessEntry { place: "x".repeat(64), ..good }).is_ok());
}

#[test]
fn a_result_is_logged_once_and_for_an_access_only() {
    let mut desk = Desk::new();
    let access = desk.access(KVNR, at(1), AccessReason::Inquiry);
    let log = |access, result| desk.store().log_result(access, result, at(2));
    log(access, AccessResult::Withheld).unwrap();
    assert!(matches!(log(access, AccessResult::Shown), Err(StoreError::Duplicate)));
    assert!(intact(2, 0)(desk.store().verify_accesses().unwrap()));
}

#[test]
fn every_word_comes_back_as_it_was_written() {
    let mut desk = Desk::new();
    let subject = desk.subject(KVNR);
    let reasons = [
        AccessReason::CardInserted,
        AccessReason::NumberGiven,
        AccessReason::Review,
        AccessReason::Inquiry,
        AccessReason::Complaint,
        AccessReason::DataAccess,
        AccessReason::Correction,
    ];
    let roles = [AccessRole::Clerk, AccessRole::Supervisor, AccessRole::Auditor, AccessRole::Administrator];
    let kinds = [AccessKind::LookUp, AccessKind::VisitOpened, AccessKind::Report];
    let results = [AccessResult::Shown, AccessResult::NotFound, AccessResult::Withheld, AccessResult::Failed];
    let expected: Vec<_> = reasons
        .into_iter()
        .zip(roles.into_iter().cycle())
        .zip(kinds.into_iter().cycle())
        .zip(results.into_iter().cycle())
        .map(|(((reason, role), kind), result)| {
            let entry = AccessEntry { role, kind, ..entry(subject, at(1), reason) };
            let access = desk.store().log_access(entry).unwrap();
            desk.store().log_result(access, result, at(2)).unwrap();
            Disclosure { at: at(1), role, place: "Platz 3".to_owned(), reason, kind, result: Some(result) }
        })
        .collect();
    assert_eq!(desk.store().accesses_of(subject).unwrap(), expected);
}

/// What a person is told: by role and place, never by employee; found and not found alike.
#[test]
fn a_person_is_told_who_looked_them_up_and_of_nobody_else() {
    let mut desk = Desk::new();
    desk.look_up(KVNR, 1, AccessResult::Shown);
    desk.look_up(OTHER, 2, AccessResult::Shown);
    desk.look_up(KVNR, 3, AccessResult::NotFound);
    let subject = desk.subject(KVNR);
    let told = desk.store().accesses_of(subject).unwrap();
    let times: Vec<_> = told.iter().map(|access| (access.at, access.result)).collect();
    assert_eq!(times, [(at(1), Some(AccessResult::Shown)), (at(3), Some(AccessResult::NotFound))]);
    assert!(!format!("{told:?}").contains("s-4711"));

    desk.close();
    let reader = Reader::open(&desk.path(), &key()).unwrap();
    let kvnr = Kvnr::parse(KVNR).unwrap();
    assert_eq!(reader.accesses_of(Subject::Insured(&kvnr)).unwrap(), told);
}

#[test]
fn a_desk_that_never_logged_anybody_has_nothing_to_tell() {
    let desk = Desk::new();
    let reader = Reader::open(&desk.path(), &key()).unwrap();
    let kvnr = Kvnr::parse(KVNR).unwrap();
    assert!(reader.accesses_of(Subject::Insured(&kvnr)).unwrap().is_empty());
    assert!(intact(0, 0)(reader.verify_accesses().unwrap()));
}

#[test]
fn a_reference_is_the_same_for_the_same_person_and_says_nothing_without_the_database() {
    let mut desk = Desk::new();
    let first = desk.subject(KVNR);
    assert_ne!(first, desk.subject(OTHER));
    desk.reopen().unwrap();
    assert!(first == desk.subject(KVNR));
    let mut elsewhere = Desk::new();
    elsewhere.entropy.0 = 1 << 40;
    assert!(elsewhere.subject(KVNR) != first, "each desk has a key of its own");
    let number = RepresentativeNumber::parse("V-22222222").unwrap();
    let store = desk.store.as_ref().unwrap();
    let other = store.subject_ref(Subject::Representative(&number), &mut |bytes| desk.entropy.fill(bytes));
    assert!(other.unwrap() != first);
    assert_eq!(format!("{first:?}"), "SubjectRef(…)");
}

/// RFC 2104 over the label and the number, computed with Python's hmac under the key that the test's entropy gives.
#[test]
fn a_reference_is_an_hmac_of_label_and_number() {
    let mut desk = Desk::new();
    let subject = desk.subject(KVNR);
    let key: Vec<u8> = desk.raw().query_row("SELECT key FROM access_key", [], |found| found.get(0)).unwrap();
    assert_eq!(hex::encode(key), "cd2662154e6d76b2b2b92e70c0cac3ccf534f9b74eb5b89819ec509083d00a50");
    let access = desk.store().log_access(entry(subject, at(1), AccessReason::Review)).unwrap();
    assert_eq!(access.number(), 1);
    let stored: Vec<u8> =
        desk.raw().query_row("SELECT subject FROM access_log", [], |found| found.get(0)).unwrap();
    assert_eq!(hex::encode(stored), "9260094af627d67168cef803131af3a35dfa033724b9b4571f5b37742e269ae1");
}

#[test]
fn the_log_names_nobody_even_in_the_decrypted_pages() {
    let mut desk = Desk::new();
    desk.look_up(KVNR, 1, AccessResult::Shown);
    let pages = decrypted(&desk.path());
    assert!(contains(&pages, b"number_given") && contains(&pages, b"Platz 3"), "the search can find");
    assert!(!contains(&pages, KVNR.as_bytes()));
}

/// A desk with three accesses and their results, tampered with as somebody with the key could.
#[track_caller]
fn check(sql: &str, seq: i64, what: Break) {
    let mut desk = Desk::new();
    for number in 1..=3 {
        desk.look_up(KVNR, number, AccessResult::Shown);
    }
    assert!(intact(6, 0)(desk.store().verify_accesses().unwrap()));
    let raw = desk.raw();
    raw.execute_batch(
        "DROP TRIGGER access_log_is_never_changed; DROP TRIGGER access_log_loses_its_oldest_only;
         DROP TRIGGER access_log_start_only_moves_on;",
    )
    .unwrap();
    raw.execute_batch(sql).unwrap();
    assert_eq!(desk.store().verify_accesses().unwrap(), AccessVerification::Broken { seq, what }, "{sql}");
}

#[test]
fn the_first_broken_link_is_named() {
    check("UPDATE access_log SET at_us = at_us + 1 WHERE seq = 3", 3, Break::Content);
    check("UPDATE access_log SET staff = 's-4712' WHERE seq = 3", 3, Break::Content);
    check("UPDATE access_log SET role = 'auditor' WHERE seq = 3", 3, Break::Content);
    check("UPDATE access_log SET place = 'Platz 4' WHERE seq = 3", 3, Break::Content);
    check("UPDATE access_log SET subject = zeroblob(32) WHERE seq = 3", 3, Break::Content);
    check("UPDATE access_log SET reason = 'review' WHERE seq = 3", 3, Break::Content);
    check("UPDATE access_log SET kind = 'report' WHERE seq = 3", 3, Break::Content);
    check("UPDATE access_log SET result = 'not_found' WHERE seq = 4", 4, Break::Content);
    check(
        "UPDATE access_log SET result_of = 1 WHERE seq = 2; UPDATE access_log SET result_of = 2 WHERE seq = 4",
        4,
        Break::Content,
    );
    check("UPDATE access_log SET prev = zeroblob(32) WHERE seq = 5", 5, Break::Link);
    check("DELETE FROM access_log WHERE seq = 1", 1, Break::Missing);
    check("DELETE FROM access_log WHERE seq = 4", 4, Break::Missing);
    check(
        "DELETE FROM access_log WHERE seq <= 2; INSERT INTO access_log_start VALUES (1, 2, zeroblob(32))",
        3,
        Break::Link,
    );
}

#[test]
fn the_schema_itself_refuses_to_change_or_shorten_the_log() {
    let mut desk = Desk::new();
    desk.look_up(KVNR, 1, AccessResult::Shown);
    for sql in [
        "UPDATE access_log SET staff = 's-4712'",
        "DELETE FROM access_log",
        "DELETE FROM access_log WHERE seq = 1",
        "INSERT OR REPLACE INTO access_log SELECT * FROM access_log",
        "DELETE FROM access_key",
        "UPDATE access_key SET key = zeroblob(32)",
    ] {
        assert!(desk.raw().execute_batch(sql).is_err(), "{sql}");
    }
    assert!(intact(2, 0)(desk.store().verify_accesses().unwrap()));
}

#[test]
fn after_twelve_months_an_entry_goes_and_the_chain_goes_on() {
    let mut desk = Desk::new();
    desk.look_up(KVNR, 0, AccessResult::Shown);
    desk.look_up(KVNR, 40 * DAY, AccessResult::Shown);
    let a_year_later: Timestamp = "2027-11-02T08:00:00Z".parse().unwrap();
    assert_eq!(desk.forget(1, a_year_later), 0, "not a moment before its time");
    let since = |seconds| a_year_later + jiff::SignedDuration::from_secs(seconds);
    assert_eq!(desk.forget(1, since(1)), 1);
    // The result came a second after its access.
    assert!(intact(3, 1)(desk.store().verify_accesses().unwrap()));
    desk.forget(2, since(2));
    assert!(intact(2, 2)(desk.store().verify_accesses().unwrap()));
    desk.look_up(OTHER, 400 * DAY, AccessResult::Shown);
    assert!(intact(4, 2)(desk.store().verify_accesses().unwrap()));
    let subject = desk.subject(KVNR);
    assert_eq!(desk.store().accesses_of(subject).unwrap().len(), 1);

    assert_eq!(desk.forget(3, at(1_000 * DAY)), 2);
    assert!(intact(0, 6)(desk.store().verify_accesses().unwrap()));
    desk.look_up(KVNR, 1_000 * DAY, AccessResult::Shown);
    assert!(intact(2, 6)(desk.store().verify_accesses().unwrap()), "an empty log goes on where it was");
}

#[test]
fn a_month_ends_on_its_last_day_in_the_log_s_period_as_well() {
    let periods = RetentionPeriods::new(14, 14, 1).unwrap();
    let now: Timestamp = "2027-03-31T12:00:00Z".parse().unwrap();
    assert_eq!(periods.access_log_since(now), "2027-02-28T12:00:00Z".parse().unwrap());
}

#[test]
fn accesses_are_counted_by_the_hour_and_never_by_person() {
    let mut desk = Desk::new();
    desk.look_up(KVNR, 0, AccessResult::Shown);
    desk.look_up(OTHER, 3_599, AccessResult::NotFound);
    let card = desk.access(KVNR, at(10), AccessReason::CardInserted);
    desk.store().log_result(card, AccessResult::Withheld, at(11)).unwrap();
    let without_result = desk.access(KVNR, at(7_200), AccessReason::Review);
    assert_eq!(without_result.number(), 7);
    let counts = desk.store().access_counts(at(0), at(DAY)).unwrap();
    let hour = |seconds, accesses, without_card, not_found, withheld| HourCount {
        hour: at(seconds),
        accesses,
        without_card,
        not_found,
        withheld,
    };
    assert_eq!(counts, [hour(0, 3, 2, 1, 1), hour(7_200, 1, 1, 0, 0)]);
    assert_eq!(desk.store().access_counts(at(3_600), at(7_200)).unwrap(), []);
}
