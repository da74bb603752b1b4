//! Asking OpenSSL without leaving anything behind in its error queue.

use openssl::error::ErrorStack;

/// What an OpenSSL call gives; `None` if it fails.
///
/// The thread's error queue is empty afterwards: even a call that succeeds may leave entries there (a signature that
/// is wrong isn't an error), and the next caller would take them for its own.
pub(crate) fn quietly<T>(call: impl FnOnce() -> Result<T, ErrorStack>) -> Option<T> {
    let result = call().ok();
    drop(ErrorStack::get());
    result
}
