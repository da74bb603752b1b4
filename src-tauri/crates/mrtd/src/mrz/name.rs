//! The holder's name as the zone has it.

use super::layout::FILLER;
use super::transliteration::{Whole, written_as};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The name in the zone's spelling, a blank for each filler. It is wiped on drop; `Debug` tells nothing of it.
///
/// No check digit covers it: a name that somebody read from paper needs a comparison.
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

    /// Whether a register's person may have this name: the same however the issuer transliterates (Müller is MUELLER and
    /// MULLER). The family name agrees part by part; of several given names one side may have fewer. A truncated name agrees
    /// by the beginnings of its parts.
    ///
    /// The family name comes with its prefix, as the document writes it: `an der Elster`. A name in a script that has no Latin
    /// spelling agrees with nothing.
    #[must_use]
    pub fn agrees_with(&self, family_name: &str, given_names: &str) -> bool {
        let how = if self.truncated { Whole::Beginning } else { Whole::Complete };
        let agree = |zone: &str, register: &str| {
            let mut both = parts(register).zip(zone.split(' ')).peekable();
            both.peek().is_some() && both.all(|(name, spelling)| written_as(name, spelling, how))
        };
        let (register, zone) = (parts(family_name).count(), self.primary.split(' ').count());
        let complete = register == zone || self.truncated && register > zone;
        let without_given_names = self.truncated || parts(given_names).next().is_none();
        complete
            && agree(&self.primary, family_name)
            && (self.secondary.is_empty() && without_given_names || agree(&self.secondary, given_names))
    }
}

/// Parts of a register's name: blanks and hyphens are fillers in a zone (Doc 9303-3, 4.6).
fn parts(name: &str) -> impl Iterator<Item = &str> {
    let joint =
        |letter: char| letter.is_whitespace() || matches!(letter, '-' | '\u{2010}' | '\u{2011}' | '–');
    name.split(joint).filter(|part| part.chars().any(char::is_alphabetic))
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
    fn both_spellings_of_an_umlaut_agree() {
        for primary in ["MUELLER", "MULLER", "MUXXLLER"] {
            let zone = name(&format!("{primary}<<JENS<JOERG<<<"));
            assert!(zone.agrees_with("Müller", "Jens-Jörg"), "{primary}");
            assert!(zone.agrees_with("Mu\u{308}ller", "Jens"), "{primary}");
            assert!(!zone.agrees_with("Miller", "Jens-Jörg"), "{primary}");
        }
        assert!(!name("BAUR<<JAN<<").agrees_with("Bauer", "Jan"), "not every E is an umlaut's");
        assert!(!name("MUELLER<<JAN<<").agrees_with("Muller", "Jan"));
    }

    #[test]
    fn the_family_name_agrees_as_a_whole_and_the_given_names_as_far_as_both_go() {
        let zone = name("AMSEL<ELSTER<<ANDREA<KARIN<<");
        assert!(zone.agrees_with("Amsel-Elster", "Andrea"));
        assert!(zone.agrees_with("Amsel Elster", "Andrea Karin Lisa"));
        assert!(!zone.agrees_with("Amsel", "Andrea"));
        assert!(!zone.agrees_with("Amsel-Elster-Dohle", "Andrea"));
        assert!(!zone.agrees_with("Amsel-Elster", "Karin"));
        assert!(!zone.agrees_with("Amsel-Elster", ""));
        assert!(!zone.agrees_with("", "Andrea"));
    }

    #[test]
    fn a_single_name_agrees_with_nobody_who_has_two() {
        let zone = name("AMSEL<<<<<");
        assert!(zone.agrees_with("Amsel", ""));
        assert!(zone.agrees_with("Amsel", "-"));
        assert!(!zone.agrees_with("Amsel", "Andrea"));
        assert!(!name("<<<<").agrees_with("", ""));
    }

    #[test]
    fn a_truncated_name_agrees_by_the_beginnings_of_its_parts() {
        // ICAO Doc 9303-4, 4.2.3.
        let zone = name("NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K");
        assert!(zone.agrees_with("Nilavadhanananda", "Chayapa Dejthamrong Krasuang"));
        assert!(!zone.agrees_with("Nilavadhanananda", "Chayapa Dejthamrong Arnpol"));
        let family_only = name("BENNELONG<WOOLOOMOOLOO<WARRANDYTE<WARN");
        assert!(family_only.agrees_with("Bennelong Wooloomooloo Warrandyte Warnambool", "Dingo Potoroo"));
        assert!(family_only.agrees_with("Bennelong-Wooloomooloo-Warrandyte-Warnambool-Elster", "Dingo"));
        assert!(!family_only.agrees_with("Bennelong", "Dingo"));
    }

    #[test]
    fn nothing_shows_a_name_by_accident() {
        assert_eq!(format!("{:?}", name("AMSEL<<ANDREA")), "MrzName(…)");
    }
}
