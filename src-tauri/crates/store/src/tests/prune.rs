//! Pruning what was erased and countersigned.

use identification::{OperatorId, Scope, VisitId};
use jiff::SignedDuration;
use proptest::prelude::*;

use super::{Desk, at, concern, empty, open_row, outbox::refused, segments::checkpoint_of, visit};
use crate::{Batch, Head, Outcome, Pruned, Verification, VisitRow, VisitState};

impl Desk {
    /// A visit that is over: two events of its own and one of a concern.
    pub(super) fn finished(&mut self, number: u128) -> Head {
        let own = Scope::Visit(visit(number));
        let records = vec![
            self.record(own, b"opened"),
            self.record(concern(number), b"code"),
            self.record(own, b"ended"),
        ];
        let row = VisitRow { state: VisitState::Ended { at: at(2) }, ..open_row() };
        self.append(Batch { records, visit_row: Some(row), ..empty(visit(number)) }).unwrap()
    }

    /// Erases everything of a visit.
    pub(super) fn wipe(&self, number: u128) {
        for scope in [Scope::Visit(visit(number)), concern(number)] {
            self.store().erase(scope, at(20)).unwrap();
        }
    }

    pub(super) fn prune(&self) -> Pruned {
        self.store().prune(at(1_000), at(2_000)).unwrap()
    }

    fn visits_listed(&self) -> Vec<VisitId> {
        self.store().visits(at(0), at(60)).unwrap().into_iter().map(|(id, _)| id).collect()
    }
}

#[test]
fn what_was_erased_and_countersigned_goes_and_the_chain_goes_on() {
    let mut desk = Desk::new();
    desk.finished(1);
    let told = desk.tell_journal();
    let head = desk.finished(2);
    desk.wipe(1);
    assert_eq!(desk.prune(), Pruned { events: 3, outbox_rows: 0, until: 3 });
    let intact = Verification::Intact { events: 3, head, pruned_until: told.seq };
    assert_eq!(desk.store().verify().unwrap(), intact);
    assert!(desk.store().events(visit(1)).unwrap().is_empty());
    assert_eq!(desk.visits_listed(), [visit(2)]);
    assert_eq!(desk.prune(), Pruned { until: 3, ..Pruned::default() }, "there is nothing more");
}

#[test]
fn a_journal_of_which_nothing_is_left_goes_on_where_it_ended() {
    let mut desk = Desk::new();
    let last = desk.finished(1);
    desk.tell_journal();
    desk.wipe(1);
    desk.prune();
    assert_eq!(
        desk.store().verify().unwrap(),
        Verification::Intact { events: 0, head: last, pruned_until: last.seq }
    );
    assert_eq!(desk.cut(), None);
    desk.reopen().unwrap();
    let head = desk.finished(2);
    assert_eq!(head.seq, 6);
    assert_eq!(
        desk.store().verify().unwrap(),
        Verification::Intact { events: 3, head, pruned_until: last.seq }
    );
    assert_eq!(desk.cut().unwrap().prev_hash, last.hash);
}

/// Something about the first of two visits keeps it, and with it everything behind.
#[track_caller]
fn check_stays(why: &str, act: impl FnOnce(&mut Desk)) {
    let mut desk = Desk::new();
    act(&mut desk);
    assert_eq!(desk.prune().events, 0, "{why}");
    assert!(matches!(desk.store().verify().unwrap(), Verification::Intact { pruned_until: 0, .. }), "{why}");
}

#[test]
fn what_can_still_be_opened_was_not_told_or_is_not_over_stays() {
    check_stays("the service was not told", |desk| {
        desk.finished(1);
        desk.wipe(1);
    });
    check_stays("the service has not countersigned", |desk| {
        desk.finished(1);
        let draft = desk.cut().unwrap();
        desk.append_segment(draft).unwrap();
        desk.wipe(1);
    });
    check_stays("a concern can be opened", |desk| {
        desk.finished(1);
        desk.tell_journal();
        desk.finished(2);
        desk.tell_journal();
        desk.wipe(2);
        desk.store().erase(Scope::Visit(visit(1)), at(20)).unwrap();
    });
    check_stays("the visit is open", |desk| {
        let record = desk.record(concern(1), b"withdrawn");
        desk.append(Batch { records: vec![record], visit_row: Some(open_row()), ..empty(visit(1)) }).unwrap();
        desk.tell_journal();
        desk.store().erase(concern(1), at(20)).unwrap();
    });
    check_stays("it is too young", |desk| {
        let record = desk.record(concern(1), b"late");
        desk.append(Batch { records: vec![record], at: at(1_000), ..empty(visit(1)) }).unwrap();
        desk.tell_journal();
        desk.store().erase(concern(1), at(1_001)).unwrap();
    });
}

#[test]
fn a_visit_stays_listed_until_its_last_event_is_pruned() {
    let mut desk = Desk::new();
    desk.finished(1);
    desk.tell_journal();
    let reviewed = desk.record(Scope::Visit(visit(1)), b"reviewed");
    desk.append(Batch { records: vec![reviewed], ..empty(visit(1)) }).unwrap();
    desk.wipe(1);
    assert_eq!(desk.prune().events, 3);
    assert_eq!(desk.visits_listed(), [visit(1)]);
    desk.tell_journal();
    assert_eq!(desk.prune().events, 1);
    assert!(desk.visits_listed().is_empty());
}

#[test]
fn erased_rows_of_the_outbox_go_once_they_are_settled_and_no_task() {
    let mut desk = Desk::new();
    let rows = [1, 2, 3].map(|number| desk.tell(visit(number), concern(number), b"row"));
    desk.deliver_first(rows[0], Outcome::Delivered);
    desk.deliver_first(rows[1], refused());
    desk.deliver_first(rows[2], refused());
    let waiting = desk.tell(visit(4), concern(4), b"waits");
    desk.store().close_task(rows[2], OperatorId::new("s-4713").unwrap(), at(6)).unwrap();
    assert_eq!(desk.prune().outbox_rows, 0, "nothing was erased");
    for number in [1, 2, 3] {
        desk.store().erase(concern(number), at(7)).unwrap();
    }
    assert_eq!(desk.store().prune(at(5), at(2_000)).unwrap().outbox_rows, 0, "too young");
    assert_eq!(desk.prune().outbox_rows, 2);
    assert_eq!(desk.store().tasks().unwrap().len(), 1, "a task stays until somebody has seen to it");
    assert_eq!(desk.lease_id(9), Some(waiting));
}

#[test]
fn no_number_of_the_outbox_is_used_twice() {
    let mut desk = Desk::new();
    let last = desk.tell(visit(1), concern(1), b"row");
    desk.deliver_first(last, Outcome::Delivered);
    desk.store().erase(concern(1), at(7)).unwrap();
    assert_eq!(desk.prune().outbox_rows, 0);
    desk.tell(visit(1), concern(2), b"row");
    assert_eq!(desk.lease(9).unwrap().seq, 2);
    assert_eq!(desk.prune().outbox_rows, 1);
}

#[test]
fn a_pruned_segments_record_is_forgotten_once_it_was_delivered() {
    let mut desk = Desk::new();
    desk.finished(1);
    desk.tell_journal();
    desk.deliver_all(11);
    desk.finished(2);
    desk.tell_journal();
    desk.wipe(1);
    desk.wipe(2);
    assert_eq!(desk.prune(), Pruned { events: 6, outbox_rows: 1, until: 6 });
    assert!(desk.lease(12).is_some(), "what was not delivered still goes out");
}

#[test]
fn the_schema_itself_refuses_to_prune_what_must_stay() {
    let mut desk = Desk::new();
    for number in [1, 2] {
        desk.finished(number);
        desk.tell_journal();
    }
    desk.wipe(2);
    let raw = desk.raw();
    for sql in [
        "DELETE FROM journal WHERE seq = 1",
        "DELETE FROM journal WHERE seq = 4",
        "UPDATE segment SET pruned_at_us = 0 WHERE until_seq = 3",
        "UPDATE segment SET pruned_at_us = 0 WHERE until_seq = 6",
    ] {
        assert!(raw.execute_batch(sql).is_err(), "{sql}");
    }
    desk.wipe(1);
    desk.prune();
    for sql in ["UPDATE segment SET pruned_at_us = 1", "UPDATE segment SET pruned_at_us = NULL"] {
        assert!(raw.execute_batch(sql).is_err(), "{sql}");
    }
}

impl Desk {
    fn deliver_first(&self, id: uuid::Uuid, outcome: Outcome) {
        let row = self.store().lease(at(4), SignedDuration::from_secs(30)).unwrap().unwrap();
        assert_eq!(row.id, id);
        self.settle(id, outcome, 5);
    }
}

/// What somebody may do to a journal, in any order.
#[derive(Debug, Clone, Copy)]
enum Step {
    Note { visit: u128, own: bool },
    Erase { visit: u128, own: bool },
    Cut,
    Confirm,
    Prune,
    Reopen,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let note = (1_u128..4, any::<bool>()).prop_map(|(visit, own)| Step::Note { visit, own });
    let erase = (1_u128..4, any::<bool>()).prop_map(|(visit, own)| Step::Erase { visit, own });
    let step = prop_oneof![
        4 => note,
        2 => erase,
        2 => Just(Step::Cut),
        2 => Just(Step::Confirm),
        2 => Just(Step::Prune),
        1 => Just(Step::Reopen),
    ];
    prop::collection::vec(step, 1..30)
}

/// A journal as a list: what pruning must leave.
#[derive(Default)]
struct Model {
    /// Visit, whether the scope is the visit's own.
    events: Vec<(u128, bool)>,
    erased: Vec<(u128, bool)>,
    /// Ends of segments, and whether they were confirmed.
    segments: Vec<(usize, bool)>,
    pruned: usize,
}

impl Model {
    fn prune(&mut self) {
        for (end, confirmed) in &self.segments {
            let events = self.events.get(self.pruned..(*end).max(self.pruned)).unwrap();
            if !confirmed || events.iter().any(|event| !self.erased.contains(event)) {
                break;
            }
            self.pruned = self.pruned.max(*end);
        }
    }

    fn told(&self) -> usize {
        self.segments.last().map_or(0, |(end, _)| *end)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn pruning_leaves_exactly_what_must_stay_and_a_chain_that_verifies(steps in steps()) {
        let (mut desk, mut model, mut heads) = (Desk::new(), Model::default(), vec![Head::START]);
        let mut ids = Vec::new();
        for step in steps {
            match step {
                Step::Note { visit: number, own } => {
                    let scope = if own { Scope::Visit(visit(number)) } else { concern(number) };
                    let record = desk.record(scope, b"body");
                    let written = desk.append(Batch { records: vec![record], ..empty(visit(number)) });
                    prop_assert_eq!(written.is_err(), model.erased.contains(&(number, own)));
                    if let Ok(head) = written {
                        model.events.push((number, own));
                        heads.push(head);
                    }
                }
                Step::Erase { visit: number, own } => {
                    let scope = if own { Scope::Visit(visit(number)) } else { concern(number) };
                    desk.store().erase(scope, at(20)).unwrap();
                    model.erased.push((number, own));
                }
                Step::Cut => {
                    let draft = desk.cut();
                    prop_assert_eq!(draft.is_some(), model.told() < model.events.len());
                    if let Some(draft) = draft {
                        ids.push(draft.id);
                        desk.append_segment(draft).unwrap();
                        model.segments.push((model.events.len(), false));
                    }
                }
                Step::Confirm => {
                    if let Some((segment, id)) = model.segments.iter_mut().zip(&ids).find(|(it, _)| !it.1) {
                        let head = *heads.get(segment.0).unwrap();
                        desk.store().checkpoint(*id, checkpoint_of(head), at(10)).unwrap();
                        segment.1 = true;
                    }
                }
                Step::Prune => {
                    let before = model.pruned;
                    model.prune();
                    let pruned = desk.prune();
                    prop_assert_eq!(pruned.events, (model.pruned - before) as u64);
                }
                Step::Reopen => desk.reopen().unwrap(),
            }
            let found = desk.store().verify().unwrap();
            prop_assert_eq!(found, Verification::Intact {
                events: (model.events.len() - model.pruned) as u64,
                head: *heads.last().unwrap(),
                pruned_until: model.pruned as i64,
            });
        }
        for number in 1..4 {
            let left = model.events.iter().skip(model.pruned).filter(|event| event.0 == number);
            let found = desk.store().events(visit(number)).unwrap();
            let readable: Vec<_> = found.iter().map(|event| event.body.is_some()).collect();
            prop_assert_eq!(readable, left.map(|event| !model.erased.contains(event)).collect::<Vec<_>>());
        }
    }
}
