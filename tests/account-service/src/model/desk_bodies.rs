//! The bodies of requests about a desk itself, and of what else it delivers.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{
    AnyUuid, AppVersion, CertificateRequest, Count, FormatVersion, Hash, Id, JournalKind, Kvnr, NotNegative,
    Operator, Positive, RefusalReason, SafeNumber,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Renewal {
    pub(crate) csr: CertificateRequest,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Heartbeat {
    pub(crate) app_version: AppVersion,
    pub(crate) policy_serial: NotNegative,
    pub(crate) waiting: Count,
    pub(crate) refused: Count,
    pub(crate) desk_time: Timestamp,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refusal {
    pub(crate) kvnr: Kvnr,
    pub(crate) operator: Operator,
    pub(crate) at: Timestamp,
    pub(crate) reason: RefusalReason,
}

/// What is to be blocked.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum BlockingTarget {
    /// Codes that nobody has redeemed yet.
    Codes,
    /// Those and what was opened by others.
    App,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Blocking {
    pub(crate) kvnr: Kvnr,
    pub(crate) operator: Operator,
    pub(crate) at: Timestamp,
    pub(crate) target: BlockingTarget,
}

/// A stretch of a desk's journal.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Segment {
    pub(crate) day: Date,
    pub(crate) from_seq: Positive,
    pub(crate) until_seq: Positive,
    pub(crate) prev_hash: Hash,
    pub(crate) entries: Vec<JournalEntry>,
    pub(crate) hash: Hash,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct JournalEntry {
    pub(crate) event_id: AnyUuid,
    pub(crate) visit: AnyUuid,
    pub(crate) scope_kind: ScopeKind,
    pub(crate) scope_id: AnyUuid,
    pub(crate) kind: JournalKind,
    pub(crate) version: FormatVersion,
    pub(crate) at_us: SafeNumber,
    pub(crate) body_hash: Hash,
}

/// Under whose key an event's content is sealed.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ScopeKind {
    Visit,
    Identification,
    Concern,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct ReadingNotices {
    pub(crate) registration_id: Id,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Objection {
    pub(crate) registration_id: Id,
    pub(crate) notice_id: Id,
}
