//! Hours with look-ups that led to no visit.

use identification::{OperatorId, PublicReference};

use super::{Desk, at, concern, empty, open_row, retention::DAY, visit};
use crate::{
    AccessEntry, AccessKind, AccessReason, AccessResult, AccessRole, Batch, Record, StaffHour, Subject,
    VisitRow, VisitState,
};

const HOUR: i64 = 3_600;

fn staff(id: &str) -> OperatorId {
    OperatorId::new(id).unwrap()
}

impl Desk {
    fn accessed(
        &mut self,
        by: &str,
        kind: AccessKind,
        subject: Subject<'_>,
        seconds: i64,
        result: AccessResult,
    ) {
        let subject =
            self.store.as_ref().unwrap().subject_ref(subject, &mut |bytes| self.entropy.fill(bytes)).unwrap();
        let entry = AccessEntry {
            at: at(seconds),
            staff: staff(by),
            role: AccessRole::Clerk,
            place: "Platz 3".to_owned(),
            subject,
            reason: AccessReason::NumberGiven,
            kind,
        };
        let access = self.store().log_access(entry).unwrap();
        self.store().log_result(access, result, at(seconds)).unwrap();
    }

    /// Somebody asks the service about people, whatever it answers.
    fn looks_up(&mut self, by: &str, seconds: i64, times: i64) {
        let reference = reference();
        for (again, result) in (0..times)
            .zip([AccessResult::Shown, AccessResult::NotFound, AccessResult::Failed].into_iter().cycle())
        {
            self.accessed(by, AccessKind::LookUp, Subject::Reference(&reference), seconds + again, result);
        }
    }

    /// A visit about somebody begins.
    fn begins(&mut self, number: u128, by: &str, seconds: i64, state: VisitState) {
        let opened = self.record(concern(number), b"somebody");
        let records = vec![Record { kind: "concern_opened", ..opened }];
        let row = VisitRow { operator: staff(by), opened_at: at(seconds), state, ..open_row() };
        self.append(Batch { at: at(seconds), records, visit_row: Some(row), ..empty(visit(number)) })
            .unwrap();
    }

    fn unusual(&self, most: u64) -> Vec<StaffHour> {
        self.store().unusual_hours(at(0), at(DAY), most).unwrap()
    }
}

fn reference() -> PublicReference {
    PublicReference::from_entropy(&mut |bytes: &mut [u8]| bytes.fill(7))
}

fn hour(by: &str, seconds: i64, look_ups: u64, without_visit: u64) -> StaffHour {
    StaffHour { staff: staff(by), hour: at(seconds), look_ups, without_visit, seen_at: None }
}

#[test]
fn an_hour_is_unusual_with_more_look_ups_without_a_visit_than_the_policy_says() {
    let mut desk = Desk::new();
    desk.looks_up("s-4711", 10, 3);
    assert_eq!(desk.unusual(3), []);
    assert_eq!(desk.unusual(2), [hour("s-4711", 0, 3, 3)]);
    // Each hour and each member of staff for themselves.
    desk.looks_up("s-4711", HOUR - 1, 1);
    desk.looks_up("s-4711", HOUR, 2);
    desk.looks_up("s-4712", 20, 3);
    assert_eq!(desk.unusual(2), [hour("s-4711", 0, 4, 4), hour("s-4712", 0, 3, 3)]);
    assert_eq!(
        desk.unusual(1),
        [hour("s-4711", HOUR, 2, 2), hour("s-4711", 0, 4, 4), hour("s-4712", 0, 3, 3)]
    );
}

#[test]
fn a_look_up_that_a_visit_followed_does_not_count_unless_the_visit_was_aborted() {
    let mut desk = Desk::new();
    desk.looks_up("s-4711", 0, 4);
    desk.begins(1, "s-4711", 1, VisitState::Ended { at: at(300) });
    desk.begins(2, "s-4711", 400, VisitState::Open);
    desk.begins(3, "s-4711", 700, VisitState::Aborted { at: at(800) });
    // Somebody else's visit is nobody else's excuse.
    desk.begins(4, "s-4712", 900, VisitState::Ended { at: at(1_000) });
    assert_eq!(desk.unusual(1), [hour("s-4711", 0, 4, 2)]);
    assert_eq!(desk.unusual(2), []);
}

#[test]
fn a_search_counts_when_nothing_was_shown() {
    let mut desk = Desk::new();
    let reference = reference();
    for (seconds, result) in
        [(0, AccessResult::NotFound), (1, AccessResult::Withheld), (2, AccessResult::Shown)]
    {
        desk.accessed("s-4711", AccessKind::VisitOpened, Subject::Reference(&reference), seconds, result);
    }
    assert_eq!(desk.unusual(1), [hour("s-4711", 0, 2, 2)]);
}

#[test]
fn that_a_supervisor_has_seen_it_stands_in_the_access_log_and_counts_for_nobody() {
    let mut desk = Desk::new();
    desk.looks_up("s-4711", 0, 3);
    desk.looks_up("s-4712", 0, 3);
    let [first, second] = desk.unusual(2).try_into().unwrap();
    desk.accessed("t-0815", AccessKind::Report, first.subject(), 4_000, AccessResult::Shown);
    assert_eq!(desk.unusual(2), [StaffHour { seen_at: Some(at(4_000)), ..first }, second]);
    assert_eq!(desk.unusual(0).len(), 2);
}
