//! From when a code works.

/// From when a code works, and why not at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakesEffect {
    /// At once.
    AtOnce,
    /// Given out without a line to the account service: when it has been transmitted, on the next working day at the latest.
    AfterTransmission,
    /// When the back office has released it.
    AfterRelease,
}
