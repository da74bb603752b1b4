use std::collections::BTreeSet;

use identification::Event;

use super::{
    format::{CAPACITY, decode, encode},
    samples::{PERSONAL, every_event},
};
use crate::StoreError;

fn json(event: &Event) -> String {
    String::from_utf8(encode(event).unwrap().2.to_vec()).unwrap()
}

/// The newest version of a kind.
fn version(kind: &str) -> u32 {
    every_event().iter().find_map(|event| encode(event).ok().filter(|it| it.0 == kind)).map_or(1, |it| it.1)
}

/// The first sample of a kind.
fn sample(kind: &str) -> String {
    every_event().iter().find(|event| encode(event).unwrap().0 == kind).map(json).unwrap()
}

#[track_caller]
fn check_malformed(kind: &str, body: &str) {
    assert!(
        matches!(decode(kind, version(kind), body.as_bytes()), Err(StoreError::Malformed { .. })),
        "{body}"
    );
}

/// A difference here means that stored events would be read differently: never accept one, make a new version.
#[test]
fn the_stored_form_of_every_event_never_changes() {
    let lines: Vec<String> =
        every_event().iter().map(|event| format!("{} {}", encode(event).unwrap().1, json(event))).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn every_event_comes_back_as_it_was() {
    let mut kinds = BTreeSet::new();
    for event in every_event() {
        let (kind, version, body) = encode(&event).unwrap();
        assert_eq!(decode(kind, version, &body).unwrap(), event, "{kind}");
        assert!(json(&event).starts_with(&format!("{{\"kind\":\"{kind}\"")), "{}", json(&event));
        assert!(body.len() <= CAPACITY / 2);
        kinds.insert(kind);
    }
    assert_eq!(kinds.len(), 32, "the samples lack a kind of event: {kinds:?}");
}

#[test]
fn a_body_under_another_kind_or_with_unknown_parts_is_not_read() {
    for (kind, body) in [
        ("visit_aborted", r#"{"kind":"visit_ended"}"#),
        ("visit_ended", r#"{"kind":"visit_ended","more":1}"#),
        ("visit_aborted", r#"{"kind":"visit_aborted","reason":"weather"}"#),
        ("visit_aborted", r#"{"kind":"visit_aborted","reason":"refused"}"#),
        ("visit_aborted", r#"{"kind":"visit_aborted","reason":{"refused":"weather"}}"#),
        ("visit_aborted", r#"{"kind":"visit_aborted"}"#),
        ("visit_reviewed", r#"{"kind":"visit_reviewed","by":"","outcome":"agree"}"#),
        ("visit_ended", "{"),
    ] {
        check_malformed(kind, body);
    }
}

#[test]
fn an_unknown_part_is_found_however_deep_it_lies() {
    for (kind, place) in [
        ("person_introduced", r#""title":"#),
        ("person_introduced", r#""year":"#),
        ("concern_opened", r#""kvnr":"#),
        ("concern_opened", r#""given_names":"#),
        ("concern_opened", r#""generation":"#),
        ("concern_opened", r#""account":"#),
        ("concern_opened", r#""chip":"#),
        ("representation_accepted", r#""court":"#),
        ("representation_accepted", r#""row":"#),
    ] {
        let body = sample(kind);
        let more = body.replacen(place, &format!(r#""more":1,{place}"#), 1);
        assert_ne!(more, body, "{place}");
        check_malformed(kind, &more);
    }
    let carer = r#"{"carer":{"number":"V-3333333T","kind":"professional"}}"#;
    let body = sample("person_introduced").replace(r#""insured""#, carer);
    assert!(decode("person_introduced", 1, body.as_bytes()).is_ok());
    check_malformed("person_introduced", &body.replace(r#""number":"#, r#""more":1,"number":"#));
}

#[test]
fn a_stored_value_that_the_rules_do_not_take_is_malformed() {
    for (kind, right, wrong) in [
        ("concern_opened", "B234567895", "B234567896"),
        ("concern_opened", r#""chip":"valid""#, r#""chip":"genuine""#),
        ("concern_opened", r#""card_number":"not_asked""#, r#""card_number":"4821""#),
        ("purpose_chosen", "3333333T", "3333333V"),
        ("concern_refused", "document_expired", "document_too_old"),
        ("code_generated", "A-2222222222", "A-2222222223"),
        ("chip_agreed", "tapped", "nodded"),
        ("chip_read", r#""data":"valid""#, r#""data":"genuine""#),
        ("second_look_taken", "s-4712", "s 4712"),
        ("blocking_ordered", r#""target":"codes""#, r#""target":"card""#),
        ("blocking_ordered", "B234567895", "B234567896"),
        ("representation_accepted", r#""health""#, r#""weather""#),
    ] {
        let body = sample(kind);
        assert!(decode(kind, version(kind), body.as_bytes()).is_ok());
        assert!(body.contains(right), "{body}");
        check_malformed(kind, &body.replace(right, wrong));
    }
}

/// The bodies that version 1 wrote, byte for byte.
const CONCERN_OPENED_1: &str = include_str!("frozen/concern_opened@1.jsonl");
const CODE_GENERATED_1: &str = include_str!("frozen/code_generated@1.jsonl");

#[test]
fn a_concern_opened_before_version_2_had_the_registers_answer() {
    let now: Vec<_> = every_event()
        .into_iter()
        .filter(|event| matches!(event, Event::ConcernOpened { register: Some(_), .. }))
        .collect();
    let then: Vec<_> =
        CONCERN_OPENED_1.lines().map(|body| decode("concern_opened", 1, body.as_bytes()).unwrap()).collect();
    assert_eq!(then, now);
}

#[test]
fn a_code_generated_before_version_2_was_not_drawn_offline() {
    let now: Vec<_> = every_event()
        .into_iter()
        .filter(|event| matches!(event, Event::CodeGenerated { offline: false, .. }))
        .collect();
    let then: Vec<_> =
        CODE_GENERATED_1.lines().map(|body| decode("code_generated", 1, body.as_bytes()).unwrap()).collect();
    assert_eq!(then, now);
    assert_eq!(then.len(), 4);
}

#[test]
fn a_body_is_read_in_the_version_that_its_header_names_only() {
    let one = CODE_GENERATED_1.lines().next().unwrap();
    let two = sample("code_generated");
    for (version, body) in [(1, two.as_str()), (2, one), (3, two.as_str()), (0, one)] {
        let read = decode("code_generated", version, body.as_bytes());
        assert!(matches!(read, Err(StoreError::Malformed { .. })), "{version} {body}");
    }
    // A kind without a version 2 has none to be read in.
    assert!(decode("visit_ended", 2, br#"{"kind":"visit_ended"}"#).is_err());
}

#[test]
fn debug_output_of_events_tells_nothing_personal() {
    let stored: String = every_event().iter().map(json).collect();
    let shown: String = every_event().iter().map(|event| format!("{event:?}")).collect();
    assert!(shown.contains("PersonIntroduced") && shown.contains("RepresentationAccepted"));
    for secret in PERSONAL {
        assert!(stored.contains(secret), "the samples must hold {secret}");
        assert!(!shown.contains(secret), "{secret}");
    }
}
