//! The desk's clock and its source of randomness: asked here, passed on as arguments.

use jiff::{Timestamp, Zoned, tz::TimeZone};
use uuid::{Builder, Uuid};

/// Now.
#[expect(clippy::disallowed_methods, reason = "the outermost layer of a program asks the clock")]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// Now, in the time zone of the desk.
pub(crate) fn at_the_desk() -> Zoned {
    now().to_zoned(TimeZone::get("Europe/Berlin").unwrap_or(TimeZone::UTC))
}

/// Fills `bytes` from the operating system's generator; without one there is nothing to measure.
pub(crate) fn entropy(bytes: &mut [u8]) {
    if getrandom::fill(bytes).is_err() {
        std::process::abort();
    }
}

/// UUID version 7 (RFC 9562, 5.7).
pub(crate) fn id() -> Uuid {
    let mut random = [0; 10];
    entropy(&mut random);
    Builder::from_unix_timestamp_millis(now().as_millisecond().unsigned_abs(), &random).into_uuid()
}
