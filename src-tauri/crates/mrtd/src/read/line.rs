//! Whether commands and answers of more than a byte's length get through to this chip.

use smartcard::{
    CardChannel, ChannelError, CommandApdu, ExtendedLength, LengthForm, NE_SHORT_MAX, PinEntry, ResponseApdu,
    StatusWord,
};

/// A channel that says for one reading whether extended length is used, and tells the channel beneath what
/// each extended command has shown.
///
/// It repeats nothing: under secure messaging no command can be said twice.
pub(super) struct Line<'a> {
    channel: &'a mut dyn CardChannel,
    extended: ExtendedLength,
    /// What was known when the present part of the reading began.
    before: ExtendedLength,
}

impl<'a> Line<'a> {
    pub(super) fn new(channel: &'a mut dyn CardChannel) -> Self {
        let extended = channel.extended_length();
        Self { channel, extended, before: extended }
    }

    /// A part of the reading begins, of which it will be asked whether extended length failed in it.
    pub(super) fn begin(&mut self) {
        self.before = self.extended;
    }

    /// Whether extended length was given up since [`Self::begin`].
    pub(super) fn has_given_up(&self) -> bool {
        self.before != ExtendedLength::No && self.extended == ExtendedLength::No
    }

    /// Whether commands are sent in the extended form.
    pub(super) fn is_extended(&self) -> bool {
        self.extended == ExtendedLength::Yes
    }

    /// Uses the extended form though nobody has tried it, or ceases to; what is known by now stays.
    pub(super) fn set_on_trial(&mut self, on_trial: bool) {
        if self.channel.extended_length() == ExtendedLength::Untried {
            self.extended = if on_trial { ExtendedLength::Yes } else { ExtendedLength::Untried };
        }
    }
}

impl CardChannel for Line<'_> {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let answer = self.channel.transmit(command);
        if command.shortest_form() == LengthForm::Extended {
            match &answer {
                Ok(long) if long.data.len() > NE_SHORT_MAX => self.learn_extended_length(true),
                Ok(ResponseApdu { status: StatusWord::WRONG_LENGTH, .. })
                | Err(ChannelError::Malformed | ChannelError::Transport(_) | ChannelError::CardMute) => {
                    self.learn_extended_length(false);
                }
                _ => {}
            }
        }
        answer
    }

    fn extended_length(&self) -> ExtendedLength {
        self.extended
    }

    fn learn_extended_length(&mut self, works: bool) {
        let known = if works { ExtendedLength::Yes } else { ExtendedLength::No };
        self.extended = known;
        if self.channel.extended_length() != known {
            self.channel.learn_extended_length(works);
        }
    }

    fn verify_pin_at_reader(&mut self, entry: &PinEntry) -> Result<ResponseApdu, ChannelError> {
        self.channel.verify_pin_at_reader(entry)
    }
}
