//! A card's random numbers, the same in every run: SHA-256 over a seed and a counter.

use super::curve::PrivateKey;

/// A seeded generator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entropy {
    seed: Vec<u8>,
    counter: u64,
}

impl Entropy {
    /// A generator that starts anew.
    pub(crate) fn new(seed: &[u8]) -> Self {
        Self { seed: seed.to_vec(), counter: 0 }
    }

    /// The next 32 bytes.
    pub(crate) fn next(&mut self) -> [u8; 32] {
        self.counter += 1;
        openssl::sha::sha256(&[&self.seed[..], &self.counter.to_be_bytes()].concat())
    }

    /// As many bytes as asked for.
    pub(crate) fn bytes(&mut self, length: usize) -> Vec<u8> {
        let mut bytes: Vec<u8> = (0..length.div_ceil(32)).flat_map(|_| self.next()).collect();
        bytes.truncate(length);
        bytes
    }

    /// The next ephemeral key.
    pub(crate) fn key(&mut self) -> PrivateKey {
        PrivateKey::new(self.next())
    }
}
