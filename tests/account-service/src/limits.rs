//! How many look-ups a desk has: whoever asks for more is no clerk at a counter.

use jiff::{SignedDuration, Timestamp};

use crate::{
    database::{Transaction, params},
    problem::Problem,
};

/// The time that look-ups are counted over.
const WINDOW: SignedDuration = SignedDuration::from_secs(60);

/// Refuses one look-up more than `allowed` in a minute, with the time after which there is room again.
pub(crate) fn check(
    transaction: &Transaction<'_>,
    desk: &str,
    allowed: u32,
    now: Timestamp,
) -> Result<(), Problem> {
    let since = now.checked_sub(WINDOW).map_err(anyhow::Error::from)?;
    let asked = "SELECT count(*) AS asked, min(at) AS first FROM lookups WHERE desk = $1 AND at > $2";
    let (asked, first): (u32, Option<Timestamp>) =
        transaction
            .query_one(asked, params![desk, since], |row| Ok((row.get("asked")?, row.get("first")?)))?;
    if asked < allowed {
        return Ok(());
    }
    let seconds = first.map_or(WINDOW, |first| WINDOW - now.duration_since(first)).as_secs();
    // Rounded up, and never "at once".
    Err(Problem::RateLimited { seconds: u16::try_from(seconds + 1).unwrap_or(u16::MAX) })
}
