//! Every seed and a bounded number of its mutations through every target.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use fuzz::TARGETS;
use std::collections::BTreeMap;
use std::fs;
use std::panic;
use std::path::{Path, PathBuf};

/// Mutations of each seed; with some hundred seeds they take seconds.
const MUTATIONS_PER_SEED: u64 = 300;
/// Mutations where each one costs public-key arithmetic, and the targets of which that is true.
const COSTLY_MUTATIONS_PER_SEED: u64 = 10;
const COSTLY: [&str; 9] = [
    "card_security",
    "cardholder_certificate",
    "health_card",
    "key_agreement",
    "master_list",
    "pace",
    "pace_mappings",
    "security_object",
    "trust_file",
];
/// Most changes that make one mutation.
const CHANGES_MAX: u64 = 4;
/// Longest mutation: longer than any file of a card that is read.
const BYTES_MAX: usize = 8_192;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

fn seeds(target: &str) -> BTreeMap<String, Vec<u8>> {
    let entries =
        fs::read_dir(corpus().join(target)).unwrap_or_else(|error| panic!("corpus of {target}: {error}"));
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(path).unwrap()))
        .collect()
}

#[test]
fn every_target_has_a_seed_that_is_taken_and_one_that_is_refused() {
    for (name, target) in TARGETS {
        let verdicts: Vec<bool> = seeds(name).values().map(|seed| target(seed)).collect();
        assert!(verdicts.contains(&true), "{name} has no seed that is taken");
        assert!(verdicts.contains(&false), "{name} has no seed that is refused");
    }
}

#[test]
fn every_folder_of_the_corpus_belongs_to_a_target() {
    let mut folders: Vec<_> = fs::read_dir(corpus())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    folders.sort();
    assert_eq!(folders, TARGETS.map(|(name, _)| name));
}

#[test]
fn no_mutation_of_a_seed_breaks_what_must_hold() {
    for (name, target) in TARGETS {
        let seeds = seeds(name);
        let mutations = if COSTLY.contains(&name) { COSTLY_MUTATIONS_PER_SEED } else { MUTATIONS_PER_SEED };
        for (seed_name, seed) in &seeds {
            for number in 0..mutations {
                let mutation = mutate(seed, &seeds, &mut Random::new(seed_name, number));
                if panic::catch_unwind(|| target(&mutation)).is_err() {
                    let bytes: String = mutation.iter().map(|byte| format!("{byte:02X}")).collect();
                    panic!("{name}: mutation {number} of {seed_name} breaks it: {bytes}");
                }
            }
        }
    }
}

/// A seed with some changes of the kinds that break parsers.
fn mutate(seed: &[u8], others: &BTreeMap<String, Vec<u8>>, random: &mut Random) -> Vec<u8> {
    const EXTREMES: [u8; 8] = [0x00, 0x01, 0x7F, 0x80, 0x81, 0x84, 0xFE, 0xFF];
    let mut bytes = seed.to_vec();
    for _ in 0..=random.below(CHANGES_MAX) {
        let at = random.position(bytes.len());
        let to = at + random.position((bytes.len() - at).min(64));
        match random.below(8) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            1 if at < bytes.len() => bytes[at] = random.byte(),
            2 if at < bytes.len() => bytes[at] = EXTREMES[random.position(EXTREMES.len() - 1)],
            3 => bytes.insert(at, random.byte()),
            4 => drop(bytes.drain(at..to)),
            5 => bytes.truncate(at),
            6 => {
                let piece = bytes[at..to].to_vec();
                bytes.splice(at..at, piece);
            }
            _ => {
                let other = others.values().nth(random.position(others.len() - 1)).unwrap();
                let from = random.position(other.len());
                bytes.truncate(at);
                bytes.extend_from_slice(&other[from..]);
            }
        }
    }
    bytes.truncate(BYTES_MAX);
    bytes
}

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
struct Random(u64);

impl Random {
    /// The same numbers for the same mutation of the same seed.
    fn new(seed_name: &str, number: u64) -> Self {
        let name =
            seed_name.bytes().fold(0, |hash: u64, byte| hash.wrapping_mul(0x100_0000_01B3) ^ u64::from(byte));
        Self(name.wrapping_add(number << 32))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// A position from 0 to `last`, including it.
    fn position(&mut self, last: usize) -> usize {
        usize::try_from(self.below(last as u64 + 1)).unwrap()
    }

    fn byte(&mut self) -> u8 {
        self.next().to_be_bytes()[0]
    }
}
