//! The card in the course of a reading: its folders and files.

use crate::card_kind::CardKind;
use crate::error::{EgkError, Problem};
use crate::file::{EgkFile, ROOT};
use smartcard::{CardChannel, CardChannelExt, CommandApdu, NE_SHORT_MAX, ResponseApdu, StatusWord};
use std::ops::Range;
use zeroize::{Zeroize, Zeroizing};

/// Most READ BINARY commands for one file: EF.VD of [`EgkFile::bytes_max`] in full pieces, and as many again
/// for a reader or a secure channel with smaller ones. A card that gives single bytes can't keep the reading
/// going.
const READS_MAX: usize = 32;

pub(super) type Contents = Zeroizing<Vec<u8>>;

/// A card and what is known of it.
pub(super) struct Card<'a> {
    pub(super) channel: &'a mut dyn CardChannel,
    /// The selected application is deactivated.
    pub(super) deactivated: bool,
}

impl<'a> Card<'a> {
    pub(super) fn new(channel: &'a mut dyn CardChannel) -> Self {
        Self { channel, deactivated: false }
    }

    /// Selects the root of the object system.
    pub(super) fn select_root(&mut self) -> Result<(), EgkError> {
        let root = CommandApdu::select_application(&ROOT);
        match self.select(&root)? {
            status if status.is_error() => Err(self.name_other_card()),
            _ => Ok(()),
        }
    }

    /// Selects the health care application, which health cards alone have.
    pub(super) fn select_health_care_application(&mut self) -> Result<(), EgkError> {
        let application = CommandApdu::select_application(&[0xD2, 0x76, 0x00, 0x00, 0x01, 0x02]);
        match self.select(&application)? {
            StatusWord::DEACTIVATED | StatusWord::TERMINATED => self.deactivated = true,
            status if status.is_error() => return Err(self.name_other_card()),
            _ => {}
        }
        Ok(())
    }

    /// A card that stumbles (ISO/IEC 7816-4: execution error, no precise diagnosis) isn't another one yet: it is asked
    /// once more.
    fn select(&mut self, command: &CommandApdu) -> Result<StatusWord, EgkError> {
        let status = self.channel.execute(command)?.status;
        match status.0 >> 8 {
            0x64..=0x66 | 0x6F => Ok(self.channel.execute(command)?.status),
            _ => Ok(status),
        }
    }

    fn name_other_card(&mut self) -> EgkError {
        CardKind::identify(self.channel).map_or_else(EgkError::Channel, EgkError::NotAHealthCard)
    }

    /// The answer to one short READ BINARY from a file's beginning.
    pub(super) fn ask_small(&mut self, file: EgkFile) -> Result<ResponseApdu, EgkError> {
        self.read_from_start(file, NE_SHORT_MAX)
    }

    /// A file that one short READ BINARY fetches.
    pub(super) fn read_small(&mut self, file: EgkFile) -> Result<Contents, EgkError> {
        let response = self.ask_small(file)?;
        self.contents(file, response)
    }

    /// EF.CardAccess, if the card has it: by its short identifier, then, for a card that doesn't know that, by
    /// its file identifier.
    pub(super) fn read_card_access(&mut self) -> Result<Option<Contents>, EgkError> {
        let file = EgkFile::CardAccess;
        let mut response = self.ask_small(file)?;
        if response.status.is_error() {
            if self.channel.execute(&CommandApdu::select_file(0x011C))?.status.is_error() {
                return Ok(None);
            }
            response = self.read_piece(file, 0, NE_SHORT_MAX)?;
        }
        Ok(matches!(response.status, StatusWord::OK | StatusWord::END_OF_FILE).then_some(response.data))
    }

    /// A file up to the end of the stream that `locate` finds by the file's first bytes. What the file holds
    /// behind is never asked for in the short form, and wiped where it comes along.
    pub(super) fn read_data(
        &mut self,
        file: EgkFile,
        locate: fn(&[u8]) -> Result<Range<usize>, Problem>,
    ) -> Result<Contents, EgkError> {
        let malformed = |problem| EgkError::Malformed { file, problem };
        let response = self.read_from_start(file, self.channel.ne_max())?;
        // Reserved in full: a buffer that grows would leave unwiped copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(file.bytes_max()));
        append(&mut bytes, &self.contents(file, response)?, file.bytes_max());
        let end = locate(&bytes).map_err(malformed)?.end;
        if end > file.bytes_max() {
            return Err(malformed(Problem::TooLarge));
        }
        if let Some(behind) = bytes.get_mut(end..) {
            behind.zeroize();
        }
        bytes.truncate(end);
        let mut reads = 1;
        while bytes.len() < end {
            if reads == READS_MAX {
                return Err(malformed(Problem::Length));
            }
            reads += 1;
            let ne = self.channel.ne_max().min(end - bytes.len());
            let response = self.read_piece(file, bytes.len(), ne)?;
            if response.status == StatusWord::WRONG_P1_P2 {
                // The offset is behind the end of the file.
                return Err(malformed(Problem::Length));
            }
            let piece = self.contents(file, response)?;
            if piece.is_empty() {
                return Err(malformed(Problem::Length));
            }
            append(&mut bytes, &piece, end);
        }
        Ok(bytes)
    }

    fn read_from_start(&mut self, file: EgkFile, ne: usize) -> Result<ResponseApdu, EgkError> {
        let command = CommandApdu::read_binary_sfi(file.sfi(), 0, ne).with_sensitivity(file.sensitivity());
        Ok(self.channel.execute(&command)?)
    }

    /// A further piece of the current file. (A short file identifier reaches the offsets to 255 only.)
    fn read_piece(&mut self, file: EgkFile, offset: usize, ne: usize) -> Result<ResponseApdu, EgkError> {
        let too_large = EgkError::Malformed { file, problem: Problem::TooLarge };
        let command = CommandApdu::read_binary(offset, ne).map_err(|_| too_large)?;
        Ok(self.channel.execute(&command.with_sensitivity(file.sensitivity()))?)
    }

    /// What was read of a file. `6282` only says that the file ended before Ne.
    pub(super) fn contents(&self, file: EgkFile, response: ResponseApdu) -> Result<Contents, EgkError> {
        match response.status {
            StatusWord::OK | StatusWord::END_OF_FILE => Ok(response.data),
            status if self.deactivated => Err(EgkError::Deactivated { file, status }),
            status => Err(EgkError::UnexpectedStatus { file, status }),
        }
    }
}

/// Appends a piece, of a card that sends more than it was asked for no more than `bytes_max` in all.
fn append(bytes: &mut Contents, piece: &[u8], bytes_max: usize) {
    let room = bytes_max.saturating_sub(bytes.len());
    bytes.extend_from_slice(piece.get(..room).unwrap_or(piece));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_card::{TestCard, read_binary};
    use crate::vsd::locate_vd;

    #[test]
    fn the_protected_data_is_dropped_where_it_comes_along() {
        let insurance = [0x11; 300];
        let file = [&[0x00, 0x08, 0x01, 0x33, 0x01, 0x34, 0x01, 0x53][..], &insurance, &[0x99; 32]].concat();
        for extended in [false, true] {
            let mut channel = TestCard::new(|command| Ok(read_binary(command, &file)));
            channel.extended = extended;
            let contents = Card::new(&mut channel).read_data(EgkFile::Vd, locate_vd).unwrap();
            assert_eq!(contents.as_slice(), &file[..308], "extended: {extended}");
        }
    }
}
