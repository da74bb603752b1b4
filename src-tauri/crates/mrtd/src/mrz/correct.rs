//! Correcting what optical character recognition misread, where there is no doubt about it.

use super::layout::{Alphabet, FILLER, Field, ISSUER, Layout};
use super::raw::{MrzError, Raw};
use super::{Issuer, MachineReadableZone, confusion, countries};
use std::fmt;
use std::ops::Range;
use zeroize::Zeroizing;

/// Letters that no German serial number has (section 5 of the identity card act, section 4 of the passport act: no vowels, and
/// none that look like digits).
const NOT_IN_GERMAN_NUMBERS: &[u8] = b"ABDEIOQSU";

/// A character that was taken for another one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Correction {
    /// In which field.
    pub field: Field,
    /// Where in the zone, from 0, line breaks not counted.
    pub position: usize,
    /// What was read; not where it would tell of the holder.
    pub read: Option<char>,
    /// What it was taken for; not where it would tell of the holder.
    pub taken: Option<char>,
}

impl Correction {
    /// Characters of number, nationality and optional data stay here: an outcome of a check may be shown and kept where
    /// these fields are not.
    fn new(field: Field, position: usize, read: char, taken: u8) -> Self {
        let may_be_told = !matches!(field, Field::Number | Field::Nationality | Field::Optional);
        let told = |character| may_be_told.then_some(character);
        Self { field, position, read: told(read), taken: told(char::from(taken)) }
    }
}

impl fmt::Debug for Correction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Correction")
            .field("field", &self.field)
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}

/// A corrected zone, and what was corrected in it: somebody has to see that.
#[derive(Debug, Clone)]
pub struct Corrected {
    /// As it is with the corrections.
    pub zone: MachineReadableZone,
    /// By position; empty where nothing was corrected.
    pub corrections: Vec<Correction>,
}

/// Reads a zone and corrects what can only have been something else:
/// - a letter among digits and a digit among letters, where the two are known to be confused (`O` in a date is 0; 0 and 1 in a
///   name are O and I, in an issuer or a nationality only what makes it one that exists);
/// - in a German serial number the letters that none has;
/// - in a document number or optional data whose check digit doesn't hold the one confusion that makes it hold, if there is
///   just one.
///
/// A check digit doesn't notice every confusion (`K` for a filler, `L` for 1, `S` for 8): what is right for it is left alone.
/// Nor does any cover the names.
///
/// # Errors
/// [`MrzError`] where the text isn't a zone even so.
pub fn correct(text: &str) -> Result<Corrected, MrzError> {
    let mut reader = Correcting::read(text)?;
    reader.correct_all();
    let Correcting { raw, mut corrections } = reader;
    corrections.sort_by_key(|correction| correction.position);
    Ok(Corrected { zone: MachineReadableZone::of(raw)?, corrections })
}

struct Correcting {
    raw: Raw,
    corrections: Vec<Correction>,
}

impl Correcting {
    /// Takes `«`, which no zone has, for a filler.
    fn read(text: &str) -> Result<Self, MrzError> {
        let replaced = Zeroizing::new(text.replace('«', "<"));
        let raw = Raw::read(replaced.as_bytes())?;
        let characters = text.chars().filter(|it| !matches!(it, '\r' | '\n')).enumerate();
        let corrections = characters
            .filter(|(_, character)| *character == '«')
            .map(|(position, read)| Correction::new(raw.layout.at(position).0, position, read, FILLER))
            .collect();
        Ok(Self { raw, corrections })
    }

    fn correct_all(&mut self) {
        self.correct_by_type();
        self.correct_code(Field::Issuer, ISSUER);
        self.correct_code(Field::Nationality, self.raw.layout.nationality.clone());
        self.correct_german_number();
        self.correct_by_digit(Field::Number, Raw::number_holds);
        self.correct_by_digit(Field::Optional, |raw| raw.optional_holds() != Some(false));
    }

    fn take(&mut self, field: Field, position: usize, taken: u8) {
        if let Some(place) = self.raw.characters.get_mut(position) {
            let read = char::from(std::mem::replace(place, taken));
            self.corrections.push(Correction::new(field, position, read, taken));
        }
    }

    fn correct_by_type(&mut self) {
        for position in 0..self.raw.characters.len() {
            let read = self.raw.at(position);
            let (field, alphabet) = self.raw.layout.at(position);
            if alphabet.has(read) {
                continue;
            }
            let taken = match (alphabet, field) {
                (Alphabet::DigitOrFiller, _) => {
                    let filler = self.may_be_empty(field) && confusion::like_filler(read);
                    confusion::digit(read).or_else(|| filler.then_some(FILLER))
                }
                // No document code begins with L.
                (Alphabet::Letter, _) | (Alphabet::LetterOrFiller, Field::Name) => {
                    confusion::letters(read).first().copied()
                }
                (Alphabet::Sex, _) if confusion::like_filler(read) => Some(FILLER),
                (Alphabet::LetterOrFiller | Alphabet::Sex | Alphabet::Any, _) => None,
            };
            if let Some(taken) = taken {
                self.take(field, position, taken);
            }
        }
    }

    /// Whether fillers are right in a field that has digits: parts of dates may be unknown, optional data missing, and a long
    /// number's check digit stands elsewhere.
    fn may_be_empty(&self, field: Field) -> bool {
        matches!(field, Field::Birth | Field::Expiry | Field::Optional)
            || field == Field::Number && self.raw.layout.long_numbers
    }

    /// Digits in a country's code, if just one code that exists can have been meant.
    fn correct_code(&mut self, field: Field, range: Range<usize>) {
        let read: Vec<u8> = self.raw.get(range.clone()).to_vec();
        if !read.iter().any(u8::is_ascii_digit) {
            return;
        }
        let mut meant = vec![Vec::new()];
        for character in read {
            let own = [character];
            let letters = if character.is_ascii_digit() { confusion::letters(character) } else { &own };
            meant = meant
                .iter()
                .flat_map(|begun: &Vec<u8>| {
                    letters.iter().map(|letter| [begun.as_slice(), &[*letter]].concat())
                })
                .collect();
        }
        meant.retain(|code| std::str::from_utf8(code).is_ok_and(countries::is_known));
        let [code] = meant.as_slice() else { return };
        for (position, letter) in range.zip(code) {
            if self.raw.at(position) != *letter {
                self.take(field, position, *letter);
            }
        }
    }

    /// Nine characters without a filler: other German numbers are a letter of any kind and seven digits.
    fn german_number(&self) -> Option<Range<usize>> {
        let field = self.raw.layout.number.clone();
        let serial = !self.raw.get(field.clone()).contains(&FILLER);
        (Issuer::of(self.raw.get(ISSUER)).is_germany() && serial).then_some(field)
    }

    fn correct_german_number(&mut self) {
        for position in self.german_number().into_iter().flatten() {
            let read = self.raw.at(position);
            if NOT_IN_GERMAN_NUMBERS.contains(&read)
                && let Some(digit) = confusion::digit(read)
            {
                self.take(Field::Number, position, digit);
            }
        }
    }

    /// The only substitution in a field that makes its check digit hold, unless it does already.
    fn correct_by_digit(&mut self, field: Field, holds: fn(&Raw) -> bool) {
        if holds(&self.raw) {
            return;
        }
        let german = self.german_number();
        let mut found = None;
        for position in self.positions(field) {
            for taken in confusion::alternatives(self.raw.at(position)) {
                let impossible = german.as_ref().is_some_and(|number| number.contains(&position))
                    && (NOT_IN_GERMAN_NUMBERS.contains(&taken) || taken == FILLER);
                let mut changed = self.raw.clone();
                if let Some(place) = changed.characters.get_mut(position) {
                    *place = taken;
                }
                if !impossible
                    && fillers_end_it(changed.get(changed.layout.number.clone()))
                    && holds(&changed)
                {
                    if found.is_some() {
                        return;
                    }
                    found = Some((position, taken));
                }
            }
        }
        if let Some((position, taken)) = found {
            self.take(field, position, taken);
        }
    }

    /// Where a field's characters stand; a long number goes on in the optional data. Check digits are digits already.
    fn positions(&self, field: Field) -> Vec<usize> {
        let Layout { number, optional, long_numbers, .. } = self.raw.layout;
        if field == Field::Optional {
            return optional.clone().collect();
        }
        let continued = *long_numbers && self.raw.at(number.end) == FILLER;
        let rest = optional.clone().take_while(|position| self.raw.at(*position) != FILLER);
        number.clone().chain(rest.filter(|_| continued)).collect()
    }
}

/// Whether fillers stand at the end only.
fn fillers_end_it(number: &[u8]) -> bool {
    number.iter().skip_while(|byte| **byte != FILLER).all(|byte| *byte == FILLER)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ICAO Doc 9303-4, appendix B.
    const PASSPORT: &str =
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10";
    /// The German identity card's specimen of 2010.
    const CARD: &str =
        "IDD<<T220001293<<<<<<<<<<<<<<<6408125<2010315D<<<<<<<<<<<<<4MUSTERMANN<<ERIKA<<<<<<<<<<<<<";

    /// The text with other characters at some positions.
    fn misread(zone: &str, changes: &[(usize, char)]) -> String {
        let mut characters: Vec<char> = zone.chars().collect();
        for (position, character) in changes {
            characters[*position] = *character;
        }
        characters.into_iter().collect()
    }

    /// Every correction; the characters as they were read and stand in the zone, and told where they may be.
    fn corrections(text: &str) -> Vec<(Field, usize, char, char)> {
        let mut reader = Correcting::read(text).unwrap();
        reader.correct_all();
        let corrections = correct(text).unwrap().corrections;
        let characters = corrections.iter().map(|it| {
            let read = text.chars().nth(it.position).unwrap();
            let taken = char::from(reader.raw.at(it.position));
            let hidden = matches!(it.field, Field::Number | Field::Nationality | Field::Optional);
            let told = (!hidden).then_some((read, taken));
            assert_eq!(it.read.zip(it.taken), told, "{:?}", it.field);
            (it.field, it.position, read, taken)
        });
        characters.collect()
    }

    #[test]
    fn a_zone_that_is_right_is_left_alone() {
        for zone in [PASSPORT, CARD] {
            assert_eq!(corrections(zone), []);
            assert!(correct(zone).unwrap().zone.checks().all_hold());
        }
    }

    #[test]
    fn what_the_type_of_a_field_forces_is_corrected_and_told() {
        for (zone, position, read, field) in [
            (PASSPORT, 59, 'O', Field::Birth),
            (PASSPORT, 61, 'I', Field::Birth),
            (PASSPORT, 63, 'Z', Field::Birth),
            (PASSPORT, 67, 'O', Field::Expiry),
            (PASSPORT, 53, 'G', Field::Number),
            (PASSPORT, 86, 'L', Field::Optional),
            (PASSPORT, 87, 'D', Field::Composite),
            (PASSPORT, 4, '0', Field::Issuer),
            (PASSPORT, 56, '0', Field::Nationality),
            (PASSPORT, 9, '5', Field::Name),
            (PASSPORT, 43, '«', Field::Name),
            (CARD, 0, '1', Field::DocumentCode),
            (CARD, 2, '0', Field::Issuer),
            (CARD, 37, 'K', Field::Sex),
        ] {
            let right = zone.chars().nth(position).unwrap();
            let misread = misread(zone, &[(position, read)]);
            assert_eq!(corrections(&misread), [(field, position, read, right)], "{position}");
        }
    }

    #[test]
    fn the_only_confusion_that_makes_a_check_digit_hold_is_corrected() {
        // Numbers that go on in the optional data: of ICAO Doc 9303-11, appendix D.2, and another one.
        let long =
            "I<UTOD23145890<7349<<<<<<<<<<<3407127M9507122UTO<<<<<<<<<<<2STEVENSON<<PETER<JOHN<<<<<<<<<";
        let zero =
            "I<UTOD23145890<7051<<<<<<<<<<<3407127M9507122UTO<<<<<<<<<<<2JUNKO<<JENS<JOERG<<<<<<<<<<<<<";
        for (zone, position, read, right) in [
            (PASSPORT, 49, 'O', '0'),
            (PASSPORT, 49, 'D', '0'),
            (long, 10, 'S', '5'),
            (long, 13, 'Q', '0'),
            (zero, 16, 'O', '0'),
            (zero, 17, 'S', '5'),
        ] {
            let misread = misread(zone, &[(position, read)]);
            assert_eq!(corrections(&misread), [(Field::Number, position, read, right)]);
            assert!(correct(&misread).unwrap().zone.checks().all_hold());
        }
    }

    #[test]
    fn what_has_two_explanations_is_left_as_it_was_read() {
        // The B can have been an 8, or the 2 behind it a Z; the I a 1 or an L.
        for (position, read, field) in [(45, 'B', Field::Number), (74, 'I', Field::Optional)] {
            let misread = misread(PASSPORT, &[(position, read)]);
            assert_eq!(corrections(&misread), []);
            let wrong: Vec<Field> = correct(&misread).unwrap().zone.checks().wrong().collect();
            assert_eq!(wrong, [field, Field::Composite]);
        }
    }

    #[test]
    fn an_i_can_have_been_an_l_as_well() {
        assert_eq!(corrections(&PASSPORT.replace("L898902C36", "ABI2345671")), []);
    }

    #[test]
    fn what_no_german_number_has_explains_nothing_in_one() {
        // Elsewhere the 0 two characters on can have been a D.
        assert_eq!(corrections(&misread(CARD, &[(6, 'Z')])), [(Field::Number, 6, 'Z', '2')]);
        assert_eq!(corrections(&misread(&CARD.replace("IDD<<", "I<UTO"), &[(6, 'Z')])), []);
    }

    #[test]
    fn no_filler_is_read_into_a_field_that_is_never_empty() {
        for (position, field) in [(53, Field::Number), (87, Field::Composite)] {
            let error = correct(&misread(PASSPORT, &[(position, 'K')])).unwrap_err();
            assert_eq!(error, MrzError::Character { field, position });
        }
    }

    #[test]
    fn a_code_of_two_possible_countries_is_left_as_it_was_read() {
        // GB0 is GBO or GBD, A1A is AIA or ALA; UT0 is UTO alone.
        for code in ["GB0", "A1A"] {
            let error = correct(&PASSPORT.replace("UTOE", &format!("{code}E"))).unwrap_err();
            assert!(matches!(error, MrzError::Character { field: Field::Issuer, .. }), "{code}");
        }
        assert_eq!(corrections(&PASSPORT.replace("UTOE", "UT0E")), [(Field::Issuer, 4, '0', 'O')]);
    }

    #[test]
    fn a_confusion_that_the_check_digit_does_not_notice_stays() {
        // K counts 20 and a filler nothing: the number of ICAO Doc 9303-11, appendix D.2, with one letter more.
        let zone = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<L898902CK3UTO6908061F9406236<<<<<<<2";
        assert_eq!(corrections(zone), []);
        assert!(correct(zone).unwrap().zone.checks().all_hold());
    }

    #[test]
    fn letters_that_no_german_number_has_are_digits() {
        let misread = misread(CARD, &[(8, 'O'), (9, 'D'), (11, 'I')]);
        let expected = [(8, 'O', '0'), (9, 'D', '0'), (11, 'I', '1')];
        let expected = expected.map(|(position, read, taken)| (Field::Number, position, read, taken));
        assert_eq!(corrections(&misread), expected);
        assert!(correct(&misread).unwrap().zone.checks().all_hold());
    }

    #[test]
    fn without_the_call_nothing_is_corrected() {
        let misread = misread(PASSPORT, &[(59, 'O')]);
        let error = MachineReadableZone::parse(&misread).unwrap_err();
        assert_eq!(error, MrzError::Character { field: Field::Birth, position: 59 });
    }
}
