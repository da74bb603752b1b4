//! What is due when: classes, beginnings and periods.

use identification::{Scope, VisitId};
use jiff::Timestamp;
use uuid::Uuid;

use super::{
    CANARY, Desk, at, concern, empty, identification, key, open_row, raw, segments::checkpoint_of,
    upgrade::desk_of_schema_1, visit,
};
use crate::{
    Batch, ErasureList, Head, Outcome, RetentionClass, RetentionPeriods, Store, StoreError, VisitRow,
    VisitState, seal::scope_parts,
};

pub(super) const DAY: i64 = 86_400;

pub(super) fn two_weeks() -> RetentionPeriods {
    RetentionPeriods::new(14, 14, 12).unwrap()
}

/// A visit's own scope.
pub(super) fn own(number: u128) -> Scope {
    Scope::Visit(visit(number))
}

pub(super) fn id(scope: Scope) -> Uuid {
    scope_parts(scope).1
}

impl Desk {
    /// A visit with one identification and one concern, an outbox row of each, that ended at `seconds`.
    pub(super) fn whole_visit(&mut self, number: u128, seconds: i64) -> [Uuid; 2] {
        let scopes = [own(number), identification(number), concern(number)];
        let records = scopes.map(|scope| self.record(scope, CANARY)).into();
        let outbox: Vec<_> =
            [scopes[1], scopes[2]].map(|scope| self.outbox_record(scope, CANARY)).into_iter().collect();
        let ids = [outbox[0].id, outbox[1].id];
        let state = VisitState::Ended { at: at(seconds) };
        let visit_row = Some(VisitRow { state, changed_at: at(seconds), ..open_row() });
        self.append(Batch { at: at(seconds), records, outbox, visit_row, ..empty(visit(number)) }).unwrap();
        ids
    }

    /// The service has countersigned all events so far.
    pub(super) fn countersign(&mut self, seconds: i64) {
        let draft = self.cut().unwrap();
        let (id, head) = (draft.id, Head { seq: draft.until_seq, hash: draft.hash });
        self.append_segment(draft).unwrap();
        self.store().checkpoint(id, checkpoint_of(head), at(seconds)).unwrap();
    }

    /// What is due, by class.
    pub(super) fn due(&self, seconds: i64) -> Vec<(VisitId, RetentionClass)> {
        let due = self.store().due(two_weeks(), at(seconds)).unwrap();
        due.into_iter().map(|due| (due.visit, due.class)).collect()
    }

    /// When the list says that the evidence of visit 1, the only one, goes.
    fn delete_after(&self) -> Option<Timestamp> {
        let [(_, row)] = self.store().visits(at(0), at(1)).unwrap().try_into().unwrap();
        row.delete_after
    }
}

#[test]
fn the_time_of_a_record_runs_from_its_delivery_and_not_before_the_visit_is_over() {
    let mut desk = Desk::new();
    desk.whole_visit(1, 10);
    assert_eq!(desk.due(400 * DAY), [], "not delivered");
    desk.deliver_all(100);
    assert_eq!(desk.due(14 * DAY + 99), []);
    let due = desk.store().due(two_weeks(), at(14 * DAY + 100)).unwrap();
    let found: Vec<_> = due.iter().map(|due| (due.scope, due.class, due.since)).collect();
    let since = at(14 * DAY + 100);
    let mut expected = [id(identification(1)), id(concern(1))];
    expected.sort();
    assert_eq!(found, expected.map(|scope| (scope, RetentionClass::Record, since)));

    let mut open = Desk::new();
    let id = open.tell(visit(1), concern(1), b"row");
    open.append(Batch { visit_row: Some(open_row()), ..empty(visit(1)) }).unwrap();
    open.send(id, 1);
    assert_eq!(open.due(400 * DAY), [], "the visit is open");
}

impl Desk {
    fn send(&self, id: Uuid, seconds: i64) {
        assert_eq!(self.lease_id(seconds), Some(id));
        self.settle(id, Outcome::Delivered, seconds);
    }
}

#[test]
fn one_row_that_was_not_delivered_keeps_its_own_record_only() {
    let mut desk = Desk::new();
    let [first, second] = desk.whole_visit(1, 10);
    desk.send(first, 20);
    assert_eq!(desk.due(15 * DAY), [(visit(1), RetentionClass::Record)]);
    desk.send(second, 14 * DAY);
    assert_eq!(desk.due(15 * DAY).len(), 1);
    assert_eq!(desk.due(28 * DAY).len(), 2);
}

#[test]
fn what_the_service_refused_is_kept_until_a_supervisor_has_looked_at_it() {
    let mut desk = Desk::new();
    let [first, second] = desk.whole_visit(1, 10);
    desk.send(first, 20);
    assert_eq!(desk.lease_id(21), Some(second));
    desk.settle(second, Outcome::Refused { problem: "CODE_UNKNOWN".to_owned() }, 21);
    assert_eq!(desk.due(400 * DAY).len(), 1, "the refused one is a task");
    let supervisor = identification::OperatorId::new("s-4713").unwrap();
    desk.store().close_task(second, supervisor, at(30 * DAY)).unwrap();
    assert_eq!(desk.due(43 * DAY).len(), 1);
    assert_eq!(desk.due(44 * DAY).len(), 2);
}

#[test]
fn a_visits_own_record_goes_last_and_only_when_its_events_are_countersigned() {
    let mut desk = Desk::new();
    desk.whole_visit(1, 10);
    desk.deliver_all(100);
    let run = |desk: &Desk, number, seconds| {
        desk.store().erase_due(Uuid::from_u128(number), two_weeks(), at(seconds)).unwrap()
    };
    assert_eq!(run(&desk, 1, 15 * DAY).unwrap().scopes, 2);
    assert_eq!(desk.due(400 * DAY), [], "the service wasn't told of the visit's events");
    desk.countersign(20 * DAY);
    assert_eq!(desk.due(34 * DAY - 1), []);
    assert_eq!(desk.due(34 * DAY), [(visit(1), RetentionClass::Audit)]);
    let run = run(&desk, 2, 34 * DAY).unwrap();
    assert_eq!((run.scopes, run.events, run.visits), (1, 1, 1));
    assert!(desk.store().visits(at(0), at(1)).unwrap().is_empty());
}

#[test]
fn a_period_can_be_changed_and_holds_for_what_is_there_already() {
    let mut desk = Desk::new();
    desk.whole_visit(1, 10);
    desk.deliver_all(10);
    let due = |record, seconds| {
        let periods = RetentionPeriods::new(record, 14, 12).unwrap();
        desk.store().due(periods, at(seconds)).unwrap().len()
    };
    assert_eq!((due(3, 3 * DAY), due(3, 3 * DAY + 10), due(14, 3 * DAY + 10)), (0, 2, 0));
    assert_eq!(due(0, 10), 2);
}

#[test]
fn periods_that_would_make_an_archive_are_not_taken() {
    assert!(RetentionPeriods::new(400, 400, 36).is_some());
    for (record, audit, months) in [(401, 14, 12), (14, 401, 12), (14, 14, 37), (14, 14, 0)] {
        assert!(RetentionPeriods::new(record, audit, months).is_none(), "{record} {audit} {months}");
    }
}

#[test]
fn the_list_of_visits_says_when_the_evidence_goes() {
    let mut desk = Desk::new();
    desk.whole_visit(1, 10);
    assert_eq!(desk.delete_after(), None, "no run has told the periods, nothing is delivered");
    assert!(desk.store().erase_due(Uuid::from_u128(1), two_weeks(), at(20)).unwrap().is_none());
    assert_eq!(desk.delete_after(), None, "nothing is delivered");
    desk.deliver_all(100);
    assert_eq!(desk.delete_after(), Some(at(14 * DAY + 100)));
    desk.store().erase_due(Uuid::from_u128(1), two_weeks(), at(15 * DAY)).unwrap().unwrap();
    assert_eq!(desk.delete_after(), None, "it is gone");
}

#[test]
fn a_scope_of_another_visit_is_never_written_to() {
    let mut desk = Desk::new();
    desk.note(concern(1), b"body");
    let record = desk.record(concern(1), b"body");
    assert!(desk.append(Batch { records: vec![record], ..empty(visit(2)) }).is_err());
    let row = desk.outbox_record(concern(1), b"row");
    assert!(desk.append(Batch { outbox: vec![row], ..empty(visit(2)) }).is_err());
    assert!(desk.store().events(visit(2)).unwrap().is_empty());
}

#[test]
fn a_wiped_draft_has_no_time_to_wait_for() {
    let mut desk = Desk::new();
    desk.note(concern(1), CANARY);
    desk.store().erase(concern(1), at(1)).unwrap();
    let rows: i64 = desk.raw().query_row("SELECT count(*) FROM retention", [], |found| found.get(0)).unwrap();
    assert_eq!(rows, 0);
    assert!(matches!(desk.store().erase(concern(1), at(2)), Ok(erased) if erased.events == 0));
    let late = desk.record(concern(1), b"late");
    let late = desk.append(Batch { records: vec![late], ..empty(visit(1)) });
    assert!(matches!(late, Err(StoreError::Erased)));
}

#[test]
fn looking_for_what_is_due_reads_through_neither_journal_nor_outbox() {
    let desk = Desk::new();
    let raw = desk.raw();
    for view in ["retention_start", "retention_end WHERE visit = zeroblob(16)"] {
        let plan: Vec<String> = raw
            .prepare(&format!("EXPLAIN QUERY PLAN SELECT * FROM {view}"))
            .unwrap()
            .query_map([], |row| row.get("detail"))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let scans: Vec<_> = plan.iter().filter(|step| step.starts_with("SCAN")).collect();
        let fits = if view == "retention_start" { scans == ["SCAN r"] } else { scans.is_empty() };
        assert!(fits, "{view}: {plan:#?}");
    }
}

#[test]
fn a_database_of_the_first_version_gets_its_classes_and_its_list_of_erasures() {
    let (_temporary, path) = desk_of_schema_1();
    drop(Store::open(&path, &key()).unwrap());
    let raw = raw(&path);
    let ids = |sql: &str| -> Vec<Uuid> {
        let mut statement = raw.prepare(sql).unwrap();
        let found = statement.query_map([], |found| found.get::<_, [u8; 16]>(0)).unwrap();
        found.map(|id| Uuid::from_bytes(id.unwrap())).collect()
    };
    let live = ids("SELECT scope_id FROM scope_key WHERE key IS NOT NULL ORDER BY scope_id");
    let classed = ids("SELECT scope_id FROM retention WHERE erased_in IS NULL ORDER BY scope_id");
    assert!(live.len() >= 2 && live == classed, "{live:?} {classed:?}");
    let erased = ids("SELECT scope_id FROM scope_key WHERE key IS NULL");
    let list = ErasureList::read(&ErasureList::beside(&path)).unwrap();
    assert_eq!(list.entries().map(|(scope, _)| scope).collect::<Vec<_>>(), erased);
    assert_eq!(erased.len(), 1);
}

#[test]
fn a_scope_belongs_to_the_visit_that_it_was_first_written_in() {
    let mut desk = Desk::new();
    desk.note(concern(1), b"first");
    let record = desk.record(concern(1), b"second");
    let other = Batch { records: vec![record], ..empty(visit(2)) };
    let refused = StoreError::Malformed { what: "scope of another visit" }.to_string();
    assert_eq!(desk.append(other).unwrap_err().to_string(), refused);
    let row = desk.outbox_record(concern(1), b"told");
    let other = Batch { outbox: vec![row], ..empty(visit(2)) };
    assert_eq!(desk.append(other).unwrap_err().to_string(), refused);
    assert!(desk.store().events(visit(2)).unwrap().is_empty());
    assert_eq!(desk.store().depth().unwrap().waiting, 0);
    let moved = desk.raw().execute("UPDATE retention SET visit = zeroblob(16)", []).unwrap_err();
    assert_eq!(moved.to_string(), "a scope belongs to one visit");
}
