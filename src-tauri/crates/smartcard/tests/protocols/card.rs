//! The card's side of PACE and secure messaging, calculated by OpenSSL alone, where the crate takes AES and
//! CMAC from elsewhere.

mod messaging;
mod pace;

pub(crate) use messaging::{Messaging, object};
pub(crate) use pace::{Curve, PaceCard, Tamper};

use openssl::hash::{MessageDigest, hash};
use openssl::pkey::PKey;
use openssl::sign::Signer;
use openssl::symm::{Cipher, Crypter, Mode};

/// AES in CBC mode without padding.
pub(crate) fn aes_cbc(mode: Mode, key: &[u8], iv: &[u8], data: &[u8]) -> Vec<u8> {
    let mut crypter = Crypter::new(cipher(key), mode, key, Some(iv)).unwrap();
    crypter.pad(false);
    let mut out = vec![0; data.len() + 16];
    let length = crypter.update(data, &mut out).unwrap();
    let rest = crypter.finalize(&mut out[length..]).unwrap();
    out.truncate(length + rest);
    out
}

/// The left eight bytes of CMAC.
pub(crate) fn cmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let key = PKey::cmac(&cipher(key), key).unwrap();
    let mut signer = Signer::new_without_digest(&key).unwrap();
    signer.sign_oneshot_to_vec(message).unwrap()[..8].to_vec()
}

/// The key derivation function; `purpose` is 1 for encryption, 2 for the MAC, 3 for the password.
pub(crate) fn kdf(key_bytes: usize, secret: &[u8], purpose: u8) -> Vec<u8> {
    let digest = if key_bytes == 16 { MessageDigest::sha1() } else { MessageDigest::sha256() };
    hash(digest, &[secret, &[0, 0, 0, purpose]].concat()).unwrap()[..key_bytes].to_vec()
}

fn cipher(key: &[u8]) -> Cipher {
    match key.len() {
        16 => Cipher::aes_128_cbc(),
        24 => Cipher::aes_192_cbc(),
        32 => Cipher::aes_256_cbc(),
        other => panic!("no AES key has {other} bytes"),
    }
}
