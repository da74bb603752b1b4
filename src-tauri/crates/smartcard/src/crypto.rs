//! What the protocols calculate with: AES, 3DES and hashes from RustCrypto, public keys from OpenSSL.

pub(crate) mod aes;
pub(crate) mod chip_key;
pub(crate) mod cipher;
pub(crate) mod ec;
pub(crate) mod group;
pub(crate) mod kdf;
pub(crate) mod modular;
pub(crate) mod padding;
