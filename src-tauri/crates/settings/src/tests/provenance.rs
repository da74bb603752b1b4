//! Whose word counts: the program's, the insurer's signature, the administrator's file; and who is named for it.

use jiff::Timestamp;

use super::{DESK, PROFILE, TODAY, load};
use crate::{Settings, SettingsError, SignedProfile, Source, Value};

const ISSUED: Timestamp = Timestamp::constant(1_795_350_000, 0);

fn bundle(toml: &str) -> SignedProfile {
    SignedProfile { serial: 7, issued_at: ISSUED, profile: "beispielkasse".into(), toml: toml.into() }
}

const fn signed() -> Source {
    Source::Signed { serial: 7, issued_at: ISSUED }
}

fn managed(lines: &str) -> Result<Settings, SettingsError> {
    let text = format!("{DESK}\n[tighten]\n{lines}");
    Settings::from_text(&text, "desk.toml", Source::Managed("/etc/identplatz/desk.toml".into()))
}

#[track_caller]
fn value(settings: &Settings, key: &str) -> (String, Source) {
    let values = settings.values();
    let mut found = values.iter().filter(|it| it.key == key);
    let Some(Value { value, source, .. }) = found.next() else {
        panic!("{key} is none of {:?}", values.iter().map(|it| &it.key).collect::<Vec<_>>())
    };
    assert!(found.next().is_none(), "{key} twice");
    (value.clone(), source.clone())
}

#[test]
fn a_signed_profile_replaces_the_shipped_one_whole_and_is_named_for_every_value() {
    let toml = PROFILE.replace("codes = 20", "codes = 3").replace("\"2026-11\"", "\"2026-12\"");
    let settings = load(DESK).unwrap().with_bundle(&bundle(&toml)).unwrap();
    assert_eq!(settings.profile_source, signed());
    let policy = settings.policy(TODAY);
    assert_eq!((policy.offline.codes, policy.version.as_str()), (3, "Beispielkasse 2026-12"));
    for (key, expected) in [("offline.codes", "3"), ("code.valid_days", "14"), ("name", "Beispielkasse")] {
        assert_eq!(value(&settings, key), (expected.to_owned(), signed()), "{key}");
    }
    assert_eq!(value(&settings, "place").1, Source::Shipped, "the desk file's, as the test loads it");
}

#[test]
fn a_signed_profile_may_loosen_what_the_shipped_one_says() {
    let shipped = load(DESK).unwrap();
    let strict = bundle(&PROFILE.replace("codes = 20", "codes = 0"));
    let again = shipped.with_bundle(&strict).unwrap().with_bundle(&bundle(PROFILE)).unwrap();
    assert_eq!(again.policy(TODAY).offline.codes, 20);
}

#[test]
fn a_signed_profile_keeps_to_the_same_limits_and_names_its_bundle() {
    let settings = load(DESK).unwrap();
    let error = settings.with_bundle(&bundle(&PROFILE.replace("codes = 20", "codes = 21"))).unwrap_err();
    assert!(matches!(&error, SettingsError::Value { key } if key == "offline.codes"), "{error:?}");
    let error = settings.with_bundle(&bundle("name = ")).unwrap_err();
    let SettingsError::Parse { file, .. } = &error else { panic!("{error:?}") };
    assert_eq!(file, "profile beispielkasse of bundle 7");
}

#[test]
fn a_signed_profile_of_another_name_or_older_than_the_program_is_refused() {
    let settings = load(DESK).unwrap();
    let other = SignedProfile { profile: "andere".into(), ..bundle(PROFILE) };
    let error = settings.with_bundle(&other).unwrap_err();
    assert!(matches!(error, SettingsError::OtherProfile { .. }), "{error:?}");
    let older = bundle(&PROFILE.replace("version = \"2026-11\"", "version = \"2026-10.9\""));
    let error = settings.with_bundle(&older).unwrap_err();
    assert!(matches!(error, SettingsError::OlderThanShipped { .. }), "{error:?}");
    let newer = bundle(&PROFILE.replace("version = \"2026-11\"", "version = \"2026-11.1\""));
    assert!(settings.with_bundle(&newer).is_ok());
}

#[test]
fn the_desk_file_makes_stricter_and_is_named_for_it() {
    let settings = managed(
        "second_look = true\nstep_up = true\nno_chips = true\nno_scans = true\nno_pin = true\ncode_valid_days = 7\n\
         tray_minutes = 5\nresume_minutes = 5\noffline_lease_hours = 4\noffline_delivery_hours = 24\noffline_codes = 0\n\
         offline_valid_days = 2\nclock_warn_minutes = 1\nclock_block_minutes = 3\nrecord_days = 3\noffline_staff_hours = 6\n\
         lookups_without_visit_per_hour = 4\n",
    )
    .unwrap();
    let file = || Source::Managed("/etc/identplatz/desk.toml".into());
    for (key, expected) in [
        ("purposes.app_activation.second_look", "true"),
        ("chips", ""),
        ("scans", ""),
        ("pin.at_reader", "false"),
        ("code.valid_days", "7"),
        ("code.tray_minutes", "5"),
        ("visit.resume_minutes", "5"),
        ("offline.lease_hours", "4"),
        ("offline.delivery_hours", "24"),
        ("offline.codes", "0"),
        ("offline.valid_days", "2"),
        ("clock.warn_minutes", "1"),
        ("clock.block_minutes", "3"),
        ("retention.record_days", "3"),
        ("offline.staff_hours", "6"),
        ("access.lookups_without_visit_per_hour", "4"),
        ("tighten.offline_codes", "0"),
    ] {
        assert_eq!(value(&settings, key), (expected.to_owned(), file()), "{key}");
    }
    // What was as strict already is still the profile's.
    for (key, expected) in [
        ("purposes.epa.second_look", "true"),
        ("purposes.app_activation.step_up", "true"),
        ("retention.audit_days", "14"),
    ] {
        assert_eq!(value(&settings, key), (expected.to_owned(), Source::Shipped), "{key}");
    }
    let policy = settings.policy(TODAY);
    assert!(policy.purposes.iter().all(|it| it.second_look && it.step_up));
    assert!(policy.documents.iter().all(|it| it.chip.is_none()) && !policy.pin_at_reader);
    assert!(settings.scan_admitted("reisepass-de-2017").is_none());
    assert_eq!((policy.code_valid_days, policy.offline.codes, policy.clock.block_minutes), (7, 0, 3));
    assert_eq!(policy.retention.record_days, 3);
}

#[test]
fn the_desk_file_loosens_nothing_whatever_it_says() {
    let shipped = load(DESK).unwrap();
    let settings =
        managed("code_valid_days = 30\noffline_codes = 255\nclock_block_minutes = 255\nrecord_days = 99\noffline_staff_hours = 13\nlookups_without_visit_per_hour = 11")
            .unwrap();
    assert_eq!(settings.policy(TODAY).offline, shipped.policy(TODAY).offline);
    for key in [
        "code.valid_days",
        "offline.codes",
        "offline.staff_hours",
        "clock.block_minutes",
        "retention.record_days",
        "access.lookups_without_visit_per_hour",
    ] {
        assert_eq!(value(&settings, key), value(&shipped, key), "{key}");
    }
    // Not even once the insurer has become stricter than the desk.
    let strict = bundle(&PROFILE.replace("codes = 20", "codes = 2"));
    let settings = managed("offline_codes = 10").unwrap().with_bundle(&strict).unwrap();
    assert_eq!(value(&settings, "offline.codes"), ("2".to_owned(), signed()));
    // And strict stays strict when the insurer becomes looser.
    let settings = managed("offline_codes = 1").unwrap().with_bundle(&strict).unwrap();
    assert_eq!(settings.policy(TODAY).offline.codes, 1);
}

#[test]
fn what_the_desk_file_tightens_too_far_to_work_is_refused_and_named() {
    for (line, wrong) in [
        ("code_valid_days = 0", "code_valid_days"),
        ("tray_minutes = 4", "tray_minutes"),
        ("offline_lease_hours = 0", "offline_lease_hours"),
        ("record_days = 0", "record_days"),
        ("offline_staff_hours = 0", "offline_staff_hours"),
        ("lookups_without_visit_per_hour = 0", "lookups_without_visit_per_hour"),
    ] {
        let error = managed(line).unwrap_err();
        let key = format!("tighten.{wrong}");
        assert!(matches!(&error, SettingsError::Value { key: it } if *it == key), "{line}: {error:?}");
    }
    for line in
        ["own_iks = []", "second_look = 1", "offline_codes = -1", "offline_codes = 256", "level = \"normal\""]
    {
        assert!(matches!(managed(line).unwrap_err(), SettingsError::Parse { .. }), "{line}");
    }
}

#[test]
fn the_earlier_limit_follows_the_later_one() {
    let settings = managed("offline_delivery_hours = 12\nclock_block_minutes = 2").unwrap();
    let policy = settings.policy(TODAY);
    assert_eq!((policy.offline.lease_hours, policy.offline.delivery_hours), (12, 12));
    assert_eq!((policy.clock.warn_minutes, policy.clock.block_minutes), (2, 2));
    assert!(matches!(value(&settings, "offline.lease_hours").1, Source::Managed(_)));
    assert!(matches!(value(&settings, "clock.warn_minutes").1, Source::Managed(_)));
}

#[test]
fn every_line_of_profile_and_desk_file_is_among_the_values() {
    let settings = load(include_str!("../../../../../assets/desk.example.toml")).unwrap();
    let keys: Vec<_> = settings.values().into_iter().map(|it| it.key).collect();
    for (file, text) in
        [("profile", PROFILE), ("desk file", include_str!("../../../../../assets/desk.example.toml"))]
    {
        let table: toml::Table = text.parse().unwrap();
        for (section, content) in table {
            let below =
                content.as_table().map(|it| it.keys().map(|key| format!("{section}.{key}")).collect());
            for key in below.unwrap_or_else(|| vec![section.clone()]) {
                let stands = |it: &String| *it == key || it.starts_with(&format!("{key}."));
                assert!(keys.iter().any(stands), "{file}: {key}");
            }
        }
    }
    let mut once = keys.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), keys.len(), "{keys:?}");
}

#[test]
fn values_are_written_as_in_the_file() {
    let settings = load(DESK).unwrap();
    for (key, expected) in [
        ("purposes.epa.level", "high"),
        ("representation.areas_for_access", "health, social_benefits"),
        ("reviews.catalogue", "2026-11-16"),
        ("health_card.proof", "chip"),
        ("chips.reisepass-eu.face", "true"),
        ("service.proxy", "none"),
        ("data_dir", "/var/lib/identplatz"),
    ] {
        assert_eq!(value(&settings, key).0, expected, "{key}");
    }
}
