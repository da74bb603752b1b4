//! Ciphers of a channel with their MACs and key derivation, by OpenSSL.

use anyhow::Result;
use openssl::{
    pkey::PKey,
    sha::{sha1, sha256},
    sign::Signer,
    symm::{Cipher, Crypter, Mode},
};

/// A cipher with a key length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Suite {
    TripleDes,
    Aes128,
    Aes192,
    Aes256,
}

impl Suite {
    pub(crate) fn block(self) -> usize {
        if self == Self::TripleDes { 8 } else { 16 }
    }

    pub(crate) fn derive(self, secret: &[u8], counter: u8) -> Vec<u8> {
        let input = [secret, &[0, 0, 0, counter]].concat();
        match self {
            Self::TripleDes | Self::Aes128 => sha1(&input)[..16].to_vec(),
            Self::Aes192 => sha256(&input)[..24].to_vec(),
            Self::Aes256 => sha256(&input).to_vec(),
        }
    }

    pub(crate) fn encrypt(self, key: &[u8], iv: &[u8], text: &[u8]) -> Result<Vec<u8>> {
        run(Mode::Encrypt, self.cipher(), &self.schedule(key), Some(iv), text)
    }

    pub(crate) fn decrypt(self, key: &[u8], iv: &[u8], text: &[u8]) -> Result<Vec<u8>> {
        run(Mode::Decrypt, self.cipher(), &self.schedule(key), Some(iv), text)
    }

    /// For 3DES `text` is whole blocks.
    pub(crate) fn mac(self, key: &[u8], text: &[u8]) -> Result<Vec<u8>> {
        if self == Self::TripleDes {
            // DES three times with the same key is DES once.
            let [first, second] = [&key[..8], &key[8..]].map(|half| half.repeat(3));
            let cipher = Cipher::des_ede3_cbc();
            let chained = run(Mode::Encrypt, cipher, &first, Some(&[0; 8]), text)?;
            let last = &chained[chained.len() - 8..];
            let last = run(Mode::Decrypt, Cipher::des_ede3_cbc(), &second, Some(&[0; 8]), last)?;
            return run(Mode::Encrypt, cipher, &first, Some(&[0; 8]), &last);
        }
        let key = PKey::cmac(&self.cipher(), key)?;
        let mut mac = Signer::new_without_digest(&key)?.sign_oneshot_to_vec(text)?;
        mac.truncate(8);
        Ok(mac)
    }

    /// The MAC of a text of any length, as in tokens.
    pub(crate) fn token(self, key: &[u8], text: &[u8]) -> Result<Vec<u8>> {
        if self == Self::TripleDes { self.mac(key, &self.pad(text)) } else { self.mac(key, text) }
    }

    pub(crate) fn pad(self, text: &[u8]) -> Vec<u8> {
        let mut padded = [text, &[0x80]].concat();
        padded.resize(padded.len().next_multiple_of(self.block()), 0);
        padded
    }

    fn cipher(self) -> Cipher {
        match self {
            Self::TripleDes => Cipher::des_ede3_cbc(),
            Self::Aes128 => Cipher::aes_128_cbc(),
            Self::Aes192 => Cipher::aes_192_cbc(),
            Self::Aes256 => Cipher::aes_256_cbc(),
        }
    }

    fn schedule(self, key: &[u8]) -> Vec<u8> {
        if self == Self::TripleDes { [key, &key[..8]].concat() } else { key.to_vec() }
    }
}

fn run(mode: Mode, cipher: Cipher, key: &[u8], iv: Option<&[u8]>, text: &[u8]) -> Result<Vec<u8>> {
    let mut crypter = Crypter::new(cipher, mode, key, iv)?;
    crypter.pad(false);
    let mut out = vec![0; text.len() + 16];
    let length = crypter.update(text, &mut out)?;
    out.truncate(length);
    Ok(out)
}
