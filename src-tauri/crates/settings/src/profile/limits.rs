//! What is still allowed without a line, how far the clock may be off, how long records are kept: numbers that a profile may
//! set, each within what the program allows at most.

use identification::{AccessRule, ClockRule, OfflineRule, RetentionRule};
use serde::{Deserialize, Serialize};

/// The access log proves who looked at whom; less than this no auditor would find anything in it.
const LEAST_ACCESS_LOG_MONTHS: u8 = 6;

/// What is still allowed without a line to the account service, counted from the last contact.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfflineSettings {
    /// Hours for which codes may be given out: 1–24
    pub lease_hours: u8,
    /// Hours after which the desk is locked: at least `lease_hours`, at most 72
    pub delivery_hours: u8,
    /// Codes that may be given out: 0–20
    pub codes: u8,
    /// Days that such a code is valid: 1–7
    pub valid_days: u8,
    /// Hours for which a member of staff may give them out after they were here with a line: 1–12
    pub staff_hours: u8,
}

/// How far the desk's clock may be off the account service's.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockSettings {
    /// Beyond so many minutes somebody is told: 1–5
    pub warn_minutes: u8,
    /// Beyond so many no code is given out: at least `warn_minutes`, at most 15
    pub block_minutes: u8,
}

/// How long the desk keeps what it has recorded, once the account service has it.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionSettings {
    /// Days for what is personal: 1–14
    pub record_days: u8,
    /// Days for the journal's events: 1–14
    pub audit_days: u8,
    /// Months for the log of who looked whom up: 6–12
    pub access_log_months: u8,
}

/// What is unusual in the log of who looked whom up.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessSettings {
    /// Look-ups of a member of staff in an hour that led to no finished visit, beyond which a supervisor is told: 1–10
    pub lookups_without_visit_per_hour: u8,
}

impl From<OfflineSettings> for OfflineRule {
    fn from(settings: OfflineSettings) -> Self {
        let OfflineSettings { lease_hours, delivery_hours, codes, valid_days, staff_hours } = settings;
        Self { lease_hours, delivery_hours, codes, valid_days, staff_hours }
    }
}

impl From<ClockSettings> for ClockRule {
    fn from(settings: ClockSettings) -> Self {
        let ClockSettings { warn_minutes, block_minutes } = settings;
        Self { warn_minutes, block_minutes }
    }
}

impl From<RetentionSettings> for RetentionRule {
    fn from(settings: RetentionSettings) -> Self {
        let RetentionSettings { record_days, audit_days, access_log_months } = settings;
        Self { record_days, audit_days, access_log_months }
    }
}

impl From<AccessSettings> for AccessRule {
    fn from(settings: AccessSettings) -> Self {
        let AccessSettings { lookups_without_visit_per_hour } = settings;
        Self { lookups_without_visit_per_hour }
    }
}

/// Each key, and whether its value is within its limits.
pub(super) fn rules(
    offline: OfflineSettings,
    clock: ClockSettings,
    retention: RetentionSettings,
    access: AccessSettings,
) -> [(&'static str, bool); 11] {
    let within = |least: u8, value: u8, most: u8| (least..=most).contains(&value);
    let most = (OfflineRule::MOST, ClockRule::MOST, RetentionRule::MOST);
    [
        ("offline.lease_hours", within(1, offline.lease_hours, most.0.lease_hours)),
        (
            "offline.delivery_hours",
            within(offline.lease_hours, offline.delivery_hours, most.0.delivery_hours),
        ),
        ("offline.codes", within(0, offline.codes, most.0.codes)),
        ("offline.valid_days", within(1, offline.valid_days, most.0.valid_days)),
        ("offline.staff_hours", within(1, offline.staff_hours, most.0.staff_hours)),
        ("clock.warn_minutes", within(1, clock.warn_minutes, most.1.warn_minutes)),
        ("clock.block_minutes", within(clock.warn_minutes, clock.block_minutes, most.1.block_minutes)),
        ("retention.record_days", within(1, retention.record_days, most.2.record_days)),
        ("retention.audit_days", within(1, retention.audit_days, most.2.audit_days)),
        (
            "retention.access_log_months",
            within(LEAST_ACCESS_LOG_MONTHS, retention.access_log_months, most.2.access_log_months),
        ),
        (
            "access.lookups_without_visit_per_hour",
            within(1, access.lookups_without_visit_per_hour, AccessRule::MOST.lookups_without_visit_per_hour),
        ),
    ]
}
