//! X.509 certificates of travel documents (ICAO Doc 9303-12, 7.1), written byte by byte, so that all that is
//! found in the world can be written.

use jiff::civil::{DateTime, time};

use super::{
    der::{
        bits, context, generalized, integer, octets, oid, printable, sequence, set_of, time as moment,
        unsigned, utf8,
    },
    keys::{SigningKey, serial},
    scheme::Scheme,
};
use crate::{pki::Validity, tlv::tlv};

/// A distinguished name: country, organisation and common name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Name<'a> {
    /// ISO 3166-1 alpha-2.
    pub(crate) country: &'a str,
    pub(crate) common: &'a str,
}

/// What a certificate says, without signature.
#[derive(Debug, Clone)]
pub(crate) struct Template<'a> {
    pub(crate) issuer: Name<'a>,
    pub(crate) subject: Name<'a>,
    /// What the serial number follows from.
    pub(crate) serial: &'a str,
    pub(crate) validity: Validity,
    pub(crate) key: &'a SigningKey,
    pub(crate) extensions: Vec<Vec<u8>>,
}

impl Name<'_> {
    /// RDNSequence.
    pub(crate) fn der(&self) -> Vec<u8> {
        let part = |kind: &str, value: Vec<u8>| set_of(vec![sequence(&[oid(kind), value])]);
        sequence(&[
            part("2.5.4.6", printable(self.country)),
            part("2.5.4.10", utf8("Birds NOT-VALID")),
            part("2.5.4.3", utf8(self.common)),
        ])
    }
}

impl Template<'_> {
    /// The certificate by this key.
    pub(crate) fn signed(&self, key: &SigningKey, scheme: Scheme) -> Vec<u8> {
        let mut extensions = vec![key_identifier(self.key), authority_key_identifier(key)];
        extensions.extend(self.extensions.iter().cloned());
        let body = sequence(&[
            // Version 3.
            context(0, &integer(2)),
            unsigned(&serial(self.serial)),
            scheme.identifier(),
            self.issuer.der(),
            sequence(&[moment(start(self.validity)), moment(end(self.validity))]),
            self.subject.der(),
            self.key.public_key_info().to_vec(),
            context(3, &sequence(&extensions)),
        ]);
        signed(body, key, scheme)
    }
}

/// Something to be signed, the scheme and the signature, as certificates and revocation lists are.
pub(crate) fn signed(body: Vec<u8>, key: &SigningKey, scheme: Scheme) -> Vec<u8> {
    let signature = bits(&key.sign(scheme, &body));
    sequence(&[body, scheme.identifier(), signature])
}

/// IssuerAndSerialNumber (RFC 5652, 10.2.4).
pub(crate) fn issuer_and_serial(issuer: Name<'_>, name: &str) -> Vec<u8> {
    sequence(&[issuer.der(), unsigned(&serial(name))])
}

/// Its first second.
fn start(validity: Validity) -> DateTime {
    validity.from.to_datetime(time(0, 0, 0, 0))
}

/// Its last second.
fn end(validity: Validity) -> DateTime {
    validity.to.to_datetime(time(23, 59, 59, 0))
}

fn extension(kind: &str, critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { tlv(0x01, &[0xFF]) } else { Vec::new() };
    sequence(&[oid(kind), critical, octets(value)])
}

fn key_identifier(key: &SigningKey) -> Vec<u8> {
    extension("2.5.29.14", false, &octets(&key.identifier()))
}

/// AuthorityKeyIdentifier with the key identifier alone.
pub(crate) fn authority_key_identifier(key: &SigningKey) -> Vec<u8> {
    extension("2.5.29.35", false, &sequence(&[tlv(0x80, &key.identifier())]))
}

/// KeyUsage: keyCertSign and cRLSign.
pub(crate) fn may_certify() -> Vec<u8> {
    extension("2.5.29.15", true, &[0x03, 0x02, 0x01, 0x06])
}

/// KeyUsage: digitalSignature.
pub(crate) fn may_sign() -> Vec<u8> {
    extension("2.5.29.15", true, &[0x03, 0x02, 0x07, 0x80])
}

/// BasicConstraints: an authority above document signers only.
pub(crate) fn authority() -> Vec<u8> {
    extension("2.5.29.19", true, &sequence(&[tlv(0x01, &[0xFF]), integer(0)]))
}

/// ExtKeyUsage with one purpose.
pub(crate) fn purpose(kind: &str) -> Vec<u8> {
    extension("2.5.29.37", true, &sequence(&[oid(kind)]))
}

/// PrivateKeyUsagePeriod (RFC 3280, 4.2.1.4).
pub(crate) fn usage_period(period: Validity) -> Vec<u8> {
    let part = |tag, moment| tlv(tag, generalized(moment).as_bytes());
    extension("2.5.29.16", false, &sequence(&[part(0x80, start(period)), part(0x81, end(period))]))
}

/// SubjectAltName and IssuerAltName: the state by its code in machine-readable zones (Doc 9303-12, 7.1.1.2).
pub(crate) fn state_names(code: &str) -> [Vec<u8>; 2] {
    let name = sequence(&[set_of(vec![sequence(&[oid("2.5.4.7"), printable(code)])])]);
    let names = sequence(&[context(4, &name)]);
    [extension("2.5.29.17", false, &names), extension("2.5.29.18", false, &names)]
}

/// CRLDistributionPoints, at a place that nobody has.
pub(crate) fn revocation_list_at(country: &str) -> Vec<u8> {
    let place = tlv(0x86, format!("http://csca.birds.invalid/{country}.crl").as_bytes());
    let point = sequence(&[context(0, &context(0, &place))]);
    extension("2.5.29.31", false, &sequence(&[point]))
}

/// DocumentTypeList: which documents a signer signs, by the letters at the start of their zones (Doc 9303-12,
/// 7.1.1.6).
pub(crate) fn document_types(codes: &[&str]) -> Vec<u8> {
    let codes = codes.iter().map(|code| printable(code)).collect();
    extension("2.23.136.1.1.6.2", false, &sequence(&[integer(0), set_of(codes)]))
}

/// CRLNumber.
pub(crate) fn list_number(number: u8) -> Vec<u8> {
    extension("2.5.29.20", false, &integer(number))
}
