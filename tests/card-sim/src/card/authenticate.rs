//! Keys: choosing them (MANAGE SECURITY ENVIRONMENT), proving to have them, random numbers (gemSpec_COS, 14.7
//! to 14.9).

use super::{Answer, Card, status};
use crate::{
    apdu::{Command, sw},
    egk::ESIGN_AID,
    tlv::tlv,
};

/// PrK.eGK.AUT_CVC.E256, in the root.
const AUTHENTICATION_KEY: u8 = 0x09;
/// PrK.CH.AUT.E256, in DF.ESIGN: key 4, with the bit that says "of the current folder".
const SIGNATURE_KEY: u8 = 0x84;
/// elcRoleAuthentication, and as a signature algorithm signECDSA.
const ALGORITHM: u8 = 0x00;

/// A challenge to the chip: 24 bytes, of which the command's length allows no other.
const CHALLENGE: usize = 24;
/// A hash to be signed.
const HASH: usize = 32;
/// As many random bytes as GET CHALLENGE and GET RANDOM give at most.
const MAX_RANDOM: usize = 32;

/// Key that the next command of its kind uses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Chosen {
    authentication: bool,
    signature: bool,
}

impl Card {
    /// MANAGE SECURITY ENVIRONMENT: P1 41 for keys of the card, C1 for PACE.
    pub(super) fn manage_security_environment(&mut self, command: &Command<'_>) -> Answer {
        match (command.p1, command.p2) {
            (0xC1, 0xA4) => self.choose_pace(command),
            (0x41, 0xA4 | 0xB6) if !self.is_private() => status(sw::SECURITY_STATUS),
            (0x41, 0xA4) => {
                let known = self.secrets.authentication.is_some();
                let chosen = choice(command.data, AUTHENTICATION_KEY, known);
                self.volatile.chosen.authentication = chosen == sw::OK;
                status(chosen)
            }
            (0x41, 0xB6) => {
                let known = self.secrets.signature.is_some() && self.in_folder(&ESIGN_AID);
                let chosen = choice(command.data, SIGNATURE_KEY, known);
                self.volatile.chosen.signature = chosen == sw::OK;
                status(chosen)
            }
            _ => status(sw::WRONG_P1_P2),
        }
    }

    /// INTERNAL AUTHENTICATE: the challenge and a zero byte are signed as the number they are, without hashing.
    pub(super) fn internal_authenticate(&mut self, command: &Command<'_>) -> Answer {
        if (command.p1, command.p2) != (0, 0) {
            return status(sw::WRONG_P1_P2);
        }
        if !self.is_private() {
            return status(sw::SECURITY_STATUS);
        }
        let Some(key) = self.secrets.authentication.as_ref().filter(|_| self.volatile.chosen.authentication)
        else {
            return status(sw::NO_KEY);
        };
        if command.data.len() != CHALLENGE || command.ne.is_none() {
            return status(sw::WRONG_LENGTH);
        }
        (key.sign(challenge_number(command.data)).to_vec(), sw::OK)
    }

    /// PSO COMPUTE DIGITAL SIGNATURE: the hash is signed as it is.
    pub(super) fn compute_digital_signature(&mut self, command: &Command<'_>) -> Answer {
        if (command.p1, command.p2) != (0x9E, 0x9A) {
            return status(sw::WRONG_P1_P2);
        }
        let Some(key) = self.secrets.signature.as_ref().filter(|_| self.volatile.chosen.signature) else {
            return status(sw::NO_KEY);
        };
        if !self.is_private() || !self.is_holder_present() {
            return status(sw::SECURITY_STATUS);
        }
        let Ok(hash) = <[u8; HASH]>::try_from(command.data) else { return status(sw::WRONG_LENGTH) };
        (key.sign(hash).to_vec(), sw::OK)
    }

    /// GET CHALLENGE.
    pub(super) fn get_challenge(&mut self, command: &Command<'_>) -> Answer {
        match command.ne {
            Some(ne) if ne.bytes <= MAX_RANDOM => (self.entropy.bytes(ne.bytes), sw::OK),
            Some(_) | None => status(sw::WRONG_LENGTH),
        }
    }

    /// GET RANDOM: the same over a protected channel, where there is one to be had.
    pub(super) fn get_random(&mut self, command: &Command<'_>) -> Answer {
        if self.is_private() { self.get_challenge(command) } else { status(sw::SECURITY_STATUS) }
    }

    /// LIST PUBLIC KEY: the only one is the root that the card itself trusts; its identifier.
    pub(super) fn list_public_key(&self, command: &Command<'_>) -> Answer {
        match (command.p1, command.p2) {
            (0x01, 0x00) if !self.is_private() => status(sw::SECURITY_STATUS),
            (0x01, 0x00) => {
                let listed = self.secrets.trusted_root.as_ref();
                (listed.map(|name| tlv(0xE0, &tlv(0xB6, &tlv(0x83, name)))).unwrap_or_default(), sw::OK)
            }
            _ => status(sw::WRONG_P1_P2),
        }
    }
}

/// The number that INTERNAL AUTHENTICATE signs: challenge and a zero byte, zeros before them.
fn challenge_number(challenge: &[u8]) -> [u8; 32] {
    let mut number = [0; 32];
    for (byte, from) in number.iter_mut().skip(32 - CHALLENGE - 1).zip(challenge) {
        *byte = *from;
    }
    number
}

/// Whether the data objects name this key and its algorithm.
fn choice(data: &[u8], key: u8, known: bool) -> u16 {
    match *data {
        [0x84, 1, reference, 0x80, 1, ALGORITHM] if reference == key && known => sw::OK,
        [0x84, 1, _, 0x80, 1, _] => sw::NO_KEY,
        _ => sw::WRONG_DATA,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_is_a_number_of_25_bytes_that_ends_in_zero() {
        let number = challenge_number(&std::array::from_fn::<u8, 24, _>(|at| u8::try_from(at + 1).unwrap()));
        assert_eq!(
            hex::encode(number),
            "000000000000000102030405060708090a0b0c0d0e0f101112131415161718".to_owned() + "00"
        );
    }
}
