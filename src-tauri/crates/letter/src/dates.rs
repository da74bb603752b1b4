//! Dates as a German letter writes them.

use jiff::civil::{Date, Weekday};

const MONTHS: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];

/// `22. November 2026`
pub(crate) fn long(date: Date) -> String {
    let month = usize::try_from(date.month()).ok().and_then(|month| MONTHS.get(month.checked_sub(1)?));
    format!("{}. {} {}", date.day(), month.copied().unwrap_or_default(), date.year())
}

/// `Sonntag, 6. Dezember 2026`
pub(crate) fn with_weekday(date: Date) -> String {
    let weekday = match date.weekday() {
        Weekday::Monday => "Montag",
        Weekday::Tuesday => "Dienstag",
        Weekday::Wednesday => "Mittwoch",
        Weekday::Thursday => "Donnerstag",
        Weekday::Friday => "Freitag",
        Weekday::Saturday => "Samstag",
        Weekday::Sunday => "Sonntag",
    };
    format!("{weekday}, {}", long(date))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn dates_are_written_out() {
        assert_eq!(long(date(2026, 3, 1)), "1. März 2026");
        assert_eq!(with_weekday(date(2026, 12, 6)), "Sonntag, 6. Dezember 2026");
        assert_eq!(with_weekday(date(2028, 2, 29)), "Dienstag, 29. Februar 2028");
    }
}
