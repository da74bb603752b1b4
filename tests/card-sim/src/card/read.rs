//! READ BINARY and READ RECORD (ISO 7816-4, 11.3 and 11.4; gemSpec_COS, 14.3 and 14.4).

use super::{Answer, Card, status};
use crate::{
    apdu::{Command, sw},
    files::{Access, Content, File},
};

impl Card {
    /// P1 `100sssss`: file by SFI and offset P2; else a 15-bit offset into the current file.
    pub(super) fn read_binary(&mut self, command: &Command<'_>) -> Answer {
        let offset = if command.p1 & 0x80 == 0 {
            usize::from(u16::from_be_bytes([command.p1, command.p2]))
        } else {
            if let Err(refusal) = self.select_by_sfi(command.p1 & 0x7F) {
                return status(refusal);
            }
            usize::from(command.p2)
        };
        let Some(ne) = command.ne else { return status(sw::WRONG_LENGTH) };
        let bytes = match self.readable().map(|file| &file.content) {
            Ok(Content::Transparent(bytes)) => bytes,
            Ok(Content::Records(_)) => return status(sw::WRONG_FILE_TYPE),
            Err(refusal) => return status(refusal),
        };
        match bytes.get(offset..) {
            None | Some([]) => status(sw::WRONG_OFFSET),
            Some(rest) if rest.len() < ne.bytes && !ne.wildcard => (rest.to_vec(), sw::END_OF_FILE),
            Some(rest) => (rest.iter().copied().take(ne.bytes).collect(), sw::OK),
        }
    }

    /// P1: record number from 1; P2 `sssss100`: by number in the file with this SFI, 0 the current one.
    pub(super) fn read_record(&mut self, command: &Command<'_>) -> Answer {
        if command.p2 & 0x07 != 0x04 || command.p1 == 0 {
            return status(sw::WRONG_P1_P2);
        }
        let sfi = command.p2 >> 3;
        if sfi != 0
            && let Err(refusal) = self.select_by_sfi(sfi)
        {
            return status(refusal);
        }
        let Some(ne) = command.ne else { return status(sw::WRONG_LENGTH) };
        let records = match self.readable().map(|file| &file.content) {
            Ok(Content::Records(records)) => records,
            Ok(Content::Transparent(_)) => return status(sw::WRONG_FILE_TYPE),
            Err(refusal) => return status(refusal),
        };
        match records.get(usize::from(command.p1) - 1) {
            None => status(sw::NO_RECORD),
            Some(record) if record.len() < ne.bytes && !ne.wildcard => (record.clone(), sw::END_OF_FILE),
            Some(record) => (record.iter().copied().take(ne.bytes).collect(), sw::OK),
        }
    }

    pub(super) fn select_by_sfi(&mut self, sfi: u8) -> Result<(), u16> {
        if !(1..=30).contains(&sfi) {
            return Err(sw::WRONG_P1_P2);
        }
        self.volatile.file = Some(self.files().iter().position(|file| file.sfi == sfi).ok_or(sw::NOT_FOUND)?);
        Ok(())
    }

    /// The current file, if its access rule lets it be read now.
    pub(super) fn readable(&self) -> Result<&File, u16> {
        let file = self.current().ok_or(sw::NO_CURRENT_EF)?;
        let deactivated = self.folders.get(self.volatile.folder).is_some_and(|folder| folder.deactivated);
        if !self.allows(file) || deactivated && !self.options.reads_deactivated {
            return Err(sw::SECURITY_STATUS);
        }
        Ok(file)
    }

    /// Whether the access rule is fulfilled.
    pub(super) fn allows(&self, file: &File) -> bool {
        match file.read {
            Access::Always => true,
            Access::Private => self.is_private(),
            Access::Protected => self.volatile.protected,
            Access::Never => false,
            Access::AfterAuthentication => self.is_private() && self.is_holder_present(),
        }
    }
}
