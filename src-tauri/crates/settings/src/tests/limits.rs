//! Numbers for a desk without a line, for its clock and for what it keeps.

use identification::{AccessRule, ClockRule, OfflineRule, RetentionRule};

use super::{DESK, PROFILE, TODAY, load, policy_with, profile_with};
use crate::{Profile, SettingsError};

#[test]
fn the_shipped_profile_has_the_rules_own_numbers() {
    let policy = load(DESK).unwrap().policy(TODAY);
    let offline =
        OfflineRule { lease_hours: 24, delivery_hours: 72, codes: 20, valid_days: 7, staff_hours: 12 };
    assert_eq!(policy.offline, offline);
    assert_eq!(policy.clock, ClockRule { warn_minutes: 5, block_minutes: 15 });
    let retention = RetentionRule { record_days: 14, audit_days: 14, access_log_months: 12 };
    assert_eq!(policy.retention, retention);
    assert_eq!(policy.access, AccessRule { lookups_without_visit_per_hour: 10 });
}

#[test]
fn each_number_has_its_limits_and_is_named_beyond_them() {
    for (section, key, right, taken, refused) in [
        ("offline", "lease_hours", 24, vec![1, 24], vec![0, 25, 73]),
        ("offline", "delivery_hours", 72, vec![24, 72], vec![0, 23, 73]),
        ("offline", "codes", 20, vec![0, 20], vec![21]),
        ("offline", "valid_days", 7, vec![1, 7], vec![0, 8]),
        ("offline", "staff_hours", 12, vec![1, 12], vec![0, 13]),
        ("access", "lookups_without_visit_per_hour", 10, vec![1, 10], vec![0, 11]),
        ("clock", "warn_minutes", 5, vec![1, 5], vec![0, 6, 16]),
        ("clock", "block_minutes", 15, vec![5, 15], vec![0, 4, 16]),
        ("retention", "record_days", 14, vec![1, 14], vec![0, 15]),
        ("retention", "audit_days", 14, vec![1, 14], vec![0, 15]),
        ("retention", "access_log_months", 12, vec![6, 12], vec![0, 5, 13]),
    ] {
        let line = |value: u8| format!("\n{key} = {value}\n");
        // `valid_days` is also the code's; this one stands in its own section.
        let (before, after) = PROFILE.split_once(&format!("[{section}]")).unwrap();
        let with = |value| {
            assert!(after.contains(&line(right)), "{key}");
            let text = format!("{before}[{section}]{}", after.replacen(&line(right), &line(value), 1));
            Profile::from_text(&text, "profile")
        };
        for value in taken {
            assert!(with(value).is_ok(), "{section}.{key} = {value}");
        }
        for value in refused {
            let error = with(value).unwrap_err();
            let named =
                matches!(&error, SettingsError::Value { key: it } if *it == format!("{section}.{key}"));
            assert!(named, "{section}.{key} = {value}: {error:?}");
        }
    }
}

#[test]
fn a_profile_that_leaves_a_number_out_is_refused() {
    for left_out in ["lease_hours = 24", "codes = 20", "block_minutes = 15", "access_log_months = 12"] {
        let error = profile_with(left_out, "").unwrap_err();
        assert!(matches!(error, SettingsError::Parse { .. }), "{left_out}: {error:?}");
    }
}

#[test]
fn a_profile_says_how_long_a_desk_works_without_a_line() {
    let policy = policy_with(
        "lease_hours = 24\ndelivery_hours = 72\ncodes = 20",
        "lease_hours = 4\ndelivery_hours = 8\ncodes = 5",
    );
    assert_eq!(
        policy.offline,
        OfflineRule { lease_hours: 4, delivery_hours: 8, codes: 5, ..OfflineRule::MOST }
    );
}

#[test]
fn a_version_is_a_month_and_a_number_in_it() {
    let with = |version: &str| profile_with("version = \"2026-11\"", &format!("version = \"{version}\""));
    for version in ["2026-11", "2027-01", "2026-11.1", "2026-11.999"] {
        assert!(with(version).is_ok(), "{version}");
    }
    for version in [
        "",
        "11",
        "2026",
        "2026-13",
        "2026-00",
        "2026-1",
        "26-11",
        "2026-11.",
        "2026-11.1000",
        "+026-11",
        "2026-11.+1",
        "2026-11-22",
        "neu",
    ] {
        let error = with(version).unwrap_err();
        assert!(matches!(&error, SettingsError::Value { key } if key == "version"), "{version}: {error:?}");
    }
}

#[test]
fn a_profile_larger_than_any_is_not_read() {
    let error = Profile::from_text(&format!("{PROFILE}{}", "#".repeat(128 * 1024)), "profile").unwrap_err();
    assert!(matches!(error, SettingsError::TooLarge { .. }), "{error:?}");
}
