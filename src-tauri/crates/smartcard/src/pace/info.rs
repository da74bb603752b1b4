//! `PACEInfo`: the ways to run PACE that a card offers (TR-03110-3, A.1.1.1; ICAO Doc 9303-11, 9.2.1).

use super::PaceError;
use crate::crypto::ec::{has_point_encoding, standardised_curve};
use crate::crypto::kdf::SessionCipher;
use crate::crypto::modular::is_standardised_group;
use crate::security_infos::{SecurityInfo, SecurityInfos, SecurityInfosError};

/// id-PACE, 0.4.0.127.0.7.2.2.4; below it the mapping and the cipher.
const ID_PACE: [u8; 8] = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04];
/// The version of the protocol; version 1 was a draft with another key derivation.
const VERSION: u8 = 2;

/// How the nonce becomes a generator, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mapping {
    /// A function takes it to one (ICAO Doc 9303-11, 4.4.3.3.2).
    Integrated,
    /// A key agreement hides it (4.4.3.3.1).
    Generic,
    /// As [`Generic`](Self::Generic), and the chip shows that it has the key that was signed for it (4.4.3.5).
    ChipAuthentication,
}

/// What the key agreement is over, the worse first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum KeyAgreement {
    ModularGroup,
    EllipticCurve,
}

/// The protocol and standardised domain parameters that a card offers; the one to prefer is the greater.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PaceInfo {
    pub(super) mapping: Mapping,
    pub(super) agreement: KeyAgreement,
    pub(super) cipher: SessionCipher,
    /// 0 to 2 or 8 to 18, ascending with the size of the field.
    pub(super) parameter_id: u8,
    mapping_arc: u8,
    /// Whether the card offers others, too, so that it must be told which.
    pub(super) ambiguous: bool,
}

impl PaceInfo {
    /// How the nonce becomes a generator.
    pub fn mapping(&self) -> Mapping {
        self.mapping
    }

    /// What the session will be encrypted with.
    pub fn cipher(&self) -> SessionCipher {
        self.cipher
    }

    /// Whether this is the same protocol over the same parameters, whatever else the two cards offer.
    pub fn is_same_way(&self, other: &Self) -> bool {
        let way = |info: &Self| (info.protocol(), info.parameter_id);
        way(self) == way(other)
    }

    /// The object identifier of the protocol, encoded.
    pub(super) fn protocol(&self) -> [u8; 10] {
        let [a, b, c, d, e, f, g, h] = ID_PACE;
        [a, b, c, d, e, f, g, h, self.mapping_arc, self.cipher.arc()]
    }

    /// Whether an entry is a `PACEInfo`, known or not; the domain parameters of one have no cipher.
    pub(crate) fn is_one(info: &SecurityInfo<'_>) -> bool {
        matches!(info.protocol.strip_prefix(&ID_PACE), Some([_, _]))
    }

    /// The entry, if we speak it.
    pub(crate) fn of(info: &SecurityInfo<'_>) -> Option<Self> {
        let [protocol_arc, cipher_arc] = info.protocol.strip_prefix(&ID_PACE)? else { return None };
        let (Some(VERSION), Some([parameter_id])) = (info.version(), info.number()) else { return None };
        let (mapping_arc, mapping, agreement) = KNOWN.into_iter().find(|(arc, ..)| arc == protocol_arc)?;
        let cipher = SessionCipher::ALL.into_iter().find(|cipher| cipher.arc() == *cipher_arc)?;
        let known = match agreement {
            KeyAgreement::ModularGroup => is_standardised_group(*parameter_id),
            KeyAgreement::EllipticCurve => standardised_curve(*parameter_id)
                .is_some_and(|curve| mapping != Mapping::Integrated || has_point_encoding(curve)),
        };
        // The chip authentication mapping is defined for AES alone.
        let known = known && !(mapping == Mapping::ChipAuthentication && cipher == SessionCipher::TripleDes);
        let parameter_id = *parameter_id;
        known.then_some(Self { mapping, agreement, cipher, parameter_id, mapping_arc, ambiguous: false })
    }

    pub(crate) fn set_ambiguous(&mut self, ambiguous: bool) {
        self.ambiguous = ambiguous;
    }
}

/// What we speak, with the arc below id-PACE.
const KNOWN: [(u8, Mapping, KeyAgreement); 5] = [
    (1, Mapping::Generic, KeyAgreement::ModularGroup),
    (2, Mapping::Generic, KeyAgreement::EllipticCurve),
    (3, Mapping::Integrated, KeyAgreement::ModularGroup),
    (4, Mapping::Integrated, KeyAgreement::EllipticCurve),
    (6, Mapping::ChipAuthentication, KeyAgreement::EllipticCurve),
];

/// Reads EF.CardAccess: the best way to run PACE of those we speak, as [`SecurityInfos::pace`] has them.
///
/// # Errors
/// [`PaceError::NotSupported`] if there are none, [`PaceError::Protocol`] if the file is malformed.
pub fn parse_card_access(file: &[u8]) -> Result<PaceInfo, PaceError> {
    let infos = SecurityInfos::parse(file).map_err(|error| match error {
        SecurityInfosError::NoSet => PaceError::NotSupported,
        SecurityInfosError::Malformed | SecurityInfosError::TooMany => PaceError::Protocol,
    })?;
    infos.pace().first().cloned().ok_or(PaceError::NotSupported)
}
