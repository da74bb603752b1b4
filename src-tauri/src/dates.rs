//! Dates and numbers of a document as the clerk types them, judged field by field. Nothing that is typed leaves this place but
//! in the form that the rules need.

use bridge::{DateField, DateProblem, NumberField};
use identification::{BirthDate, DatesOn, DocumentRule, valid_on};
use jiff::{Zoned, civil::Date};
use mrtd::{
    LicenceNumberError, check_driving_licence_number,
    mrz::{DateError, MrzDate},
};

/// A birth date from the machine-readable zone, against the one that is known.
pub(crate) fn zone_birth(
    typed: &str,
    known: Option<BirthDate>,
    now: &Zoned,
) -> (DateField, Option<BirthDate>) {
    match MrzDate::parse(typed) {
        Ok(read) => birth(born_on(read, now.date()), known),
        Err(error) => (bad(zone_problem(error)), None),
    }
}

/// A date of expiry from the machine-readable zone.
pub(crate) fn zone_expiry(typed: &str, rule: &DocumentRule, now: &Zoned) -> (DateField, Option<Date>) {
    match MrzDate::parse(typed) {
        Ok(read) => expiry(read.expiry(now.date()), rule, now.date()),
        Err(error) => (bad(zone_problem(error)), None),
    }
}

/// A birth date as it is printed, against the one that is known: `TT.MM.JJJJ`, or `TT.MM.JJ` as driving licences have it;
/// zeros stand for a day or month that nobody knows.
pub(crate) fn printed_birth(
    typed: &str,
    known: Option<BirthDate>,
    now: &Zoned,
) -> (DateField, Option<BirthDate>) {
    let Some(printed) = Printed::read(typed) else { return (bad(DateProblem::NotADate), None) };
    let date = match printed {
        Printed::Day { year, month, day } => {
            BirthDate { year, month: known_part(month), day: known_part(day) }
        }
        Printed::ShortYear(short) => born_on(short, now.date()),
        Printed::Month { .. } => return (bad(DateProblem::NotADate), None),
    };
    match Date::new(date.year, date.month.unwrap_or(1), date.day.unwrap_or(1)).ok() {
        Some(earliest) if earliest <= now.date() => birth(date, known),
        Some(_) | None => (bad(DateProblem::NoSuchDay), None),
    }
}

/// A date of expiry as it is printed: `TT.MM.JJJJ`, or `TT.MM.JJ` as driving licences have it. What may be valid without an end
/// is otherwise valid to the end of a month, `MM/JJJJ` (§ 6 (7) SchwbAwV).
pub(crate) fn printed_expiry(typed: &str, rule: &DocumentRule, now: &Zoned) -> (DateField, Option<Date>) {
    let ends_with_a_month = rule.dates == DatesOn::Print { unlimited: true };
    let last_day = match Printed::read(typed) {
        Some(Printed::Day { year, month, day }) => Date::new(year, month, day).ok(),
        Some(Printed::ShortYear(short)) => short.expiry(now.date()),
        Some(Printed::Month { year, month }) if ends_with_a_month => {
            Date::new(year, month, 1).ok().map(Date::last_of_month)
        }
        Some(Printed::Month { .. }) | None => return (bad(DateProblem::NotADate), None),
    };
    expiry(last_day, rule, now.date())
}

/// The number of a German driving licence.
pub(crate) fn licence_number(typed: &str) -> NumberField {
    if typed.trim().is_empty() {
        return NumberField::Empty;
    }
    match check_driving_licence_number(typed) {
        Ok(()) => NumberField::Good,
        Err(LicenceNumberError::Form) => NumberField::Malformed,
        Err(LicenceNumberError::CheckCharacter) => NumberField::CheckCharacterWrong,
    }
}

/// A typed date that doesn't do.
pub(crate) const fn bad(problem: DateProblem) -> DateField {
    DateField::Bad { problem }
}

fn birth(date: BirthDate, known: Option<BirthDate>) -> (DateField, Option<BirthDate>) {
    if known.is_none_or(|known| known.agrees_with(date)) {
        (DateField::Good, Some(date))
    } else {
        (bad(DateProblem::DiffersFromCard), None)
    }
}

/// Judges the last day of validity; `None`: there is no such day.
fn expiry(last_day: Option<Date>, rule: &DocumentRule, today: Date) -> (DateField, Option<Date>) {
    let latest = rule.longest_months.zip(rule.latest_expiry(today));
    let problem = match (last_day, latest) {
        (None, _) => DateProblem::NoSuchDay,
        (Some(last_day), Some((months, latest))) if last_day > latest => {
            DateProblem::ValidForTooLong { months: months.into() }
        }
        (Some(last_day), _) if valid_on(last_day, today) => return (DateField::Good, Some(last_day)),
        (Some(last_day), _) => DateProblem::Expired { on: last_day.to_string() },
    };
    (bad(problem), None)
}

/// A birth date as a zone has it: what is unknown stays unknown.
pub(crate) fn born_on(read: MrzDate, today: Date) -> BirthDate {
    let part = |value: Option<u8>| value.and_then(|value| i8::try_from(value).ok());
    BirthDate { year: read.birth_year(today), month: part(read.month), day: part(read.day) }
}

fn zone_problem(error: DateError) -> DateProblem {
    match error {
        DateError::Form => DateProblem::NotSevenDigits,
        DateError::NoSuchDay => DateProblem::NoSuchDay,
        DateError::CheckDigit => DateProblem::CheckDigitWrong,
    }
}

/// A part of a date that is known: zeros stand for one that isn't.
const fn known_part(value: i8) -> Option<i8> {
    if value == 0 { None } else { Some(value) }
}

/// A date in the forms in which documents print it; whether there is such a day is another question.
enum Printed {
    /// `TT.MM.JJJJ`
    Day { year: i16, month: i8, day: i8 },
    /// `TT.MM.JJ`: the century is left to the reader, as in a zone.
    ShortYear(MrzDate),
    /// `MM/JJJJ`, `MM.JJJJ`
    Month { year: i16, month: i8 },
}

impl Printed {
    fn read(typed: &str) -> Option<Self> {
        let mut parts = typed.trim().split(['.', '/']);
        let (first, second, third) = (parts.next()?, parts.next()?, parts.next());
        if parts.next().is_some() {
            return None;
        }
        let Some(third) = third else {
            return Some(Self::Month { year: year(second)?, month: number(first)? });
        };
        let (day, month) = (number(first)?, number(second)?);
        if third.len() == 2 {
            let part = |value| known_part(value).and_then(|value| u8::try_from(value).ok());
            let (year, month, day) = (u8::try_from(number(third)?).ok()?, part(month), part(day));
            return Some(Self::ShortYear(MrzDate { year, month, day }));
        }
        Some(Self::Day { year: year(third)?, month, day })
    }
}

/// One or two digits.
fn number(text: &str) -> Option<i8> {
    (matches!(text.len(), 1 | 2) && is_digits(text)).then(|| text.parse().ok())?
}

/// Four digits.
fn year(text: &str) -> Option<i16> {
    (text.len() == 4 && is_digits(text)).then(|| text.parse().ok())?
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use identification::{IssuerGroup, Level};
    use jiff::{civil::date, tz::TimeZone};

    use super::*;

    fn now() -> Zoned {
        date(2026, 11, 22).at(10, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap()
    }

    fn rule(dates: DatesOn, longest_months: Option<u16>) -> DocumentRule {
        let (id, issuer) = ("fuehrerschein-de-2013".to_owned(), IssuerGroup::De);
        DocumentRule { id, issuer, cap: Level::Normal, longest_months, dates, chip: None, checks: Vec::new() }
    }

    fn licence() -> DocumentRule {
        rule(DatesOn::Print { unlimited: false }, Some(180))
    }

    fn pass() -> DocumentRule {
        rule(DatesOn::Print { unlimited: true }, Some(61))
    }

    fn passport() -> DocumentRule {
        rule(DatesOn::Zone, Some(120))
    }

    const fn born(year: i16, month: i8, day: i8) -> BirthDate {
        BirthDate { year, month: Some(month), day: Some(day) }
    }

    #[test]
    fn a_printed_birth_date_is_read_with_the_century_or_without() {
        for typed in ["12.08.1964", "12.8.1964", " 12.08.1964 ", "12.08.64"] {
            assert_eq!(
                printed_birth(typed, Some(born(1964, 8, 12)), &now()),
                (DateField::Good, Some(born(1964, 8, 12))),
                "{typed}"
            );
        }
        // The latest year that isn't ahead.
        assert_eq!(printed_birth("22.11.26", None, &now()).1, Some(born(2026, 11, 22)));
        assert_eq!(printed_birth("23.11.26", None, &now()).1, Some(born(1926, 11, 23)));
    }

    #[test]
    fn zeros_stand_for_what_nobody_knows_of_a_birthday() {
        let year = BirthDate { year: 1964, month: None, day: None };
        assert_eq!(
            printed_birth("00.00.1964", Some(born(1964, 8, 12)), &now()),
            (DateField::Good, Some(year))
        );
        let month = BirthDate { year: 1964, month: Some(8), day: None };
        assert_eq!(printed_birth("00.08.64", None, &now()).1, Some(month));
    }

    #[test]
    fn a_printed_birth_date_that_is_none_is_told_apart_from_one_that_differs() {
        for (typed, problem) in [
            ("", DateProblem::NotADate),
            ("12.08", DateProblem::NotADate),
            ("08/1964", DateProblem::NotADate),
            ("12.08.19640", DateProblem::NotADate),
            ("12.08.1964.1", DateProblem::NotADate),
            ("6408125", DateProblem::NotADate),
            ("1+.08.1964", DateProblem::NotADate),
            ("١٢.٠٨.١٩٦٤", DateProblem::NotADate),
            ("30.02.1964", DateProblem::NoSuchDay),
            ("12.13.1964", DateProblem::NoSuchDay),
            ("29.02.1963", DateProblem::NoSuchDay),
            ("23.11.2026", DateProblem::NoSuchDay),
            ("13.08.1964", DateProblem::DiffersFromCard),
            ("12.08.2064", DateProblem::NoSuchDay),
        ] {
            assert_eq!(
                printed_birth(typed, Some(born(1964, 8, 12)), &now()),
                (bad(problem), None),
                "{typed}"
            );
        }
    }

    #[test]
    fn a_printed_document_is_valid_on_its_last_day_and_not_a_day_longer() {
        let today = date(2026, 11, 22);
        for typed in ["22.11.2026", "22.11.26"] {
            assert_eq!(printed_expiry(typed, &licence(), &now()), (DateField::Good, Some(today)), "{typed}");
        }
        let expired = bad(DateProblem::Expired { on: "2026-11-21".into() });
        assert_eq!(printed_expiry("21.11.2026", &licence(), &now()), (expired, None));
    }

    #[test]
    fn no_licence_is_issued_for_more_than_fifteen_years() {
        let last = date(2041, 11, 22);
        assert_eq!(printed_expiry("22.11.2041", &licence(), &now()), (DateField::Good, Some(last)));
        let too_long = bad(DateProblem::ValidForTooLong { months: 180 });
        assert_eq!(printed_expiry("23.11.2041", &licence(), &now()), (too_long, None));
        let free = rule(DatesOn::Print { unlimited: false }, None);
        assert_eq!(printed_expiry("23.11.2041", &free, &now()).0, DateField::Good);
    }

    #[test]
    fn a_pass_that_may_have_no_end_is_otherwise_valid_to_the_end_of_a_month() {
        let last = date(2028, 2, 29);
        for typed in ["02/2028", "2.2028", "29.02.2028"] {
            assert_eq!(printed_expiry(typed, &pass(), &now()), (DateField::Good, Some(last)), "{typed}");
        }
        // Issued today: five years from this month on, and the rest of it.
        assert_eq!(printed_expiry("11/2031", &pass(), &now()).0, DateField::Good);
        let too_long = bad(DateProblem::ValidForTooLong { months: 61 });
        assert_eq!(printed_expiry("12/2031", &pass(), &now()).0, too_long);
        assert_eq!(
            printed_expiry("10/2026", &pass(), &now()).0,
            bad(DateProblem::Expired { on: "2026-10-31".into() })
        );
        assert_eq!(printed_expiry("13/2028", &pass(), &now()).0, bad(DateProblem::NoSuchDay));
    }

    #[test]
    fn a_printed_expiry_needs_its_day() {
        for typed in ["01/2028", "01.2028", "unbefristet", "2028-01-31", ""] {
            assert_eq!(
                printed_expiry(typed, &licence(), &now()),
                (bad(DateProblem::NotADate), None),
                "{typed}"
            );
        }
        for typed in ["31.11.2027", "00.01.2028", "00.01.28"] {
            assert_eq!(
                printed_expiry(typed, &licence(), &now()),
                (bad(DateProblem::NoSuchDay), None),
                "{typed}"
            );
        }
    }

    #[test]
    fn a_zone_birth_date_is_judged_by_check_digit_calendar_and_card() {
        let known = Some(born(1964, 8, 12));
        // 640812 5: the specimen of the German passport.
        assert_eq!(zone_birth("640812 5", known, &now()), (DateField::Good, known));
        for (typed, problem) in [
            ("640812", DateProblem::NotSevenDigits),
            ("6408126", DateProblem::CheckDigitWrong),
            ("12.08.1964", DateProblem::NotSevenDigits),
        ] {
            assert_eq!(zone_birth(typed, known, &now()), (bad(problem), None), "{typed}");
        }
        let other = Some(born(1965, 8, 12));
        assert_eq!(zone_birth("6408125", other, &now()), (bad(DateProblem::DiffersFromCard), None));
    }

    #[test]
    fn a_zone_expiry_is_judged_by_check_digit_today_and_term() {
        // 270228 3: the specimen of the German passport of 2017.
        let last = date(2027, 2, 28);
        assert_eq!(zone_expiry("2702283", &passport(), &now()), (DateField::Good, Some(last)));
        let expired = bad(DateProblem::Expired { on: "2020-10-31".into() });
        assert_eq!(zone_expiry("2010315", &passport(), &now()), (expired, None));
        let short = rule(DatesOn::Zone, Some(3));
        let too_long = bad(DateProblem::ValidForTooLong { months: 3 });
        assert_eq!(zone_expiry("2702283", &short, &now()), (too_long, None));
        assert_eq!(zone_expiry("27022", &passport(), &now()), (bad(DateProblem::NotSevenDigits), None));
    }

    #[test]
    fn a_licence_number_is_right_as_far_as_its_check_character_goes() {
        for (typed, field) in [
            ("", NumberField::Empty),
            ("   ", NumberField::Empty),
            // The specimen of the German driving licence.
            ("B072RRE2I55", NumberField::Good),
            ("b072 rre2i 5 5", NumberField::Good),
            ("B072RRE2I65", NumberField::CheckCharacterWrong),
            ("B072RRE2I5", NumberField::Malformed),
        ] {
            assert_eq!(licence_number(typed), field, "{typed}");
        }
    }
}
