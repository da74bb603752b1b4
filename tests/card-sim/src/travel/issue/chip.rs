//! The files and keys of a travel document's chip.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    active::{public_key_info, rsa_key},
    document::{Flaw, TravelDocument},
    lds, security_infos,
    security_object::{ef_card_security, ef_sod},
};
use crate::{
    card::{AnswerToReset, Card, Interface},
    egk::{ESIGN_AID, application_template},
    tlv::tlv,
    travel::{
        AccessProfile, ActiveAuthentication, ChipKey, ChipProfile, Directory, EID_AID, Encoding, FileId,
        LDS1_AID,
    },
};

/// EF.CardAccess.
const CARD_ACCESS: FileId = FileId::master_file(0x011C);
/// EF.CardSecurity.
const CARD_SECURITY: FileId = FileId::master_file(0x011D);
/// EF.DIR.
const DIRECTORY: FileId = FileId::master_file(0x2F00);
/// EF.ATR/INFO.
const INFORMATION: FileId = FileId::master_file(0x2F01);
/// EF.COM.
pub(crate) const COMMON: FileId = FileId::lds1(0x011E);
/// EF.SOD.
pub(crate) const SECURITY_OBJECT: FileId = FileId::lds1(0x011D);

/// Length that a file claims which isn't so long: 2 MiB.
const CLAIM: [u8; 4] = [0x83, 0x20, 0x00, 0x00];

impl TravelDocument {
    /// The chip in the document, powered off; of a document without chip, something that doesn't answer.
    #[must_use]
    pub fn card(&self) -> Card {
        if self.kind.has_chip() {
            self.chip().card()
        } else {
            Card::new(AnswerToReset::Silence, Vec::new()).over(Interface::Contactless)
        }
    }

    /// What its chip is made of.
    #[must_use]
    pub fn chip(&self) -> ChipProfile {
        let signed = self.data_groups();
        let listed: Vec<_> = signed
            .iter()
            .filter(|(number, _)| (*number, self.flaw) != (2, Some(Flaw::FaceNotListed)))
            .cloned()
            .collect();
        let mut files = self.master_files();
        files.extend(signed.iter().map(|(number, file)| (FileId::data_group(*number), file.clone())));
        files.insert(COMMON, self.common(&signed));
        files.insert(
            SECURITY_OBJECT,
            ef_sod(&self.signer.of(self.signed_by, self.today), &self.form, &listed),
        );
        let mut withheld = BTreeSet::new();
        if self.authorities_only {
            files.remove(&COMMON);
            withheld.extend(files.keys().filter(|file| file.directory == Directory::Lds1).copied());
        }
        if self.fingerprints {
            withheld.insert(FileId::data_group(3));
        }
        let mut quirks = self.quirks.clone();
        if self.flaw == Some(Flaw::EndlessFace) {
            quirks.endless_file = Some(FileId::data_group(2));
        }
        let mut chip = ChipProfile {
            files,
            withheld,
            applications: if self.eid { vec![EID_AID.to_vec(), ESIGN_AID.to_vec()] } else { Vec::new() },
            access: AccessProfile {
                pace: self.pace.clone(),
                bac: self.bac,
                can: self.can.clone(),
                mrz_information: self.zone_information(),
                mapping_key: self.mapping_key.clone(),
            },
            chip_authentication: self.chip_authentication.clone(),
            active_authentication: self.active_authentication.clone(),
            quirks,
            interface: Interface::Contactless,
            seed: self.number.clone(),
        };
        self.damage(&mut chip);
        chip
    }

    /// Data groups as they are signed.
    fn data_groups(&self) -> Vec<(u8, Vec<u8>)> {
        let mut groups = vec![(1, lds::zone(&self.zone())), (2, lds::face(self.face))];
        if self.fingerprints {
            // Nobody reads what is in it: the length of two fingers.
            groups.push((3, lds::data_group(3, &[0; 24_000])));
        }
        let infos = self.security_infos();
        if !infos.is_empty() {
            groups.push((14, lds::data_group(14, &security_infos::set(infos))));
        }
        if let Some(authentication) = &self.active_authentication {
            groups.push((15, lds::data_group(15, &public_key_info(authentication))));
        }
        groups
    }

    /// What DG14 tells; a chip without anything to tell has no such file.
    fn security_infos(&self) -> Vec<Vec<u8>> {
        let mut infos = Vec::new();
        if let Some(chip) = &self.chip_authentication {
            infos.push(security_infos::public_key(&chip.key, chip.encoding, chip.key_id));
            if !self.tells_key_only {
                infos.push(security_infos::chip_authentication(chip));
            }
        }
        infos.extend(self.active_authentication.as_ref().and_then(security_infos::active_authentication));
        if !infos.is_empty() {
            infos.extend(self.pace.iter().map(security_infos::pace));
            infos.extend(self.fingerprints.then(security_infos::terminal_authentication));
        }
        infos
    }

    fn common(&self, groups: &[(u8, Vec<u8>)]) -> Vec<u8> {
        let numbers: Vec<u8> = groups.iter().map(|(number, _)| *number).collect();
        let told = if self.flaw == Some(Flaw::PoorCommonFile) { numbers.get(..1) } else { None };
        lds::common(told.unwrap_or(&numbers))
    }

    fn master_files(&self) -> BTreeMap<FileId, Vec<u8>> {
        let mut files = BTreeMap::new();
        if self.quirks.extended_length {
            files.insert(INFORMATION, information());
        }
        if self.pace.is_empty() {
            return files;
        }
        let mut infos: Vec<_> = self.pace.iter().map(security_infos::pace).collect();
        if self.eid {
            infos.extend(self.chip_authentication.as_ref().map(security_infos::chip_authentication));
            infos.push(security_infos::terminal_authentication());
            let applications = [&LDS1_AID[..], &EID_AID, &ESIGN_AID].map(application_template);
            files.insert(DIRECTORY, applications.concat());
        }
        files.insert(CARD_ACCESS, security_infos::set(infos.clone()));
        let mapping = self
            .mapping_key
            .as_ref()
            .map(|key| security_infos::public_key(key, Encoding::Standardized, None));
        let eid = self.chip_authentication.as_ref().filter(|_| self.eid);
        let eid = eid.map(|chip| security_infos::public_key(&chip.key, Encoding::Standardized, chip.key_id));
        if mapping.is_some() || eid.is_some() {
            infos.extend(mapping.into_iter().chain(eid));
            let signer = self.signer.of(self.signed_by, self.today);
            files.insert(CARD_SECURITY, ef_card_security(&signer, &security_infos::set(infos)));
        }
        files
    }

    /// What is wrong after everything was signed.
    fn damage(&self, chip: &mut ChipProfile) {
        let mut replace = |file: FileId, bytes: Vec<u8>| chip.files.insert(file, bytes);
        match self.flaw {
            Some(Flaw::OtherZone) => {
                replace(FileId::data_group(1), lds::zone(&self.other_zone()));
            }
            Some(Flaw::OtherFace) => {
                replace(FileId::data_group(2), lds::face(lds::Face::Codestream));
            }
            Some(Flaw::ForgedSignature) => {
                chip.files.entry(SECURITY_OBJECT).and_modify(|file| {
                    file.iter_mut().rev().take(1).for_each(|byte| *byte ^= 1);
                });
            }
            Some(Flaw::HugeSecurityObject) => {
                replace(SECURITY_OBJECT, [&[0x77][..], &CLAIM, &[0x30; 64]].concat());
            }
            Some(Flaw::EndlessFace) => {
                replace(FileId::data_group(2), [&[0x75][..], &CLAIM, &[0x7F, 0x61]].concat());
            }
            Some(Flaw::NoCommonFile) => {
                chip.files.remove(&COMMON);
            }
            Some(Flaw::Clone) => self.replace_keys(chip),
            Some(Flaw::FaceNotListed | Flaw::PoorCommonFile) | None => {}
        }
    }

    /// The files are a genuine document's, the keys can't be.
    fn replace_keys(&self, chip: &mut ChipProfile) {
        let other = |key: &mut ChipKey| *key = self.key(key.group, "clone");
        chip.access.mapping_key.iter_mut().for_each(other);
        chip.chip_authentication.iter_mut().for_each(|chip| other(&mut chip.key));
        match &mut chip.active_authentication {
            Some(ActiveAuthentication::Ecdsa { key, .. }) => other(key),
            Some(ActiveAuthentication::Rsa { key, .. }) => *key = rsa_key("a clone", 1024),
            None => {}
        }
    }
}

/// EF.ATR/INFO: extended length is understood (ISO 7816-4, 12.7.1 and 12.1.1.9): card capabilities, and the
/// longest command and response.
fn information() -> Vec<u8> {
    let longest = [tlv(0x02, &[0x08, 0x00]), tlv(0x02, &[0x08, 0x00])].concat();
    [tlv(0x47, &[0x94, 0x01, 0x60]), tlv(0x7F66, &longest)].concat()
}
