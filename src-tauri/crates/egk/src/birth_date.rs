//! A birth date of which not everything may be known.

use crate::text::PersonalText;
use jiff::civil::Date;
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A birth date. Of people born abroad the day, or month and day, may be unknown (Schema_VSD.xsd,
/// Geburtsdatum).
///
/// It has no `Display`, and `Debug` tells nothing of it.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct BirthDate {
    year: u16,
    month: Option<u8>,
    day: Option<u8>,
}

impl BirthDate {
    /// Reads `YYYYMMDD` with `00` for an unknown day and `0000` for an unknown month and day.
    ///
    /// `None` for anything else: another form, a day that the calendar doesn't have, a day of an unknown
    /// month.
    pub fn parse(text: &str) -> Option<Self> {
        let [year, month, day] = date_parts(text)?;
        let (month, day) = (non_zero(month)?, non_zero(day)?);
        if month.is_none() && day.is_some() {
            return None;
        }
        let earliest = civil_date([year, u16::from(month.unwrap_or(1)), u16::from(day.unwrap_or(1))])?;
        Some(Self { year: earliest.year().unsigned_abs(), month, day })
    }

    /// The year, 1 to 9999.
    pub fn year(&self) -> u16 {
        self.year
    }

    /// The month, 1 to 12, if it is known.
    pub fn month(&self) -> Option<u8> {
        self.month
    }

    /// The day of the month, if it is known.
    pub fn day(&self) -> Option<u8> {
        self.day
    }

    /// `YYYY-MM-DD` with `00` for what is unknown: `1931-00-00`.
    pub fn to_iso(&self) -> PersonalText {
        PersonalText::new(format!(
            "{:04}-{:02}-{:02}",
            self.year,
            self.month.unwrap_or(0),
            self.day.unwrap_or(0)
        ))
    }
}

impl fmt::Debug for BirthDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BirthDate(…)")
    }
}

/// The date that `YYYYMMDD` says, if there is such a day.
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    civil_date(date_parts(text)?)
}

fn civil_date([year, month, day]: [u16; 3]) -> Option<Date> {
    // Year 0 is an unknown year.
    let year = i16::try_from(year).ok().filter(|year| *year > 0)?;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn date_parts(text: &str) -> Option<[u16; 3]> {
    if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some([text.get(..4)?.parse().ok()?, text.get(4..6)?.parse().ok()?, text.get(6..)?.parse().ok()?])
}

fn non_zero(part: u16) -> Option<Option<u8>> {
    Some(Some(u8::try_from(part).ok()?).filter(|part| *part > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, iso: Option<&str>) {
        assert_eq!(
            BirthDate::parse(text).map(|date| date.to_iso().to_string()),
            iso.map(str::to_owned),
            "{text}"
        );
    }

    #[test]
    fn unknown_days_and_months_are_kept_as_unknown() {
        check("19971228", Some("1997-12-28"));
        check("19581200", Some("1958-12-00"));
        check("19330000", Some("1933-00-00"));
        let kiebitz = BirthDate::parse("19330000").unwrap();
        assert_eq!((kiebitz.year(), kiebitz.month(), kiebitz.day()), (1933, None, None));
    }

    #[test]
    fn a_date_that_the_calendar_does_not_have_is_refused() {
        for text in ["19970230", "19971301", "19971232", "19970012", "00000000", "00000101"] {
            check(text, None);
        }
        check("20000229", Some("2000-02-29"));
        check("19000229", None);
    }

    #[test]
    fn another_form_is_refused() {
        for text in ["", "1997", "1997-12-28", "199712281", "1997122８", "+9971228"] {
            check(text, None);
        }
    }

    #[test]
    fn debug_output_tells_no_date() {
        assert_eq!(format!("{:?}", BirthDate::parse("19971228").unwrap()), "BirthDate(…)");
    }
}
