//! The card's side of PACE, Basic Access Control and secure messaging, calculated by OpenSSL alone, where the crate
//! takes ciphers and check values from elsewhere.

mod bac;
mod integrated;
mod messaging;
mod modular;
mod pace;

pub(crate) use bac::BacCard;
pub(crate) use messaging::{Messaging, object};
pub(crate) use modular::ModularCard;
pub(crate) use pace::{Curve, PaceCard, Tamper};

use openssl::hash::{MessageDigest, hash};
use openssl::pkey::PKey;
use openssl::sign::Signer;
use openssl::symm::{self, Crypter, Mode};

/// What a session encrypts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cipher {
    TripleDes,
    Aes128,
    Aes192,
    Aes256,
}

impl Cipher {
    pub(crate) const ALL: [Self; 4] = [Self::TripleDes, Self::Aes128, Self::Aes192, Self::Aes256];

    pub(crate) fn key_bytes(self) -> usize {
        match self {
            Self::TripleDes | Self::Aes128 => 16,
            Self::Aes192 => 24,
            Self::Aes256 => 32,
        }
    }

    pub(crate) fn block_bytes(self) -> usize {
        if self == Self::TripleDes { 8 } else { 16 }
    }

    /// The last arc of a protocol.
    pub(crate) fn arc(self) -> u8 {
        match self {
            Self::TripleDes => 1,
            Self::Aes128 => 2,
            Self::Aes192 => 3,
            Self::Aes256 => 4,
        }
    }

    /// At least as long as a key, in whole blocks of AES.
    pub(crate) fn nonce(self) -> Vec<u8> {
        vec![0x65; self.key_bytes().next_multiple_of(16)]
    }

    fn openssl(self) -> symm::Cipher {
        match self {
            Self::TripleDes => symm::Cipher::des_ede3_cbc(),
            Self::Aes128 => symm::Cipher::aes_128_cbc(),
            Self::Aes192 => symm::Cipher::aes_192_cbc(),
            Self::Aes256 => symm::Cipher::aes_256_cbc(),
        }
    }
}

/// CBC mode without padding.
pub(crate) fn cbc(cipher: Cipher, mode: Mode, key: &[u8], iv: &[u8], data: &[u8]) -> Vec<u8> {
    // 3DES with two keys.
    let key = if cipher == Cipher::TripleDes { [key, &key[..8]].concat() } else { key.to_vec() };
    raw_cbc(cipher.openssl(), mode, &key, iv, data)
}

fn raw_cbc(cipher: symm::Cipher, mode: Mode, key: &[u8], iv: &[u8], data: &[u8]) -> Vec<u8> {
    let mut crypter = Crypter::new(cipher, mode, key, Some(iv)).unwrap();
    crypter.pad(false);
    let mut out = vec![0; data.len() + 16];
    let length = crypter.update(data, &mut out).unwrap();
    let rest = crypter.finalize(&mut out[length..]).unwrap();
    out.truncate(length + rest);
    out
}

/// The left eight bytes of CMAC, or the Retail MAC over a message that is padded.
pub(crate) fn mac(cipher: Cipher, key: &[u8], message: &[u8]) -> Vec<u8> {
    if cipher == Cipher::TripleDes {
        return retail_mac(key, message);
    }
    let key = PKey::cmac(&cipher.openssl(), key).unwrap();
    let mut signer = Signer::new_without_digest(&key).unwrap();
    signer.sign_oneshot_to_vec(message).unwrap()[..8].to_vec()
}

/// ISO/IEC 9797-1, algorithm 3: DES throughout, 3DES at the end. 3DES with one key three times is DES.
fn retail_mac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let single = key[..8].repeat(3);
    let cipher = symm::Cipher::des_ede3_cbc();
    let (before, last) = message.split_at(message.len() - 8);
    let chained = raw_cbc(cipher, Mode::Encrypt, &single, &[0; 8], before);
    let state = chained.rchunks(8).next().unwrap_or(&[0; 8]).to_vec();
    cbc(Cipher::TripleDes, Mode::Encrypt, key, &state, last)
}

/// The check value over a message, which the Retail MAC wants padded.
pub(crate) fn token_mac(cipher: Cipher, key: &[u8], message: &[u8]) -> Vec<u8> {
    let padded = if cipher == Cipher::TripleDes { padded(message, 8) } else { message.to_vec() };
    mac(cipher, key, &padded)
}

/// Data with `80 00 …` up to a whole block.
pub(crate) fn padded(data: &[u8], block_bytes: usize) -> Vec<u8> {
    let mut data = [data, &[0x80]].concat();
    data.resize(data.len().next_multiple_of(block_bytes), 0);
    data
}

/// The key derivation function; `purpose` is 1 for encryption, 2 for the MAC, 3 for the password.
pub(crate) fn kdf(cipher: Cipher, secret: &[u8], purpose: u8) -> Vec<u8> {
    let digest = match cipher {
        Cipher::TripleDes | Cipher::Aes128 => MessageDigest::sha1(),
        Cipher::Aes192 | Cipher::Aes256 => MessageDigest::sha256(),
    };
    hash(digest, &[secret, &[0, 0, 0, purpose]].concat()).unwrap()[..cipher.key_bytes()].to_vec()
}
