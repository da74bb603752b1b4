//! The cards' own cryptography: ciphers, MACs and hashes by OpenSSL, curves by RustCrypto as far as it has
//! them. The product does it the other way round, so that an error in one isn't mirrored by the other. What
//! there is no second library for (brainpoolP512r1, Diffie-Hellman modulo a prime, integrated mapping, RSA)
//! is built on OpenSSL's numbers, as in the product, but with formulas of our own.

pub(crate) mod cipher;
pub(crate) mod curve;
pub(crate) mod elliptic;
pub(crate) mod encoding;
pub(crate) mod entropy;
pub(crate) mod group;
pub(crate) mod integrated;
pub(crate) mod signature;
mod weierstrass;

use openssl::{bn::BigNum, error::ErrorStack};

/// The result of an OpenSSL function whose arguments have the right form by construction.
#[allow(clippy::expect_used, reason = "it fails for want of memory only; then a simulator may end")]
pub(crate) fn sure<T>(result: Result<T, ErrorStack>) -> T {
    result.expect("OpenSSL refused an argument of ours")
}

/// The number that big-endian bytes make.
pub(crate) fn number(bytes: &[u8]) -> BigNum {
    sure(BigNum::from_slice(bytes))
}
