//! Whether commands and answers of more than a byte's length get through, found out with one command.

use crate::file::EgkFile;
use smartcard::tlv::{Reader, Tag, Tlv, find};
use smartcard::{
    CardChannel, ChannelError, CommandApdu, ExtendedLength, LengthForm, NE_MAX, NE_SHORT_MAX, ResponseApdu,
    StatusWord,
};

/// EF.ATR, the card's buffers: command and answer in the clear, then command and answer under secure messaging.
const BUFFER_SIZES: Tag = Tag(0xE0);
const BUFFER_SIZE: Tag = Tag(0x02);
/// Longest answer in the short form: 256 bytes and the status word.
const SHORT_ANSWER_BYTES: usize = NE_SHORT_MAX + 2;

/// A channel that says for one reading whether extended length is used.
///
/// Above it everything reads as if that were known. It tells the channel below what an extended command has
/// shown, and repeats a reading command that failed for its length in the short form.
pub(super) struct LengthGuard<'a> {
    channel: &'a mut dyn CardChannel,
    extended: bool,
}

impl<'a> LengthGuard<'a> {
    pub(super) fn new(channel: &'a mut dyn CardChannel) -> Self {
        let extended = channel.extended_length() == ExtendedLength::Yes;
        Self { channel, extended }
    }

    /// Whether commands are sent in the extended form.
    pub(super) fn is_extended(&self) -> bool {
        self.extended
    }

    /// With the root selected: reads EF.ATR in the extended form where nobody has tried it yet. The form is used
    /// if that works and the card has the room.
    ///
    /// A failure costs this one command. It is no proof that it works: EF.ATR is shorter than a short answer.
    ///
    /// # Errors
    /// A [`ChannelError`] that length has nothing to do with.
    pub(super) fn try_out(&mut self) -> Result<(), ChannelError> {
        if self.channel.extended_length() != ExtendedLength::Untried {
            return Ok(());
        }
        let file = EgkFile::Atr;
        let command =
            CommandApdu::read_binary_sfi(file.sfi(), 0, NE_MAX).with_sensitivity(file.sensitivity());
        match self.channel.transmit(&command) {
            Ok(answer) if is_about_length(answer.status) => self.give_up(),
            Ok(answer) => {
                let read = matches!(answer.status, StatusWord::OK | StatusWord::END_OF_FILE);
                self.extended = read && has_room(&answer.data);
            }
            Err(ChannelError::Malformed | ChannelError::Transport(_) | ChannelError::CardMute) => {
                self.give_up()
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn give_up(&mut self) {
        self.extended = false;
        self.channel.learn_extended_length(false);
    }
}

impl CardChannel for LengthGuard<'_> {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let answer = self.channel.transmit(command);
        if command.shortest_form() == LengthForm::Short {
            return answer;
        }
        match &answer {
            Ok(long) if long.data.len() > NE_SHORT_MAX => {
                if self.channel.extended_length() != ExtendedLength::Yes {
                    self.channel.learn_extended_length(true);
                }
                return answer;
            }
            Ok(ResponseApdu { status: StatusWord::WRONG_LENGTH, .. })
            | Err(ChannelError::Malformed | ChannelError::Transport(_)) => self.give_up(),
            _ => return answer,
        }
        // Under secure messaging (data objects around everything) a command can't be said twice.
        if command.data().is_empty() {
            self.channel.transmit(&command.clone().with_ne(NE_SHORT_MAX))
        } else {
            answer
        }
    }

    fn extended_length(&self) -> ExtendedLength {
        if self.extended { ExtendedLength::Yes } else { ExtendedLength::No }
    }
}

/// Whether the card wants another length.
fn is_about_length(status: StatusWord) -> bool {
    status == StatusWord::WRONG_LENGTH || status.correct_ne().is_some() || status.bytes_available().is_some()
}

/// Whether each of the card's answer buffers in EF.ATR is larger than a short answer.
fn has_room(atr: &[u8]) -> bool {
    let Ok(Some(sizes)) = find(atr, &[BUFFER_SIZES]) else { return false };
    let sizes: Option<Vec<usize>> = Reader::new(sizes.value()).map(|size| buffer_size(&size.ok()?)).collect();
    matches!(sizes.as_deref(), Some([_, clear, _, protected]) if *clear.min(protected) > SHORT_ANSWER_BYTES)
}

fn buffer_size(object: &Tlv<'_>) -> Option<usize> {
    let fits = object.tag() == BUFFER_SIZE && object.value().len() <= size_of::<u32>();
    fits.then(|| object.value().iter().fold(0, |size, byte| size << 8 | usize::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    // EF.ATR of gematik's published G2.1 card image begins so.
    const SIZES: [u8; 19] = [
        0xE0, 0x11, 0x02, 0x02, 0x08, 0x09, 0x02, 0x03, 0x00, 0x80, 0x02, 0x02, 0x02, 0x08, 0x09, 0x02, 0x02,
        0x08, 0x09,
    ];

    #[test]
    fn the_published_card_image_has_room_for_long_answers() {
        assert!(has_room(&SIZES));
    }

    #[test]
    fn a_card_with_short_buffers_or_without_a_word_about_them_has_no_room() {
        let with = |at: usize, bytes: &[u8]| {
            let mut file = SIZES;
            file[at..at + bytes.len()].copy_from_slice(bytes);
            has_room(&file)
        };
        assert!(!with(8, &[0x00, 0x01, 0x02]), "in the clear");
        assert!(!with(17, &[0x01, 0x02]), "under secure messaging");
        assert!(with(17, &[0x01, 0x03]));
        assert!(!with(15, &[0x04]), "another tag");
        assert!(!with(0, &[0xE1]));
        for end in 0..SIZES.len() {
            assert!(!has_room(&SIZES[..end]), "{end}");
        }
    }
}
