//! How the desk stands: its line to the account service, its clock, what keeps it from working, whence its settings come.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{AppError, VisitRow};

/// What can be done at the moment, as far as the line to the account service decides it. Instants are RFC 3339.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum LineView {
    /// Not asked yet.
    Unknown,
    /// Everything.
    Connected,
    /// Codes for insured people with their health card, at most so many and until then; they take effect when they are
    /// delivered.
    Offline { since: String, until: String, codes_left: u32 },
    /// No new codes; what was done is delivered when the line is back.
    DeliveryOnly { since: String, until: String },
    /// Nothing, until the line is back.
    Locked { since: String },
}

/// The desk's clock beside the account service's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum ClockView {
    Right,
    /// So many minutes ahead (positive) or behind: worth an administrator's look.
    Off {
        minutes: i32,
    },
    /// Too far off to give out codes.
    Wrong {
        minutes: i32,
    },
    /// It was set back: no codes until the service has confirmed the time.
    SteppedBack,
}

/// Why line or clock allow no new code just now, by who comes; `None`: nothing that they know of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Obstacles {
    /// An insured person with their health card: if this is set, nobody gets one.
    pub with_card: Option<AppError>,
    /// An insured person who tells their number.
    pub by_number: Option<AppError>,
    pub as_representative: Option<AppError>,
}

/// What was deleted isn't confirmed to be gone: the proof was tried and doesn't hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UnprovenErasure {
    /// When it was deleted; RFC 3339.
    pub at: String,
    /// When the proof was tried last; RFC 3339.
    pub tried_at: String,
}

/// An hour in which a member of staff looked up more people without a visit than the insurer's policy thinks usual. Says nothing
/// of whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AccessAlert {
    /// For `close_access_alert`.
    pub staff_id: String,
    /// Name of the member of staff as the desk knows it.
    pub staff: String,
    /// The hour's beginning; RFC 3339.
    pub hour: String,
    /// Look-ups and searches.
    pub look_ups: u32,
    /// Those that led to no visit.
    pub without_visit: u32,
}

/// The program can't work with its records; nothing of them is deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryScreen {
    pub cause: RecoveryCause,
    /// Messages in the damaged records that the account service doesn't have; `None`: it can't be said.
    pub undelivered: Option<u32>,
    /// Where those were written, sealed to the insurer.
    pub exported_to: Option<String>,
    /// Begin with empty records: offered when the old ones lie aside.
    pub can_begin_anew: bool,
}

/// Why the records can't be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum RecoveryCause {
    /// Damaged, and moved aside whole.
    Quarantined {
        folder: String,
    },
    /// The file is gone although the desk was in use.
    Missing,
    /// The keyring's key is another one than the records were made with.
    WrongKey,
    /// There are records, but the keyring has no key for them.
    KeyLost,
    /// The keyring doesn't open: nobody is signed in to it, or it refuses.
    KeyringLocked,
    /// A newer version of the program has written them.
    NewerProgram {
        found: u32,
        known: u32,
    },
    /// Another program holds them.
    InUse,
    /// File or folder can't be written.
    ReadOnly,
    DiskFull,
    /// They couldn't be brought to this version's form; the copy of before lies there.
    NotUpgraded {
        backup: String,
    },
}

/// The insurer has taken this desk out of service: keys and personal data are gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WipedScreen {
    /// Why.
    pub cause: WipeCause,
    /// The file with what hadn't been delivered, sealed to the insurer; `None`: there was nothing.
    pub sealed_records: Option<String>,
}

/// Who took it out of service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WipeCause {
    /// Its certificate was revoked.
    Revoked,
    /// The insurer told it to wipe itself.
    Ordered,
}

/// Something that a supervisor has to look after: what the service won't take, or the desk can't send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TaskView {
    pub id: String,
    /// RFC 3339
    pub since: String,
    pub what: TaskSubject,
    pub why: TaskReason,
    /// Public reference of the code, where there is one.
    pub reference: Option<String>,
    /// The visit; opens with `open_review`.
    pub visit: Option<String>,
}

/// What couldn't be delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TaskSubject {
    Identification,
    /// On what authority somebody acts for a cared-for person.
    Representation,
    /// The code is void; the sheet doesn't serve.
    Code,
    HandOver,
    Void,
    Review,
    Refusal,
    /// Somebody wanted something blocked, and it isn't.
    Blocking,
    /// A piece of the journal.
    Segment,
    Other,
}

/// Why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum TaskReason {
    /// The service refused it for good, with that code of the contract.
    Refused { problem: String },
    /// The desk can't read it any more.
    Unreadable,
}

/// "Besuch suchen": one visit by the reference on its sheet. A reason comes before the result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SearchScreen {
    /// What was asked for last.
    pub reference: Option<String>,
    /// `None` although something was asked for: nothing here has that reference.
    pub found: Option<VisitRow>,
}

/// Why somebody looks at what is recorded about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AccessReason {
    /// The person asks.
    Inquiry,
    Complaint,
    /// Art. 15 GDPR
    DataAccess,
    /// Something recorded is wrong.
    Correction,
}

/// A visit that isn't deleted although its time is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HoldView {
    /// RFC 3339
    pub since: String,
    /// Name of the member of staff as the desk knows it.
    pub by: String,
    pub reason: HoldReason,
}

/// Why it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HoldReason {
    Complaint,
    Investigation,
    LegalProceedings,
    /// A supervisory authority or the police asked for it.
    Authority,
    /// The person wants it kept (Art. 18 GDPR).
    Restriction,
}

/// "Über diesen Platz": what is set, and who says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AboutScreen {
    /// The insurer's signed bundle, if one is in force.
    pub bundle: Option<BundleView>,
    pub values: Vec<SettingView>,
    /// When the account service countersigned the journal last; RFC 3339.
    pub journal_confirmed: Option<String>,
    /// Last day of the desk's certificate, `YYYY-MM-DD`.
    pub certificate_until: Option<String>,
}

/// A signed policy bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BundleView {
    pub serial: u32,
    /// RFC 3339
    pub issued_at: String,
}

/// A value and its provenance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SettingView {
    /// Dotted: `code.valid_days`.
    pub key: String,
    pub value: String,
    pub source: SettingSource,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum SettingSource {
    /// With the program.
    Shipped,
    /// From the insurer's signed bundle.
    Signed { serial: u32 },
    /// From the administrator's file, which may only tighten.
    Managed { file: String },
}
