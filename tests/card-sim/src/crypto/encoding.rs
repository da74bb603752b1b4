//! Public keys as DER SubjectPublicKeyInfo (RFC 3279, RFC 5480; TR-03110-3, A.2.1.1 and A.6).

use openssl::{
    bn::BigNumRef,
    ec::{Asn1Flag, EcGroup, EcKey, EcPoint},
    pkey::PKey,
};

use super::{
    group::{ChipKey, DhGroup, Group},
    sure,
};
use crate::tlv::tlv;

/// How domain parameters are written in a SubjectPublicKeyInfo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// By their number ([`Group::parameter_id`]), as in EF.CardSecurity of German documents.
    Standardized,
    /// By the curve's object identifier; for DH the same as [`Self::Explicit`].
    Named,
    /// All of them, as in most passports.
    Explicit,
}

/// standardizedDomainParameters: bsi-de algorithms(1) 2 (TR-03110-3, A.2.1.1).
const STANDARDIZED: [u8; 7] = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x02];
/// dhpublicnumber (RFC 3279, 2.3.3).
const DH_PUBLIC_NUMBER: [u8; 7] = [0x2A, 0x86, 0x48, 0xCE, 0x3E, 0x02, 0x01];

const SEQUENCE: u32 = 0x30;
const OBJECT_IDENTIFIER: u32 = 0x06;
const INTEGER: u32 = 0x02;
const BIT_STRING: u32 = 0x03;

impl ChipKey {
    /// The public key as DER SubjectPublicKeyInfo.
    #[must_use]
    pub fn subject_public_key_info(&self, encoding: Encoding) -> Vec<u8> {
        match (self.group, encoding) {
            (group, Encoding::Standardized) => {
                let parameters = tlv(INTEGER, &[group.parameter_id()]);
                let key = match group {
                    Group::Ec(_) => self.public(),
                    Group::Dh(_) => unsigned(&self.public()),
                };
                info(&STANDARDIZED, &parameters, &key)
            }
            (Group::Dh(group), Encoding::Named | Encoding::Explicit) => {
                info(&DH_PUBLIC_NUMBER, &validated(group), &unsigned(&self.public()))
            }
            (Group::Ec(curve), Encoding::Named | Encoding::Explicit) => {
                let mut group = sure(EcGroup::from_curve_name(curve.nid()));
                let named = encoding == Encoding::Named;
                group.set_asn1_flag(if named { Asn1Flag::NAMED_CURVE } else { Asn1Flag::EXPLICIT_CURVE });
                let mut context = sure(openssl::bn::BigNumContext::new());
                let point = sure(EcPoint::from_bytes(&group, &self.public(), &mut context));
                let key = sure(EcKey::from_public_key(&group, &point));
                sure(sure(PKey::from_ec_key(key)).public_key_to_der())
            }
        }
    }
}

/// DomainParameters of X9.42: p, g, q.
fn validated(group: DhGroup) -> Vec<u8> {
    let parameters = group.parameters();
    let integer = |number: &BigNumRef| unsigned(&number.to_vec());
    let order = group.order();
    let numbers = [integer(parameters.prime_p()), integer(parameters.generator()), integer(&order)];
    tlv(SEQUENCE, &numbers.concat())
}

fn info(algorithm: &[u8], parameters: &[u8], key: &[u8]) -> Vec<u8> {
    let algorithm = tlv(SEQUENCE, &[&tlv(OBJECT_IDENTIFIER, algorithm), parameters].concat());
    tlv(SEQUENCE, &[algorithm, tlv(BIT_STRING, &[&[0], key].concat())].concat())
}

/// A number that isn't negative as a DER INTEGER.
pub(super) fn unsigned(number: &[u8]) -> Vec<u8> {
    let start = number.iter().position(|byte| *byte != 0).unwrap_or(number.len());
    let significant = number.get(start..).unwrap_or_default();
    let sign = if significant.first().is_none_or(|byte| *byte >= 0x80) { &[0][..] } else { &[] };
    tlv(INTEGER, &[sign, significant].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::elliptic::Curve;

    #[test]
    fn a_curve_is_named_explicit_or_a_number() {
        let key = ChipKey::named(Group::Ec(Curve::Brainpool256), "a key");
        let named = key.subject_public_key_info(Encoding::Named);
        let explicit = key.subject_public_key_info(Encoding::Explicit);
        let standardized = key.subject_public_key_info(Encoding::Standardized);
        assert!(named.len() < 100 && explicit.len() > 250, "{} {}", named.len(), explicit.len());
        for der in [&named, &explicit] {
            let read = PKey::public_key_from_der(der).unwrap().ec_key().unwrap();
            assert!(read.check_key().is_ok());
            assert!(der.ends_with(&key.public()));
        }
        // As EF.CardSecurity of the worked example of Doc 9303-11, appendix I, has it.
        let expected = "3052300c060704007f0007010202010d034200";
        assert_eq!(hex::encode(standardized), format!("{expected}{}", hex::encode(key.public())));
    }

    #[test]
    fn openssl_reads_a_public_key_of_diffie_hellman() {
        let key = ChipKey::named(Group::Dh(DhGroup::Modp2048With256), "a key");
        let der = key.subject_public_key_info(Encoding::Explicit);
        let read = PKey::public_key_from_der(&der).unwrap();
        assert_eq!((read.id(), read.bits()), (openssl::pkey::Id::DHX, 2048));
    }
}
