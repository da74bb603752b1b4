//! A conversation under secure messaging.

use smartcard::{
    CardChannel, CardChannelExt, ChannelError, CommandApdu, ExtendedLength, ResponseApdu, SecureChannel,
    SecureMessaging,
};

/// A protected channel whose keys chip authentication replaces.
pub(crate) trait Session: CardChannel {
    /// Goes on with other keys.
    fn restart(&mut self, messaging: SecureMessaging);
}

impl Session for SecureChannel<'_> {
    fn restart(&mut self, messaging: SecureMessaging) {
        SecureChannel::restart(self, messaging);
    }
}

/// Sends a command that may be too long for the short form, as those with keys and signatures: then in the
/// extended form even if nobody has tried that yet; where it is known to fail, as a chain of commands and an
/// answer in pieces.
pub(crate) fn execute_long(
    channel: &mut dyn CardChannel,
    command: &CommandApdu,
) -> Result<ResponseApdu, ChannelError> {
    let capacity = channel.capacity();
    let fits = command.data().len() <= capacity.nc && command.ne() <= capacity.ne;
    if !fits && channel.extended_length() == ExtendedLength::Untried {
        return channel.transmit(command);
    }
    channel.execute(command)
}
