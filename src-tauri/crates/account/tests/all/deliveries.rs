//! Deliveries and what becomes of them.

use std::time::Duration;

use account::{
    Asked, BlockingRecord, BlockingTarget, CodeState, Delivery, DeliveryError, DeliveryKind, HandOverRecord,
    JournalEntry, JournalSegmentRecord, MAX_ENTRIES, ProblemCode, Receipt, RecordLink, ScopeKind, VoidReason,
    VoidRecord, verify_checkpoint, verify_record,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    authority::{Authority, NOW},
    checkpoints::checkpoint,
    records::refusal,
    server::{Answer, Server},
};

const ID: Uuid = Uuid::from_u128(7);

fn segment(entries: usize) -> JournalSegmentRecord {
    let entry = JournalEntry {
        event_id: ID,
        visit: ID,
        scope_kind: ScopeKind::Visit,
        scope_id: ID,
        kind: "representation_established".to_owned(),
        version: 1,
        at_us: 1_795_339_060_000_000,
        body_hash: "A".repeat(43),
    };
    JournalSegmentRecord {
        day: "2026-01-05".parse().unwrap(),
        from_seq: 1,
        until_seq: u64::try_from(entries).unwrap(),
        prev_hash: "A".repeat(43),
        entries: vec![entry; entries],
        hash: "A".repeat(43),
    }
}

#[tokio::test]
async fn the_longest_segment_is_delivered_and_brings_a_checkpoint() {
    let authority = Authority::new();
    let identity = authority.desk(NOW);
    let text = checkpoint(&authority.signer("urn:identplatz:service", NOW));
    let answer = json!({"id": ID, "checkpoint": text}).to_string();
    let server = Server::start(&authority, move |_| Answer::new(201, answer.clone())).await;
    let delivery = Delivery::segment(ID, &segment(MAX_ENTRIES), &identity, &RecordLink::START).unwrap();
    let delivered = server.client(&identity).deliver(&delivery).await.unwrap();
    assert_eq!(verify_checkpoint(&delivered.checkpoint.unwrap(), identity.issuers()).unwrap().seq, 500);
    let asked = &server.asked()[0];
    assert_eq!(asked.line, format!("PUT /ws/v1/journal-segments/{ID}"));
    assert_eq!(asked.body, *delivery.body);
    assert!(verify_record(&asked.body, &authority.certificate).is_ok());
    let entry = &asked.json()["entries"][0];
    assert_eq!((&entry["scopeKind"], &entry["atUs"]), (&json!("VISIT"), &json!(1_795_339_060_000_000_u64)));
}

#[tokio::test]
async fn a_refusal_and_a_blocking_are_accepted_under_their_own_ids() {
    let authority = Authority::new();
    let identity = authority.desk(NOW);
    let server = Server::start(&authority, |asked| match asked.line.as_str() {
        "PUT /ws/v1/refusals/00000000-0000-0000-0000-000000000007" => Answer::new(201, json!({"id": ID})),
        "PUT /ws/v1/blockings/00000000-0000-0000-0000-000000000007" => {
            let code = json!({"id": Uuid::from_u128(8), "state": "REVOKED"});
            Answer::new(200, json!({"id": ID, "codes": [code]}))
        }
        _ => Answer::new(201, json!({"id": ID, "codes": []})),
    })
    .await;
    let desk = server.client(&identity);
    let first = Delivery::refusal(ID, &refusal(), &identity, &RecordLink::START).unwrap();
    assert!(!desk.deliver(&first).await.unwrap().already);
    let record = BlockingRecord {
        kvnr: "A123456780".into(),
        operator: "s-4711".to_owned(),
        at: "2026-01-05T09:00:00Z".parse().unwrap(),
        target: BlockingTarget::Codes,
    };
    let blocking = Delivery::blocking(ID, &record, &identity, &first.link).unwrap();
    let delivered = desk.deliver(&blocking).await.unwrap();
    assert!(delivered.already);
    assert_eq!(delivered.reviewed[0].state, CodeState::Revoked);
    // Somebody else's answer.
    let other = Delivery { id: Uuid::from_u128(9), ..first };
    assert_eq!(desk.deliver(&other).await, Err(DeliveryError::Unknown));
}

#[tokio::test]
async fn a_break_of_the_chain_is_a_refusal_for_good() {
    let authority = Authority::new();
    let identity = authority.desk(NOW);
    for (code, expected) in [
        ("RECORD_SIGNATURE_INVALID", ProblemCode::RecordSignatureInvalid),
        ("RECORD_CHAIN_FORKED", ProblemCode::RecordChainForked),
        ("SEGMENT_OUT_OF_ORDER", ProblemCode::SegmentOutOfOrder),
        ("SEGMENT_CHAIN_BROKEN", ProblemCode::SegmentChainBroken),
        ("OFFLINE_NOT_ADMITTED", ProblemCode::OfflineNotAdmitted),
    ] {
        let server = Server::start(&authority, move |_| Answer::problem(409, code)).await;
        let delivery = Delivery::refusal(ID, &refusal(), &identity, &RecordLink::START).unwrap();
        let Err(DeliveryError::Refused(problem)) = server.client(&identity).deliver(&delivery).await else {
            panic!("{code}")
        };
        assert_eq!(problem.code, expected);
    }
}

#[tokio::test]
async fn a_busy_service_says_when_to_come_again_in_seconds_or_as_a_date() {
    let authority = Authority::new();
    let identity = authority.desk(NOW);
    let delivery = Delivery::refusal(ID, &refusal(), &identity, &RecordLink::START).unwrap();
    for (status, pause) in [(429, "90"), (503, "Mon, 05 Jan 2026 09:01:30 GMT")] {
        let server = Server::start(&authority, move |_| {
            let busy = Answer::new(status, "").with("Retry-After", pause);
            busy.with("Date", "Mon, 05 Jan 2026 09:00:00 GMT")
        })
        .await;
        let refused = server.client(&identity).deliver(&delivery).await;
        assert_eq!(refused, Err(DeliveryError::RetryAfter(Duration::from_secs(90))));
    }
}

#[tokio::test]
async fn what_became_of_a_delivery_is_asked_without_repeating_it() {
    let authority = Authority::new();
    let identity = authority.desk(NOW);
    let last = RecordLink::START;
    let hand_over = HandOverRecord {
        event_id: ID,
        at: "2026-01-05T09:00:00Z".parse().unwrap(),
        receipt: Receipt::Signed,
    };
    let hand_over = Delivery::hand_over(ID, &hand_over, &identity, &last).unwrap();
    let void = VoidRecord { event_id: ID, reason: VoidReason::Discarded };
    let void = Delivery::void(ID, &void, &identity, &last).unwrap();
    // For the question, a code's kind and id are all that matters.
    let code = Delivery { kind: DeliveryKind::Code, ..void.clone() };
    let (there, missing, undecided) = (Asked::Arrived, Asked::Missing, Asked::Undecided);
    for (state, release, expected) in [
        ("ACCEPTED", false, [there, missing, missing]),
        ("ACCEPTED", true, [there, undecided, missing]),
        ("ACTIVE", false, [there, there, undecided]),
        ("REDEEMED", false, [there, there, undecided]),
        ("LOCKED", false, [there, there, undecided]),
        ("EXPIRED", false, [there, undecided, undecided]),
        ("REVOKED", false, [there, undecided, undecided]),
        ("VOIDED", false, [there, undecided, there]),
    ] {
        let answer = json!({"id": ID, "state": state, "awaitingRelease": release}).to_string();
        let server = Server::start(&authority, move |_| Answer::new(200, answer.clone())).await;
        let desk = server.client(&identity);
        for (delivery, expected) in [&code, &hand_over, &void].into_iter().zip(expected) {
            assert_eq!(desk.ask(delivery).await, Ok(expected), "{delivery:?} {state} {release}");
        }
        assert!(server.asked().iter().all(|asked| asked.line == format!("GET /ws/v1/codes/{ID}")));
    }
    let server = Server::start(&authority, |_| Answer::problem(404, "NOT_FOUND")).await;
    let desk = server.client(&identity);
    for delivery in [&code, &hand_over, &void] {
        assert_eq!(desk.ask(delivery).await, Ok(Asked::Missing));
    }
    let refusal = Delivery::refusal(ID, &refusal(), &identity, &last).unwrap();
    assert_eq!(desk.ask(&refusal).await, Ok(Asked::Undecided));
    assert_eq!(server.asked().len(), 3, "about a refusal nobody can be asked");
}
