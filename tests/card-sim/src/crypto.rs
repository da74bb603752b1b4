//! The cards' own cryptography: AES, CMAC and hashes by OpenSSL, the curve by `bp256`. The product does it the
//! other way round, so that an error in one isn't mirrored by the other.

pub(crate) mod curve;
pub(crate) mod entropy;
pub(crate) mod symmetric;

use openssl::error::ErrorStack;

/// The result of an OpenSSL function whose arguments have the right form by construction.
#[allow(clippy::expect_used, reason = "it fails for want of memory only; then a simulator may end")]
pub(crate) fn sure<T>(result: Result<T, ErrorStack>) -> T {
    result.expect("OpenSSL refused an argument of ours")
}
