//! What the service has refused for good, or what can't be read, until somebody has seen to it.

use identification::OperatorId;
use uuid::Uuid;

use super::{Desk, at, concern, outbox::refused, visit};
use crate::{MAX_PROBLEM, Outcome, StoreError, Task, TaskReason};

fn supervisor() -> OperatorId {
    OperatorId::new("s-4713").unwrap()
}

impl Desk {
    fn refuse(&mut self, number: u128, problem: &str, seconds: i64) -> Uuid {
        let id = self.tell(visit(number), concern(number), b"row");
        assert_eq!(self.lease_id(seconds), Some(id));
        self.settle(id, Outcome::Refused { problem: problem.to_owned() }, seconds);
        id
    }
}

#[test]
fn a_refusal_is_a_task_with_its_reason_until_somebody_has_seen_to_it() {
    let mut desk = Desk::new();
    assert!(desk.store().tasks().unwrap().is_empty());
    let id = desk.refuse(1, "NOT_INSURED", 5);
    let task = Task {
        id,
        visit: Some(visit(1)),
        kind: "code".to_owned(),
        at: at(5),
        why: TaskReason::Refused,
        code: Some("NOT_INSURED".to_owned()),
    };
    assert_eq!(desk.store().tasks().unwrap(), [task]);
    desk.reopen().unwrap();
    assert_eq!(desk.store().depth().unwrap().refused, 1);

    desk.store().close_task(id, supervisor(), at(9)).unwrap();
    assert!(desk.store().tasks().unwrap().is_empty());
    assert_eq!(desk.store().depth().unwrap().refused, 0);
    let by: String = desk.raw().query_row("SELECT closed_by FROM outbox", [], |row| row.get(0)).unwrap();
    assert_eq!(by, "s-4713");
}

#[test]
fn a_row_that_can_not_be_read_is_a_task_as_well_and_the_oldest_comes_first() {
    let mut desk = Desk::new();
    let unreadable = desk.tell(visit(1), concern(1), b"not a record");
    assert_eq!(desk.lease_id(1), Some(unreadable));
    desk.settle(unreadable, Outcome::Unreadable, 7);
    let damaged = desk.tell(visit(2), concern(2), b"row");
    desk.raw()
        .execute("UPDATE outbox SET payload = zeroblob(40) WHERE id = ?1", [damaged.as_bytes()])
        .unwrap();
    assert_eq!(desk.lease_id(6), None);
    let tasks = desk.store().tasks().unwrap();
    let found: Vec<_> = tasks.iter().map(|task| (task.id, task.why, task.code.as_deref())).collect();
    let expected = [(damaged, TaskReason::Unreadable, None), (unreadable, TaskReason::Unreadable, None)];
    assert_eq!(found, expected);
    for id in [damaged, unreadable] {
        desk.store().close_task(id, supervisor(), at(9)).unwrap();
    }
    assert_eq!(desk.store().depth().unwrap().unreadable, 0);
}

#[test]
fn only_an_open_task_can_be_closed() {
    let mut desk = Desk::new();
    let waiting = desk.tell(visit(1), concern(1), b"row");
    let close = |desk: &Desk, id| desk.store().close_task(id, supervisor(), at(9));
    assert!(matches!(close(&desk, waiting), Err(StoreError::NoSuchTask)));
    desk.deliver_all(1);
    assert!(matches!(close(&desk, waiting), Err(StoreError::NoSuchTask)));
    let refused = desk.refuse(2, "NOT_INSURED", 2);
    close(&desk, refused).unwrap();
    assert!(matches!(close(&desk, refused), Err(StoreError::NoSuchTask)), "the first who closed it stays");
}

#[test]
fn erasing_leaves_the_task_of_a_refusal_and_takes_that_of_an_unreadable_row() {
    let mut desk = Desk::new();
    let id = desk.refuse(1, "NOT_INSURED", 1);
    let unreadable = desk.tell(visit(2), concern(2), b"not a record");
    assert_eq!(desk.lease_id(2), Some(unreadable));
    desk.settle(unreadable, Outcome::Unreadable, 2);
    for number in [1, 2] {
        desk.store().erase(concern(number), at(3)).unwrap();
    }
    let tasks = desk.store().tasks().unwrap();
    assert_eq!(tasks.iter().map(|task| task.id).collect::<Vec<_>>(), [id]);
}

#[test]
fn a_problem_is_kept_only_if_it_is_a_code() {
    let mut desk = Desk::new();
    let longest = "X".repeat(MAX_PROBLEM);
    for (number, (problem, kept)) in [
        ("OPEN_CODE_EXISTS", "OPEN_CODE_EXISTS"),
        (longest.as_str(), longest.as_str()),
        ("", "UNNAMED"),
        (&format!("{longest}X"), "UNNAMED"),
        ("Buntspecht, B234567895", "UNNAMED"),
        ("not_insured", "UNNAMED"),
    ]
    .into_iter()
    .enumerate()
    {
        let id = desk.refuse(number as u128, problem, number as i64 + 1);
        let tasks = desk.store().tasks().unwrap();
        let task = tasks.iter().find(|task| task.id == id).unwrap();
        assert_eq!(task.code.as_deref(), Some(kept), "{problem}");
    }
}

#[test]
fn a_refused_row_lets_the_rest_of_its_visit_go_out() {
    let mut desk = Desk::new();
    let [first, second] = [1, 1].map(|number| desk.tell(visit(number), concern(number), b"row"));
    assert_eq!(desk.lease_id(1), Some(first));
    desk.settle(first, refused(), 1);
    assert_eq!(desk.lease_id(1), Some(second));
    desk.settle(second, Outcome::Delivered, 1);
    desk.store().close_task(first, supervisor(), at(2)).unwrap();
    assert_eq!(desk.lease_id(1_000_000), None, "closing a task sends nothing");
}
