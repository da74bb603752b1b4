//! "Code oder Gerät sperren": with little proof, by any clerk, at once.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// "Code oder Gerät sperren"
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BlockScreen {
    /// Where something is blocked at any hour, as on the letter.
    pub blocking_number: String,
    /// What was recorded just now; `None`: nothing yet.
    pub recorded: Option<BlockedView>,
}

/// Of whom something is blocked. No names: a masked number only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BlockedView {
    pub kvnr_masked: String,
    /// The service knew number, name and birth date; otherwise it could not be asked.
    pub confirmed: bool,
    pub blocking: BlockingView,
}

/// A blocking, in a list too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BlockingView {
    pub target: BlockingTarget,
    pub state: BlockingState,
}

/// What is blocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BlockingTarget {
    /// Every activation code that isn't redeemed yet.
    Codes,
    /// The person's app, and with it every code.
    App,
}

/// Whether it is blocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BlockingState {
    /// Recorded; it takes effect as soon as the service has it.
    Ordered,
    InForce,
    /// The service has refused it for good: nothing is blocked.
    Refused,
}
