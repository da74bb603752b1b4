//! The key derivation function of TR-03110-3, A.2.3 (ICAO Doc 9303-11, 9.7.1).

use sha1::{Digest, Sha1};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

/// What a session encrypts with; each has CMAC with a key of the same length beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SessionCipher {
    Aes128,
    Aes192,
    Aes256,
}

impl SessionCipher {
    /// Bytes of each key.
    pub(crate) fn key_bytes(self) -> usize {
        match self {
            Self::Aes128 => 16,
            Self::Aes192 => 24,
            Self::Aes256 => 32,
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

/// Derives a key from a shared secret or a password: the left bytes of SHA-1 for AES-128, of SHA-256 for the
/// longer ones.
pub(crate) fn derive_key(cipher: SessionCipher, secret: &[u8], purpose: KeyPurpose) -> Zeroizing<Vec<u8>> {
    let counter: u32 = match purpose {
        KeyPurpose::Encryption => 1,
        KeyPurpose::Mac => 2,
        KeyPurpose::Password => 3,
    };
    let input = [secret, &counter.to_be_bytes()];
    match cipher {
        SessionCipher::Aes128 => hash::<Sha1>(&input, cipher.key_bytes()),
        SessionCipher::Aes192 | SessionCipher::Aes256 => hash::<Sha256>(&input, cipher.key_bytes()),
    }
}

/// SHA-1, for what becomes a secret of a key derivation.
pub(crate) fn sha1(secret: &[u8]) -> Zeroizing<Vec<u8>> {
    hash::<Sha1>(&[secret], <Sha1 as Digest>::output_size())
}

/// The left bytes of a hash over `parts`.
fn hash<D: Digest>(parts: &[&[u8]], bytes: usize) -> Zeroizing<Vec<u8>> {
    let mut digest = parts.iter().fold(D::new(), Digest::chain_update).finalize();
    let left = Zeroizing::new(digest.iter().copied().take(bytes).collect());
    digest.as_mut_slice().zeroize();
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use KeyPurpose::{Encryption, Mac, Password};
    use SessionCipher::{Aes128, Aes192, Aes256};

    fn derived(cipher: SessionCipher, secret: &[u8], purpose: KeyPurpose) -> String {
        hex::encode_upper(derive_key(cipher, secret, purpose))
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
