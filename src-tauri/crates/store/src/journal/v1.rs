//! Version 1 of the events' stored form: JSON, UTF-8.
//!
//! Frozen: what was written once is read for ten years, so nothing here may ever change, and no type of the rules is
//! part of it. A kind whose form has changed since is written in a later version beside this one and stays readable in both.
//! The moment stands in the row's header. Ids are hyphenated UUIDs (RFC 9562), dates ISO 8601.

mod from_rules;
mod health_card;
mod into_rules;
pub(super) mod parts;
pub(super) mod words;

use std::borrow::Cow;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use self::{
    parts::{Abort, Deed, Grant, Person, Register, Role, Subject},
    words::{
        BlockingTarget, Check, ChipCheck, ConsentForm, Face, Issuer, Level, Purpose, Receipt, Review, Void,
    },
};
use super::format::{Encoded, write};
use crate::StoreError;

/// Stands in the header of rows of this form.
pub(super) const VERSION: u32 = 1;

/// An event. The variants' names are stored.
#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Event<'a> {
    VisitOpened { visit: Uuid, operator: Cow<'a, str>, policy_version: Cow<'a, str> },
    PersonIntroduced { identification: Uuid, person: Person<'a>, role: Role<'a> },
    ConcernOpened { concern: Uuid, subject: Subject<'a>, register: Register },
    BlockingOrdered { concern: Uuid, subject: Subject<'a>, confirmed: bool, target: BlockingTarget },
    BlockingAccepted { concern: Uuid },
    BlockingRefused { concern: Uuid },
    CardNumberCompared { concern: Uuid },
    PossessionProven { concern: Uuid },
    PurposeChosen { concern: Uuid, purpose: Purpose, visit_number: Option<Cow<'a, str>> },
    RepresentationAccepted { concern: Uuid, deed: Deed<'a>, grant: Grant },
    ConcernRefused { concern: Uuid, reason: Cow<'a, str> },
    ConcernWithdrawn { concern: Uuid },
    DocumentPresented { identification: Uuid, document_type: Cow<'a, str>, issuer: Issuer },
    ChipAgreed { identification: Uuid, form: ConsentForm, wording: Cow<'a, str> },
    ChipRevoked { identification: Uuid },
    ChipRead { identification: Uuid, data: ChipCheck, copy: ChipCheck, name_agrees: bool, print_agrees: bool },
    DocumentChecked { identification: Uuid, check: Cow<'a, str>, answer: Check },
    NamesCompared { identification: Uuid, answer: Check },
    DocumentConfirmed { identification: Uuid },
    FaceCompared { identification: Uuid, answer: Face },
    SecondLookTaken { identification: Uuid, by: Cow<'a, str>, answer: Face, concerns: Vec<Uuid> },
    CodeGenerated { concern: Uuid, code: Uuid, reference: Cow<'a, str>, level: Level, valid_until: Date },
    CodePrinted { concern: Uuid, code: Uuid },
    CodeHandedOver { concern: Uuid, code: Uuid, receipt: Receipt },
    CodeVoided { concern: Uuid, code: Uuid, reason: Void },
    CodeAccepted { concern: Uuid, code: Uuid },
    CodeRefused { concern: Uuid, code: Uuid },
    VisitResumed { by: Cow<'a, str> },
    VisitTakenOver { by: Cow<'a, str> },
    VisitAborted { reason: Abort<'a> },
    // Braces, because serde forgives unknown parts of a variant without any.
    VisitEnded {},
    VisitReviewed { by: Cow<'a, str>, outcome: Review },
}

impl Event<'_> {
    /// The kind in the row's header, the same word as in the body.
    fn kind(&self) -> &'static str {
        match self {
            Self::VisitOpened { .. } => "visit_opened",
            Self::PersonIntroduced { .. } => "person_introduced",
            Self::ConcernOpened { .. } => "concern_opened",
            Self::BlockingOrdered { .. } => "blocking_ordered",
            Self::BlockingAccepted { .. } => "blocking_accepted",
            Self::BlockingRefused { .. } => "blocking_refused",
            Self::CardNumberCompared { .. } => "card_number_compared",
            Self::PossessionProven { .. } => "possession_proven",
            Self::PurposeChosen { .. } => "purpose_chosen",
            Self::RepresentationAccepted { .. } => "representation_accepted",
            Self::ConcernRefused { .. } => "concern_refused",
            Self::ConcernWithdrawn { .. } => "concern_withdrawn",
            Self::DocumentPresented { .. } => "document_presented",
            Self::ChipAgreed { .. } => "chip_agreed",
            Self::ChipRevoked { .. } => "chip_revoked",
            Self::ChipRead { .. } => "chip_read",
            Self::DocumentChecked { .. } => "document_checked",
            Self::NamesCompared { .. } => "names_compared",
            Self::DocumentConfirmed { .. } => "document_confirmed",
            Self::FaceCompared { .. } => "face_compared",
            Self::SecondLookTaken { .. } => "second_look_taken",
            Self::CodeGenerated { .. } => "code_generated",
            Self::CodePrinted { .. } => "code_printed",
            Self::CodeHandedOver { .. } => "code_handed_over",
            Self::CodeVoided { .. } => "code_voided",
            Self::CodeAccepted { .. } => "code_accepted",
            Self::CodeRefused { .. } => "code_refused",
            Self::VisitResumed { .. } => "visit_resumed",
            Self::VisitTakenOver { .. } => "visit_taken_over",
            Self::VisitAborted { .. } => "visit_aborted",
            Self::VisitEnded {} => "visit_ended",
            Self::VisitReviewed { .. } => "visit_reviewed",
        }
    }
}

/// Kind and body of an event of the rules; `None` for a kind that a newer version writes.
pub(super) fn encode(event: &identification::Event) -> Option<Encoded> {
    let event = Event::from_rules(event)?;
    Some(write(&event).map(|body| (event.kind(), body)))
}

/// The event in a body of this version.
pub(super) fn read<'a>(kind: &str, body: &'a [u8]) -> Result<Event<'a>, StoreError> {
    let event: Event<'_> = serde_json::from_slice(body).map_err(|_| MALFORMED)?;
    if event.kind() == kind { Ok(event) } else { Err(MALFORMED) }
}

/// The event of the rules in a body of this version, whose kind has no newer one.
pub(super) fn into_rules(event: Event<'_>) -> Result<identification::Event, StoreError> {
    event.into_rules().ok_or(MALFORMED)
}

const MALFORMED: StoreError = StoreError::Malformed { what: "event of version 1" };
