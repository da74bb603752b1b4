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
    /// A health card lies on the contactless reader: the six digits (CAN) on its front are asked for.
    NeedsCan { digits: u32, wrong: bool },
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
    /// Over the air: from the card access number to a protected channel (PACE).
    SecureChannel,
    CardNumber,
    /// The chip answers a challenge.
    Chip,
    Status,
    Person,
    Insurance,
    /// The cardholder's certificate is compared with what was read.
    Certificate,
    /// All is read; the account service is asked about the person.
    LookUp,
}

/// What is known of the card so far.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
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
    /// `None` until both proofs are made.
    pub authenticity: Option<CardAuthenticity>,
}

/// What was proven of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CardAuthenticity {
    /// How much is proven, all in all.
    pub level: CardProofLevel,
    /// The chip holds the key of its certificate, which the telematics infrastructure vouches for, and which is this
    /// card's.
    pub chip: CardCheck,
    /// The cardholder's certificate is of a trusted issuer and names the person and the insurer that were read.
    pub certificate: CardCheck,
}

/// How much a card has proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CardProofLevel {
    /// Read only: nothing is proven.
    Read,
    /// The data are the issuer's.
    Certificate,
    /// The chip is genuine.
    Chip,
}

/// The outcome of one proof, and why it isn't valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "result", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum CardCheck {
    Valid,
    /// The card isn't what it says.
    Invalid {
        reason: CardCheckReason,
    },
    /// It could not be tried to its end; the card may be genuine.
    NotVerifiable {
        reason: CardCheckReason,
    },
    /// The card has nothing to prove it with.
    NotSupported {
        reason: CardCheckReason,
    },
}

/// Why a proof isn't valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CardCheckReason {
    NotAsked,
    /// The card has no such certificate.
    NoCertificate,
    /// This desk has no authority of this kind to trust.
    NoTrustStore,
    Malformed,
    /// Issued by nobody whom this desk trusts.
    UnknownIssuer,
    /// A card for tests at a desk that takes none.
    TestCard,
    /// A signature is wrong.
    Signature,
    NotYetValid,
    Expired,
    /// The certificate is for something else.
    WrongUse,
    /// It belongs to another card.
    OtherCard,
    /// It names another insured person.
    OtherPerson,
    /// It names another insurer.
    OtherInsurer,
    /// The chip's answer to the challenge is wrong.
    ChallengeFailed,
    /// The card refused a step.
    Refused,
}

/// A health card's state, all in one view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CardState {
    /// `G2`, `G2.1`, `G3`
    pub generation: String,
    /// Day on which the data were last updated.
    pub data_as_of: Option<String>,
    pub valid_from: Option<String>,
    pub valid_until: Option<String>,
    /// The insurance, or a card for a limited time, ended before today.
    pub expired: bool,
    /// The insurer has locked the health application.
    pub locked: bool,
    /// An update was interrupted: the data may contradict itself.
    pub transaction_open: bool,
    /// The card can be read over the air; unknown if nobody asked it.
    pub contactless: Option<bool>,
}

/// When the end of the Kennnummer der Karte is typed from the card's back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CardNumberRule {
    /// How many digits, from the end.
    pub digits: u32,
    pub ask: CardNumberAsk,
}

/// See [`CardNumberRule`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CardNumberAsk {
    Never,
    /// When the chip could not be read.
    WithoutChip,
    /// Also when it was.
    Always,
}

/// The PIN of the health card, typed at the reader's own pad.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum PinStep {
    /// Whoever wants to can type it.
    Offered,
    /// The card is asked in what state its PIN is.
    Asking,
    /// The reader asks for the PIN. Nobody can call it back there but the person, at the pad.
    AtReader {
        /// Wrong ones until it is blocked, this try included.
        tries_left: u32,
    },
    /// One try is left, and nothing was asked for: the person decides.
    LastTry,
    /// It proved nothing.
    Failed { problem: PinProblem },
}

/// Why a PIN proved nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "what", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum PinProblem {
    /// It was wrong, and can be typed so many times more.
    Wrong { tries_left: u32 },
    /// Nobody typed in time, or the person cancelled at the reader. No try was spent.
    NotTyped,
    /// Too many wrong ones, now or before.
    Blocked,
    /// The PIN of the insurer's letter was never replaced by one of the person's own.
    TransportPin,
    /// No PIN was ever set.
    Empty,
    /// The PIN is switched off.
    Disabled,
    /// The card can't sign so: one of generation 2.
    NotSupported,
    /// The reader has no pad, or the card lies on a contactless one.
    NoPinPad,
    /// Another card is in the reader now.
    OtherCard,
    /// What the card signed isn't by the key of its certificate.
    NotGenuine,
    /// Card or reader failed.
    Card { error: AppError },
}

/// Who the card names.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
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

impl std::fmt::Debug for CardFacts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CardFacts(…)")
    }
}

impl std::fmt::Debug for CardPerson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CardPerson(…)")
    }
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
