//! The line to the account service and the desk's clock: what is still allowed when neither can be relied upon.

use jiff::{SignedDuration, Timestamp};

use crate::{ClockRule, Policy};

/// What the desk knows of its line at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// The service answers.
    pub connected: bool,
    /// When it last answered, by the desk's clock; `None`: never.
    pub contact: Option<Timestamp>,
    /// When it last answered while whoever works here now was signed in here; `None`: never, or nobody works here.
    pub staff_contact: Option<Timestamp>,
    /// The service's clock minus the desk's, measured at a contact; `None`: never.
    pub offset: Option<SignedDuration>,
    /// The desk's clock was set back, and the service hasn't confirmed the time since.
    pub stepped_back: bool,
    /// Codes that were given out without a line since the last contact, void ones included.
    pub offline_codes: u32,
}

/// What a desk may do, as far as its line decides it; the later, the less.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Everything.
    Connected,
    /// Codes for insured people with their health card.
    Offline {
        /// The first moment at which it isn't so any more.
        until: Timestamp,
        /// How many more.
        codes_left: u32,
    },
    /// No new codes; what was done is delivered when the line is back.
    DeliveryOnly {
        /// The first moment at which it isn't so any more.
        until: Timestamp,
    },
    /// Nothing, until the line is back.
    Locked,
}

/// The desk's clock beside the service's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockState {
    /// As far as anybody knows.
    Right,
    /// So far off (the service's minus the desk's) that somebody should look.
    Off(SignedDuration),
    /// So far off that no code is given out.
    Wrong(SignedDuration),
    /// It was set back: nobody knows how late it is.
    SteppedBack,
}

/// What can't be done without a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OfflineObstacle {
    /// Representatives: the register of representations can't be asked.
    #[error("the register of representations can not be asked")]
    Representation,
    /// The purpose needs more than [`crate::Level::Substantial`].
    #[error("the purpose needs too high a level")]
    Level,
    /// That somebody is insured here shows only their health card: read, genuine and valid.
    #[error("a valid health card is needed")]
    HealthCard,
    /// As many codes as may wait for the line were given out.
    #[error("too many codes wait for the line")]
    Codes,
    /// The line has been gone for too long.
    #[error("no codes any more")]
    Lease,
    /// Whoever works here wasn't signed in here while there was a line, or too long ago.
    #[error("the member of staff was not here with a line lately")]
    Staff,
}

impl Line {
    /// What the desk may do at `now`.
    #[must_use]
    pub fn standing(&self, now: Timestamp, policy: &Policy) -> Standing {
        if self.connected {
            return Standing::Connected;
        }
        let Some(contact) = self.contact else { return Standing::Locked };
        let rule = &policy.offline;
        let after = |hours: u8| contact.saturating_add(SignedDuration::from_hours(i64::from(hours)));
        // A moment that can't be named is long over.
        let until = after(rule.lease_hours).unwrap_or(contact);
        if now < until && self.clock(now, policy) != ClockState::SteppedBack {
            let codes_left = u32::from(rule.codes).saturating_sub(self.offline_codes);
            return Standing::Offline { until, codes_left };
        }
        let until = after(rule.delivery_hours).unwrap_or(contact);
        if now < until { Standing::DeliveryOnly { until } } else { Standing::Locked }
    }

    /// Whether whoever works here was here with a line lately enough to give out codes without one at `now`.
    #[must_use]
    pub fn knows_staff(&self, now: Timestamp, policy: &Policy) -> bool {
        let hours = SignedDuration::from_hours(i64::from(policy.offline.staff_hours));
        // A moment that can't be named is long over.
        self.staff_contact.and_then(|at| at.checked_add(hours).ok()).is_some_and(|until| now < until)
    }

    /// How far the desk's clock can be relied upon at `now`.
    #[must_use]
    pub fn clock(&self, now: Timestamp, policy: &Policy) -> ClockState {
        let ClockRule { warn_minutes, block_minutes } = policy.clock;
        let minutes = |minutes: u8| SignedDuration::from_mins(i64::from(minutes));
        // Before the last contact: set back while the program didn't run. A small correction is none.
        let before = self.contact.is_some_and(|at| at.duration_since(now) > minutes(warn_minutes));
        let beyond = |offset: SignedDuration, limit| offset > minutes(limit) || offset < -minutes(limit);
        match self.offset {
            _ if self.stepped_back || before => ClockState::SteppedBack,
            Some(offset) if beyond(offset, block_minutes) => ClockState::Wrong(offset),
            Some(offset) if beyond(offset, warn_minutes) => ClockState::Off(offset),
            Some(_) | None => ClockState::Right,
        }
    }
}
