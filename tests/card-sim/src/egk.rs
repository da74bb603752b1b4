//! The electronic health card: a persona as the files of a card image (gemSpec_eGK_ObjSys,
//! gemSpec_eGK_Fach_VSDM).

use std::io::Write;

use flate2::{Compression, GzBuilder, write::GzEncoder};
use jiff::{
    ToSpan,
    civil::{Date, DateTime},
};

use crate::{
    card::{AnswerToReset, Card, Options},
    damage::Damage,
    files::{Access, File, Folder},
    persona::Persona,
    tlv::tlv,
    vsd::{Style, iso_8859_15},
};

/// Application identifier of the root.
pub const ROOT_AID: [u8; 7] = [0xD2, 0x76, 0x00, 0x01, 0x44, 0x80, 0x00];
/// Application identifier of DF.HCA, the health care application.
pub const HCA_AID: [u8; 6] = [0xD2, 0x76, 0x00, 0x00, 0x01, 0x02];

/// Bytes reserved for EF.PD.
pub const PD_RESERVED: u16 = 850;
/// Bytes reserved for EF.VD.
pub const VD_RESERVED: u16 = 1250;
/// Bytes reserved for EF.GVD.
const GVD_RESERVED: u16 = 600;

/// Which product type the card is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectSystem {
    /// G2: product type version 4.3.2.
    G2,
    /// G2.1: product type version 4.5.2.
    G21,
    /// G3: product type version 5.0.0.
    G3,
}

/// What a health card is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthCard {
    /// Whose card it is.
    pub persona: Persona,
    /// Generation.
    pub object_system: ObjectSystem,
    /// When the data was last updated (EF.StatusVD).
    pub updated: DateTime,
    /// EF.StatusVD says that an update was interrupted.
    pub transaction_open: bool,
    /// EF.VD carries a copy of the protected data; else its pointers are `FFFF`.
    pub protected_copy: bool,
    /// Files are filled with zeros up to the reserved size.
    pub zero_filled: bool,
    /// The insurer deactivated DF.HCA.
    pub deactivated: bool,
    /// How the XML is written.
    pub style: Style,
    /// What is wrong with the data.
    pub damage: Option<Damage>,
    /// How the card deviates from one by the book.
    pub options: Options,
}

impl ObjectSystem {
    /// Product type version of the object system: major, minor, fix.
    #[must_use]
    pub fn version(self) -> [u8; 3] {
        match self {
            Self::G2 => [4, 3, 2],
            Self::G21 => [4, 5, 2],
            Self::G3 => [5, 0, 0],
        }
    }

    /// Answers to reset as cards of the generation give them; they don't identify a health card.
    fn answer_to_reset(self) -> Vec<u8> {
        match self {
            Self::G2 => vec![0x3B, 0xD0, 0x96, 0xFF, 0x81, 0xB1, 0xFE, 0x45, 0x1F, 0x07, 0x2A],
            Self::G21 => {
                vec![0x3B, 0xD3, 0x96, 0xFF, 0x81, 0xB1, 0xFE, 0x45, 0x1F, 0x07, 0x80, 0x81, 0x05, 0x2D]
            }
            Self::G3 => vec![0x3B, 0xD0, 0x97, 0xFF, 0x81, 0xB1, 0xFE, 0x45, 0x1F, 0x07, 0x2B],
        }
    }
}

impl HealthCard {
    /// A G2.1 card in order, updated some weeks before `today`.
    #[must_use]
    pub fn new(persona: Persona, today: Date) -> Self {
        Self {
            persona,
            object_system: ObjectSystem::G21,
            updated: today.saturating_sub(6.weeks()).at(9, 14, 54, 0),
            transaction_open: false,
            protected_copy: true,
            zero_filled: false,
            deactivated: false,
            style: Style::default(),
            damage: None,
            options: Options::default(),
        }
    }

    /// The card with its file system.
    #[must_use]
    pub fn card(&self) -> Card {
        let version = self.object_system.version();
        let root = Folder {
            aid: ROOT_AID.to_vec(),
            fid: Some(0x3F00),
            deactivated: false,
            files: vec![
                File::transparent(0x2F01, 0x1D, 134, ef_atr(version, self.options.short_only)),
                File::transparent(0x011C, 0x1C, 22, CARD_ACCESS.to_vec()),
                File::records(0x2F10, 0x10, EF_VERSION.map(Vec::from).to_vec()),
                File::transparent(0x2F11, 0x11, 60, ef_version2(version)),
                File::records(0x2F00, 0x1E, [&ROOT_AID[..], &HCA_AID].map(application_template).to_vec()),
                File::transparent(0x2F02, 0x02, 12, ef_gdo(&self.persona.iccsn)),
            ],
        };
        let health_care = Folder {
            aid: HCA_AID.to_vec(),
            fid: None,
            deactivated: self.deactivated,
            files: vec![
                self.data_file(0xD001, 0x01, PD_RESERVED, self.ef_pd()),
                self.data_file(0xD002, 0x02, VD_RESERVED, self.ef_vd()),
                File {
                    read: Access::AfterAuthentication,
                    ..self.data_file(0xD003, 0x03, GVD_RESERVED, with_length(&self.protected_gzip()))
                },
                File::transparent(0xD00C, 0x0C, 25, self.ef_status_vd()),
            ],
        };
        let answer_to_reset = AnswerToReset::Bytes(self.object_system.answer_to_reset());
        Card::new(answer_to_reset, vec![root, health_care]).with_options(self.options)
    }

    /// The bytes of the XML that EF.PD holds compressed.
    #[must_use]
    pub fn pd_xml(&self) -> Vec<u8> {
        let xml = iso_8859_15(&self.style.personal_data(&self.persona));
        match self.damage {
            Some(damage) => damage.of_xml(xml),
            None => xml,
        }
    }

    /// The bytes of the XML that EF.VD holds compressed.
    #[must_use]
    pub fn vd_xml(&self) -> Vec<u8> {
        iso_8859_15(&self.style.insurance_data(&self.persona))
    }

    /// EF.PD: length and gzip stream.
    fn ef_pd(&self) -> Vec<u8> {
        match self.damage {
            Some(damage) => damage.of_file(&self.pd_xml()),
            None => with_length(&gzip(&self.pd_xml(), Compression::default())),
        }
    }

    /// EF.VD: where the two gzip streams start and end (inclusive, from the file's start), then the streams.
    fn ef_vd(&self) -> Vec<u8> {
        const HEADER: usize = 8;
        let insurance = gzip(&self.vd_xml(), Compression::default());
        let protected = if self.protected_copy { self.protected_gzip() } else { Vec::new() };
        let second = HEADER + insurance.len();
        let pointers = [HEADER, second - 1, second, second + protected.len() - 1];
        let mut file: Vec<u8> = pointers.into_iter().flat_map(two_bytes).collect();
        if protected.is_empty() {
            file[4..].fill(0xFF);
        }
        [file, insurance, protected].concat()
    }

    fn protected_gzip(&self) -> Vec<u8> {
        gzip(&iso_8859_15(&self.style.protected_data()), Compression::default())
    }

    /// EF.StatusVD: status, time of the last update, versions of schema (5.2.0) and storage structure
    /// (3.0.4).
    fn ef_status_vd(&self) -> Vec<u8> {
        let status = if self.transaction_open { '1' } else { '0' };
        let mut file = format!("{status}{}", self.updated.strftime("%Y%m%d%H%M%S")).into_bytes();
        file.extend([0x00, 0x50, 0x02, 0x00, 0x00, 0x00, 0x30, 0x00, 0x00, 0x04]);
        file
    }

    fn data_file(&self, fid: u16, sfi: u8, reserved: u16, mut bytes: Vec<u8>) -> File {
        if self.zero_filled {
            bytes.resize(usize::from(reserved), 0);
        }
        File::transparent(fid, sfi, reserved, bytes)
    }
}

/// The one PACE parameter set of all health cards: id-PACE-ECDH-GM-AES-CBC-CMAC-128, version 2,
/// brainpoolP256r1.
const CARD_ACCESS: [u8; 22] = [
    0x31, 0x14, 0x30, 0x12, 0x06, 0x0A, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02, 0x02, 0x02,
    0x01, 0x02, 0x02, 0x01, 0x0D,
];

/// EF.Version, kept for old readers: three versions 4.0.0 in packed decimal (3, 3 and 4 digits) and an empty
/// one.
const EF_VERSION: [[u8; 5]; 4] =
    [[0x00, 0x40, 0x00, 0x00, 0x00], [0x00, 0x40, 0x00, 0x00, 0x00], [0x00, 0x40, 0x00, 0x00, 0x00], [0; 5]];

/// Product identifier: five bytes manufacturer, eight product, three version.
fn product(version: [u8; 3]) -> Vec<u8> {
    [&b"BIRDSSIMULATE"[..], &version].concat()
}

/// EF.Version2 (gemSpec_eGK_ObjSys): filling rules, product type version, product identifier.
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
fn ef_atr(version: [u8; 3], short_only: bool) -> Vec<u8> {
    let (command, response): (&[u8], &[u8]) =
        if short_only { (&[0x01, 0x05], &[0x01, 0x02]) } else { (&[0x08, 0x09], &[0x00, 0x80, 0x02]) };
    let sizes = [tlv(0x02, command), tlv(0x02, response), tlv(0x02, command), tlv(0x02, command)].concat();
    let objects = [tlv(0xE0, &sizes), tlv(0xD0, &[4, 3, 0]), tlv(0xD4, &product(version))];
    objects.concat()
}

/// EF.GDO: the card's number in packed decimal.
pub(crate) fn ef_gdo(iccsn: &str) -> Vec<u8> {
    let digits: Vec<u8> = iccsn.bytes().map(|digit| digit.wrapping_sub(b'0')).collect();
    tlv(
        0x5A,
        &digits
            .chunks(2)
            .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit))
            .collect::<Vec<_>>(),
    )
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

#[cfg(test)]
mod tests;
