//! Whom we trust to vouch for health cards.

mod production_roots;

use crate::brainpool::PublicKey;
use crate::cardholder_certificate::extensions;
use crate::cvc::{CardVerifiableCertificate, CvcRole, KeyReference};
use crate::quietly::quietly;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::x509::{X509, X509NameRef};

/// Most roots and most authorities that a store holds. gematik has seven roots; some hundred authorities have ever
/// issued cardholders' certificates.
pub const TRUSTED_MAX: usize = 1_024;
/// Largest file that is taken: [`TRUSTED_MAX`] certificates of about a kilobyte in PEM, and room.
pub const TRUST_FILE_BYTES_MAX: usize = 4 << 20;

/// Whether this build takes roots and authorities of test cards.
const TAKES_TEST_CARDS: bool = cfg!(feature = "workshop");
/// What the names of test authorities say of them (gemSpec_PKI, Namensregeln der Testumgebungen).
const TEST_MARKS: [&str; 2] = ["TEST-ONLY", "NOT-VALID"];

/// Roots of the card-verifiable certificates, and authorities of the cardholders' certificates. The default trusts
/// nobody.
///
/// Whoever may write into the folder that the files come from decides which cards are genuine.
#[derive(Debug)]
pub struct TrustStore {
    roots: Vec<Root>,
    authorities: Vec<X509>,
    pub(crate) takes_test_cards: bool,
}

/// A root of the card-verifiable certificates. It is trusted for as long as the store has it: its validity says when it
/// may issue (RFC 5280, 6.1.1: a trust anchor is a name and a key).
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Root {
    pub(crate) name: KeyReference,
    pub(crate) public_key: PublicKey,
    pub(crate) valid_from: Date,
    pub(crate) valid_until: Date,
    builtin: bool,
}

/// Why a file can't be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// It is no certificate of either kind, or larger than [`TRUST_FILE_BYTES_MAX`].
    #[error("this is no certificate")]
    Malformed,
    /// It is a root or an authority for test cards, which only a workshop build takes.
    #[error("this is a root for test cards")]
    TestRoot,
    /// Its signature by itself is wrong, or it is no root or authority.
    #[error("this is no root, or its signature is wrong")]
    NotARoot,
    /// A root of this name is trusted already, and has another key.
    #[error("another root has this name")]
    OtherKey,
    /// There are more than [`TRUSTED_MAX`] of its kind.
    #[error("there are too many certificates")]
    TooMany,
}

/// A root or an authority, for whoever has to see to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustEntry {
    /// The root's reference (`DEZGW870226`), or the authority's common name.
    pub name: String,
    /// What it vouches for.
    pub kind: TrustKind,
    /// The first day of its validity.
    pub valid_from: Date,
    /// The last day of its validity (UTC).
    pub valid_until: Date,
    /// It comes with the program, not from a file.
    pub builtin: bool,
}

/// What somebody is trusted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrustKind {
    /// Roots of the card-verifiable certificates: the chips.
    CvcRoot,
    /// Authorities of the cardholders' certificates.
    X509Authority,
}

impl Default for TrustStore {
    fn default() -> Self {
        Self { roots: Vec::new(), authorities: Vec::new(), takes_test_cards: TAKES_TEST_CARDS }
    }
}

impl TrustStore {
    /// The production roots of the card-verifiable certificates (gematik, PKI of the telematics infrastructure), and no
    /// authority of cardholders' certificates.
    pub fn production() -> Self {
        let roots = production_roots::PRODUCTION_ROOTS.into_iter().filter_map(|root| {
            let public_key = PublicKey::from_point(root.point)?;
            let production_roots::ProductionRoot { name, valid_from, valid_until, .. } = root;
            Some(Root { name, public_key, valid_from, valid_until, builtin: true })
        });
        Self { roots: roots.collect(), ..Self::default() }
    }

    /// Adds a file of a trust folder: a self-signed card-verifiable certificate (binary), or X.509 certificates of
    /// authorities (PEM, any number; or one in DER). A file is added as a whole or not at all; what the store has already
    /// doesn't count.
    ///
    /// # Errors
    /// Every [`TrustError`].
    pub fn add(&mut self, file: &[u8]) -> Result<(), TrustError> {
        if file.len() > TRUST_FILE_BYTES_MAX {
            return Err(TrustError::Malformed);
        }
        if file.starts_with(&[0x7F, 0x21]) { self.add_root(file) } else { self.add_authorities(file) }
    }

    /// Everybody in the store: the roots, then the authorities.
    pub fn describe(&self) -> Vec<TrustEntry> {
        let roots = self.roots.iter().map(|root| TrustEntry {
            name: root.name.to_string(),
            kind: TrustKind::CvcRoot,
            valid_from: root.valid_from,
            valid_until: root.valid_until,
            builtin: root.builtin,
        });
        let authorities = self.authorities.iter().map(|authority| TrustEntry {
            name: common_name(authority.subject_name()),
            kind: TrustKind::X509Authority,
            valid_from: day_of(authority.not_before()),
            valid_until: day_of(authority.not_after()),
            builtin: false,
        });
        roots.chain(authorities).collect()
    }

    pub(crate) fn root(&self, name: KeyReference) -> Option<&Root> {
        self.roots.iter().find(|root| root.name == name)
    }

    pub(crate) fn has_roots(&self) -> bool {
        !self.roots.is_empty()
    }

    pub(crate) fn authorities(&self) -> &[X509] {
        &self.authorities
    }

    fn add_root(&mut self, file: &[u8]) -> Result<(), TrustError> {
        let certificate = CardVerifiableCertificate::parse(file).map_err(|_| TrustError::Malformed)?;
        let public_key = certificate.public_key().clone();
        if certificate.role() != Some(CvcRole::Root) || !certificate.is_signed_by(&public_key) {
            return Err(TrustError::NotARoot);
        }
        let name = certificate.issuer();
        if !name.is_production_root() && !self.takes_test_cards {
            return Err(TrustError::TestRoot);
        }
        match self.root(name) {
            Some(known) if known.public_key == public_key => Ok(()),
            Some(_) => Err(TrustError::OtherKey),
            None if self.roots.len() == TRUSTED_MAX => Err(TrustError::TooMany),
            None => {
                let (valid_from, valid_until) = (certificate.valid_from(), certificate.valid_until());
                self.roots.push(Root { name, public_key, valid_from, valid_until, builtin: false });
                Ok(())
            }
        }
    }

    fn add_authorities(&mut self, file: &[u8]) -> Result<(), TrustError> {
        let certificates = match quietly(|| X509::from_der(file)) {
            Some(certificate) => vec![certificate],
            None => quietly(|| X509::stack_from_pem(file)).ok_or(TrustError::Malformed)?,
        };
        if certificates.is_empty() {
            return Err(TrustError::Malformed);
        }
        let mut authorities = self.authorities.clone();
        for certificate in certificates {
            self.check_authority(&certificate)?;
            if !authorities.contains(&certificate) {
                authorities.push(certificate);
            }
        }
        if authorities.len() > TRUSTED_MAX {
            return Err(TrustError::TooMany);
        }
        self.authorities = authorities;
        Ok(())
    }

    fn check_authority(&self, certificate: &X509) -> Result<(), TrustError> {
        if !extensions::is_authority(certificate) || !signature_is_right_if_self_issued(certificate) {
            return Err(TrustError::NotARoot);
        }
        if is_for_tests(certificate.subject_name()) && !self.takes_test_cards {
            return Err(TrustError::TestRoot);
        }
        Ok(())
    }
}

/// An authority below another can't be checked here: trusting it is the administrator's word.
fn signature_is_right_if_self_issued(certificate: &X509) -> bool {
    let self_issued = quietly(|| certificate.subject_name().try_cmp(certificate.issuer_name()));
    match self_issued {
        Some(order) if order.is_eq() => {
            quietly(|| certificate.verify(&*certificate.public_key()?)) == Some(true)
        }
        Some(_) => true,
        None => false,
    }
}

fn is_for_tests(name: &X509NameRef) -> bool {
    name.entries().any(|entry| {
        let value = String::from_utf8_lossy(entry.data().as_slice());
        TEST_MARKS.iter().any(|mark| value.contains(mark))
    })
}

/// The common name, else what there is.
fn common_name(name: &X509NameRef) -> String {
    let common_name = name.entries_by_nid(openssl::nid::Nid::COMMONNAME).next();
    let entry = common_name.or_else(|| name.entries().next());
    entry.map(|entry| String::from_utf8_lossy(entry.data().as_slice()).into_owned()).unwrap_or_default()
}

/// The day in UTC; the first or the last that a calendar can say where OpenSSL knows none.
fn day_of(time: &Asn1TimeRef) -> Date {
    let days = quietly(|| Ok(Asn1Time::from_unix(0)?.diff(time)?.days)).unwrap_or_default();
    date(1970, 1, 1).saturating_add(i64::from(days).days())
}

#[cfg(test)]
mod tests;
