//! SecurityInfos: what a chip can do, and with which keys (Doc 9303-11, 9.2; BSI TR-03110-3, A.1.1).

use super::der::{integer, oid, sequence, set_of};
use crate::{
    tlv::tlv,
    travel::{ActiveAuthentication, ChipAuthentication, ChipKey, Encoding, Group, Hash, PaceOffer},
};

/// id-PK: public keys of chip authentication; 1 for DH, 2 for ECDH.
const PUBLIC_KEY: &str = "0.4.0.127.0.7.2.2.1";
/// id-TA.
const TERMINAL_AUTHENTICATION: &str = "0.4.0.127.0.7.2.2.2";
/// id-icao-mrtd-security-aaProtocolObject.
const ACTIVE_AUTHENTICATION: &str = "2.23.136.1.1.5";
/// ecdsa-plain-signatures (TR-03111, 5.2.1.1).
const PLAIN_ECDSA: &str = "0.4.0.127.0.7.1.1.4.1";

/// SET OF SecurityInfo.
pub(crate) fn set(infos: Vec<Vec<u8>>) -> Vec<u8> {
    set_of(infos)
}

/// PACEInfo, version 2.
pub(crate) fn pace(offer: &PaceOffer) -> Vec<u8> {
    sequence(&[tlv(0x06, &offer.oid()), integer(2), integer(offer.group.parameter_id())])
}

/// ChipAuthenticationInfo, version 1.
pub(crate) fn chip_authentication(chip: &ChipAuthentication) -> Vec<u8> {
    sequence(&[tlv(0x06, &chip.oid()), integer(1), key_id(chip.key_id)])
}

/// ChipAuthenticationPublicKeyInfo.
pub(crate) fn public_key(key: &ChipKey, encoding: Encoding, id: Option<u8>) -> Vec<u8> {
    let agreement = match key.group {
        Group::Dh(_) => 1,
        Group::Ec(_) => 2,
    };
    let kind = oid(&format!("{PUBLIC_KEY}.{agreement}"));
    sequence(&[kind, key.subject_public_key_info(encoding), key_id(id)])
}

/// TerminalAuthenticationInfo, version 1: fingerprints need it.
pub(crate) fn terminal_authentication() -> Vec<u8> {
    sequence(&[oid(TERMINAL_AUTHENTICATION), integer(1)])
}

/// ActiveAuthenticationInfo; with RSA there is none (Doc 9303-11, 6.1.2.3).
pub(crate) fn active_authentication(chip: &ActiveAuthentication) -> Option<Vec<u8>> {
    let ActiveAuthentication::Ecdsa { hash, .. } = chip else { return None };
    let number = match hash {
        Hash::Sha1 => 1,
        Hash::Sha224 => 2,
        Hash::Sha256 => 3,
        Hash::Sha384 => 4,
        Hash::Sha512 => 5,
    };
    Some(sequence(&[oid(ACTIVE_AUTHENTICATION), integer(1), oid(&format!("{PLAIN_ECDSA}.{number}"))]))
}

fn key_id(id: Option<u8>) -> Vec<u8> {
    id.map(integer).unwrap_or_default()
}
