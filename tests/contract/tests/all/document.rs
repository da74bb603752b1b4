//! The document itself, and whether the checks against it can fail.

use std::collections::BTreeSet;

use contract::{Contract, Message};
use serde_json::{Value, json};

const PATH: &str = "/ws/v1/subject-lookups";

fn json_message(body: &Value) -> Message {
    (Some("application/json".to_owned()), body.to_string().into_bytes())
}

fn lookup() -> Value {
    json!({
        "kvnr": "A123456780", "reason": "HEALTH_CARD_PRESENTED",
        "familyName": "Amsel", "givenNames": "Andrea", "birthDate": "1997-12-28",
    })
}

fn subject() -> Value {
    json!({
        "insured": true, "account": "NONE", "openVisitNumber": false,
        "names": "AGREE", "birthDate": "AGREES", "flags": [],
    })
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

/// Schemas of texts, lists and numbers that are as long or as large as somebody likes.
fn unlimited(value: &Value, place: &str, found: &mut Vec<String>) {
    let kinds = value["type"].as_array();
    let is =
        |kind: &str| value["type"] == kind || kinds.is_some_and(|kinds| kinds.iter().any(|it| it == kind));
    let has = |name: &str| !value[name].is_null();
    // What a pattern repeats, it counts; a date has ten characters.
    let pattern = value["pattern"].as_str().unwrap_or("*");
    let counted = pattern.starts_with('^') && pattern.ends_with('$') && !pattern.contains(['*', '+']);
    let limited = (!is("string") || has("maxLength") || has("enum") || counted || value["format"] == "date")
        && (!is("array") || has("maxItems"))
        && (!is("integer") || has("minimum") && has("maximum"));
    if !limited {
        found.push(place.to_owned());
    }
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, member)| unlimited(member, &format!("{place}/{name}"), found));
        }
        Value::Array(items) => items.iter().for_each(|item| unlimited(item, place, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_text_list_and_number_has_a_limit() {
    let contract = Contract::committed().unwrap();
    let mut found = Vec::new();
    unlimited(contract.document(), "", &mut found);
    assert_eq!(found, Vec::<String>::new());
    unlimited(&json!({ "type": "array", "items": { "type": ["string", "null"] } }), "", &mut found);
    assert_eq!(found, ["", "/items"], "the search finds what is there");
}

#[test]
fn operations_have_names_of_their_own() {
    let contract = Contract::committed().unwrap();
    let operations = contract.operations();
    let distinct: BTreeSet<_> = operations.iter().collect();
    assert_eq!((operations.len(), distinct.len()), (29, 29));
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
    let stranger_with_card = json_message(&json!({
        "insured": false, "account": "NONE", "openVisitNumber": false, "cardNumber": "DIFFERS", "flags": [],
    }));
    let post = ("POST", PATH);
    for (what, exchange) in [
        ("path", (("POST", "/ws/v1/lookups"), &lookup_message, 200, &subject_message)),
        ("method", (("PUT", PATH), &lookup_message, 200, &subject_message)),
        ("member of the request", (post, &with(lookup(), "sex", json!("W")), 200, &subject_message)),
        ("form of a number", (post, &with(lookup(), "kvnr", json!("123456780")), 200, &subject_message)),
        ("form of a date", (post, &with(lookup(), "birthDate", json!("1997-13-28")), 200, &subject_message)),
        ("unknown reason", (post, &with(lookup(), "reason", json!("CURIOSITY")), 200, &subject_message)),
        ("content type", (post, &plain, 200, &subject_message)),
        ("name in the answer", (post, &lookup_message, 200, &with(subject(), "familyName", json!("Amsel")))),
        (
            "date in the answer",
            (post, &lookup_message, 200, &with(subject(), "birthDate", json!("1997-12-28"))),
        ),
        ("word on a stranger", (post, &lookup_message, 200, &with(subject(), "insured", json!(false)))),
        ("card number of a stranger", (post, &lookup_message, 200, &stranger_with_card)),
        (
            "length of a card number",
            (post, &with(lookup(), "cardNumberTail", json!("001")), 200, &subject_message),
        ),
        (
            "digits in the answer",
            (post, &lookup_message, 200, &with(subject(), "cardNumber", json!("000001"))),
        ),
        ("unknown flag", (post, &lookup_message, 200, &with(subject(), "flags", json!(["RICH"])))),
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
    let status = |id: &str| json_message(&json!({ "id": id, "state": "ACTIVE", "awaitingRelease": false }));
    let check = |id: &str| {
        let path = format!("/ws/v1/codes/{id}");
        contract.check(("GET", &path), &empty, 200, &status(id)).is_ok()
    };
    assert!(check("019ab000-0000-7000-8000-000000000001"));
    assert!(!check("019ab000-0000-4000-8000-000000000001"));
    assert!(!check("A123456780"));

    let report = json!({
        "appVersion": "0.1.0", "policySerial": 0, "waiting": 0, "refused": 0, "deskTime": "2026-11-21T09:17:40Z",
    });
    let beat = |time: &str| {
        let answer = json!({ "serverTime": time, "policySerial": 0, "lastEvent": 0, "commands": [] });
        let call = ("POST", "/ws/v1/heartbeats");
        contract.check(call, &json_message(&report), 200, &json_message(&answer)).is_ok()
    };
    assert!(beat("2026-11-21T09:17:40Z"));
    assert!(!beat("yesterday"));
}

#[test]
fn a_query_has_what_was_agreed_and_nothing_else() {
    let contract = Contract::committed().unwrap();
    let empty: Message = (None, Vec::new());
    let none = json_message(&json!({ "events": [], "more": false }));
    let asked = |query: &str| contract.check(("GET", &format!("/ws/v1/events{query}")), &empty, 200, &none);
    assert_eq!(asked("?after=0"), Ok("events"));
    for query in ["", "?", "?after=-1", "?after=x", "?after=1&after=2", "?after=1&kvnr=A123456780"] {
        assert!(asked(query).is_err(), "{query}");
    }
}

/// Adds what every record has beside its own members.
fn enveloped(id: &str, mut record: Value) -> Value {
    record["id"] = json!(id);
    record["desk"] = json!("0312-04");
    record["chain"] = json!({ "seq": 1, "prev": "A".repeat(43) });
    record["signature"] = json!(format!("e30..{}", "A".repeat(86)));
    record
}

#[test]
fn a_record_is_signed_and_linked() {
    let passes = |change: fn(&mut Value)| identification_passes(change);
    assert!(passes(|_| {}));
    type Change = fn(&mut Value);
    let changes: [Change; 9] = [
        |record| record["record"] = json!("void"),
        |record| record["record"] = json!("letter"),
        |record| record["chain"]["seq"] = json!(0),
        |record| record["chain"]["prev"] = json!("A".repeat(42)),
        |record| record["chain"]["hash"] = json!("A".repeat(43)),
        |record| record["signature"] = json!("e30.e30.AA"),
        |record| record["signature"] = json!(format!("e30.e30.{}", "A".repeat(86))),
        |record| record["desk"] = json!(""),
        |record| record["id"] = json!("A123456780"),
    ];
    for change in changes {
        assert!(!passes(change));
    }
    for member in ["record", "id", "desk", "chain", "signature"] {
        let without = identification_passes(|record| drop(record.as_object_mut().unwrap().remove(member)));
        assert!(!without, "{member}");
    }
}

fn identification_passes(change: impl FnOnce(&mut Value)) -> bool {
    let contract = Contract::committed().unwrap();
    let id = "019ab000-0000-7000-8000-000000000001";
    let record = json!({
        "record": "identification", "version": 1, "policyVersion": "1", "operator": "s-4711",
        "identifiedAt": "2026-11-21T09:17:40Z",
        "person": { "kvnr": "A123456780", "match": { "names": "AGREE", "birthDate": "AGREES_IN_PART" } },
        "healthCard": { "read": true, "proofLevel": "CHIP", "cardNumberTail": "0001", "pinVerified": false },
        "document": { "type": "reisepass-de-2017", "issuerGroup": "DE", "validOnCheck": true },
        "checks": [{ "id": "front", "result": "PASS" }], "face": "MATCH", "level": "SUBSTANTIAL",
    });
    let mut record = enveloped(id, record);
    change(&mut record);
    let accepted = json!({ "id": id, "acceptedAt": "2026-11-21T09:17:41Z" });
    let path = format!("/ws/v1/identifications/{id}");
    contract.check(("PUT", &path), &json_message(&record), 201, &json_message(&accepted)).is_ok()
}

fn person_passes(person: &Value) -> bool {
    identification_passes(|record| record["person"] = person.clone())
}

#[test]
fn an_identification_says_all_of_a_health_card_that_was_read_and_nothing_of_another() {
    let passes = |card: Value| identification_passes(|record| record["healthCard"] = card);
    assert!(identification_passes(|_| {}));
    assert!(passes(json!({ "read": false })));
    let read = |level: &str, pin: bool| json!({ "read": true, "proofLevel": level, "cardNumberTail": "0001", "pinVerified": pin });
    for (level, pin) in [("READ", false), ("CERTIFICATE", false), ("CERTIFICATE", true), ("CHIP", true)] {
        assert!(passes(read(level, pin)), "{level}");
    }
    let with = |key: &str, value: Value| {
        let mut card = read("CHIP", false);
        card[key] = value;
        card
    };
    let without = |key: &str| {
        let mut card = read("CHIP", false);
        card.as_object_mut().unwrap().remove(key);
        card
    };
    for card in [
        json!({}),
        json!(null),
        json!({ "read": true }),
        without("cardNumberTail"),
        without("proofLevel"),
        without("pinVerified"),
        json!({ "read": false, "proofLevel": "READ" }),
        json!({ "read": false, "cardNumberTail": "0001" }),
        json!({ "read": false, "pinVerified": false }),
        with("proofLevel", json!("PIN")),
        with("cardNumberTail", json!("00001")),
        with("iccsn", json!("80276883110000000001")),
        with("pinVerified", json!("yes")),
    ] {
        assert!(!passes(card.clone()), "{card}");
    }
    assert!(!identification_passes(|record| drop(record.as_object_mut().unwrap().remove("healthCard"))));
}

fn chip() -> Value {
    json!({
        "consent": { "form": "TAPPED", "wording": "chip-consent@1" }, "data": "VALID", "copy": "VALID",
        "nameAgrees": true, "printAgrees": true,
    })
}

#[test]
fn an_identification_says_what_a_chip_proved_and_nothing_that_was_read() {
    let passes = |change: fn(&mut Value)| {
        identification_passes(|record| {
            record["document"]["chip"] = chip();
            change(&mut record["document"]["chip"]);
        })
    };
    assert!(passes(|_| {}));
    assert!(passes(|chip| chip["consent"]["form"] = json!("SIGNED")));
    assert!(passes(|chip| chip["nameAgrees"] = json!(false)));
    assert!(passes(|chip| (chip["data"], chip["printAgrees"]) = (json!("NOT_VERIFIABLE"), json!(false))));
    assert!(passes(|chip| (chip["copy"], chip["printAgrees"]) = (json!("NOT_SUPPORTED"), json!(false))));
    for (what, change) in [
        ("a failed proof", (|chip| chip["data"] = json!("INVALID")) as fn(&mut Value)),
        ("a copy", |chip| chip["copy"] = json!("INVALID")),
        ("a genuine chip of another print", |chip| chip["printAgrees"] = json!(false)),
        ("no consent", |chip| drop(chip.as_object_mut().unwrap().remove("consent"))),
        ("a consent without its wording", |chip| chip["consent"] = json!({ "form": "TAPPED" })),
        ("the wording itself", |chip| chip["consent"]["wording"] = json!("Ich stimme zu.")),
        ("an unknown form", |chip| chip["consent"]["form"] = json!("SAID")),
        ("a time", |chip| chip["consent"]["at"] = json!("2026-11-21T09:17:40Z")),
        ("a reason", |chip| chip["reason"] = json!("UNKNOWN_ISSUER")),
        ("a document number", |chip| chip["number"] = json!("C01X00T47")),
        ("nothing", |chip| *chip = json!(null)),
    ] {
        assert!(!passes(change), "{what}");
    }
}

#[test]
fn a_chip_is_read_of_an_insured_persons_document_only() {
    let with_chip = |person: Value| {
        identification_passes(|record| {
            record["document"]["chip"] = chip();
            record["person"] = person;
        })
    };
    let matched = json!({ "names": "AGREE", "birthDate": "AGREES" });
    assert!(with_chip(json!({ "kvnr": "A123456780", "match": matched })));
    assert!(!with_chip(json!({ "representative": "V-7KQ4XR9B", "match": matched })));
}

#[test]
fn the_level_high_takes_a_second_operator_or_a_chip_that_proves() {
    let high = |change: fn(&mut Value)| {
        identification_passes(|record| {
            record["level"] = json!("HIGH");
            change(record);
        })
    };
    assert!(!high(|_| {}));
    assert!(high(|record| record["secondOperator"] = json!("s-0815")));
    assert!(high(|record| record["document"]["chip"] = chip()));
    assert!(!high(|record| {
        record["document"]["chip"] = chip();
        record["document"]["chip"]["nameAgrees"] = json!(false);
    }));
    assert!(!high(|record| {
        record["document"]["chip"] = chip();
        record["document"]["chip"]["data"] = json!("NOT_VERIFIABLE");
    }));
}

#[test]
fn an_identification_is_of_one_person_whose_record_agrees() {
    let matched = json!({ "names": "AGREE", "birthDate": "AGREES_IN_PART" });
    assert!(person_passes(&json!({ "kvnr": "A123456780", "match": matched })));
    assert!(person_passes(&json!({ "representative": "V-7KQ4XR9B", "match": matched })));
    let both = json!({ "kvnr": "A123456780", "representative": "V-7KQ4XR9B", "match": matched });
    assert!(!person_passes(&both));
    assert!(!person_passes(&json!({ "match": matched })));
    let differs = json!({ "names": "AGREE", "birthDate": "DIFFERS" });
    assert!(!person_passes(&json!({ "kvnr": "A123456780", "match": differs })));
}

fn code_passes(change: impl FnOnce(&mut Value)) -> bool {
    let contract = Contract::committed().unwrap();
    let id = "019ab000-0000-7000-8000-000000000001";
    let code = json!({
        "record": "code", "identificationId": id, "kvnr": "A123456780", "purpose": "REPRESENTATIVE_ACCESS",
        "recipient": "REPRESENTATIVE", "reference": "A-M3PWC6YNKH", "representation": id,
        "validUntil": "2026-12-05", "offline": false, "sealedCode": "a.b.c.d.e",
    });
    let mut code = enveloped(id, code);
    change(&mut code);
    let status = json!({ "id": id, "state": "ACCEPTED", "awaitingRelease": true });
    let path = format!("/ws/v1/codes/{id}");
    contract.check(("PUT", &path), &json_message(&code), 201, &json_message(&status)).is_ok()
}

#[test]
fn a_code_for_the_insured_person_activates_the_app_or_opens_the_health_record() {
    let own = |purpose: &str| {
        code_passes(|code| {
            let members = code.as_object_mut().unwrap();
            members.remove("representation");
            members.insert("recipient".to_owned(), json!("SUBJECT"));
            members.insert("visitNumber".to_owned(), json!("7KQ4XR9B"));
            members.insert("purpose".to_owned(), json!(purpose));
        })
    };
    assert!(own("APP_ACTIVATION") && own("EPA"));
    assert!(!own("REPRESENTATIVE_ACCESS") && !own("EGK_PIN"));
    assert!(!code_passes(|code| code["purpose"] = json!("EPA")), "never for a representative");
}

#[test]
fn a_code_holds_what_belongs_to_its_recipient_and_nothing_else() {
    assert!(code_passes(|_| {}));
    assert!(!code_passes(|code| code["record"] = json!("void")));
    assert!(!code_passes(|code| code["visitNumber"] = json!("7KQ4XR9B")));
    assert!(!code_passes(|code| code["purpose"] = json!("APP_ACTIVATION")));
    assert!(!code_passes(|code| code["recipient"] = json!("SUBJECT")));
    assert!(!code_passes(|code| code["offline"] = json!(true)));
    assert!(!code_passes(|code| code["representative"] = json!("V-7KQ4XR9B")));
    assert!(!code_passes(|code| code["representation"] = json!(null)));
    assert!(!code_passes(|code| drop(code.as_object_mut().unwrap().remove("representation"))));
}

fn representation_passes(change: impl FnOnce(&mut Value)) -> bool {
    let contract = Contract::committed().unwrap();
    let id = "019ab000-0000-7000-8000-000000000001";
    let told = json!({
        "record": "representation", "identificationId": id, "kvnr": "A123456780", "representative": "V-7KQ4XR9B",
        "court": "Amtsgericht Altona", "fileNumber": "12 XVII 345/23", "issuedOn": "2023-05-02",
        "areas": ["HEALTH"], "provisionalUntil": null, "seenAs": "ORIGINAL", "declaredUnchanged": true,
        "operator": "s-4711", "acceptedAt": "2026-11-21T09:17:40Z",
    });
    let mut told = enveloped(id, told);
    change(&mut told);
    let standing = json_message(&json!({ "id": id, "state": "PENDING" }));
    let path = format!("/ws/v1/representations/{id}");
    contract.check(("PUT", &path), &json_message(&told), 201, &standing).is_ok()
}

#[test]
fn a_representation_tells_of_the_deed_what_counts_and_nothing_else() {
    assert!(representation_passes(|_| {}));
    assert!(representation_passes(|told| told["provisionalUntil"] = json!("2026-12-31")));
    assert!(!representation_passes(|told| told["provisionalUntil"] = json!("31.12.2026")));
    assert!(!representation_passes(|told| told["areas"] = json!([])));
    assert!(!representation_passes(|told| told["areas"] = json!(["HEALTH", "HEALTH"])));
    assert!(!representation_passes(|told| told["seenAs"] = json!("COPY")));
    assert!(!representation_passes(|told| told["text"] = json!("Abschrift")));
    for member in
        ["kvnr", "representative", "court", "fileNumber", "provisionalUntil", "operator", "acceptedAt"]
    {
        let without = representation_passes(|told| drop(told.as_object_mut().unwrap().remove(member)));
        assert!(!without, "{member}");
    }
}
