//! What a chip is opened with.

use super::check_digit;
use super::date::{DateError, MrzDate};
use super::layout::{FILLER, Field};
use super::raw::{MrzError, Raw, holds};
use std::fmt;
use zeroize::Zeroizing;

/// Most characters of a field that somebody types, blanks included; the longest number that a zone holds has 22.
const TYPED_LENGTH_MAX: usize = 40;
/// Characters of the document number's field, up to which a shorter number is filled.
const NUMBER_FIELD: usize = 9;
/// Characters of the longest number: nine, and in a TD1 zone's optional data fourteen less the check digit.
const NUMBER_LENGTH_MAX: usize = 23;
/// Characters of a date.
const DATE_FIELD: usize = 6;

/// MRZ information (Doc 9303-11, 4.3.2): document number, birth and expiry, each with its check digit, which derive the keys of
/// BAC and the password of PACE.
///
/// It has no `Display`, is wiped on drop, and `Debug` tells nothing of it.
#[derive(Clone)]
pub struct AccessKey(Zeroizing<Vec<u8>>);

/// Why something isn't an access key, and which field to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AccessKeyError {
    /// The text isn't a zone.
    #[error(transparent)]
    Zone(#[from] MrzError),
    /// The field isn't of its form.
    #[error("{0}: not of its form")]
    Form(Field),
    /// A month above 12 or a day above 31.
    #[error("{0}: no such day")]
    NoSuchDay(Field),
    /// The field and its check digit don't fit.
    #[error("{0}: the check digit does not fit")]
    CheckDigit(Field),
    /// A number of more than nine characters comes with its check digit, and the last character isn't that.
    #[error("document number: longer than nine characters, and the last is not its check digit")]
    LongNumber,
}

impl AccessKeyError {
    /// The field to look at; `None` where the text as a whole isn't a zone.
    #[must_use]
    pub fn field(self) -> Option<Field> {
        match self {
            Self::Zone(MrzError::Character { field, .. } | MrzError::NoSuchDay { field, .. })
            | Self::Form(field)
            | Self::NoSuchDay(field)
            | Self::CheckDigit(field) => Some(field),
            Self::LongNumber => Some(Field::Number),
            Self::Zone(MrzError::Length { .. } | MrzError::Line { .. }) => None,
        }
    }
}

impl AccessKey {
    /// Of a whole zone. Only number, birth and expiry have to be right: other fields and the composite digit don't matter to
    /// the chip.
    ///
    /// # Errors
    /// [`AccessKeyError`] names the first field that is wrong.
    pub fn from_zone(text: &str) -> Result<Self, AccessKeyError> {
        Self::of(&Raw::read(text.as_bytes())?)
    }

    /// Of the three fields as they are typed, blanks and small letters allowed: the number with or without its check digit
    /// (with it, a number of eight characters has a filler in between, as in the zone; a number of more than nine always has
    /// it, or nobody could tell), the dates as `YYMMDD` with or without theirs.
    ///
    /// # Errors
    /// [`AccessKeyError`] names the first field that is wrong.
    pub fn from_fields(number: &str, birth: &str, expiry: &str) -> Result<Self, AccessKeyError> {
        let (number, check) = typed_number(number)?;
        let birth = typed_date(birth, Field::Birth)?;
        let expiry = typed_date(expiry, Field::Expiry)?;
        Ok(Self::assemble(&number, check, &birth, &expiry))
    }

    pub(super) fn of(raw: &Raw) -> Result<Self, AccessKeyError> {
        let layout = raw.layout;
        let (number, check) = raw.number();
        well_formed(&number)?;
        if !holds(&number, check) {
            return Err(AccessKeyError::CheckDigit(Field::Number));
        }
        let date =
            |range: std::ops::Range<usize>, field| typed_date(raw.text(range.start..range.end + 1), field);
        let birth = date(layout.birth.clone(), Field::Birth)?;
        let expiry = date(layout.expiry.clone(), Field::Expiry)?;
        Ok(Self::assemble(&number, check, &birth, &expiry))
    }

    fn assemble(number: &[u8], check: u8, birth: &[u8], expiry: &[u8]) -> Self {
        let mut information =
            Zeroizing::new(Vec::with_capacity(number.len() + 1 + birth.len() + expiry.len()));
        information.extend_from_slice(number);
        information.push(check);
        information.extend_from_slice(birth);
        information.extend_from_slice(expiry);
        Self(information)
    }

    /// The MRZ information: number (filled up to nine characters), birth and expiry, a check digit behind each.
    pub(crate) fn information(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessKey(…)")
    }
}

/// What somebody typed, in capitals without blanks.
fn typed(text: &str, field: Field) -> Result<Zeroizing<Vec<u8>>, AccessKeyError> {
    let characters = text.bytes().filter(|byte| !byte.is_ascii_whitespace());
    let mut taken = Zeroizing::new(Vec::with_capacity(TYPED_LENGTH_MAX));
    if text.len() > TYPED_LENGTH_MAX {
        return Err(AccessKeyError::Form(field));
    }
    taken.extend(characters.map(|byte| byte.to_ascii_uppercase()));
    Ok(taken)
}

/// The number filled up to nine characters, and its check digit.
fn typed_number(text: &str) -> Result<(Zeroizing<Vec<u8>>, u8), AccessKeyError> {
    let mut number = typed(text, Field::Number)?;
    let given = if number.len() > NUMBER_FIELD { number.pop() } else { None };
    let too_long = number.len() > NUMBER_FIELD;
    if number.len() < NUMBER_FIELD {
        number.resize(NUMBER_FIELD, FILLER);
    }
    well_formed(&number)?;
    match (given, check_digit(&number)) {
        (Some(given), _) if holds(&number, given) => Ok((number, given)),
        (Some(_), _) if too_long => Err(AccessKeyError::LongNumber),
        (Some(_), _) => Err(AccessKeyError::CheckDigit(Field::Number)),
        (None, Some(check)) => Ok((number, b'0' + check)),
        (None, None) => Err(AccessKeyError::Form(Field::Number)),
    }
}

/// Letters and digits, then nothing but fillers.
fn well_formed(number: &[u8]) -> Result<(), AccessKeyError> {
    let text = number.iter().rposition(|byte| *byte != FILLER).map_or(0, |last| last + 1);
    let (text, _) = number.split_at(text);
    let good = (1..=NUMBER_LENGTH_MAX).contains(&text.len())
        && text.first().is_some_and(u8::is_ascii_alphanumeric)
        && text.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == FILLER);
    if good { Ok(()) } else { Err(AccessKeyError::Form(Field::Number)) }
}

/// The date and its check digit.
fn typed_date(text: &str, field: Field) -> Result<Zeroizing<Vec<u8>>, AccessKeyError> {
    let mut date = typed(text, field)?;
    let given = if date.len() > DATE_FIELD { date.pop() } else { None };
    let check = check_digit(&date).map(|digit| b'0' + digit);
    match MrzDate::from_field(&date) {
        Err((_, DateError::NoSuchDay)) if given.is_none_or(|given| Some(given) == check) => {
            return Err(AccessKeyError::NoSuchDay(field));
        }
        Err((_, DateError::Form | DateError::CheckDigit)) => return Err(AccessKeyError::Form(field)),
        Err((_, DateError::NoSuchDay)) | Ok(_) => {}
    }
    let check = check.ok_or(AccessKeyError::Form(field))?;
    if given.is_some_and(|given| given != check) {
        return Err(AccessKeyError::CheckDigit(field));
    }
    date.push(check);
    Ok(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn information(key: Result<AccessKey, AccessKeyError>) -> String {
        String::from_utf8(key.unwrap().information().to_vec()).unwrap()
    }

    #[test]
    fn the_key_is_that_of_the_worked_examples() {
        // ICAO Doc 9303-11, appendix D.2: a long number in TD2 and TD1, a short one in TD2 and TD1.
        let long = "D23145890734934071279507122";
        let short = "L898902C<369080619406236";
        for (zone, expected) in [
            ("I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<\nD23145890<UTO3407127M95071227349<<<8", long),
            (
                "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<",
                long,
            ),
            ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nL898902C<3UTO6908061F9406236<<<<<<<2", short),
            (
                "I<UTOL898902C<3<<<<<<<<<<<<<<<\n6908061F9406236UTO<<<<<<<<<<<2\nERIKSSON<<ANNA<MARIA<<<<<<<<<<",
                short,
            ),
        ] {
            assert_eq!(information(AccessKey::from_zone(zone)), expected);
        }
        // Appendix G.1, where PACE is opened with the zone's data.
        let appendix_g = information(AccessKey::from_fields("T22000129", "640812", "101031"));
        assert_eq!(appendix_g, "T22000129364081251010318");
    }

    #[test]
    fn the_fields_serve_with_and_without_their_check_digits() {
        let expected = "L898902C<369080619406236";
        for (number, birth, expiry) in [
            ("L898902C", "690806", "940623"),
            ("l898902c<", "690806 1", "940623 6"),
            ("L898 902C < 3", "6908061", "940623"),
        ] {
            assert_eq!(information(AccessKey::from_fields(number, birth, expiry)), expected);
        }
        let long = information(AccessKey::from_fields("D231458907349", "3407127", "950712"));
        assert_eq!(long, "D23145890734934071279507122");
    }

    #[test]
    fn a_birth_of_which_only_the_year_is_known_opens_a_chip_as_well() {
        // Fillers count nothing (Doc 9303-3, 4.9): 8 × 7 + 5 × 3 = 71.
        assert_eq!(
            information(AccessKey::from_fields("YX7CFG013 5", "85<<<< 1", "270630")),
            "YX7CFG013585<<<<12706306"
        );
    }

    #[test]
    fn an_error_names_the_field_to_look_at() {
        use AccessKeyError::{CheckDigit, Form, LongNumber, NoSuchDay};
        let error = |number, birth, expiry| AccessKey::from_fields(number, birth, expiry).unwrap_err();
        assert_eq!(error("L898902C36", "7408121", "1204159"), CheckDigit(Field::Birth));
        assert_eq!(error("L898902C35", "7408122", "1204159"), CheckDigit(Field::Number));
        assert_eq!(error("L898902C36", "7408122", "1204158"), CheckDigit(Field::Expiry));
        assert_eq!(error("", "7408122", "1204159"), Form(Field::Number));
        assert_eq!(error("<898902C3", "7408122", "1204159"), Form(Field::Number));
        assert_eq!(error("L898-02C3", "7408122", "1204159"), Form(Field::Number));
        assert_eq!(error("L898902C3", "74081", "1204159"), Form(Field::Birth));
        assert_eq!(error("L898902C3", "7408O2", "1204159"), Form(Field::Birth));
        assert_eq!(error("L898902C3", "740812", "120432"), NoSuchDay(Field::Expiry));
        assert_eq!(error("D23145890734", "340712", "950712"), LongNumber);
        assert_eq!(error(&"L".repeat(41), "340712", "950712"), Form(Field::Number));
        assert_eq!(LongNumber.field(), Some(Field::Number));
        assert_eq!(AccessKey::from_zone("P<UTO").unwrap_err().field(), None);
    }

    #[test]
    fn a_misread_name_or_composite_digit_keeps_no_chip_shut() {
        // ICAO Doc 9303-4, appendix B, with a digit in the name, a wrong sex and a wrong last digit.
        let zone = "P<UTOERIKSS0N<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122K1204159ZE184226B<<<<<11";
        assert_eq!(information(AccessKey::from_zone(zone)), "L898902C3674081221204159");
        let zone = zone.replace("L898902C36", "L898902C37");
        let error = AccessKey::from_zone(&zone).unwrap_err();
        assert_eq!(error, AccessKeyError::CheckDigit(Field::Number));
    }

    #[test]
    fn nothing_shows_a_key_by_accident() {
        let key = AccessKey::from_fields("L898902C3", "740812", "120415").unwrap();
        assert_eq!(format!("{key:?}"), "AccessKey(…)");
    }
}
