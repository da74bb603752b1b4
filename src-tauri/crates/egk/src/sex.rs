//! The sex in EF.PD.

use crate::text::debug_tells_nothing;

/// Geschlecht. A desk doesn't show it; `Debug` tells nothing of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// `M`, männlich.
    Male,
    /// `W`, weiblich.
    Female,
    /// `X`, unbestimmt.
    Indeterminate,
    /// `D`, divers.
    Diverse,
    /// Another letter, which the schema lets pass.
    Other,
}

impl Sex {
    /// Reads one capital letter; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        match text.as_bytes() {
            b"M" => Some(Self::Male),
            b"W" => Some(Self::Female),
            b"X" => Some(Self::Indeterminate),
            b"D" => Some(Self::Diverse),
            [b'A'..=b'Z'] => Some(Self::Other),
            _ => None,
        }
    }
}

debug_tells_nothing!(Sex);
