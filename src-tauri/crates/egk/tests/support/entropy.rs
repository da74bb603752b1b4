//! Random numbers for the tests.

use smartcard::{Entropy, NoEntropy};

/// Has none: reading without check and in the clear must not ask for any.
pub(crate) struct NoRandomNumbers;

impl Entropy for NoRandomNumbers {
    fn fill(&mut self, _: &mut [u8]) -> Result<(), NoEntropy> {
        Err(NoEntropy)
    }
}

/// The operating system's.
pub(crate) struct RandomNumbers;

impl Entropy for RandomNumbers {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        openssl::rand::rand_bytes(bytes).map_err(|_| NoEntropy)
    }
}
