//! Basic Access Control as a card does it.

use super::{Cipher, cbc, kdf, mac};
use crate::script::hex_bytes;
use openssl::symm::Mode;
use smartcard::{CardChannel, ChannelError, CommandApdu, ResponseApdu, Sensitivity, StatusWord};

const CHALLENGE: [u8; 8] = [0xC4; 8];
const CONTRIBUTION: [u8; 16] = [0x0B; 16];

/// A card with the key seed of a zone.
pub(crate) struct BacCard {
    encryption: Vec<u8>,
    mac: Vec<u8>,
    /// Which of the nonces it answers with another of.
    changed: Option<usize>,
}

impl BacCard {
    pub(crate) fn new(seed: &str) -> Self {
        let seed = hex_bytes(seed);
        let key = |purpose| kdf(Cipher::TripleDes, &seed, purpose);
        Self { encryption: key(1), mac: key(2), changed: None }
    }

    pub(crate) fn changing(self, nonce: usize) -> Self {
        Self { changed: Some(nonce), ..self }
    }

    fn padded(message: &[u8]) -> Vec<u8> {
        [message, &[0x80, 0, 0, 0, 0, 0, 0, 0]].concat()
    }

    fn answer(&self, data: &[u8]) -> Option<Vec<u8>> {
        let (cryptogram, check) = data.split_at(32);
        if check != mac(Cipher::TripleDes, &self.mac, &Self::padded(cryptogram)) {
            return None;
        }
        let opened = cbc(Cipher::TripleDes, Mode::Decrypt, &self.encryption, &[0; 8], cryptogram);
        assert_eq!(opened[8..16], CHALLENGE);
        let mut answer = [&CHALLENGE, &opened[..8], &CONTRIBUTION].concat();
        if let Some(nonce) = self.changed {
            answer[8 * nonce + 3] ^= 1;
        }
        let mut sealed = cbc(Cipher::TripleDes, Mode::Encrypt, &self.encryption, &[0; 8], &answer);
        sealed.extend(mac(Cipher::TripleDes, &self.mac, &Self::padded(&sealed)));
        Some(sealed)
    }
}

impl CardChannel for BacCard {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        assert_eq!(command.sensitivity(), Sensitivity::Secret);
        Ok(match (command.header(), command.ne()) {
            ([0x00, 0x84, 0x00, 0x00], 8) => ResponseApdu::new(&CHALLENGE, StatusWord::OK),
            ([0x00, 0x82, 0x00, 0x00], 40) => match self.answer(command.data()) {
                Some(answer) => ResponseApdu::new(&answer, StatusWord::OK),
                None => ResponseApdu::new(&[], StatusWord::AUTHENTICATION_FAILED),
            },
            other => panic!("{other:X?}"),
        })
    }
}
