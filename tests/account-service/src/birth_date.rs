//! Dates of birth, of which registers and documents don't always know month or day.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Years that somebody alive, or their record, can have been born in.
const YEARS: std::ops::RangeInclusive<i16> = 1800..=2099;

/// A date of birth; 0 stands for an unknown month or day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct BirthDate {
    year: i16,
    month: i8,
    day: i8,
}

/// Two dates of birth compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Comparison {
    Agrees,
    AgreesInPart,
    Differs,
}

impl BirthDate {
    /// Reads `19681230`, as on health cards.
    pub(crate) fn compact(text: &str) -> Option<Self> {
        if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let (year, month_day) = text.split_at(4);
        let (month, day) = month_day.split_at(2);
        let date = Self { year: year.parse().ok()?, month: month.parse().ok()?, day: day.parse().ok()? };
        date.exists().then_some(date)
    }

    /// Reads `1968-12-30`.
    pub(crate) fn extended(text: &str) -> Option<Self> {
        let mut compact = text.to_owned();
        for at in [7, 4] {
            if text.as_bytes().get(at) != Some(&b'-') {
                return None;
            }
            compact.remove(at);
        }
        Self::compact(&compact)
    }

    /// As [`Self::extended`] reads it.
    pub(crate) fn to_extended(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// How two dates agree; what one side doesn't know, contradicts nothing and proves nothing.
    pub(crate) fn compare(self, other: Self) -> Comparison {
        let parts = [(self.month, other.month), (self.day, other.day)];
        let known = |(one, other): &(i8, i8)| *one != 0 && *other != 0;
        if self.year != other.year || parts.iter().filter(|it| known(it)).any(|(one, other)| one != other) {
            Comparison::Differs
        } else if parts.iter().all(known) {
            Comparison::Agrees
        } else {
            Comparison::AgreesInPart
        }
    }

    fn exists(self) -> bool {
        let (month, day) = (self.month.max(1), self.day.max(1));
        let day_without_month = self.month == 0 && self.day != 0;
        YEARS.contains(&self.year) && !day_without_month && Date::new(self.year, month, day).is_ok()
    }
}

impl TryFrom<String> for BirthDate {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        Self::extended(&text).ok_or("not of the contract's form")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_side_does_not_know_contradicts_nothing_and_proves_nothing() {
        for (one, other, expected) in [
            ("1968-12-30", "1968-12-30", Comparison::Agrees),
            ("1968-12-00", "1968-12-30", Comparison::AgreesInPart),
            ("1968-12-30", "1968-00-00", Comparison::AgreesInPart),
            ("1968-12-00", "1968-12-00", Comparison::AgreesInPart),
            ("1968-12-30", "1968-12-31", Comparison::Differs),
            ("1968-12-30", "1968-11-30", Comparison::Differs),
            ("1968-12-00", "1968-11-00", Comparison::Differs),
            ("1968-00-00", "1969-00-00", Comparison::Differs),
        ] {
            let (one, other) = (BirthDate::extended(one).unwrap(), BirthDate::extended(other).unwrap());
            assert_eq!((one.compare(other), other.compare(one)), (expected, expected));
        }
    }

    #[test]
    fn both_forms_are_read_and_what_is_no_date_is_not() {
        for (compact, extended) in [("19971228", "1997-12-28"), ("19330000", "1933-00-00")] {
            let date = BirthDate::compact(compact).unwrap();
            assert_eq!(BirthDate::extended(extended), Some(date));
            assert_eq!(date.to_extended(), extended);
        }
        for text in [
            "0000-00-00",
            "1968-00-12",
            "1968-02-30",
            "1968-13-01",
            "68-12-30",
            "1968-12-3",
            "1968_12_30",
            "ä968-12-3",
        ] {
            assert_eq!(BirthDate::extended(text), None, "{text}");
        }
        assert_eq!(BirthDate::compact("+9681230"), None);
    }
}
