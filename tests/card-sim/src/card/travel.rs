//! The chip of a travel document (ICAO Doc 9303-10 and 9303-11, BSI TR-03110): its commands, and who may do
//! what.

mod active_authentication;
mod basic_access;
mod chip_authentication;
mod read;

use std::time::Duration;

use super::{
    Answer, Card, GENERAL_AUTHENTICATE, GET_CHALLENGE, INTERNAL_AUTHENTICATE, MANAGE_SECURITY_ENVIRONMENT,
    READ_BINARY, SELECT, status,
};
use crate::{
    apdu::{Command, sw},
    files::File,
    travel::{ActiveAuthentication, ChipAuthentication, MAX_DELAY, Quirks},
};
pub(crate) use basic_access::BasicAccess;

const EXTERNAL_AUTHENTICATE: u8 = 0x82;
/// With the offset as a data object.
const READ_BINARY_OF_LONG_FILES: u8 = 0xB1;

/// What the chip of a travel document has besides files and PACE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chip {
    pub(crate) basic_access: Option<BasicAccess>,
    pub(crate) chip_authentication: Option<ChipAuthentication>,
    pub(crate) active_authentication: Option<ActiveAuthentication>,
    pub(crate) quirks: Quirks,
    /// Folder and identifier of the file that has no end.
    pub(crate) endless_file: Option<(usize, u16)>,
}

/// What happened on the chip since it was powered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Progress {
    /// The challenge that BAC answers.
    challenge: Option<Vec<u8>>,
    /// Chip authentication was chosen.
    chip_authentication: bool,
    /// Response data that fit into the protected answer to the command being executed.
    pub(super) room: Option<usize>,
}

impl Card {
    pub(super) fn dispatch_travel(&mut self, chip: &Chip, command: &Command<'_>) -> Answer {
        let challenge = self.volatile.travel.challenge.take();
        let chosen = std::mem::take(&mut self.volatile.travel.chip_authentication);
        match (command.cla, command.ins) {
            (0x00, MANAGE_SECURITY_ENVIRONMENT) => self.manage_travel_environment(chip, command),
            (0x00, EXTERNAL_AUTHENTICATE) => self.external_authenticate(chip, challenge, command),
            (0x00, GET_CHALLENGE) => self.give_challenge(chip, command),
            (0x00, GENERAL_AUTHENTICATE) if chosen => self.authenticate_chip(chip, command),
            (0x00 | 0x10, GENERAL_AUTHENTICATE) => self.general_authenticate(command),
            (0x00, INTERNAL_AUTHENTICATE) => self.authenticate_actively(chip, command),
            (0x00, SELECT) => self.select_travel(chip, command),
            (0x00, READ_BINARY) => self.read_by_offset(chip, command),
            (0x00, READ_BINARY_OF_LONG_FILES) => self.read_by_offset_object(chip, command),
            (0x00, _) => status(sw::NO_INSTRUCTION),
            _ => status(sw::NO_CLASS),
        }
    }

    /// P1 C1 for PACE, 41 for chip authentication.
    fn manage_travel_environment(&mut self, chip: &Chip, command: &Command<'_>) -> Answer {
        if chip.quirks.refuses_le_in_select && command.ne.is_some() {
            return status(sw::WRONG_LENGTH);
        }
        match (command.p1, command.p2) {
            (0xC1, 0xA4) => self.choose_pace(command),
            (0x41, 0xA4) => self.choose_chip_authentication(chip, command),
            (0x41, 0xA6) => self.agree_with_chip(chip, command),
            _ => status(sw::WRONG_P1_P2),
        }
    }

    /// P1 04: application; P1 02: file in the current folder; P1 00, or 04 without data: the master file.
    fn select_travel(&mut self, chip: &Chip, command: &Command<'_>) -> Answer {
        if chip.quirks.refuses_le_in_select && command.ne.is_some() {
            return status(sw::WRONG_LENGTH);
        }
        let wants_parameters = match command.p2 {
            0x0C => false,
            0x00 | 0x04 => true,
            _ => return status(sw::WRONG_P1_P2),
        };
        match (command.p1, command.data) {
            (0x00, [] | [0x3F, 0x00]) | (0x04, []) => match chip.quirks.master_file_status {
                Some(word) if word != sw::OK => status(word),
                Some(_) | None => self.select_folder(0, wants_parameters, command),
            },
            (0x00, _) => status(sw::NOT_FOUND),
            (0x04, aid) => match self.folders.iter().position(|folder| folder.aid == aid) {
                Some(folder) => self.select_folder(folder, wants_parameters, command),
                None => status(sw::NOT_FOUND),
            },
            // Even selecting a file that may not be read is refused (Doc 9303-11, 4.1).
            (0x02, &[high, low]) if self.is_refused(u16::from_be_bytes([high, low])) => {
                status(sw::SECURITY_STATUS)
            }
            (0x02, _) => self.select_file(wants_parameters, command),
            _ => status(sw::WRONG_P1_P2),
        }
    }

    fn is_refused(&self, fid: u16) -> bool {
        let refused = |file: &File| file.fid == fid && !self.allows(file);
        self.files().iter().any(refused)
    }

    /// A chip that was given wrong passwords takes its time (TR-03110-2, 3.2: no password of PACE but the PIN
    /// is ever blocked).
    pub(super) fn hesitate(&mut self) {
        let delay = self.chip.as_ref().map_or(Duration::ZERO, |chip| chip.quirks.delay_after_wrong_password);
        self.pause = (delay * self.failures).min(MAX_DELAY);
    }

    /// Counts the wrong passwords.
    pub(super) fn authenticated(&mut self, right: bool) {
        self.failures = if right { 0 } else { self.failures.saturating_add(1) };
    }
}

#[cfg(test)]
mod tests;
