//! The ciphers of PACE, BAC and protected channels, by OpenSSL: 3DES and AES with the MAC and the key
//! derivation that go with each (Doc 9303-11, 9.7 and 9.8; TR-03110-3, A.2.3 and F).

use openssl::{
    pkey::PKey,
    sign::Signer,
    symm::{Cipher as Algorithm, Crypter, Mode},
};

use super::sure;

/// A block cipher with a key length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cipher {
    /// 3DES with two keys.
    TripleDes,
    /// AES with 128 bits.
    Aes128,
    /// AES with 192 bits.
    Aes192,
    /// AES with 256 bits.
    Aes256,
}

/// A key of 3DES, half of which is a key of DES.
const TWO_KEYS: usize = 16;
const HALF: usize = 8;

impl Cipher {
    /// The last number in the object identifiers of PACE and chip authentication.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::TripleDes => 1,
            Self::Aes128 => 2,
            Self::Aes192 => 3,
            Self::Aes256 => 4,
        }
    }

    /// Bytes of a block.
    pub(crate) fn block(self) -> usize {
        match self {
            Self::TripleDes => 8,
            Self::Aes128 | Self::Aes192 | Self::Aes256 => 16,
        }
    }

    /// Bytes of a key.
    pub(crate) fn key_length(self) -> usize {
        match self {
            Self::TripleDes => TWO_KEYS,
            Self::Aes128 => 16,
            Self::Aes192 => 24,
            Self::Aes256 => 32,
        }
    }

    /// A block of zeros: the initial vector where there is none.
    pub(crate) fn zeros(self) -> Vec<u8> {
        vec![0; self.block()]
    }

    /// CBC without padding; `text` is whole blocks.
    pub(crate) fn encrypt(self, key: &[u8], iv: &[u8], text: &[u8]) -> Vec<u8> {
        run(self.cbc(), Mode::Encrypt, &self.scheduled(key), Some(iv), text)
    }

    /// The reverse of [`Self::encrypt`].
    pub(crate) fn decrypt(self, key: &[u8], iv: &[u8], text: &[u8]) -> Vec<u8> {
        run(self.cbc(), Mode::Decrypt, &self.scheduled(key), Some(iv), text)
    }

    /// The MAC of a text of any length: AES-CMAC (RFC 4493) cut to eight bytes, or the retail MAC (ISO
    /// 9797-1, algorithm 3 with padding method 2).
    pub(crate) fn mac(self, key: &[u8], text: &[u8]) -> [u8; 8] {
        match self {
            Self::TripleDes => self.mac_of_blocks(key, &self.pad(text.to_vec())),
            Self::Aes128 | Self::Aes192 | Self::Aes256 => self.mac_of_blocks(key, text),
        }
    }

    /// As [`Self::mac`] for whole blocks, which nothing is added to.
    pub(crate) fn mac_of_blocks(self, key: &[u8], text: &[u8]) -> [u8; 8] {
        let mac = match self {
            Self::TripleDes => {
                // DES in CBC mode and 3DES for the last block.
                let single = key.get(..HALF).unwrap_or_default().repeat(3);
                let (head, last) = text.split_at(text.len().saturating_sub(HALF));
                let chained = run(Algorithm::des_ede3_cbc(), Mode::Encrypt, &single, Some(&[0; HALF]), head);
                let iv = chained.last_chunk::<HALF>().copied().unwrap_or_default();
                self.encrypt(key, &iv, last)
            }
            Self::Aes128 | Self::Aes192 | Self::Aes256 => {
                let key = sure(PKey::cmac(&self.cbc(), key));
                sure(sure(Signer::new_without_digest(&key)).sign_oneshot_to_vec(text))
            }
        };
        std::array::from_fn(|at| mac.get(at).copied().unwrap_or_default())
    }

    /// Key derivation: the start of SHA-1, for long keys SHA-256, over a secret and a counter.
    pub(crate) fn derive(self, secret: &[u8], counter: u32) -> Vec<u8> {
        let input = [secret, &counter.to_be_bytes()].concat();
        let mut key = match self {
            Self::TripleDes | Self::Aes128 => openssl::sha::sha1(&input).to_vec(),
            Self::Aes192 | Self::Aes256 => openssl::sha::sha256(&input).to_vec(),
        };
        key.truncate(self.key_length());
        if self == Self::TripleDes {
            // Odd parity.
            key.iter_mut().for_each(|byte| *byte ^= 1 ^ (byte.count_ones() & 1) as u8);
        }
        key
    }

    /// A one, then zeros up to whole blocks (ISO 7816-4, padding method 2); always at least the one.
    pub(crate) fn pad(self, mut text: Vec<u8>) -> Vec<u8> {
        text.push(0x80);
        text.resize(text.len().next_multiple_of(self.block()), 0);
        text
    }

    /// The reverse of [`Self::pad`]; `None` if there is no padding.
    pub(crate) fn unpad(self, mut text: Vec<u8>) -> Option<Vec<u8>> {
        let end = text.iter().rposition(|byte| *byte != 0)?;
        let padded = text.get(end) == Some(&0x80) && text.len() - end <= self.block();
        text.truncate(end);
        padded.then_some(text)
    }

    fn cbc(self) -> Algorithm {
        match self {
            Self::TripleDes => Algorithm::des_ede3_cbc(),
            Self::Aes128 => Algorithm::aes_128_cbc(),
            Self::Aes192 => Algorithm::aes_192_cbc(),
            Self::Aes256 => Algorithm::aes_256_cbc(),
        }
    }

    /// The key as OpenSSL wants it: of 3DES the first half once more at the end.
    fn scheduled(self, key: &[u8]) -> Vec<u8> {
        match self {
            Self::TripleDes => [key, key.get(..HALF).unwrap_or_default()].concat(),
            Self::Aes128 | Self::Aes192 | Self::Aes256 => key.to_vec(),
        }
    }
}

fn run(algorithm: Algorithm, mode: Mode, key: &[u8], iv: Option<&[u8]>, text: &[u8]) -> Vec<u8> {
    let mut crypter = sure(Crypter::new(algorithm, mode, key, iv));
    crypter.pad(false);
    let mut out = vec![0; text.len() + algorithm.block_size()];
    let length = sure(crypter.update(text, &mut out));
    out.truncate(length);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        hex::decode(hex).unwrap()
    }

    /// RFC 4493, 4, example 2.
    #[test]
    fn cmac_gives_the_value_of_rfc_4493() {
        let text = bytes("6bc1bee22e409f96e93d7e117393172a");
        let mac = Cipher::Aes128.mac(&bytes("2b7e151628aed2a6abf7158809cf4f3c"), &text);
        assert_eq!(hex::encode(mac), "070a16b46b4d4144");
    }

    /// NIST SP 800-38B, D.2 and D.3, examples 2.
    #[test]
    fn cmac_gives_the_values_of_sp_800_38b_with_long_keys() {
        let text = bytes("6bc1bee22e409f96e93d7e117393172a");
        let key = bytes("8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b");
        assert_eq!(hex::encode(Cipher::Aes192.mac(&key, &text)), "9e99a7bf31e71090");
        let key = bytes("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
        assert_eq!(hex::encode(Cipher::Aes256.mac(&key, &text)), "28a7023f452e8f82");
    }

    /// ICAO Doc 9303-11, D.3: the terminal's cryptogram of BAC and its MAC.
    #[test]
    fn triple_des_and_the_retail_mac_give_the_values_of_doc_9303() {
        let encryption = bytes("AB94FDECF2674FDFB9B391F85D7F76F2");
        let text = bytes("781723860C06C2264608F919887022120B795240CB7049B01C19B33E32804F0B");
        let cryptogram = Cipher::TripleDes.encrypt(&encryption, &[0; 8], &text);
        assert_eq!(
            hex::encode_upper(&cryptogram),
            "72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2"
        );
        assert_eq!(Cipher::TripleDes.decrypt(&encryption, &[0; 8], &cryptogram), text);
        let mac = Cipher::TripleDes.mac(&bytes("7962D9ECE03D1ACD4C76089DCE131543"), &cryptogram);
        assert_eq!(hex::encode_upper(mac), "5F1448EEA8AD90A7");
    }

    /// gematik ref-OpenHealthCardKit (Apache-2.0), KeyDerivationFunctionTest.
    #[test]
    fn keys_are_derived_from_a_secret() {
        let derive = |secret: &[u8], counter| hex::encode_upper(Cipher::Aes128.derive(secret, counter));
        let secret = bytes("2ECA74E72CD6C1E0DA235093569984987C34A9F4D34E4E60FB0AD87B983CDC62");
        assert_eq!(derive(&secret, 1), "AB5541629D18E5F33EE2B13DBDCDBE84");
        assert_eq!(derive(&secret, 2), "E13D3757C7D9073794A3D7CA94B22D30");
        assert_eq!(derive(b"12345678", 3), "663EABABA99E954E8D22889540EDC66C");
    }

    /// ICAO Doc 9303-11, D.2.
    #[test]
    fn keys_of_triple_des_have_odd_parity() {
        let seed = bytes("239AB9CB282DAF66231DC5A4DF6BFBAE");
        let derive = |counter| hex::encode_upper(Cipher::TripleDes.derive(&seed, counter));
        assert_eq!(derive(1), "AB94FDECF2674FDFB9B391F85D7F76F2");
        assert_eq!(derive(2), "7962D9ECE03D1ACD4C76089DCE131543");
    }

    #[test]
    fn padding_is_found_and_taken_off_again() {
        for cipher in [Cipher::TripleDes, Cipher::Aes128] {
            let block = cipher.block();
            for length in [0, 1, block - 1, block, block + 1] {
                let padded = cipher.pad(vec![0; length]);
                assert_eq!(padded.len() % block, 0);
                assert_eq!(cipher.unpad(padded), Some(vec![0; length]));
            }
            assert_eq!(cipher.unpad(vec![1; block]), None);
            assert_eq!(cipher.unpad([vec![0x80], vec![0; block]].concat()), None);
            assert_eq!(cipher.unpad(vec![0; block]), None);
        }
    }
}
