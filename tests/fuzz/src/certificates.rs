//! Targets of the proofs in `egk`.

use egk::{CardVerifiableCertificate, CardholderCertificate, TrustStore};

/// A card-verifiable certificate.
pub fn cvc(data: &[u8]) -> bool {
    let Ok(certificate) = CardVerifiableCertificate::parse(data) else { return false };
    assert!(certificate.valid_from().year() >= 2000 && certificate.valid_until().year() < 2100);
    certificate.role().is_some()
}

/// C.CH.AUT.
pub fn cardholder_certificate(data: &[u8]) -> bool {
    CardholderCertificate::parse(data).is_ok()
}

/// A file of a trust folder: what isn't taken leaves the store as it was.
pub fn trust_file(data: &[u8]) -> bool {
    let mut trust = TrustStore::production();
    let before = trust.describe().len();
    let taken = trust.add(data).is_ok();
    let added = trust.describe().len() - before;
    assert!(taken || added == 0);
    taken
}
