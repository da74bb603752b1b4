//! What PACE and secure messaging calculate with: AES and hashes from RustCrypto, elliptic curves from
//! OpenSSL.

pub(crate) mod aes;
pub(crate) mod ec;
pub(crate) mod kdf;
