//! Active authentication (Doc 9303-11, 6.1): the chip signs a challenge.

use super::{Card, Chip};
use crate::{
    apdu::{Command, sw},
    card::{Answer, status},
    crypto::signature::recoverable,
    travel::ActiveAuthentication,
};

/// The terminal's challenge.
const CHALLENGE: usize = 8;

impl Card {
    /// INTERNAL AUTHENTICATE.
    pub(super) fn authenticate_actively(&mut self, chip: &Chip, command: &Command<'_>) -> Answer {
        let Some(own) = &chip.active_authentication else { return status(sw::NO_INSTRUCTION) };
        if !self.volatile.protected {
            return status(sw::SECURITY_STATUS);
        }
        if (command.p1, command.p2) != (0, 0) {
            return status(sw::WRONG_P1_P2);
        }
        if command.data.len() != CHALLENGE || command.ne.is_none() {
            return status(sw::WRONG_LENGTH);
        }
        let signature = match own {
            ActiveAuthentication::Rsa { key, hash } => {
                recoverable(key, *hash, command.data, |length| self.entropy.bytes(length))
            }
            ActiveAuthentication::Ecdsa { key, hash, der } => {
                let signature = key.sign(&hash.of(command.data));
                Some(if *der { signature.der() } else { signature.plain() })
            }
        };
        signature.map_or(status(sw::NO_KEY), |signature| (signature, sw::OK))
    }
}
