//! Days and moments: of certificates, of signatures, and when a document can have been signed.

use super::der::{Element, GENERALIZED_TIME, UTC_TIME};
use crate::quietly::quietly;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp, ToSpan};
use openssl::asn1::{Asn1Time, Asn1TimeRef};

/// How far the clocks of those who sign may be off, and their time zones.
const CLOCKS: SignedDuration = SignedDuration::from_hours(24);
/// Longest that documents are valid: some states issue for fifteen years, ICAO recommends ten at most.
const DOCUMENT_YEARS_MAX: i64 = 15;
/// The first documents with such chips (Belgium, November 2004). What has expired before doesn't expire: two digits
/// say 1999 of 9999, which is how some cards without an end are written.
const FIRST_DOCUMENTS: Date = date(2004, 11, 1);
/// Last day on which a signature by SHA-1 could not be forged by whoever chose a part of what is signed: since
/// January 2020 collisions with chosen prefixes cost less than a car (Leurent, Peyrin: SHA-1 is a Shambles). ICAO
/// dropped SHA-1 before that; what was signed in its time stays good, for nobody finds second preimages.
const SHA1_UNTIL: Date = date(2019, 12, 31);

/// From when to when something can have been, or is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) from: Timestamp,
    pub(crate) until: Timestamp,
}

impl Period {
    /// Whether they have a moment in common, as clocks go.
    pub(crate) fn meets(self, other: Self) -> bool {
        self.from <= later(other.until) && other.from <= later(self.until)
    }

    /// What they have in common; `None` if nothing.
    fn within(self, other: Self) -> Option<Self> {
        let common = Self { from: self.from.max(other.from), until: self.until.min(other.until) };
        (common.from <= common.until).then_some(common)
    }

    /// Whether it begins today at the latest.
    pub(crate) fn is_before_end_of(self, today: Date) -> bool {
        let end = today.tomorrow().ok().and_then(start_of);
        end.is_some_and(|end| self.from <= later(end))
    }

    /// Whether SHA-1 was still good to its end: of what can have been made later, nobody knows that it wasn't forged.
    pub(crate) fn is_of_sha1_times(self) -> bool {
        start_of(SHA1_UNTIL).is_some_and(|day| self.until <= later(day))
    }
}

/// When the document can have been signed.
///
/// It was signed while its signer's key was in use, before today and before it expires, and not more than fifteen
/// years before that; an expiry that is no such day says nothing (some cards say 9999). `signing_time` (the signed
/// attribute) is one moment of these, as clocks go; another one was made up.
pub(crate) fn signed_during(
    signing_time: Option<Timestamp>,
    signer: Period,
    expiry: Option<Date>,
    today: Date,
) -> Option<Period> {
    let end_of_today = start_of(today.tomorrow().ok()?)?;
    let mut issued = Period { from: Timestamp::UNIX_EPOCH, until: end_of_today };
    if let Some(expiry) = expiry.filter(|expiry| *expiry >= FIRST_DOCUMENTS) {
        issued.until = issued.until.min(start_of(expiry.tomorrow().ok()?)?);
        let earliest = start_of(expiry.checked_sub(DOCUMENT_YEARS_MAX.years()).ok()?)?;
        if earliest <= end_of_today {
            issued.from = earliest;
        }
    }
    let possible = signer.within(issued)?;
    match signing_time.map(|time| Period { from: time, until: time }) {
        Some(told) => told.meets(possible).then_some(told),
        None => Some(possible),
    }
}

/// Midnight (UTC) at the beginning of the day.
pub(crate) fn start_of(day: Date) -> Option<Timestamp> {
    Some(day.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// The day (UTC).
pub(crate) fn day_of(moment: Timestamp) -> Date {
    moment.to_zoned(TimeZone::UTC).date()
}

/// The moment of a time in a certificate or list.
pub(crate) fn moment_of(time: &Asn1TimeRef) -> Option<Timestamp> {
    let since_1970 = quietly(|| Asn1Time::from_unix(0)?.diff(time))?;
    let span = Span::new().try_hours(i64::from(since_1970.days) * 24).ok()?;
    let span = span.try_seconds(i64::from(since_1970.secs)).ok()?;
    Timestamp::UNIX_EPOCH.checked_add(span).ok()
}

/// The moment of a UTCTime or GeneralizedTime.
pub(crate) fn moment_of_element(time: &Element<'_>) -> Option<Timestamp> {
    let text = std::str::from_utf8(time.value).ok()?;
    let digits = text.strip_suffix('Z')?;
    // `Asn1Time::from_str` tells the two forms apart by their lengths.
    let fits = matches!((time.tag, digits.len()), (UTC_TIME, 12) | (GENERALIZED_TIME, 14));
    if !fits || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    moment_of(&*quietly(|| Asn1Time::from_str(text))?)
}

fn later(moment: Timestamp) -> Timestamp {
    moment.saturating_add(CLOCKS).unwrap_or(moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = date(2026, 11, 22);

    fn days(from: Date, until: Date) -> Period {
        Period { from: start_of(from).unwrap(), until: start_of(until).unwrap() }
    }

    #[test]
    fn the_two_kinds_of_times_are_read() {
        let moment = |tag, value: &str| {
            moment_of_element(&Element { tag, value: value.as_bytes(), encoded: &[] })
                .map(|moment| moment.to_string())
        };
        assert_eq!(moment(UTC_TIME, "191231235958Z").as_deref(), Some("2019-12-31T23:59:58Z"));
        assert_eq!(moment(UTC_TIME, "500101000000Z").as_deref(), Some("1950-01-01T00:00:00Z"));
        assert_eq!(moment(GENERALIZED_TIME, "20500101000000Z").as_deref(), Some("2050-01-01T00:00:00Z"));
        for (tag, value) in [
            (UTC_TIME, "20191231235958Z"),
            (UTC_TIME, "191331235958Z"),
            (GENERALIZED_TIME, "2050010100000+Z"),
            (GENERALIZED_TIME, "20500101000000"),
        ] {
            assert_eq!(moment(tag, value), None, "{value}");
        }
    }

    #[test]
    fn a_signing_time_is_the_moment_unless_it_lies_in_the_future() {
        let signer = days(date(2020, 1, 1), date(2031, 1, 1));
        let at = |day| signed_during(start_of(day), signer, None, TODAY);
        assert_eq!(at(date(2021, 3, 4)), Some(days(date(2021, 3, 4), date(2021, 3, 4))));
        assert!(at(date(2026, 11, 24)).is_some() && at(date(2026, 11, 25)).is_none());
    }

    #[test]
    fn a_signing_time_before_the_key_or_after_the_documents_expiry_was_made_up() {
        let signer = days(date(2020, 1, 10), date(2020, 4, 10));
        let at = |day, expiry| signed_during(start_of(day), signer, Some(expiry), TODAY).is_some();
        let far = date(2030, 1, 31);
        assert!(at(date(2020, 1, 9), far) && !at(date(2020, 1, 8), far));
        assert!(at(date(2020, 4, 11), far) && !at(date(2020, 4, 12), far));
        assert!(at(date(2020, 2, 7), date(2020, 2, 5)), "a day of grace behind the last day's end");
        assert!(!at(date(2020, 2, 8), date(2020, 2, 5)));
        assert!(!at(date(2020, 2, 1), date(2035, 3, 1)), "more than fifteen years before it expires");
    }

    #[test]
    fn without_a_signing_time_the_document_was_signed_while_the_key_was_in_use_and_before_it_expired() {
        let signer = days(date(2015, 1, 1), date(2015, 4, 1));
        let with_expiry = |expiry| signed_during(None, signer, Some(expiry), TODAY);
        assert_eq!(with_expiry(date(2025, 2, 1)), Some(signer));
        assert_eq!(
            with_expiry(date(2015, 1, 31)),
            Some(days(date(2015, 1, 1), date(2015, 2, 1))),
            "not after it expired"
        );
        assert_eq!(with_expiry(date(2014, 12, 1)), None, "expired before the key was there");
        assert_eq!(with_expiry(date(2030, 5, 1)), None, "no document is valid for more than fifteen years");
        for far in [date(2076, 5, 1), date(1999, 12, 31)] {
            assert_eq!(with_expiry(far), Some(signer), "{far} says nothing");
        }
        assert_eq!(signed_during(None, days(date(2027, 1, 1), date(2028, 1, 1)), None, TODAY), None);
    }

    #[test]
    fn periods_meet_with_a_day_of_grace() {
        let year = days(date(2020, 1, 1), date(2021, 1, 1));
        assert!(year.meets(days(date(2021, 1, 2), date(2022, 1, 1))));
        assert!(!year.meets(days(date(2021, 1, 3), date(2022, 1, 1))));
    }

    #[test]
    fn sha_1_was_good_if_the_whole_period_is_of_its_times() {
        assert!(days(date(2010, 1, 1), date(2019, 12, 31)).is_of_sha1_times());
        assert!(days(date(2020, 1, 1), date(2020, 1, 1)).is_of_sha1_times());
        assert!(!days(date(2020, 1, 2), date(2020, 1, 2)).is_of_sha1_times());
        assert!(!days(date(2019, 12, 1), date(2030, 1, 1)).is_of_sha1_times());
    }
}
