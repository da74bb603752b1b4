//! A chip made from its profile.

use super::{AccessProfile, ChipProfile, Directory, FileId, LDS1_AID};
use crate::{
    apdu::sw,
    card::{
        AnswerToReset, BasicAccess, CAN, Card, Chip, Interface, MRZ, Options, PaceAccess, ParameterReference,
        Secrets,
    },
    files::{Access, File, Folder},
};

/// The answer to reset of a contactless document as readers make it (PC/SC part 3, 3.1.3.2.3).
const CONTACTLESS_ATR: [u8; 15] =
    [0x3B, 0x8A, 0x80, 0x01, 0x80, 0x31, 0xF8, 0x73, 0xF7, 0x41, 0xE0, 0x82, 0x90, 0x00, 0x75];
/// One of a chip with contacts: T=1, the same historical bytes.
const CONTACT_ATR: [u8; 14] =
    [0x3B, 0x8A, 0x01, 0x80, 0x31, 0xF8, 0x73, 0xF7, 0x41, 0xE0, 0x82, 0x90, 0x00, 0xF5];

/// Files of the master file that everybody may read: EF.CardAccess, EF.DIR, EF.ATR.
const OPEN: [FileId; 3] =
    [FileId::master_file(0x011C), FileId::master_file(0x2F00), FileId::master_file(0x2F01)];

impl ChipProfile {
    /// The chip, powered off.
    #[must_use]
    pub fn card(&self) -> Card {
        let master_file = self.folder(Directory::MasterFile, Vec::new(), Some(0x3F00));
        let lds1 = self.folder(Directory::Lds1, LDS1_AID.to_vec(), None);
        let others = self.applications.iter().map(|aid| Folder {
            aid: aid.clone(),
            fid: None,
            deactivated: false,
            files: Vec::new(),
        });
        let folders: Vec<_> = [master_file, lds1].into_iter().chain(others).collect();
        let answer_to_reset = AnswerToReset::Bytes(match self.interface {
            Interface::Contact => CONTACT_ATR.to_vec(),
            Interface::Contactless => CONTACTLESS_ATR.to_vec(),
        });
        Card::new(answer_to_reset, folders)
            .with_options(Options { short_only: !self.quirks.extended_length, ..Options::default() })
            .with_secrets(Secrets { pace: self.pace(), ..Secrets::default() })
            .with_chip(self.chip(), self.interface)
            .seeded(&self.seed)
    }

    fn folder(&self, directory: Directory, aid: Vec<u8>, fid: Option<u16>) -> Folder {
        let files = self.files.iter().filter(|(id, _)| id.directory == directory);
        let files = files.map(|(id, bytes)| {
            let [_, low] = id.fid.to_be_bytes();
            let reserved = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
            let read = match id {
                id if self.withheld.contains(id) => Access::Never,
                id if OPEN.contains(id) => Access::Always,
                _ => Access::Protected,
            };
            // EF.DIR and EF.ATR have other short identifiers than their lower byte (ISO 7816-4, 12.2).
            let sfi = match id.fid {
                0x2F00 => 0x1E,
                0x2F01 => 0x1D,
                _ => low & 0x1F,
            };
            File { read, ..File::transparent(id.fid, sfi, reserved, bytes.clone()) }
        });
        Folder { aid, fid, deactivated: false, files: files.collect() }
    }

    fn pace(&self) -> Option<PaceAccess> {
        let access = &self.access;
        let groups = access.pace.iter().map(|offer| offer.group.parameter_id());
        let several = groups.clone().any(|group| Some(group) != groups.clone().next());
        let required = several && self.quirks.requires_parameter_reference;
        (!access.pace.is_empty()).then(|| PaceAccess {
            offers: access.pace.clone(),
            passwords: passwords(access),
            mapping_key: access.mapping_key.clone(),
            parameter_reference: if required {
                ParameterReference::Required
            } else {
                ParameterReference::Optional
            },
            unknown: sw::NO_KEY,
        })
    }

    fn chip(&self) -> Chip {
        Chip {
            basic_access: self.access.bac.then(|| BasicAccess::new(&self.access.mrz_information)),
            chip_authentication: self.chip_authentication.clone(),
            active_authentication: self.active_authentication.clone(),
            quirks: self.quirks.clone(),
            endless_file: self.quirks.endless_file.map(|id| match id.directory {
                Directory::MasterFile => (0, id.fid),
                Directory::Lds1 => (1, id.fid),
            }),
        }
    }
}

/// Of the zone its hash is the password, of the access number the number itself (Doc 9303-11, 9.7.3).
fn passwords(access: &AccessProfile) -> Vec<(u8, Vec<u8>)> {
    let zone = Some(&access.mrz_information).filter(|zone| !zone.is_empty());
    let zone = zone.map(|zone| (MRZ, openssl::sha::sha1(zone).to_vec()));
    let number = access.can.as_ref().map(|can| (CAN, can.as_bytes().to_vec()));
    zone.into_iter().chain(number).collect()
}
