//! A card's random numbers, the same in every run: SHA-256 over a seed and a counter.

use super::group::{ChipKey, Group};

/// A seeded generator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entropy {
    seed: Vec<u8>,
    counter: u64,
    /// Comes before everything else, for known answers.
    #[cfg(test)]
    script: std::collections::VecDeque<Vec<u8>>,
}

impl Entropy {
    /// A generator that starts anew.
    pub(crate) fn new(seed: &[u8]) -> Self {
        Self {
            seed: seed.to_vec(),
            counter: 0,
            #[cfg(test)]
            script: std::collections::VecDeque::new(),
        }
    }

    /// A generator that gives these values, in hexadecimal, whatever length is asked for.
    #[cfg(test)]
    pub(crate) fn scripted(values: &[&str]) -> Self {
        let script = values.iter().map(|value| hex::decode(value).unwrap_or_default()).collect();
        Self { script, ..Self::new(&[]) }
    }

    fn next(&mut self) -> [u8; 32] {
        self.counter += 1;
        openssl::sha::sha256(&[&self.seed[..], &self.counter.to_be_bytes()].concat())
    }

    /// As many bytes as asked for.
    pub(crate) fn bytes(&mut self, length: usize) -> Vec<u8> {
        #[cfg(test)]
        if let Some(value) = self.script.pop_front() {
            return value;
        }
        let mut bytes: Vec<u8> = (0..length.div_ceil(32)).flat_map(|_| self.next()).collect();
        bytes.truncate(length);
        bytes
    }

    /// The next ephemeral key.
    pub(crate) fn key(&mut self, group: Group) -> ChipKey {
        let length = usize::try_from(group.order().num_bytes()).unwrap_or_default();
        ChipKey::new(group, &self.bytes(length))
    }
}
