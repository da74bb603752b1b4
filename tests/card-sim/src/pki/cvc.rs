//! Card-verifiable certificates (gemSpec_PKI, 6.7; BSI TR-03110-3, C): root, authority, card.

use std::sync::OnceLock;

use jiff::{ToSpan, civil::Date};

use super::Validity;
use crate::{
    crypto::curve::{KeyPair, Point, PrivateKey},
    tlv::tlv,
};

/// Authority's or holder's reference: five letters, then service, algorithm and year.
pub(crate) type Name = [u8; 8];

/// ecdsa-with-SHA256.
const ECDSA_SHA256: [u8; 8] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02];
/// authS_gemSpec-COS-G2_ecc-with-sha256, 1.3.36.3.5.3.1.
const CARD_AUTHENTICATION: [u8; 6] = [0x2B, 0x24, 0x03, 0x05, 0x03, 0x01];
/// oid_cvc_fl_ti, 1.2.276.0.76.4.152: a list of flags.
const FLAG_LIST: [u8; 8] = [0x2A, 0x82, 0x14, 0x00, 0x4C, 0x04, 0x81, 0x18];

/// Version 1 of the profile.
const PROFILE: u8 = 0x70;
/// Interface device "eGK" before the ICCSN in a card's name.
const CARD_INDEX: [u8; 2] = [0x00, 0x09];

const ROOT_FLAGS: [u8; 7] = [0xFF; 7];
const AUTHORITY_FLAGS: [u8; 7] = [0x80, 0, 0, 0, 0, 0, 0];
const CARD_FLAGS: [u8; 7] = [0; 7];

const ROOT_YEARS: i16 = 10;
const AUTHORITY_YEARS: i16 = 8;

/// Who vouches for cards: a root and an authority below it.
#[derive(Debug, Clone)]
pub(crate) struct Hierarchy {
    root_name: Name,
    root: KeyPair,
    authority_name: Name,
    authority: KeyPair,
}

impl Hierarchy {
    /// The root of the simulator's cards, named as test roots are.
    pub(crate) fn test() -> &'static Self {
        static TEST: OnceLock<Hierarchy> = OnceLock::new();
        TEST.get_or_init(|| Self::named(*b"DEGXX\x8E\x02\x26", *b"DEGXX\x1E\x02\x26"))
    }

    /// Another one of the same kind, which nobody trusts.
    pub(crate) fn unknown() -> &'static Self {
        static UNKNOWN: OnceLock<Hierarchy> = OnceLock::new();
        UNKNOWN.get_or_init(|| Self::named(*b"DEGXX\x8F\x02\x26", *b"DEGXX\x1F\x02\x26"))
    }

    /// One that names a real root of production, whose key it doesn't have.
    pub(crate) fn pretender() -> &'static Self {
        static PRETENDER: OnceLock<Hierarchy> = OnceLock::new();
        PRETENDER.get_or_init(|| Self::named(*b"DEZGW\x87\x02\x26", *b"DEZGW\x1D\x02\x26"))
    }

    fn named(root_name: Name, authority_name: Name) -> Self {
        let key = |name: &Name| KeyPair::named(&format!("CVC {name:02X?}"));
        Self { root_name, root: key(&root_name), authority_name, authority: key(&authority_name) }
    }

    /// The root's name, by which cards know its key.
    pub(crate) fn root_name(&self) -> &Name {
        &self.root_name
    }

    /// The self-signed certificate of the root.
    pub(crate) fn root_certificate(&self, today: Date) -> Vec<u8> {
        let body = Body {
            issuer: &self.root_name,
            holder: &self.root_name,
            usage: &ECDSA_SHA256,
            key: self.root.public,
            flags: &ROOT_FLAGS,
            validity: Validity::years(today.saturating_sub(3.years()), ROOT_YEARS),
        };
        body.signed(&self.root.private)
    }

    /// The authority's certificate (EF.C.CA_eGK.CS.E256).
    pub(crate) fn authority_certificate(&self, today: Date) -> Vec<u8> {
        let body = Body {
            issuer: &self.root_name,
            holder: &self.authority_name,
            usage: &ECDSA_SHA256,
            key: self.authority.public,
            flags: &AUTHORITY_FLAGS,
            validity: Validity::years(today.saturating_sub(2.years()), AUTHORITY_YEARS),
        };
        body.signed(&self.root.private)
    }

    /// A card's certificate (EF.C.eGK.AUT_CVC.E256); `number` is the ICCSN in packed decimal.
    pub(crate) fn card_certificate(&self, number: &[u8], key: Point, validity: Validity) -> Vec<u8> {
        let holder = [&CARD_INDEX, number].concat();
        let body = Body {
            issuer: &self.authority_name,
            holder: &holder,
            usage: &CARD_AUTHENTICATION,
            key,
            flags: &CARD_FLAGS,
            validity,
        };
        body.signed(&self.authority.private)
    }
}

/// What is signed.
struct Body<'a> {
    issuer: &'a [u8],
    holder: &'a [u8],
    usage: &'a [u8],
    key: Point,
    flags: &'a [u8; 7],
    validity: Validity,
}

impl Body<'_> {
    fn signed(&self, issuer: &PrivateKey) -> Vec<u8> {
        let key = [tlv(0x06, self.usage), tlv(0x86, &self.key.to_bytes())].concat();
        let template = [tlv(0x06, &FLAG_LIST), tlv(0x53, self.flags)].concat();
        let objects = [
            tlv(0x5F29, &[PROFILE]),
            tlv(0x42, self.issuer),
            tlv(0x7F49, &key),
            tlv(0x5F20, self.holder),
            tlv(0x7F4C, &template),
            tlv(0x5F25, &digits(self.validity.from)),
            tlv(0x5F24, &digits(self.validity.to)),
        ];
        let body = tlv(0x7F4E, &objects.concat());
        let signature = issuer.sign(openssl::sha::sha256(&body));
        tlv(0x7F21, &[body, tlv(0x5F37, &signature)].concat())
    }
}

/// Year, month and day, two digits each, a byte for a digit.
fn digits(date: Date) -> Vec<u8> {
    date.strftime("%y%m%d").to_string().bytes().map(|digit| digit - b'0').collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use openssl::{bn::BigNum, ecdsa::EcdsaSig};

    use super::*;
    use crate::{
        pki::openssl_public,
        tlv::{objects, only},
    };

    const TODAY: Date = date(2026, 11, 22);

    fn verifies(certificate: &[u8], issuer: Point) -> bool {
        let parts = objects(only(certificate, 0x7F21).unwrap()).unwrap();
        assert_eq!((parts[0].tag, parts[1].tag, parts[1].value.len()), (0x7F4E, 0x5F37, 64));
        let (r, s) = parts[1].value.split_at(32);
        let [r, s] = [r, s].map(|half| BigNum::from_slice(half).unwrap());
        let signature = EcdsaSig::from_private_components(r, s).unwrap();
        let issuer = openssl_public(issuer).ec_key().unwrap();
        signature.verify(&openssl::sha::sha256(parts[0].whole), &issuer).unwrap()
    }

    #[test]
    fn the_chain_verifies_from_the_root_to_the_card() {
        let hierarchy = Hierarchy::test();
        let key = PrivateKey::named("a card");
        let number = hex::decode("80276883110000000001").unwrap();
        let card = hierarchy.card_certificate(&number, key.public(), Validity::years(TODAY, 5));
        let (root, authority) = (hierarchy.root_certificate(TODAY), hierarchy.authority_certificate(TODAY));
        assert!(verifies(&root, hierarchy.root.public));
        assert!(verifies(&authority, hierarchy.root.public));
        assert!(verifies(&card, hierarchy.authority.public));
        assert!(!verifies(&card, hierarchy.root.public));
        // As long as those on real cards (gemSpec_eGK_ObjSys_G2_1: 220 and 222 bytes).
        assert_eq!((authority.len(), card.len()), (220, 222));
    }

    #[test]
    fn a_card_is_named_by_its_number_and_its_dates_have_a_byte_for_a_digit() {
        let number = hex::decode("80276883110000000001").unwrap();
        let key = PrivateKey::named("a card").public();
        let card = Hierarchy::test().card_certificate(&number, key, Validity::years(TODAY, 5));
        let hex = hex::encode(card);
        assert!(hex.starts_with("7f2181da7f4e81935f29017042084445475858"), "{hex}");
        assert!(hex.contains("7f494b06062b2403050301864104"), "{hex}");
        assert!(
            hex.contains("5f200c0009802768831100000000017f4c1306082a8214004c04811853070000000000000"),
            "{hex}"
        );
        assert!(hex.contains("5f25060206010102025f24060301010102015f3740"), "{hex}");
    }
}
