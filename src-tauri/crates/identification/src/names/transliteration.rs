//! The ways in which a zone may spell a letter (ICAO Doc 9303-3, section 6: A Latin, B Cyrillic; the letters of DIN 91379
//! that section A lacks by their base; Greek after ELOT 743). Arabic isn't in it: no register here writes names in it.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use zeroize::Zeroizing;

/// How much of a name its spelling covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    /// All of it.
    Complete,
    /// Perhaps only its beginning.
    Beginning,
}

/// Longest part of a name that is compared; the longest that a zone holds has 39 letters.
const PART_BYTES_MAX: usize = 256;

const TILDE: char = '\u{303}';
const DIAERESIS: char = '\u{308}';
const RING: char = '\u{30A}';

/// Whether a zone may write `name`, one part of a name, as `spelling`.
pub(super) fn written_as(name: &str, spelling: &str, whole: Whole) -> bool {
    if name.len() > PART_BYTES_MAX || spelling.is_empty() {
        return false;
    }
    let mut letters = Zeroizing::new(Vec::with_capacity(2 * PART_BYTES_MAX));
    letters.extend(name.chars().flat_map(char::to_uppercase).nfd());
    let mut letters = letters.as_slice();
    // How much of the spelling the letters so far may have taken: more than one length where a letter has several ways.
    let mut taken = vec![0];
    while let Some((base, rest)) = letters.split_first() {
        let (marks, rest) = rest.split_at(rest.iter().take_while(|it| is_combining_mark(**it)).count());
        letters = rest;
        let mut next = Vec::new();
        for at in taken {
            let Some(remaining) = spelling.get(at..) else { continue };
            for way in ways(*base, marks) {
                if remaining.starts_with(way) {
                    next.push(at + way.len());
                } else if whole == Whole::Beginning && way.starts_with(remaining) {
                    return true;
                }
            }
        }
        next.sort_unstable();
        next.dedup();
        taken = next;
    }
    taken.contains(&spelling.len())
}

/// `name` in the recommended spelling of each letter; a blank for whatever isn't one.
pub(super) fn recommended(name: &str) -> String {
    let letters: Vec<char> = name.chars().flat_map(char::to_uppercase).nfd().collect();
    let mut letters = letters.as_slice();
    let mut spelling = String::with_capacity(name.len());
    while let Some((base, rest)) = letters.split_first() {
        let (marks, rest) = rest.split_at(rest.iter().take_while(|it| is_combining_mark(**it)).count());
        letters = rest;
        match ways(*base, marks).first() {
            Some(way) => spelling.push_str(way),
            None if base.is_whitespace() || DASHES.contains(base) => spelling.push(' '),
            None => {}
        }
    }
    spelling.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What joins the parts of a name, besides blanks; a zone has fillers for them (Doc 9303-3, 4.6).
pub(super) const DASHES: [char; 4] = ['-', '\u{2010}', '\u{2011}', '–'];

/// The letters that stand for themselves.
static PLAIN: [&str; 26] = [
    "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "R", "S", "T", "U",
    "V", "W", "X", "Y", "Z",
];

/// The ways to write a capital letter with its marks, the recommended one first; none for a character that names don't have.
fn ways(base: char, marks: &[char]) -> &'static [&'static str] {
    match base {
        'A' if marks.contains(&DIAERESIS) => &["AE", "A"],
        'O' if marks.contains(&DIAERESIS) => &["OE", "O"],
        'U' if marks.contains(&DIAERESIS) => &["UE", "U", "UXX"],
        'A' if marks.contains(&RING) => &["AA", "A"],
        'N' if marks.contains(&TILDE) => &["N", "NXX"],
        'A'..='Z' => PLAIN
            .iter()
            .position(|it| it.starts_with(base))
            .and_then(|at| PLAIN.get(at..=at))
            .unwrap_or_default(),
        'Æ' => &["AE"],
        'Œ' => &["OE"],
        'Ø' => &["OE", "O"],
        'ẞ' => &["SS"],
        'Þ' => &["TH"],
        'Ĳ' => &["IJ"],
        'Ð' | 'Đ' => &["D"],
        'Ħ' => &["H"],
        'Ł' | 'Ŀ' => &["L"],
        'Ŋ' => &["N"],
        'Ŧ' => &["T"],
        'ĸ' => &["Q", "K"],
        'Ƈ' => &["C"],
        'Ə' => &["E"],
        'Ǥ' => &["G"],
        'Ɨ' => &["I"],
        'Ʒ' => &["Z"],
        // An apostrophe in any form vanishes, and so does an abbreviation's dot.
        '\'' | '’' | '‘' | '`' | '´' | 'ʹ' | 'ʺ' | 'ʻ' | 'ʼ' | 'ʾ' | 'ʿ' | 'ˈ' | 'ˌ' | '·' | '.' | ',' => {
            &[""]
        }
        '\u{370}'..='\u{3FF}' => greek(base),
        '\u{400}'..='\u{4FF}' => cyrillic(base, marks),
        _ => &[],
    }
}

/// States that write Cyrillic differ in some letters: theirs stand behind the recommended ones.
fn cyrillic(base: char, marks: &[char]) -> &'static [&'static str] {
    match base {
        'А' => &["A"],
        'Б' => &["B"],
        'В' => &["V"],
        'Г' if marks.is_empty() => &["G", "H"],
        'Г' => &["G", "GJ"],
        'Ґ' => &["G"],
        'Д' => &["D"],
        'Е' if marks.contains(&DIAERESIS) => &["E", "IO"],
        'Е' | 'Э' => &["E"],
        'Є' => &["IE", "YE"],
        'Ж' => &["ZH", "Z"],
        'З' => &["Z"],
        'И' => &["I", "Y"],
        'І' | 'Й' => &["I"],
        'К' if marks.is_empty() => &["K"],
        'К' => &["K", "KJ"],
        'Л' => &["L"],
        'М' => &["M"],
        'Н' => &["N"],
        'О' => &["O"],
        'П' => &["P"],
        'Р' => &["R"],
        'С' => &["S"],
        'Т' => &["T"],
        'У' => &["U"],
        'Ф' => &["F"],
        'Х' => &["KH", "H"],
        'Ц' => &["TS", "C"],
        'Ч' => &["CH", "C"],
        'Ш' => &["SH", "S"],
        'Щ' => &["SHCH", "SHT"],
        'Ъ' => &["IE", "A", ""],
        'Ы' => &["Y"],
        'Ь' => &["", "Y"],
        'Ю' => &["IU", "YU"],
        'Я' => &["IA", "YA"],
        'Ђ' => &["D", "DJ"],
        'Ѕ' => &["DZ"],
        'Ј' => &["J"],
        'Љ' => &["LJ"],
        'Њ' => &["NJ"],
        'Ћ' => &["C"],
        'Џ' => &["DZ", "DJ"],
        _ => &[],
    }
}

fn greek(base: char) -> &'static [&'static str] {
    match base {
        'Α' => &["A"],
        'Β' => &["V"],
        'Γ' => &["G", "N"],
        'Δ' => &["D"],
        'Ε' => &["E"],
        'Ζ' => &["Z"],
        'Η' | 'Ι' => &["I"],
        'Θ' => &["TH"],
        'Κ' => &["K"],
        'Λ' => &["L"],
        // Initial ΜΠ is B.
        'Μ' => &["M", ""],
        'Ν' => &["N"],
        'Ξ' => &["X"],
        'Ο' => &["O"],
        'Π' => &["P", "B"],
        'Ρ' => &["R"],
        'Σ' => &["S"],
        'Τ' => &["T"],
        // In ΑΥ, ΕΥ, ΗΥ it is V or F, in ΟΥ it is U.
        'Υ' => &["Y", "V", "F", "U"],
        'Φ' => &["F"],
        'Χ' => &["CH"],
        'Ψ' => &["PS"],
        'Ω' => &["O"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(name: &str, spelling: &str) -> bool {
        written_as(name, spelling, Whole::Complete)
    }

    #[test]
    fn letters_are_spelled_as_icao_9303_3_section_6_a_says() {
        for (name, spelling) in [
            ("Größmann", "GROESSMANN"),
            ("GROẞMANN", "GROSSMANN"),
            ("O’Connor", "OCONNOR"),
            ("Ångström", "AANGSTROEM"),
            ("Ångström", "ANGSTROM"),
            ("Dvořák", "DVORAK"),
            ("Łukasiewicz", "LUKASIEWICZ"),
            ("Yıldız", "YILDIZ"),
            ("İnönü", "INOENUE"),
            ("Þórsdóttir", "THORSDOTTIR"),
            ("Guðrún", "GUDRUN"),
            ("Núñez", "NUNEZ"),
            ("Núñez", "NUNXXEZ"),
            ("Đorđe", "DORDE"),
            ("Œdipe", "OEDIPE"),
            ("Bjørn", "BJOERN"),
            ("Nguyễn", "NGUYEN"),
            ("Ĳsbrand", "IJSBRAND"),
            ("Ħamrun", "HAMRUN"),
        ] {
            assert!(is(name, spelling), "{name} as {spelling}");
        }
    }

    #[test]
    fn every_letter_of_names_in_din_91379_has_a_spelling() {
        // DIN 91379:2022-08, Latin letters (normative): those that aren't a letter and marks; some sequences; Greek and
        // Bulgarian Cyrillic (extended).
        let whole = "ÆæÐðØøÞþßẞĐđĦħıĲĳĸĿŀŁłŉŊŋŒœŦŧƇƈƏəƗɨƷʒǢǣǤǥǮǯǼǽǾǿǰẖẗ";
        let sequences = ["C̨̆", "K͟H", "k͟h", "L̥̄", "M̐", "Ṣ̄", "ē̍", "Û̄", "Ạ̈", "Ž̧"];
        let other = "ΆΈΉΊΌΎΏΐΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΪΫάέήίΰςσώϋЍАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЬЮЯѝ";
        let letters = whole.chars().chain(other.chars()).map(String::from);
        for letter in letters.chain(sequences.map(str::to_owned)) {
            let decomposed: Vec<char> = letter.chars().flat_map(char::to_uppercase).nfd().collect();
            let bases = decomposed.iter().filter(|it| !is_combining_mark(**it));
            assert!(bases.clone().all(|base| !ways(*base, &[]).is_empty()), "{letter}");
        }
    }

    #[test]
    fn cyrillic_and_greek_are_spelled_as_their_states_do() {
        for (name, spelling) in [
            ("Щербаков", "SHCHERBAKOV"),
            ("Йорданов", "IORDANOV"),
            ("Алёна", "ALENA"),
            ("Ћирић", "CIRIC"),
            ("Ελευθερία", "ELEFTHERIA"),
            ("Παύλου", "PAVLOU"),
            ("Μπαρτ", "BART"),
        ] {
            assert!(is(name, spelling), "{name} as {spelling}");
        }
    }

    #[test]
    fn another_name_has_another_spelling() {
        for (name, spelling) in [
            ("Müller", "MILLER"),
            ("Muller", "MUELLER"),
            ("Müller", "MUELLE"),
            ("Müller", "MUELLERS"),
            ("Müller", ""),
            ("", "A"),
            ("Ama2", "AMA2"),
            ("محمد", "MUHAMMAD"),
        ] {
            assert!(!is(name, spelling), "{name} as {spelling}");
        }
    }

    #[test]
    fn a_beginning_may_end_within_a_letter() {
        for spelling in ["M", "MU", "MUE", "MUELL", "MULL", "MUELLER"] {
            assert!(written_as("Müller", spelling, Whole::Beginning), "{spelling}");
        }
        assert!(!written_as("Müller", "MUELLERS", Whole::Beginning));
        assert!(!written_as("Müller", "A", Whole::Beginning));
        assert!(!written_as("Müller", "", Whole::Beginning));
    }
}
