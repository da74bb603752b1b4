//! Names as a machine-readable zone spells them, and names compared.

mod transliteration;

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::Name;
use transliteration::{DASHES, Whole, written_as};

/// A name in the spelling of a machine-readable zone, a blank for each filler: "Größmann-Öztürk" → "GROESSMANN OEZTUERK".
///
/// ICAO Doc 9303-3, section 6 (recommended transliteration): the letters with a substitution of their own, every other
/// letter without its diacritical mark; hyphens become fillers, apostrophes vanish.
#[must_use]
pub fn mrz_spelling(name: &str) -> String {
    transliteration::recommended(name)
}

/// Whether two names can be one person's: the same however a document or a register transliterates (Müller is MUELLER and
/// MULLER). Of several given names one side may have fewer.
#[must_use]
pub fn names_agree(one: &Name, other: &Name) -> bool {
    // A name in another script has no such spelling and agrees with nothing.
    let shared = |one: &str, other: &str| {
        spellings(one).iter().any(|it| !it.is_empty() && spellings(other).contains(it))
    };
    let given = |name: &Name| name.given_names.split([' ', '-']).map(str::to_owned).collect::<Vec<_>>();
    shared(&one.full_family_name(), &other.full_family_name())
        && given(one).iter().zip(given(other)).all(|(one, other)| shared(one, &other))
}

/// With two letters for an umlaut, and with the bare letter.
fn spellings(name: &str) -> [String; 2] {
    let bare: String =
        name.nfd().filter(|letter| !unicode_normalization::char::is_combining_mark(*letter)).collect();
    [mrz_spelling(name), mrz_spelling(&bare)]
}

/// A name as a document's zone has it, a blank for each filler.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct ZoneName {
    /// Primary identifier: the family name, or a name that isn't divided.
    pub primary: String,
    /// Secondary identifier: the given names; empty if the zone has none.
    pub secondary: String,
    /// Whether the name fills its field to the end, so that parts of it may be shortened or missing (Doc 9303-4, 4.2.3).
    pub truncated: bool,
}

impl fmt::Debug for ZoneName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ZoneName(…)")
    }
}

impl ZoneName {
    /// Whether a register's person may have this name: the same however the issuer transliterates (Müller is MUELLER and
    /// MULLER). The family name, which comes with its prefix, agrees part by part; of several given names one side may have
    /// fewer. A truncated name agrees by the beginnings of its parts.
    ///
    /// A name in a script that has no Latin spelling agrees with nothing.
    #[must_use]
    pub fn agrees_with(&self, name: &Name) -> bool {
        let family_name = name.full_family_name();
        let how = if self.truncated { Whole::Beginning } else { Whole::Complete };
        let agree = |zone: &str, register: &str| {
            let mut both = parts(register).zip(zone.split(' ')).peekable();
            both.peek().is_some() && both.all(|(name, spelling)| written_as(name, spelling, how))
        };
        let (register, zone) = (parts(&family_name).count(), self.primary.split(' ').count());
        let complete = register == zone || self.truncated && register > zone;
        let without_given_names = self.truncated || parts(&name.given_names).next().is_none();
        complete
            && agree(&self.primary, &family_name)
            && (self.secondary.is_empty() && without_given_names || agree(&self.secondary, &name.given_names))
    }
}

/// Parts of a register's name: blanks and hyphens are fillers in a zone (Doc 9303-3, 4.6).
fn parts(name: &str) -> impl Iterator<Item = &str> {
    name.split(|letter: char| letter.is_whitespace() || DASHES.contains(&letter))
        .filter(|part| part.chars().any(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::{ZoneName, mrz_spelling, names_agree};
    use crate::Name;

    fn name(given_names: &str, family_name: &str) -> Name {
        let (given_names, family_name) = (given_names.to_owned(), family_name.to_owned());
        Name { title: None, given_names, suffix: None, prefix: None, family_name }
    }

    fn zone(primary: &str, secondary: &str) -> ZoneName {
        ZoneName { primary: primary.to_owned(), secondary: secondary.to_owned(), truncated: false }
    }

    fn truncated(primary: &str, secondary: &str) -> ZoneName {
        ZoneName { primary: primary.to_owned(), secondary: secondary.to_owned(), truncated: true }
    }

    #[test]
    fn a_name_is_the_same_however_its_umlauts_are_written() {
        for other in ["MUELLER", "MULLER", "Müller", "mueller"] {
            assert!(names_agree(&name("Jürgen", "Müller"), &name("JUERGEN", other)), "{other}");
        }
        assert!(!names_agree(&name("Jan", "Bauer"), &name("Jan", "Baur")), "not every E is an umlaut's");
        assert!(names_agree(&name("Anna Maria", "Größmann-Öztürk"), &name("ANNA", "GROESSMANN OEZTUERK")));
        assert!(!names_agree(&name("Anna", "Müller"), &name("Anna", "Miller")));
        assert!(!names_agree(&name("Anna", "Müller"), &name("Maria", "Müller")));
    }

    #[test]
    fn names_are_spelled_as_icao_9303_3_section_6_a_says() {
        for (name, mrz) in [
            ("Größmann-Öztürk", "GROESSMANN OEZTUERK"),
            ("Müller", "MUELLER"),
            ("O’Connor", "OCONNOR"),
            ("Ångström", "AANGSTROEM"),
            ("Dvořák Žižka", "DVORAK ZIZKA"),
            ("Łukasiewicz", "LUKASIEWICZ"),
            ("Yıldız", "YILDIZ"),
            ("Þórsdóttir", "THORSDOTTIR"),
            ("Núñez", "NUNEZ"),
        ] {
            assert_eq!(mrz_spelling(name), mrz);
        }
    }

    #[test]
    fn decomposed_letters_are_spelled_like_composed_ones() {
        assert_eq!(mrz_spelling("Mu\u{308}ller"), mrz_spelling("Müller"));
    }

    #[test]
    fn a_zone_may_spell_an_umlaut_either_way() {
        for primary in ["MUELLER", "MULLER", "MUXXLLER"] {
            let zone = zone(primary, "JENS JOERG");
            assert!(zone.agrees_with(&name("Jens-Jörg", "Müller")), "{primary}");
            assert!(zone.agrees_with(&name("Jens", "Mu\u{308}ller")), "{primary}");
            assert!(!zone.agrees_with(&name("Jens-Jörg", "Miller")), "{primary}");
        }
        assert!(!zone("BAUR", "JAN").agrees_with(&name("Jan", "Bauer")), "not every E is an umlaut's");
        assert!(!zone("MUELLER", "JAN").agrees_with(&name("Jan", "Muller")));
    }

    #[test]
    fn in_a_zone_the_family_name_agrees_as_a_whole_and_the_given_names_as_far_as_both_go() {
        let zone = zone("AMSEL ELSTER", "ANDREA KARIN");
        assert!(zone.agrees_with(&name("Andrea", "Amsel-Elster")));
        assert!(zone.agrees_with(&name("Andrea Karin Lisa", "Amsel Elster")));
        for (given_names, family_name) in [
            ("Andrea", "Amsel"),
            ("Andrea", "Amsel-Elster-Dohle"),
            ("Karin", "Amsel-Elster"),
            ("", "Amsel-Elster"),
            ("Andrea", ""),
        ] {
            assert!(!zone.agrees_with(&name(given_names, family_name)), "{given_names} {family_name}");
        }
    }

    #[test]
    fn a_zone_has_the_prefix_before_the_family_name() {
        let buntspecht = Name {
            title: Some("Dr.".into()),
            given_names: "Jürgen".into(),
            suffix: Some("Graf".into()),
            prefix: Some("von und zu".into()),
            family_name: "Buntspecht".into(),
        };
        assert!(zone("GRAF VON UND ZU BUNTSPECHT", "JUERGEN").agrees_with(&buntspecht));
        assert!(!zone("BUNTSPECHT", "JUERGEN").agrees_with(&buntspecht));
    }

    #[test]
    fn a_single_name_in_a_zone_agrees_with_nobody_who_has_two() {
        let one = zone("AMSEL", "");
        assert!(one.agrees_with(&name("", "Amsel")));
        assert!(one.agrees_with(&name("-", "Amsel")));
        assert!(!one.agrees_with(&name("Andrea", "Amsel")));
        assert!(!zone("", "").agrees_with(&name("", "")));
    }

    #[test]
    fn a_truncated_name_agrees_by_the_beginnings_of_its_parts() {
        // ICAO Doc 9303-4, 4.2.3.
        let zone = truncated("NILAVADHANANANDA", "CHAYAPA DEJTHAMRONG K");
        assert!(zone.agrees_with(&name("Chayapa Dejthamrong Krasuang", "Nilavadhanananda")));
        assert!(!zone.agrees_with(&name("Chayapa Dejthamrong Arnpol", "Nilavadhanananda")));
        let family_only = truncated("BENNELONG WOOLOOMOOLOO WARRANDYTE WARN", "");
        let whole = "Bennelong Wooloomooloo Warrandyte Warnambool";
        assert!(family_only.agrees_with(&name("Dingo Potoroo", whole)));
        assert!(
            family_only.agrees_with(&name("Dingo", "Bennelong-Wooloomooloo-Warrandyte-Warnambool-Elster"))
        );
        assert!(!family_only.agrees_with(&name("Dingo", "Bennelong")));
    }

    #[test]
    fn nothing_shows_a_name_by_accident() {
        assert_eq!(format!("{:?}", zone("AMSEL", "ANDREA")), "ZoneName(…)");
    }
}
