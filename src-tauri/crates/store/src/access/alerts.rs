//! What is unusual in the access log: somebody looks people up, and nothing comes of it.

use identification::OperatorId;
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;

use super::{SubjectRef, known_key, reference};
use crate::{Store, StoreError, Subject, row};

/// Most hours that are told at once: somebody who does it all the time shows in fewer.
const MAX_ALERTS: i64 = 200;
/// A visit is never open for longer: its concerns belong to hours up to so long after it began.
const LONGEST_VISIT: SignedDuration = SignedDuration::from_hours(24);

/// An hour of a member of staff with look-ups that led to no visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffHour {
    /// Who.
    pub staff: OperatorId,
    /// The hour's beginning, UTC.
    pub hour: Timestamp,
    /// Look-ups and searches that began in it, whatever came of them; searches only when nothing was shown.
    pub look_ups: u64,
    /// Those that no visit followed that wasn't aborted.
    pub without_visit: u64,
    /// When a supervisor has noted that they have seen it.
    pub seen_at: Option<Timestamp>,
}

impl StaffHour {
    /// What stands for it in the access log.
    #[must_use]
    pub const fn subject(&self) -> Subject<'_> {
        Subject::StaffHour { staff: &self.staff, hour: self.hour }
    }
}

impl Store {
    /// The hours from `from` until before `until` in which a member of staff looked up more than `most` people without a visit
    /// that wasn't aborted, the newest first; at most 200. That a supervisor has seen one is an access to
    /// [`StaffHour::subject`]. As long as the visits of that time are on the list.
    ///
    /// # Errors
    /// What the database said.
    pub fn unusual_hours(
        &self,
        from: Timestamp,
        until: Timestamp,
        most: u64,
    ) -> Result<Vec<StaffHour>, StoreError> {
        self.read(|connection| {
            let mut hours = unusual(connection, from, until, most)?;
            if let Some(key) = known_key(connection)? {
                for hour in &mut hours {
                    hour.seen_at = first_access(connection, reference(&key, hour.subject())?)?;
                }
            }
            Ok(hours)
        })
    }
}

fn unusual(
    connection: &Connection,
    from: Timestamp,
    until: Timestamp,
    most: u64,
) -> Result<Vec<StaffHour>, StoreError> {
    let us = |duration: SignedDuration| i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
    connection
        .prepare_cached(
            "WITH looked AS (
                 SELECT a.staff, a.at_us - ((a.at_us % ?3) + ?3) % ?3 AS hour_us, count(*) AS look_ups
                 FROM access_log AS a LEFT JOIN access_log AS r ON r.result_of = a.seq
                 WHERE a.result_of IS NULL AND a.at_us >= ?1 AND a.at_us < ?2
                   AND (a.kind = 'look_up' OR (a.kind = 'visit_opened' AND r.result IN ('not_found', 'withheld')))
                 GROUP BY a.staff, hour_us),
             followed AS (
                 SELECT v.operator AS staff, j.at_us - ((j.at_us % ?3) + ?3) % ?3 AS hour_us, count(*) AS concerns
                 FROM visit AS v JOIN journal AS j USING (visit)
                 WHERE v.opened_at_us >= ?1 - ?4 AND v.opened_at_us < ?2 AND v.state <> 'aborted'
                   AND j.kind IN ('concern_opened', 'blocking_ordered')
                 GROUP BY v.operator, hour_us)
             SELECT staff, hour_us, look_ups, max(0, look_ups - coalesce(concerns, 0)) AS without_visit
             FROM looked LEFT JOIN followed USING (staff, hour_us)
             WHERE without_visit > ?5 ORDER BY hour_us DESC, staff LIMIT ?6",
        )?
        .query_and_then(
            (
                from.as_microsecond(),
                until.as_microsecond(),
                us(SignedDuration::from_hours(1)),
                us(LONGEST_VISIT),
                most,
                MAX_ALERTS,
            ),
            |found| {
                Ok(StaffHour {
                    staff: OperatorId::new(row::text(found, "staff")?)
                        .ok_or(StoreError::Malformed { what: "operator" })?,
                    hour: row::time(found, "hour_us")?,
                    look_ups: found.get("look_ups")?,
                    without_visit: found.get("without_visit")?,
                    seen_at: None,
                })
            },
        )?
        .collect()
}

fn first_access(connection: &Connection, subject: SubjectRef) -> Result<Option<Timestamp>, StoreError> {
    connection
        .prepare_cached("SELECT at_us FROM access_log WHERE subject = ?1 ORDER BY seq LIMIT 1")?
        .query_and_then([subject.0.as_slice()], |found| row::time(found, "at_us"))?
        .next()
        .transpose()
}
