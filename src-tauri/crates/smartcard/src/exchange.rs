//! One command and all that ISO/IEC 7816-4 puts around it: command chaining, GET RESPONSE, the right Le.

use crate::apdu::{CommandApdu, NE_MAX, NE_SHORT_MAX, ResponseApdu};
use crate::channel::{Capacity, CardChannel, ChannelError};
use zeroize::Zeroizing;

/// Most GET RESPONSE commands after one command: [`NE_MAX`] bytes in full pieces of 256, and one more for a
/// card that begins with an odd piece. A hostile card can't keep the conversation going beyond it.
pub const GET_RESPONSE_ROUNDS_MAX: usize = NE_MAX / NE_SHORT_MAX + 1;

/// What every [`CardChannel`] can do once it can transmit.
pub trait CardChannelExt: CardChannel {
    /// Sends a command and returns the whole answer.
    ///
    /// - Beyond the channel's [capacity](CardChannel::capacity), data goes as a command chain (CLA bit 5) and
    ///   Ne is lowered; on a channel without extended length that is beyond 255 data bytes and Ne 256.
    /// - `6Cxx`: the command is sent once more with the Ne that the card asks for.
    /// - `61xx`: GET RESPONSE until the card has said everything, in at most [`GET_RESPONSE_ROUNDS_MAX`]
    ///   rounds and [`NE_MAX`] bytes; the status is that of the last round.
    ///
    /// # Errors
    /// Every [`ChannelError`]; [`ChannelError::Malformed`] for an answer beyond those bounds.
    fn execute(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let mut response = send(self, command)?;
        if let Some(ne) = response.status.correct_ne() {
            response = send(self, &command.clone().with_ne(ne))?;
        }
        if response.status.bytes_available().is_some() {
            response = collect(self, command, response)?;
        }
        Ok(response)
    }

    /// The highest Ne that a command on this channel may have.
    fn ne_max(&self) -> usize {
        self.capacity().ne
    }
}

impl<C: CardChannel + ?Sized> CardChannelExt for C {}

/// One command, as a chain where the channel needs it. A link that the card refuses ends the chain with its
/// answer.
fn send<C: CardChannel + ?Sized>(
    channel: &mut C,
    command: &CommandApdu,
) -> Result<ResponseApdu, ChannelError> {
    let Capacity { nc, ne } = channel.capacity();
    if command.data().len() <= nc && command.ne() <= ne {
        return channel.transmit(command);
    }
    let last_link = command.data().len().saturating_sub(1) / nc;
    for data in command.data().chunks(nc).take(last_link) {
        let response = channel.transmit(&command.chain_link(data, false))?;
        if !response.status.is_ok() {
            return Ok(response);
        }
    }
    let data = command.data().get(last_link * nc..).unwrap_or_default();
    channel.transmit(&command.chain_link(data, true).with_ne(command.ne().min(ne)))
}

/// Fetches the rest of an answer that has begun with `61xx`.
pub(crate) fn collect<C: CardChannel + ?Sized>(
    channel: &mut C,
    command: &CommandApdu,
    first: ResponseApdu,
) -> Result<ResponseApdu, ChannelError> {
    let mut response = first;
    // Reserved in full: a buffer that grows would leave unwiped copies behind.
    let mut data = Zeroizing::new(Vec::with_capacity(NE_MAX));
    for _ in 0..=GET_RESPONSE_ROUNDS_MAX {
        if data.len() + response.data.len() > NE_MAX {
            return Err(ChannelError::Malformed);
        }
        data.extend_from_slice(&response.data);
        let Some(ne) = response.status.bytes_available() else {
            return Ok(ResponseApdu { data, status: response.status });
        };
        response = channel.transmit(&CommandApdu::get_response(ne, command.sensitivity()))?;
    }
    Err(ChannelError::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apdu::{LengthForm, Sensitivity};
    use crate::channel::ExtendedLength;
    use crate::status::StatusWord;

    /// Gives prepared answers and keeps the commands it got.
    struct Script {
        extended_length: bool,
        answers: Vec<ResponseApdu>,
        commands: Vec<String>,
        sensitivities: Vec<Sensitivity>,
    }

    impl CardChannel for Script {
        fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
            self.commands.push(hex::encode_upper(command.encode(LengthForm::Short)));
            self.sensitivities.push(command.sensitivity());
            if self.answers.len() == 1 { Ok(self.answers[0].clone()) } else { Ok(self.answers.remove(0)) }
        }

        fn extended_length(&self) -> ExtendedLength {
            if self.extended_length { ExtendedLength::Yes } else { ExtendedLength::No }
        }
    }

    /// A card whose last answer repeats for ever.
    fn card(extended_length: bool, answers: &[(usize, u16)]) -> Script {
        let answers =
            answers.iter().map(|(length, status)| ResponseApdu::new(&vec![7; *length], StatusWord(*status)));
        Script {
            extended_length,
            answers: answers.collect(),
            commands: Vec::new(),
            sensitivities: Vec::new(),
        }
    }

    fn read(ne: usize) -> CommandApdu {
        CommandApdu::read_binary(0, ne).unwrap()
    }

    #[test]
    fn an_answer_that_waits_in_the_card_is_fetched_to_its_end() {
        let mut card = card(false, &[(0, 0x6100), (256, 0x6105), (5, 0x6282)]);
        let response = card.execute(&read(256)).unwrap();
        assert_eq!((response.data.len(), response.status), (261, StatusWord::END_OF_FILE));
        assert_eq!(card.commands, ["00B0000000", "00C0000000", "00C0000005"]);
    }

    #[test]
    fn a_card_that_always_has_more_is_left_after_the_limit() {
        let mut endless = card(false, &[(1, 0x6100)]);
        assert_eq!(endless.execute(&read(256)), Err(ChannelError::Malformed));
        assert_eq!(endless.commands.len(), GET_RESPONSE_ROUNDS_MAX + 2);
        let mut endless = card(true, &[(NE_MAX, 0x6100)]);
        assert_eq!(endless.execute(&read(NE_MAX)), Err(ChannelError::Malformed));
        assert_eq!(endless.commands.len(), 2);
    }

    #[test]
    fn the_longest_answer_of_65536_bytes_is_within_the_limit() {
        let mut answers = vec![(256, 0x6100); 255];
        answers.push((256, 0x9000));
        assert_eq!(card(false, &answers).execute(&read(256)).unwrap().data.len(), NE_MAX);
    }

    #[test]
    fn a_wrong_le_is_corrected_once() {
        let mut corrected = card(false, &[(0, 0x6C0C), (12, 0x9000)]);
        assert_eq!(corrected.execute(&read(256)).unwrap().data.len(), 12);
        assert_eq!(corrected.commands, ["00B0000000", "00B000000C"]);
        let mut stubborn = card(false, &[(0, 0x6C0C)]);
        assert_eq!(stubborn.execute(&read(256)).unwrap().status, StatusWord(0x6C0C));
        assert_eq!(stubborn.commands.len(), 2);
    }

    #[test]
    fn long_data_goes_as_a_chain_where_the_channel_has_no_extended_length() {
        let mut short = card(false, &[(0, 0x9000)]);
        let command = CommandApdu::new(0x00, 0x2A, 0x00, 0xBE).with_data(&[0xDD; 511]).unwrap().with_ne(256);
        short.execute(&command).unwrap();
        let headers: Vec<_> = short.commands.iter().map(|command| &command[..10]).collect();
        assert_eq!(headers, ["102A00BEFF", "102A00BEFF", "002A00BE01"]);
        assert_eq!(short.commands[2], "002A00BE01DD00");

        let mut extended = card(true, &[(0, 0x9000)]);
        extended.execute(&command).unwrap();
        assert_eq!(extended.commands.len(), 1);
    }

    #[test]
    fn data_that_fits_one_command_is_not_chained() {
        let mut short = card(false, &[(0, 0x9000)]);
        short.execute(&CommandApdu::new(0, 0xD6, 0, 0).with_data(&[0xDD; 255]).unwrap()).unwrap();
        assert_eq!(short.commands.len(), 1);
        assert!(short.commands[0].starts_with("00D60000FF"));
    }

    #[test]
    fn a_refused_link_ends_the_chain() {
        let mut card = card(false, &[(0, 0x6884)]);
        let command = CommandApdu::new(0, 0x2A, 0, 0xBE).with_data(&[0; 600]).unwrap();
        assert_eq!(card.execute(&command).unwrap().status, StatusWord::CHAINING_NOT_SUPPORTED);
        assert_eq!(card.commands.len(), 1);
    }

    #[test]
    fn more_than_256_bytes_are_asked_for_on_an_extended_channel_only() {
        let mut short = card(false, &[(0, 0x9000)]);
        short.execute(&read(NE_MAX)).unwrap();
        assert_eq!(short.commands, ["00B0000000"]);
        let mut extended = card(true, &[(0, 0x9000)]);
        extended.execute(&read(NE_MAX)).unwrap();
        assert_eq!(extended.commands, ["00B00000000000"]);
    }

    #[test]
    fn everything_sent_for_a_command_is_as_sensitive_as_the_command() {
        for sensitivity in [Sensitivity::Public, Sensitivity::Personal, Sensitivity::Secret] {
            let mut card = card(false, &[(0, 0x9000), (0, 0x6C05), (0, 0x9000), (2, 0x6101), (1, 0x9000)]);
            let command = CommandApdu::new(0, 0x2A, 0, 0xBE).with_data(&[0; 300]).unwrap().with_ne(256);
            card.execute(&command.with_sensitivity(sensitivity)).unwrap();
            assert_eq!(card.sensitivities, [sensitivity; 5]);
        }
    }
}
