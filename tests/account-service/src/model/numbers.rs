//! Whole numbers within the contract's limits.

use serde::{Deserialize, Serialize};

/// The largest whole number that every reader of JSON takes for the same.
const MAX: i64 = (1 << 53) - 1;

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident: $range:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
        #[serde(try_from = "i64")]
        pub(crate) struct $name(i64);

        impl $name {
            pub(crate) const fn get(self) -> i64 {
                self.0
            }
        }

        impl TryFrom<i64> for $name {
            type Error = &'static str;

            fn try_from(number: i64) -> Result<Self, &'static str> {
                if $range.contains(&number) { Ok(Self(number)) } else { Err("out of the contract's range") }
            }
        }
    )+};
}

numbers! {
    /// Whichever.
    SafeNumber: (-MAX..=MAX);
    /// 0 or more.
    NotNegative: (0..=MAX);
    /// 1 or more.
    Positive: (1..=MAX);
    /// So many records.
    Count: (0..=1_000_000);
    /// Version of a format.
    FormatVersion: (1..=i64::from(u32::MAX));
}
