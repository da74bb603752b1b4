//! What was done: today's list, and the supervisor's page.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{CarerKind, CheckAnswer, FaceAnswer, Level, Purpose, RefusalReason, Text};

/// "Heute": the clerk's own visits of the day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TodayScreen {
    pub visits: Vec<VisitRow>,
}

/// "Besuche prüfen"
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReviewsScreen {
    /// Finished visits of this desk that no supervisor has looked at, oldest first, then the latest reviewed ones.
    pub visits: Vec<VisitRow>,
    pub selected: Option<ReviewedVisit>,
    /// What the account service won't take, or the desk can't send; oldest first.
    pub tasks: Vec<crate::TaskView>,
    /// Deletions whose proof doesn't hold, oldest first.
    pub erasures: Vec<crate::UnprovenErasure>,
    /// Unusual look-ups that no supervisor has seen yet, newest first.
    pub alerts: Vec<crate::AccessAlert>,
}

/// A visit as a row. No names: masked numbers only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VisitRow {
    pub id: String,
    /// RFC 3339
    pub opened_at: String,
    /// RFC 3339; `None`: not over.
    pub closed_at: Option<String>,
    /// Names of staff as the desk knows them.
    pub operator: String,
    pub second: Option<String>,
    /// Aborted or refused as a whole.
    pub aborted: bool,
    pub refused: Option<RefusalReason>,
    pub representative: bool,
    /// Personal data of it were wiped or erased.
    pub wiped: bool,
    pub concerns: Vec<ConcernSummary>,
    pub review: Option<ReviewOutcome>,
    /// `YYYY-MM-DD`: the day on which what is personal of it is deleted; `None`: not settled yet, or gone.
    pub delete_on: Option<String>,
    /// It is kept beyond that day.
    pub held: Option<crate::HoldView>,
    /// It is only still there because it is held: kept, not used. What is personal of it is left out, and opening it asks for
    /// a reason.
    pub restricted: bool,
    /// A code of it was given out without a line.
    pub offline: bool,
}

/// A concern in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConcernSummary {
    pub kvnr_masked: String,
    pub purpose: Option<Purpose>,
    pub refused: Option<RefusalReason>,
    /// Public reference of the latest code.
    pub reference: Option<String>,
    pub code: Option<CodeStanding>,
    /// It is about blocking something, and nothing else.
    pub blocking: Option<crate::BlockingView>,
}

/// Where a code stands, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CodeStanding {
    Printing,
    InTray,
    /// Handed over; the service hasn't answered yet.
    HandedOver,
    Active,
    Voided,
    Refused,
    Revoked,
    /// The service had taken it and has ended it since: it was blocked, or the person or their carer has left or died.
    Ended,
}

/// What was proven in a visit: what a supervisor judges.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReviewedVisit {
    pub row: VisitRow,
    pub carer: Option<CarerKind>,
    pub document: Option<Text>,
    pub checks: Vec<ReviewedCheck>,
    pub chip: Option<ReviewedChip>,
    pub names: Option<CheckAnswer>,
    pub face: Option<FaceAnswer>,
    pub second_answer: Option<FaceAnswer>,
    pub level: Level,
    /// Each accepted authority in words: court, file number, areas.
    pub authorities: Vec<crate::AuthorityView>,
    /// The one who looks may judge: a supervisor who took no part. Otherwise why not.
    pub judge: Judge,
}

/// Whether this supervisor may judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Judge {
    May,
    TookPart,
    /// A blocking: nobody was identified, nothing was given out.
    NotNeeded,
    Judged,
    NotOver,
}

/// What the document's chip proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReviewedChip {
    pub consent: crate::ConsentForm,
    /// The data are what the issuer has signed.
    pub data: ChipOutcome,
    /// The chip is no copy.
    pub copy: ChipOutcome,
    pub name_agrees: bool,
    pub print_agrees: bool,
}

/// The outcome of a proof, as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ChipOutcome {
    Valid,
    Invalid,
    NotVerifiable,
    NotSupported,
}

/// A check and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReviewedCheck {
    pub title: Text,
    pub answer: CheckAnswer,
}

/// A supervisor's judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReviewOutcome {
    Agree,
    FormalDefect,
    /// The codes are revoked.
    SubstantialDefect,
}
