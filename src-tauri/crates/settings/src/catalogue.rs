//! The catalogue of documents: how each is looked at, and the best level it can reach.

use identification::{Aid, CheckRule, ChipKind, ChipRule, DatesOn, DocumentRule, IssuerGroup, Level};
use serde::Deserialize;

use crate::{SettingsError, profile::LevelName};

/// Documents that come with the program.
pub(crate) const SHIPPED: [&str; 15] = [
    include_str!("../../../../assets/documents/reisepass-de-2017.toml"),
    include_str!("../../../../assets/documents/personalausweis-de-2021.toml"),
    include_str!("../../../../assets/documents/personalausweis-de-2010.toml"),
    include_str!("../../../../assets/documents/aufenthaltstitel-de-2011.toml"),
    include_str!("../../../../assets/documents/reisepass-eu.toml"),
    include_str!("../../../../assets/documents/identitaetskarte-eu-2021.toml"),
    include_str!("../../../../assets/documents/reisepass-andere.toml"),
    include_str!("../../../../assets/documents/identitaetskarte-andere.toml"),
    include_str!("../../../../assets/documents/vorlaeufiger-personalausweis-de.toml"),
    include_str!("../../../../assets/documents/ersatz-personalausweis-de.toml"),
    include_str!("../../../../assets/documents/vorlaeufiger-reisepass-de.toml"),
    include_str!("../../../../assets/documents/reiseausweis-de.toml"),
    include_str!("../../../../assets/documents/fuehrerschein-de-2013.toml"),
    include_str!("../../../../assets/documents/fuehrerschein-eu.toml"),
    include_str!("../../../../assets/documents/schwerbehindertenausweis-de.toml"),
];

/// Most checks that one document can have; the clerk has minutes, not hours.
const MAX_CHECKS: usize = 12;

/// Months for which a document can be issued; none has a date of expiry that is further away.
const MONTHS: std::ops::RangeInclusive<u16> = 1..=180;

/// A document type.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogueDocument {
    /// `reisepass-de-2017`
    pub id: String,
    /// What the clerk reads.
    pub label: LocalText,
    issuer: IssuerName,
    cap: LevelName,
    /// Months for which it is issued at most.
    longest_months: Option<u16>,
    /// What its chip says that it is; without one, `None`.
    chip: Option<ChipName>,
    /// Where its dates are read.
    #[serde(default)]
    dates: DatesName,
    /// It may be valid without an end.
    #[serde(default)]
    unlimited: bool,
    /// The document's number is looked at, as far as its check character goes, and forgotten.
    pub number: Option<NumberForm>,
    /// Checks in the order of the hands.
    pub checks: Vec<CatalogueCheck>,
}

/// One check.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogueCheck {
    /// `uv`
    pub id: String,
    /// What to look at.
    pub title: LocalText,
    /// What to see.
    pub hint: LocalText,
    aids: Vec<AidName>,
    /// The best level once a second person has settled what was unclear here.
    #[serde(default = "highest")]
    settled: LevelName,
}

const fn highest() -> LevelName {
    LevelName::High
}

/// Numbers that have a check character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberForm {
    /// Of a German driving licence (field 5).
    DrivingLicence,
}

/// A text in both languages.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalText {
    /// German
    pub de: String,
    /// English
    pub en: String,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum IssuerName {
    De,
    Eu,
    Other,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ChipName {
    Passport,
    IdCard,
    ResidencePermit,
}

impl From<ChipName> for ChipKind {
    fn from(name: ChipName) -> Self {
        match name {
            ChipName::Passport => Self::Passport,
            ChipName::IdCard => Self::IdCard,
            ChipName::ResidencePermit => Self::ResidencePermit,
        }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum DatesName {
    #[default]
    Zone,
    Print,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum AidName {
    Tilt,
    Ultraviolet,
    Magnifier,
    Touch,
}

impl CatalogueDocument {
    /// What its chip says that it is; `None`: it has none, or none that is opened here.
    #[must_use]
    pub fn chip(&self) -> Option<ChipKind> {
        self.chip.map(ChipKind::from)
    }

    /// Whether it has a machine-readable zone.
    #[must_use]
    pub fn has_zone(&self) -> bool {
        self.dates == DatesName::Zone
    }

    pub(crate) fn rule(&self, chip: Option<ChipRule>) -> DocumentRule {
        DocumentRule {
            id: self.id.clone(),
            issuer: match self.issuer {
                IssuerName::De => IssuerGroup::De,
                IssuerName::Eu => IssuerGroup::Eu,
                IssuerName::Other => IssuerGroup::Other,
            },
            cap: self.cap.into(),
            longest_months: self.longest_months,
            dates: match self.dates {
                DatesName::Zone => DatesOn::Zone,
                DatesName::Print => DatesOn::Print { unlimited: self.unlimited },
            },
            chip,
            checks: self.checks.iter().map(CatalogueCheck::rule).collect(),
        }
    }
}

impl CatalogueDocument {
    pub(crate) fn check(&self) -> Result<(), SettingsError> {
        let rules = [
            ("checks", (1..=MAX_CHECKS).contains(&self.checks.len())),
            ("longest_months", self.longest_months.is_none_or(|it| MONTHS.contains(&it))),
            ("chip", self.chip.is_none() || self.has_zone()),
            // What never ends was never renewed: it reaches the lowest level only (BSI TR-03147, A1.7-1).
            ("unlimited", !self.unlimited || !self.has_zone() && Level::from(self.cap) == Level::Normal),
        ];
        match rules.into_iter().find(|(_, holds)| !holds) {
            Some((key, _)) => Err(SettingsError::Value { key: format!("{}.{key}", self.id) }),
            None => Ok(()),
        }
    }
}

impl CatalogueCheck {
    fn rule(&self) -> CheckRule {
        let aid = |name: &AidName| match name {
            AidName::Tilt => Aid::Tilt,
            AidName::Ultraviolet => Aid::Ultraviolet,
            AidName::Magnifier => Aid::Magnifier,
            AidName::Touch => Aid::Touch,
        };
        let aids = self.aids.iter().map(aid).collect();
        CheckRule { id: self.id.clone(), aids, settled: self.settled.into() }
    }
}

/// The shipped document with this id.
pub(crate) fn shipped(id: &str) -> Result<CatalogueDocument, SettingsError> {
    for text in SHIPPED {
        let document: CatalogueDocument = crate::parse(text, "document catalogue")?;
        if document.id == id {
            document.check()?;
            return Ok(document);
        }
    }
    Err(SettingsError::Value { key: format!("documents.{id}") })
}
