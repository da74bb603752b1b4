//! The cardholder's certificate C.CH.AUT (gemSpec_PKI, 5.1) and the authorities above it.

use std::sync::OnceLock;

use jiff::{
    ToSpan,
    civil::{Date, time},
    tz::TimeZone,
};
use openssl::{
    asn1::{Asn1Integer, Asn1Object, Asn1OctetString, Asn1Time, Asn1Type},
    bn::BigNum,
    ec::EcKey,
    ecdsa::EcdsaSig,
    hash::MessageDigest,
    nid::Nid,
    pkey::{PKey, PKeyRef, Private, Public},
    sha::{sha1, sha256},
    x509::{X509, X509Builder, X509Extension, X509Name, X509NameBuilder},
};

use super::{Validity, brainpool, openssl_public};
use crate::{
    crypto::{
        curve::{KeyPair, Point, PrivateKey},
        sure,
    },
    persona::Persona,
    tlv::{split, tlv},
};

/// oid_egk_aut (gemSpec_OID).
const EGK_AUT: &str = "1.2.276.0.76.4.70";
/// The policy of gematik's certificates (oid_policy_gem_or_cp).
const POLICY: &str = "1.2.276.0.76.4.163";
/// oid_versicherter.
const INSURED: &str = "1.2.276.0.76.4.49";

/// Longest common name (RFC 5280, A.1).
const COMMON_NAME: usize = 64;
/// As certificates of gematik's test cards end.
const TEST_ONLY: &str = " TEST-ONLY";

/// Who signs cardholders' certificates: a name and its key.
#[derive(Debug, Clone)]
pub(crate) struct Authority {
    name: &'static str,
    key: KeyPair,
}

/// What a cardholder's certificate says; on an odd card not what the data say.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Holder<'a> {
    pub(crate) persona: &'a Persona,
    pub(crate) kvnr: &'a str,
    pub(crate) ik: &'a str,
    pub(crate) validity: Validity,
}

impl Authority {
    /// The root above the authority.
    fn root() -> &'static Self {
        static ROOT: OnceLock<Authority> = OnceLock::new();
        ROOT.get_or_init(|| Self::named("Birds Test-Root-CA TEST-ONLY"))
    }

    /// The authority of the simulator's cards.
    pub(crate) fn test() -> &'static Self {
        static TEST: OnceLock<Authority> = OnceLock::new();
        TEST.get_or_init(|| Self::named("Birds eGK-CA TEST-ONLY"))
    }

    /// Another one, which nobody trusts.
    pub(crate) fn unknown() -> &'static Self {
        static UNKNOWN: OnceLock<Authority> = OnceLock::new();
        UNKNOWN.get_or_init(|| Self::named("Unknown eGK-CA TEST-ONLY"))
    }

    fn named(name: &'static str) -> Self {
        Self { name, key: KeyPair::named(&format!("X.509 {name}")) }
    }

    /// The self-signed certificate of the root.
    pub(crate) fn root_certificate(today: Date) -> X509 {
        let root = Self::root();
        root.authority_certificate(root, Validity::years(today.saturating_sub(3.years()), 10))
    }

    /// The authority's certificate, by the root.
    pub(crate) fn certificate(&self, today: Date) -> X509 {
        self.authority_certificate(Self::root(), Validity::years(today.saturating_sub(2.years()), 8))
    }

    fn authority_certificate(&self, issuer: &Self, validity: Validity) -> X509 {
        let mut builder = builder(self.name.as_bytes(), validity);
        sure(builder.set_subject_name(&self.subject()));
        sure(builder.set_pubkey(&openssl_public(self.key.public)));
        extend(&mut builder, "2.5.29.19", true, &tlv(0x30, &tlv(0x01, &[0xFF])));
        // keyCertSign, cRLSign.
        extend(&mut builder, "2.5.29.15", true, &[0x03, 0x02, 0x01, 0x06]);
        key_identifier(&mut builder, self.key.public);
        issuer.sign(builder)
    }

    /// C.CH.AUT for a key on brainpoolP256r1.
    pub(crate) fn certify(&self, holder: &Holder<'_>, key: Point) -> Vec<u8> {
        let mut builder = holder_builder(holder, &openssl_public(key));
        key_identifier(&mut builder, key);
        sure(self.sign(builder).to_der())
    }

    /// C.CH.AUT for an RSA key, which all cards of old generations share here.
    pub(crate) fn certify_rsa(&self, holder: &Holder<'_>) -> Vec<u8> {
        sure(self.sign(holder_builder(holder, rsa_key())).to_der())
    }

    fn subject(&self) -> X509Name {
        let mut name = sure(X509NameBuilder::new());
        sure(name.append_entry_by_nid_with_type(Nid::COUNTRYNAME, "DE", Asn1Type::PRINTABLESTRING));
        entry(&mut name, Nid::ORGANIZATIONNAME, "Birds NOT-VALID");
        entry(&mut name, Nid::COMMONNAME, self.name);
        name.build()
    }

    /// Signs with a nonce that follows from key and content, so that a card built twice is the same card:
    /// OpenSSL makes the certificate, and its random signature is replaced.
    fn sign(&self, mut builder: X509Builder) -> X509 {
        sure(builder.set_issuer_name(&self.subject()));
        extend(&mut builder, "2.5.29.35", false, &tlv(0x30, &tlv(0x80, &identifier(self.key.public))));
        sure(builder.sign(&openssl_private(&self.key), MessageDigest::sha256()));
        let signed = sure(builder.build().to_der());
        resign(&signed, &self.key.private)
            .map_or_else(|| sure(X509::from_der(&signed)), |der| sure(X509::from_der(&der)))
    }
}

/// The same certificate with another signature by the same key.
fn resign(certificate: &[u8], key: &PrivateKey) -> Option<Vec<u8>> {
    let (outer, _) = split(certificate)?;
    let (body, rest) = split(outer.value)?;
    let (algorithm, _) = split(rest)?;
    let signature = key.sign(sha256(body.whole));
    let (r, s) = signature.split_at(32);
    let [r, s] = [r, s].map(|half| sure(BigNum::from_slice(half)));
    let signature = sure(sure(EcdsaSig::from_private_components(r, s)).to_der());
    let signature = tlv(0x03, &[&[0], signature.as_slice()].concat());
    Some(tlv(0x30, &[body.whole, algorithm.whole, &signature].concat()))
}

fn builder(serial: &[u8], validity: Validity) -> X509Builder {
    let mut builder = sure(X509Builder::new());
    // Version 3.
    sure(builder.set_version(2));
    let mut number = sha256(serial)[..8].to_vec();
    number.iter_mut().take(1).for_each(|byte| *byte = *byte & 0x7F | 0x40);
    let number = sure(BigNum::from_slice(&number));
    let number = sure(Asn1Integer::from_bn(&number));
    sure(builder.set_serial_number(&number));
    sure(builder.set_not_before(&moment(validity.from, 0)));
    sure(builder.set_not_after(&moment(validity.to, 23)));
    builder
}

fn holder_builder(holder: &Holder<'_>, key: &PKeyRef<Public>) -> X509Builder {
    let mut builder = builder(holder.persona.iccsn.as_bytes(), holder.validity);
    sure(builder.set_subject_name(&holder.subject()));
    sure(builder.set_pubkey(key));
    extend(&mut builder, "2.5.29.19", true, &tlv(0x30, &[]));
    // digitalSignature.
    extend(&mut builder, "2.5.29.15", true, &[0x03, 0x02, 0x07, 0x80]);
    // clientAuth.
    extend(&mut builder, "2.5.29.37", false, &tlv(0x30, &oid("1.3.6.1.5.5.7.3.2")));
    let policies = [POLICY, EGK_AUT].map(|policy| tlv(0x30, &oid(policy)));
    extend(&mut builder, "2.5.29.32", false, &tlv(0x30, &policies.concat()));
    extend(&mut builder, "1.3.36.8.3.3", false, &admission());
    let responder = [oid("1.3.6.1.5.5.7.48.1"), tlv(0x86, b"http://ocsp.birds.invalid/")].concat();
    extend(&mut builder, "1.3.6.1.5.5.7.1.1", false, &tlv(0x30, &tlv(0x30, &responder)));
    builder
}

impl Holder<'_> {
    /// Country, insurer, its institution code and the KVNR in the order of the card's age, then the names.
    fn subject(&self) -> X509Name {
        let persona = self.persona;
        let mut name = sure(X509NameBuilder::new());
        sure(name.append_entry_by_nid_with_type(Nid::COUNTRYNAME, "DE", Asn1Type::PRINTABLESTRING));
        entry(&mut name, Nid::ORGANIZATIONNAME, &format!("{} NOT-VALID", persona.insurer.name));
        // Issuers differ in the order, here cards with odd and even numbers.
        let mut units = [self.ik, self.kvnr];
        if persona.iccsn.bytes().last().is_some_and(|digit| digit % 2 == 0) {
            units.reverse();
        }
        units.into_iter().for_each(|unit| entry(&mut name, Nid::ORGANIZATIONALUNITNAME, unit));
        entry(
            &mut name,
            Nid::SURNAME,
            &joined(&[persona.name_prefix.as_deref(), Some(&persona.family_name)]),
        );
        entry(
            &mut name,
            Nid::GIVENNAME,
            &joined(&[Some(&persona.given_names), persona.name_suffix.as_deref()]),
        );
        entry(&mut name, Nid::COMMONNAME, &common_name(persona));
        name.build()
    }
}

/// All of the name, or as much as there is room for.
fn common_name(persona: &Persona) -> String {
    let name = joined(&[
        Some(&persona.given_names),
        persona.name_suffix.as_deref(),
        persona.name_prefix.as_deref(),
        Some(&persona.family_name),
    ]);
    let room = COMMON_NAME - TEST_ONLY.len();
    name.chars().take(room).chain(TEST_ONLY.chars()).collect()
}

fn joined(parts: &[Option<&str>]) -> String {
    parts.iter().flatten().copied().collect::<Vec<_>>().join(" ")
}

fn entry(name: &mut X509NameBuilder, kind: Nid, text: &str) {
    sure(name.append_entry_by_nid_with_type(kind, text, Asn1Type::UTF8STRING));
}

fn extend(builder: &mut X509Builder, kind: &str, critical: bool, der: &[u8]) {
    let kind = sure(Asn1Object::from_str(kind));
    let value = sure(Asn1OctetString::new_from_bytes(der));
    sure(builder.append_extension(sure(X509Extension::new_from_der(&kind, critical, &value))));
}

fn key_identifier(builder: &mut X509Builder, key: Point) {
    extend(builder, "2.5.29.14", false, &tlv(0x04, &identifier(key)));
}

fn identifier(key: Point) -> [u8; 20] {
    sha1(&key.to_bytes())
}

/// Admission (Common PKI, part 1, table 29b): an insured person.
fn admission() -> Vec<u8> {
    let item = tlv(0x30, &tlv(0x0C, "Versicherte/-r".as_bytes()));
    let profession = tlv(0x30, &[item, tlv(0x30, &oid(INSURED))].concat());
    let admissions = tlv(0x30, &tlv(0x30, &profession));
    tlv(0x30, &tlv(0x30, &admissions))
}

fn oid(dotted: &str) -> Vec<u8> {
    tlv(0x06, sure(Asn1Object::from_str(dotted)).as_slice())
}

/// That day in UTC: its first second, or the last of its hour `hour`.
fn moment(day: Date, hour: i8) -> Asn1Time {
    let time = if hour == 0 { time(0, 0, 0, 0) } else { time(hour, 59, 59, 0) };
    let seconds = TimeZone::UTC.to_timestamp(day.to_datetime(time)).map_or(0, |stamp| stamp.as_second());
    sure(Asn1Time::from_unix(seconds))
}

fn openssl_private(key: &KeyPair) -> PKey<Private> {
    let number = sure(BigNum::from_slice(&key.private.to_bytes()));
    let public = sure(openssl_public(key.public).ec_key());
    let key = EcKey::from_private_components(&brainpool(), &number, public.public_key());
    sure(PKey::from_ec_key(sure(key)))
}

/// An RSA-2048 key from two primes that follow from a name.
fn rsa_key() -> &'static PKey<Public> {
    static KEY: OnceLock<PKey<Public>> = OnceLock::new();
    KEY.get_or_init(|| {
        let mut modulus = sure(BigNum::new());
        let mut context = sure(openssl::bn::BigNumContext::new());
        sure(modulus.checked_mul(&prime("p"), &prime("q"), &mut context));
        let key = openssl::rsa::Rsa::from_public_components(modulus, sure(BigNum::from_u32(65_537)));
        sure(PKey::from_rsa(sure(key)))
    })
}

/// The first prime of 1,024 bits behind a number that follows from the name.
fn prime(name: &str) -> BigNum {
    let digests = (0..4u8).flat_map(|part| sha256(format!("card-sim RSA {name} {part}").as_bytes()));
    let mut bytes: Vec<u8> = digests.collect();
    // The product of two such numbers has 2,048 bits.
    bytes.iter_mut().take(1).for_each(|byte| *byte |= 0xC0);
    bytes.iter_mut().rev().take(1).for_each(|byte| *byte |= 1);
    let mut number = sure(BigNum::from_slice(&bytes));
    let mut context = sure(openssl::bn::BigNumContext::new());
    while !sure(number.is_prime_fasttest(20, &mut context, true)) {
        sure(number.add_word(2));
    }
    number
}
