//! What may be read of a document by machine, and when somebody last went over how documents are looked at.

use identification::{ChipRule, Reviews};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{CatalogueDocument, SettingsError};

/// Longest legal basis, in characters: it is named in a sentence, not quoted.
const MAX_LEGAL_BASIS: usize = 200;

/// A document whose chip may be read, for purposes and persons that the law names (§ 291 (7), (8) SGB V: the insured person's
/// own German identity card, passport or residence permit, or what another state has issued that serves in their place).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChipSettings {
    /// Id in the catalogue; one that is admitted and has a chip.
    pub document: String,
    /// On what the reading rests.
    pub legal_basis: String,
    /// The picture is read as well.
    pub face: bool,
}

/// A document whose machine-readable zone may be scanned.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScanSettings {
    /// Id in the catalogue; one that is admitted and has a zone.
    pub document: String,
    /// On what the scan rests.
    pub legal_basis: String,
}

/// When somebody last went over what the desk looks at.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewSettings {
    catalogue: Date,
    checklist: Date,
}

impl From<ReviewSettings> for Reviews {
    fn from(settings: ReviewSettings) -> Self {
        Self { catalogue: settings.catalogue, checklist: settings.checklist }
    }
}

/// The rule for this document's chip, if the profile admits that it is read.
pub(crate) fn chip_rule(chips: &[ChipSettings], document: &CatalogueDocument) -> Option<ChipRule> {
    let settings = chips.iter().find(|it| it.document == document.id)?;
    let (kind, face) = (document.chip()?, settings.face);
    Some(ChipRule { kind, legal_basis: settings.legal_basis.clone(), face })
}

/// Each line names an admitted document that has what is to be read, once, with a legal basis.
pub(crate) fn check(
    chips: &[ChipSettings],
    scans: &[ScanSettings],
    admitted: &[CatalogueDocument],
) -> Result<(), SettingsError> {
    let fits =
        |id: &str, has: fn(&CatalogueDocument) -> bool| admitted.iter().any(|it| it.id == id && has(it));
    let wrong_chip = chips.iter().find(|it| !fits(&it.document, |it| it.chip().is_some()));
    let wrong_scan = scans.iter().find(|it| !fits(&it.document, CatalogueDocument::has_zone));
    if let Some(wrong) = wrong_chip {
        return Err(SettingsError::Value { key: format!("chips.{}", wrong.document) });
    }
    if let Some(wrong) = wrong_scan {
        return Err(SettingsError::Value { key: format!("scans.{}", wrong.document) });
    }
    let rules = [
        ("chips.document", once_each(chips.iter().map(|it| &it.document))),
        ("chips.legal_basis", chips.iter().all(|it| is_basis(&it.legal_basis))),
        ("scans.document", once_each(scans.iter().map(|it| &it.document))),
        ("scans.legal_basis", scans.iter().all(|it| is_basis(&it.legal_basis))),
    ];
    match rules.into_iter().find(|(_, holds)| !holds) {
        Some((key, _)) => Err(SettingsError::Value { key: key.to_owned() }),
        None => Ok(()),
    }
}

fn is_basis(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= MAX_LEGAL_BASIS
}

/// Whether nothing is named twice: of two lines one would silently count for nothing.
pub(crate) fn once_each<T: PartialEq>(values: impl IntoIterator<Item = T>) -> bool {
    let mut seen = Vec::new();
    values.into_iter().all(|value| {
        let is_new = !seen.contains(&value);
        seen.push(value);
        is_new
    })
}
