//! What was read on the way, put together file by file and understood where `egk` can.

use anyhow::{Result, anyhow};
use egk::{EgkFile, Iccsn, InsuranceData, ObjectSystem, PersonalData, Problem, StatusVd};
use smartcard::{CommandApdu, ResponseApdu, StatusWord, pace};
use zeroize::Zeroizing;

/// AID of DF.HCA (gemSpec_eGK_ObjSys).
const HEALTH_CARE_APPLICATION: [u8; 6] = [0xD2, 0x76, 0x00, 0x00, 0x01, 0x02];

/// The files of a conversation.
#[derive(Default)]
pub(crate) struct Files {
    in_health_care: bool,
    current: Option<EgkFile>,
    read: Vec<(EgkFile, Zeroizing<Vec<u8>>)>,
}

impl Files {
    /// Follows what is selected, and keeps what is read from the beginning of a file on.
    pub(crate) fn note(&mut self, command: &CommandApdu, response: &ResponseApdu) {
        match command.header() {
            [_, 0xA4, 0x04, _] if !response.status.is_error() => {
                self.in_health_care = command.data() == HEALTH_CARE_APPLICATION;
                self.current = None;
            }
            [_, 0xA4, 0x02, _] if !response.status.is_error() => self.current = by_identifier(command.data()),
            [_, 0xB0, p1, p2] => {
                if p1 & 0x80 != 0 {
                    self.current = self.by_short_identifier(p1 & 0x1F);
                }
                let offset = if p1 & 0x80 == 0 { u16::from_be_bytes([p1, p2]) } else { u16::from(p2) };
                if matches!(response.status, StatusWord::OK | StatusWord::END_OF_FILE) {
                    self.keep(usize::from(offset), &response.data);
                }
            }
            _ => {}
        }
    }

    fn keep(&mut self, offset: usize, piece: &[u8]) {
        let Some(file) = self.current else { return };
        if offset == 0 {
            self.read.retain(|(known, _)| *known != file);
            self.read.push((file, Zeroizing::new(Vec::new())));
        }
        let bytes = self.read.iter_mut().find(|(known, _)| *known == file);
        if let Some((_, bytes)) = bytes.filter(|(_, bytes)| bytes.len() == offset) {
            bytes.extend_from_slice(piece);
        }
    }

    fn by_short_identifier(&self, sfi: u8) -> Option<EgkFile> {
        match (self.in_health_care, sfi) {
            (false, 0x11) => Some(EgkFile::Version2),
            (false, 0x02) => Some(EgkFile::Gdo),
            (false, 0x1C) => Some(EgkFile::CardAccess),
            (false, 0x1D) => Some(EgkFile::Atr),
            (true, 0x01) => Some(EgkFile::Pd),
            (true, 0x02) => Some(EgkFile::Vd),
            (true, 0x0C) => Some(EgkFile::StatusVd),
            _ => None,
        }
    }

    /// What each file is understood as, without what it says.
    pub(crate) fn parse(&self) -> Result<Vec<String>> {
        let told = |(file, bytes): &(EgkFile, Zeroizing<Vec<u8>>)| {
            let what =
                understood(*file, bytes).map_err(|problem| anyhow!("{file} is malformed: {problem}"))?;
            Ok(format!("{file}, {} bytes: {what}", bytes.len()))
        };
        self.read.iter().map(told).collect()
    }
}

fn by_identifier(identifier: &[u8]) -> Option<EgkFile> {
    match identifier {
        [0x01, 0x1C] => Some(EgkFile::CardAccess),
        [0x2F, 0x01] => Some(EgkFile::Atr),
        [0x2F, 0x11] => Some(EgkFile::Version2),
        [0x2F, 0x02] => Some(EgkFile::Gdo),
        [0xD0, 0x01] => Some(EgkFile::Pd),
        [0xD0, 0x02] => Some(EgkFile::Vd),
        [0xD0, 0x0C] => Some(EgkFile::StatusVd),
        _ => None,
    }
}

fn understood(file: EgkFile, bytes: &[u8]) -> Result<String, Problem> {
    Ok(match file {
        EgkFile::Version2 => match ObjectSystem::parse(bytes)? {
            Some(system) => format!("object system {}, {}", system.product_type_version, system.generation()),
            None => "older than generation 2".to_owned(),
        },
        EgkFile::Atr => "lengths".to_owned(),
        EgkFile::CardAccess => match pace::parse_card_access(bytes) {
            Ok(_) => "PACE".to_owned(),
            Err(error) => error.to_string(),
        },
        EgkFile::Gdo => Iccsn::parse_gdo(bytes).map(|_| "a card number".to_owned())?,
        EgkFile::StatusVd => StatusVd::parse(bytes).map(|_| "a status".to_owned())?,
        EgkFile::Pd => PersonalData::parse(bytes).map(|_| "personal data".to_owned())?,
        EgkFile::Vd => InsuranceData::parse(bytes).map(|_| "insurance data".to_owned())?,
    })
}
