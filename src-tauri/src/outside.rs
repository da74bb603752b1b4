//! Clock and entropy: the shell asks for them here and passes them on as arguments.

use jiff::{Timestamp, Zoned};
use uuid::{Builder, Uuid};

/// The desk's time in its own time zone.
#[allow(clippy::disallowed_methods, reason = "the one place that asks the clock")]
pub(crate) fn now() -> Zoned {
    Zoned::now()
}

/// Fills `bytes` from the operating system's generator.
///
/// Without a generator nothing here can be done safely, so that is the end of the program.
pub(crate) fn entropy(bytes: &mut [u8]) {
    if getrandom::fill(bytes).is_err() {
        tracing::error!("the operating system gives no randomness");
        std::process::abort();
    }
}

/// An id: UUID version 7 (RFC 9562, 5.7).
pub(crate) fn id(now: Timestamp) -> Uuid {
    let mut random = [0; 10];
    entropy(&mut random);
    Builder::from_unix_timestamp_millis(u64::try_from(now.as_millisecond()).unwrap_or(0), &random).into_uuid()
}
