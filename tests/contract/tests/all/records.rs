//! Records: signed by the desk, linked to each other, and held to it by the service.

use account::{ProblemCode, RecordLink, check_sequence, verify_record};
use account_service::RecordGap;
use p256::{ecdsa::SigningKey, elliptic_curve::Generate};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    desk::Desk,
    raw::{NONE_BEFORE, RawDesk, RawSigner, hash},
    support::{DESK, INSURED, World, id, refused},
};

/// A refusal: the shortest record that stands for itself.
pub(crate) fn own() -> Value {
    json!({
        "record": "refusal", "kvnr": INSURED, "operator": "s-4711", "at": "2026-11-21T09:25:00Z",
        "reason": "DOCUMENT_NOT_GENUINE",
    })
}

/// What a path says of the record that is delivered there.
fn kind_and_id(path: &str) -> Option<(&str, String)> {
    let (collection, rest) = path.strip_prefix("/ws/v1/")?.split_once('/')?;
    let (id, below) = rest.split_once('/').unwrap_or((rest, ""));
    let kind = match (collection, below) {
        ("identifications", "") => "identification",
        ("codes", "") => "code",
        ("codes", below) => below,
        _ => return None,
    };
    Some((kind, id.to_owned()))
}

/// Another one.
pub(crate) fn other_own() -> Value {
    let mut other = own();
    other["operator"] = json!("s-0815");
    other
}

async fn raw(world: &World) -> RawDesk {
    RawDesk::new(world, &world.enrol(DESK).await)
}

#[tokio::test]
async fn what_a_desk_signs_is_what_the_contract_says_and_its_records_follow_each_other() {
    let world = World::start();
    let desk = world.desk().await;
    let (_, code) = world.code_delivered(&desk).await;
    desk.deliver(&desk.handed_over(code)).await.unwrap();
    let bodies = world.exchanges().into_iter().filter(|exchange| exchange.method == "PUT");
    let records: Vec<_> = bodies
        .map(|exchange| {
            let body = String::from_utf8(exchange.request.1).unwrap();
            // By the third one's own canonical form.
            let hashed = hash(&serde_json::from_str(&body).unwrap());
            let verified = verify_record(&body, world.service.ca_certificate()).unwrap();
            assert_eq!(verified.link.hash, hashed);
            let place = (verified.kind.as_str(), verified.id.to_string());
            assert!(kind_and_id(&exchange.path).is_some_and(|it| it == place), "{}", exchange.path);
            verified
        })
        .collect();
    assert_eq!(records.len(), 3);
    assert_eq!(check_sequence(&records), Ok(()));
    assert_eq!(world.service.record_gaps(DESK).unwrap(), []);
    world.check_exchanges();
}

#[tokio::test]
async fn a_record_of_another_client_is_taken_as_well() {
    let world = World::start();
    let desk = raw(&world).await;
    let id = id();
    let record = desk.record(id, (1, NONE_BEFORE), &own());
    let path = format!("/ws/v1/refusals/{id}");
    assert_eq!(desk.put(&path, &record).await, "201");
    // Blanks and the order of members don't matter.
    let pretty = serde_json::to_string_pretty(&record).unwrap();
    assert_eq!(desk.send(Method::PUT, &path, Some(pretty)).await.0, 200);
    world.check_exchanges();
}

#[tokio::test]
async fn a_record_of_which_a_word_was_changed_is_refused() {
    let world = World::start();
    let desk = raw(&world).await;
    let id = id();
    let path = format!("/ws/v1/refusals/{id}");
    let right = desk.record(id, (1, NONE_BEFORE), &own());
    for (member, other) in [
        ("reason", json!("AUTHORITY_NOT_PROVEN")),
        ("operator", json!("s-0815")),
        ("at", json!("2026-11-21T09:25:01Z")),
        ("chain", json!({ "seq": 2, "prev": "A".repeat(43) })),
    ] {
        let mut changed = right.clone();
        changed[member] = other;
        assert_eq!(desk.put(&path, &changed).await, "RECORD_SIGNATURE_INVALID", "{member}");
    }
    assert_eq!(desk.put(&path, &right).await, "201");
    world.check_exchanges();
}

#[tokio::test]
async fn a_record_that_somebody_else_has_signed_is_refused() {
    let (world, elsewhere) = (World::start(), World::start());
    let desk = raw(&world).await;
    let neighbour = RawSigner::of(&world.enrol("0312-05").await);
    let stranger = RawSigner::of(&elsewhere.enrol(DESK).await);
    let other_key = RawSigner { key: SigningKey::generate(), certificate: desk.signer.certificate.clone() };
    let no_certificate = RawSigner { key: desk.signer.key.clone(), certificate: vec![0x30, 0x00] };
    for (who, signer) in [
        ("another desk of the insurer", &neighbour),
        ("a desk of that name at another insurer", &stranger),
        ("nobody's key", &other_key),
        ("a key without a certificate", &no_certificate),
    ] {
        let id = id();
        let record = desk.record_by(signer, id, (1, NONE_BEFORE), &own());
        let answer = desk.put(&format!("/ws/v1/refusals/{id}"), &record).await;
        assert_eq!(answer, "RECORD_SIGNATURE_INVALID", "{who}");
    }
    world.check_exchanges();
}

#[tokio::test]
async fn a_record_serves_the_id_and_the_desk_that_it_names_and_no_other() {
    let world = World::start();
    let desk = raw(&world).await;
    let (here, elsewhere) = (id(), id());
    let record = desk.record(here, (1, NONE_BEFORE), &own());
    assert_eq!(desk.put(&format!("/ws/v1/refusals/{elsewhere}"), &record).await, "VALIDATION");
    let neighbour = RawDesk::new(&world, &world.enrol("0312-05").await);
    assert_eq!(neighbour.put(&format!("/ws/v1/refusals/{here}"), &record).await, "FORBIDDEN_DESK");
    assert_eq!(desk.put(&format!("/ws/v1/refusals/{here}"), &record).await, "201");
}

#[tokio::test]
async fn a_record_is_taken_for_what_it_says_it_is_and_nothing_else() {
    let world = World::start();
    let desk = raw(&world).await;
    let code = id();
    let path = |kind: &str| format!("/ws/v1/codes/{code}/{kind}");
    // The same members, so that nothing but the word tells them apart.
    let told = json!({ "eventId": id(), "reason": "DISCARDED" });
    let named = |word: Value| {
        let mut record = told.clone();
        record["record"] = word;
        desk.record(code, (1, NONE_BEFORE), &record)
    };
    let refusal = desk.record(code, (1, NONE_BEFORE), &own());
    for (what, path, record) in [
        ("a refusal voids no code", path("void"), &refusal),
        ("a hand-over voids no code", path("void"), &named(json!("hand-over"))),
        ("nothing said", path("void"), &desk.record(code, (1, NONE_BEFORE), &told)),
        ("no word", path("void"), &named(json!(null))),
        ("a voiding hands nothing over", path("hand-over"), &named(json!("void"))),
        ("a refusal blocks nothing", format!("/ws/v1/blockings/{code}"), &refusal),
    ] {
        assert_eq!(desk.put(&path, record).await, "VALIDATION", "{what}");
    }
    // Whoever changes the word changes what was signed.
    let mut renamed = named(json!("hand-over"));
    renamed["record"] = json!("void");
    assert_eq!(desk.put(&path("void"), &renamed).await, "RECORD_SIGNATURE_INVALID");
    assert_eq!(desk.put(&path("void"), &named(json!("void"))).await, "NOT_FOUND", "no such code");
    assert_eq!(world.service.record_gaps(DESK).unwrap(), []);
}

#[tokio::test]
async fn a_hand_over_of_one_code_hands_over_no_other() {
    let world = World::start();
    let desk = world.desk().await;
    let (_, code) = world.code_delivered(&desk).await;
    let other = desk.handed_over(id());
    let moved = account::Delivery { id: code, ..other };
    assert_eq!(refused(&desk, &moved).await, ProblemCode::Validation);
    assert_eq!(desk.code_status(code).await.unwrap().unwrap().state, account::CodeState::Accepted);
    desk.deliver(&desk.handed_over(code)).await.unwrap();
}

#[tokio::test]
async fn what_two_readers_could_take_in_two_ways_is_refused() {
    let world = World::start();
    let desk = raw(&world).await;
    let id = id();
    let record = desk.record(id, (1, NONE_BEFORE), &own()).to_string();
    for (what, from, to) in [
        ("a member twice", r#""operator":"#, r#""operator":"s-0815","operator":"#),
        ("a fraction", r#""seq":1"#, r#""seq":1.0"#),
        ("a power", r#""seq":1"#, r#""seq":1e0"#),
        ("more than 2^53", r#""seq":1"#, r#""seq":9007199254740993"#),
        ("no number", r#""seq":1"#, r#""seq":"1""#),
        ("half a character", "s-4711", r"\ud800"),
    ] {
        let wrong = record.replacen(from, to, 1);
        assert_ne!(wrong, record, "{what}");
        let (status, answer) = desk.send(Method::PUT, &format!("/ws/v1/refusals/{id}"), Some(wrong)).await;
        assert_eq!((status, answer["code"].as_str()), (422, Some("VALIDATION")), "{what}");
    }
}

#[tokio::test]
async fn a_chain_that_tells_two_stories_is_refused() {
    let world = World::start();
    let desk = raw(&world).await;
    let ids = [(); 5].map(|()| id());
    let at = |index: usize| format!("/ws/v1/refusals/{}", ids[index]);
    let first = desk.record(ids[0], (1, NONE_BEFORE), &own());
    let second = desk.record(ids[1], (2, hash(&first)), &own());
    let third = desk.record(ids[2], (3, hash(&second)), &own());
    for (what, record) in [
        ("a first one that follows something", desk.record(ids[0], (1, hash(&first)), &own())),
        ("a number before the first", desk.record(ids[0], (0, NONE_BEFORE), &own())),
    ] {
        let expected = if record["chain"]["seq"] == 0 { "VALIDATION" } else { "RECORD_CHAIN_FORKED" };
        assert_eq!(desk.put(&at(0), &record).await, expected, "{what}");
    }
    assert_eq!(desk.put(&at(0), &first).await, "201");
    assert_eq!(desk.put(&at(2), &third).await, "201", "another visit's record may overtake");
    let same_number = desk.record(ids[3], (1, NONE_BEFORE), &own());
    assert_eq!(desk.put(&at(3), &same_number).await, "RECORD_CHAIN_FORKED");
    let other_before = desk.record(ids[3], (2, [7; 32]), &own());
    assert_eq!(
        desk.put(&at(3), &other_before).await,
        "RECORD_CHAIN_FORKED",
        "the first one isn't its last one"
    );
    let other_after = desk.record(ids[3], (2, hash(&first)), &other_own());
    assert_eq!(desk.put(&at(3), &other_after).await, "RECORD_CHAIN_FORKED", "the third one follows another");
    assert_eq!(desk.put(&at(1), &second).await, "201");
    // What is refused changes nothing: the chain goes on.
    let fourth = desk.record(ids[4], (4, hash(&third)), &own());
    assert_eq!(desk.put(&at(4), &fourth).await, "201");
}

#[tokio::test]
async fn what_is_missing_is_listed_until_it_comes() {
    let world = World::start();
    let desk = raw(&world).await;
    let mut records = Vec::new();
    let mut prev = NONE_BEFORE;
    for seq in 1..=7 {
        let id = id();
        let record = desk.record(id, (seq, prev), &own());
        prev = hash(&record);
        records.push((format!("/ws/v1/refusals/{id}"), record));
    }
    let gap = |from, until| RecordGap { from, until };
    for (seq, gaps) in [
        (3, vec![gap(1, 2)]),
        (7, vec![gap(1, 2), gap(4, 6)]),
        (5, vec![gap(1, 2), gap(4, 4), gap(6, 6)]),
        (1, vec![gap(2, 2), gap(4, 4), gap(6, 6)]),
        (2, vec![gap(4, 4), gap(6, 6)]),
        (6, vec![gap(4, 4)]),
        (4, vec![]),
    ] {
        let (path, record) = &records[seq - 1];
        assert_eq!(desk.put(path, record).await, "201", "{seq}");
        assert_eq!(world.service.record_gaps(DESK).unwrap(), gaps, "after {seq}");
    }
    assert_eq!(world.service.record_gaps("0312-05").unwrap(), []);
    world.check_exchanges();
}

#[tokio::test]
async fn a_refused_record_leaves_a_gap_that_never_closes_and_the_next_one_is_taken() {
    let world = World::start();
    let desk = world.desk().await;
    let nobody = desk.identified(id(), crate::support::NOT_INSURED);
    assert_eq!(refused(&desk, &nobody).await, ProblemCode::NotInsured);
    desk.deliver(&desk.identified(id(), INSURED)).await.unwrap();
    assert_eq!(world.service.record_gaps(DESK).unwrap(), [RecordGap { from: 1, until: 1 }]);
    world.check_exchanges();
}

#[tokio::test]
async fn the_chain_goes_on_across_a_renewal_and_a_restart() {
    let world = World::start();
    let desk = world.desk().await;
    let (before, waiting) = (desk.identified(id(), INSURED), desk.identified(id(), INSURED));
    desk.deliver(&before).await.unwrap();
    let renewed = Desk::after(&world.endpoint(), &desk.renew().await.unwrap(), desk.last());
    let next = renewed.identified(id(), INSURED);
    renewed.deliver(&next).await.unwrap();
    // Signed with the certificate that is over by now, and never changed since.
    renewed.deliver(&waiting).await.unwrap();
    let world = world.restart();
    assert!(renewed.deliver(&before).await.unwrap().already);
    let forked =
        Desk::after(&world.endpoint(), &renewed.identity, RecordLink::START).identified(id(), INSURED);
    assert_eq!(refused(&renewed, &forked).await, ProblemCode::RecordChainForked);
    renewed.deliver(&renewed.identified(id(), INSURED)).await.unwrap();
    assert_eq!(world.service.record_gaps(DESK).unwrap(), []);
    world.check_exchanges();
}
