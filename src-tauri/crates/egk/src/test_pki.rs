//! A hierarchy of keys and certificates made for a test, by OpenSSL and with an encoder of its own.

use jiff::civil::{Date, date};
use openssl::asn1::{Asn1Object, Asn1OctetString, Asn1Time};
use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcKey, PointConversionForm};
use openssl::ecdsa::EcdsaSig;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::x509::extension::{BasicConstraints, KeyUsage};
use openssl::x509::{X509, X509Builder, X509Extension, X509Name};

/// The day of the tests.
pub(crate) const TODAY: Date = date(2026, 11, 22);

/// A key pair on brainpoolP256r1.
#[derive(Clone)]
pub(crate) struct Key(pub(crate) EcKey<Private>);

impl Key {
    pub(crate) fn generate() -> Self {
        Self(EcKey::generate(&EcGroup::from_curve_name(Nid::BRAINPOOL_P256R1).unwrap()).unwrap())
    }

    pub(crate) fn point(&self) -> [u8; 65] {
        let mut context = BigNumContext::new().unwrap();
        let form = PointConversionForm::UNCOMPRESSED;
        self.0.public_key().to_bytes(self.0.group(), form, &mut context).unwrap().try_into().unwrap()
    }

    /// R, S over these bytes as they are.
    pub(crate) fn sign(&self, value: &[u8]) -> [u8; 64] {
        let signature = EcdsaSig::sign(value, &self.0).unwrap();
        let scalar = |number: &openssl::bn::BigNumRef| number.to_vec_padded(32).unwrap();
        [scalar(signature.r()), scalar(signature.s())].concat().try_into().unwrap()
    }
}

/// A card-verifiable certificate before it is signed.
#[derive(Clone)]
pub(crate) struct Cvc {
    pub(crate) profile: u8,
    pub(crate) issuer: Vec<u8>,
    pub(crate) key_use: Vec<u8>,
    pub(crate) point: Vec<u8>,
    pub(crate) holder: Vec<u8>,
    pub(crate) flag_list: Vec<u8>,
    pub(crate) flags: Vec<u8>,
    pub(crate) from: Date,
    pub(crate) until: Date,
}

pub(crate) const ECDSA_WITH_SHA256: [u8; 8] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02];
const AUTHENTICATION: [u8; 6] = [0x2B, 0x24, 0x03, 0x05, 0x03, 0x01];
const FLAG_LIST_TI: [u8; 8] = [0x2A, 0x82, 0x14, 0x00, 0x4C, 0x04, 0x81, 0x18];

impl Cvc {
    pub(crate) fn root(name: &[u8; 8], key: &Key) -> Self {
        Self {
            profile: 0x70,
            issuer: name.to_vec(),
            key_use: ECDSA_WITH_SHA256.to_vec(),
            point: key.point().to_vec(),
            holder: name.to_vec(),
            flag_list: FLAG_LIST_TI.to_vec(),
            flags: vec![0xFF; 7],
            from: date(2024, 1, 1),
            until: date(2033, 12, 31),
        }
    }

    pub(crate) fn authority(issuer: &[u8; 8], name: &[u8; 8], key: &Key) -> Self {
        Self {
            issuer: issuer.to_vec(),
            flags: vec![0x80, 0, 0, 0, 0, 0, 0],
            from: date(2025, 1, 1),
            until: date(2032, 12, 31),
            ..Self::root(name, key)
        }
    }

    pub(crate) fn card(issuer: &[u8; 8], iccsn: &[u8; 10], key: &Key) -> Self {
        Self {
            issuer: issuer.to_vec(),
            key_use: AUTHENTICATION.to_vec(),
            holder: [&[0x00, 0x09], &iccsn[..]].concat(),
            flags: vec![0; 7],
            from: date(2025, 6, 1),
            until: date(2030, 5, 31),
            ..Self::root(issuer, key)
        }
    }

    pub(crate) fn body(&self) -> Vec<u8> {
        let key = [tlv(&[0x06], &self.key_use), tlv(&[0x86], &self.point)].concat();
        let authorization = [tlv(&[0x06], &self.flag_list), tlv(&[0x53], &self.flags)].concat();
        let body = [
            tlv(&[0x5F, 0x29], &[self.profile]),
            tlv(&[0x42], &self.issuer),
            tlv(&[0x7F, 0x49], &key),
            tlv(&[0x5F, 0x20], &self.holder),
            tlv(&[0x7F, 0x4C], &authorization),
            tlv(&[0x5F, 0x25], &digits(self.from)),
            tlv(&[0x5F, 0x24], &digits(self.until)),
        ];
        tlv(&[0x7F, 0x4E], &body.concat())
    }

    pub(crate) fn signed_by(&self, key: &Key) -> Vec<u8> {
        let body = self.body();
        let signature = key.sign(&openssl::sha::sha256(&body));
        tlv(&[0x7F, 0x21], &[body, tlv(&[0x5F, 0x37], &signature)].concat())
    }
}

/// A data object of fewer than 65,536 bytes in its shortest form.
pub(crate) fn tlv(tag: &[u8], value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(value.len()).unwrap().to_be_bytes();
    let length = match value.len() {
        0..=0x7F => vec![length[1]],
        0x80..=0xFF => vec![0x81, length[1]],
        _ => vec![0x82, length[0], length[1]],
    };
    [tag, &length, value].concat()
}

fn digits(day: Date) -> Vec<u8> {
    day.strftime("%y%m%d").to_string().bytes().map(|digit| digit - b'0').collect()
}

/// An X.509 certificate before it is signed.
#[derive(Clone)]
pub(crate) struct Certificate {
    pub(crate) subject: Vec<(&'static str, String)>,
    pub(crate) issuer: Vec<(&'static str, String)>,
    pub(crate) key: PKey<Private>,
    pub(crate) authority: bool,
    pub(crate) usage: Option<Usage>,
    pub(crate) policies: Vec<&'static str>,
    pub(crate) profession: Option<&'static str>,
    pub(crate) from: Date,
    pub(crate) until: Date,
}

#[derive(Clone, Copy)]
pub(crate) enum Usage {
    Signatures,
    Certificates,
    Encryption,
}

impl Certificate {
    pub(crate) fn authority(name: &str, key: &Key) -> Self {
        let name = vec![("C", "DE".to_owned()), ("O", "gematik GmbH".to_owned()), ("CN", name.to_owned())];
        Self {
            subject: name.clone(),
            issuer: name,
            key: PKey::from_ec_key(key.0.clone()).unwrap(),
            authority: true,
            usage: Some(Usage::Certificates),
            policies: Vec::new(),
            profession: None,
            from: date(2024, 1, 1),
            until: date(2032, 1, 1),
        }
    }

    /// C.CH.AUT with the organizational units in this order.
    pub(crate) fn cardholder(issuer: &Self, units: &[&str], key: &Key) -> Self {
        let mut subject = vec![("C", "DE".to_owned()), ("O", "Beispielkrankenkasse".to_owned())];
        subject.extend(units.iter().map(|unit| ("OU", (*unit).to_owned())));
        subject.push(("CN", "Adalbert Amsel".to_owned()));
        Self {
            subject,
            issuer: issuer.subject.clone(),
            key: PKey::from_ec_key(key.0.clone()).unwrap(),
            authority: false,
            usage: Some(Usage::Signatures),
            policies: vec!["1.2.276.0.76.4.163", "1.2.276.0.76.4.70"],
            profession: Some("1.2.276.0.76.4.49"),
            from: date(2025, 6, 1),
            until: date(2030, 5, 31),
        }
    }

    pub(crate) fn signed_by(&self, key: &Key) -> X509 {
        let mut builder = X509Builder::new().unwrap();
        builder.set_version(2).unwrap();
        builder.set_serial_number(&BigNum::from_u32(4_711).unwrap().to_asn1_integer().unwrap()).unwrap();
        builder.set_subject_name(&name(&self.subject)).unwrap();
        builder.set_issuer_name(&name(&self.issuer)).unwrap();
        builder.set_pubkey(&self.key).unwrap();
        builder.set_not_before(&midnight(self.from)).unwrap();
        builder.set_not_after(&midnight(self.until.tomorrow().unwrap())).unwrap();
        let mut constraints = BasicConstraints::new();
        constraints.critical();
        if self.authority {
            constraints.ca();
        }
        builder.append_extension(constraints.build().unwrap()).unwrap();
        if let Some(usage) = self.usage {
            let mut extension = KeyUsage::new();
            match usage {
                Usage::Signatures => extension.critical().digital_signature(),
                Usage::Certificates => extension.critical().key_cert_sign().crl_sign(),
                Usage::Encryption => extension.critical().key_encipherment(),
            };
            builder.append_extension(extension.build().unwrap()).unwrap();
        }
        if !self.policies.is_empty() {
            let policies: Vec<u8> =
                self.policies.iter().flat_map(|it| tlv(&[0x30], &identifier(it))).collect();
            builder.append_extension(extension("2.5.29.32", &tlv(&[0x30], &policies))).unwrap();
        }
        if let Some(profession) = self.profession {
            let identifiers = tlv(&[0x30], &identifier(profession));
            let info = tlv(
                &[0x30],
                &[tlv(&[0x30], &tlv(&[0x0C], "Versicherte/-r".as_bytes())), identifiers].concat(),
            );
            let admission = [0x30; 3].iter().fold(info, |inner, tag| tlv(&[*tag], &inner));
            builder.append_extension(extension("1.3.36.8.3.3", &tlv(&[0x30], &admission))).unwrap();
        }
        let key = PKey::from_ec_key(key.0.clone()).unwrap();
        builder.sign(&key, MessageDigest::sha256()).unwrap();
        builder.build()
    }
}

fn name(entries: &[(&'static str, String)]) -> X509Name {
    let mut builder = X509Name::builder().unwrap();
    for (field, value) in entries {
        builder.append_entry_by_text(field, value).unwrap();
    }
    builder.build()
}

fn identifier(text: &str) -> Vec<u8> {
    tlv(&[0x06], Asn1Object::from_str(text).unwrap().as_slice())
}

fn extension(identifier: &str, value: &[u8]) -> X509Extension {
    let identifier = Asn1Object::from_str(identifier).unwrap();
    X509Extension::new_from_der(&identifier, false, &Asn1OctetString::new_from_bytes(value).unwrap()).unwrap()
}

fn midnight(day: Date) -> Asn1Time {
    Asn1Time::from_str_x509(&day.strftime("%Y%m%d000000Z").to_string()).unwrap()
}
