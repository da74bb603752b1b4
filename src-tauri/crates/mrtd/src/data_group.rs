//! The files of the application for travel documents (ICAO Doc 9303-10, LDS1).

use smartcard::tlv::Tag;

/// A data group that this crate may read; the others (fingerprints, signature, personal details) have no name here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DataGroup {
    /// DG1: the machine-readable zone.
    Mrz,
    /// DG2: the face.
    Face,
    /// DG14: security infos, chip authentication among them.
    SecurityInfos,
    /// DG15: the key of active authentication.
    ActiveAuthenticationKey,
}

impl DataGroup {
    /// Every data group that may be read.
    pub const ALL: [Self; 4] = [Self::Mrz, Self::Face, Self::SecurityInfos, Self::ActiveAuthenticationKey];

    /// Its number, 1 to 16, which is its short file identifier, too.
    pub const fn number(self) -> u8 {
        match self {
            Self::Mrz => 1,
            Self::Face => 2,
            Self::SecurityInfos => 14,
            Self::ActiveAuthenticationKey => 15,
        }
    }

    /// The tag of the object that the file is.
    pub const fn tag(self) -> Tag {
        Tag(match self {
            Self::Mrz => 0x61,
            Self::Face => 0x75,
            Self::SecurityInfos => 0x6E,
            Self::ActiveAuthenticationKey => 0x6F,
        })
    }
}
