//! What is wrong with whose certificate.

use account::{
    AccountClient, CallError, CertificateTrouble, Delivery, DeliveryError, DeskIdentity, Endpoint,
    RecordLink, Trust,
};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    authority::{Authority, Certified, DESK, FUTURE, NOW, PAST},
    desk::{heartbeat, report},
    records::refusal,
    server::{Answer, Server},
};

fn today() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

/// What a heartbeat to `service` ends with, nothing of which may reach anybody.
async fn refused(authority: &Authority, service: &Certified, identity: &DeskIdentity) -> CallError {
    let server = Server::start_as(authority, service, Vec::new(), |_| heartbeat()).await;
    let error = server.client(identity).heartbeat(&report()).await.unwrap_err();
    assert!(server.asked().is_empty());
    error
}

#[tokio::test]
async fn a_desks_certificate_that_has_expired_is_told_from_a_clock_that_is_wrong() {
    let authority = Authority::new();
    let service = authority.service(NOW);
    let expired = authority.desk(PAST);
    let error = refused(&authority, &service, &expired).await;
    assert_eq!(error, CallError::DeskCertificateOutOfDate);
    assert_eq!(error.certificate_trouble(&expired, today()), Some(CertificateTrouble::DeskExpired));
    // By a desk's clock that stands still in 2015, the same certificate is valid.
    let slow = "2015-01-05T09:00:00Z".parse().unwrap();
    assert_eq!(error.certificate_trouble(&expired, slow), Some(CertificateTrouble::Clock));

    let early = authority.desk(FUTURE);
    let error = refused(&authority, &service, &early).await;
    assert_eq!(error, CallError::DeskCertificateOutOfDate);
    assert_eq!(error.certificate_trouble(&early, today()), Some(CertificateTrouble::Clock));
}

#[tokio::test]
async fn a_services_certificate_out_of_its_dates_is_told_from_an_interception() {
    let authority = Authority::new();
    let identity = authority.desk(NOW);
    for (service, error, trouble) in [
        (authority.service(PAST), CallError::ServiceCertificateExpired, CertificateTrouble::ServiceExpired),
        (authority.service(FUTURE), CallError::ServiceCertificateNotYetValid, CertificateTrouble::Clock),
        (Authority::new().service(NOW), CallError::Untrusted, CertificateTrouble::Intercepted),
        (authority.service_named("elsewhere", NOW), CallError::Untrusted, CertificateTrouble::Intercepted),
        (authority.certified_desk(DESK, NOW), CallError::Untrusted, CertificateTrouble::Intercepted),
    ] {
        let met = refused(&authority, &service, &identity).await;
        assert_eq!(met, error);
        assert_eq!(met.certificate_trouble(&identity, today()), Some(trouble));
        assert_eq!(DeliveryError::from(met), DeliveryError::Unreachable, "nothing was sent");
    }
}

#[tokio::test]
async fn a_revoked_certificate_is_told_from_a_revoked_desk() {
    let authority = Authority::new();
    let revoked = authority.certified_desk(DESK, NOW);
    let identity = revoked.identity(&authority);
    let list = authority.revocations(&revoked);
    let server = Server::start_as(&authority, &authority.service(NOW), vec![list], |_| heartbeat()).await;
    let error = server.client(&identity).heartbeat(&report()).await.unwrap_err();
    assert_eq!(error, CallError::DeskCertificateRevoked, "an alert, which nothing may be destroyed for");
    assert_eq!(error.certificate_trouble(&identity, today()), Some(CertificateTrouble::Revoked));
    assert_eq!(DeliveryError::from(error), DeliveryError::NotAuthenticated);
    assert!(server.client(&authority.desk(NOW)).heartbeat(&report()).await.is_ok(), "another one serves");

    let server = Server::start(&authority, |_| Answer::problem(403, "WORKSTATION_REVOKED")).await;
    let error = server.client(&identity).heartbeat(&report()).await.unwrap_err();
    assert_eq!(error, CallError::Revoked);
    assert_eq!(error.certificate_trouble(&identity, today()), Some(CertificateTrouble::Revoked));
    let delivery = Delivery::refusal(Uuid::nil(), &refusal(), &identity, &RecordLink::START).unwrap();
    assert_eq!(server.client(&identity).deliver(&delivery).await, Err(DeliveryError::Revoked));
}

#[tokio::test]
async fn a_desk_of_another_authority_is_not_accepted() {
    let authority = Authority::new();
    let stranger = Authority::new().desk(NOW);
    let error = refused(&authority, &authority.service(NOW), &stranger).await;
    assert_eq!(error, CallError::NotAuthenticated);
    assert_eq!(error.certificate_trouble(&stranger, today()), Some(CertificateTrouble::NotAccepted));
}

#[tokio::test]
async fn what_is_no_certificates_fault_is_not_said_to_be() {
    let authority = Authority::new();
    let identity = authority.desk(NOW);
    let server = Server::start(&authority, |_| Answer::new(503, "")).await;
    let error = server.client(&identity).heartbeat(&report()).await.unwrap_err();
    assert_eq!(error.certificate_trouble(&identity, today()), None);
    let nobody = Endpoint { url: "https://localhost:1".to_owned(), ..server.endpoint() };
    let error = AccountClient::new(&nobody, &identity).unwrap().heartbeat(&report()).await.unwrap_err();
    assert_eq!(error, CallError::Unreachable);
    assert_eq!(error.certificate_trouble(&identity, today()), None);
    let system = Endpoint { trust: Trust::OperatingSystem, ..server.endpoint() };
    let error = AccountClient::new(&system, &identity).unwrap().heartbeat(&report()).await.unwrap_err();
    assert_eq!(error, CallError::Untrusted);
}
