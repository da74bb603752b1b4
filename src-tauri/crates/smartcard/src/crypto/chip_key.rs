//! A chip's static public key (RFC 5280, `SubjectPublicKeyInfo`; TR-03110-3, D.3).

use super::ec::{Curve, standardised_curve};
use super::group::Group;
use super::modular::ModularGroup;
use crate::tlv::{Reader, Tag};
use openssl::bn::BigNum;
use openssl::ec::EcPoint;
use openssl::error::ErrorStack;
use openssl::pkey::{Id, PKey};

/// Longest key that is read: four numbers of the longest modulus have less.
const BYTES_MAX: usize = 4096;

const SEQUENCE: Tag = Tag(0x30);
const INTEGER: Tag = Tag(0x02);
const BIT_STRING: Tag = Tag(0x03);
const OBJECT_IDENTIFIER: Tag = Tag(0x06);
/// standardizedDomainParameters, 0.4.0.127.0.7.1.2.
const STANDARDISED_DOMAIN_PARAMETERS: [u8; 7] = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x02];

/// A key in its group.
pub(crate) enum ChipKey {
    EllipticCurve(Curve, EcPoint),
    ModularGroup(ModularGroup, BigNum),
}

/// Why bytes are no such key.
pub(crate) enum ChipKeyError {
    Malformed,
    NotSupported,
    OpenSsl,
}

impl From<ErrorStack> for ChipKeyError {
    fn from(_: ErrorStack) -> Self {
        Self::OpenSsl
    }
}

impl ChipKey {
    /// Reads a key over named, explicit or standardised domain parameters.
    pub(crate) fn read(subject_public_key_info: &[u8]) -> Result<Self, ChipKeyError> {
        if subject_public_key_info.len() > BYTES_MAX {
            return Err(ChipKeyError::Malformed);
        }
        if let Some((parameter_id, key)) = standardised(subject_public_key_info) {
            return Self::over_standardised(parameter_id, key);
        }
        let key = PKey::public_key_from_der(subject_public_key_info).map_err(|_| ChipKeyError::Malformed)?;
        match key.id() {
            Id::EC => {
                let key = key.ec_key()?;
                let mut curve = Curve::of_key(key.group())?.ok_or(ChipKeyError::NotSupported)?;
                let point = curve.point_of_key(key.public_key(), key.group())?;
                Ok(Self::EllipticCurve(curve, point.ok_or(ChipKeyError::Malformed)?))
            }
            Id::DH | Id::DHX => {
                let key = key.dh()?;
                let mut group = ModularGroup::of_key(&key)?.ok_or(ChipKeyError::NotSupported)?;
                let element = group.element(key.public_key())?;
                Ok(Self::ModularGroup(group, element.ok_or(ChipKeyError::Malformed)?))
            }
            _ => Err(ChipKeyError::NotSupported),
        }
    }

    fn over_standardised(parameter_id: u8, key: &[u8]) -> Result<Self, ChipKeyError> {
        if let Some(name) = standardised_curve(parameter_id) {
            let mut curve = Curve::new(name)?;
            let point = curve.decode(key).ok_or(ChipKeyError::Malformed)?;
            return Ok(Self::EllipticCurve(curve, point));
        }
        let mut group = ModularGroup::new(parameter_id)?.ok_or(ChipKeyError::NotSupported)?;
        let number = Reader::new(key).next().and_then(Result::ok).filter(|number| number.tag() == INTEGER);
        let number = BigNum::from_slice(number.ok_or(ChipKeyError::Malformed)?.value())?;
        let element = group.element(&number)?;
        Ok(Self::ModularGroup(group, element.ok_or(ChipKeyError::Malformed)?))
    }
}

/// Parameter id and key, where the key names its domain parameters in that way (TR-03110-3, A.2.1.1), which OpenSSL
/// doesn't know.
fn standardised(subject_public_key_info: &[u8]) -> Option<(u8, &[u8])> {
    let outer = Reader::new(subject_public_key_info).next()?.ok()?;
    let mut parts = outer.children();
    let mut algorithm = parts.next()?.ok().filter(|part| part.tag() == SEQUENCE)?.children();
    let oid = algorithm.next()?.ok().filter(|oid| oid.tag() == OBJECT_IDENTIFIER)?;
    if oid.value() != STANDARDISED_DOMAIN_PARAMETERS {
        return None;
    }
    let id = algorithm.next()?.ok().filter(|id| id.tag() == INTEGER)?;
    let key = parts.next()?.ok().filter(|key| key.tag() == BIT_STRING)?;
    match (id.value(), key.value()) {
        ([id], [0, key @ ..]) => Some((*id, key)),
        _ => None,
    }
}
