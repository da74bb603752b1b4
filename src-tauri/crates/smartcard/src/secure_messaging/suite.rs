//! The ciphers of a session, with which everything else of secure messaging has nothing to do.

use crate::crypto::aes::{Block, MAC_BYTES};
use crate::crypto::cipher::{CipherKey, MacKey};
use crate::crypto::kdf::{KeyPurpose, SessionCipher};
use crate::crypto::padding::padding;

/// AES in CBC mode and CMAC (TR-03110-3, F.2.2), or 3DES in CBC mode and the Retail MAC (F.2.1; ICAO
/// Doc 9303-11, 9.8).
pub(super) struct Suite {
    encryption: CipherKey,
    mac: MacKey,
}

impl Suite {
    /// The keys that follow from a shared secret.
    pub(super) fn derive(cipher: SessionCipher, secret: &[u8]) -> Self {
        Self {
            encryption: CipherKey::derive(cipher, secret, KeyPurpose::Encryption),
            mac: MacKey::derive(cipher, secret, KeyPurpose::Mac),
        }
    }

    /// AES with these keys; `None` unless both have the same 16, 24 or 32 bytes.
    pub(super) fn aes(encryption: &[u8], mac: &[u8]) -> Option<Self> {
        if encryption.len() != mac.len() {
            return None;
        }
        let [encryption, mac] = [encryption, mac].map(crate::crypto::aes::AesKey::new);
        Some(Self { encryption: CipherKey::Aes(encryption?), mac: MacKey::Aes(mac?) })
    }

    /// Bytes of a block, to a multiple of which everything is padded.
    pub(super) fn block_bytes(&self) -> usize {
        self.encryption.block_bytes()
    }

    /// The highest value of the send sequence counter, which is as long as a block.
    pub(super) fn counter_max(&self) -> u128 {
        match self.encryption {
            CipherKey::Aes(_) => u128::MAX,
            CipherKey::TripleDes(_) => u64::MAX.into(),
        }
    }

    /// Encrypts padded data in place.
    pub(super) fn encrypt(&self, counter: u128, data: &mut [u8]) {
        self.encryption.cbc_encrypt(self.start_vector(counter), data);
    }

    /// Decrypts whole blocks in place.
    pub(super) fn decrypt(&self, counter: u128, data: &mut [u8]) {
        self.encryption.cbc_decrypt(self.start_vector(counter), data);
    }

    /// The check value over the counter and each of `fields`, padded.
    pub(super) fn mac(&self, counter: u128, fields: &[&[u8]]) -> [u8; MAC_BYTES] {
        self.mac.mac(self.parts(&counter.to_be_bytes(), fields))
    }

    /// Whether `mac` is the check value over the counter and `fields`, compared in constant time.
    pub(super) fn verify(&self, counter: u128, fields: &[&[u8]], mac: &[u8; MAC_BYTES]) -> bool {
        self.mac.verify(self.parts(&counter.to_be_bytes(), fields), mac)
    }

    /// The counter's bytes, then each field that isn't empty, and its padding.
    fn parts<'a>(&self, counter: &'a Block, fields: &'a [&'a [u8]]) -> impl Iterator<Item = &'a [u8]> {
        let block_bytes = self.block_bytes();
        let counter = counter.get(counter.len() - block_bytes..).unwrap_or_default();
        let fields = fields.iter().filter(|field| !field.is_empty());
        let padded = fields.flat_map(move |field| [*field, padding(field.len(), block_bytes)]);
        std::iter::once(counter).chain(padded)
    }

    /// 3DES has none.
    fn start_vector(&self, counter: u128) -> Block {
        match &self.encryption {
            CipherKey::Aes(key) => key.encrypt_block(counter.to_be_bytes()),
            CipherKey::TripleDes(_) => Block::default(),
        }
    }
}
