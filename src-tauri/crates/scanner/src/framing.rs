//! Where one burst ends and the next begins. Pure: time is an argument.

use std::{
    mem,
    time::{Duration, Instant},
};

use zeroize::{Zeroize, Zeroizing};

use crate::burst::{BURST_BYTES_MAX, BURST_PAUSE, Burst};

/// Collects what comes from a device.
///
/// Only a read that found nothing can end a burst ([`Framing::silence`]), never the time between two reads that found something: a
/// thread that was held up meanwhile would tear a burst apart that came in one piece.
pub(crate) struct Framing {
    /// Never beyond its capacity, or growing would leave copies.
    bytes: Zeroizing<Vec<u8>>,
    /// When the last byte came; `None` between bursts.
    last: Option<Instant>,
    /// It is an [`Overrun`]; the rest of it is dropped.
    cut: bool,
}

/// A burst is longer than [`BURST_BYTES_MAX`], or the system has lost some of it. It is told once a burst, and what was kept of it is
/// wiped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Overrun;

impl Framing {
    pub(crate) fn new() -> Self {
        Self { bytes: empty(), last: None, cut: false }
    }

    /// What a read has found, and when.
    pub(crate) fn push(&mut self, bytes: &[u8], at: Instant) -> Result<(), Overrun> {
        if bytes.len() > BURST_BYTES_MAX.saturating_sub(self.bytes.len()) {
            return self.cut(at);
        }
        self.last = Some(at);
        if !self.cut {
            self.bytes.extend_from_slice(bytes);
        }
        Ok(())
    }

    /// The burst is of no use any more, and since when that is known; an error the first time.
    pub(crate) fn cut(&mut self, at: Instant) -> Result<(), Overrun> {
        self.last = Some(at);
        self.bytes.zeroize();
        if mem::replace(&mut self.cut, true) { Ok(()) } else { Err(Overrun) }
    }

    /// A read has found nothing. The burst, if that has ended one.
    pub(crate) fn silence(&mut self, now: Instant) -> Option<Burst> {
        if !self.remaining(now)?.is_zero() {
            return None;
        }
        self.last = None;
        let bytes = mem::replace(&mut self.bytes, empty());
        let cut = mem::take(&mut self.cut);
        (!cut).then(|| Burst::new(bytes))
    }

    /// How much more silence ends the burst; `None` between bursts.
    pub(crate) fn remaining(&self, now: Instant) -> Option<Duration> {
        self.last.map(|last| BURST_PAUSE.saturating_sub(now.saturating_duration_since(last)))
    }
}

fn empty() -> Zeroizing<Vec<u8>> {
    Zeroizing::new(Vec::with_capacity(BURST_BYTES_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A read of a device: what it has found, or nothing, and so long after the one before.
    type Read = (Duration, Vec<u8>);

    /// What is told, in its order.
    #[derive(Debug, PartialEq, Eq)]
    enum Told {
        Burst(Vec<u8>),
        Overrun,
    }

    fn frame(reads: &[Read]) -> Vec<Told> {
        let mut framing = Framing::new();
        let mut now = Instant::now();
        let mut told = Vec::new();
        for (later, bytes) in reads {
            now += *later;
            if bytes.is_empty() {
                told.extend(framing.silence(now).map(|burst| Told::Burst(burst.bytes().to_vec())));
            } else if framing.push(bytes, now) == Err(Overrun) {
                told.push(Told::Overrun);
            }
        }
        told
    }

    const SOON: Duration = Duration::from_millis(99);

    fn found(later: Duration, bytes: &[u8]) -> Read {
        (later, bytes.to_vec())
    }

    fn nothing(later: Duration) -> Read {
        (later, Vec::new())
    }

    fn burst(bytes: &[u8]) -> Told {
        Told::Burst(bytes.to_vec())
    }

    #[test]
    fn silence_ends_a_burst_and_less_does_not() {
        let almost = BURST_PAUSE - Duration::from_nanos(1);
        let rest = Duration::from_nanos(1);
        assert_eq!(frame(&[found(SOON, b"P<UTO"), nothing(almost)]), []);
        assert_eq!(frame(&[found(SOON, b"P<UTO"), nothing(almost), nothing(rest)]), [burst(b"P<UTO")]);
        let slow = [found(SOON, b"P<"), nothing(almost), found(rest, b"UTO"), nothing(BURST_PAUSE)];
        assert_eq!(frame(&slow), [burst(b"P<UTO")]);
    }

    #[test]
    fn a_thread_that_was_held_up_tears_no_burst_apart() {
        let reads = [found(SOON, b"P<"), found(BURST_PAUSE * 4, b"UTO"), nothing(BURST_PAUSE)];
        assert_eq!(frame(&reads), [burst(b"P<UTO")]);
    }

    #[test]
    fn silence_without_a_burst_says_nothing() {
        assert_eq!(frame(&[nothing(BURST_PAUSE), nothing(BURST_PAUSE)]), []);
        let reads = [found(SOON, b"A"), nothing(BURST_PAUSE), nothing(BURST_PAUSE)];
        assert_eq!(frame(&reads), [burst(b"A")]);
    }

    #[test]
    fn the_longest_burst_is_taken_and_one_byte_more_is_told_at_once_and_once() {
        let longest = [b'<'; BURST_BYTES_MAX];
        assert_eq!(frame(&[found(SOON, &longest), nothing(BURST_PAUSE)]), [burst(&longest)]);
        let mut flood = vec![found(SOON, &longest), found(SOON, b"<")];
        assert_eq!(frame(&flood), [Told::Overrun]);
        flood.extend((0..1000).map(|_| found(SOON, &longest)));
        assert_eq!(frame(&flood), [Told::Overrun]);
        flood.extend([nothing(BURST_PAUSE), found(SOON, b"A"), nothing(BURST_PAUSE)]);
        assert_eq!(frame(&flood), [Told::Overrun, burst(b"A")]);
    }

    #[test]
    fn a_burst_that_grew_too_long_is_forgotten_at_once() {
        let mut framing = Framing::new();
        let now = Instant::now();
        framing.push(&[b'<'; BURST_BYTES_MAX], now).unwrap();
        framing.push(b"<", now).unwrap_err();
        assert!(framing.bytes.is_empty());
    }

    #[test]
    fn a_burst_of_which_the_system_lost_some_is_told_once_and_dropped_to_its_end() {
        let mut framing = Framing::new();
        let now = Instant::now();
        framing.push(b"P<", now).unwrap();
        framing.cut(now).unwrap_err();
        framing.cut(now).unwrap();
        framing.push(b"UTO", now).unwrap();
        assert!(framing.bytes.is_empty());
        assert!(framing.silence(now + BURST_PAUSE).is_none());
        framing.push(b"A", now).unwrap();
        assert_eq!(framing.silence(now + BURST_PAUSE).unwrap().bytes(), b"A");
    }

    #[test]
    fn nothing_is_ever_moved_to_a_larger_buffer() {
        let mut framing = Framing::new();
        let before = framing.bytes.as_ptr();
        for _ in 0..2 * BURST_BYTES_MAX {
            framing.push(b"<", Instant::now()).ok();
            assert_eq!(framing.bytes.as_ptr(), before);
        }
    }

    #[test]
    fn a_burst_shows_nothing_by_accident() {
        let burst = Burst::new(Zeroizing::new(b"L898902C3".to_vec()));
        assert_eq!(format!("{burst:?}"), "Burst(…)");
    }

    /// Bursts as a device sends them: bytes, each some time after the one before, shorter than a pause.
    fn bursts() -> impl Strategy<Value = Vec<Vec<(Duration, u8)>>> {
        let gap = (0..250_u64).prop_map(Duration::from_millis);
        let one = prop::collection::vec((gap, any::<u8>()), 1..BURST_BYTES_MAX * 3 / 2);
        prop::collection::vec(one, 0..6)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// However reads fall between the bytes, each burst is told whole, or as too long, in its order.
        #[test]
        fn bursts_are_told_as_they_were_sent(bursts in bursts(), between in prop::collection::vec(1..9_u32, 1..50)) {
            let mut reads = Vec::new();
            let mut between = between.iter().cycle();
            for one in &bursts {
                for (index, (gap, byte)) in one.iter().enumerate() {
                    let parts = between.next().copied().unwrap_or(1);
                    let gap = if index == 0 { SOON } else { *gap };
                    reads.extend((1..parts).map(|_| nothing(gap / parts)));
                    match reads.last_mut() {
                        Some((_, last)) if index > 0 && parts == 1 && gap.is_zero() => last.push(*byte),
                        _ => reads.push(found(gap / parts, &[*byte])),
                    }
                }
                reads.extend([nothing(BURST_PAUSE / 2), nothing(BURST_PAUSE / 2)]);
            }
            let expected: Vec<Told> = bursts
                .iter()
                .map(|one| one.iter().map(|(_, byte)| *byte).collect::<Vec<_>>())
                .map(|bytes| if bytes.len() > BURST_BYTES_MAX { Told::Overrun } else { Told::Burst(bytes) })
                .collect();
            prop_assert_eq!(frame(&reads), expected);
        }
    }
}
