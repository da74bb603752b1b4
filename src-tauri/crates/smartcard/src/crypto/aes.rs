//! AES (FIPS 197) in CBC mode, and CMAC (NIST SP 800-38B).

use aes::cipher::{
    Array, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, InnerIvInit, KeyInit, consts::U16,
};
use aes::{Aes128, Aes192, Aes256};
use cmac::{Cmac, Mac, digest::common::InnerInit};

/// Bytes of a block.
pub(crate) const BLOCK_BYTES: usize = 16;
/// Bytes of a check value: CMAC's sixteen are cut down to the left eight (TR-03110-3, A.2.4).
pub(crate) const MAC_BYTES: usize = 8;

pub(crate) type Block = [u8; BLOCK_BYTES];

/// An expanded key, wiped on drop.
pub(crate) enum AesKey {
    Aes128(Aes128),
    Aes192(Aes192),
    Aes256(Aes256),
}

/// Calls a generic function with whichever cipher the key is for.
macro_rules! with_cipher {
    ($key:expr, $cipher:ident => $call:expr) => {
        match $key {
            AesKey::Aes128($cipher) => $call,
            AesKey::Aes192($cipher) => $call,
            AesKey::Aes256($cipher) => $call,
        }
    };
}

impl AesKey {
    /// A key of 16, 24 or 32 bytes.
    pub(crate) fn new(key: &[u8]) -> Option<Self> {
        match key.len() {
            16 => Aes128::new_from_slice(key).ok().map(Self::Aes128),
            24 => Aes192::new_from_slice(key).ok().map(Self::Aes192),
            32 => Aes256::new_from_slice(key).ok().map(Self::Aes256),
            _ => None,
        }
    }

    /// Encrypts one block.
    pub(crate) fn encrypt_block(&self, mut block: Block) -> Block {
        with_cipher!(self, cipher => cipher.encrypt_block((&mut block).into()));
        block
    }

    /// Encrypts whole blocks in place.
    pub(crate) fn cbc_encrypt(&self, iv: Block, data: &mut [u8]) {
        let (blocks, _) = Array::<u8, U16>::slice_as_chunks_mut(data);
        with_cipher!(self, cipher => {
            cbc::Encryptor::inner_iv_init(cipher, &iv.into()).encrypt_blocks(blocks);
        });
    }

    /// Decrypts whole blocks in place.
    pub(crate) fn cbc_decrypt(&self, iv: Block, data: &mut [u8]) {
        let (blocks, _) = Array::<u8, U16>::slice_as_chunks_mut(data);
        with_cipher!(self, cipher => {
            cbc::Decryptor::inner_iv_init(cipher, &iv.into()).decrypt_blocks(blocks);
        });
    }

    /// The check value over `parts`, one after another.
    pub(crate) fn mac<'a>(&self, parts: impl Iterator<Item = &'a [u8]>) -> [u8; MAC_BYTES] {
        let whole: Block = with_cipher!(self, cipher => {
            updated(Cmac::inner_init(cipher), parts).finalize().into_bytes().into()
        });
        let [a, b, c, d, e, f, g, h, ..] = whole;
        [a, b, c, d, e, f, g, h]
    }

    /// Whether `mac` is the check value over `parts`, compared in constant time.
    pub(crate) fn verify<'a>(&self, parts: impl Iterator<Item = &'a [u8]>, mac: &[u8; MAC_BYTES]) -> bool {
        with_cipher!(self, cipher => {
            updated(Cmac::inner_init(cipher), parts).verify_truncated_left(mac).is_ok()
        })
    }
}

fn updated<'a, M: Mac>(mut mac: M, parts: impl Iterator<Item = &'a [u8]>) -> M {
    parts.for_each(|part| mac.update(part));
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(hex_key: &str) -> AesKey {
        AesKey::new(&hex::decode(hex_key).unwrap()).unwrap()
    }

    // NIST SP 800-38A, F.2.1, F.2.3, F.2.5 (CBC, first block).
    #[test]
    fn cbc_gives_the_published_blocks_for_each_key_length() {
        for (hex_key, cryptogram) in [
            ("2b7e151628aed2a6abf7158809cf4f3c", "7649abac8119b246cee98e9b12e9197d"),
            ("8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b", "4f021db243bc633d7178183a9fa071e8"),
            (
                "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
                "f58c4c04d6e5f1ba779eabfb5f7bfbd6",
            ),
        ] {
            let iv = std::array::from_fn(|index| u8::try_from(index).unwrap());
            let plain = hex::decode("6bc1bee22e409f96e93d7e117393172a").unwrap();
            let mut data = plain.clone();
            key(hex_key).cbc_encrypt(iv, &mut data);
            assert_eq!(hex::encode(&data), cryptogram);
            key(hex_key).cbc_decrypt(iv, &mut data);
            assert_eq!(data, plain);
        }
    }

    // NIST SP 800-38B, D.1 to D.3, examples 2 (AES-128), 6 (AES-192), 10 (AES-256).
    #[test]
    fn cmac_gives_the_published_values_for_each_key_length_and_a_changed_one_fails() {
        for (hex_key, mac) in [
            ("2b7e151628aed2a6abf7158809cf4f3c", "070a16b46b4d4144"),
            ("8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b", "9e99a7bf31e71090"),
            ("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", "28a7023f452e8f82"),
        ] {
            let message = hex::decode("6bc1bee22e409f96e93d7e117393172a").unwrap();
            let parts = || message.chunks(5);
            let mut computed = key(hex_key).mac(parts());
            assert_eq!(hex::encode(computed), mac);
            assert!(key(hex_key).verify(parts(), &computed));
            computed[7] ^= 1;
            assert!(!key(hex_key).verify(parts(), &computed));
        }
    }

    #[test]
    fn a_key_has_16_24_or_32_bytes() {
        let lengths: Vec<_> = (0..=64).filter(|length| AesKey::new(&vec![0; *length]).is_some()).collect();
        assert_eq!(lengths, [16, 24, 32]);
    }
}
