use jiff::ToSpan;

use super::*;

const NOON: &str = "2026-03-02T12:00:00Z";

fn noon() -> Timestamp {
    NOON.parse().unwrap()
}

#[test]
fn four_wrong_tries_are_counted_and_the_fifth_locks_for_fifteen_minutes() {
    let mut count = None;
    for wrong in 1..=4 {
        count = Some(Count::one_more(count, noon()).unwrap());
        assert_eq!(count, Some(Count::Wrong(wrong)));
    }
    let until = noon() + 15.minutes();
    assert_eq!(Count::one_more(count, noon()), Ok(Count::LockedUntil(until)));
}

#[test]
fn a_lock_holds_until_its_end_and_then_counting_begins_anew() {
    let until = noon() + 15.minutes();
    let locked = Some(Count::LockedUntil(until));
    assert_eq!(Count::one_more(locked, noon()), Err(until));
    assert_eq!(Count::one_more(locked, until - 1.nanosecond()), Err(until));
    assert_eq!(Count::one_more(locked, until), Ok(Count::Wrong(1)));
}

#[test]
fn a_clock_set_back_makes_a_lock_neither_shorter_nor_longer_than_a_fresh_one() {
    let locked = Some(Count::LockedUntil(noon() + 15.minutes()));
    // At 12:10, with five minutes left, the clock is set back to 12:08: seven are left.
    assert_eq!(Count::one_more(locked, noon() + 8.minutes()), Err(noon() + 15.minutes()));
    let year_back = noon() - (365 * 24).hours();
    assert_eq!(Count::one_more(locked, year_back), Err(year_back + 15.minutes()));
}

#[test]
fn the_end_of_time_is_no_way_out() {
    let fourth = Some(Count::Wrong(4));
    assert_eq!(Count::one_more(fourth, Timestamp::MAX), Ok(Count::LockedUntil(Timestamp::MAX)));
}

#[test]
fn the_file_looks_like_this() {
    let tries = [("s-4711".to_owned(), Count::Wrong(3)), ("s.48 15".to_owned(), Count::LockedUntil(noon()))];
    let text = toml::to_string(&Content { tries: tries.clone().into() }).unwrap();
    assert_eq!(
        text,
        "[tries.s-4711]\nwrong = 3\n\n[tries.\"s.48 15\"]\nlocked_until = \"2026-03-02T12:00:00Z\"\n"
    );
    assert_eq!(toml::from_str::<Content>(&text).unwrap().tries, tries.into());
    assert_eq!(toml::to_string(&Content::default()).unwrap(), "[tries]\n");
}

#[test]
fn a_file_that_this_program_never_writes_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let file = TriesFile::open(&folder.path().join("tries.toml")).unwrap();
    let check = |bytes: &[u8], damaged: bool| {
        fs::write(&file.path, bytes).unwrap();
        assert_eq!(file.read().unwrap().is_none(), damaged, "{}", String::from_utf8_lossy(bytes));
    };
    check(b"[tries]\n", false);
    check(b"[tries.a]\nwrong = 4\n", false);
    check(b"", true);
    check(b"\0\0\0\0", true);
    check(b"[tries.a]\nwrong = 0\n", true);
    check(b"[tries.a]\nwrong = 5\n", true);
    check(b"[tries.a]\nwrong = -1\n", true);
    check(b"[tries.a]\nwrong = 1\nlocked_until = \"2026-03-02T12:00:00Z\"\n", true);
    check(b"[tries.a]\nlocked_until = \"soon\"\n", true);
    check(b"[tries.a]\nwro", true);
    check(b"[other]\n[tries]\n", true);
    check(b"[tries]\n\xFF\n", true);
    check(format!("[tries]\n#{}", "x".repeat(64 * 1024)).as_bytes(), true);
}
