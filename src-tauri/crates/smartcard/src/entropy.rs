//! Random numbers, which a pure crate is given.

/// Where random bytes come from: the operating system, or in a replay the recorded keys.
pub trait Entropy {
    /// Fills `bytes` with random bytes.
    ///
    /// # Errors
    /// [`NoEntropy`] if there are none to be had.
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy>;
}

/// No random bytes are to be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no random numbers are to be had")]
pub struct NoEntropy;
