//! Country signing authorities, document signers and what they sign, made for a test by OpenSSL and an encoder of its
//! own.

mod cms;
mod keys;
mod lists;

pub(crate) use cms::{Cms, Identifier, security_object};
pub(crate) use keys::{Curve, Key, algorithm_identifier};
pub(crate) use lists::{RevocationDraft, defect_list, master_list};

use crate::passive::algorithms::{Hash, Scheme};
use crate::passive::der::{CONTEXT_0, Element, INTEGER, SEQUENCE};
use jiff::civil::{Date, date};
use openssl::asn1::{Asn1Object, Asn1OctetString, Asn1Time};
use openssl::bn::BigNum;
use openssl::hash::MessageDigest;
use openssl::x509::extension::{AuthorityKeyIdentifier, BasicConstraints, KeyUsage, SubjectKeyIdentifier};
use openssl::x509::{X509, X509Builder, X509Extension, X509Name, X509NameRef};
use smartcard::tlv::{Tag, write};

/// The day of the tests.
pub(crate) const TODAY: Date = date(2026, 11, 22);
/// When the documents of the tests are signed, and when they expire.
pub(crate) const SIGNED: Date = date(2023, 4, 12);
pub(crate) const EXPIRY: Date = date(2033, 4, 11);

/// A certificate before it is signed.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) subject: Vec<(&'static str, &'static str)>,
    pub(crate) serial: u32,
    pub(crate) key: Key,
    pub(crate) authority: bool,
    pub(crate) usage: Option<Usage>,
    pub(crate) purposes: Vec<&'static str>,
    /// The value of documentTypeList.
    pub(crate) document_types: Option<Vec<u8>>,
    pub(crate) with_key_identifiers: bool,
    /// Name, whether critical, and value.
    pub(crate) more_extensions: Vec<(&'static str, bool, Vec<u8>)>,
    pub(crate) from: Date,
    pub(crate) until: Date,
}

#[derive(Clone, Copy)]
pub(crate) enum Usage {
    Certificates,
    Signatures,
    Encryption,
}

/// A certificate and its key.
#[derive(Clone)]
pub(crate) struct Issued {
    pub(crate) x509: X509,
    pub(crate) key: Key,
}

impl Draft {
    /// The authority of Utopia.
    pub(crate) fn authority(key: &Key) -> Self {
        Self {
            subject: vec![("C", "UT"), ("O", "Utopia"), ("CN", "Country Signing Authority")],
            serial: 1,
            key: key.clone(),
            authority: true,
            usage: Some(Usage::Certificates),
            purposes: Vec::new(),
            document_types: None,
            with_key_identifiers: true,
            more_extensions: Vec::new(),
            from: date(2022, 1, 1),
            until: date(2037, 6, 30),
        }
    }

    /// Its signer of passports.
    pub(crate) fn signer(key: &Key) -> Self {
        Self {
            subject: vec![("C", "UT"), ("O", "Utopia"), ("CN", "Document Signer")],
            serial: 4_711,
            authority: false,
            usage: Some(Usage::Signatures),
            document_types: Some(document_types(&["P"])),
            from: date(2023, 3, 1),
            until: date(2033, 8, 31),
            ..Self::authority(key)
        }
    }

    /// A signer of lists, for this purpose.
    pub(crate) fn list_signer(key: &Key, purpose: &'static str) -> Self {
        Self {
            subject: vec![("C", "UT"), ("O", "Utopia"), ("CN", "List Signer")],
            serial: 99,
            purposes: vec![purpose],
            document_types: None,
            from: date(2026, 1, 1),
            until: date(2027, 12, 31),
            ..Self::signer(key)
        }
    }

    pub(crate) fn self_signed(&self) -> Issued {
        self.issue(&name(&self.subject), None, &self.key, self.key.scheme())
    }

    pub(crate) fn issued_by(&self, issuer: &Issued) -> Issued {
        self.issued_with(issuer, issuer.key.scheme())
    }

    pub(crate) fn issued_with(&self, issuer: &Issued, scheme: Scheme) -> Issued {
        self.issue(issuer.x509.subject_name(), Some(&issuer.x509), &issuer.key, scheme)
    }

    fn issue(&self, issuer: &X509NameRef, issuer_x509: Option<&X509>, key: &Key, scheme: Scheme) -> Issued {
        let mut builder = X509Builder::new().unwrap();
        builder.set_version(2).unwrap();
        builder
            .set_serial_number(&BigNum::from_u32(self.serial).unwrap().to_asn1_integer().unwrap())
            .unwrap();
        builder.set_subject_name(&name(&self.subject)).unwrap();
        builder.set_issuer_name(issuer).unwrap();
        builder.set_pubkey(&self.key.0).unwrap();
        builder.set_not_before(&midnight(self.from)).unwrap();
        builder.set_not_after(&midnight(self.until)).unwrap();
        let mut constraints = BasicConstraints::new();
        if self.authority {
            constraints.critical().ca().pathlen(0);
        }
        builder.append_extension(constraints.build().unwrap()).unwrap();
        let mut usage = KeyUsage::new();
        match self.usage {
            Some(Usage::Certificates) => drop(usage.critical().key_cert_sign().crl_sign()),
            Some(Usage::Signatures) => drop(usage.critical().digital_signature()),
            Some(Usage::Encryption) => drop(usage.critical().key_encipherment()),
            None => {}
        }
        if self.usage.is_some() {
            builder.append_extension(usage.build().unwrap()).unwrap();
        }
        if self.with_key_identifiers {
            let own = SubjectKeyIdentifier::new().build(&builder.x509v3_context(None, None)).unwrap();
            builder.append_extension(own).unwrap();
            if let Some(issuer) = issuer_x509 {
                let context = builder.x509v3_context(Some(issuer), None);
                let of_issuer = AuthorityKeyIdentifier::new().keyid(true).build(&context).unwrap();
                builder.append_extension(of_issuer).unwrap();
            }
        }
        if !self.purposes.is_empty() {
            let purposes: Vec<_> = self.purposes.iter().flat_map(|it| der(0x06, &[&oid(it)])).collect();
            builder.append_extension(extension("2.5.29.37", false, &der(0x30, &[&purposes]))).unwrap();
        }
        if let Some(types) = &self.document_types {
            builder.append_extension(extension("2.23.136.1.1.6.2", false, types)).unwrap();
        }
        for (name, critical, value) in &self.more_extensions {
            builder.append_extension(extension(name, *critical, value)).unwrap();
        }
        builder.sign(&key.0, MessageDigest::sha256()).unwrap();
        let x509 = signed_again(&builder.build().to_der().unwrap(), key, scheme);
        Issued { x509, key: self.key.clone() }
    }
}

impl Issued {
    pub(crate) fn der(&self) -> Vec<u8> {
        self.x509.to_der().unwrap()
    }
}

/// The same certificate under another scheme, which OpenSSL's builder doesn't know.
fn signed_again(certificate: &[u8], key: &Key, scheme: Scheme) -> X509 {
    let outer = Element::only(certificate, SEQUENCE).unwrap();
    let mut body = outer.children().take(SEQUENCE).unwrap().children();
    let version = body.take(CONTEXT_0).unwrap().encoded;
    let serial = body.take(INTEGER).unwrap().encoded;
    body.take(SEQUENCE).unwrap();
    let algorithm = algorithm_identifier(scheme);
    let body = der(0x30, &[version, serial, &algorithm, body.0]);
    let signature = [&[0x00], &key.sign(scheme, &body)[..]].concat();
    X509::from_der(&der(0x30, &[&body, &algorithm, &der(0x03, &[&signature])])).unwrap()
}

/// DocumentTypeListSyntax with these codes.
pub(crate) fn document_types(codes: &[&str]) -> Vec<u8> {
    let codes: Vec<_> = codes.iter().flat_map(|code| der(0x13, &[code.as_bytes()])).collect();
    der(0x30, &[&der(0x02, &[&[0]]), &der(0x31, &[&codes])])
}

/// An element with these contents, one behind the other.
pub(crate) fn der(tag: u8, contents: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::new();
    write(&mut out, Tag(u32::from(tag)), &contents.concat());
    out
}

/// The contents of an object identifier.
pub(crate) fn oid(text: &str) -> Vec<u8> {
    Asn1Object::from_str(text).unwrap().as_slice().to_vec()
}

fn name(entries: &[(&str, &str)]) -> X509Name {
    let mut builder = X509Name::builder().unwrap();
    for (field, value) in entries {
        builder.append_entry_by_text(field, value).unwrap();
    }
    builder.build()
}

fn midnight(day: Date) -> Asn1Time {
    Asn1Time::from_str_x509(&day.strftime("%Y%m%d000000Z").to_string()).unwrap()
}

fn extension(identifier: &str, critical: bool, value: &[u8]) -> X509Extension {
    let identifier = Asn1Object::from_str(identifier).unwrap();
    let value = Asn1OctetString::new_from_bytes(value).unwrap();
    X509Extension::new_from_der(&identifier, critical, &value).unwrap()
}

/// The name of a hash.
pub(crate) fn hash_oid(hash: Hash) -> Vec<u8> {
    oid(match hash {
        Hash::Sha1 => "1.3.14.3.2.26",
        Hash::Sha224 => "2.16.840.1.101.3.4.2.4",
        Hash::Sha256 => "2.16.840.1.101.3.4.2.1",
        Hash::Sha384 => "2.16.840.1.101.3.4.2.2",
        Hash::Sha512 => "2.16.840.1.101.3.4.2.3",
    })
}
