//! The bytes of a health card's files (gemSpec_eGK_ObjSys, gemSpec_eGK_Fach_VSDM).

use std::io::Write;

use flate2::{Compression, GzBuilder, write::GzEncoder};

use super::ObjectSystem;
use crate::{card::HEALTH_CARD_PACE, tlv::tlv};

/// EF.CardAccess: the one PACE parameter set of all health cards, id-PACE-ECDH-GM-AES-CBC-CMAC-128, version 2,
/// brainpoolP256r1 (TR-03110-3, A.1.1.1).
pub(crate) fn ef_card_access() -> Vec<u8> {
    let parameters = tlv(0x02, &[HEALTH_CARD_PACE.group.parameter_id()]);
    let info = [tlv(0x06, &HEALTH_CARD_PACE.oid()), tlv(0x02, &[2]), parameters].concat();
    tlv(0x31, &tlv(0x30, &info))
}

/// EF.Version, kept for old readers: three versions in packed decimal (3, 3 and 4 digits) and an empty one.
pub(crate) fn ef_version(generation: ObjectSystem) -> Vec<Vec<u8>> {
    let versions = match generation {
        ObjectSystem::G1 => [[0x00, 0x30, 0, 0, 0], [0x00, 0x30, 0, 0, 0], [0x00, 0x30, 0, 0, 0x02]],
        ObjectSystem::G2 | ObjectSystem::G21 | ObjectSystem::G3 => [[0x00, 0x40, 0, 0, 0]; 3],
    };
    versions.into_iter().chain([[0; 5]]).map(Vec::from).collect()
}

/// Product identifier: five bytes manufacturer, eight product, three version.
fn product(version: [u8; 3]) -> Vec<u8> {
    [&b"BIRDSSIMULATE"[..], &version].concat()
}

/// EF.Version2: filling rules, product type version, product identifier.
pub(crate) fn ef_version2(version: [u8; 3]) -> Vec<u8> {
    let objects = [
        tlv(0xC0, &[2, 0, 0]),
        tlv(0xC1, &version),
        tlv(0xC2, &product(version)),
        tlv(0xC4, &[1, 0, 0]),
        tlv(0xC5, &[2, 0, 0]),
        tlv(0xC7, &[1, 0, 0]),
    ];
    tlv(0xEF, &objects.concat())
}

/// EF.ATR: buffer sizes (command and response, without and with secure messaging), then product identifiers.
pub(crate) fn ef_atr(version: [u8; 3], short_only: bool) -> Vec<u8> {
    let (command, response): (&[u8], &[u8]) =
        if short_only { (&[0x01, 0x05], &[0x01, 0x02]) } else { (&[0x08, 0x09], &[0x00, 0x80, 0x02]) };
    let sizes = [tlv(0x02, command), tlv(0x02, response), tlv(0x02, command), tlv(0x02, command)].concat();
    let objects = [tlv(0xE0, &sizes), tlv(0xD0, &[4, 3, 0]), tlv(0xD4, &product(version))];
    objects.concat()
}

/// EF.GDO: the card's number.
pub(crate) fn ef_gdo(iccsn: &str) -> Vec<u8> {
    tlv(0x5A, &packed(iccsn))
}

/// Digits, two a byte.
pub(crate) fn packed(digits: &str) -> Vec<u8> {
    let digits: Vec<u8> = digits.bytes().map(|digit| digit.wrapping_sub(b'0')).collect();
    digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect()
}

/// A record of EF.DIR.
pub(crate) fn application_template(aid: &[u8]) -> Vec<u8> {
    tlv(0x61, &tlv(0x4F, aid))
}

/// Two bytes of length before a gzip stream, as in EF.PD and EF.GVD.
pub(crate) fn with_length(gzip: &[u8]) -> Vec<u8> {
    [&two_bytes(gzip.len()), gzip].concat()
}

/// A length or place in a file, none of which is longer than two bytes can say.
pub(crate) fn two_bytes(number: usize) -> [u8; 2] {
    u16::try_from(number).unwrap_or(u16::MAX).to_be_bytes()
}

/// A gzip stream without time and name, as the issuers' Java programs write it.
pub(crate) fn gzip(bytes: &[u8], level: Compression) -> Vec<u8> {
    let mut encoder: GzEncoder<Vec<u8>> = GzBuilder::new().write(Vec::new(), level);
    // Writing into memory doesn't fail.
    encoder.write_all(bytes).and_then(|()| encoder.finish()).unwrap_or_default()
}
