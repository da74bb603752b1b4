//! Certificates of signers (RFC 5280): who issued them, what they name, when they are valid.

use std::fmt;

use jiff::Timestamp;
use openssl::{
    asn1::{Asn1Time, Asn1TimeRef},
    ec::EcKey,
    nid::Nid,
    pkey::Public,
    stack::Stack,
    x509::{X509, X509StoreContext, store::X509StoreBuilder, verify::X509VerifyFlags},
};

/// Longest text of authorities that is read: some dozen certificates.
const MAX_AUTHORITIES_TEXT: usize = 64 * 1024;
/// Most authorities: an insurer has one, two while it changes them.
const MAX_AUTHORITIES: usize = 16;
/// Longest certificate of a signer; one with a P-256 key has less than 1 KiB.
const MAX_CERTIFICATE: usize = 4096;

/// With what certificate something was signed.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedWith {
    /// Its serial number, hexadecimal.
    pub serial: String,
    /// Valid from.
    pub not_before: Timestamp,
    /// Valid until.
    pub not_after: Timestamp,
}

impl SignedWith {
    /// Whether the certificate was valid at that time.
    #[must_use]
    pub fn was_valid_at(&self, at: Timestamp) -> bool {
        (self.not_before..=self.not_after).contains(&at)
    }
}

impl fmt::Debug for SignedWith {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "certificate {}, {} to {}", self.serial, self.not_before, self.not_after)
    }
}

/// Whose word counts for a signer.
pub(crate) struct Authorities(Vec<X509>);

impl Authorities {
    /// One or more certificates in PEM; `None` when there is none, or too much.
    pub(crate) fn from_pem(pem: &str) -> Option<Self> {
        if pem.len() > MAX_AUTHORITIES_TEXT {
            return None;
        }
        let found = X509::stack_from_pem(pem.as_bytes()).ok()?;
        (1..=MAX_AUTHORITIES).contains(&found.len()).then_some(Self(found))
    }

    /// Whether one of them issued that certificate. Its dates are not looked at: what was signed while it was
    /// valid stays signed.
    fn issued(&self, leaf: &X509) -> bool {
        let built = || {
            let mut store = X509StoreBuilder::new()?;
            for authority in &self.0 {
                store.add_cert(authority.clone())?;
            }
            // Whom the settings name is trusted, whether or not it signed itself.
            store.set_flags(X509VerifyFlags::PARTIAL_CHAIN | X509VerifyFlags::NO_CHECK_TIME)?;
            let store = store.build();
            X509StoreContext::new()?.init(&store, leaf, &*Stack::new()?, |context| context.verify_cert())
        };
        built().unwrap_or(false)
    }
}

/// The certificate of a signer.
pub(crate) struct Leaf(X509);

impl Leaf {
    pub(crate) fn from_der(der: &[u8]) -> Option<Self> {
        if der.len() > MAX_CERTIFICATE {
            return None;
        }
        let leaf = X509::from_der(der).ok()?;
        // OpenSSL reads past nothing but says nothing of what follows.
        (leaf.to_der().ok()?.len() == der.len()).then_some(Self(leaf))
    }

    /// The first certificate of a PEM text.
    pub(crate) fn from_pem(pem: &str) -> Option<Self> {
        X509::from_pem(pem.as_bytes()).ok().map(Self)
    }

    pub(crate) fn to_der(&self) -> Option<Vec<u8>> {
        self.0.to_der().ok()
    }

    pub(crate) fn is_issued_by(&self, authorities: &Authorities) -> bool {
        authorities.issued(&self.0)
    }

    /// Its key, if it is one for ES256.
    pub(crate) fn p256_key(&self) -> Option<EcKey<Public>> {
        let key = self.0.public_key().ok()?.ec_key().ok()?;
        (key.group().curve_name() == Some(Nid::X9_62_PRIME256V1)).then_some(key)
    }

    /// What follows `prefix` in the first URI of the subject alternative name that starts so.
    pub(crate) fn uri_after(&self, prefix: &str) -> Option<String> {
        let names = self.0.subject_alt_names()?;
        names.iter().find_map(|name| name.uri()?.strip_prefix(prefix).map(str::to_owned))
    }

    pub(crate) fn names(&self, uri: &str) -> bool {
        let names = self.0.subject_alt_names();
        names.is_some_and(|names| names.iter().any(|name| name.uri() == Some(uri)))
    }

    pub(crate) fn signed_with(&self) -> Option<SignedWith> {
        Some(SignedWith {
            serial: self.0.serial_number().to_bn().ok()?.to_hex_str().ok()?.to_string(),
            not_before: timestamp(self.0.not_before())?,
            not_after: timestamp(self.0.not_after())?,
        })
    }
}

fn timestamp(time: &Asn1TimeRef) -> Option<Timestamp> {
    let since = Asn1Time::from_unix(0).ok()?.diff(time).ok()?;
    Timestamp::from_second(i64::from(since.days) * 24 * 60 * 60 + i64::from(since.secs)).ok()
}
