//! Without readers, without service, and what `readers`, `doctor` and the command line say.

use std::{os::unix::net::UnixListener, process::Command, thread};

use anyhow::Result;
use serde_json::json;
use workshop::{
    namespace,
    pcscd::{Pcscd, READERS},
    pin_pad::{self, Pad},
    process::Daemon,
};

use crate::support::{DEADLINE, command, finish, insert, run, start, with_pcscd};

#[test]
fn readers_and_their_cards_are_listed() -> Result<()> {
    namespace::inside("service::readers_and_their_cards_are_listed", || {
        let pad = Pad::new()?;
        let _pcscd = Pcscd::start_with_pad(&pad)?;
        let _card = insert(1, "passport")?;
        let listed = run(&["readers", "--json"])?;
        assert_eq!(listed.code, Some(0));
        // ATR of a contactless card: pcsc-tools, smartcard_list.txt.
        let expected = json!({ "readers": [
            { "name": READERS[0], "card": "empty", "in_use": false, "pin_pad": false },
            { "name": READERS[1], "card": "present", "interface": "contactless", "atr": "3B858001300101301014",
              "in_use": false, "pin_pad": false },
            { "name": pin_pad::READER, "card": "empty", "in_use": false, "pin_pad": true },
        ] });
        assert_eq!(listed.json()?, expected);
        let text = run(&["readers"])?.out;
        let lines = [
            "Virtual PCD 00 00: leer",
            "Virtual PCD 00 01: Karte steckt (3B858001300101301014)",
            "Virtual PIN pad 00 00: leer, mit PIN-Pad",
        ];
        assert_eq!(text.lines().collect::<Vec<_>>(), lines);
        Ok(())
    })
    .map(drop)
}

#[test]
fn a_reader_without_a_card_and_a_reader_that_is_not_there_are_different_errors() -> Result<()> {
    with_pcscd("service::a_reader_without_a_card_and_a_reader_that_is_not_there_are_different_errors", |_| {
        let read = |reader| run(&["card", "read", "--json", "--reader", reader])?.error();
        assert_eq!(run(&["card", "read", "--json"])?.error()?, ("no_card".to_owned(), Some(4)));
        assert_eq!(read(READERS[0])?, ("no_card".to_owned(), Some(4)));
        assert_eq!(read("Unplugged 00 00")?, ("reader_unknown".to_owned(), Some(3)));
        Ok(())
    })
}

#[test]
fn a_service_without_readers_says_so() -> Result<()> {
    namespace::inside("service::a_service_without_readers_says_so", || {
        let no_readers = tempfile::tempdir()?;
        let mut command = Command::new("pcscd");
        command.args(["--foreground", "--config"]).arg(no_readers.path());
        let mut daemon = Daemon::start("pcscd", &mut command)?;
        daemon.wait_ready(DEADLINE, || {
            std::os::unix::net::UnixStream::connect("/run/pcscd/pcscd.comm").is_ok()
        })?;
        for arguments in [
            &["readers", "--json"][..],
            &["card", "read", "--json"],
            &["card", "read", "--json", "--wait", "1"],
        ] {
            assert_eq!(run(arguments)?.error()?, ("no_reader".to_owned(), Some(3)), "{arguments:?}");
        }
        let diagnosis = run(&["doctor", "--json"])?;
        assert_eq!(diagnosis.code, Some(3));
        assert_eq!(diagnosis.json()?["service"]["state"], "running");
        assert_eq!(diagnosis.json()?["findings"][0]["code"], "no_reader");
        Ok(())
    })
    .map(drop)
}

#[test]
fn a_machine_without_the_service_says_so() -> Result<()> {
    namespace::inside("service::a_machine_without_the_service_says_so", || {
        for arguments in [
            &["readers", "--json"][..],
            &["card", "read", "--json"],
            &["card", "read", "--json", "--wait", "60"],
        ] {
            assert_eq!(
                run(arguments)?.error()?,
                ("reader_service_down".to_owned(), Some(3)),
                "{arguments:?}"
            );
        }
        let diagnosis = run(&["doctor", "--json"])?;
        assert_eq!(diagnosis.code, Some(3));
        assert_eq!(diagnosis.json()?["service"]["state"], "down");
        assert_eq!(diagnosis.json()?["findings"][0]["level"], "error");
        Ok(())
    })
    .map(drop)
}

#[test]
fn a_service_that_turns_us_away_says_so() -> Result<()> {
    // As pcscd does to a client whom polkit refuses.
    namespace::inside("service::a_service_that_turns_us_away_says_so", || {
        let listener = UnixListener::bind("/run/pcscd/pcscd.comm")?;
        let _refuses = thread::spawn(move || listener.incoming().for_each(drop));
        let ran = run(&["card", "read", "--json"])?;
        assert_eq!(ran.error()?, ("reader_service_denied".to_owned(), Some(3)));
        assert!(ran.out.contains("polkit"), "{ran:?}");
        Ok(())
    })
    .map(drop)
}

#[test]
fn the_doctor_finds_nothing_wrong_with_a_service_and_readers() -> Result<()> {
    with_pcscd("service::the_doctor_finds_nothing_wrong_with_a_service_and_readers", |_| {
        let ran = run(&["doctor", "--json"])?;
        let diagnosis = ran.json()?;
        assert_eq!(ran.code, Some(0));
        assert_eq!(diagnosis["service"]["state"], "running");
        let installed = Command::new("/usr/sbin/pcscd").arg("--version").output()?;
        let version = diagnosis["service"]["version"].as_str().unwrap_or("no version");
        assert!(String::from_utf8(installed.stdout)?.contains(version), "{diagnosis}");
        assert_eq!(diagnosis["readers"].as_array().map(Vec::len), Some(2));
        assert_eq!(diagnosis["program"]["workshop"], cfg!(feature = "workshop"));
        let errors =
            diagnosis["findings"].as_array().into_iter().flatten().filter(|it| it["level"] == "error");
        assert_eq!(errors.count(), 0, "{diagnosis}");
        assert!(run(&["doctor"])?.out.contains("Smartcard-Dienst: läuft (pcsc-lite "));
        Ok(())
    })
}

#[test]
fn messages_are_german_by_default_and_english_on_demand() -> Result<()> {
    namespace::inside("service::messages_are_german_by_default_and_english_on_demand", || {
        const GERMAN: &str = "Der Smartcard-Dienst läuft nicht.";
        const ENGLISH: &str = "The smart card service isn't running.";
        let message = |arguments: &[&str], lang: &str| -> Result<String> {
            let ran = finish(start(command(arguments).env("LANG", lang))?)?;
            assert_eq!((ran.code, &*ran.out), (Some(3), ""));
            Ok(ran.err)
        };
        assert!(message(&["readers"], "de_AT.UTF-8")?.contains(GERMAN));
        assert!(message(&["readers"], "C")?.contains(GERMAN));
        assert!(message(&["readers"], "en_GB.UTF-8")?.contains(ENGLISH));
        assert!(message(&["readers", "--lang", "en"], "de_DE.UTF-8")?.contains(ENGLISH));
        assert!(message(&["--lang", "de", "readers"], "en_GB.UTF-8")?.contains(GERMAN));
        Ok(())
    })
    .map(drop)
}

#[test]
fn a_wrong_command_line_is_told_in_the_form_that_was_asked_for() -> Result<()> {
    let ran = run(&["card", "write"])?;
    assert_eq!((ran.code, &*ran.out), (Some(2), ""));
    assert!(ran.err.contains("write"));
    assert_eq!(run(&["card", "write", "--json"])?.error()?, ("usage".to_owned(), Some(2)));
    assert_eq!(run(&["card", "read", "--json", "--wait", "3601"])?.error()?, ("usage".to_owned(), Some(2)));
    Ok(())
}

#[test]
fn help_lists_commands_and_exit_codes() -> Result<()> {
    let help = run(&["--help"])?;
    assert_eq!(help.code, Some(0));
    let expected = ["readers", "card", "doctor", "Exit codes:", "3  no reader", "8  the card took too long"];
    for expected in expected
        .into_iter()
        .chain([" 10  the card is read for its CAN or machine-readable zone only", " 40  the card was read"])
    {
        assert!(help.out.contains(expected), "no {expected:?} in {}", help.out);
    }
    Ok(())
}

#[test]
fn only_a_workshop_build_calls_itself_one() -> Result<()> {
    let version = run(&["--version"])?.out;
    assert_eq!(version.contains("workshop"), cfg!(feature = "workshop"), "{version}");
    Ok(())
}
