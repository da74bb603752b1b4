//! The files that the reading takes, and no others (ICAO Doc 9303-10).

use crate::data_group::DataGroup;
use crate::lds::FILE_BYTES_MAX;
use smartcard::tlv::Tag;
use smartcard::{Sensitivity, Sfi};
use std::fmt;

/// A file of the reading's whitelist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MrtdFile {
    /// MF/EF.CardAccess: how the chip is opened with PACE.
    CardAccess,
    /// MF/EF.CardSecurity: signed, the key of the chip authentication mapping.
    CardSecurity,
    /// MF/EF.DIR: the chip's applications.
    Directory,
    /// EF.SOD: the signed list of the data groups' hashes.
    SecurityObject,
    /// A data group.
    DataGroup(DataGroup),
}

/// How a file is found, and what is expected of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FileForm {
    /// File identifier.
    pub(crate) fid: u16,
    /// Short file identifier, which means something in the right folder only.
    pub(crate) sfi: Sfi,
    /// The tag of the object that the file is.
    pub(crate) tag: Tag,
    /// Most bytes that are read of it, tag and length included.
    pub(crate) bytes_max: usize,
    /// What a recorder may write of it.
    pub(crate) sensitivity: Sensitivity,
}

impl MrtdFile {
    /// Where the file lies, and its limits: several times what the richest known chips have, so that a length
    /// made up by a hostile one costs neither much memory nor much time.
    pub(crate) const fn form(self) -> FileForm {
        use Sensitivity::{Personal, Public};
        match self {
            // Every PACEInfo has 20 bytes; explicit parameters 500.
            Self::CardAccess => FileForm::new(0x011C, const { Sfi::new(0x1C) }, 0x31, 2 * KIB, Public),
            // A signed list of keys with one certificate: 3 KiB.
            Self::CardSecurity => FileForm::new(0x011D, const { Sfi::new(0x1D) }, 0x30, 16 * KIB, Personal),
            // A list of templates: the outermost tag is that of the first.
            Self::Directory => FileForm::new(0x2F00, const { Sfi::new(0x1E) }, 0x61, KIB, Public),
            // A signature, a certificate, and at most 16 hashes: 3 KiB.
            Self::SecurityObject => FileForm::new(0x011D, const { Sfi::new(0x1D) }, 0x77, 32 * KIB, Personal),
            Self::DataGroup(group) => {
                let (fid, sfi, bytes_max) = match group {
                    // 90 characters at most.
                    DataGroup::Mrz => (0x0101, const { Sfi::new(1) }, 256),
                    // 15 to 25 KiB are usual, 120 known.
                    DataGroup::Face => (0x0102, const { Sfi::new(2) }, FILE_BYTES_MAX),
                    DataGroup::SecurityInfos => (0x010E, const { Sfi::new(14) }, 8 * KIB),
                    DataGroup::ActiveAuthenticationKey => (0x010F, const { Sfi::new(15) }, 8 * KIB),
                };
                FileForm::new(fid, sfi, group.tag().0, bytes_max, Personal)
            }
        }
    }
}

const KIB: usize = 1024;

impl FileForm {
    pub(crate) const fn new(
        fid: u16,
        sfi: Sfi,
        tag: u32,
        bytes_max: usize,
        sensitivity: Sensitivity,
    ) -> Self {
        Self { fid, sfi, tag: Tag(tag), bytes_max, sensitivity }
    }
}

impl fmt::Display for MrtdFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CardAccess => f.write_str("EF.CardAccess"),
            Self::CardSecurity => f.write_str("EF.CardSecurity"),
            Self::Directory => f.write_str("EF.DIR"),
            Self::SecurityObject => f.write_str("EF.SOD"),
            Self::DataGroup(group) => write!(f, "EF.DG{}", group.number()),
        }
    }
}
