//! Cards that don't prove what they should: certificates and keys.

use super::{Entry, health, plain};
use crate::egk::{Flaw, HealthCard, HolderCertificates};

/// A card in order but for one flaw.
macro_rules! flawed {
    ($name:literal, $description:literal, $flaw:ident) => {
        health($name, $description, |today| HealthCard { flaw: Some(Flaw::$flaw), ..plain(today) })
    };
}

/// Cards of this kind.
pub(super) static CARDS: &[Entry] = &[
    flawed!("amsel-cvc-expired", "card-verifiable certificate expired", CvcExpired),
    flawed!("amsel-cvc-not-yet-valid", "card-verifiable certificate valid in a month", CvcNotYetValid),
    flawed!("amsel-cvc-forged", "card-verifiable certificate with a wrong signature", CvcForged),
    flawed!("amsel-cvc-other-card", "card-verifiable certificate of another card's number", CvcOfOtherCard),
    flawed!(
        "amsel-cvc-unknown-root",
        "card-verifiable certificate below an unknown test root",
        CvcOfUnknownRoot
    ),
    flawed!(
        "amsel-cvc-production-root",
        "card-verifiable certificate that names a root of production which didn't sign it",
        CvcOfPretendedRoot
    ),
    flawed!("amsel-clone", "a copy: right certificates, other keys; the challenge fails", Clone),
    flawed!("amsel-x509-other-kvnr", "cardholder's certificate of another KVNR", CertificateOfOtherPerson),
    flawed!("amsel-x509-other-ik", "cardholder's certificate of another insurer", CertificateOfOtherInsurer),
    flawed!("amsel-x509-expired", "cardholder's certificate expired", CertificateExpired),
    flawed!(
        "amsel-x509-unknown-ca",
        "cardholder's certificate by an unknown authority",
        CertificateOfUnknownAuthority
    ),
    health("amsel-no-x509", "neither C.CH.AUT.E256 nor C.CH.AUT.R2048", |today| HealthCard {
        certificates: HolderCertificates::None,
        ..plain(today)
    }),
    health("amsel-both-x509", "C.CH.AUT.E256 and C.CH.AUT.R2048, as on the first G2.1", |today| HealthCard {
        certificates: HolderCertificates::Both,
        ..plain(today)
    }),
];
