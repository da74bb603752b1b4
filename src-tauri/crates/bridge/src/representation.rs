//! A carer's visit: for whom they act, on what deed, and what follows.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{CardPane, PersonView, Purpose, RefusalReason};

/// "Für wen handelt Frau Albrecht?"
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RepresentationScreen {
    pub concerns: Vec<ConcernRow>,
    /// The concern whose proof is asked for now; the form for it is open.
    pub asking: Option<String>,
    /// What the reader does meanwhile: a card that is put in names the next person.
    pub card: CardPane,
    pub card_number: crate::CardNumberRule,
    /// At least one concern is possible and none waits for its proof.
    pub ready: bool,
}

/// One concern of the visit, as a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConcernRow {
    pub id: String,
    pub person: PersonView,
    /// The acting person's own concern.
    pub own: bool,
    pub purpose: Option<Purpose>,
    /// The authority in words: what was shown, or what is on file while it is asked for.
    pub authority: Option<AuthorityView>,
    pub state: ConcernRowState,
}

/// Where a concern stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum ConcernRowState {
    /// The proof, or one's own visit number, is missing.
    Incomplete,
    /// "möglich"
    Possible {
        /// The code works only after the back office's release.
        needs_release: bool,
    },
    /// "nicht möglich"
    Refused {
        reason: RefusalReason,
    },
    Withdrawn,
    /// Its code is in the person's hand.
    HandedOver,
    /// Its code became void or was refused by the service, and none replaces it.
    Failed,
}

/// A deed, as the register of representations or the form has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AuthorityView {
    pub court: String,
    pub file_number: String,
    /// `YYYY-MM-DD`
    pub issued_on: String,
    pub areas: Vec<Area>,
    /// A provisional order, with its last day (`YYYY-MM-DD`) if it names one.
    pub provisional: bool,
    pub provisional_until: Option<String>,
    /// In the insurer's register; `false`: a new deed.
    pub on_file: bool,
    /// `YYYY-MM-DD`: when the carer last confirmed it.
    pub confirmed_on: Option<String>,
    /// The declaration "Die Betreuung besteht unverändert" is needed: first use, or not confirmed for twelve months.
    pub declaration_needed: bool,
    /// How it was shown, once it was.
    pub seen_as: Option<SeenAs>,
}

/// Areas of a carer's duties (Aufgabenbereiche).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    Health,
    SocialBenefits,
    Authorities,
    Assets,
    Post,
    ElectronicCommunication,
    Other,
}

/// In what form a deed was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SeenAs {
    Original,
    CertifiedCopy,
    Copy,
}

/// What somebody shows for acting on another's behalf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProofKind {
    /// Betreuerausweis
    Deed,
    /// Betreuerausweis for a single matter (Ergänzungs-, Kontrollbetreuung)
    SingleMatterDeed,
    /// A note, a power to receive
    Errand,
    /// Emergency representation of a spouse (§ 1358 BGB)
    Spouse,
    Nothing,
}

/// Kinds of carers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CarerKind {
    /// berufliche Betreuerin, beruflicher Betreuer
    Professional,
    /// ehrenamtliche Betreuerin, ehrenamtlicher Betreuer
    Volunteer,
}

/// "Vier-Augen-Prüfung": what the second person looks at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SecondLookScreen {
    /// Everybody who may look: not the clerk.
    pub members: Vec<crate::Operator>,
    pub reasons: Vec<SecondLookReason>,
    /// The document in the person's hand.
    pub document: crate::Text,
    /// Deeds to look at.
    pub deeds: Vec<ConcernRow>,
}

/// Why two people look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SecondLookReason {
    Representation,
    /// A check or the names were unclear.
    DocumentUnclear,
    FaceDoubt,
    /// The profile asks for it with this purpose, or the account service does with this person.
    Required,
}
