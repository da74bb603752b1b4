//! `SecurityInfos` (TR-03110-3, A.1.1; ICAO Doc 9303-11, 9.2): what a chip offers, in EF.CardAccess, in data group 14
//! and in what EF.CardSecurity signs.

mod chip_authentication;

use crate::pace::PaceInfo;
use crate::tlv::{Reader, Tag, Tlv, TlvError};
use chip_authentication::Offers;
use std::fmt;

pub use chip_authentication::ChipAuthentication;

/// Longest file that is read: a chip with several keys over explicit parameters has about 3 KiB.
pub const SECURITY_INFOS_BYTES_MAX: usize = 16 * 1024;
/// Most entries that are read; the richest chips have about 20.
pub const SECURITY_INFOS_MAX: usize = 64;

/// Data group 14, which wraps the set.
const DATA_GROUP_14: Tag = Tag(0x6E);
const SET: Tag = Tag(0x31);
const SEQUENCE: Tag = Tag(0x30);
const INTEGER: Tag = Tag(0x02);
const OBJECT_IDENTIFIER: Tag = Tag(0x06);

/// id-icao-mrtd-security-aaProtocolObject, 2.23.136.1.1.5.
const ID_ACTIVE_AUTHENTICATION: [u8; 6] = [0x67, 0x81, 0x08, 0x01, 0x01, 0x05];

/// Why a file is no `SecurityInfos`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecurityInfosError {
    /// There is no set in it.
    #[error("the file has no set of SecurityInfo")]
    NoSet,
    /// A data object in it is malformed.
    #[error("the SecurityInfos are malformed")]
    Malformed,
    /// It is longer than [`SECURITY_INFOS_BYTES_MAX`], or has more entries than [`SECURITY_INFOS_MAX`].
    #[error("there are too many SecurityInfos")]
    TooMany,
}

impl From<TlvError> for SecurityInfosError {
    fn from(_: TlvError) -> Self {
        Self::Malformed
    }
}

/// What a chip offers of what we speak.
///
/// `Debug` tells nothing of the chip's keys, which would recognize it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SecurityInfos {
    pace: Vec<PaceInfo>,
    chip_authentication: Vec<ChipAuthentication>,
    chip_public_keys: Vec<Vec<u8>>,
    active_authentication: Option<Vec<u8>>,
}

impl SecurityInfos {
    /// Reads the set, or data group 14 with the set in it. Entries of other protocols, versions and parameters are
    /// passed over, as is what stands behind the set in the file.
    ///
    /// # Errors
    /// Every [`SecurityInfosError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, SecurityInfosError> {
        if bytes.len() > SECURITY_INFOS_BYTES_MAX {
            return Err(SecurityInfosError::TooMany);
        }
        let mut outer = Reader::new(bytes).next().transpose()?;
        if let Some(group) = outer.filter(|outer| outer.tag() == DATA_GROUP_14) {
            outer = group.children().next().transpose()?;
        }
        let set = outer.filter(|set| set.tag() == SET).ok_or(SecurityInfosError::NoSet)?;
        let mut infos = Vec::new();
        for info in set.children() {
            if infos.len() == SECURITY_INFOS_MAX {
                return Err(SecurityInfosError::TooMany);
            }
            infos.push(SecurityInfo::read(&info?)?);
        }
        Ok(Self::of(infos.into_iter().flatten()))
    }

    fn of<'a>(infos: impl Iterator<Item = SecurityInfo<'a>>) -> Self {
        let mut found = Self::default();
        let mut offers = Offers::default();
        let mut pace_offered = 0;
        for info in infos {
            if PaceInfo::is_one(&info) {
                pace_offered += 1;
                found.pace.extend(PaceInfo::of(&info));
            } else if info.protocol == ID_ACTIVE_AUTHENTICATION {
                found.active_authentication = info.signature_algorithm().map(<[u8]>::to_vec);
            } else {
                offers.add(&info);
            }
        }
        found.pace.sort_by(|left, right| right.cmp(left));
        found.pace.iter_mut().for_each(|pace| pace.set_ambiguous(pace_offered > 1));
        found.chip_authentication = offers.matched();
        found.chip_public_keys = offers.into_public_keys();
        found
    }

    /// Ways to run PACE that we speak, the best first: chip authentication mapping before generic before
    /// integrated, elliptic curves before modular groups, then the longer key, then the larger field.
    pub fn pace(&self) -> &[PaceInfo] {
        &self.pace
    }

    /// Ways to run chip authentication, each with the key that belongs to it, those with the longest session key
    /// first. Where a chip names a key and no way to use it, that is 3DES.
    pub fn chip_authentication(&self) -> &[ChipAuthentication] {
        &self.chip_authentication
    }

    /// Every key of the chip (DER), whether a protocol of ours uses it or not: one of those in EF.CardSecurity is what
    /// the [chip authentication mapping](crate::pace::ChipAuthenticationMapping::proves) proves.
    pub fn chip_public_keys(&self) -> impl Iterator<Item = &[u8]> {
        self.chip_public_keys.iter().map(Vec::as_slice)
    }

    /// The signature algorithm of active authentication with an elliptic curve, as an encoded object identifier
    /// (TR-03111, 5.2.1: ecdsa-plain-signatures).
    pub fn active_authentication(&self) -> Option<&[u8]> {
        self.active_authentication.as_deref()
    }
}

impl fmt::Debug for SecurityInfos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecurityInfos")
            .field("pace", &self.pace)
            .field("chip_authentication", &self.chip_authentication)
            .finish_non_exhaustive()
    }
}

/// One entry: the protocol, and at most two more objects.
pub(crate) struct SecurityInfo<'a> {
    /// The object identifier, encoded.
    pub(crate) protocol: &'a [u8],
    pub(crate) required: Option<Tlv<'a>>,
    pub(crate) optional: Option<Tlv<'a>>,
}

impl<'a> SecurityInfo<'a> {
    /// `None` if it is something else.
    fn read(object: &Tlv<'a>) -> Result<Option<Self>, TlvError> {
        if object.tag() != SEQUENCE {
            return Ok(None);
        }
        let mut parts = object.children();
        let Some(protocol) = parts.next().transpose()?.filter(|part| part.tag() == OBJECT_IDENTIFIER) else {
            return Ok(None);
        };
        let required = parts.next().transpose()?;
        let optional = parts.next().transpose()?;
        Ok(Some(Self { protocol: protocol.value(), required, optional }))
    }

    /// The version of the protocol.
    pub(crate) fn version(&self) -> Option<u8> {
        match self.required.filter(|version| version.tag() == INTEGER)?.value() {
            [version] => Some(*version),
            _ => None,
        }
    }

    /// The optional number behind it.
    pub(crate) fn number(&self) -> Option<&'a [u8]> {
        self.optional.filter(|number| number.tag() == INTEGER).map(|number| number.value())
    }

    /// The object identifier behind the version, with active authentication.
    fn signature_algorithm(&self) -> Option<&'a [u8]> {
        self.version()?;
        self.optional
            .filter(|algorithm| algorithm.tag() == OBJECT_IDENTIFIER)
            .map(|algorithm| algorithm.value())
    }
}
