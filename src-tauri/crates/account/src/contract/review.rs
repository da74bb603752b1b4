//! Reviews of identifications by a supervisor.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::CodeState;

/// A supervisor has looked at an identification again.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReviewRecord {
    /// The identification.
    pub identification_id: Uuid,
    /// Who reviewed: neither its operator nor its second operator.
    pub reviewer: String,
    /// What they found.
    pub outcome: ReviewOutcome,
    /// When.
    pub reviewed_at: Timestamp,
}

/// What a review found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReviewOutcome {
    /// Nothing to object to.
    Agree,
    /// A formal defect; the identification stands.
    FormalDefect,
    /// The identification doesn't stand: every code that rests on it is revoked, redeemed ones too.
    SubstantialDefect,
}

/// A code that a review or a blocking concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct ReviewedCode {
    /// The code.
    pub id: Uuid,
    /// Its state right after it.
    pub state: CodeState,
}
