//! What the chip of a travel document is made of.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::{ChipKey, Cipher, Encoding, Group, Hash};
use crate::{apdu::sw, card::Interface};

/// Where a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Directory {
    /// The master file: EF.DIR, EF.ATR, EF.CardAccess, EF.CardSecurity.
    MasterFile,
    /// The eMRTD application A0000002471001 (ICAO Doc 9303-10).
    Lds1,
}

/// A file of the chip. Its short identifier is the lower byte of `fid`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId {
    /// Where it is.
    pub directory: Directory,
    /// File identifier.
    pub fid: u16,
}

/// What a chip is made of: files as bytes (whoever issues the document writes them), keys, and what is odd
/// about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChipProfile {
    /// All files, those that nobody may read included. EF.CardAccess, EF.DIR, EF.ATR and EF.CardSecurity are
    /// in the master file; the first three are readable for everybody, all else after PACE or BAC.
    pub files: BTreeMap<FileId, Vec<u8>>,
    /// Files that are there and refused with 6982 even after PACE or BAC: fingerprints and iris everywhere;
    /// data groups and EF.SOD of a Personalausweis of before August 2021.
    pub withheld: BTreeSet<FileId>,
    /// Applications that can be selected by their AID besides LDS1, for instance [`EID_AID`]; nothing in them
    /// is readable without terminal authentication.
    pub applications: Vec<Vec<u8>>,
    /// How a reader gets in.
    pub access: AccessProfile,
    /// Chip authentication version 1 (EF.DG14 announces it).
    pub chip_authentication: Option<ChipAuthentication>,
    /// Active authentication (EF.DG15 holds the public key).
    pub active_authentication: Option<ActiveAuthentication>,
    /// How the chip deviates from one by the book.
    pub quirks: Quirks,
    /// How it is read; nearly always over the air.
    pub interface: Interface,
    /// What nonces, challenges and ephemeral keys follow from; the document's number is a good choice.
    pub seed: String,
}

/// How a reader gets in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessProfile {
    /// What PACE is offered with; none, and EF.CardAccess is missing as well.
    pub pace: Vec<PaceOffer>,
    /// Basic access control is spoken.
    pub bac: bool,
    /// The six digits printed on the front; PACE's password 2.
    pub can: Option<String>,
    /// MRZ information (Doc 9303-11, 4.3.2): number (padded with `<` to nine), birth and expiry, each with
    /// its check digit. PACE's password 1, and the key of BAC.
    pub mrz_information: Vec<u8>,
    /// The static key of chip authentication mapping, whose public key is in EF.CardSecurity.
    pub mapping_key: Option<ChipKey>,
}

/// A variant of PACE that the chip offers, one PACEInfo of EF.CardAccess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaceOffer {
    /// How the nonce becomes a generator.
    pub mapping: Mapping,
    /// Cipher of nonce, tokens and the channel.
    pub cipher: Cipher,
    /// Domain parameters; their number is [`Group::parameter_id`].
    pub group: Group,
}

/// How PACE maps the nonce (Doc 9303-11, 4.4.3.3). Whether it is ECDH or DH, the group says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mapping {
    /// By another key agreement.
    Generic,
    /// By hashing into the group.
    Integrated,
    /// Generic, and the chip proves its static key by the way; ECDH and AES only.
    ChipAuthentication,
}

/// Chip authentication version 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChipAuthentication {
    /// Number of the key, if EF.DG14 gives one.
    pub key_id: Option<u8>,
    /// The chip's static key. On a clone it isn't the one whose public key EF.DG14 holds.
    pub key: ChipKey,
    /// Cipher of the new channel; with 3DES the agreement is MSE:Set KAT, else MSE:Set AT and GENERAL
    /// AUTHENTICATE.
    pub cipher: Cipher,
    /// How EF.DG14 writes the domain parameters of the public key.
    pub encoding: Encoding,
}

/// Active authentication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActiveAuthentication {
    /// ISO 9796-2 with message recovery (scheme 1).
    Rsa {
        /// Private key as PKCS#1 or PKCS#8 DER.
        key: Vec<u8>,
        /// Hash, told by the trailer: BC for SHA-1, 34CC for SHA-256 …
        hash: Hash,
    },
    /// ECDSA (BSI TR-03111).
    Ecdsa {
        /// Private key.
        key: ChipKey,
        /// Hash over the challenge, told by EF.DG14.
        hash: Hash,
        /// The signature comes as a DER SEQUENCE, as some chips have it, instead of r and s.
        der: bool,
    },
}

/// How a chip deviates from one by the book; the default is one by the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quirks {
    /// SELECT and MSE with an Le are refused with 6700, as by German documents.
    pub refuses_le_in_select: bool,
    /// Extended length is understood; else it is refused with 6700.
    pub extended_length: bool,
    /// READ BINARY gives at most so many bytes, and this happens beyond.
    pub maximum_read: Option<(usize, BeyondMaximum)>,
    /// Any refusal inside the channel ends it.
    pub loses_channel_on_error: bool,
    /// This file has no end: beyond its content it reads as zeros.
    pub endless_file: Option<FileId>,
    /// Every wrong password makes the next run of PACE slower by this much (at most [`MAX_DELAY`] in all);
    /// the right one makes it fast again.
    pub delay_after_wrong_password: Duration,
    /// Answer to SELECT of the master file (00A40000 or 00A4000C, with or without 3F00); unless it is 9000,
    /// nothing is selected by it. None: by the book.
    pub master_file_status: Option<u16>,
    /// Answer to EXTERNAL AUTHENTICATE with wrong keys: 6300, 6982 or 6985.
    pub bac_refusal: u16,
    /// MSE:Set AT without tag 84 is refused with 6A80 when PACE is offered with several domain parameters.
    pub requires_parameter_reference: bool,
}

/// What happens to READ BINARY with a larger Le than the chip likes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BeyondMaximum {
    /// 6700.
    WrongLength,
    /// 6Cxx, with the maximum in place of xx.
    ExactLength,
    /// As many bytes as the maximum is, with 6282 as if the file ended.
    EndOfFile,
    /// As many bytes as the maximum is, with 9000.
    Less,
}

/// The eMRTD application (ICAO Doc 9303-10, 3.2).
pub const LDS1_AID: [u8; 7] = [0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01];
/// The eID application of German cards (BSI TR-03110-4).
pub const EID_AID: [u8; 9] = [0xE8, 0x07, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x02];
/// The longest that wrong passwords make a chip wait.
pub const MAX_DELAY: Duration = Duration::from_secs(10);

impl FileId {
    /// A file of the master file.
    #[must_use]
    pub const fn master_file(fid: u16) -> Self {
        Self { directory: Directory::MasterFile, fid }
    }

    /// A file of the eMRTD application.
    #[must_use]
    pub const fn lds1(fid: u16) -> Self {
        Self { directory: Directory::Lds1, fid }
    }

    /// Data group 1 to 16.
    #[must_use]
    pub const fn data_group(number: u8) -> Self {
        Self::lds1(0x0100 + number as u16)
    }
}

impl Default for Quirks {
    fn default() -> Self {
        Self {
            refuses_le_in_select: false,
            extended_length: true,
            maximum_read: None,
            loses_channel_on_error: false,
            endless_file: None,
            delay_after_wrong_password: Duration::ZERO,
            master_file_status: None,
            bac_refusal: sw::AUTHENTICATION_FAILED,
            requires_parameter_reference: false,
        }
    }
}

/// id-PACE: bsi-de protocols(2) smartcard(2) 4 (TR-03110-3, A.1.1.1).
const PACE: [u8; 8] = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04];
/// id-CA: bsi-de protocols(2) smartcard(2) 3 (TR-03110-3, A.1.1.2).
const CHIP_AUTHENTICATION: [u8; 8] = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x03];

impl PaceOffer {
    /// The protocol's object identifier without tag and length.
    #[must_use]
    pub fn oid(&self) -> Vec<u8> {
        let variant = match (self.mapping, self.group) {
            (Mapping::Generic, Group::Dh(_)) => 1,
            (Mapping::Generic, Group::Ec(_)) => 2,
            (Mapping::Integrated, Group::Dh(_)) => 3,
            (Mapping::Integrated, Group::Ec(_)) => 4,
            (Mapping::ChipAuthentication, _) => 6,
        };
        [&PACE[..], &[variant, self.cipher.number()]].concat()
    }
}

impl ChipAuthentication {
    /// The protocol's object identifier without tag and length.
    #[must_use]
    pub fn oid(&self) -> Vec<u8> {
        let variant = match self.key.group {
            Group::Dh(_) => 1,
            Group::Ec(_) => 2,
        };
        [&CHIP_AUTHENTICATION[..], &[variant, self.cipher.number()]].concat()
    }
}
