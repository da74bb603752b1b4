//! What the extensions of an X.509 certificate say that OpenSSL's Rust interface doesn't give (RFC 5280, 4.2; Common
//! PKI for the admission).

use crate::quietly::quietly;
use openssl::x509::{X509KeyUsage, X509Ref};
use smartcard::tlv::{Reader, Tag, Tlv, find};

const SEQUENCE: Tag = Tag(0x30);
const BOOLEAN: Tag = Tag(0x01);
const OCTET_STRING: Tag = Tag(0x04);
const OBJECT_IDENTIFIER: Tag = Tag(0x06);
/// The extensions in the certificate's body: `[3] EXPLICIT`.
const EXTENSIONS: Tag = Tag(0xA3);

/// id-ce-basicConstraints, 2.5.29.19.
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1D, 0x13];
/// id-ce-certificatePolicies, 2.5.29.32.
const CERTIFICATE_POLICIES: &[u8] = &[0x55, 0x1D, 0x20];
/// id-commonpki-at-admission, 1.3.36.8.3.3.
const ADMISSION: &[u8] = &[0x2B, 0x24, 0x08, 0x03, 0x03];
/// oid_egk_aut, 1.2.276.0.76.4.70 (gemSpec_OID): a C.CH.AUT of a health card.
const EGK_AUT: &[u8] = &[0x2A, 0x82, 0x14, 0x00, 0x4C, 0x04, 0x46];
/// oid_versicherter, 1.2.276.0.76.4.49 (gemSpec_OID): the holder is an insured person.
const INSURED_PERSON: &[u8] = &[0x2A, 0x82, 0x14, 0x00, 0x4C, 0x04, 0x31];

/// Whether the certificate may sign others: basicConstraints say so, and keyUsage, where there is one.
pub(crate) fn is_authority(certificate: &X509Ref) -> bool {
    let signs = key_usage(certificate).is_none_or(|usage| usage.contains(X509KeyUsage::KEY_CERT_SIGN));
    signs && says_authority(certificate)
}

/// Whether the certificate is one for an insured person's authentication (gemSpec_PKI, C.CH.AUT): keyUsage
/// digitalSignature, the policy oid_egk_aut, and, where there is an admission, the profession of an insured person. It
/// is none that signs others.
pub(super) fn is_cardholder_authentication(certificate: &X509Ref) -> bool {
    let signs = key_usage(certificate).is_some_and(|usage| usage.contains(X509KeyUsage::DIGITAL_SIGNATURE));
    let policy = extension(certificate, CERTIFICATE_POLICIES).is_some_and(|value| names_policy(&value));
    let admitted =
        extension(certificate, ADMISSION).is_none_or(|value| holds_identifier(&value, INSURED_PERSON));
    signs && policy && admitted && !says_authority(certificate)
}

/// What the key may be used for; nothing where the extensions are malformed, `None` where they don't say.
fn key_usage(certificate: &X509Ref) -> Option<X509KeyUsage> {
    quietly(|| Ok(certificate.key_usage())).flatten()
}

fn says_authority(certificate: &X509Ref) -> bool {
    extension(certificate, BASIC_CONSTRAINTS).is_some_and(|value| {
        let boolean = find(&value, &[SEQUENCE, BOOLEAN]);
        boolean.is_ok_and(|boolean| boolean.is_some_and(|boolean| boolean.value() == [0xFF]))
    })
}

/// The value of the extension with this identifier. Extensions that occur twice are OpenSSL's to refuse.
fn extension(certificate: &X509Ref, identifier: &[u8]) -> Option<Vec<u8>> {
    let der = quietly(|| certificate.to_der())?;
    let extensions = find(&der, &[SEQUENCE, SEQUENCE, EXTENSIONS, SEQUENCE]).ok()??;
    let mut children = extensions.children().map_while(Result::ok);
    let found = children.find(|extension| first(extension).is_some_and(|first| is(&first, identifier)))?;
    Some(found.children().find_tag(OCTET_STRING).ok()??.value().to_vec())
}

fn names_policy(value: &[u8]) -> bool {
    let Ok(Some(policies)) = find(value, &[SEQUENCE]) else { return false };
    let mut policies = policies.children().map_while(Result::ok);
    policies.any(|policy| first(&policy).is_some_and(|first| is(&first, EGK_AUT)))
}

/// Whether the identifier occurs at any depth; the reader ends at its own.
fn holds_identifier(value: &[u8], identifier: &[u8]) -> bool {
    fn within(objects: Reader<'_>, identifier: &[u8]) -> bool {
        objects.map_while(Result::ok).any(|object| {
            is(&object, identifier) || object.tag().is_constructed() && within(object.children(), identifier)
        })
    }
    within(Reader::new(value), identifier)
}

fn first<'a>(object: &Tlv<'a>) -> Option<Tlv<'a>> {
    object.children().next()?.ok()
}

fn is(object: &Tlv<'_>, identifier: &[u8]) -> bool {
    object.tag() == OBJECT_IDENTIFIER && object.value() == identifier
}
