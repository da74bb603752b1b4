//! The holder's name as the zone has it.

use super::layout::FILLER;
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The name in the zone's spelling, a blank for each filler. It is wiped on drop; `Debug` tells nothing of it.
///
/// No check digit covers it: a name that somebody read from paper needs a comparison, which isn't made here.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct MrzName {
    /// Primary identifier: the family name, or a name that isn't divided.
    pub primary: String,
    /// Secondary identifier: the given names; empty if the zone has none.
    pub secondary: String,
    /// Whether the name fills its field to the end, so that parts of it may be shortened or missing (Doc 9303-4, 4.2.3).
    pub truncated: bool,
}

impl fmt::Debug for MrzName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MrzName(…)")
    }
}

impl MrzName {
    /// Two fillers end the primary identifier. Further ones, which real documents have, are part of the given names.
    pub(super) fn read(field: &[u8]) -> Self {
        let divided = field.windows(2).position(|pair| pair == [FILLER, FILLER]);
        let (primary, secondary) = field.split_at(divided.unwrap_or(field.len()));
        Self {
            primary: with_blanks(primary),
            secondary: with_blanks(secondary),
            truncated: field.last().is_some_and(|last| *last != FILLER),
        }
    }
}

fn with_blanks(field: &[u8]) -> String {
    let mut text = String::with_capacity(field.len());
    for part in field.split(|byte| *byte == FILLER).filter(|part| !part.is_empty()) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(std::str::from_utf8(part).unwrap_or_default());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(field: &str) -> MrzName {
        MrzName::read(field.as_bytes())
    }

    #[test]
    fn a_name_is_divided_at_the_first_two_fillers() {
        // The first is of ICAO Doc 9303-4, appendix B.
        for (field, primary, secondary, truncated) in [
            ("ERIKSSON<<ANNA<MARIA<<<<<<<<<<", "ERIKSSON", "ANNA MARIA", false),
            ("AMSEL<<ANDREA<<KARIN<<<<<<<<<<", "AMSEL", "ANDREA KARIN", false),
            ("AN<DER<ELSTER<<ELKE<<<<<<<<<<<", "AN DER ELSTER", "ELKE", false),
            ("ARKFREITH<<<<<<<<<<<<<<<<<<<<<", "ARKFREITH", "", false),
            ("<<LISA<<<<<<<<<<<<<<<<<<<<<<<<", "", "LISA", false),
            ("NILAVADHANANANDA<<CHAYAPA<DEJT", "NILAVADHANANANDA", "CHAYAPA DEJT", true),
            ("NILAVADHANANANDACHAYAPADEJTHAM", "NILAVADHANANANDACHAYAPADEJTHAM", "", true),
            ("<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<", "", "", false),
        ] {
            let read = name(field);
            assert_eq!((&*read.primary, &*read.secondary, read.truncated), (primary, secondary, truncated));
        }
    }

    #[test]
    fn nothing_shows_a_name_by_accident() {
        assert_eq!(format!("{:?}", name("AMSEL<<ANDREA")), "MrzName(…)");
    }
}
