//! What the signed profile says: the rules' numbers and lists, given to every decision.

mod reviews;

use jiff::{Span, ToSpan, civil::Date};

use crate::{Area, CardProofLevel, Level, Purpose};
pub use reviews::{ReviewDue, ReviewedPart, Reviews};

/// Everything that differs between insurers or over time.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Version of the profile, recorded with every visit.
    pub version: String,
    /// Institutionskennzeichen that count as "insured here", nine digits each.
    pub own_iks: Vec<String>,
    /// The purposes that this desk offers.
    pub purposes: Vec<PurposeRule>,
    /// The documents that are admitted.
    pub documents: Vec<DocumentRule>,
    /// Days that a code is valid, counted from the day of issue (1–30; a representative's
    /// at most 14); it ends with the last day.
    pub code_valid_days: u8,
    /// Minutes from the finished print until a code that nobody handed over is void.
    pub tray_minutes: u8,
    /// Areas of a carer's duties of which one is enough for access as a representative.
    pub areas_for_access: Vec<Area>,
    /// Months after which a carer declares anew that the care goes on unchanged.
    pub confirmation_months: u8,
    /// A complete checklist and a second person together reach the level high.
    pub second_look_reaches_high: bool,
    /// Minutes in which an interrupted visit can be resumed.
    pub resume_minutes: u8,
    /// The least that a health card must have proven to begin a concern; one that has proven less is as good as none,
    /// and the person's number is typed instead.
    pub health_card_proof: CardProofLevel,
    /// The Kennnummer on the back of the health card.
    pub card_number: CardNumberRule,
    /// The health card's PIN may be typed, at the reader's own pad and nowhere else.
    pub pin_at_reader: bool,
    /// When somebody last went over what the desk looks at.
    pub reviews: Reviews,
    /// What is still allowed without a line to the account service.
    pub offline: OfflineRule,
    /// How far the desk's clock may be off.
    pub clock: ClockRule,
    /// How long the desk keeps what it has recorded.
    pub retention: RetentionRule,
    /// What is unusual in the access log.
    pub access: AccessRule,
}

/// What is still allowed without a line to the account service, counted from the last contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfflineRule {
    /// Hours for which codes may be given out (at most 24).
    pub lease_hours: u8,
    /// Hours after which the desk is locked (at least as many, at most 72).
    pub delivery_hours: u8,
    /// Codes that may be given out (at most 20); 0: none, ever.
    pub codes: u8,
    /// Days that such a code is valid (1–7).
    pub valid_days: u8,
    /// Hours for which a member of staff may give them out, counted from the last contact while they were signed in here
    /// (at most 12).
    pub staff_hours: u8,
}

impl OfflineRule {
    /// The most that a profile may allow.
    pub const MOST: Self =
        Self { lease_hours: 24, delivery_hours: 72, codes: 20, valid_days: 7, staff_hours: 12 };
}

/// How far the desk's clock may be off the account service's, either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockRule {
    /// Beyond so many minutes (at most 5) somebody is told.
    pub warn_minutes: u8,
    /// Beyond so many (at least as many, at most 15) no code is given out.
    pub block_minutes: u8,
}

impl ClockRule {
    /// The most that a profile may allow.
    pub const MOST: Self = Self { warn_minutes: 5, block_minutes: 15 };
}

/// How long the desk keeps what it has recorded, once the account service has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetentionRule {
    /// Days for what is personal: records and their messages (at most 14).
    pub record_days: u8,
    /// Days for the journal's events (at most 14).
    pub audit_days: u8,
    /// Months for the log of who looked whom up (at most 12).
    pub access_log_months: u8,
}

impl RetentionRule {
    /// The most that a profile may allow.
    pub const MOST: Self = Self { record_days: 14, audit_days: 14, access_log_months: 12 };
}

/// What is unusual in the log of who looked whom up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccessRule {
    /// Look-ups of a member of staff in an hour that led to no finished visit, beyond which a supervisor is told (1–10).
    pub lookups_without_visit_per_hour: u8,
}

impl AccessRule {
    /// The most that a profile may allow: a visit takes 4 to 6 minutes, so that nobody mistypes or aborts more by chance.
    pub const MOST: Self = Self { lookups_without_visit_per_hour: 10 };
}

/// When the end of the Kennnummer der Karte is typed from the back of the health card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CardNumberRule {
    /// How many digits, from the end: 4–10, those that are the card's own (the ten before them name the issuer).
    pub digits: u8,
    /// When.
    pub ask: CardNumberAsk,
}

/// See [`CardNumberRule`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardNumberAsk {
    /// Never.
    Never,
    /// When the chip could not be read and the card is at hand; the account service compares it.
    WithoutChip,
    /// Also when the chip was read: the card's print and its chip must say the same.
    Always,
}

/// What a purpose asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurposeRule {
    /// The purpose.
    pub purpose: Purpose,
    /// The level that must be reached.
    pub level: Level,
    /// A second person always looks (Vier-Augen-Prüfung).
    pub second_look: bool,
    /// The clerk proves anew who they are before the print (step-up).
    pub step_up: bool,
}

impl PurposeRule {
    /// Whether it asks for the person's own health card with a genuine chip: services of the telematics infrastructure do
    /// (§ 336 (4) Nr. 3 SGB V: the identification covers the insured person and the card that was issued to them).
    #[must_use]
    pub const fn needs_health_card(&self) -> bool {
        matches!(self.purpose, Purpose::Epa)
    }

    /// Whether a second person looks: at an electronic health record whatever a profile says.
    #[must_use]
    pub const fn needs_second_look(&self) -> bool {
        self.second_look || matches!(self.purpose, Purpose::Epa)
    }

    /// Whether the chip of the insured person's document may be read for it at all (§ 291 (7), (8) with § 336 (4) SGB V).
    #[must_use]
    pub const fn admits_chip(&self) -> bool {
        matches!(self.purpose, Purpose::Epa)
    }
}

/// An admitted document type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentRule {
    /// Id in the catalogue: `reisepass-de-2017`.
    pub id: String,
    /// Who issued it, in the only detail that a record keeps.
    pub issuer: IssuerGroup,
    /// The best level that the document can reach.
    pub cap: Level,
    /// Months for which such a document is issued at most; `None`: it differs between issuers.
    pub longest_months: Option<u16>,
    /// Where its dates are read.
    pub dates: DatesOn,
    /// Its chip, if the profile admits that it is read.
    pub chip: Option<ChipRule>,
    /// Checks in the order of the hands.
    pub checks: Vec<CheckRule>,
}

/// Where a document's dates are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatesOn {
    /// In the machine-readable zone, each with its check digit.
    Zone,
    /// In print; there is no zone.
    Print {
        /// It may be valid without an end.
        unlimited: bool,
    },
}

/// What may be read of a document's chip, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChipRule {
    /// What the document says that it is.
    pub kind: ChipKind,
    /// The legal basis, in the profile's words.
    pub legal_basis: String,
    /// The picture is read as well.
    pub face: bool,
}

/// Kinds of travel documents (ICAO Doc 9303).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChipKind {
    /// Passport
    Passport,
    /// Identity card
    IdCard,
    /// Residence permit
    ResidencePermit,
}

/// Groups of issuing states: all that a record says of a foreign issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssuerGroup {
    /// Germany
    De,
    /// Another member state of the European Union
    Eu,
    /// Any other state
    Other,
}

/// One check of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckRule {
    /// Id in the catalogue: `uv`.
    pub id: String,
    /// Aids that the check makes use of.
    pub aids: Vec<Aid>,
    /// The best level once a second person has settled what was unclear here: names and dates that rest on the person's own
    /// word (§ 78 (1) AufenthG) never become certain.
    pub settled: Level,
}

/// What helps the eye.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aid {
    /// Tilting in the light
    Tilt,
    /// Ultraviolet lamp
    Ultraviolet,
    /// Magnifier
    Magnifier,
    /// Feeling with a finger
    Touch,
}

impl DocumentRule {
    /// The last day on which such a document can expire, if it was issued today.
    #[must_use]
    pub fn latest_expiry(&self, today: Date) -> Option<Date> {
        self.longest_months.map(|months| today.saturating_add(i64::from(months).months()))
    }
}

impl Policy {
    /// The rule of a purpose, if this desk offers it.
    #[must_use]
    pub fn purpose(&self, purpose: Purpose) -> Option<&PurposeRule> {
        self.purposes.iter().find(|rule| rule.purpose == purpose)
    }

    /// The rule of a document type, if it is admitted.
    #[must_use]
    pub fn document(&self, id: &str) -> Option<&DocumentRule> {
        self.documents.iter().find(|rule| rule.id == id)
    }

    /// The last day of a code that is given out on `day`.
    #[must_use]
    pub fn valid_until(&self, day: Date) -> Date {
        day.saturating_add(i64::from(self.code_valid_days).days())
    }

    /// How long an interrupted visit can be resumed.
    #[must_use]
    pub fn resume_time(&self) -> Span {
        i64::from(self.resume_minutes).minutes()
    }

    /// How long a printed code waits for its hand-over.
    #[must_use]
    pub fn tray_time(&self) -> Span {
        i64::from(self.tray_minutes).minutes()
    }
}
