//! Clock and entropy: the shell asks for them here and passes them on as arguments.

use std::{env, sync::LazyLock};

use jiff::{SignedDuration, Timestamp, Zoned};
use uuid::{Builder, Uuid};

/// How far ahead a test wants the desk's clock.
static AHEAD: LazyLock<SignedDuration> =
    LazyLock::new(|| ahead(env::var("IDENTPLATZ_CLOCK_OFFSET").ok().as_deref()));

/// The desk's time in its own time zone.
#[allow(clippy::disallowed_methods, reason = "the one place that asks the clock")]
pub(crate) fn now() -> Zoned {
    Zoned::now().saturating_add(*AHEAD)
}

/// Only builds with the feature `workshop` let their clock be set: in seconds.
fn ahead(asked: Option<&str>) -> SignedDuration {
    let asked = if cfg!(feature = "workshop") { asked } else { None };
    asked.and_then(|seconds| seconds.parse().ok()).map_or(SignedDuration::ZERO, SignedDuration::from_secs)
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

/// The generator as cards' protocols ask for it.
pub(crate) struct OperatingSystem;

impl smartcard::Entropy for OperatingSystem {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), smartcard::NoEntropy> {
        getrandom::fill(bytes).map_err(|_| smartcard::NoEntropy)
    }
}

/// An id: UUID version 7 (RFC 9562, 5.7).
pub(crate) fn id(now: Timestamp) -> Uuid {
    let mut random = [0; 10];
    entropy(&mut random);
    Builder::from_unix_timestamp_millis(u64::try_from(now.as_millisecond()).unwrap_or(0), &random).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_workshop_build_lets_its_clock_be_set() {
        let minute = if cfg!(feature = "workshop") { 60 } else { 0 };
        assert_eq!(ahead(Some("60")), SignedDuration::from_secs(minute));
        assert_eq!(ahead(None), SignedDuration::ZERO);
    }
}
