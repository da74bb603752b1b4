//! `profile check` and `profile show`.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::support::{command, finish, run, start, text};

/// The demonstration's profile, as it comes with the program.
fn shipped() -> Result<String> {
    Ok(fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets/profiles/beispielkasse.toml"),
    )?)
}

#[test]
fn a_profile_that_can_be_used_is_named_with_its_version() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("profile.toml");
    fs::write(&file, shipped()?)?;
    let ran = run(&["profile", "check", text(&file)?, "--json"])?;
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let version = shipped()?.lines().find_map(|line| line.strip_prefix("version = ").map(str::to_owned));
    let version = version.context("no version")?;
    assert_eq!(ran.json()?["version"].as_str(), Some(version.trim_matches('"')));
    assert!(ran.json()?["values"].as_u64().is_some_and(|values| values > 30), "{ran:?}");
    Ok(())
}

#[test]
fn a_mistyped_key_a_wrong_value_and_a_missing_file_are_named() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("profile.toml");
    let check = || run(&["profile", "check", text(&file)?, "--json"]);
    assert_eq!(check()?.error()?, ("not_read".to_owned(), Some(1)));
    fs::write(&file, format!("mistyped = 1\n{}", shipped()?))?;
    let ran = check()?;
    assert_eq!(ran.error()?, ("settings_unusable".to_owned(), Some(11)));
    assert!(ran.out.contains("mistyped"), "{ran:?}");
    let wrong = shipped()?.replace("valid_days = ", "valid_days = 9");
    assert_ne!(wrong, shipped()?);
    fs::write(&file, wrong)?;
    let ran = check()?;
    assert_eq!(ran.error()?, ("settings_unusable".to_owned(), Some(11)));
    assert!(ran.out.contains("valid_days"), "{ran:?}");
    Ok(())
}

#[test]
fn every_value_that_is_in_force_is_shown_with_who_says_so() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("desk.toml");
    let settings =
        format!("{}\n[tighten]\nsecond_look = true\n", crate::records::settings(&folder.path().join("data")));
    fs::write(&file, settings)?;
    let show = |arguments: &[&str]| {
        let mut command = command(arguments);
        command.env("IDENTPLATZ_SETTINGS", &file).env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nothing");
        finish(start(&mut command)?)
    };
    let ran = show(&["profile", "show", "--json"])?;
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let json = ran.json()?;
    assert_eq!(json["bundle"], "unknown", "no keyring, no store");
    let values = json["values"].as_array().context("no values")?;
    let source = |key: &str| -> Result<&Value> {
        let value = values.iter().find(|value| value["key"].as_str().is_some_and(|it| it.starts_with(key)));
        Ok(&value.with_context(|| format!("no {key}"))?["source"])
    };
    assert_eq!(source("code.valid_days")?, "shipped");
    assert_eq!(source("place")?, "managed");
    let shown = show(&["profile", "show"])?.out;
    assert!(shown.contains("[mit dem Programm]") && shown.contains("desk.toml]"), "{shown}");
    Ok(())
}
