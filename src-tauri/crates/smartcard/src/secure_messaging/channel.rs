//! A channel through which nothing goes unprotected.

use super::SecureMessaging;
use crate::apdu::{CommandApdu, ResponseApdu};
use crate::channel::{Capacity, CardChannel, ChannelError, ExtendedLength};
use crate::exchange::collect;

/// A channel on which everything is protected.
///
/// A card that leaves secure messaging, an answer with a wrong check value and one that is malformed end the
/// session; so does a failure of the channel beneath, after which nobody knows whether the card has counted
/// the command. From then on every command gives the same error, and nothing is sent.
///
/// An outer `61xx` without data is the transport's: the protected answer is fetched with GET RESPONSE in the
/// clear, as ISO/IEC 7816-3 has it for T=0. `61xx` and `6Cxx` in the protected answer are the card's, and are
/// returned.
pub struct SecureChannel<'a> {
    channel: &'a mut dyn CardChannel,
    messaging: SecureMessaging,
}

impl<'a> SecureChannel<'a> {
    /// Protects everything that goes over `channel` from now on.
    pub fn new(channel: &'a mut dyn CardChannel, messaging: SecureMessaging) -> Self {
        Self { channel, messaging }
    }

    /// Goes on with the keys of another session, as chip authentication makes them over this one.
    pub fn restart(&mut self, messaging: SecureMessaging) {
        self.messaging = messaging;
    }

    fn send(&mut self, protected: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let response = self.channel.transmit(protected)?;
        if response.status.bytes_available().is_some() && response.data.is_empty() {
            return collect(self.channel, protected, response);
        }
        Ok(response)
    }
}

impl CardChannel for SecureChannel<'_> {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let protected = self.messaging.protect(command, self.channel.extended_length())?;
        let response = self.send(&protected).map_err(|error| self.messaging.end(error))?;
        self.messaging.unprotect(&response)
    }

    fn extended_length(&self) -> ExtendedLength {
        self.channel.extended_length()
    }

    fn capacity(&self) -> Capacity {
        self.messaging.capacity(self.channel.extended_length())
    }

    fn learn_extended_length(&mut self, works: bool) {
        self.channel.learn_extended_length(works);
    }
}
