//! Names as a machine-readable zone spells them.

use unicode_normalization::UnicodeNormalization;

use crate::Name;

/// A name in the spelling of a machine-readable zone, a blank for each filler: "Größmann-Öztürk" → "GROESSMANN OEZTUERK".
///
/// ICAO Doc 9303-3, section 6 A (recommended transliteration of Latin characters): the letters with a substitution of
/// their own, every other letter without its diacritical mark; hyphens become fillers, apostrophes vanish.
#[must_use]
pub fn mrz_spelling(name: &str) -> String {
    let mut spelling = String::with_capacity(name.len());
    for letter in name.nfc() {
        match substitution(letter) {
            Some(text) => spelling.push_str(text),
            None => spelling.extend(
                std::iter::once(letter)
                    .nfd()
                    .filter(char::is_ascii)
                    .map(|base| base.to_ascii_uppercase())
                    .filter_map(|base| match base {
                        'A'..='Z' => Some(base),
                        ' ' | '-' => Some(' '),
                        _ => None,
                    }),
            ),
        }
    }
    spelling.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn substitution(letter: char) -> Option<&'static str> {
    Some(match letter {
        'Ä' | 'ä' | 'Æ' | 'æ' => "AE",
        'Ö' | 'ö' | 'Ø' | 'ø' | 'Œ' | 'œ' => "OE",
        'Ü' | 'ü' => "UE",
        'ß' | 'ẞ' => "SS",
        'Å' | 'å' => "AA",
        'Þ' | 'þ' => "TH",
        'Ð' | 'ð' | 'Đ' | 'đ' => "D",
        'Ł' | 'ł' => "L",
        'Ħ' | 'ħ' => "H",
        'ı' => "I",
        'Ĳ' | 'ĳ' => "IJ",
        'ĸ' => "Q",
        'Ŋ' | 'ŋ' => "N",
        'Ŧ' | 'ŧ' => "T",
        '’' | '\'' | '.' => "",
        _ => return None,
    })
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

#[cfg(test)]
mod tests {
    use super::{mrz_spelling, names_agree};
    use crate::Name;

    fn name(given_names: &str, family_name: &str) -> Name {
        let (given_names, family_name) = (given_names.to_owned(), family_name.to_owned());
        Name { title: None, given_names, suffix: None, prefix: None, family_name }
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
}
