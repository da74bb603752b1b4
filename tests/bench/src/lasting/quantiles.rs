//! How many times spread, tails included.

use std::time::Duration;

use serde::Serialize;

/// Of many times, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Quantiles {
    pub(crate) count: usize,
    pub(crate) p50_ms: f64,
    pub(crate) p95_ms: f64,
    pub(crate) p99_ms: f64,
    pub(crate) most_ms: f64,
}

impl Quantiles {
    /// `None` of nothing.
    pub(crate) fn of(times: impl IntoIterator<Item = Duration>) -> Option<Self> {
        let mut times: Vec<f64> = times.into_iter().map(|it| it.as_secs_f64() * 1_000.0).collect();
        times.sort_by(f64::total_cmp);
        // The least value that so many of a hundred don't exceed.
        let rank =
            |percent: usize| times.get((times.len() * percent).div_ceil(100).saturating_sub(1)).copied();
        Some(Self {
            count: times.len(),
            p50_ms: rank(50)?,
            p95_ms: rank(95)?,
            p99_ms: rank(99)?,
            most_ms: *times.last()?,
        })
    }
}

impl std::fmt::Display for Quantiles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { p50_ms, p95_ms, p99_ms, most_ms, .. } = self;
        write!(f, "p50 {p50_ms:.2}, p95 {p95_ms:.2}, p99 {p99_ms:.2}, most {most_ms:.1} ms")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_the_least_time_that_so_many_do_not_exceed() {
        let of = |times: std::ops::RangeInclusive<u64>| Quantiles::of(times.map(Duration::from_millis));
        let hundred = of(1..=100).unwrap();
        assert_eq!((hundred.p50_ms, hundred.p99_ms, hundred.most_ms), (50.0, 99.0, 100.0));
        assert_eq!(of(3..=3).unwrap().p50_ms, 3.0);
        assert_eq!(Quantiles::of([]), None);
    }
}
