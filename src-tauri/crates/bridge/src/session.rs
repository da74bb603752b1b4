//! Who works at the desk: signing in, locking, going on after an interruption.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Somebody who may sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Operator {
    /// Pseudonymous id in the insurer's directory.
    pub id: String,
    pub initials: String,
    pub name: String,
    pub role: Role,
}

/// The role somebody works in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Kundenberatung
    Clerk,
    /// Teamleitung
    Supervisor,
}

/// "Wer arbeitet an diesem Platz?"
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SignInScreen {
    pub members: Vec<Operator>,
}

/// The desk is locked (Strg+L); the visit stays, nothing of it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LockedScreen {
    /// Who locked it: preselected.
    pub operator: Operator,
    /// Everybody who may unlock: while a visit is open, its clerk and supervisors (who then take it over).
    pub members: Vec<Operator>,
    pub visit_open: bool,
    /// "Im Drucker liegt noch ein Aktivierungsschreiben."
    pub sheet_in_tray: bool,
}

/// A visit that the program's end interrupted, and that this clerk can go on with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct InterruptedVisit {
    /// RFC 3339
    pub opened_at: String,
    /// RFC 3339: after that it is wiped.
    pub resumable_until: String,
    /// A code of it became void with the interruption: the sheet must be destroyed.
    pub code_voided: bool,
}
