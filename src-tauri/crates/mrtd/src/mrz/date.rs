//! Elements of the machine-readable zone (ICAO Doc 9303-3).

use jiff::civil::Date;
use zeroize::Zeroizing;

/// Most characters that a typed date may have with its blanks; more is no date.
const MAX_TYPED_LENGTH: usize = 32;

/// Most years that anybody has lived, with some to spare: the oldest person on record reached 122.
const AGE_MAX: i16 = 125;

/// A date as the zone writes it: two digits of the year, month and day, either of which may be unknown (`<<` or `00`).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MrzDate {
    /// 0–99
    pub year: u8,
    /// 1–12
    pub month: Option<u8>,
    /// 1–31
    pub day: Option<u8>,
}

impl std::fmt::Debug for MrzDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MrzDate(…)")
    }
}

/// What is wrong with a typed date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Not six characters and a check digit.
    #[error("not six digits and a check digit")]
    Form,
    /// No such month or day.
    #[error("no such day")]
    NoSuchDay,
    /// The check digit says that something was mistyped or printed wrongly.
    #[error("the check digit does not fit")]
    CheckDigit,
}

impl MrzDate {
    /// Reads `YYMMDD` and its check digit as typed, blanks allowed: `640812 5`.
    ///
    /// # Errors
    /// [`DateError`]; the check digit is looked at before the calendar.
    pub fn parse(typed: &str) -> Result<Self, DateError> {
        if typed.len() > MAX_TYPED_LENGTH {
            return Err(DateError::Form);
        }
        let field: Zeroizing<Vec<u8>> =
            Zeroizing::new(typed.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect());
        let [y1, y2, m1, m2, d1, d2, check] = **field else {
            return Err(DateError::Form);
        };
        let digits = [y1, y2, m1, m2, d1, d2];
        let date = Self::from_field(&digits);
        if !check.is_ascii_digit() || matches!(date, Ok(None) | Err((_, DateError::Form))) {
            return Err(DateError::Form);
        }
        if check_digit(&digits) != Some(check - b'0') {
            return Err(DateError::CheckDigit);
        }
        let date = date.map_err(|(_, error)| error)?.ok_or(DateError::Form)?;
        // A leap year serves for both centuries' 29 February; 2000 was one and 1900 wasn't, which nobody alive recalls.
        let (month, day) = (date.month.unwrap_or(1), date.day.unwrap_or(1));
        match Date::new(2000 + i16::from(date.year), as_i8(month), as_i8(day)) {
            Ok(_) => Ok(date),
            Err(_) => Err(DateError::NoSuchDay),
        }
    }

    /// Reads the six characters of a zone's date; `None` where all are fillers. An error comes with its place in the field.
    /// Registers know birthdays that their month doesn't have, such as 30 February: they stay what is printed.
    pub(super) fn from_field(field: &[u8]) -> Result<Option<Self>, (usize, DateError)> {
        let &[y1, y2, m1, m2, d1, d2] = field else { return Err((0, DateError::Form)) };
        if field == b"<<<<<<" {
            return Ok(None);
        }
        let year = number(y1, y2).ok_or((0, DateError::Form))?;
        let part = |at, tens, ones, last| match (tens, ones) {
            (b'<', b'<') | (b'0', b'0') => Ok(None),
            _ => match number(tens, ones) {
                Some(value) if (1..=last).contains(&value) => Ok(Some(value)),
                Some(_) => Err((at, DateError::NoSuchDay)),
                None => Err((at, DateError::Form)),
            },
        };
        Ok(Some(Self { year, month: part(2, m1, m2, 12)?, day: part(4, d1, d2, 31)? }))
    }

    /// The four-digit year of a birth date: the latest one that isn't after `today` (Doc 9303-3, 4.8, leaves the century to
    /// the reader).
    #[must_use]
    pub fn birth_year(self, today: Date) -> i16 {
        let this_century = today.year() - today.year() % 100 + i16::from(self.year);
        let (month, day) = (as_i8(self.month.unwrap_or(1)), as_i8(self.day.unwrap_or(1)));
        let future =
            Date::new(this_century, month, day).map_or(this_century > today.year(), |date| date > today);
        if future { this_century - 100 } else { this_century }
    }

    /// Every year of birth that these two digits can mean, the latest first: more than one for whoever is under 26, or over 100.
    #[must_use]
    pub fn possible_birth_years(self, today: Date) -> Vec<i16> {
        let latest = self.birth_year(today);
        let possible = |year: &i16| today.year() - year <= AGE_MAX;
        std::iter::successors(Some(latest), |year| Some(year - 100)).take_while(possible).collect()
    }

    /// The day of an expiry date, in the century that is nearest to `today`; `None` when month or day is unknown, which an
    /// expiry date may not be.
    #[must_use]
    pub fn expiry(self, today: Date) -> Option<Date> {
        let base = today.year() - today.year() % 100 + i16::from(self.year);
        let distance = |year: &i16| (year - today.year()).abs();
        let year = [base - 100, base, base + 100].into_iter().min_by_key(distance)?;
        Date::new(year, as_i8(self.month?), as_i8(self.day?)).ok()
    }
}

/// The check digit over `field` (Doc 9303-3, 4.9): weights 7, 3, 1; digits count as themselves, letters from A = 10, fillers
/// nothing; `None` for any other character.
#[must_use]
pub fn check_digit(field: &[u8]) -> Option<u8> {
    let mut sum = 0_u32;
    for (character, weight) in field.iter().zip([7, 3, 1].into_iter().cycle()) {
        let value = match character {
            b'0'..=b'9' => character - b'0',
            b'A'..=b'Z' => character - b'A' + 10,
            b'<' => 0,
            _ => return None,
        };
        sum = (sum + u32::from(value) * weight) % 10;
    }
    u8::try_from(sum).ok()
}

fn number(tens: u8, ones: u8) -> Option<u8> {
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| (tens - b'0') * 10 + (ones - b'0'))
}

fn as_i8(value: u8) -> i8 {
    i8::try_from(value).unwrap_or(i8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn check_digits_are_those_of_the_specification() {
        // ICAO Doc 9303-3, appendix A (document number, date) and Doc 9303-4, appendix B (specimen of Utopia).
        for (field, digit) in [
            ("520727", 3),
            ("AB2134<<<", 5),
            ("L898902C3", 6),
            ("740812", 2),
            ("120415", 9),
            ("ZE184226B<<<<<", 1),
        ] {
            assert_eq!(check_digit(field.as_bytes()), Some(digit), "{field}");
        }
        assert_eq!(check_digit(b"74081a"), None);
    }

    #[test]
    fn a_date_is_read_with_blanks_and_the_check_digit_is_verified() {
        let read = MrzDate::parse(" 740812 2").unwrap();
        assert_eq!((read.year, read.month, read.day), (74, Some(8), Some(12)));
        assert_eq!(MrzDate::parse("740812 3"), Err(DateError::CheckDigit));
        assert_eq!(MrzDate::parse("74081"), Err(DateError::Form));
        assert_eq!(MrzDate::parse("7408122222222222222222222222222222222"), Err(DateError::Form));
    }

    #[test]
    fn a_day_that_no_calendar_has_is_refused() {
        for field in ["741312", "740832", "750229"] {
            let typed = format!("{field}{}", check_digit(field.as_bytes()).unwrap());
            assert_eq!(MrzDate::parse(&typed), Err(DateError::NoSuchDay), "{field}");
        }
    }

    #[test]
    fn unknown_parts_stay_unknown() {
        for field in ["31<<<<", "310000"] {
            let typed = format!("{field}{}", check_digit(field.as_bytes()).unwrap());
            let read = MrzDate::parse(&typed).unwrap();
            assert_eq!((read.year, read.month, read.day), (31, None, None), "{field}");
            assert_eq!(read.expiry(date(2026, 11, 22)), None);
        }
    }

    #[test]
    fn the_century_of_a_birth_is_the_latest_that_is_not_in_the_future() {
        let today = date(2026, 11, 22);
        let year = |year, month, day| MrzDate { year, month, day }.birth_year(today);
        assert_eq!(year(26, Some(11), Some(22)), 2026);
        assert_eq!(year(26, Some(11), Some(23)), 1926);
        assert_eq!(year(31, None, None), 1931);
        assert_eq!(year(27, None, None), 1927);
    }

    #[test]
    fn two_digits_mean_two_years_for_the_very_young_and_the_very_old() {
        let today = date(2026, 11, 22);
        let years = |year, month, day| MrzDate { year, month, day }.possible_birth_years(today);
        assert_eq!(years(16, Some(5), Some(4)), [2016, 1916]);
        assert_eq!(years(26, Some(11), Some(23)), [1926]);
        assert_eq!(years(1, None, None), [2001, 1901]);
        assert_eq!(years(0, None, None), [2000]);
        assert_eq!(years(74, Some(8), Some(12)), [1974]);
    }

    #[test]
    fn the_century_of_an_expiry_is_the_nearest() {
        let today = date(2026, 11, 22);
        let expiry = |year| MrzDate { year, month: Some(7), day: Some(31) }.expiry(today);
        assert_eq!(expiry(31), Some(date(2031, 7, 31)));
        assert_eq!(expiry(99), Some(date(1999, 7, 31)));
        assert_eq!(expiry(26), Some(date(2026, 7, 31)));
    }
}
