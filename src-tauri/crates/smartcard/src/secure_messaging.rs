//! Secure messaging (ISO/IEC 7816-4; BSI TR-03110-3, F; ICAO Doc 9303-11, 9.8): commands and answers encrypted
//! and under a check value.

mod channel;
mod command;
mod response;
mod suite;

use crate::apdu::{CommandApdu, ResponseApdu};
use crate::channel::{Capacity, ChannelError, ExtendedLength};
use crate::crypto::kdf::SessionCipher;
use std::fmt;
use suite::Suite;

pub use channel::SecureChannel;

/// Tag, length and value of a check value, with which every protected data field ends.
const MAC_OBJECT_BYTES: usize = 2 + crate::crypto::aes::MAC_BYTES;

/// The keys and the counter of a session, apart from the channel it runs over.
///
/// [`protect`](Self::protect) and [`unprotect`](Self::unprotect) take turns: each counts. Once an answer has
/// failed, the session is over, its keys are wiped, and both give the same error for ever.
pub struct SecureMessaging {
    // In a box, or every move would leave a copy of the keys behind.
    session: Result<Box<Session>, ChannelError>,
}

struct Session {
    suite: Suite,
    /// The send sequence counter, counted before every command and before every answer.
    counter: u128,
}

impl Session {
    /// `None` once the counter is used up: it never starts again at zero.
    fn next_counter(&self) -> Option<u128> {
        self.counter.checked_add(1).filter(|counter| *counter <= self.suite.counter_max())
    }
}

/// Session keys aren't both of 16, both of 24 or both of 32 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the session keys have no length of AES")]
pub struct KeyLengthError;

impl SecureMessaging {
    /// A session of AES in CBC mode and CMAC, whose counter starts at zero.
    ///
    /// # Errors
    /// [`KeyLengthError`] unless both keys have 16, 24 or 32 bytes.
    pub fn from_keys(encryption: &[u8], mac: &[u8]) -> Result<Self, KeyLengthError> {
        Suite::aes(encryption, mac).map(|suite| Self::start(suite, 0)).ok_or(KeyLengthError)
    }

    /// A session with the keys that follow from a shared secret (TR-03110-3, A.2.3), whose counter starts at
    /// zero.
    pub fn derive(cipher: SessionCipher, shared_secret: &[u8]) -> Self {
        Self::derive_at(cipher, shared_secret, 0)
    }

    /// The same with a counter that starts elsewhere.
    pub(crate) fn derive_at(cipher: SessionCipher, shared_secret: &[u8], counter: u64) -> Self {
        Self::start(Suite::derive(cipher, shared_secret), counter.into())
    }

    fn start(suite: Suite, counter: u128) -> Self {
        Self { session: Ok(Box::new(Session { suite, counter })) }
    }

    /// Counts, and protects a command: class byte with secure messaging, data encrypted, Ne and check value
    /// in objects.
    ///
    /// It has the short form unless the plain command needs more and the channel has it. On a short channel
    /// Ne is at most the [capacity](Self::capacity)'s, so that the protected answer fits.
    ///
    /// # Errors
    /// [`ChannelError::NotProtectable`] if the command can't be protected here, which leaves the session as
    /// it was; otherwise what has ended the session.
    pub fn protect(
        &mut self,
        command: &CommandApdu,
        extended_length: ExtendedLength,
    ) -> Result<CommandApdu, ChannelError> {
        let session = self.session.as_mut().map_err(|error| *error)?;
        let Some(counter) = session.next_counter() else {
            return Err(self.end(ChannelError::SessionUsedUp));
        };
        let protected = command::protect(&session.suite, counter, command, extended_length)
            .ok_or(ChannelError::NotProtectable)?;
        session.counter = counter;
        Ok(protected)
    }

    /// Counts, and checks and opens a protected answer.
    ///
    /// # Errors
    /// [`ChannelError::Unprotected`], [`ChannelError::WrongMac`] and [`ChannelError::Malformed`], each of
    /// which ends the session; otherwise what has ended it before.
    pub fn unprotect(&mut self, response: &ResponseApdu) -> Result<ResponseApdu, ChannelError> {
        let session = self.session.as_mut().map_err(|error| *error)?;
        let opened = match session.next_counter() {
            Some(counter) => {
                session.counter = counter;
                response::unprotect(&session.suite, counter, response)
            }
            None => Err(ChannelError::SessionUsedUp),
        };
        opened.map_err(|error| self.end(error))
    }

    /// The longest plain command and answer that fit under protection on a channel.
    pub fn capacity(&self, extended_length: ExtendedLength) -> Capacity {
        match &self.session {
            Ok(session) => command::capacity(&session.suite, extended_length),
            Err(_) => Capacity::SHORT,
        }
    }

    /// Wipes the keys; every further call gives `error`.
    fn end(&mut self, error: ChannelError) -> ChannelError {
        self.session = Err(error);
        error
    }
}

impl fmt::Debug for SecureMessaging {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.session {
            Ok(_) => f.write_str("SecureMessaging(open)"),
            Err(error) => write!(f, "SecureMessaging(over: {error})"),
        }
    }
}

#[cfg(test)]
mod tests;
