//! Names compared as registers and documents spell them: ICAO Doc 9303-3, section 6, both ways.

use unicode_normalization::UnicodeNormalization;

/// A person's names.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a> {
    pub(crate) family: &'a str,
    pub(crate) given: &'a str,
}

/// How a reader treats the marks over letters.
#[derive(Clone, Copy)]
enum Marks {
    /// By a letter more where ICAO recommends it: Ü is UE.
    Spelled,
    /// Not at all, as many foreign issuers do: Ü is U.
    Dropped,
}

/// Whether these can be the names of the same person. Case and hyphens don't matter; MUELLER and MULLER are both
/// Müller, though not each other; of several given names one side may know only the first ones.
pub(crate) fn agree(one: Names<'_>, other: Names<'_>) -> bool {
    let (given, other_given) = (words(one.given), words(other.given));
    let known = given.len().min(other_given.len());
    let first_ones = known > 0 && same_words(&given[..known], &other_given[..known]);
    same(one.family, other.family) && (first_ones || same(one.given, other.given))
}

/// Word for word, or all of it in one.
fn same(one: &str, other: &str) -> bool {
    let (words_of_one, words_of_other) = (words(one), words(other));
    let as_many = words_of_one.len() == words_of_other.len();
    (as_many && same_words(&words_of_one, &words_of_other))
        || same_word(&words_of_one.concat(), &words_of_other.concat())
}

fn words(names: &str) -> Vec<&str> {
    let gap = |c: char| c.is_whitespace() || matches!(c, '-' | '\u{2010}' | '\u{2011}' | '<');
    names.split(gap).filter(|word| !word.is_empty()).collect()
}

fn same_words(one: &[&str], other: &[&str]) -> bool {
    one.iter().zip(other).all(|(one, other)| same_word(one, other))
}

fn same_word(one: &str, other: &str) -> bool {
    let readings = |word| [read(word, Marks::Spelled), read(word, Marks::Dropped)];
    let others = readings(other);
    readings(one).iter().any(|reading| others.contains(reading))
}

/// A word in the letters of a machine-readable zone. Letters of other scripts stay what they are: they equal
/// themselves only.
fn read(word: &str, marks: Marks) -> String {
    let mut reading = String::with_capacity(word.len());
    for letter in word.nfc().flat_map(char::to_uppercase) {
        let spelled = match (letter, marks) {
            ('Ä' | 'Æ', Marks::Spelled) | ('Æ', Marks::Dropped) => "AE",
            ('Ö' | 'Ø' | 'Œ', Marks::Spelled) | ('Œ', Marks::Dropped) => "OE",
            ('Ü', Marks::Spelled) => "UE",
            ('Å', Marks::Spelled) => "AA",
            ('Ø', Marks::Dropped) => "O",
            ('ẞ', _) => "SS",
            ('Þ', _) => "TH",
            ('Ð' | 'Đ', _) => "D",
            ('Ħ', _) => "H",
            ('Ĳ', _) => "IJ",
            ('Ł' | 'Ŀ', _) => "L",
            ('Ŋ', _) => "N",
            ('Ŧ', _) => "T",
            ('\'' | '’' | 'ʼ' | 'ʹ' | '.', _) => "",
            (other, _) => {
                reading.extend(
                    other.nfd().filter(|part| !unicode_normalization::char::is_combining_mark(*part)),
                );
                continue;
            }
        };
        reading.push_str(spelled);
    }
    reading
}

#[cfg(test)]
mod tests {
    use super::*;

    fn families(one: &str, other: &str) -> bool {
        let names = |family| Names { family, given: "Elke" };
        let (there, back) = (agree(names(one), names(other)), agree(names(other), names(one)));
        assert_eq!(there, back, "{one} {other}");
        there
    }

    fn given_names(one: &str, other: &str) -> bool {
        let names = |given| Names { family: "Elster", given };
        let (there, back) = (agree(names(one), names(other)), agree(names(other), names(one)));
        assert_eq!(there, back, "{one} {other}");
        there
    }

    /// Letters and transliterations from ICAO Doc 9303-3 (8th edition), section 6 A.
    #[test]
    fn a_name_agrees_with_every_way_of_transliterating_it() {
        for (name, spellings) in [
            ("Müller", &["MUELLER", "MULLER", "müller", "Mu\u{308}ller"][..]),
            ("Zaunkönig", &["ZAUNKOENIG", "ZAUNKONIG"]),
            ("Straßer", &["STRASSER", "Strasser", "STRAẞER"]),
            ("Größmann-Öztürk", &["GROESSMANN OEZTUERK", "GROSSMANN<OZTURK", "Groessmann Ozturk"]),
            ("Ångström", &["AANGSTROEM", "ANGSTROM"]),
            ("Sørensen", &["SOERENSEN", "SORENSEN"]),
            ("Łukasiewicz", &["LUKASIEWICZ"]),
            ("Dvořák", &["DVORAK"]),
            ("Þórsdóttir", &["THORSDOTTIR"]),
            ("Yıldız", &["YILDIZ"]),
            ("Núñez", &["NUNEZ"]),
            ("O’Connor", &["OCONNOR", "O'Connor"]),
            ("an der Elster", &["AN DER ELSTER", "An-der-Elster"]),
        ] {
            for spelling in spellings {
                assert!(families(name, spelling), "{name} {spelling}");
            }
        }
    }

    #[test]
    fn another_name_differs() {
        for (one, other) in [
            ("Müller", "Miller"),
            ("Bauer", "Baur"),
            ("MUELLER", "MULLER"),
            ("Elster", "Elsters"),
            ("Elster", ""),
            ("Иванов", "Петров"),
        ] {
            assert!(!families(one, other), "{one} {other}");
        }
    }

    #[test]
    fn of_several_given_names_one_side_may_know_the_first_ones_only() {
        assert!(given_names("Jens-Jörg", "JENS JOERG"));
        assert!(given_names("Jens-Jörg", "Jensjörg"));
        assert!(given_names("Bernd Benjamin", "BERND"));
        assert!(given_names("", ""));
        for (one, other) in [("Bernd Benjamin", "Benjamin"), ("Bernd", ""), ("Nina", "Ninas")] {
            assert!(!given_names(one, other), "{one} {other}");
        }
    }
}
