//! What the desk asks supervisors to look at besides visits: deletions that aren't confirmed, and unusual look-ups.

use bridge::{AccessAlert, AppError, UnprovenErasure, input::AccessAlertId};
use identification::Policy;
use jiff::Timestamp;
use store::{AccessKind, AccessReason, AccessResult, StaffHour, Store, StoreError};

use crate::{
    controller::{Controller, Window},
    outside,
    upkeep::days,
};

/// What waits, as of the last look.
#[derive(Debug, Default)]
pub(crate) struct Care {
    /// Deletions whose proof was tried again and doesn't hold: when, and when tried last; oldest first.
    pub(crate) erasures: Vec<(Timestamp, Timestamp)>,
    /// Unusual hours that nobody has seen yet, newest first.
    pub(crate) alerts: Vec<StaffHour>,
}

impl Care {
    /// What `store` knows at `now`.
    pub(crate) fn of(store: &Store, policy: &Policy, now: Timestamp) -> Result<Self, StoreError> {
        let unproven = store.unproven_runs()?.into_iter();
        let tried = unproven.filter_map(|(run, proof)| Some((run.at, proof?.at)));
        // The first try is the run's own; it fails now and then because somebody still reads the old pages.
        let tried_again = tried.filter(|(at, tried)| tried > at);
        // As long as the visits are still on the list: what was looked up for them counts as used.
        let from = now.checked_sub(days(policy.retention.audit_days)).unwrap_or(now);
        let most = policy.access.lookups_without_visit_per_hour.into();
        let unusual = store.unusual_hours(from, now, most)?.into_iter();
        Ok(Self {
            erasures: tried_again.collect(),
            alerts: unusual.filter(|hour| hour.seen_at.is_none()).collect(),
        })
    }

    /// How much that is.
    pub(crate) fn count(&self) -> usize {
        self.erasures.len() + self.alerts.len()
    }

    pub(crate) fn erasure_views(&self) -> Vec<UnprovenErasure> {
        let views = self.erasures.iter();
        views.map(|(at, tried)| UnprovenErasure { at: at.to_string(), tried_at: tried.to_string() }).collect()
    }

    pub(crate) fn alert_views(&self, name_of: impl Fn(&StaffHour) -> String) -> Vec<AccessAlert> {
        let count = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let views = self.alerts.iter().map(|hour| AccessAlert {
            staff_id: hour.staff.as_str().to_owned(),
            staff: name_of(hour),
            hour: hour.hour.to_string(),
            look_ups: count(hour.look_ups),
            without_visit: count(hour.without_visit),
        });
        views.collect()
    }
}

impl<W: Window> Controller<W> {
    /// Looks anew what waits.
    pub(crate) fn look_after(&mut self) {
        match Care::of(&self.desk.store, &self.policy, outside::now().timestamp()) {
            Ok(care) => self.state.care = care,
            Err(error) => tracing::error!(%error, "what waits for a supervisor is unknown"),
        }
    }

    /// A supervisor has seen an unusual hour of somebody else; that stays in the access log.
    pub(crate) fn close_access_alert(&mut self, input: &AccessAlertId) -> Result<(), AppError> {
        let by = self.supervisor()?.id;
        let is_it =
            |it: &&StaffHour| it.staff.as_str() == input.staff_id && it.hour.to_string() == input.hour;
        let alert = self.state.care.alerts.iter().find(is_it).ok_or(AppError::NotNow)?.clone();
        if alert.staff == by {
            return Err(AppError::SeparationOfDuties);
        }
        let access = self.note_access(alert.subject(), AccessReason::Review, AccessKind::Report)?;
        self.note_result(access, AccessResult::Shown)?;
        self.look_again()
    }
}

#[cfg(test)]
pub(crate) mod tests;
