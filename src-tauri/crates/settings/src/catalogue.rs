//! The catalogue of documents: how each is looked at, and the best level it can reach.

use identification::{Aid, CheckRule, DocumentRule, IssuerGroup};
use serde::Deserialize;

use crate::{SettingsError, profile::LevelName};

const SHIPPED: [&str; 8] = [
    include_str!("../../../../assets/documents/reisepass-de-2017.toml"),
    include_str!("../../../../assets/documents/personalausweis-de-2021.toml"),
    include_str!("../../../../assets/documents/personalausweis-de-2010.toml"),
    include_str!("../../../../assets/documents/aufenthaltstitel-de-2011.toml"),
    include_str!("../../../../assets/documents/reisepass-eu.toml"),
    include_str!("../../../../assets/documents/identitaetskarte-eu-2021.toml"),
    include_str!("../../../../assets/documents/reisepass-andere.toml"),
    include_str!("../../../../assets/documents/vorlaeufiger-personalausweis-de.toml"),
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
enum AidName {
    Tilt,
    Ultraviolet,
    Magnifier,
    Touch,
}

impl CatalogueDocument {
    pub(crate) fn rule(&self) -> DocumentRule {
        DocumentRule {
            id: self.id.clone(),
            issuer: match self.issuer {
                IssuerName::De => IssuerGroup::De,
                IssuerName::Eu => IssuerGroup::Eu,
                IssuerName::Other => IssuerGroup::Other,
            },
            cap: self.cap.into(),
            longest_months: self.longest_months,
            checks: self.checks.iter().map(CatalogueCheck::rule).collect(),
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
        CheckRule { id: self.id.clone(), aids: self.aids.iter().map(aid).collect() }
    }
}

/// The shipped document with this id.
pub(crate) fn shipped(id: &str) -> Result<CatalogueDocument, SettingsError> {
    for text in SHIPPED {
        let document: CatalogueDocument = crate::parse(text, "document catalogue")?;
        if document.id == id {
            let wrong = [
                ("checks", !(1..=MAX_CHECKS).contains(&document.checks.len())),
                ("longest_months", document.longest_months.is_some_and(|it| !MONTHS.contains(&it))),
            ];
            return match wrong.into_iter().find(|(_, is_so)| *is_so) {
                None => Ok(document),
                Some((key, _)) => Err(SettingsError::Value { key: format!("{id}.{key}") }),
            };
        }
    }
    Err(SettingsError::Value { key: format!("documents.{id}") })
}
