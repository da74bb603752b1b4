//! What the window sends: one type a command that carries anything.
//!
//! Commands without an input: `snapshot` (the current [`crate::Snapshot`]), `cancel_reading`, `read_again`,
//! `go_back`, `confirm_document` (the checklist is complete, on to the face), `sign_and_print`, `discard_code`
//! (the sheet is unusable), `abort_visit`, `finish_visit`.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{CheckAnswer, FaceAnswer, Purpose};

/// `choose_concern`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConcernInput {
    pub purpose: Purpose,
    /// Besuchsnummer as typed.
    pub visit_number: String,
}

/// `enter_document`: sent when the type changes or a date field has its seven digits.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DocumentInput {
    pub document_type: String,
    /// `YYMMDD` and check digit from the machine-readable zone, blanks allowed; `None`: not typed yet.
    pub birth_date: Option<String>,
    pub expiry_date: Option<String>,
}

impl std::fmt::Debug for DocumentInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DocumentInput").field("document_type", &self.document_type).finish_non_exhaustive()
    }
}

/// `answer_check`: `check` is a check's id, or `name` for the comparison of names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckInput {
    pub check: String,
    pub answer: CheckAnswer,
}

/// `answer_face`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FaceInput {
    pub answer: FaceAnswer,
}

/// `hand_over`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HandOverInput {
    /// Last four characters of the public reference, read off the sheet.
    pub reference_tail: String,
    pub receipt: Receipt,
    pub document_returned: bool,
    pub health_card_returned: bool,
}

/// How the receipt was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Receipt {
    Signed,
    /// With a mark, before a witness.
    MarkAndWitness,
}
