//! CMS SignedData (RFC 5652) as EF.SOD, EF.CardSecurity, master lists and defect lists are: one signer, signed
//! attributes.

use super::algorithms::{Hash, Scheme};
use super::ber::to_definite;
use super::certificate::Certificate;
use super::der::{
    CONTEXT_0, CONTEXT_0_PRIMITIVE, CONTEXT_1, Element, INTEGER, NotDer, OBJECT_IDENTIFIER, OCTET_STRING,
    SEQUENCE, SET,
};
use super::oids;
use super::time::moment_of_element;
use crate::quietly::quietly;
use crate::verdict::{Reason, Verdict};
use jiff::Timestamp;
use openssl::x509::{X509Name, X509NameRef};
use smartcard::tlv::{Tag, write};
use zeroize::Zeroizing;

/// Most certificates beside the content: a signer's, and in a master list those above it.
const CERTIFICATES_MAX: usize = 16;
/// Most signers; the first one counts. Doc 9303-10 recommends one.
const SIGNERS_MAX: usize = 4;
/// Most signed attributes: three are known here, and issuers add few.
const ATTRIBUTES_MAX: usize = 16;

/// What was signed, by whom, and how.
pub(crate) struct SignedData {
    pub(crate) content_type: Vec<u8>,
    /// Wiped on drop, as all that is derived from it: it would recognize a document.
    pub(crate) content: Zeroizing<Vec<u8>>,
    pub(crate) certificates: Vec<Certificate>,
    signer: Signer,
}

/// SignerInfo.
struct Signer {
    identifier: SignerIdentifier,
    /// Of the content, as the attribute messageDigest has it.
    hash: Option<Hash>,
    scheme: Option<Scheme>,
    attributes: Option<SignedAttributes>,
    signature: Zeroizing<Vec<u8>>,
}

/// SignerIdentifier: a certificate, told by one of two names.
pub(crate) enum SignerIdentifier {
    IssuerAndSerial { issuer: X509Name, serial: Vec<u8> },
    KeyIdentifier(Vec<u8>),
}

struct SignedAttributes {
    /// As they are signed: SET OF in DER.
    signed: Zeroizing<Vec<u8>>,
    content_type: Option<Vec<u8>>,
    message_digest: Option<Zeroizing<Vec<u8>>>,
    signing_time: Option<Timestamp>,
}

impl SignedData {
    /// Reads a ContentInfo in DER, or in BER as far as [`to_definite`] makes DER of it. Of the certificates, those
    /// that OpenSSL doesn't know are left out.
    pub(crate) fn parse(content_info: &[u8]) -> Result<Self, NotDer> {
        Self::parse_der(content_info).or_else(|_| Self::parse_der(&to_definite(content_info)?))
    }

    fn parse_der(content_info: &[u8]) -> Result<Self, NotDer> {
        let mut parts = Element::only(content_info, SEQUENCE)?.children();
        if parts.take(OBJECT_IDENTIFIER)?.value != oids::SIGNED_DATA {
            return Err(NotDer);
        }
        let explicit = parts.take(CONTEXT_0)?;
        parts.end()?;

        let mut parts = Element::only(explicit.value, SEQUENCE)?.children();
        parts.take(INTEGER)?;
        parts.take(SET)?;
        let mut encapsulated = parts.take(SEQUENCE)?.children();
        let content_type = encapsulated.take(OBJECT_IDENTIFIER)?.value.to_vec();
        let content = Element::only(encapsulated.take(CONTEXT_0)?.value, OCTET_STRING)?.value;
        let content = Zeroizing::new(content.to_vec());
        encapsulated.end()?;

        let certificates = parts.take_if(CONTEXT_0)?;
        parts.take_if(CONTEXT_1)?;
        let signers = parts.take(SET)?.children().all(SEQUENCE, SIGNERS_MAX)?;
        parts.end()?;
        Ok(Self {
            content_type,
            content,
            certificates: certificates.map(|set| read_certificates(&set)).transpose()?.unwrap_or_default(),
            signer: Signer::parse(signers.first().ok_or(NotDer)?)?,
        })
    }

    /// The signer's certificate, if it is there.
    pub(crate) fn signer(&self) -> Option<&Certificate> {
        let named = self.certificates.iter().find(|certificate| self.signer.identifier.is_of(certificate));
        // Some issuers write the name otherwise than their certificates have it. Who is named isn't signed; the
        // signature decides.
        named.or_else(|| match (&self.signer.identifier, self.certificates.as_slice()) {
            (SignerIdentifier::IssuerAndSerial { serial, .. }, [only]) => {
                Some(only).filter(|only| *serial == only.serial())
            }
            _ => None,
        })
    }

    /// The signed attribute signingTime.
    pub(crate) fn signing_time(&self) -> Option<Timestamp> {
        self.signer.attributes.as_ref()?.signing_time
    }

    /// Whether the signature would fall with SHA-1.
    pub(crate) fn rests_on_sha1(&self) -> bool {
        let scheme = self.signer.scheme.map(Scheme::hash);
        [self.signer.hash, scheme].contains(&Some(Hash::Sha1))
    }

    /// Whether this signer has signed the content, its type and its hash. Signed attributes are compulsory for every
    /// type but id-data (RFC 5652, 5.3).
    pub(crate) fn verdict(&self, signer: &Certificate) -> Verdict {
        let (Some(hash), Some(scheme)) = (self.signer.hash, self.signer.scheme) else {
            return Verdict::NotVerifiable(Reason::UnknownAlgorithm);
        };
        let message = match &self.signer.attributes {
            Some(attributes) => {
                if attributes.content_type.as_ref() != Some(&self.content_type)
                    || attributes.message_digest.is_none()
                {
                    return Verdict::Invalid(Reason::Malformed);
                }
                if attributes.message_digest != Some(hash.digest(&self.content).into()) {
                    return Verdict::Invalid(Reason::HashDiffers);
                }
                &attributes.signed
            }
            None if self.content_type == oids::DATA => &self.content,
            None => return Verdict::Invalid(Reason::Malformed),
        };
        let Some(key) = signer.key() else {
            return Verdict::NotVerifiable(Reason::UnknownAlgorithm);
        };
        match scheme.verify(&key, message, &self.signer.signature) {
            Ok(true) => Verdict::Valid,
            Ok(false) => Verdict::Invalid(Reason::Signature),
            Err(_) => Verdict::NotVerifiable(Reason::UnknownAlgorithm),
        }
    }
}

impl Signer {
    fn parse(signer_info: &Element<'_>) -> Result<Self, NotDer> {
        let mut parts = signer_info.children();
        parts.take(INTEGER)?;
        let identifier = SignerIdentifier::parse(&parts.take_any()?)?;
        let hash = Hash::from_algorithm(&parts.take(SEQUENCE)?)?;
        let attributes = parts.take_if(CONTEXT_0)?;
        let scheme = Scheme::from_algorithm(&parts.take(SEQUENCE)?, hash)?;
        let signature = Zeroizing::new(parts.take(OCTET_STRING)?.value.to_vec());
        parts.take_if(CONTEXT_1)?;
        parts.end()?;
        let attributes = attributes.map(|attributes| SignedAttributes::parse(&attributes)).transpose()?;
        Ok(Self { identifier, hash, scheme, attributes, signature })
    }
}

impl SignerIdentifier {
    /// IssuerAndSerialNumber, or SubjectKeyIdentifier as `[0]`.
    pub(crate) fn parse(element: &Element<'_>) -> Result<Self, NotDer> {
        match element.tag {
            SEQUENCE => {
                let mut parts = element.children();
                let name = parts.take(SEQUENCE)?.encoded;
                let serial = parts.take(INTEGER)?.value.to_vec();
                parts.end()?;
                let issuer = quietly(|| X509Name::from_der(name)).ok_or(NotDer)?;
                Ok(Self::IssuerAndSerial { issuer, serial })
            }
            CONTEXT_0_PRIMITIVE => Ok(Self::KeyIdentifier(element.value.to_vec())),
            _ => Err(NotDer),
        }
    }

    /// Whether it names this certificate; string types, case and blanks of names don't count (RFC 5280, 7.1).
    pub(crate) fn is_of(&self, certificate: &Certificate) -> bool {
        match self {
            Self::IssuerAndSerial { issuer, serial } => {
                *serial == certificate.serial() && same_name(issuer, certificate.x509().issuer_name())
            }
            Self::KeyIdentifier(identifier) => {
                certificate.x509().subject_key_id().is_some_and(|own| own.as_slice() == identifier)
            }
        }
    }
}

impl SignedAttributes {
    fn parse(implicit: &Element<'_>) -> Result<Self, NotDer> {
        // `[0] IMPLICIT` on the wire, SET OF under the signature (RFC 5652, 5.4).
        let mut signed = Zeroizing::new(Vec::with_capacity(implicit.encoded.len()));
        write(&mut signed, Tag(u32::from(SET)), implicit.value);
        let mut found = Self { signed, content_type: None, message_digest: None, signing_time: None };
        for attribute in implicit.children().all(SEQUENCE, ATTRIBUTES_MAX)? {
            let mut parts = attribute.children();
            let name = parts.take(OBJECT_IDENTIFIER)?.value;
            let values = parts.take(SET)?;
            parts.end()?;
            if name == oids::CONTENT_TYPE {
                let content_type = Element::only(values.value, OBJECT_IDENTIFIER)?;
                once(&mut found.content_type, content_type.value.to_vec())?;
            } else if name == oids::MESSAGE_DIGEST {
                let digest = Element::only(values.value, OCTET_STRING)?;
                once(&mut found.message_digest, Zeroizing::new(digest.value.to_vec()))?;
            } else if name == oids::SIGNING_TIME {
                // A time that nobody can read is none.
                let time = values.children().take_any()?;
                found.signing_time = found.signing_time.or(moment_of_element(&time));
            }
        }
        Ok(found)
    }
}

/// Whether two names are the same, however they are encoded.
pub(crate) fn same_name(one: &X509NameRef, other: &X509NameRef) -> bool {
    quietly(|| one.try_cmp(other)).is_some_and(std::cmp::Ordering::is_eq)
}

fn once<T>(place: &mut Option<T>, value: T) -> Result<(), NotDer> {
    if place.replace(value).is_some() { Err(NotDer) } else { Ok(()) }
}

/// CertificateSet: whatever isn't an X.509 certificate has another tag, and is left out.
fn read_certificates(set: &Element<'_>) -> Result<Vec<Certificate>, NotDer> {
    let mut elements = set.children();
    let mut certificates = Vec::new();
    for _ in 0..CERTIFICATES_MAX {
        if elements.peek().is_none() {
            break;
        }
        let element = elements.take_any()?;
        if element.tag == SEQUENCE {
            certificates.extend(Certificate::from_der(element.encoded));
        }
    }
    elements.end()?;
    Ok(certificates)
}
