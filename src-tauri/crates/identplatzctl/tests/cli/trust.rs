//! Whom a desk trusts: what `doctor` says of it, and what it means for a card.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use jiff::ToSpan;
use serde_json::{Value, json};

use crate::support::{
    Ran, command, finish, insert, run, run_command_with_input, start, text, today, trust_folder, with_pcscd,
};

const WORKSHOP: bool = cfg!(feature = "workshop");

fn codes(diagnosis: &Value) -> Vec<&str> {
    diagnosis["findings"].as_array().into_iter().flatten().filter_map(|it| it["code"].as_str()).collect()
}

fn left_out(diagnosis: &Value) -> Vec<(&str, &str)> {
    let files = diagnosis["trust"]["left_out"].as_array().into_iter().flatten();
    files.map(|it| (it["file"].as_str().unwrap_or(""), it["reason"].as_str().unwrap_or(""))).collect()
}

#[test]
fn the_doctor_lists_the_built_in_roots_and_warns_that_certificates_cannot_be_verified() -> Result<()> {
    with_pcscd(
        "trust::the_doctor_lists_the_built_in_roots_and_warns_that_certificates_cannot_be_verified",
        |_| {
            let ran = run(&["doctor", "--json"])?;
            let diagnosis = ran.json()?;
            assert_eq!(ran.code, Some(0), "a warning is no error");
            let roots = diagnosis["trust"]["certificates"].as_array().cloned().unwrap_or_default();
            assert_eq!(roots.len(), 7);
            assert_eq!(roots[0]["name"], "DEZGW810214");
            assert_eq!(roots[0]["valid_until"], "2024-07-07");
            assert_eq!(roots[0]["state"], "expired");
            assert!(roots.iter().all(|root| root["builtin"] == true && root["kind"] == "cvc_root"));
            assert!(codes(&diagnosis).contains(&"no_cardholder_authority"), "{diagnosis}");
            let text = run(&["doctor", "--lang", "en"])?.out;
            assert!(text.contains("these certificates can't be verified"), "{text}");
            assert!(
                text.contains("  DEZGW810214 (root, built in): 2014-07-08 to 2024-07-07, expired"),
                "{text}"
            );
            Ok(())
        },
    )
}

#[test]
fn roots_of_test_cards_count_in_a_workshop_and_are_left_out_at_a_workstation() -> Result<()> {
    with_pcscd("trust::roots_of_test_cards_count_in_a_workshop_and_are_left_out_at_a_workstation", |_| {
        let folder = trust_folder()?;
        fs::write(folder.path().join("notes.pem"), "no certificate")?;
        let diagnosis = run(&["doctor", "--json", "--trust", text(folder.path())?])?.json()?;
        let notes = ("notes.pem", "malformed");
        if WORKSHOP {
            assert_eq!(left_out(&diagnosis), [notes]);
            assert!(!codes(&diagnosis).contains(&"no_cardholder_authority"), "{diagnosis}");
        } else {
            let test_root = |file| (file, "test_root");
            let files = ["birds-egk-ca.pem", "birds-root-ca.pem", "birds-root.cvc"].map(test_root);
            assert_eq!(left_out(&diagnosis), [&files[..], &[notes]].concat());
            assert!(codes(&diagnosis).contains(&"no_cardholder_authority"), "{diagnosis}");
        }
        let certificates = diagnosis["trust"]["certificates"].as_array().map(Vec::len);
        assert_eq!(certificates, Some(if WORKSHOP { 10 } else { 7 }));
        assert!(codes(&diagnosis).contains(&"trust_file_left_out"), "{diagnosis}");
        Ok(())
    })
}

#[test]
fn a_simulated_card_is_genuine_in_a_workshop_and_a_test_card_at_a_workstation() -> Result<()> {
    with_pcscd("trust::a_simulated_card_is_genuine_in_a_workshop_and_a_test_card_at_a_workstation", |_| {
        let folder = trust_folder()?;
        let _card = insert(0, "amsel")?;
        let trust = ["--trust", text(folder.path())?];
        let ran = run(&[&["card", "read", "--json"], &trust[..]].concat())?;
        let read = ran.json()?;
        let proof = |result, reason: Option<&str>| json!({ "result": result, "reason": reason });
        let workstation = [
            ("authenticity", proof("invalid", Some("test_card"))),
            ("chip", proof("invalid", Some("test_card"))),
            ("certificate", proof("not_verifiable", Some("no_trust_store"))),
        ];
        for (field, expected) in workstation {
            assert_eq!(read[field], if WORKSHOP { proof("valid", None) } else { expected }, "{field}");
        }
        assert_eq!(read["proof_level"], if WORKSHOP { "chip" } else { "read" });
        assert_eq!(ran.code, Some(if WORKSHOP { 0 } else { 40 }));
        let said = run(&[&["card", "read"], &trust[..]].concat())?.out;
        let expected = if WORKSHOP {
            "Echtheit: bestätigt\n  Chip: bestätigt\n  Zertifikat: bestätigt\n"
        } else {
            "Echtheit: Prüfung nicht bestanden\n  Chip: Prüfung nicht bestanden. Das ist eine Karte für Tests.\n"
        };
        assert!(said.contains(expected), "{said}");
        Ok(())
    })
}

/// A desk's settings that name this folder.
fn settings(path: &Path, folder: &str) -> Result<()> {
    let example = include_str!("../../../../../assets/desk.example.toml");
    Ok(fs::write(path, example.replace("/etc/identplatz/trust", folder))?)
}

#[test]
fn the_folder_is_the_one_of_the_desks_settings_unless_another_is_named() -> Result<()> {
    with_pcscd("trust::the_folder_is_the_one_of_the_desks_settings_unless_another_is_named", |_| {
        let (folder, other) = (trust_folder()?, tempfile::tempdir()?);
        let file = other.path().join("desk.toml");
        settings(&file, text(folder.path())?)?;
        let run = |arguments: &[&str]| {
            let mut command = command(&[&["doctor", "--json"], arguments].concat());
            finish(start(command.env("IDENTPLATZ_SETTINGS", &file))?)?.json()
        };
        assert_eq!(run(&[])?["trust"]["folder"], text(folder.path())?);
        assert_eq!(run(&["--trust", text(other.path())?])?["trust"]["folder"], text(other.path())?);
        Ok(())
    })
}

#[test]
fn an_older_list_than_one_that_counted_before_is_refused_and_named() -> Result<()> {
    with_pcscd("trust::an_older_list_than_one_that_counted_before_is_refused_and_named", |_| {
        let (folder, desk) = (trust_folder()?, tempfile::tempdir()?);
        let file = desk.path().join("desk.toml");
        settings(&file, text(folder.path())?)?;
        let named = fs::read_to_string(&file)?.replace("/var/lib/identplatz", text(desk.path())?);
        fs::write(&file, named)?;
        let run = |arguments: &[&str], input: &[u8]| {
            let mut command = command(arguments);
            command.env("IDENTPLATZ_SETTINGS", &file);
            run_command_with_input(&mut command, input)
        };
        let diagnose = || run(&["doctor", "--json"], b"")?.json();
        let is_missed = |diagnosis: &Value| codes(diagnosis).contains(&"list_rolled_back");
        assert!(!is_missed(&diagnose()?));
        let kept = fs::read_to_string(desk.path().join("newest-lists"))?;
        assert_eq!(kept.lines().count(), 2, "{kept}");

        let older = card_sim::travel::trust_files(today() - 30.days());
        let (name, older) =
            older.into_iter().find(|(name, _)| name.ends_with("list.ml")).context("no list")?;
        let newest = fs::read(folder.path().join(&name))?;
        fs::write(folder.path().join(&name), older)?;
        let diagnosis = diagnose()?;
        assert!(is_missed(&diagnosis), "{diagnosis}");
        assert!(left_out(&diagnosis).contains(&(name.as_str(), "older")), "{diagnosis}");
        assert_eq!(fs::read_to_string(desk.path().join("newest-lists"))?, kept);

        let entry = card_sim::find("passport-amsel").context("no such document")?;
        let zone = entry.zone(today()).context("no zone")?.join("\n");
        let inserted = insert(0, "passport-amsel")?;
        let warnings = |ran: &Ran| Ok::<_, anyhow::Error>(ran.json()?["warnings"].clone());
        let ran = run(&["card", "read", "--json", "--mrz", "-"], zone.as_bytes())?;
        assert_eq!(warnings(&ran)?, json!(["list_rolled_back"]), "{ran:?}");
        let said = run(&["card", "read", "--mrz", "-"], zone.as_bytes())?.out;
        assert!(said.contains("Hinweis: Die Master-Liste vom "), "{said}");

        // Of a folder that somebody names, nothing is known.
        let named = ["doctor", "--json", "--trust", text(folder.path())?];
        assert!(!is_missed(&run(&named, b"")?.json()?));
        fs::write(folder.path().join(&name), newest)?;
        assert!(!is_missed(&diagnose()?));
        let ran = run(&["card", "read", "--json", "--mrz", "-"], zone.as_bytes())?;
        assert_eq!(warnings(&ran)?, json!([]), "{ran:?}");
        drop(inserted);

        fs::write(desk.path().join("newest-lists"), "something else")?;
        let ran = run(&["doctor", "--json"], b"")?;
        assert_eq!(ran.code, Some(11), "taking it for nothing would let older lists in: {ran:?}");
        assert!(codes(&ran.json()?).contains(&"settings_unusable"), "{ran:?}");
        Ok(())
    })
}

#[test]
fn settings_or_a_folder_that_cannot_be_used_are_an_error_before_the_card_is_read() -> Result<()> {
    with_pcscd("trust::settings_or_a_folder_that_cannot_be_used_are_an_error_before_the_card_is_read", |_| {
        let card = insert(0, "amsel")?;
        let folder = tempfile::tempdir()?;
        let mistyped = folder.path().join("desk.toml");
        fs::write(&mistyped, "profil = \"beispielkasse\"\n")?;
        for arguments in [
            ["--trust", "/nowhere/at/all"],
            ["--settings", "/nowhere/at/all"],
            ["--settings", text(&mistyped)?],
        ] {
            let ran = run(&[&["card", "read", "--json"], &arguments[..]].concat())?;
            assert_eq!(ran.error()?, ("settings_unusable".to_owned(), Some(11)), "{arguments:?}");
            let ran = run(&[&["doctor", "--json"], &arguments[..]].concat())?;
            assert_eq!(ran.code, Some(11));
            assert_eq!(ran.json()?["trust"], Value::Null);
            assert!(codes(&ran.json()?).contains(&"settings_unusable"), "{ran:?}");
        }
        assert_eq!(card.apdus(), 0);
        Ok(())
    })
}
