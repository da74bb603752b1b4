//! Telling a scanner from fingers.

use super::{SCAN_BYTES_MAX, ScanError, Scanned, decode};
use std::fmt;
use std::time::Duration;
use zeroize::{Zeroize, Zeroizing};

/// Nobody types the next key within it; scanners that type need 1 to 10 ms.
pub const BURST_GAP: Duration = Duration::from_millis(30);
/// So many keys in such haste aren't a hand rolling over the keyboard.
pub const BURST_BYTES_MIN: usize = 10;

/// Who is typing, as far as it can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typing {
    /// A person, or the first few keys of a scanner.
    Typed,
    /// A scanner: the keys since the last pause are no text for the focused field.
    Scanned,
}

/// Collects key strokes or bytes of a serial line. The time of each is an argument, measured from any fixed moment. What is
/// collected is wiped on drop; `Debug` tells nothing of it.
pub struct Burst {
    /// Never beyond its capacity, or growing would leave copies.
    bytes: Zeroizing<Vec<u8>>,
    last: Option<Duration>,
    too_long: bool,
}

impl Default for Burst {
    fn default() -> Self {
        Self { bytes: Zeroizing::new(Vec::with_capacity(SCAN_BYTES_MAX)), last: None, too_long: false }
    }
}

impl Burst {
    /// The next byte, and when it came. A pause of [`BURST_GAP`] begins anew.
    pub fn push(&mut self, byte: u8, at: Duration) -> Typing {
        if self.paused(at) {
            self.clear();
        }
        self.last = Some(at);
        if self.bytes.len() < SCAN_BYTES_MAX {
            self.bytes.push(byte);
        } else {
            self.too_long = true;
        }
        self.typing()
    }

    /// What a scanner has sent, once it pauses; `None` while it doesn't, and for what a person typed, which is forgotten.
    pub fn finish(&mut self, now: Duration) -> Option<Result<Scanned, ScanError>> {
        if !self.paused(now) {
            return None;
        }
        let scanned = match self.typing() {
            Typing::Typed => None,
            Typing::Scanned if self.too_long => Some(Err(ScanError::TooLong)),
            Typing::Scanned => Some(decode(&self.bytes)),
        };
        self.clear();
        scanned
    }

    fn typing(&self) -> Typing {
        if self.bytes.len() < BURST_BYTES_MIN { Typing::Typed } else { Typing::Scanned }
    }

    fn paused(&self, now: Duration) -> bool {
        self.last.is_some_and(|last| now.saturating_sub(last) >= BURST_GAP)
    }

    fn clear(&mut self) {
        self.bytes.zeroize();
        self.last = None;
        self.too_long = false;
    }
}

impl fmt::Debug for Burst {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Burst(…)")
    }
}
