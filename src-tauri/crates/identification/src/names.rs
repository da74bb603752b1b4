//! Names as a machine-readable zone spells them.

use unicode_normalization::UnicodeNormalization;

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

#[cfg(test)]
mod tests {
    use super::mrz_spelling;

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
