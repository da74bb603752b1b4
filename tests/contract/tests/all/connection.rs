//! Who may talk to whom, and what it means when nobody answers.

use std::{net::TcpListener, sync::Arc, time::Duration};

use account::{CallError, CodeState, DeliveryError, Endpoint, Trust};
use account_service::Fault;
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
    version::TLS13,
};

use crate::desk::{Desk, report};
use crate::support::{AMSEL, CODE, DESK, INSURED, REFERENCE, World, id, impatient};

/// An HTTP client that trusts the service and has no certificate.
fn anonymous(world: &World) -> reqwest::Client {
    let mut roots = RootCertStore::empty();
    let ca = CertificateDer::from_pem_slice(world.service.ca_certificate().as_bytes()).unwrap();
    roots.add(ca).unwrap();
    let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&TLS13])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let builder = reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy();
    builder.build().unwrap()
}

#[tokio::test]
async fn without_a_certificate_a_desks_routes_answer_nothing() {
    let world = World::start();
    let http = anonymous(&world);
    let code = format!("codes/{}", id());
    for path in ["policy", "sealing-key", &code] {
        let url = format!("{}/ws/v1/{path}", world.service.url());
        let response = http.get(url).send().await.unwrap();
        assert_eq!(response.status(), 401, "{path}");
        assert!(response.text().await.unwrap().contains("UNAUTHENTICATED"), "{path}");
    }
    world.check_exchanges();
}

#[tokio::test]
async fn a_certificate_of_another_authority_is_refused() {
    let (world, elsewhere) = (World::start(), World::start());
    let stranger = elsewhere.enrol(DESK).await;
    let desk = Desk::new(&world.endpoint(), &stranger);
    assert_eq!(desk.heartbeat(&report()).await, Err(CallError::NotAuthenticated));
    let delivered = desk.deliver(&desk.identified(id(), INSURED)).await;
    assert_eq!(delivered, Err(DeliveryError::NotAuthenticated));
    assert!(world.exchanges().is_empty());
}

#[tokio::test]
async fn a_service_that_another_authority_vouches_for_is_sent_nothing() {
    let (world, impostor) = (World::start(), World::start());
    let identity = world.enrol(DESK).await;
    let endpoint = Endpoint { url: impostor.service.url(), ..world.endpoint() };
    let desk = Desk::new(&endpoint, &identity);
    assert_eq!(desk.heartbeat(&report()).await, Err(CallError::Untrusted));
    let delivered = desk.deliver(&desk.identified(id(), INSURED)).await;
    assert_eq!(delivered, Err(DeliveryError::Unreachable));

    let system = Endpoint { trust: Trust::OperatingSystem, ..world.endpoint() };
    let desk = Desk::new(&system, &identity);
    assert_eq!(desk.heartbeat(&report()).await, Err(CallError::Untrusted));
    assert!(impostor.exchanges().is_empty());
}

#[tokio::test]
async fn a_revoked_desk_is_told_so() {
    let world = World::start();
    let desk = world.desk().await;
    desk.heartbeat(&report()).await.unwrap();
    world.service.revoke_desk(DESK).unwrap();
    assert_eq!(desk.heartbeat(&report()).await, Err(CallError::Revoked));
    let delivered = desk.deliver(&desk.identified(id(), INSURED)).await;
    assert_eq!(delivered, Err(DeliveryError::Revoked));
    world.check_exchanges();
}

#[tokio::test]
async fn a_service_that_is_down_can_not_be_reached_and_recovers() {
    let world = World::start();
    let desk = world.desk().await;
    let delivery = desk.identified(id(), INSURED);
    world.service.fault(Fault::Down);
    assert_eq!(desk.deliver(&delivery).await, Err(DeliveryError::Unreachable));
    assert_eq!(desk.heartbeat(&report()).await, Err(CallError::Unreachable));
    world.service.fault(Fault::None);
    assert!(!desk.deliver(&delivery).await.unwrap().already);
    world.check_exchanges();
}

#[tokio::test]
async fn nobody_listening_is_unreachable() {
    let world = World::start();
    let identity = world.enrol(DESK).await;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let endpoint = Endpoint { url: format!("https://127.0.0.1:{port}"), ..world.endpoint() };
    let desk = Desk::new(&endpoint, &identity);
    assert_eq!(desk.heartbeat(&report()).await, Err(CallError::Unreachable));
}

#[tokio::test]
async fn a_failing_service_asks_to_try_again_and_has_done_nothing() {
    let world = World::start();
    let desk = world.desk().await;
    let delivery = desk.identified(id(), INSURED);
    for status in [500, 503, 429] {
        world.service.fault(Fault::Status(status));
        let delivered = desk.deliver(&delivery).await;
        assert_eq!(delivered, Err(DeliveryError::RetryAfter(Duration::from_secs(5))), "{status}");
    }
    world.service.fault(Fault::None);
    assert!(!desk.deliver(&delivery).await.unwrap().already);
    world.check_exchanges();
}

#[tokio::test]
async fn a_service_that_shows_a_foreign_certificate_is_sent_nothing() {
    let world = World::start();
    let desk = world.desk().await;
    let before = world.exchanges().len();
    world.service.present_foreign_certificate(true);
    assert_eq!(desk.lookup(&AMSEL).await, Err(CallError::Untrusted));
    let delivery = desk.identified(id(), INSURED);
    assert_eq!(desk.deliver(&delivery).await, Err(DeliveryError::Unreachable));
    assert_eq!(world.exchanges().len(), before);
    world.service.present_foreign_certificate(false);
    assert!(!desk.deliver(&delivery).await.unwrap().already);
    world.check_exchanges();
}

#[tokio::test]
async fn an_answer_that_is_not_the_contracts_is_believed_by_nobody() {
    let world = World::start();
    let desk = world.desk().await;
    let (_, code) = world.code_delivered(&desk).await;
    world.check_exchanges();
    world.service.fault(Fault::Garbage);
    assert_eq!(desk.heartbeat(&report()).await, Err(CallError::OutsideContract));
    assert_eq!(desk.lookup(&AMSEL).await, Err(CallError::OutsideContract));
    assert_eq!(desk.code_status(code).await, Err(CallError::OutsideContract));
    let deliveries =
        [desk.identified(id(), INSURED), desk.handed_over(code), desk.voided(code), desk.reviewed(id())];
    for delivery in &deliveries {
        assert_eq!(desk.deliver(delivery).await, Err(DeliveryError::Unknown), "{delivery:?}");
    }
    world.service.fault(Fault::None);
    let identification = desk.deliver(&deliveries[0]).await.unwrap();
    assert!(!identification.already, "a page is no receipt");
    let accepted = desk.code_status(code).await.unwrap().unwrap();
    assert_eq!(accepted.state, CodeState::Accepted);
}

#[tokio::test]
async fn requests_that_a_proxy_repeats_take_effect_once() {
    let world = World::start();
    let desk = world.desk().await;
    world.service.fault(Fault::Twice);
    let identification = id();
    let delivered = desk.deliver(&desk.identified(identification, INSURED)).await.unwrap();
    assert!(delivered.already, "the second of two");
    let registration = world.app().register(INSURED).await.unwrap();
    let sealed = account::seal(CODE, &desk.sealing_key().await.unwrap()).unwrap();
    let code = desk.code(id(), &world.code(identification, &registration, sealed));
    assert_eq!(desk.deliver(&code).await.unwrap().code, Some(CodeState::Accepted));
    assert_eq!(desk.deliver(&desk.handed_over(code.id)).await.unwrap().code, Some(CodeState::Active));
    world.app().redeem(&registration, REFERENCE, CODE).await.unwrap();
    let review = desk.deliver(&desk.reviewed(identification)).await.unwrap();
    assert_eq!(review.reviewed.len(), 1);
    world.check_exchanges();
}

#[tokio::test]
async fn an_answer_that_never_came_is_found_out_by_asking() {
    let world = World::start();
    let identity = world.enrol(DESK).await;
    let patient = Desk::new(&world.endpoint(), &identity);
    let desk = Desk::new(&impatient(world.endpoint()), &identity);
    let (_, code) = world.code_delivered(&patient).await;
    let hand_over = patient.handed_over(code);

    world.service.fault(Fault::Slow(60_000));
    assert_eq!(desk.deliver(&hand_over).await, Err(DeliveryError::Unknown));
    world.service.fault(Fault::None);

    let status = patient.code_status(code).await.unwrap().unwrap();
    assert_eq!(status.state, CodeState::Active);
    assert!(patient.deliver(&hand_over).await.unwrap().already);
    world.check_exchanges();
}

#[tokio::test]
async fn a_request_that_the_contract_does_not_know_is_refused_in_its_words() {
    let world = World::start();
    let http = anonymous(&world);
    let (json, text) = ("application/json", "text/plain");
    let right = r#"{"kvnr":"A123456780"}"#;
    for (path, content_type, body, status, code) in [
        ("registrations", json, r#"{"kvnr":"A123456780","name":"Amsel"}"#, 422, "VALIDATION"),
        ("registrations", json, r#"{"kvnr":"a123456780"}"#, 422, "VALIDATION"),
        ("registrations", json, "{}", 422, "VALIDATION"),
        ("registrations", json, "", 422, "VALIDATION"),
        ("registrations", text, right, 422, "VALIDATION"),
        ("registration", json, right, 404, "NOT_FOUND"),
        ("registrations", json, r#"{"kvnr":"L234567896"}"#, 409, "NOT_INSURED"),
    ] {
        let url = format!("{}/app/v1/{path}", world.service.url());
        let request = http.post(url).header("content-type", content_type).body(body);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status, "{body}");
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        let problem = response.text().await.unwrap();
        assert!(problem.contains(code), "{body}: {problem}");
        assert!(!problem.contains("123456780") && !problem.contains("234567896"), "{problem}");
    }
    let wrong_method = http.get(format!("{}/app/v1/registrations", world.service.url()));
    assert_eq!(wrong_method.send().await.unwrap().status(), 405);
    let url = format!("{}/app/v1/registrations", world.service.url());
    let accepted = http.post(url).header("content-type", json).body(right).send().await.unwrap();
    assert_eq!(accepted.status(), 201);
}
