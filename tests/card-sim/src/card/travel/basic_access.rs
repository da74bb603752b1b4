//! Basic access control (Doc 9303-11, 4.3): GET CHALLENGE and EXTERNAL AUTHENTICATE with keys from the
//! machine readable zone.

use super::{Card, Chip};
use crate::{
    apdu::{Command, sw},
    card::{Answer, SecureMessaging, status},
    crypto::cipher::Cipher,
    travel::LDS1_AID,
};

const CIPHER: Cipher = Cipher::TripleDes;
/// A random number of either side.
const CHALLENGE: usize = 8;
/// Key material of either side.
const KEYING: usize = 16;
/// What a side sends: its random number, the other's, its key material.
const CRYPTOGRAM: usize = 2 * CHALLENGE + KEYING;
const MAC: usize = 8;

/// The keys of BAC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BasicAccess {
    encryption: Vec<u8>,
    authentication: Vec<u8>,
}

impl BasicAccess {
    /// From number, birth and expiry with their check digits (Doc 9303-11, 9.7.2).
    pub(crate) fn new(mrz_information: &[u8]) -> Self {
        let digest = openssl::sha::sha1(mrz_information);
        let [encryption, authentication] = [1, 2].map(|counter| CIPHER.derive(&digest[..KEYING], counter));
        Self { encryption, authentication }
    }
}

impl Card {
    /// GET CHALLENGE, which is good for nothing but BAC.
    pub(super) fn give_challenge(&mut self, chip: &Chip, command: &Command<'_>) -> Answer {
        if chip.basic_access.is_none() || !self.in_folder(&LDS1_AID) {
            return status(sw::CONDITIONS);
        }
        if !command.ne.is_some_and(|ne| ne.wildcard || ne.bytes == CHALLENGE) {
            return status(sw::WRONG_LENGTH);
        }
        let challenge = self.entropy.bytes(CHALLENGE);
        self.volatile.travel.challenge = Some(challenge.clone());
        (challenge, sw::OK)
    }

    /// EXTERNAL AUTHENTICATE, by which either side proves to know the zone.
    pub(super) fn external_authenticate(
        &mut self,
        chip: &Chip,
        challenge: Option<Vec<u8>>,
        command: &Command<'_>,
    ) -> Answer {
        let (Some(keys), Some(challenge)) = (&chip.basic_access, challenge) else {
            return status(sw::CONDITIONS);
        };
        if command.data.len() != CRYPTOGRAM + MAC || command.ne.is_none() {
            return status(sw::WRONG_LENGTH);
        }
        let (cryptogram, mac) = command.data.split_at(CRYPTOGRAM);
        let text = CIPHER.decrypt(&keys.encryption, &CIPHER.zeros(), cryptogram);
        let (theirs, rest) = text.split_at(CHALLENGE);
        let (answered, keying) = rest.split_at(CHALLENGE);
        if CIPHER.mac(&keys.authentication, cryptogram) != mac || answered != challenge {
            return status(chip.quirks.bac_refusal);
        }
        let own = self.entropy.bytes(KEYING);
        let answer = [&challenge, theirs, &own].concat();
        let cryptogram = CIPHER.encrypt(&keys.encryption, &CIPHER.zeros(), &answer);
        let mac = CIPHER.mac(&keys.authentication, &cryptogram);
        let secret: Vec<u8> = keying.iter().zip(&own).map(|(their, own)| their ^ own).collect();
        // The counter starts with the last half of either random number.
        let halves = [&challenge[CHALLENGE / 2..], &theirs[CHALLENGE / 2..]].concat();
        let counter = halves.iter().fold(0, |counter, byte| counter << 8 | u128::from(*byte));
        self.volatile.channel = Some(SecureMessaging::derive(CIPHER, &secret).counting_from(counter));
        ([cryptogram, mac.to_vec()].concat(), sw::OK)
    }
}
