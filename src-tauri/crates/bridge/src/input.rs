//! What the window sends: one type a command that carries anything.
//!
//! Commands without an input: `snapshot` (the current [`crate::Snapshot`]), `sign_out`, `lock`, `resume_visit`,
//! `discard_interrupted`, `cancel_reading`, `read_again`, `confirm_concerns` (on to the document), `go_back`,
//! `confirm_document` (the checklist is complete, on to the face), `discard_code` (the sheet is unusable), `abort_visit`,
//! `decline_chip` (rather by eye), `print_chip_consent`, `cancel_chip`, `revoke_chip` (the person takes their agreement back),
//! `refuse_visit` (end it with the refusal that was shown), `finish_visit`, `show_today`, `show_reviews`, `show_start`.
//! `show_search` (a visit by its reference), `show_block`, `show_about`; on the recovery screen `try_again`, `export_undelivered`, `begin_anew`.
//! With an id alone: `withdraw_concern`, `print_refusal` ([`ConcernId`]), `release_hold` ([`VisitId`]),
//! `close_task` ([`TaskId`]).

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use zeroize::Zeroize;

use crate::{
    AccessReason, Area, BlockingTarget, CheckAnswer, ChipKey, ConsentForm, FaceAnswer, HoldReason, ProofKind,
    Purpose, ReviewOutcome, SeenAs,
};

/// A PIN or a card access number on its way from the window: tells nothing, wiped by whoever takes it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretInput(pub String);

impl Drop for SecretInput {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl std::fmt::Debug for SecretInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretInput(…)")
    }
}

/// `sign_in`, `unlock`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignInInput {
    pub staff: String,
    #[ts(type = "string")]
    pub pin: SecretInput,
}

/// `enter_can`
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CanInput {
    /// Six digits from the front of the health card.
    #[ts(type = "string")]
    pub can: SecretInput,
}

impl std::fmt::Debug for CanInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CanInput(…)")
    }
}

/// `prove_with_pin`: the reader asks for the PIN of the health card that is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PinEntryInput {
    /// One try is left, the person was told, and wants it.
    pub last_try: bool,
}

/// `begin_with_number`: an insured person without a card; `add_person`: the next person that a carer acts for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PersonInput {
    pub kvnr: String,
    pub family_name: String,
    pub given_names: String,
    /// `TT.MM.JJJJ`
    pub birth_date: String,
    /// The person at the desk themselves; always for `begin_with_number`.
    pub own: bool,
    /// The end of the Kennnummer on the card's back, if the card is at hand and its chip can't be read.
    pub card_number_tail: Option<String>,
}

impl std::fmt::Debug for PersonInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PersonInput(…)")
    }
}

/// `block`: whose codes or app, with little proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BlockInput {
    pub person: PersonInput,
    pub target: BlockingTarget,
}

/// `begin_as_carer`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CarerInput {
    /// Vertreternummer as typed.
    pub number: String,
}

/// `present_proof`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProofInput {
    pub concern: String,
    pub proof: ProofKind,
    /// For the two kinds of deeds.
    pub deed: Option<DeedInput>,
}

/// A deed, as looked at.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeedInput {
    pub court: String,
    pub file_number: String,
    /// `TT.MM.JJJJ`
    pub issued_on: String,
    pub areas: Vec<Area>,
    pub provisional: bool,
    /// `TT.MM.JJJJ`, if the deed names an end.
    pub provisional_until: Option<String>,
    pub seen_as: SeenAs,
    /// The deed names the person at the desk and this insured person.
    pub names_agree: bool,
    /// "Die Betreuung besteht unverändert" is signed.
    pub declared_unchanged: bool,
}

impl std::fmt::Debug for DeedInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DeedInput(…)")
    }
}

/// `withdraw_concern`, `print_refusal`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ConcernId {
    pub concern: String,
}

/// `open_review`: a visit that is only kept still asks for a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OpenInput {
    pub visit: String,
    pub reason: Option<AccessReason>,
}

/// `close_access_alert`: a supervisor has seen it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccessAlertId {
    pub staff_id: String,
    pub hour: String,
}

/// A visit by its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct VisitId {
    pub visit: String,
}

/// `review`: the supervisor proves anew who they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReviewInput {
    pub visit: String,
    pub outcome: ReviewOutcome,
    #[ts(type = "string")]
    pub pin: SecretInput,
}

/// `second_look`: another member of staff, at the same desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SecondLookInput {
    pub staff: String,
    #[ts(type = "string")]
    pub pin: SecretInput,
    pub answer: FaceAnswer,
}

/// `sign_and_print`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SignInput {
    /// Where the summary asks for it.
    #[ts(type = "string | null")]
    pub pin: Option<SecretInput>,
}

/// `choose_concern`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConcernInput {
    pub concern: String,
    pub purpose: Purpose,
    /// Besuchsnummer as typed.
    pub visit_number: String,
    /// The end of the Kennnummer on the card's back, where it is asked for.
    pub card_number_tail: Option<String>,
}

/// `enter_document`: sent when the type changes or a date field has its seven digits.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DocumentInput {
    pub document_type: String,
    /// `YYMMDD` and check digit from the machine-readable zone, blanks allowed, or as it is printed, `TT.MM.JJJJ`; `None`: not
    /// typed yet.
    pub birth_date: Option<String>,
    pub expiry_date: Option<String>,
    /// Printed dates: the document says that it is valid without an end.
    pub unlimited: bool,
    /// Where a number's check character is looked at.
    #[ts(type = "string | null")]
    pub number: Option<SecretInput>,
}

impl std::fmt::Debug for DocumentInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DocumentInput").field("document_type", &self.document_type).finish_non_exhaustive()
    }
}

/// `agree_to_chip`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ChipConsentInput {
    pub form: ConsentForm,
    /// The wording that was shown.
    pub wording: String,
}

/// `open_chip`
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ChipKeyInput {
    pub key: ChipKey,
    #[ts(type = "string")]
    pub value: SecretInput,
}

impl std::fmt::Debug for ChipKeyInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChipKeyInput").field("key", &self.key).finish_non_exhaustive()
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
    /// Document and cards are back in the person's hand.
    pub returned: bool,
}

/// How the receipt was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Receipt {
    Signed,
    /// With a mark, before a witness.
    MarkAndWitness,
}

/// `hold_visit`: what is personal of a visit is kept although its time is over (supervisors).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HoldInput {
    pub visit: String,
    pub reason: HoldReason,
}

/// `find_visit`: by the public reference on a sheet, `A-XXXXXXXXXX`; logged with its reason before anything is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FindInput {
    pub reference: String,
    pub reason: AccessReason,
}

/// A supervisor's task by its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TaskId {
    pub task: String,
}
