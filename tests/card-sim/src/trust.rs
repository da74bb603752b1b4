//! What a desk in a workshop must trust to take simulated cards for genuine.

use jiff::civil::Date;

use crate::{
    crypto::sure,
    pki::{cvc::Hierarchy, x509::Authority},
};

/// Names and contents of the files: the root of the card-verifiable certificates (self-signed, binary), root and
/// authority of the cardholders' certificates (PEM).
#[must_use]
pub fn files(today: Date) -> Vec<(String, Vec<u8>)> {
    let pem = |certificate: openssl::x509::X509| sure(certificate.to_pem());
    [
        ("birds-root.cvc", Hierarchy::test().root_certificate(today)),
        ("birds-root-ca.pem", pem(Authority::root_certificate(today))),
        ("birds-egk-ca.pem", pem(Authority::test().certificate(today))),
    ]
    .into_iter()
    .map(|(name, bytes)| (name.to_owned(), bytes))
    .collect()
}
