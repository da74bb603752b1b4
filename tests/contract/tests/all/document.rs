//! The document itself, and whether the checks against it can fail.

use std::collections::BTreeSet;

use contract::{Contract, Message};
use serde_json::{Value, json};

const PATH: &str = "/ws/v1/subject-lookups";

fn json_message(body: &Value) -> Message {
    (Some("application/json".to_owned()), body.to_string().into_bytes())
}

fn lookup() -> Value {
    json!({ "kvnr": "X110411675", "reason": "HEALTH_CARD_PRESENTED" })
}

fn subject() -> Value {
    json!({ "insured": true, "account": "NONE", "openVisitNumber": false })
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member.as_str() {
                    Some(reference) if name == "$ref" => drop(found.insert(reference.to_owned())),
                    _ => references(member, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_reference_points_to_something_and_every_component_is_used() {
    let contract = Contract::committed().unwrap();
    let mut found = BTreeSet::new();
    references(contract.document(), &mut found);
    for reference in &found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(contract.document().pointer(pointer).is_some(), "{reference}");
    }
    for kind in ["schemas", "responses", "requestBodies", "parameters"] {
        for name in contract.document()["components"][kind].as_object().unwrap().keys() {
            let reference = format!("#/components/{kind}/{name}");
            assert!(found.contains(&reference), "{reference} is not used");
        }
    }
}

#[test]
fn operations_have_names_of_their_own() {
    let contract = Contract::committed().unwrap();
    let operations = contract.operations();
    let distinct: BTreeSet<_> = operations.iter().collect();
    assert_eq!((operations.len(), distinct.len()), (12, 12));
}

#[test]
fn an_exchange_as_agreed_passes() {
    let contract = Contract::committed().unwrap();
    let checked = contract.check(("POST", PATH), &json_message(&lookup()), 200, &json_message(&subject()));
    assert_eq!(checked, Ok("lookUpSubject"));
}

#[test]
fn whatever_differs_from_what_was_agreed_is_found() {
    let contract = Contract::committed().unwrap();
    let with = |mut value: Value, member: &str, content: Value| {
        value[member] = content;
        json_message(&value)
    };
    let (lookup_message, subject_message) = (json_message(&lookup()), json_message(&subject()));
    let plain = (Some("text/plain".to_owned()), lookup().to_string().into_bytes());
    let post = ("POST", PATH);
    for (what, exchange) in [
        ("path", (("POST", "/ws/v1/lookups"), &lookup_message, 200, &subject_message)),
        ("method", (("PUT", PATH), &lookup_message, 200, &subject_message)),
        ("name in the request", (post, &with(lookup(), "name", json!("Amsel")), 200, &subject_message)),
        ("form of a number", (post, &with(lookup(), "kvnr", json!("110411675")), 200, &subject_message)),
        ("unknown reason", (post, &with(lookup(), "reason", json!("CURIOSITY")), 200, &subject_message)),
        ("content type", (post, &plain, 200, &subject_message)),
        ("name in the answer", (post, &lookup_message, 200, &with(subject(), "name", json!("Amsel")))),
        ("unknown state", (post, &lookup_message, 200, &with(subject(), "account", json!("OPEN")))),
        ("problem without details", (post, &lookup_message, 409, &subject_message)),
    ] {
        let (call, request, status, response) = exchange;
        assert!(contract.check(call, request, status, response).is_err(), "{what}");
    }
}

#[test]
fn an_id_of_another_version_and_a_time_that_is_none_are_found() {
    let contract = Contract::committed().unwrap();
    let empty: Message = (None, Vec::new());
    let status = |id: &str| json_message(&json!({ "id": id, "state": "ACTIVE" }));
    let check = |id: &str| {
        let path = format!("/ws/v1/codes/{id}");
        contract.check(("GET", &path), &empty, 200, &status(id)).is_ok()
    };
    assert!(check("019ab000-0000-7000-8000-000000000001"));
    assert!(!check("019ab000-0000-4000-8000-000000000001"));
    assert!(!check("X110411675"));

    let beat = |time: &str| {
        let answer = json_message(&json!({ "serverTime": time }));
        contract.check(("GET", "/ws/v1/heartbeat"), &empty, 200, &answer).is_ok()
    };
    assert!(beat("2026-11-21T09:17:40Z"));
    assert!(!beat("yesterday"));
}
