//! What a desk does to protect somebody: refuse, block.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Confidential, ReviewedCode};

/// Somebody was not identified: for 90 days, every desk is told to look twice, not why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusalRecord {
    /// Krankenversichertennummer in whose name somebody came.
    pub kvnr: Confidential,
    /// Who refused: short pseudonymous id.
    pub operator: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: RefusalReason,
}

/// Why somebody was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RefusalReason {
    /// It could not be established who they are.
    IdentityNotEstablished,
    /// The document was not genuine.
    DocumentNotGenuine,
    /// The deed did not prove the authority.
    AuthorityNotProven,
}

/// The insured person wants something blocked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BlockingRecord {
    /// Krankenversichertennummer.
    pub kvnr: Confidential,
    /// Who blocked: short pseudonymous id.
    pub operator: String,
    /// When.
    pub at: Timestamp,
    /// What.
    pub target: BlockingTarget,
}

/// What is blocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BlockingTarget {
    /// All codes that open the person's data.
    Codes,
    /// The person's app.
    App,
}

/// Answer to a refusal.
#[derive(Deserialize)]
pub(crate) struct Accepted {
    pub(crate) id: Uuid,
}

/// Answer to a record that changes codes: a review, a blocking.
#[derive(Deserialize)]
pub(crate) struct AcceptedWithCodes {
    pub(crate) id: Uuid,
    pub(crate) codes: Vec<ReviewedCode>,
}
