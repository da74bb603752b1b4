//! What isn't kept for ever.

use std::sync::atomic::Ordering;

use jiff::ToSpan;

use crate::{
    database::{Transaction, params},
    problem::Problem,
    record, refusals, segments,
    service::Shared,
};

/// How long look-ups are logged.
const LOOKUPS_KEPT_MONTHS: i32 = 12;

/// Removes what has had its time, with the first heartbeat of a day; if that fails, with the next one.
pub(crate) fn once_a_day(shared: &Shared) {
    let today = i64::from(shared.today().year()) * 1000 + i64::from(shared.today().day_of_year());
    if shared.purged_on.swap(today, Ordering::SeqCst) == today {
        return;
    }
    if let Err(problem) = shared.transaction(|transaction| purge(transaction, shared)) {
        tracing::warn!("what has had its time is still there: {problem:?}");
        shared.purged_on.store(0, Ordering::SeqCst);
    }
}

/// Refusals after 90 days, look-ups and the entries of journals after twelve months.
fn purge(transaction: &Transaction<'_>, shared: &Shared) -> Result<(), Problem> {
    for path in refusals::purge(transaction, shared.now())? {
        record::erase(transaction, &path)?;
    }
    for path in segments::over(transaction, shared.today())? {
        record::erase(transaction, &path)?;
    }
    let kept_since = shared.today().checked_sub(LOOKUPS_KEPT_MONTHS.months()).map_err(anyhow::Error::from)?;
    let kept_since = shared.start_of(kept_since)?;
    transaction.execute("DELETE FROM lookups WHERE at < $1", params![kept_since])?;
    Ok(())
}
