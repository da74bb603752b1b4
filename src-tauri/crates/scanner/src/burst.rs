//! What a scanner sends in one go.

use std::{fmt, time::Duration};

use zeroize::Zeroizing;

/// Silence that ends a burst. Makers let a pause of up to 99 ms be set between two characters (Symbol LS 1220 Product Reference
/// Manual, "Intercharacter Delay"; a few allow more, the usual default is none), and a USB converter keeps characters back for up
/// to 16 ms (FTDI AN232B-04, "latency timer"): twice the sum of both, and nobody scans two documents within it.
pub const BURST_PAUSE: Duration = Duration::from_millis(250);

/// Most bytes of a burst: nearly three times the longest machine-readable zone (ICAO Doc 9303-5: three lines of 30), for what devices put
/// around its lines. More isn't kept in memory.
pub const BURST_BYTES_MAX: usize = 256;

/// What a scanner has sent between two pauses, as it came: at least one byte, at most [`BURST_BYTES_MAX`]. It is wiped on drop;
/// `Debug` tells nothing of it.
pub struct Burst(Zeroizing<Vec<u8>>);

impl Burst {
    /// The bytes, with whatever the device puts before, between and behind its lines.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn new(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for Burst {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Burst(…)")
    }
}
