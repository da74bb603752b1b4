//! The health card as the window shows it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::AppError;

/// What the reader holds while no visit is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum CardPane {
    /// Nothing to show beyond the status line's reader.
    Empty,
    /// The card is being read; the facts fill as they arrive. Can be cancelled.
    Reading { step: ReadStep, done: u32, total: u32, facts: CardFacts },
    /// Read, but no visit can begin with it (not insured here, for instance); the notice says why.
    Read { facts: CardFacts, warnings: Vec<CardWarning> },
    /// The card could not be read.
    Failed { error: AppError },
}

/// Which part of the card is read now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReadStep {
    Connecting,
    Version,
    CardNumber,
    Status,
    Person,
    Insurance,
    /// All is read; the account service is asked about the person.
    LookUp,
}

/// What is known of the card so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CardFacts {
    /// `G2`, `G2.1`, `G3`
    pub generation: Option<String>,
    /// Last six digits of the Kennnummer der Karte (ICCSN).
    pub card_number_tail: Option<String>,
    /// Day on which the card's data were last updated (`YYYY-MM-DD`).
    pub data_as_of: Option<String>,
    pub person: Option<CardPerson>,
    pub insurance: Option<CardInsurance>,
}

/// Who the card names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CardPerson {
    /// "Dr. med."
    pub title: Option<String>,
    pub given_names: String,
    /// Family name with Namenszusatz and Vorsatzwort in their order: "Graf von und zu Buntspecht".
    pub family_name: String,
    /// As on the card, `YYYY-MM-DD` with `00` for what is unknown.
    pub birth_date: String,
    /// First letter and last three digits: `K••••••781`.
    pub kvnr_masked: String,
}

/// What the card says of the insurance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CardInsurance {
    pub insurer: String,
    /// Institutionskennzeichen of the issuing insurer, nine digits.
    pub ik: String,
    pub valid_from: String,
    pub valid_until: Option<String>,
}

/// Something to know about a card that could be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "code", content = "params", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum CardWarning {
    /// StatusVD says that an update was not finished: the data may be inconsistent.
    TransactionOpen,
    /// The insurer has locked the health application (status 6283).
    ApplicationDeactivated,
    /// Insurance or card ended on this day.
    InsuranceEnded { date: String },
    /// Insurance begins on this day.
    InsuranceNotBegun { date: String },
    /// The data are older than the profile likes.
    DataOld { date: String },
    /// Day, or day and month, of birth are unknown to the register.
    BirthDateIncomplete,
}

/// What a card is that can't be read as a health card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CardKind {
    /// Heilberufsausweis
    Hba,
    /// Institutionskarte
    SmcB,
    /// Krankenversichertenkarte (until 2014)
    Kvk,
    /// eGK of generation 1 or 1+, no longer valid
    EgkG1,
    /// A passport, an identity card or a residence permit
    TravelDocument,
    Other,
}
