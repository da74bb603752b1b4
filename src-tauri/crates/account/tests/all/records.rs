//! What a desk signs.

use account::{
    BlockingRecord, BlockingTarget, Delivery, DeliveryKind, DeskIdentity, RecordError, RecordLink,
    RefusalReason, RefusalRecord, SequenceError, SignError, VoidReason, VoidRecord, check_sequence,
    verify_record,
};
use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use p256::{
    ecdsa::{Signature, VerifyingKey, signature::Verifier},
    pkcs8::DecodePublicKey,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::authority::{Authority, DESK, NOW, PAST};

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub(crate) fn refusal() -> RefusalRecord {
    RefusalRecord {
        kvnr: "A123456780".into(),
        operator: "s-4711".to_owned(),
        at: "2026-01-05T09:00:00Z".parse().unwrap(),
        reason: RefusalReason::IdentityNotEstablished,
    }
}

/// Some records of that desk, each linked to the one before.
fn chain(identity: &DeskIdentity, mut last: RecordLink, count: u128) -> Vec<Delivery> {
    let next = |number| {
        let delivery = Delivery::refusal(id(number), &refusal(), identity, &last).unwrap();
        last = delivery.link;
        delivery
    };
    (1..=count).map(next).collect()
}

#[test]
fn a_record_is_signed_as_another_implementation_understands_it() {
    let authority = Authority::new();
    let identity = authority.desk(NOW);
    let delivery = Delivery::refusal(id(7), &refusal(), &identity, &RecordLink::START).unwrap();

    let mut body: Value = serde_json::from_str(&delivery.body).unwrap();
    assert_eq!(body.to_string(), *delivery.body, "sorted, without blanks: for these characters that is JCS");
    let hash: [u8; 32] = Sha256::digest(delivery.body.as_bytes()).into();
    assert_eq!(delivery.link, RecordLink { seq: 1, hash });

    let signature = body.as_object_mut().unwrap().remove("signature").unwrap();
    let expected = json!({
        "record": "refusal", "id": "00000000-0000-0000-0000-000000000007", "desk": DESK,
        "chain": {"seq": 1, "prev": "A".repeat(43)}, "kvnr": "A123456780", "operator": "s-4711",
        "at": "2026-01-05T09:00:00Z", "reason": "IDENTITY_NOT_ESTABLISHED",
    });
    assert_eq!(body, expected);

    let (header, value) = signature.as_str().unwrap().split_once("..").unwrap();
    let named = Base64UrlUnpadded::decode_vec(header).unwrap();
    let named: Value = serde_json::from_slice(&named).unwrap();
    let certificate = Base64::decode_vec(named["x5c"][0].as_str().unwrap()).unwrap();
    assert_eq!(
        named,
        json!({"alg": "ES256", "typ": "identplatz-record", "x5c": [Base64::encode_string(&certificate)]})
    );
    let key = openssl::x509::X509::from_der(&certificate).unwrap().public_key().unwrap();
    let key = VerifyingKey::from_public_key_der(&key.public_key_to_der().unwrap()).unwrap();
    let payload = Base64UrlUnpadded::encode_string(body.to_string().as_bytes());
    let value = Signature::from_slice(&Base64UrlUnpadded::decode_vec(value).unwrap()).unwrap();
    key.verify(format!("{header}.{payload}").as_bytes(), &value).unwrap();
}

#[test]
fn a_record_says_who_signed_it_where_it_stands_and_with_what() {
    let authority = Authority::new();
    let identity = authority.desk(NOW);
    let records = chain(&identity, RecordLink::START, 2);
    let first = verify_record(&records[0].body, &authority.certificate).unwrap();
    assert_eq!((first.desk.as_str(), first.id, first.link), (DESK, id(1), records[0].link));
    assert_eq!(first.kind, DeliveryKind::Refusal);
    assert_eq!(first.prev, RecordLink::START.hash);
    let second = verify_record(&records[1].body, &authority.certificate).unwrap();
    assert_eq!((second.link.seq, second.prev), (2, first.link.hash));
    assert_eq!(second.signed_with, first.signed_with);
    assert_eq!(first.signed_with.not_before, identity.not_before());
    assert_eq!(first.signed_with.not_after, "2100-01-01T00:00:00Z".parse().unwrap());
    assert!(first.signed_with.was_valid_at("2026-01-05T09:00:00Z".parse().unwrap()));
    assert!(!first.signed_with.was_valid_at("2019-12-31T23:59:59Z".parse().unwrap()));
}

#[test]
fn the_same_record_spelled_otherwise_is_the_same_record() {
    let authority = Authority::new();
    let delivery = &chain(&authority.desk(NOW), RecordLink::START, 1)[0];
    let body: Value = serde_json::from_str(&delivery.body).unwrap();
    let spelled = serde_json::to_string_pretty(&body).unwrap().replace("s-4711", "s-47\\u00311");
    let verified = verify_record(&spelled, &authority.certificate).unwrap();
    assert_eq!(verified.link, delivery.link);
}

#[test]
fn whatever_is_changed_in_a_record_its_signature_tells() {
    let authority = Authority::new();
    let delivery = &chain(&authority.desk(NOW), RecordLink { seq: 4, hash: [9; 32] }, 1)[0];
    let genuine: Value = serde_json::from_str(&delivery.body).unwrap();
    let verified = |body: &Value| verify_record(&body.to_string(), &authority.certificate);
    assert!(verified(&genuine).is_ok());
    let mut changes = 0;
    for (name, value) in [
        ("record", json!("blocking")),
        ("id", json!("00000000-0000-0000-0000-000000000002")),
        ("desk", json!("0312-05")),
        ("chain", json!({"seq": 6, "prev": genuine["chain"]["prev"]})),
        ("chain", json!({"seq": 5, "prev": "A".repeat(43)})),
        ("kvnr", json!("J012345677")),
        ("at", json!("2026-01-05T09:00:00.000Z")),
        ("news", json!(null)),
    ] {
        let mut changed = genuine.clone();
        changed[name] = value;
        assert_eq!(verified(&changed), Err(RecordError::Signature), "{name}");
        changes += 1;
    }
    assert_eq!(changes, 8);
    let mut less = genuine.clone();
    less.as_object_mut().unwrap().remove("operator");
    assert_eq!(verified(&less), Err(RecordError::Signature));
}

#[test]
fn a_text_without_the_form_of_a_record_is_none() {
    let authority = Authority::new();
    let delivery = &chain(&authority.desk(NOW), RecordLink::START, 1)[0];
    let genuine: Value = serde_json::from_str(&delivery.body).unwrap();
    let verified = |body: &str| verify_record(body, &authority.certificate).err();
    for name in ["record", "id", "desk", "chain", "signature"] {
        let mut less = genuine.clone();
        less.as_object_mut().unwrap().remove(name);
        assert_eq!(verified(&less.to_string()), Some(RecordError::Malformed), "without {name}");
    }
    let signature = genuine["signature"].as_str().unwrap();
    let attached = signature.replacen("..", ".e30.", 1);
    let chain = |seq: u64, prev: &str| json!({"seq": seq, "prev": prev});
    for (name, value) in [
        ("signature", json!(attached)),
        ("signature", json!(signature.replacen("..", ".", 1))),
        ("signature", json!(format!("{signature}A"))),
        ("signature", json!("")),
        ("chain", chain(0, &"A".repeat(43))),
        ("chain", chain(1, &"E".repeat(43))),
        ("chain", chain(2, "AAAA")),
        ("chain", json!({"seq": 1, "prev": "A".repeat(43), "next": 2})),
        ("record", json!("letter")),
        ("record", json!(null)),
        ("id", json!("7")),
        ("desk", json!(4)),
        ("weight", json!(1.5)),
    ] {
        let mut changed = genuine.clone();
        changed[name] = value;
        assert_eq!(verified(&changed.to_string()), Some(RecordError::Malformed), "{changed}");
    }
    let twice = delivery.body.replacen('{', r#"{"kvnr":"J012345677","#, 1);
    assert_eq!(verified(&twice), Some(RecordError::Malformed));
    let long = delivery.body.replacen('{', &format!(r#"{{"long":"{}","#, "A".repeat(512 * 1024)), 1);
    assert_eq!(verified(&long), Some(RecordError::Malformed));
    assert_eq!(verify_record(&delivery.body, "no certificate").err(), Some(RecordError::Authorities));
}

#[test]
fn a_signature_with_another_header_does_not_count() {
    let authority = Authority::new();
    let desk = authority.certified_desk(DESK, NOW);
    let payload =
        json!({"chain": {"prev": "A".repeat(43), "seq": 1}, "desk": DESK, "id": id(1), "record": "void"});
    let signed = |header: Value| {
        let attached = desk.sign_with(&header, payload.to_string().as_bytes());
        let parts: Vec<_> = attached.split('.').collect();
        let mut body = payload.clone();
        body["signature"] = format!("{}..{}", parts[0], parts[2]).into();
        verify_record(&body.to_string(), &authority.certificate).err()
    };
    let right = json!({"alg": "ES256", "typ": "identplatz-record", "x5c": [desk.x5c()]});
    assert_eq!(signed(right.clone()), None);
    for (name, value) in [
        ("alg", json!("none")),
        ("alg", json!("HS256")),
        ("typ", json!("identplatz-policy")),
        ("x5c", json!([])),
        ("x5c", json!([desk.x5c(), desk.x5c()])),
        ("x5c", json!(["AAAA"])),
        ("b64", json!(false)),
        ("crit", json!(["b64"])),
        ("jwk", json!({})),
    ] {
        let mut header = right.clone();
        header[name] = value;
        assert_eq!(signed(header), Some(RecordError::Malformed), "{name}");
    }
    let stranger = Authority::new().certified_desk(DESK, NOW).x5c();
    let mut header = right;
    header["x5c"] = json!([stranger]);
    assert_eq!(signed(header), Some(RecordError::Certificate));
}

#[test]
fn only_a_desk_that_the_authority_certified_signs_and_only_for_itself() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    let foreign = &chain(&stranger.desk(NOW), RecordLink::START, 1)[0];
    assert_eq!(verify_record(&foreign.body, &authority.certificate).err(), Some(RecordError::Certificate));
    // Neighbours' names in a record that this desk signs, and a certificate that names no desk.
    for signer in [authority.certified_desk("0312-05", NOW), authority.signer("urn:identplatz:service", NOW)]
    {
        let payload =
            json!({"chain": {"prev": "A".repeat(43), "seq": 1}, "desk": DESK, "id": id(1), "record": "void"});
        let attached = signer.sign("identplatz-record", payload.to_string().as_bytes());
        let parts: Vec<_> = attached.split('.').collect();
        let mut body = payload.clone();
        body["signature"] = format!("{}..{}", parts[0], parts[2]).into();
        let refused = verify_record(&body.to_string(), &authority.certificate);
        assert_eq!(refused.err(), Some(RecordError::Desk));
    }
}

#[test]
fn an_authority_that_another_one_certified_counts_if_it_is_named_alone_or_with_it() {
    let root = Authority::new();
    let authority = root.below();
    let record = &chain(&authority.desk(NOW), RecordLink::START, 1)[0];
    assert!(verify_record(&record.body, &authority.certificate).is_ok());
    let both = format!("{}{}", root.certificate, authority.certificate);
    assert!(verify_record(&record.body, &both).is_ok());
    assert_eq!(verify_record(&record.body, &root.certificate).err(), Some(RecordError::Certificate));
}

#[test]
fn a_desk_certifies_nobody() {
    let authority = Authority::new();
    // A certificate that names this desk, issued by another desk's key.
    let desk = authority.certified_desk("0312-05", NOW);
    let pretended = desk.as_authority().desk(NOW);
    let record = &chain(&pretended, RecordLink::START, 1)[0];
    let with_desk = format!("{}{}", authority.certificate, desk.pem());
    for authorities in [&authority.certificate, &with_desk] {
        let refused = verify_record(&record.body, authorities);
        assert_eq!(refused.err(), Some(RecordError::Certificate));
    }
}

#[test]
fn a_record_outlives_the_certificate_that_it_was_signed_with() {
    let authority = Authority::new();
    let record = &chain(&authority.desk(PAST), RecordLink::START, 1)[0];
    let verified = verify_record(&record.body, &authority.certificate).unwrap();
    assert!(!verified.signed_with.was_valid_at("2026-01-05T09:00:00Z".parse().unwrap()));
    assert!(verified.signed_with.was_valid_at("2015-01-05T09:00:00Z".parse().unwrap()));
}

#[test]
fn records_follow_each_other_across_kinds_and_across_a_renewal_of_the_certificate() {
    let authority = Authority::new();
    let (old, new) = (authority.desk(PAST), authority.desk(NOW));
    let first = Delivery::refusal(id(1), &refusal(), &old, &RecordLink::START).unwrap();
    let void = VoidRecord { event_id: id(3), reason: VoidReason::Discarded };
    let second = Delivery::void(id(2), &void, &old, &first.link).unwrap();
    let blocking = BlockingRecord {
        kvnr: "A123456780".into(),
        operator: "s-4711".to_owned(),
        at: "2026-01-05T09:00:00Z".parse().unwrap(),
        target: BlockingTarget::App,
    };
    let third = Delivery::blocking(id(4), &blocking, &new, &second.link).unwrap();
    let verified = |delivery: &Delivery| verify_record(&delivery.body, &authority.certificate).unwrap();
    // In any order, as files in a folder come.
    let records = [verified(&third), verified(&first), verified(&second)];
    assert_eq!(check_sequence(&records), Ok(()));
    assert_ne!(records[0].signed_with, records[1].signed_with);
    assert_eq!(check_sequence(&records[..2]), Err(SequenceError::Gap { after: 1, found: 3 }));
    assert_eq!(check_sequence(&[]), Ok(()));
}

#[test]
fn two_histories_of_one_desk_are_told() {
    let authority = Authority::new();
    let identity = authority.desk(NOW);
    let verified = |delivery: &Delivery| verify_record(&delivery.body, &authority.certificate).unwrap();
    let records: Vec<_> = chain(&identity, RecordLink::START, 3).iter().map(verified).collect();
    let other = Delivery::refusal(id(9), &refusal(), &identity, &records[0].link).unwrap();
    let rewritten = [records[0].clone(), verified(&other), records[2].clone()];
    assert_eq!(check_sequence(&rewritten), Err(SequenceError::Forked { seq: 3 }));
    let both = [records[1].clone(), verified(&other)];
    assert_eq!(check_sequence(&both), Err(SequenceError::Forked { seq: 2 }));
    let neighbour = authority.certified_desk("0312-05", NOW).identity(&authority);
    let foreign = Delivery::refusal(id(9), &refusal(), &neighbour, &records[0].link).unwrap();
    let mixed = [records[0].clone(), verified(&foreign)];
    assert_eq!(check_sequence(&mixed), Err(SequenceError::OtherDesk { seq: 2 }));
}

#[test]
fn nothing_is_signed_that_no_service_would_take() {
    let identity = Authority::new().desk(NOW);
    let long = RefusalRecord { operator: "s".repeat(64 * 1024), ..refusal() };
    let refused = Delivery::refusal(id(1), &long, &identity, &RecordLink::START);
    assert_eq!(refused.err(), Some(SignError::Length));
    let last = RecordLink { seq: (1 << 53) - 1, hash: [0; 32] };
    let refused = Delivery::refusal(id(1), &refusal(), &identity, &last);
    assert_eq!(refused.err(), Some(SignError::ChainFull));
}

#[test]
fn an_outbox_row_holds_the_record_itself_and_gives_the_same_delivery_back() {
    let identity = Authority::new().desk(NOW);
    let records = chain(&identity, RecordLink::START, 2);
    let void = VoidRecord { event_id: id(3), reason: VoidReason::Discarded };
    let void = Delivery::void(id(4), &void, &identity, &records[1].link).unwrap();
    for delivery in records.iter().chain([&void]) {
        let payload = delivery.to_payload();
        assert_eq!(*payload, delivery.body.as_bytes());
        let again = Delivery::from_payload(delivery.kind.as_str(), &payload).unwrap();
        assert_eq!(again, *delivery);
    }
    let payload = void.to_payload();
    let text = str::from_utf8(&payload).unwrap();
    for (what, kind, damaged) in [
        ("another kind", "hand-over", payload.to_vec()),
        ("no kind", "letter", payload.to_vec()),
        ("not canonical", "void", format!(" {text}").into_bytes()),
        ("cut", "void", payload[..payload.len() - 1].to_vec()),
        ("no text", "void", vec![0xff; 8]),
        ("nothing", "void", Vec::new()),
        ("no signature", "void", text.replace("\"signature\"", "\"signaturf\"").into_bytes()),
    ] {
        assert_eq!(Delivery::from_payload(kind, &damaged).err(), Some(RecordError::Malformed), "{what}");
    }
}
