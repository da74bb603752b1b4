//! Troubles at random, the same ones again for the same seed.

use std::time::Duration;

/// Longest that a storm delays a request or its answer: some clients wait for it, others don't.
const LONGEST_DELAY_MS: u64 = 1500;
/// Statuses that a gateway or an overloaded service answers.
const STATUSES: [u16; 4] = [429, 500, 502, 503];

/// What happens to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The connection ends, and nothing is carried out.
    LostBefore,
    /// It is carried out, and the connection ends without an answer.
    LostAfter,
    /// It is carried out later.
    Late(Duration),
    /// It is carried out and answered later.
    AnsweredLate(Duration),
    /// It is carried out twice.
    Twice,
    /// Somebody else answers in the service's place.
    Status(u16),
    /// A page answers that has nothing to do with it.
    Garbage,
}

/// The trouble of that request, the first one being 0; `per_mille` of all have one.
pub(super) fn trouble(per_mille: u16, seed: u64, request: u64) -> Option<Trouble> {
    let mut random = Random(seed ^ request.wrapping_mul(0xd6e8_feb8_6659_fd93));
    if random.below(1000) >= u64::from(per_mille) {
        return None;
    }
    let kind = random.below(7);
    let delay = Duration::from_millis(random.below(LONGEST_DELAY_MS));
    Some(match kind {
        0 => Trouble::LostBefore,
        1 => Trouble::LostAfter,
        2 => Trouble::Late(delay),
        3 => Trouble::AnsweredLate(delay),
        4 => Trouble::Twice,
        5 => Trouble::Garbage,
        _ => Trouble::Status(random.status()),
    })
}

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Even enough for numbers far below 2⁶⁴.
    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn status(&mut self) -> u16 {
        let drawn = self.next();
        let [first, ..] = STATUSES;
        STATUSES.into_iter().zip(0..).find(|(_, at)| drawn % 4 == *at).map_or(first, |(status, _)| status)
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, mem::discriminant};

    use super::*;

    #[test]
    fn a_storm_is_known_by_its_seed() {
        let storm = |seed| (0..500).map(|request| trouble(300, seed, request)).collect::<Vec<_>>();
        assert_eq!(storm(1), storm(1));
        assert_ne!(storm(1), storm(2));
    }

    #[test]
    fn as_many_requests_as_wanted_have_a_trouble_and_every_kind_comes_up() {
        for (per_mille, from, to) in [(0, 0, 0), (50, 400, 600), (500, 4_700, 5_300), (1000, 10_000, 10_000)]
        {
            let troubled = (0..10_000).filter(|request| trouble(per_mille, 7, *request).is_some()).count();
            assert!((from..=to).contains(&troubled), "{per_mille}: {troubled}");
        }
        let troubles: Vec<_> = (0..10_000).filter_map(|request| trouble(1000, 7, request)).collect();
        let kinds: HashSet<_> = troubles.iter().map(discriminant).collect();
        assert_eq!(kinds.len(), 7);
        for status in STATUSES {
            assert!(troubles.contains(&Trouble::Status(status)), "{status}");
        }
    }
}
