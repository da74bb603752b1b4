//! How old the desk's knowledge of documents may be: what nobody went over for long reaches less.

use jiff::{ToSpan, civil::Date};

use crate::Level;

/// Days before a level falls in which the desk says so.
const WARN_DAYS: i32 = 21;
/// Days since the last review up to which the catalogue supports each level; after the last, none.
const CATALOGUE_DAYS: [(i32, Level); 3] = [(31, Level::High), (92, Level::Substantial), (366, Level::Normal)];
/// The same of the checklist.
const CHECKLIST_DAYS: [(i32, Level); 3] =
    [(183, Level::High), (366, Level::Substantial), (1096, Level::Normal)];

/// When somebody last went over what the desk looks at: dates of the signed profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reviews {
    /// The catalogue of documents: types, features, validity.
    pub catalogue: Date,
    /// The checklist: how documents are looked at.
    pub checklist: Date,
}

/// What is reviewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewedPart {
    /// The catalogue of documents.
    Catalogue,
    /// The checklist.
    Checklist,
}

/// A review that is due, or overdue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReviewDue {
    /// Of what.
    pub part: ReviewedPart,
    /// The last day on which it supports more than [`Self::then`]; `None` if that is over.
    pub until: Option<Date>,
    /// The best level from then on.
    pub then: Level,
}

impl Reviews {
    /// The best level on `today`. A review that lies ahead is none.
    #[must_use]
    pub fn cap(&self, today: Date) -> Level {
        cap(self.catalogue, &CATALOGUE_DAYS, today).min(cap(self.checklist, &CHECKLIST_DAYS, today))
    }

    /// What is due on `today`: 21 days ahead, and as long as it isn't done.
    #[must_use]
    pub fn due(&self, today: Date) -> Vec<ReviewDue> {
        let parts = [
            (ReviewedPart::Catalogue, self.catalogue, &CATALOGUE_DAYS),
            (ReviewedPart::Checklist, self.checklist, &CHECKLIST_DAYS),
        ];
        parts.into_iter().filter_map(|(part, reviewed, days)| due(part, reviewed, days, today)).collect()
    }
}

fn cap(reviewed: Date, days: &[(i32, Level)], today: Date) -> Level {
    let Some(age) = age(reviewed, today) else { return Level::None };
    days.iter().find(|(last, _)| age <= *last).map_or(Level::None, |(_, level)| *level)
}

fn due(part: ReviewedPart, reviewed: Date, days: &[(i32, Level)], today: Date) -> Option<ReviewDue> {
    let full = days.first()?.0;
    match age(reviewed, today) {
        Some(age) if age <= full - WARN_DAYS => None,
        Some(age) if age <= full => {
            let until = reviewed.saturating_add(full.days());
            Some(ReviewDue {
                part,
                until: Some(until),
                then: cap(reviewed, days, until.saturating_add(1.day())),
            })
        }
        Some(_) | None => Some(ReviewDue { part, until: None, then: cap(reviewed, days, today) }),
    }
}

/// Days since a review; `None` if it lies ahead.
fn age(reviewed: Date, today: Date) -> Option<i32> {
    let days = reviewed.until(today).map_or(i32::MAX, |span| span.get_days());
    (days >= 0).then_some(days)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 22);

    fn reviewed(catalogue: i32, checklist: i32) -> Reviews {
        let ago = |days: i32| TODAY.saturating_sub(days.days());
        Reviews { catalogue: ago(catalogue), checklist: ago(checklist) }
    }

    #[test]
    fn the_older_a_review_is_the_less_is_reached() {
        for (catalogue, checklist, level) in [
            (0, 0, Level::High),
            (31, 183, Level::High),
            (32, 0, Level::Substantial),
            (92, 0, Level::Substantial),
            (93, 0, Level::Normal),
            (366, 0, Level::Normal),
            (367, 0, Level::None),
            (0, 184, Level::Substantial),
            (0, 366, Level::Substantial),
            (0, 367, Level::Normal),
            (0, 1096, Level::Normal),
            (0, 1097, Level::None),
            (-1, 0, Level::None),
        ] {
            assert_eq!(reviewed(catalogue, checklist).cap(TODAY), level, "{catalogue}, {checklist} days ago");
        }
    }

    #[test]
    fn a_review_is_due_for_twenty_one_days_before_the_level_falls() {
        assert_eq!(reviewed(10, 162).due(TODAY), []);
        let soon = ReviewDue {
            part: ReviewedPart::Catalogue,
            until: Some(date(2026, 12, 12)),
            then: Level::Substantial,
        };
        assert_eq!(reviewed(11, 162).due(TODAY), [soon]);
        let part = ReviewedPart::Checklist;
        let soon = ReviewDue { part, until: Some(date(2026, 12, 12)), then: Level::Substantial };
        assert_eq!(reviewed(10, 163).due(TODAY), [soon]);
    }

    #[test]
    fn what_is_overdue_says_what_is_left() {
        let overdue = |part, then| ReviewDue { part, until: None, then };
        assert_eq!(
            reviewed(93, 184).due(TODAY),
            [
                overdue(ReviewedPart::Catalogue, Level::Normal),
                overdue(ReviewedPart::Checklist, Level::Substantial)
            ]
        );
    }
}
