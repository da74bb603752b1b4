//! The pseudo-random function of the integrated mapping (ICAO Doc 9303-11, 4.4.3.3.2).

use crate::crypto::aes::Block;
use crate::crypto::cipher::CipherKey;
use crate::crypto::group::secret_number;
use crate::crypto::kdf::SessionCipher;
use openssl::bn::BigNum;
use openssl::error::ErrorStack;
use zeroize::Zeroizing;

/// How many bits more than the prime the number has, so that it is evenly spread modulo the prime.
const SURPLUS_BITS: usize = 64;

/// For nonces of 128 bits.
const CONSTANTS_128: [&[u8]; 2] = [
    &[0xA6, 0x68, 0x89, 0x2A, 0x7C, 0x41, 0xE3, 0xCA, 0x73, 0x9F, 0x40, 0xB0, 0x57, 0xD8, 0x59, 0x04],
    &[0xA4, 0xE1, 0x36, 0xAC, 0x72, 0x5F, 0x73, 0x8B, 0x01, 0xC1, 0xF6, 0x02, 0x17, 0xC1, 0x88, 0xAD],
];
/// For nonces of 256 bits.
const CONSTANTS_256: [&[u8]; 2] = [
    &[
        0xD4, 0x63, 0xD6, 0x52, 0x34, 0x12, 0x4E, 0xF7, 0x89, 0x70, 0x54, 0x98, 0x6D, 0xCA, 0x0A, 0x17, 0x4E,
        0x28, 0xDF, 0x75, 0x8C, 0xBA, 0xA0, 0x3F, 0x24, 0x06, 0x16, 0x41, 0x4D, 0x5A, 0x16, 0x76,
    ],
    &[
        0x54, 0xBD, 0x72, 0x55, 0xF0, 0xAA, 0xF8, 0x31, 0xBE, 0xC3, 0x42, 0x3F, 0xCF, 0x39, 0xD6, 0x9B, 0x6C,
        0xBF, 0x06, 0x66, 0x77, 0xD0, 0xFA, 0xAE, 0x5A, 0xAD, 0xD9, 0x9D, 0xF8, 0xE5, 0x35, 0x17,
    ],
];

/// Bytes of the card's nonce: the least whole blocks of AES that are as long as a key.
pub(super) fn nonce_bytes(cipher: SessionCipher) -> usize {
    match cipher {
        SessionCipher::TripleDes | SessionCipher::Aes128 => 16,
        SessionCipher::Aes192 | SessionCipher::Aes256 => 32,
    }
}

/// The number that follows from the card's nonce `s` and ours, `t`, which is as long as a key; `None` if either
/// has another length.
pub(super) fn pseudo_random_number(
    cipher: SessionCipher,
    s: &[u8],
    t: &[u8],
    prime_bits: usize,
) -> Option<Result<BigNum, ErrorStack>> {
    let [c0, c1] = match nonce_bytes(cipher) {
        16 => CONSTANTS_128,
        _ => CONSTANTS_256,
    };
    if s.len() != c0.len() {
        return None;
    }
    let encrypt = |key: &[u8], block: &[u8]| {
        let key = CipherKey::new(cipher, key.get(..cipher.key_bytes())?)?;
        let mut block = Zeroizing::new(block.to_vec());
        key.cbc_encrypt(Block::default(), &mut block);
        Some(block)
    };
    if t.len() != cipher.key_bytes() {
        return None;
    }
    let mut key = encrypt(t, s)?;
    let rounds = (prime_bits + SURPLUS_BITS).div_ceil(8 * s.len());
    let mut number = Zeroizing::new(Vec::with_capacity(rounds * s.len()));
    for _ in 0..rounds {
        number.extend_from_slice(&encrypt(&key, c1)?);
        key = encrypt(&key, c0)?;
    }
    Some(secret_number(&number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(s: &str, t: &str, prime_bits: usize) -> String {
        let [s, t] = [s, t].map(|digits| hex::decode(digits).unwrap());
        let number = pseudo_random_number(SessionCipher::Aes128, &s, &t, prime_bits).unwrap().unwrap();
        hex::encode_upper(number.to_vec())
    }

    // ICAO Doc 9303-11, Appendix H.1 and H.2.
    #[test]
    fn the_pseudo_random_numbers_of_the_worked_examples_come_out() {
        assert_eq!(
            number("2923BE84E16CD6AE529049F1F1BBE9EB", "5DD4CBFC96F5453B130D890A1CDBAE32", 256),
            "E4447E2DFB3586BAC05DDB00156B57FBB2179A3949294C97254189800C517BAA8DA0FF397ED8C445D3E421E4FEB57322"
        );
        assert_eq!(
            number("FA5B7E3E49753A0DB9178B7B9BD898C8", "B3A6DB3C870C3E99245E0D1C06B747DE", 1024),
            "EAB98D13E09052952AA729907C3C946184DEA0FE74AD2B3AF506F0A83018459C38099CD1F7FF4EA0A078DB1FAC136550\
             5E3DC85500EF95E20B4EEF2E88489233BEE0546B472F994B618D168702406791DEEF3CB4810932EC278F3533FDB860EB\
             4835C36FA4F1BF3FA0B828A718C96BDE88FBA38A3E6C35AAA10959251EB5FC710FC187258995944C0F926E249373F485"
        );
    }

    #[test]
    fn a_nonce_of_another_length_gives_no_number() {
        for (cipher, s, t) in [
            (SessionCipher::Aes128, 32, 16),
            (SessionCipher::Aes128, 16, 24),
            (SessionCipher::Aes192, 16, 24),
            (SessionCipher::Aes192, 32, 32),
            (SessionCipher::TripleDes, 24, 16),
        ] {
            let number = pseudo_random_number(cipher, &vec![1; s], &vec![2; t], 256);
            assert!(number.is_none(), "{cipher:?}, {s}, {t}");
        }
        for (cipher, s) in [(SessionCipher::Aes192, 32), (SessionCipher::TripleDes, 16)] {
            let number = pseudo_random_number(cipher, &vec![1; s], &vec![2; cipher.key_bytes()], 521);
            assert!(number.is_some(), "{cipher:?}");
        }
    }
}
