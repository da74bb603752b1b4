//! The suite's own transcripts and recordings: readings of simulated cards with fixed keys.
//!
//! `UPDATE_TRANSCRIPTS=1 cargo test -p replay is_recorded` records them anew, after a wanted change of what is sent.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use card_sim::card::Interface::{self, Contact, Contactless};
use egk::{Can, Request};
use replay::{
    folder,
    reading::{Given, outcome},
    recording::{PrivateKey, Recording},
    session, terminal,
};
use smartcard::{
    ExtendedLength::{self, No, Untried, Yes},
    transcript::{Disclosure, Recorder},
};
use support::{Channel, Counting, card};

/// Of all simulated cards.
const CAN: &str = "123123";

/// A reading that is recorded: its file's name, the card, what is known of extended length, the CAN, and how it ends.
type Case = (&'static str, &'static str, Interface, ExtendedLength, Option<&'static str>, &'static str);

const TRANSCRIPTS: [Case; 10] = [
    ("contact-short", "amsel", Contact, No, None, "read with contacts, G2.1"),
    ("contact-extended", "amsel", Contact, Yes, None, "read with contacts, G2.1"),
    ("contact-untried", "amsel", Contact, Untried, None, "read with contacts, G2.1"),
    ("contact-extended-refused", "amsel-short-only", Contact, Yes, None, "read with contacts, G2.1"),
    ("contactless-short", "amsel", Contactless, No, Some(CAN), "read over the air, G2.1"),
    ("contactless-extended", "amsel", Contactless, Yes, Some(CAN), "read over the air, G2.1"),
    (
        "contactless-leading-zero",
        "amsel-leading-zero",
        Contactless,
        Yes,
        Some(CAN),
        "read over the air, G2.1",
    ),
    ("contactless-without-can", "amsel", Contactless, Yes, None, "the card access number is needed"),
    ("contactless-wrong-can", "amsel", Contactless, Yes, Some("123124"), "the card access number is wrong"),
    ("locked", "amsel-deactivated", Contact, Yes, None, LOCKED),
];
const LOCKED: &str = "the card is locked: reading EF.StatusVD gave 6982 (security status not satisfied)";

/// Readings that are recorded as bytes on the wire, with the terminal's keys, too.
const RECORDINGS: [&str; 3] = ["contactless-short", "contactless-extended", "contactless-leading-zero"];

fn transcripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("transcripts")
}

/// Reads a simulated card and returns the transcript, what the reading was given, and the bytes on the wire.
fn record((_, name, interface, extended_length, can, _): Case) -> (String, Given, Recording) {
    let channel = Channel::new(card(name, interface), extended_length);
    let mut recorder = Recorder::new(channel, Vec::new(), Disclosure::Everything);
    let mut random = Counting { next: 1, drawn: Vec::new() };
    let parsed = can.and_then(Can::parse);
    let request = Request { can: parsed.as_ref(), ..Request::default() };
    let reading = egk::read(&mut recorder, &request, &mut random, &mut |_| {});
    let outcome = outcome(reading.as_ref());
    let (channel, transcript) = recorder.finish().unwrap();
    let keys = random.drawn.chunks_exact(32).map(|key| PrivateKey::new(key.try_into().unwrap())).collect();
    let recording = Recording {
        extended_length: extended_length == Yes,
        can: CAN.to_owned().into(),
        keys,
        exchanges: channel.exchanges,
    };
    let given = Given { can: can.map(str::to_owned), random: random.drawn, outcome };
    (String::from_utf8(transcript).unwrap(), given, recording)
}

#[test]
fn a_simulated_card_is_recorded_and_replayed_without_a_difference() {
    let update = env::var_os("UPDATE_TRANSCRIPTS").is_some();
    for case in TRANSCRIPTS {
        let (name, expected) = (case.0, case.5);
        let (transcript, given, recording) = record(case);
        assert_eq!(given.outcome, expected, "{name}");
        let report = replay::reading::replay(&transcript, &given);
        assert!(report.difference.is_none(), "{name}: {report}");
        if update {
            let file = transcripts().join(name);
            fs::write(file.with_extension("jsonl"), transcript).unwrap();
            let given = serde_json::to_string_pretty(&given).unwrap() + "\n";
            fs::write(file.with_extension("given.json"), given).unwrap();
            if RECORDINGS.contains(&name) {
                let file = transcripts().join(format!("{name}-wire.jsonl"));
                fs::write(file, recording.to_text().unwrap()).unwrap();
            }
        }
    }
}

#[test]
fn every_committed_transcript_is_reproduced_byte_for_byte() {
    let files = folder::files(&transcripts()).unwrap();
    for file in &files {
        let report = folder::replay(file).unwrap();
        assert!(report.difference.is_none() && !report.rows.is_empty(), "{}: {report}", file.display());
    }
    assert_eq!(files.len(), TRANSCRIPTS.len() + RECORDINGS.len());
}

#[test]
fn the_wire_of_a_committed_recording_is_understood_down_to_the_files() {
    for name in RECORDINGS {
        let text = fs::read_to_string(transcripts().join(format!("{name}-wire.jsonl"))).unwrap();
        let report = session::replay(&Recording::parse(&text).unwrap());
        for file in ["EF.Version2", "EF.CardAccess", "EF.GDO", "EF.StatusVD", "EF.PD", "EF.VD"] {
            assert!(report.notes.iter().any(|note| note.starts_with(file)), "{name} lacks {file}: {report}");
        }
        assert!(report.rows.iter().any(|row| row.plain_header.is_some()), "{name}: {report}");
    }
}

#[test]
fn the_shared_secret_of_the_recording_named_so_begins_with_a_zero_byte() {
    for (name, leading_zero) in [("contactless-extended", false), ("contactless-leading-zero", true)] {
        let text = fs::read_to_string(transcripts().join(format!("{name}-wire.jsonl"))).unwrap();
        let recording = Recording::parse(&text).unwrap();
        let keys: [PrivateKey; 2] = recording.keys.clone().try_into().unwrap_or_else(|_| panic!("two keys"));
        let start = recording.exchanges.iter().position(|it| it.command.starts_with(&[0x00, 0x22])).unwrap();
        let run = recording.exchanges[start..].first_chunk().unwrap();
        let keys = terminal::session_keys(&recording.can, &keys, run).unwrap();
        assert_eq!(keys.secret_has_leading_zero(), leading_zero, "{name}");
    }
}

#[test]
fn any_other_byte_in_a_recorded_command_is_found() {
    let text = fs::read_to_string(transcripts().join("contactless-extended-wire.jsonl")).unwrap();
    let recording = Recording::parse(&text).unwrap();
    // Before PACE the recorded bytes themselves are what is sent.
    let pace = recording.exchanges.iter().position(|it| it.command.starts_with(&[0x00, 0x22])).unwrap();
    for number in pace..recording.exchanges.len() {
        let last = recording.exchanges[number].command.len() - 1;
        for at in [0, last / 2, last] {
            let mut changed = Recording::parse(&text).unwrap();
            changed.exchanges[number].command[at] ^= 0x01;
            let report = session::replay(&changed);
            assert!(report.difference.is_some(), "byte {at} of command {number} was another");
            assert!(
                report.rows.len() <= number,
                "byte {at} of command {number} was found too late: {report}"
            );
        }
    }
}

#[test]
fn any_wrong_byte_of_a_protected_answer_is_found() {
    let text = fs::read_to_string(transcripts().join("contactless-short-wire.jsonl")).unwrap();
    let recording = Recording::parse(&text).unwrap();
    let protected = recording.exchanges.iter().position(|it| it.command[0] & 0x0C == 0x0C).unwrap();
    let response = &recording.exchanges[protected].response;
    for at in (0..response.len()).step_by(3) {
        let mut changed = Recording::parse(&text).unwrap();
        changed.exchanges[protected].response[at] ^= 0x01;
        assert!(session::replay(&changed).difference.is_some(), "byte {at}");
    }
}

#[test]
fn a_reading_that_is_given_something_else_differs() {
    let (transcript, given, _) = record(TRANSCRIPTS[5]);
    let with = |change: fn(&mut Given)| {
        let mut given =
            Given { can: given.can.clone(), random: given.random.clone(), outcome: given.outcome.clone() };
        change(&mut given);
        replay::reading::replay(&transcript, &given).difference.map(|it| it.to_string())
    };
    assert_eq!(with(|_| {}), None);
    assert!(with(|given| given.can = Some("123124".to_owned())).is_some());
    assert!(with(|given| given.random[0] ^= 1).is_some());
    assert_eq!(with(|given| given.random.push(0)).unwrap(), "1 random bytes were never drawn");
    let differently = with(|given| given.outcome = "read with contacts, G2.1".to_owned());
    assert!(differently.unwrap().starts_with("the reading ended differently: read over the air"));
}
