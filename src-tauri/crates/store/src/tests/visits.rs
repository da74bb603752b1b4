use identification::{OperatorId, ReviewOutcome, VisitId};

use super::{Desk, OPERATOR, at, empty, identification, open_row, visit};
use crate::{Batch, MAX_VISITS, VisitRow, VisitState};

impl Desk {
    /// Writes a visit's row.
    fn list(&mut self, number: u128, row: VisitRow) {
        self.append(Batch { visit_row: Some(row), ..empty(visit(number)) }).unwrap();
    }

    /// A visit with evidence that ended at `seconds`.
    fn finish(&mut self, number: u128, seconds: i64) {
        let record = self.record(identification(number), b"evidence");
        let row = VisitRow { state: VisitState::Ended { at: at(seconds) }, ..open_row() };
        self.append(Batch { records: vec![record], visit_row: Some(row), ..empty(visit(number)) }).unwrap();
    }

    fn unreviewed(&self, limit: usize) -> Vec<VisitId> {
        self.store().unreviewed(limit).unwrap().into_iter().map(|(id, _)| id).collect()
    }
}

#[test]
fn open_visits_and_the_day_are_found() {
    let mut desk = Desk::new();
    for (number, state) in [
        (1, VisitState::Open),
        (2, VisitState::Ended { at: at(240) }),
        (3, VisitState::Aborted { at: at(30) }),
    ] {
        let row = VisitRow { opened_at: at(i64::try_from(number).unwrap()), ..open_row() };
        desk.list(number, row.clone());
        desk.list(number, VisitRow { state, ..row });
    }
    let open = desk.store().open_visits().unwrap();
    assert_eq!(
        open.iter().map(|(id, row)| (*id, row.operator.as_str())).collect::<Vec<_>>(),
        [(visit(1), OPERATOR)]
    );
    let day: Vec<_> = desk.store().visits(at(2), at(60)).unwrap();
    assert_eq!(
        day.iter().map(|(id, row)| (*id, row.state)).collect::<Vec<_>>(),
        [(visit(2), VisitState::Ended { at: at(240) }), (visit(3), VisitState::Aborted { at: at(30) })]
    );
}

#[test]
fn a_visits_row_tells_who_works_on_it_now_when_it_changed_and_what_the_review_said() {
    let mut desk = Desk::new();
    desk.list(1, open_row());
    let supervisor = OperatorId::new("s-4713").unwrap();
    let taken_over = VisitRow { operator: supervisor, changed_at: at(60), ..open_row() };
    let ended =
        VisitRow { state: VisitState::Ended { at: at(90) }, changed_at: at(90), ..taken_over.clone() };
    let reviewed = |outcome| VisitRow { changed_at: at(900), review: Some(outcome), ..ended.clone() };
    let rows = [
        taken_over.clone(),
        ended.clone(),
        reviewed(ReviewOutcome::Agree),
        reviewed(ReviewOutcome::FormalDefect),
        reviewed(ReviewOutcome::SubstantialDefect),
    ];
    for row in rows {
        desk.list(1, row.clone());
        assert_eq!(desk.store().visits(at(0), at(1)).unwrap(), [(visit(1), row)]);
    }
}

#[test]
fn a_visit_that_is_over_keeps_the_moment_at_which_it_ended() {
    let mut desk = Desk::new();
    let ended = |seconds| VisitRow { state: VisitState::Ended { at: at(seconds) }, ..open_row() };
    desk.list(1, ended(90));
    desk.list(1, VisitRow { changed_at: at(900), ..ended(900) });
    let row = VisitRow { changed_at: at(900), ..ended(90) };
    assert_eq!(desk.store().visits(at(0), at(1)).unwrap(), [(visit(1), row)]);
}

#[test]
fn a_list_that_is_too_long_keeps_the_newest_visits() {
    let mut desk = Desk::new();
    let raw = desk.raw();
    raw.execute(
        "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n <= ?1)
         INSERT INTO visit (visit, state, operator, opened_at_us, changed_at_us)
         SELECT CAST(printf('%016d', n) AS BLOB), 'open', 's-4711', ?2 + n, ?2 + n FROM number",
        (MAX_VISITS, at(0).as_microsecond()),
    )
    .unwrap();
    let day = desk.store().visits(at(0), at(60)).unwrap();
    let opened = |row: Option<&(VisitId, VisitRow)>| row.unwrap().1.opened_at.as_microsecond();
    assert_eq!(day.len() as i64, MAX_VISITS);
    assert_eq!(opened(day.first()), at(0).as_microsecond() + 2);
    assert_eq!(opened(day.last()), at(0).as_microsecond() + MAX_VISITS + 1);
    assert_eq!(desk.store().open_visits().unwrap().len() as i64, MAX_VISITS);
    desk.close();
}

#[test]
fn finished_visits_wait_for_a_review_in_the_order_in_which_they_ended() {
    let mut desk = Desk::new();
    assert!(desk.unreviewed(10).is_empty());
    desk.list(1, open_row());
    desk.list(2, VisitRow { state: VisitState::Aborted { at: at(10) }, ..open_row() });
    for (number, seconds) in [(3, 50), (4, 30), (5, 40)] {
        desk.finish(number, seconds);
    }
    assert_eq!(desk.unreviewed(10), [visit(4), visit(5), visit(3)]);
    assert_eq!(desk.unreviewed(2), [visit(4), visit(5)]);
    assert_eq!(desk.unreviewed(usize::MAX).len(), 3);

    let state = VisitState::Ended { at: at(30) };
    desk.list(4, VisitRow { state, review: Some(ReviewOutcome::Agree), ..open_row() });
    assert_eq!(desk.unreviewed(10), [visit(5), visit(3)]);
}

#[test]
fn a_visit_whose_evidence_was_erased_waits_for_no_review() {
    let mut desk = Desk::new();
    desk.finish(1, 10);
    desk.finish(2, 20);
    desk.store().erase(identification(1), at(30)).unwrap();
    assert_eq!(desk.unreviewed(1), [visit(2)]);
}

#[test]
fn an_open_visit_can_not_have_a_review() {
    let mut desk = Desk::new();
    let row = VisitRow { review: Some(ReviewOutcome::Agree), ..open_row() };
    assert!(desk.append(Batch { visit_row: Some(row), ..empty(visit(1)) }).is_err());
    assert!(desk.store().open_visits().unwrap().is_empty());
}
