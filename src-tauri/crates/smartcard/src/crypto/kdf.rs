//! The key derivation function of TR-03110-3, A.2.3 (ICAO Doc 9303-11, 9.7.1).

use sha1::{Digest, Sha1};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

/// Bytes of the longest key.
pub(crate) const KEY_BYTES_MAX: usize = 32;

/// What a session encrypts with, the weakest first; each has a check value with a key of the same length
/// beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SessionCipher {
    /// 3DES with two keys in CBC mode, and the Retail MAC.
    TripleDes,
    /// AES in CBC mode with a key of 128 bits, and CMAC.
    Aes128,
    /// AES in CBC mode with a key of 192 bits, and CMAC.
    Aes192,
    /// AES in CBC mode with a key of 256 bits, and CMAC.
    Aes256,
}

impl SessionCipher {
    /// Each of them.
    pub(crate) const ALL: [Self; 4] = [Self::TripleDes, Self::Aes128, Self::Aes192, Self::Aes256];

    /// Bytes of each key; one of 3DES has its parity bits among them.
    pub(crate) fn key_bytes(self) -> usize {
        match self {
            Self::TripleDes | Self::Aes128 => 16,
            Self::Aes192 => 24,
            Self::Aes256 => 32,
        }
    }

    /// The last arc of a protocol's object identifier that names the cipher (TR-03110-3, A.1.1).
    pub(crate) fn arc(self) -> u8 {
        match self {
            Self::TripleDes => 1,
            Self::Aes128 => 2,
            Self::Aes192 => 3,
            Self::Aes256 => 4,
        }
    }
}

/// What a key is for: the counter behind the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyPurpose {
    Encryption,
    Mac,
    Password,
}

/// Derives a key from a shared secret or a password: the left bytes of SHA-1 for keys of 16 bytes, of SHA-256
/// for the longer ones. Zeros fill what the key doesn't need.
pub(crate) fn derive_key(
    cipher: SessionCipher,
    secret: &[u8],
    purpose: KeyPurpose,
) -> Zeroizing<[u8; KEY_BYTES_MAX]> {
    let counter: u32 = match purpose {
        KeyPurpose::Encryption => 1,
        KeyPurpose::Mac => 2,
        KeyPurpose::Password => 3,
    };
    let input = [secret, &counter.to_be_bytes()];
    let hash = match cipher {
        SessionCipher::TripleDes | SessionCipher::Aes128 => hash::<Sha1>(&input),
        SessionCipher::Aes192 | SessionCipher::Aes256 => hash::<Sha256>(&input),
    };
    let mut key = Zeroizing::new([0; KEY_BYTES_MAX]);
    key.iter_mut().zip(hash.iter().take(cipher.key_bytes())).for_each(|(key, byte)| *key = *byte);
    if cipher == SessionCipher::TripleDes {
        key.iter_mut().take(cipher.key_bytes()).for_each(adjust_parity);
    }
    key
}

/// An odd number of ones in each byte, the last bit making it so (ICAO Doc 9303-11, 9.7.1.1).
fn adjust_parity(byte: &mut u8) {
    *byte ^= u8::from(byte.count_ones().is_multiple_of(2));
}

/// SHA-1, for what becomes a secret of a key derivation.
pub(crate) fn sha1(secret: &[u8]) -> Zeroizing<Vec<u8>> {
    hash::<Sha1>(&[secret])
}

/// A hash over `parts`.
fn hash<D: Digest>(parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let mut digest = parts.iter().fold(D::new(), Digest::chain_update).finalize();
    let hash = Zeroizing::new(digest.to_vec());
    digest.as_mut_slice().zeroize();
    hash
}

#[cfg(test)]
mod tests {
    use super::*;
    use KeyPurpose::{Encryption, Mac, Password};
    use SessionCipher::{Aes128, Aes192, Aes256, TripleDes};

    fn derived(cipher: SessionCipher, secret: &[u8], purpose: KeyPurpose) -> String {
        hex::encode_upper(&derive_key(cipher, secret, purpose)[..cipher.key_bytes()])
    }

    // gematik ref-OpenHealthCardKit (Apache-2.0), KeyDerivationFunctionTest.
    #[test]
    fn aes_128_keys_are_the_published_ones() {
        let secret = hex::decode("2ECA74E72CD6C1E0DA235093569984987C34A9F4D34E4E60FB0AD87B983CDC62").unwrap();
        assert_eq!(derived(Aes128, &secret, Encryption), "AB5541629D18E5F33EE2B13DBDCDBE84");
        assert_eq!(derived(Aes128, &secret, Mac), "E13D3757C7D9073794A3D7CA94B22D30");
        assert_eq!(derived(Aes128, &secret, Password), "74C1F5E712B53BAAA3B02B182E0961B9");
        assert_eq!(derived(Aes128, b"12345678", Password), "663EABABA99E954E8D22889540EDC66C");
    }

    // ICAO Doc 9303-11, Appendix D.1, D.2 and D.3.
    #[test]
    fn keys_of_3des_are_the_published_ones_with_their_parity() {
        let seed = hex::decode("239AB9CB282DAF66231DC5A4DF6BFBAE").unwrap();
        assert_eq!(derived(TripleDes, &seed, Encryption), "AB94FDECF2674FDFB9B391F85D7F76F2");
        assert_eq!(derived(TripleDes, &seed, Mac), "7962D9ECE03D1ACD4C76089DCE131543");
        let session = hex::decode("0036D272F5C350ACAC50C3F572D23600").unwrap();
        assert_eq!(derived(TripleDes, &session, Encryption), "979EC13B1CBFE9DCD01AB0FED307EAE5");
        assert_eq!(derived(TripleDes, &session, Mac), "F1CB1F1FB5ADF208806B89DC579DC1F8");
    }

    // ICAO Doc 9303-11, Appendix G.1 and I: the zone as a password is the whole of its SHA-1.
    #[test]
    fn the_key_of_the_machine_readable_zone_is_the_published_one() {
        let secret = sha1(b"T22000129364081251010318");
        assert_eq!(hex::encode_upper(&secret), "7E2D2A41C74EA0B38CD36F863939BFA8E9032AAD");
        assert_eq!(derived(Aes128, &secret, Password), "89DED1B26624EC1E634C1989302849DD");
        let secret = sha1(b"C11T002JM496081222310314");
        assert_eq!(hex::encode_upper(&secret), "894D03F148C6265E89845B218856EA34D00EF8E8");
        assert_eq!(derived(Aes128, &secret, Password), "4E6F6FBF7BE748B932C7B74161BBA9DF");
    }

    // ICAO Doc 9303-11, Appendix H.1: the CAN 123456.
    #[test]
    fn the_key_of_the_can_is_the_published_one() {
        assert_eq!(derived(Aes128, b"123456", Password), "591468CDA83D65219CCCB8560233600F");
    }

    // No document publishes an example; the expected values are those of sha256sum.
    #[test]
    fn longer_keys_come_from_sha_256() {
        let hash = "1518D0BCB2BE83DA2E67DE376F7BA6997304AC7D37CD6AFDCF9E6481B3CB64D1";
        assert_eq!(derived(Aes192, b"123123", Password), &hash[..48]);
        assert_eq!(derived(Aes256, b"123123", Password), hash);
    }
}
