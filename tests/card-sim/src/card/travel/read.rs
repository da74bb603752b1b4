//! READ BINARY of travel documents (Doc 9303-10, 3.6.3): as of other cards, but with offsets beyond 32,767,
//! with what fits into a protected response, and with the limits of real chips.

use super::{Card, Chip};
use crate::{
    apdu::{Command, Ne, sw},
    card::{Answer, status},
    files::Content,
    tlv::{only, tlv},
    travel::BeyondMaximum,
};

/// Offset data object in a command, discretionary data in the response.
const OFFSET: u32 = 0x54;
const DISCRETIONARY: u32 = 0x53;
/// Offsets are of at most four bytes.
const MAX_OFFSET_LENGTH: usize = 4;

impl Card {
    /// INS B0. P1 `100sssss`: file by SFI and offset P2; else a 15-bit offset into the current file.
    pub(super) fn read_by_offset(&mut self, chip: &Chip, command: &Command<'_>) -> Answer {
        let offset = if command.p1 & 0x80 == 0 {
            usize::from(u16::from_be_bytes([command.p1, command.p2]))
        } else {
            if let Err(refusal) = self.select_by_sfi(command.p1 & 0x7F) {
                return status(refusal);
            }
            usize::from(command.p2)
        };
        let Some(ne) = command.ne else { return status(sw::WRONG_LENGTH) };
        self.read_current(chip, offset, ne, |room| room)
    }

    /// INS B1. P1-P2: 0 for the current file, else SFI; the offset comes as a data object, the answer as one,
    /// too.
    pub(super) fn read_by_offset_object(&mut self, chip: &Chip, command: &Command<'_>) -> Answer {
        match (command.p1, command.p2) {
            (0, 0) => {}
            (0, sfi) => {
                if let Err(refusal) = self.select_by_sfi(sfi) {
                    return status(refusal);
                }
            }
            _ => return status(sw::WRONG_P1_P2),
        }
        let offset = only(command.data, OFFSET).filter(|offset| offset.len() <= MAX_OFFSET_LENGTH);
        let Some(offset) = offset else { return status(sw::WRONG_DATA) };
        let offset = offset.iter().fold(0, |offset, byte| offset << 8 | usize::from(*byte));
        let Some(ne) = command.ne else { return status(sw::WRONG_LENGTH) };
        let (data, word) = self.read_current(chip, offset, ne, within_object);
        let data = if data.is_empty() { data } else { tlv(DISCRETIONARY, &data) };
        (data, word)
    }

    /// `content` says how many of so many bytes of response data are of the file.
    fn read_current(&self, chip: &Chip, offset: usize, ne: Ne, content: fn(usize) -> usize) -> Answer {
        let bytes = match self.readable().map(|file| &file.content) {
            Ok(Content::Transparent(bytes)) => bytes,
            Ok(Content::Records(_)) => return status(sw::WRONG_FILE_TYPE),
            Err(refusal) => return status(refusal),
        };
        let (most, exhausted) = match self.most(chip, ne) {
            Ok((most, exhausted)) => (content(most), exhausted),
            Err(refusal) => return status(refusal),
        };
        let rest = bytes.get(offset..).unwrap_or_default();
        let mut data: Vec<u8> = rest.iter().copied().take(most).collect();
        if self.is_endless(chip) {
            data.resize(most, 0);
            return (data, sw::OK);
        }
        match data.len() {
            0 => status(sw::WRONG_OFFSET),
            _ if exhausted => (data, sw::END_OF_FILE),
            length if length < most && !ne.wildcard => (data, sw::END_OF_FILE),
            _ => (data, sw::OK),
        }
    }

    /// The most response data, and whether the chip pretends that the file ends there.
    fn most(&self, chip: &Chip, ne: Ne) -> Result<(usize, bool), u16> {
        let Some(room) = self.volatile.travel.room else { return Ok((ne.bytes, false)) };
        let (most, exhausted) = match chip.quirks.maximum_read {
            Some((maximum, beyond)) if ne.bytes > maximum => match beyond {
                BeyondMaximum::WrongLength => return Err(sw::WRONG_LENGTH),
                BeyondMaximum::ExactLength => {
                    return Err(u16::from_be_bytes([0x6C, u8::try_from(maximum).unwrap_or_default()]));
                }
                BeyondMaximum::EndOfFile => (maximum, true),
                BeyondMaximum::Less => (maximum, false),
            },
            Some(_) | None => (ne.bytes, false),
        };
        // "As many as there are": as many as fit. Who asks for more than fits gets the protected answer
        // refused.
        let fitting = if ne.wildcard { most.min(room) } else { most };
        Ok((fitting, exhausted))
    }

    fn is_endless(&self, chip: &Chip) -> bool {
        let current = self.current().map(|file| (self.volatile.folder, file.fid));
        current.is_some() && current == chip.endless_file
    }
}

/// The longest value of a data object that has so many bytes with its tag of one byte and its length: Le is for
/// all of them (ISO 7816-4, 5.2).
fn within_object(bytes: usize) -> usize {
    let header = |value: usize| match value {
        0..=0x7F => 2,
        0x80..=0xFF => 3,
        0x100..=0xFFFF => 4,
        _ => 5,
    };
    (0..bytes).rev().find(|value| value + header(*value) <= bytes).unwrap_or_default()
}
