//! X.509 certificates of document signers and country signing authorities (Doc 9303-12; RFC 5280).

use super::algorithms::{Hash, Scheme, is_admitted};
use super::country::is_one;
use super::der::{
    CONTEXT_0, CONTEXT_3, Element, Elements, GENERALIZED_TIME, INTEGER, NotDer, OBJECT_IDENTIFIER,
    OCTET_STRING, PRINTABLE_STRING, SEQUENCE, SET,
};
use super::oids;
use super::signed_data::same_name;
use super::time::{Period, moment_of, moment_of_element};
use crate::quietly::quietly;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Public};
use openssl::x509::{X509, X509KeyUsage, X509NameRef, X509Ref};
use std::fmt;

/// Longest certificate: an RSA key and signature of 8,192 bits, and many extensions.
pub(crate) const CERTIFICATE_BYTES_MAX: usize = 16 << 10;
/// Most extensions of one certificate.
const EXTENSIONS_MAX: usize = 40;
/// Most types in a documentTypeList, and most purposes in an extKeyUsage.
const LIST_MAX: usize = 32;
/// Both ends of PrivateKeyUsagePeriod, `[0]` and `[1] IMPLICIT GeneralizedTime`.
const NOT_BEFORE: u8 = 0x80;
const NOT_AFTER: u8 = 0x81;
const BOOLEAN: u8 = 0x01;

/// A certificate, and what its extensions say.
#[derive(Clone)]
pub(crate) struct Certificate {
    x509: X509,
    serial: Vec<u8>,
    scheme: Option<Scheme>,
    validity: Period,
    /// When the key signs, which is for a part of the validity only.
    key_in_use: Period,
    is_authority: bool,
    purposes: Option<Vec<Vec<u8>>>,
    document_types: Option<Vec<String>>,
    /// Whether each extension is there once, and each critical one is known here.
    is_understood: bool,
}

impl Certificate {
    /// A certificate in DER that OpenSSL takes, with extensions that are well-formed.
    pub(crate) fn from_der(der: &[u8]) -> Option<Self> {
        if der.len() > CERTIFICATE_BYTES_MAX {
            return None;
        }
        let x509 = quietly(|| X509::from_der(der))?;
        Self::read(der, x509).ok()
    }

    fn read(der: &[u8], x509: X509) -> Result<Self, NotDer> {
        let mut parts = Element::only(der, SEQUENCE)?.children();
        let mut body = parts.take(SEQUENCE)?.children();
        let scheme = Scheme::from_algorithm(&parts.take(SEQUENCE)?, None)?;
        body.take_if(CONTEXT_0)?;
        let serial = body.take(INTEGER)?.value.to_vec();
        let mut extensions = None;
        while body.peek().is_some() {
            let element = body.take_any()?;
            if element.tag == CONTEXT_3 {
                extensions = Some(Element::only(element.value, SEQUENCE)?);
            }
        }
        let validity = Period {
            from: moment_of(x509.not_before()).ok_or(NotDer)?,
            until: moment_of(x509.not_after()).ok_or(NotDer)?,
        };
        let mut certificate = Self {
            x509,
            serial,
            scheme,
            validity,
            key_in_use: validity,
            is_authority: false,
            purposes: None,
            document_types: None,
            is_understood: true,
        };
        let mut names = Vec::new();
        if let Some(extensions) = extensions {
            for extension in extensions.children().all(SEQUENCE, EXTENSIONS_MAX)? {
                let name = certificate.read_extension(extension.children())?;
                certificate.is_understood &= !names.contains(&name);
                names.push(name);
            }
        }
        Ok(certificate)
    }

    /// Reads one, gives its name.
    fn read_extension<'a>(&mut self, mut parts: Elements<'a>) -> Result<&'a [u8], NotDer> {
        let name = parts.take(OBJECT_IDENTIFIER)?.value;
        let is_critical = parts.take_if(BOOLEAN)?.is_some_and(|boolean| boolean.value != [0x00]);
        self.is_understood &= !is_critical || oids::KNOWN_EXTENSIONS.contains(&name);
        let value = parts.take(OCTET_STRING)?.value;
        parts.end()?;
        if name == oids::BASIC_CONSTRAINTS {
            let boolean = Element::only(value, SEQUENCE)?.children().take_if(BOOLEAN)?;
            self.is_authority = boolean.is_some_and(|boolean| boolean.value == [0xFF]);
        } else if name == oids::EXTENDED_KEY_USAGE {
            let purposes = Element::only(value, SEQUENCE)?.children().all(OBJECT_IDENTIFIER, LIST_MAX)?;
            self.purposes = Some(purposes.iter().map(|purpose| purpose.value.to_vec()).collect());
        } else if name == oids::DOCUMENT_TYPE_LIST {
            self.document_types = Some(document_types(value)?);
        } else if name == oids::PRIVATE_KEY_USAGE_PERIOD {
            // Old and informative: what can't be read of it says nothing.
            self.key_in_use = private_key_usage(value, self.validity).unwrap_or(self.validity);
        }
        Ok(name)
    }

    pub(crate) fn x509(&self) -> &X509Ref {
        &self.x509
    }

    /// The serial number as it is written.
    pub(crate) fn serial(&self) -> &[u8] {
        &self.serial
    }

    /// Whether its signature is of a kind that was still good when it was made, which is when its validity begins.
    pub(crate) fn has_admitted_signature(&self) -> bool {
        let issued = Period { until: self.validity.from, ..self.validity };
        self.scheme.is_some_and(|it| it.hash() != Hash::Sha1 || issued.is_of_sha1_times())
    }

    pub(crate) fn validity(&self) -> Period {
        self.validity
    }

    /// When its key may sign.
    pub(crate) fn key_in_use(&self) -> Period {
        self.key_in_use
    }

    /// The key, if we take such keys.
    pub(crate) fn key(&self) -> Option<PKey<Public>> {
        quietly(|| self.x509.public_key()).filter(|key| is_admitted(key))
    }

    /// The key's identifier.
    pub(crate) fn key_identifier(&self) -> Option<&[u8]> {
        self.x509.subject_key_id().map(|identifier| identifier.as_slice())
    }

    /// The identifier of the key that has signed it.
    pub(crate) fn authority_key_identifier(&self) -> Option<&[u8]> {
        self.x509.authority_key_id().map(|identifier| identifier.as_slice())
    }

    /// Whether it may sign certificates: basicConstraints say so, and keyUsage, where there is one.
    pub(crate) fn is_authority(&self) -> bool {
        self.is_authority && self.may(X509KeyUsage::KEY_CERT_SIGN)
    }

    /// Whether it may sign documents: it is no authority, keyUsage, where there is one, says signatures, and no
    /// extKeyUsage reserves it for something else, such as master lists (Doc 9303-12). A certificate with an
    /// extension twice, or a critical one that isn't known here, is for nothing (RFC 5280, 4.2).
    ///
    /// Doc 9303-12 makes keyUsage compulsory, and early signers lack it all the same. They are taken: without it a
    /// key is for everything (RFC 5280, 4.2.1.3), and what else an authority signs says so by extKeyUsage, or is an
    /// authority.
    pub(crate) fn is_document_signer(&self) -> bool {
        !self.is_authority
            && self.is_understood
            && self.purposes.is_none()
            && self.may(X509KeyUsage::DIGITAL_SIGNATURE)
    }

    /// Whether it may sign data, and extKeyUsage names this purpose.
    pub(crate) fn is_signer_for(&self, purpose: &[u8]) -> bool {
        let named = self.purposes.as_ref().is_some_and(|all| all.iter().any(|one| one == purpose));
        !self.is_authority && self.is_understood && named && self.may(X509KeyUsage::DIGITAL_SIGNATURE)
    }

    /// Whether this authority's key has signed it. Names aren't compared.
    pub(crate) fn is_signed_by(&self, authority: &Self) -> bool {
        authority.key().is_some_and(|key| quietly(|| self.x509.verify(&key)) == Some(true))
    }

    /// Whether this is the issuer that the certificate names, and its key has signed it.
    pub(crate) fn has_issued(&self, certificate: &Self) -> bool {
        same_name(self.x509.subject_name(), certificate.x509.issuer_name()) && certificate.is_signed_by(self)
    }

    /// Whether subject and issuer have one name.
    pub(crate) fn is_self_issued(&self) -> bool {
        same_name(self.x509.subject_name(), self.x509.issuer_name())
    }

    /// Whether it stays within the country of its issuer, as every certificate below a country signing authority
    /// does (Doc 9303-12): both names have one, the same.
    pub(crate) fn is_within_one_country(&self) -> bool {
        let countries = country(self.x509.subject_name()).zip(country(self.x509.issuer_name()));
        self.is_self_issued() || countries.is_some_and(|(own, issuer)| is_one(&own, &issuer))
    }

    /// Whether it names its own key as the one that has signed it.
    pub(crate) fn names_own_key_as_issuer(&self) -> bool {
        let own = self.key_identifier();
        self.authority_key_identifier().is_none_or(|named| Some(named) == own)
    }

    /// The documents that it may sign, as the zone names them; `None` where it doesn't say.
    pub(crate) fn document_types(&self) -> Option<&[String]> {
        self.document_types.as_deref()
    }

    /// The country of the subject, in capitals; of its issuer, if the subject has none.
    pub(crate) fn country(&self) -> Option<String> {
        country(self.x509.subject_name()).or_else(|| country(self.x509.issuer_name()))
    }

    fn may(&self, usage: X509KeyUsage) -> bool {
        quietly(|| Ok(self.x509.key_usage())).flatten().is_none_or(|all| all.contains(usage))
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.x509 == other.x509
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Certificate(…)")
    }
}

fn country(name: &X509NameRef) -> Option<String> {
    let entry = name.entries_by_nid(Nid::COUNTRYNAME).next()?;
    let text = std::str::from_utf8(entry.data().as_slice()).ok()?;
    let fits = (1..=3).contains(&text.len()) && text.bytes().all(|letter| letter.is_ascii_alphabetic());
    fits.then(|| text.to_ascii_uppercase())
}

fn private_key_usage(value: &[u8], validity: Period) -> Result<Period, NotDer> {
    let mut ends = Element::only(value, SEQUENCE)?.children();
    let mut end = |tag| {
        let time = ends.take_if(tag)?.map(|time| Element { tag: GENERALIZED_TIME, ..time });
        time.map(|time| moment_of_element(&time).ok_or(NotDer)).transpose()
    };
    let (from, until) = (end(NOT_BEFORE)?, end(NOT_AFTER)?);
    Ok(Period { from: from.unwrap_or(validity.from), until: until.unwrap_or(validity.until) })
}

/// DocumentTypeListSyntax: a version and a set of codes (Doc 9303-12); German signers have the set alone.
fn document_types(value: &[u8]) -> Result<Vec<String>, NotDer> {
    let mut outer = Elements(value);
    let mut inner = outer.clone();
    if let Some(sequence) = outer.take_if(SEQUENCE)? {
        outer.end()?;
        inner = sequence.children();
        inner.take(INTEGER)?;
    }
    let set = inner.take(SET)?;
    inner.end()?;
    let codes = set.children().all(PRINTABLE_STRING, LIST_MAX)?;
    Ok(codes.iter().map(|code| String::from_utf8_lossy(code.value).into_owned()).collect())
}
