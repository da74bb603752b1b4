//! The electronic health card: a persona as the files of a card image (gemSpec_eGK_ObjSys,
//! gemSpec_eGK_Fach_VSDM).

mod files;
mod proofs;

use flate2::Compression;
use jiff::{
    ToSpan,
    civil::{Date, DateTime},
};

use crate::{
    card::{AnswerToReset, Card, Options},
    damage::Damage,
    files::{Access, File, Folder},
    persona::Persona,
    pin::Pin,
    vsd::{Style, iso_8859_15},
};
pub(crate) use files::{application_template, ef_gdo, ef_version2, gzip, two_bytes, with_length};
use files::{ef_atr, ef_card_access, ef_version};
pub use proofs::{Flaw, HolderCertificates};

/// Application identifier of the root.
pub const ROOT_AID: [u8; 7] = [0xD2, 0x76, 0x00, 0x01, 0x44, 0x80, 0x00];
/// Application identifier of DF.HCA, the health care application.
pub const HCA_AID: [u8; 6] = [0xD2, 0x76, 0x00, 0x00, 0x01, 0x02];
/// Application identifier of DF.ESIGN, the cardholder's certificates and keys.
pub const ESIGN_AID: [u8; 10] = [0xA0, 0x00, 0x00, 0x01, 0x67, 0x45, 0x53, 0x49, 0x47, 0x4E];
/// The card access number of most simulated cards, as of gematik's test cards.
pub const CAN: &str = "123123";

/// Bytes reserved for EF.PD.
pub const PD_RESERVED: u16 = 850;
/// Bytes reserved for EF.VD.
pub const VD_RESERVED: u16 = 1250;
/// Bytes reserved for EF.GVD.
const GVD_RESERVED: u16 = 600;

/// Which product type the card is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectSystem {
    /// G1: no EF.Version2; withdrawn since 2019.
    G1,
    /// G2: product type version 4.3.2; no PACE.
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
    /// The day on which the card is as it is described here: certificates are valid relative to it.
    pub today: Date,
    /// The card access number printed on it, for reading over the air.
    pub can: String,
    /// The cardholder's PIN.
    pub pin: Pin,
    /// Which certificates of the cardholder there are.
    pub certificates: HolderCertificates,
    /// What is wrong with certificates or keys.
    pub flaw: Option<Flaw>,
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
            Self::G1 => [3, 0, 2],
            Self::G2 => [4, 3, 2],
            Self::G21 => [4, 5, 2],
            Self::G3 => [5, 0, 0],
        }
    }

    /// Answers to reset as cards of the generation give them; they don't identify a health card.
    fn answer_to_reset(self) -> Vec<u8> {
        match self {
            Self::G1 => vec![
                0x3B, 0xDD, 0x96, 0xFF, 0x81, 0xB1, 0xFE, 0x45, 0x1F, 0x03, 0x00, 0x64, 0x04, 0x05, 0x08,
                0x03, 0x73, 0x96, 0x21, 0xD0, 0x00, 0x90, 0x00, 0xC9,
            ],
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
            today,
            can: CAN.to_owned(),
            pin: Pin::default(),
            certificates: HolderCertificates::OfGeneration,
            flaw: None,
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
        let root = Folder {
            aid: ROOT_AID.to_vec(),
            fid: Some(0x3F00),
            deactivated: false,
            files: self.root_files(),
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
        let signature = Folder {
            aid: ESIGN_AID.to_vec(),
            fid: None,
            deactivated: false,
            files: self.holder_certificates(),
        };
        let answer_to_reset = AnswerToReset::Bytes(self.object_system.answer_to_reset());
        Card::new(answer_to_reset, vec![root, health_care, signature])
            .with_options(self.options)
            .with_secrets(self.secrets())
            .seeded(&self.persona.iccsn)
    }

    fn root_files(&self) -> Vec<File> {
        let generation = self.object_system;
        let version = generation.version();
        let applications = [&ROOT_AID[..], &HCA_AID, &ESIGN_AID].map(application_template);
        let mut files = vec![
            File::transparent(0x2F01, 0x1D, 134, ef_atr(version, self.options.short_only)).open(),
            File::records(0x2F10, 0x10, ef_version(generation)).open(),
            File::records(0x2F00, 0x1E, applications.to_vec()),
            File::transparent(0x2F02, 0x02, 12, ef_gdo(&self.persona.iccsn)),
        ];
        if generation != ObjectSystem::G1 {
            files.push(File::transparent(0x2F11, 0x11, 60, ef_version2(version)).open());
            files.extend(self.card_certificates());
        }
        if self.has_pace() {
            files.push(File::transparent(0x011C, 0x1C, 22, ef_card_access()).open());
        }
        files
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
        gzip(&iso_8859_15(&self.style.protected_data(&self.persona)), Compression::default())
    }

    /// EF.StatusVD: status, time of the last update, versions of schema (5.2.0) and storage structure
    /// (3.0.4, from G2 on).
    fn ef_status_vd(&self) -> Vec<u8> {
        let status = if self.transaction_open { '1' } else { '0' };
        let mut file = format!("{status}{}", self.updated.strftime("%Y%m%d%H%M%S")).into_bytes();
        file.extend([0x00, 0x50, 0x02, 0x00, 0x00]);
        if self.object_system != ObjectSystem::G1 {
            file.extend([0x00, 0x30, 0x00, 0x00, 0x04]);
        }
        file
    }

    fn data_file(&self, fid: u16, sfi: u8, reserved: u16, mut bytes: Vec<u8>) -> File {
        if self.zero_filled {
            bytes.resize(usize::from(reserved), 0);
        }
        File::transparent(fid, sfi, reserved, bytes)
    }
}

#[cfg(test)]
mod tests;
