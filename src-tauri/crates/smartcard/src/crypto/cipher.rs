//! The keys of a session, whichever cipher they are for.

use super::aes::{self, AesKey, Block, MAC_BYTES};
use super::kdf::{KeyPurpose, SessionCipher, derive_key};
use super::padding::padding;
use ::aes::cipher::{Array, BlockModeDecrypt, BlockModeEncrypt, InnerIvInit, KeyInit, consts};
use ::aes::{Aes128, Aes192, Aes256};
use cmac::Mac;
use des::{Des, TdesEde2};
use retail_mac::RetailMac;

/// Bytes of a block of DES.
const DES_BLOCK_BYTES: usize = 8;

/// A key to encrypt with, wiped on drop.
#[expect(clippy::large_enum_variant, reason = "a session has one, and lies in a box")]
pub(crate) enum CipherKey {
    Aes(AesKey),
    TripleDes(TdesEde2),
}

impl CipherKey {
    /// The key that follows from a shared secret or a password.
    pub(crate) fn derive(cipher: SessionCipher, secret: &[u8], purpose: KeyPurpose) -> Self {
        let key = derive_key(cipher, secret, purpose);
        let key = <&Array<u8, consts::U32>>::from(&*key);
        match aes_key(cipher, key) {
            Some(key) => Self::Aes(key),
            None => Self::TripleDes(TdesEde2::new(key.split_ref::<consts::U16>().0)),
        }
    }

    /// A key as it is; `None` if it hasn't the cipher's length.
    pub(crate) fn new(cipher: SessionCipher, key: &[u8]) -> Option<Self> {
        if key.len() != cipher.key_bytes() {
            return None;
        }
        match cipher {
            SessionCipher::TripleDes => TdesEde2::new_from_slice(key).ok().map(Self::TripleDes),
            SessionCipher::Aes128 | SessionCipher::Aes192 | SessionCipher::Aes256 => {
                AesKey::new(key).map(Self::Aes)
            }
        }
    }

    /// Bytes of a block.
    pub(crate) fn block_bytes(&self) -> usize {
        match self {
            Self::Aes(_) => aes::BLOCK_BYTES,
            Self::TripleDes(_) => DES_BLOCK_BYTES,
        }
    }

    /// Encrypts whole blocks in place; 3DES takes the left half of the start vector.
    pub(crate) fn cbc_encrypt(&self, iv: Block, data: &mut [u8]) {
        match self {
            Self::Aes(key) => key.cbc_encrypt(iv, data),
            Self::TripleDes(key) => {
                let (blocks, _) = Array::<u8, consts::U8>::slice_as_chunks_mut(data);
                cbc::Encryptor::inner_iv_init(key, &left(iv).into()).encrypt_blocks(blocks);
            }
        }
    }

    /// Decrypts whole blocks in place; 3DES takes the left half of the start vector.
    pub(crate) fn cbc_decrypt(&self, iv: Block, data: &mut [u8]) {
        match self {
            Self::Aes(key) => key.cbc_decrypt(iv, data),
            Self::TripleDes(key) => {
                let (blocks, _) = Array::<u8, consts::U8>::slice_as_chunks_mut(data);
                cbc::Decryptor::inner_iv_init(key, &left(iv).into()).decrypt_blocks(blocks);
            }
        }
    }
}

/// A key for check values, wiped on drop.
#[expect(clippy::large_enum_variant, reason = "a session has one, and lies in a box")]
pub(crate) enum MacKey {
    Aes(AesKey),
    TripleDes(RetailMac<Des>),
}

impl MacKey {
    /// The key that follows from a shared secret.
    pub(crate) fn derive(cipher: SessionCipher, secret: &[u8], purpose: KeyPurpose) -> Self {
        let key = derive_key(cipher, secret, purpose);
        let key = <&Array<u8, consts::U32>>::from(&*key);
        match aes_key(cipher, key) {
            Some(key) => Self::Aes(key),
            None => Self::TripleDes(RetailMac::new(key.split_ref::<consts::U16>().0)),
        }
    }

    /// The check value over `parts`, one after another. For the Retail MAC they are padded.
    pub(crate) fn mac<'a>(&self, parts: impl Iterator<Item = &'a [u8]>) -> [u8; MAC_BYTES] {
        match self {
            Self::Aes(key) => key.mac(parts),
            Self::TripleDes(key) => updated(key, parts).finalize().into_bytes().into(),
        }
    }

    /// Whether `mac` is the check value over `parts`, compared in constant time.
    pub(crate) fn verify<'a>(&self, parts: impl Iterator<Item = &'a [u8]>, mac: &[u8; MAC_BYTES]) -> bool {
        match self {
            Self::Aes(key) => key.verify(parts, mac),
            Self::TripleDes(key) => updated(key, parts).verify(mac.into()).is_ok(),
        }
    }

    /// A message in the parts over which its check value is: with padding only for the Retail MAC.
    pub(crate) fn parts<'a>(&self, message: &'a [u8]) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let padding = match self {
            Self::Aes(_) => &[],
            Self::TripleDes(_) => padding(message.len(), DES_BLOCK_BYTES),
        };
        [message, padding].into_iter()
    }
}

/// The left bytes of what was derived, as many as the key has; `None` for 3DES.
fn aes_key(cipher: SessionCipher, key: &Array<u8, consts::U32>) -> Option<AesKey> {
    Some(match cipher {
        SessionCipher::TripleDes => return None,
        SessionCipher::Aes128 => AesKey::Aes128(Aes128::new(key.split_ref::<consts::U16>().0)),
        SessionCipher::Aes192 => AesKey::Aes192(Aes192::new(key.split_ref::<consts::U24>().0)),
        SessionCipher::Aes256 => AesKey::Aes256(Aes256::new(key)),
    })
}

fn updated<'a>(key: &RetailMac<Des>, parts: impl Iterator<Item = &'a [u8]>) -> RetailMac<Des> {
    let mut mac = key.clone();
    parts.for_each(|part| mac.update(part));
    mac
}

fn left(block: Block) -> [u8; DES_BLOCK_BYTES] {
    let [a, b, c, d, e, f, g, h, ..] = block;
    [a, b, c, d, e, f, g, h]
}
