//! The lists of visits and codes, derived anew from the journal.

use identification::{
    AbortReason, CodeId, Event, Level, OperatorId, PublicReference, ReviewOutcome, Scope, VisitId,
};
use jiff::civil::date;
use proptest::prelude::*;
use rusqlite::Connection;
use uuid::Uuid;

use super::{Desk, at, concern, empty, visit};
use crate::{Batch, Differing, Record, VisitRow, VisitState};

/// A reference that repeats from run to run.
fn reference(number: u8) -> PublicReference {
    PublicReference::from_entropy(&mut |bytes: &mut [u8]| bytes.fill(number))
}

fn code(number: u128) -> CodeId {
    CodeId::new(Uuid::from_u128(0x0400_0000 + number))
}

fn operator(number: u32) -> OperatorId {
    OperatorId::new(&format!("s-{number}")).unwrap()
}

fn generated(number: u8) -> Event {
    let Scope::Concern(concern) = concern(u128::from(number)) else { unreachable!() };
    Event::CodeGenerated {
        concern,
        code: code(u128::from(number)),
        reference: reference(number),
        level: Level::Substantial,
        valid_until: date(2026, 11, 16),
        offline: false,
    }
}

fn opened(number: u8) -> Event {
    let policy_version = "2026-11-01#17".to_owned();
    Event::VisitOpened { visit: visit(number.into()), operator: operator(4711), policy_version }
}

impl Desk {
    /// Writes an event with the row that the shell writes with it.
    fn happen(&mut self, number: u8, seconds: i64, event: &Event, row: VisitRow) {
        let id = visit(number.into());
        let record = Record::new(self.id(), id, event).unwrap();
        let row = VisitRow { opened_at: at(i64::from(number)), changed_at: at(seconds), ..row };
        let batch = Batch { at: at(seconds), records: vec![record], visit_row: Some(row), ..empty(id) };
        self.append(batch).unwrap();
    }

    /// Four visits: one open, one ended, taken over and reviewed, one aborted, one ended of which nothing can be opened.
    pub(super) fn with_visits() -> Self {
        let mut desk = Self::new();
        let open = |by| VisitRow { operator: operator(by), ..super::open_row() };
        for number in 1..=4_u8 {
            desk.happen(number, number.into(), &opened(number), open(4711));
            desk.happen(number, 10, &generated(number), open(4711));
        }
        desk.happen(2, 20, &Event::VisitTakenOver { by: operator(4713) }, open(4713));
        for number in [2, 4] {
            let by = if number == 2 { 4713 } else { 4711 };
            let ended = VisitRow { state: VisitState::Ended { at: at(30) }, ..open(by) };
            desk.happen(number, 30, &Event::VisitEnded, ended.clone());
            let outcome = ReviewOutcome::FormalDefect;
            let reviewed = VisitRow { review: Some(outcome), ..ended };
            desk.happen(number, 40, &Event::VisitReviewed { by: operator(4714), outcome }, reviewed);
        }
        let aborted = VisitRow { state: VisitState::Aborted { at: at(50) }, ..open(4711) };
        desk.happen(3, 50, &Event::VisitAborted { reason: AbortReason::Clerk }, aborted);
        for scope in [Scope::Visit(visit(4)), concern(4)] {
            desk.store().erase(scope, at(60)).unwrap();
        }
        desk
    }

    fn differences(&self) -> Vec<(VisitId, Differing)> {
        let rebuilt = self.store().rebuild().unwrap();
        assert_eq!(rebuilt.visits, 4);
        rebuilt.differences.into_iter().map(|it| (it.visit, it.what)).collect()
    }
}

/// Everything that is derived.
pub(super) fn lists(raw: &Connection) -> Vec<String> {
    let mut found = Vec::new();
    for (table, columns) in [
        ("visit", "hex(visit), state, operator, opened_at_us, closed_at_us, changed_at_us, review"),
        ("code_reference", "reference, hex(code), hex(visit), hex(scope_id)"),
    ] {
        let columns = columns.replace(", ", ", ' ', ");
        let sql = format!("SELECT concat({columns}) FROM {table} ORDER BY 1");
        found.extend(
            raw.prepare(&sql)
                .unwrap()
                .query_map([], |row| row.get::<_, String>(0))
                .unwrap()
                .map(|row| format!("{table} {}", row.unwrap())),
        );
    }
    found
}

#[test]
fn the_lists_that_were_written_are_those_that_the_journal_gives() {
    let desk = Desk::with_visits();
    let rebuilt = desk.store().rebuild().unwrap();
    assert_eq!((rebuilt.visits, rebuilt.codes, rebuilt.differences.as_slice()), (4, 3, &[][..]));
}

#[test]
fn a_visit_is_found_by_the_reference_on_its_sheet_and_by_its_code_until_that_is_erased() {
    let desk = Desk::with_visits();
    let found = |number: u8| {
        let by_code = desk.store().by_code(code(number.into())).unwrap();
        assert_eq!(desk.store().by_reference(&reference(number)).unwrap(), by_code);
        by_code.map(|(id, row)| (id, row.state))
    };
    assert_eq!(found(1), Some((visit(1), VisitState::Open)));
    assert_eq!(found(2), Some((visit(2), VisitState::Ended { at: at(30) })));
    assert_eq!(found(3), Some((visit(3), VisitState::Aborted { at: at(50) })));
    assert_eq!(found(4), None, "erased");
    assert_eq!(found(5), None, "never given out");
    desk.store().erase(concern(1), at(60)).unwrap();
    assert_eq!(found(1), None);
    assert_eq!(desk.differences(), []);
}

#[test]
fn what_a_list_says_otherwise_is_named_and_put_right() {
    let desk = Desk::with_visits();
    let raw = desk.raw();
    let before = lists(&raw);
    for (sql, differing) in [
        ("DELETE FROM visit WHERE visit = ?1", Differing::Row),
        ("UPDATE visit SET operator = 's-1' WHERE visit = ?1", Differing::Row),
        ("UPDATE visit SET opened_at_us = 0 WHERE visit = ?1", Differing::Row),
        ("UPDATE visit SET changed_at_us = 0 WHERE visit = ?1", Differing::Row),
        ("UPDATE visit SET closed_at_us = 0 WHERE visit = ?1", Differing::Row),
        ("UPDATE visit SET state = 'aborted' WHERE visit = ?1", Differing::Row),
        ("UPDATE visit SET review = NULL WHERE visit = ?1", Differing::Row),
        ("UPDATE visit SET review = 'agree' WHERE visit = ?1", Differing::Row),
        ("DELETE FROM code_reference WHERE visit = ?1", Differing::Codes),
        ("UPDATE code_reference SET reference = 'A-0000000000' WHERE visit = ?1", Differing::Codes),
        ("UPDATE code_reference SET code = zeroblob(16) WHERE visit = ?1", Differing::Codes),
        ("UPDATE code_reference SET scope_id = zeroblob(16) WHERE visit = ?1", Differing::Codes),
        (
            "INSERT INTO code_reference (reference, code, visit, scope_id)
             VALUES ('A-0000000000', zeroblob(16), ?1, zeroblob(16))",
            Differing::Codes,
        ),
    ] {
        assert_eq!(raw.execute(sql, [visit(2).uuid().as_bytes()]).unwrap(), 1, "{sql}");
        assert_ne!(lists(&raw), before, "{sql}");
        assert_eq!(desk.differences(), [(visit(2), differing)], "{sql}");
        assert_eq!(lists(&raw), before, "{sql}");
        assert_eq!(desk.differences(), [], "{sql}");
    }
}

#[test]
fn a_visit_of_which_the_journal_knows_nothing_is_taken_off_the_list() {
    let desk = Desk::with_visits();
    let raw = desk.raw();
    let before = lists(&raw);
    raw.execute_batch(
        "INSERT INTO visit (visit, state, operator, opened_at_us, changed_at_us)
         VALUES (zeroblob(16), 'open', 's-1', 0, 0);
         UPDATE code_reference SET visit = zeroblob(16) WHERE reference = (SELECT min(reference) FROM code_reference)",
    )
    .unwrap();
    let nobody = VisitId::new(Uuid::nil());
    let differences = desk.differences();
    assert!(differences.contains(&(nobody, Differing::Unknown)), "{differences:?}");
    assert!(differences.iter().any(|(_, what)| *what == Differing::Codes), "{differences:?}");
    assert_eq!(lists(&raw), before);
}

#[test]
fn of_an_erased_visit_the_clerk_and_the_judgement_stay_as_they_are_listed() {
    let desk = Desk::with_visits();
    let raw = desk.raw();
    raw.execute(
        "UPDATE visit SET operator = 's-1', review = 'agree' WHERE visit = ?1",
        [visit(4).uuid().as_bytes()],
    )
    .unwrap();
    assert_eq!(desk.differences(), [], "nobody can tell any more");
    raw.execute("UPDATE visit SET closed_at_us = 0 WHERE visit = ?1", [visit(4).uuid().as_bytes()]).unwrap();
    assert_eq!(desk.differences(), [(visit(4), Differing::Row)], "the times stand in the clear");
}

#[test]
fn a_visit_whose_events_do_not_open_is_named_and_left_as_it_is() {
    let desk = Desk::with_visits();
    let raw = desk.raw();
    let before = lists(&raw);
    raw.execute_batch(
        "DROP TRIGGER journal_is_never_changed; UPDATE journal SET sealed = zeroblob(40) WHERE seq = 1",
    )
    .unwrap();
    assert_eq!(desk.differences(), [(visit(1), Differing::Unreadable)]);
    assert_eq!(lists(&raw), before);
}

#[test]
fn a_database_of_the_first_schema_lists_its_codes_after_it_was_opened() {
    let mut desk = Desk::with_visits();
    desk.close();
    let before = lists(&desk.raw());
    // As the first schema would have it: there was no list of codes.
    let raw = desk.raw();
    raw.execute_batch("DELETE FROM code_reference").unwrap();
    drop(raw);
    let mut connection = desk.raw();
    crate::rebuild::all(&mut connection).unwrap();
    assert_eq!(lists(&connection), before);
}

/// What may happen to the lists.
#[derive(Debug, Clone, Copy)]
enum Damage {
    DropVisit(u128),
    DropCodes(u128),
    Swap(&'static str),
    Set(&'static str, &'static str, u128),
}

fn damage() -> impl Strategy<Value = Damage> {
    let columns =
        prop::sample::select(vec![("operator", "'s-9'"), ("opened_at_us", "7"), ("changed_at_us", "7")]);
    prop_oneof![
        (1_u128..4).prop_map(Damage::DropVisit),
        (1_u128..4).prop_map(Damage::DropCodes),
        prop::sample::select(vec!["code", "scope_id", "visit"]).prop_map(Damage::Swap),
        (columns, 1_u128..4).prop_map(|((column, value), number)| Damage::Set(column, value, number)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn whatever_happened_to_the_lists_the_journal_gives_them_back(damages in prop::collection::vec(damage(), 1..5)) {
        let desk = Desk::with_visits();
        let raw = desk.raw();
        let before = lists(&raw);
        for damage in damages {
            let id = |number| visit(number).uuid().into_bytes();
            match damage {
                Damage::DropVisit(number) => raw.execute("DELETE FROM visit WHERE visit = ?1", [id(number)]),
                Damage::DropCodes(number) => raw.execute("DELETE FROM code_reference WHERE visit = ?1", [id(number)]),
                // May fail where the column is unique; then nothing happened.
                Damage::Swap(column) => Ok(raw
                    .execute(&format!("UPDATE code_reference SET {column} = zeroblob(16)"), [])
                    .unwrap_or_default()),
                Damage::Set(column, value, number) => {
                    raw.execute(&format!("UPDATE visit SET {column} = {value} WHERE visit = ?1"), [id(number)])
                }
            }
            .unwrap();
        }
        let changed = lists(&raw) != before;
        let differences = desk.differences();
        prop_assert_eq!(!differences.is_empty(), changed);
        prop_assert_eq!(lists(&raw), before);
        prop_assert_eq!(desk.differences(), vec![]);
    }
}
