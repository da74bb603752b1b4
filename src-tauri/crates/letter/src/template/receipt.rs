use serde::Deserialize;

use super::{TemplateError, check_list, check_texts, check_version, parse};
use crate::TakesEffect;

/// Wording of the hand-over receipt, version 1 (`assets/letters/receipt@1.toml`).
///
/// Placeholders: those of every sheet (`{insurer}`, `{place}`, `{code_name}`, `{service_phone}`,
/// `{service_hours}`, `{blocking_phone}`), `{date}` and `{valid_until}`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptTemplate {
    version: u32,
    pub(crate) heading: String,
    pub(crate) copies: [String; 2],
    pub(crate) reference_label: String,
    pub(crate) purpose_label: String,
    pub(crate) recipient_label: String,
    pub(crate) document_label: String,
    pub(crate) role_label: String,
    pub(crate) subject_label: String,
    pub(crate) authority_label: String,
    pub(crate) staff_label: String,
    pub(crate) statement: String,
    pub(crate) explained: Vec<String>,
    awaiting_transmission: String,
    awaiting_release: String,
    pub(crate) place_and_date: String,
    pub(crate) signature: String,
    pub(crate) privacy: String,
}

impl ReceiptTemplate {
    const VERSION: u32 = 1;
    const PLACEHOLDERS: [&str; 2] = ["date", "valid_until"];

    /// Parses and checks a template file.
    ///
    /// # Errors
    /// [`TemplateError`] says what is wrong and where.
    pub fn parse(file: &str) -> Result<Self, TemplateError> {
        let template: Self = parse(file)?;
        check_version(template.version, Self::VERSION)?;
        let texts = [
            ("heading", &template.heading),
            ("reference_label", &template.reference_label),
            ("purpose_label", &template.purpose_label),
            ("recipient_label", &template.recipient_label),
            ("document_label", &template.document_label),
            ("role_label", &template.role_label),
            ("subject_label", &template.subject_label),
            ("authority_label", &template.authority_label),
            ("staff_label", &template.staff_label),
            ("statement", &template.statement),
            ("awaiting_transmission", &template.awaiting_transmission),
            ("awaiting_release", &template.awaiting_release),
            ("place_and_date", &template.place_and_date),
            ("signature", &template.signature),
            ("privacy", &template.privacy),
        ];
        check_texts(&texts, &Self::PLACEHOLDERS)?;
        check_list("copies", &template.copies, &Self::PLACEHOLDERS)?;
        check_list("explained", &template.explained, &Self::PLACEHOLDERS)?;
        Ok(template)
    }

    /// What is said of a code that doesn't work yet.
    pub(crate) const fn not_yet(&self, takes_effect: TakesEffect) -> Option<&str> {
        match takes_effect {
            TakesEffect::AtOnce => None,
            TakesEffect::AfterTransmission => Some(self.awaiting_transmission.as_str()),
            TakesEffect::AfterRelease => Some(self.awaiting_release.as_str()),
        }
    }
}
