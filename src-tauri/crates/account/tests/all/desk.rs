//! Heartbeat, renewal, keys, policy, events.

use std::sync::Arc;

use account::{
    CallError, CentralEventKind, DeskCommand, DeskReport, EnrolError, Heartbeat, ProblemCode, SetupError,
    SignedPolicy,
};
use serde_json::json;

use crate::{
    authority::{Authority, DESK, NOW},
    server::{Answer, Server},
};

pub(crate) fn report() -> DeskReport {
    DeskReport {
        app_version: "0.1.0".to_owned(),
        policy_serial: 3,
        waiting: 2,
        refused: 1,
        desk_time: "2026-01-05T09:00:00Z".parse().unwrap(),
    }
}

pub(crate) fn heartbeat() -> Answer {
    let answer = json!({
        "serverTime": "2026-01-05T09:00:01Z", "policySerial": 4, "lastEvent": 12, "commands": ["RENEW", "DANCE"],
    });
    Answer::new(200, answer)
}

#[tokio::test]
async fn a_heartbeat_tells_how_the_desk_is_and_hears_what_it_is_to_do() {
    let authority = Authority::new();
    let server = Server::start(&authority, |_| heartbeat()).await;
    let heard = server.client(&authority.desk(NOW)).heartbeat(&report()).await.unwrap();
    let expected = Heartbeat {
        server_time: "2026-01-05T09:00:01Z".parse().unwrap(),
        policy_serial: 4,
        last_event: 12,
        commands: vec![DeskCommand::Renew],
    };
    assert_eq!(heard, expected);
    let asked = &server.asked()[0];
    assert_eq!(asked.line, "POST /ws/v1/heartbeats");
    let told = json!({
        "appVersion": "0.1.0", "policySerial": 3, "waiting": 2, "refused": 1, "deskTime": "2026-01-05T09:00:00Z",
    });
    assert_eq!(asked.json(), told);
}

#[tokio::test]
async fn a_renewal_brings_a_certificate_for_a_new_key_and_the_old_one_is_what_asks_for_it() {
    let authority = Arc::new(Authority::new());
    let issuing = Arc::clone(&authority);
    let server = Server::start(&authority, move |asked| match asked.line.as_str() {
        "POST /ws/v1/renewals" => {
            let chain = issuing.grant(asked.json()["csr"].as_str().unwrap(), DESK);
            Answer::new(201, json!({"certificateChain": chain, "desk": DESK}))
        }
        _ => heartbeat(),
    })
    .await;
    let old = authority.desk(NOW);
    let new = server.client(&old).renew().await.unwrap();
    assert_eq!(new.desk(), DESK);
    assert_ne!(new.private_key(), old.private_key());
    assert_eq!(new.issuers(), authority.certificate);
    server.client(&new).heartbeat(&report()).await.unwrap();
    let asked = server.asked();
    assert!(asked[0].peer.is_some() && asked[0].peer != asked[1].peer, "each with its own certificate");
    // A renewal whose answer got lost: the old one asks again.
    let again = server.client(&old).renew().await.unwrap();
    assert_ne!(again.private_key(), new.private_key());
}

#[tokio::test]
async fn a_certificate_for_another_desk_or_another_key_is_no_renewal() {
    let authority = Arc::new(Authority::new());
    let issuing = Arc::clone(&authority);
    let other_desk = Server::start(&authority, move |asked| {
        let chain = issuing.grant(asked.json()["csr"].as_str().unwrap(), "0312-05");
        Answer::new(201, json!({"certificateChain": chain}))
    })
    .await;
    let identity = authority.desk(NOW);
    let chain = identity.certificate_chain().to_owned();
    let other_key =
        Server::start(&authority, move |_| Answer::new(201, json!({"certificateChain": chain}))).await;
    for server in [other_desk, other_key] {
        let refused = server.client(&identity).renew().await;
        assert_eq!(refused.err(), Some(EnrolError::Setup(SetupError::Identity)));
    }
}

#[test]
fn a_renewal_is_due_sixty_days_before_the_end() {
    let identity = Authority::new().desk((2020, 2027));
    let due = |at: &str| identity.renewal_is_due(at.parse().unwrap());
    assert!(!due("2026-11-02T00:00:00Z"));
    assert!(due("2026-11-02T00:00:01Z"));
    assert!(due("2027-06-01T00:00:00Z"));
}

#[tokio::test]
async fn the_policy_is_fetched_as_text_and_none_is_none() {
    let authority = Authority::new();
    let payload = json!({
        "serial": 7, "issuedAt": "2026-01-05T09:00:00Z", "profile": "beispielkasse", "toml": "\n".repeat(128 * 1024),
    });
    let signer = authority.signer("urn:identplatz:policy", NOW);
    let bundle = signer.sign("identplatz-policy", payload.to_string().as_bytes());
    let answer = json!({"bundle": bundle}).to_string();
    let server = Server::start(&authority, move |_| Answer::new(200, answer.clone())).await;
    let identity = authority.desk(NOW);
    let fetched = server.client(&identity).policy().await.unwrap().unwrap();
    assert_eq!(fetched.as_str(), bundle);
    assert_eq!(SignedPolicy::verify(fetched.as_str(), identity.issuers(), 1).unwrap().serial, 7);

    let none = Server::start(&authority, |_| Answer::problem(404, "NOT_FOUND")).await;
    assert_eq!(none.client(&identity).policy().await, Ok(None));
    let gateway = Server::start(&authority, |_| Answer::new(404, "<html>")).await;
    assert_eq!(gateway.client(&identity).policy().await, Err(CallError::OutsideContract));
    let endless = json!({"bundle": "A".repeat(600 * 1024)}).to_string();
    let endless = Server::start(&authority, move |_| Answer::new(200, endless.clone())).await;
    assert_eq!(endless.client(&identity).policy().await, Err(CallError::OutsideContract));
}

#[tokio::test]
async fn the_recovery_key_is_fetched_and_one_off_the_curve_is_not_taken() {
    let authority = Authority::new();
    // The P-256 key of RFC 7517, appendix A.1.
    let key = |x: &str| {
        json!({
            "kty": "EC", "crv": "P-256", "use": "enc", "kid": "1", "alg": "ECDH-ES+A256KW", "x": x,
            "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
        })
        .to_string()
    };
    let identity = authority.desk(NOW);
    let right = key("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4");
    let server = Server::start(&authority, move |_| Answer::new(200, right.clone())).await;
    assert_eq!(server.client(&identity).recovery_key().await.unwrap().id(), "1");
    let wrong = key("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D5");
    let server = Server::start(&authority, move |_| Answer::new(200, wrong.clone())).await;
    assert_eq!(server.client(&identity).recovery_key().await, Err(CallError::OutsideContract));
}

#[tokio::test]
async fn events_are_asked_for_from_where_the_desk_is() {
    let authority = Authority::new();
    let server = Server::start(&authority, |_| {
        let event = json!({
            "seq": 12, "at": "2026-01-05T09:00:00Z", "kind": "DEATH", "codes": ["019ab000-0000-7000-8000-000000000001"],
        });
        Answer::new(200, json!({"events": [event], "more": false}))
    })
    .await;
    let desk = server.client(&authority.desk(NOW));
    let heard = desk.events(7).await.unwrap();
    assert_eq!(heard.events[0].kind, CentralEventKind::Death);
    assert_eq!(server.asked()[0].line, "GET /ws/v1/events?after=7");
    assert_eq!(desk.events(12).await, Err(CallError::OutsideContract), "it was had before");
}

#[tokio::test]
async fn a_refused_renewal_says_why() {
    let authority = Authority::new();
    let server = Server::start(&authority, |_| Answer::problem(422, "VALIDATION")).await;
    let Err(EnrolError::Call(CallError::Refused(problem))) =
        server.client(&authority.desk(NOW)).renew().await
    else {
        panic!("not refused")
    };
    assert_eq!(problem.code, ProblemCode::Validation);
}
