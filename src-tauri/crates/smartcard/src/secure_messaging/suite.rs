//! The ciphers of a session, with which everything else of secure messaging has nothing to do.

use crate::crypto::aes::{AesKey, BLOCK_BYTES, MAC_BYTES};
use std::iter::once;

/// The first byte of padding; zeros follow to the end of the block (ISO/IEC 7816-4, padding indicator 01).
pub(super) const PADDING_START: u8 = 0x80;

/// What padding adds at most.
const PADDING: [u8; BLOCK_BYTES] = {
    let mut padding = [0; BLOCK_BYTES];
    padding[0] = PADDING_START;
    padding
};

/// AES in CBC mode and CMAC (TR-03110-3, F.2.2). A session of 3DES would be another one of these: blocks of
/// eight bytes, no start vector, and the Retail MAC.
pub(super) struct Suite {
    encryption: AesKey,
    mac: AesKey,
}

impl Suite {
    /// `None` unless both keys have the same 16, 24 or 32 bytes.
    pub(super) fn new(encryption: &[u8], mac: &[u8]) -> Option<Self> {
        if encryption.len() != mac.len() {
            return None;
        }
        Some(Self { encryption: AesKey::new(encryption)?, mac: AesKey::new(mac)? })
    }

    /// Bytes of a block, to a multiple of which everything is padded.
    pub(super) fn block_bytes(&self) -> usize {
        BLOCK_BYTES
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
        self.mac.mac(once(&counter.to_be_bytes()[..]).chain(padded(fields)))
    }

    /// Whether `mac` is the check value over the counter and `fields`, compared in constant time.
    pub(super) fn verify(&self, counter: u128, fields: &[&[u8]], mac: &[u8; MAC_BYTES]) -> bool {
        self.mac.verify(once(&counter.to_be_bytes()[..]).chain(padded(fields)), mac)
    }

    fn start_vector(&self, counter: u128) -> [u8; BLOCK_BYTES] {
        self.encryption.encrypt_block(counter.to_be_bytes())
    }
}

/// Each field that isn't empty, and its padding.
fn padded<'a>(fields: &'a [&'a [u8]]) -> impl Iterator<Item = &'a [u8]> {
    fields.iter().filter(|field| !field.is_empty()).flat_map(|field| {
        [*field, PADDING.get(..BLOCK_BYTES - field.len() % BLOCK_BYTES).unwrap_or_default()]
    })
}
