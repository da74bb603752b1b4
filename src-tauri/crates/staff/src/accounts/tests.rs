use std::{
    collections::BTreeMap,
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    thread,
};

use jiff::ToSpan;
use tempfile::TempDir;

use super::*;
use crate::{Role, hash_pin};

const RIGHT: &str = "246810";
const WRONG: &str = "135790";

/// A desk at which Amsel ("s-1") and Buntspecht ("s-2") work.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        let phc = hash_pin(&pin(RIGHT), &mut |salt| salt.fill(7)).unwrap();
        let member = |id: &str, name: &str, role: &str| {
            format!("[[member]]\nid = \"{id}\"\nname = \"{name}\"\nroles = [\"{role}\"]\npin = \"{phc}\"\n")
        };
        let text = member("s-1", "A. Amsel", "clerk") + &member("s-2", "B. Buntspecht", "supervisor");
        fs::write(desk.path("staff.toml"), text).unwrap();
        #[cfg(unix)]
        fs::set_permissions(desk.path("staff.toml"), std::os::unix::fs::PermissionsExt::from_mode(0o640))
            .unwrap();
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn open(&self) -> Accounts {
        Accounts::open(&self.path("staff.toml"), &self.path("tries.toml")).unwrap()
    }

    fn tries(&self) -> String {
        fs::read_to_string(self.path("tries.toml")).unwrap_or_default()
    }
}

fn pin(digits: &str) -> Pin {
    Pin::parse(digits).unwrap()
}

fn noon() -> Timestamp {
    "2026-03-02T12:00:00Z".parse().unwrap()
}

/// Outcome of one try in a word.
fn outcome(result: Result<Member, PinError>) -> String {
    match result {
        Ok(member) => member.id().to_owned(),
        Err(PinError::Unknown) => "unknown".to_owned(),
        Err(PinError::Wrong { tries_left }) => format!("{tries_left} left"),
        Err(PinError::Locked { until }) => format!("until {}", until.strftime("%H:%M")),
        Err(PinError::Storage(_)) => "storage".to_owned(),
    }
}

fn check(accounts: &Accounts, id: &str, digits: &str, now: Timestamp) -> String {
    outcome(accounts.check(id, &pin(digits), now))
}

#[test]
fn everybody_is_listed_and_the_right_pin_lets_its_member_in() {
    let desk = Desk::new();
    let accounts = desk.open();
    let listed: Vec<_> = accounts.members().map(|member| (member.id(), member.name())).collect();
    assert_eq!(listed, [("s-1", "A. Amsel"), ("s-2", "B. Buntspecht")]);
    let member = accounts.check("s-2", &pin(RIGHT), noon()).unwrap();
    assert_eq!((member.name(), member.roles()), ("B. Buntspecht", &[Role::Supervisor].into()));
}

#[test]
fn five_wrong_tries_lock_one_account_even_against_its_right_pin() {
    let desk = Desk::new();
    let accounts = desk.open();
    for expected in ["4 left", "3 left", "2 left", "1 left", "until 12:15", "until 12:15"] {
        assert_eq!(check(&accounts, "s-1", WRONG, noon()), expected);
    }
    assert_eq!(check(&accounts, "s-1", RIGHT, noon() + 14.minutes()), "until 12:15");
    assert_eq!(check(&accounts, "s-2", RIGHT, noon()), "s-2");
    assert_eq!(check(&accounts, "s-1", WRONG, noon() + 15.minutes()), "4 left");
    assert_eq!(check(&accounts, "s-1", RIGHT, noon() + 15.minutes()), "s-1");
}

#[test]
fn the_right_pin_clears_the_wrong_tries_before_and_the_fifth_try_may_be_right() {
    let desk = Desk::new();
    let accounts = desk.open();
    for _ in 0..4 {
        check(&accounts, "s-1", WRONG, noon());
    }
    assert_eq!(check(&accounts, "s-1", RIGHT, noon()), "s-1");
    assert_eq!(desk.tries(), "[tries]\n");
    assert_eq!(check(&accounts, "s-1", WRONG, noon()), "4 left");
}

#[test]
fn wrong_tries_and_locks_survive_a_restart() {
    let desk = Desk::new();
    for expected in ["4 left", "3 left", "2 left", "1 left", "until 12:15", "until 12:15"] {
        assert_eq!(check(&desk.open(), "s-1", WRONG, noon()), expected);
    }
    assert_eq!(check(&desk.open(), "s-1", RIGHT, noon()), "until 12:15");
}

#[test]
fn a_try_is_on_disk_before_it_is_compared_so_that_a_kill_in_between_wins_none() {
    let desk = Desk::new();
    for expected in ["wrong = 1", "wrong = 2", "wrong = 3", "wrong = 4", "locked_until"] {
        let accounts = desk.open();
        let killed = catch_unwind(AssertUnwindSafe(|| {
            accounts.attempt("s-1", noon(), |_| {
                assert!(desk.tries().contains(expected), "{}", desk.tries());
                std::panic::resume_unwind(Box::new("killed"))
            })
        }));
        assert!(killed.is_err_and(|reason| reason.is::<&str>()), "the file holds {}", desk.tries());
    }
    assert_eq!(check(&desk.open(), "s-1", RIGHT, noon()), "until 12:15");
}

#[test]
fn nothing_is_compared_while_an_account_is_locked() {
    let desk = Desk::new();
    let accounts = desk.open();
    for _ in 0..5 {
        check(&accounts, "s-1", WRONG, noon());
    }
    let result = accounts.attempt("s-1", noon(), |_| panic!("compared"));
    assert_eq!(outcome(result), "until 12:15");
}

#[test]
fn a_clock_set_back_leaves_at_most_fifteen_minutes_of_a_lock_and_it_ends() {
    let desk = Desk::new();
    let accounts = desk.open();
    for _ in 0..5 {
        check(&accounts, "s-1", WRONG, noon());
    }
    let year_back = noon() - (365 * 24).hours() - 2.hours();
    assert_eq!(check(&accounts, "s-1", RIGHT, year_back), "until 10:15");
    assert_eq!(check(&desk.open(), "s-1", RIGHT, year_back + 14.minutes()), "until 10:15");
    assert_eq!(check(&desk.open(), "s-1", RIGHT, year_back + 15.minutes()), "s-1");
}

#[test]
fn instances_at_the_same_time_share_five_tries() {
    let desk = Desk::new();
    let mut outcomes = BTreeMap::new();
    thread::scope(|scope| {
        let guesses: Vec<_> =
            (0..12).map(|_| scope.spawn(|| check(&desk.open(), "s-1", WRONG, noon()))).collect();
        for guess in guesses {
            *outcomes.entry(guess.join().unwrap()).or_insert(0) += 1;
        }
    });
    let expected = [("4 left", 1), ("3 left", 1), ("2 left", 1), ("1 left", 1), ("until 12:15", 8)];
    assert_eq!(outcomes, expected.map(|(outcome, count)| (outcome.to_owned(), count)).into());
}

#[test]
fn an_unknown_id_is_hashed_for_as_well_and_leaves_no_trace() {
    let desk = Desk::new();
    let accounts = desk.open();
    let mut compared = false;
    let result = accounts.attempt("s-3", noon(), |hash| {
        compared = hash.is_none();
        // Even then nobody is let in.
        true
    });
    assert_eq!((outcome(result).as_str(), compared), ("unknown", true));
    assert_eq!(check(&accounts, "s-3", RIGHT, noon()), "unknown");
    assert_eq!(desk.tries(), "[tries]\n");
}

#[test]
fn a_damaged_file_of_tries_locks_everybody_for_fifteen_minutes_and_is_kept() {
    let desk = Desk::new();
    for _ in 0..5 {
        check(&desk.open(), "s-1", WRONG, noon());
    }
    for damaged in ["", "[tries.s-1]\nwro"] {
        fs::write(desk.path("tries.toml"), damaged).unwrap();
        assert_eq!(check(&desk.open(), "s-2", RIGHT, noon() + 1.minute()), "until 12:16");
        assert_eq!(fs::read_to_string(desk.path("tries.toml.damaged")).unwrap(), damaged);
        assert_eq!(check(&desk.open(), "s-1", RIGHT, noon() + 15.minutes()), "until 12:16");
        assert_eq!(check(&desk.open(), "s-1", WRONG, noon() + 16.minutes()), "4 left");
        assert_eq!(check(&desk.open(), "s-2", RIGHT, noon() + 16.minutes()), "s-2");
    }
}

#[test]
fn a_write_that_was_cut_short_is_no_damage() {
    let desk = Desk::new();
    assert_eq!(check(&desk.open(), "s-1", WRONG, noon()), "4 left");
    fs::write(desk.path("tries.toml.new"), "[tries.s-1]\nwr").unwrap();
    assert_eq!(check(&desk.open(), "s-1", WRONG, noon()), "3 left");
    assert!(!desk.path("tries.toml.new").exists());
}

#[test]
fn tries_of_members_who_have_left_are_forgotten() {
    let desk = Desk::new();
    fs::write(desk.path("tries.toml"), "[tries.s-1]\nwrong = 2\n\n[tries.s-9]\nwrong = 4\n").unwrap();
    assert_eq!(check(&desk.open(), "s-2", RIGHT, noon()), "s-2");
    assert_eq!(desk.tries(), "[tries.s-1]\nwrong = 2\n");
}

#[test]
fn where_tries_cannot_be_counted_nobody_is_let_in() {
    let desk = Desk::new();
    let accounts = desk.open();
    fs::create_dir(desk.path("tries.toml.new")).unwrap();
    let result = accounts.attempt("s-1", noon(), |_| panic!("compared"));
    assert_eq!(outcome(result), "storage");
    let nowhere = Accounts::open(&desk.path("staff.toml"), &desk.path("nowhere/tries.toml"));
    assert!(matches!(nowhere, Err(StaffError::Tries { .. })));
}

#[cfg(unix)]
#[test]
fn the_files_of_tries_belong_to_the_desks_account_alone() {
    let desk = Desk::new();
    check(&desk.open(), "s-1", WRONG, noon());
    for name in ["tries.toml", "tries.toml.lock"] {
        let mode = std::os::unix::fs::MetadataExt::mode(&fs::metadata(desk.path(name)).unwrap());
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}
