//! AES-128, CMAC and hashes, by OpenSSL.

use openssl::{
    pkey::PKey,
    sign::Signer,
    symm::{Cipher, Crypter, Mode},
};

use super::sure;

/// A block of AES.
pub(crate) const BLOCK: usize = 16;
/// A key of AES-128.
pub(crate) type Key = [u8; 16];

/// One block in ECB mode.
pub(crate) fn encrypt_block(key: &Key, block: &[u8; BLOCK]) -> [u8; BLOCK] {
    let bytes = run(Cipher::aes_128_ecb(), Mode::Encrypt, key, None, block);
    std::array::from_fn(|at| bytes.get(at).copied().unwrap_or_default())
}

/// CBC without padding; `text` is whole blocks.
pub(crate) fn encrypt_cbc(key: &Key, iv: &[u8; BLOCK], text: &[u8]) -> Vec<u8> {
    run(Cipher::aes_128_cbc(), Mode::Encrypt, key, Some(iv), text)
}

/// The reverse of [`encrypt_cbc`].
pub(crate) fn decrypt_cbc(key: &Key, iv: &[u8; BLOCK], text: &[u8]) -> Vec<u8> {
    run(Cipher::aes_128_cbc(), Mode::Decrypt, key, Some(iv), text)
}

/// AES-CMAC (RFC 4493) cut to eight bytes, as PACE and secure messaging use it (TR-03110-3, F.2.2).
pub(crate) fn cmac(key: &Key, text: &[u8]) -> [u8; 8] {
    let key = sure(PKey::cmac(&Cipher::aes_128_cbc(), key));
    let mac = sure(sure(Signer::new_without_digest(&key)).sign_oneshot_to_vec(text));
    std::array::from_fn(|at| mac.get(at).copied().unwrap_or_default())
}

/// Key derivation (TR-03110-3, A.2.3): the first half of SHA-1 over the secret and a counter.
pub(crate) fn derive(secret: &[u8], counter: u32) -> Key {
    let digest = openssl::sha::sha1(&[secret, &counter.to_be_bytes()].concat());
    std::array::from_fn(|at| digest[at])
}

/// A one, then zeros up to whole blocks (ISO 7816-4, padding method 2); always at least the one.
pub(crate) fn pad(mut text: Vec<u8>) -> Vec<u8> {
    text.push(0x80);
    text.resize(text.len().next_multiple_of(BLOCK), 0);
    text
}

/// The reverse of [`pad`]; `None` if there is no padding.
pub(crate) fn unpad(mut text: Vec<u8>) -> Option<Vec<u8>> {
    let end = text.iter().rposition(|byte| *byte != 0)?;
    let padded = text.get(end) == Some(&0x80) && text.len() - end <= BLOCK;
    text.truncate(end);
    padded.then_some(text)
}

fn run(cipher: Cipher, mode: Mode, key: &Key, iv: Option<&[u8; BLOCK]>, text: &[u8]) -> Vec<u8> {
    let mut crypter = sure(Crypter::new(cipher, mode, key, iv.map(|iv| &iv[..])));
    crypter.pad(false);
    let mut out = vec![0; text.len() + BLOCK];
    let length = sure(crypter.update(text, &mut out));
    out.truncate(length);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(hex: &str) -> Key {
        hex::decode(hex).unwrap().try_into().unwrap()
    }

    /// RFC 4493, 4, example 2.
    #[test]
    fn cmac_gives_the_value_of_rfc_4493() {
        let text = hex::decode("6bc1bee22e409f96e93d7e117393172a").unwrap();
        let mac = cmac(&key("2b7e151628aed2a6abf7158809cf4f3c"), &text);
        assert_eq!(hex::encode(mac), "070a16b46b4d4144");
    }

    /// gematik ref-OpenHealthCardKit (Apache-2.0), KeyDerivationFunctionTest.
    #[test]
    fn keys_are_derived_from_a_secret() {
        let secret = hex::decode("2ECA74E72CD6C1E0DA235093569984987C34A9F4D34E4E60FB0AD87B983CDC62").unwrap();
        assert_eq!(derive(&secret, 1), key("AB5541629D18E5F33EE2B13DBDCDBE84"));
        assert_eq!(derive(&secret, 2), key("E13D3757C7D9073794A3D7CA94B22D30"));
        assert_eq!(derive(b"12345678", 3), key("663EABABA99E954E8D22889540EDC66C"));
    }

    #[test]
    fn padding_is_found_and_taken_off_again() {
        for length in [0, 1, 15, 16, 17] {
            let padded = pad(vec![0; length]);
            assert_eq!(padded.len() % BLOCK, 0);
            assert_eq!(unpad(padded), Some(vec![0; length]));
        }
        assert_eq!(unpad(vec![1; 16]), None);
        assert_eq!(unpad([vec![0x80], vec![0; 16]].concat()), None);
        assert_eq!(unpad(vec![0; 16]), None);
    }
}
