use serde::Deserialize;

use super::{TemplateError, check_list, check_texts, check_version, parse};
use crate::TakesEffect;

/// Wording of the activation letter, version 1 (`assets/letters/activation@1.toml`).
///
/// Placeholders: those of every sheet (`{insurer}`, `{place}`, `{code_name}`, `{service_phone}`,
/// `{service_hours}`, `{blocking_phone}`), `{valid_until}` and `{subject}`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivationTemplate {
    version: u32,
    pub(crate) handling_note: String,
    pub(crate) date_label: String,
    pub(crate) desk_label: String,
    pub(crate) reference_label: String,
    pub(crate) heading: String,
    pub(crate) valid_until: String,
    pub(crate) for_self: String,
    pub(crate) for_represented: String,
    awaiting_transmission: String,
    awaiting_release: String,
    pub(crate) steps_heading: String,
    pub(crate) warning: Vec<String>,
    pub(crate) help: Vec<String>,
    purposes: Purposes,
}

/// What a code is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The insured person's app becomes active.
    AppActivation,
    /// The insured person's electronic health record (elektronische Patientenakte, ePA) opens in their app, which
    /// may be active already.
    Epa,
    /// A representative's access to the account of somebody else.
    RepresentativeAccess,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Purposes {
    app_activation: PurposeWords,
    epa: PurposeWords,
    representative_access: PurposeWords,
}

/// What a code is for, in words, and what to do with it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PurposeWords {
    pub(crate) name: String,
    pub(crate) steps: Vec<String>,
}

impl ActivationTemplate {
    const VERSION: u32 = 1;
    const PLACEHOLDERS: [&str; 2] = ["valid_until", "subject"];

    /// Parses and checks a template file.
    ///
    /// # Errors
    /// [`TemplateError`] says what is wrong and where.
    pub fn parse(file: &str) -> Result<Self, TemplateError> {
        let template: Self = parse(file)?;
        check_version(template.version, Self::VERSION)?;
        let texts = [
            ("handling_note", &template.handling_note),
            ("date_label", &template.date_label),
            ("desk_label", &template.desk_label),
            ("reference_label", &template.reference_label),
            ("heading", &template.heading),
            ("valid_until", &template.valid_until),
            ("for_self", &template.for_self),
            ("for_represented", &template.for_represented),
            ("awaiting_transmission", &template.awaiting_transmission),
            ("awaiting_release", &template.awaiting_release),
            ("steps_heading", &template.steps_heading),
        ];
        check_texts(&texts, &Self::PLACEHOLDERS)?;
        check_list("warning", &template.warning, &Self::PLACEHOLDERS)?;
        check_list("help", &template.help, &Self::PLACEHOLDERS)?;
        for (code, purpose) in [
            ("app_activation", Purpose::AppActivation),
            ("epa", Purpose::Epa),
            ("representative_access", Purpose::RepresentativeAccess),
        ] {
            let PurposeWords { name, steps } = template.purpose(purpose);
            check_texts(&[(&format!("purposes.{code}.name"), name)], &Self::PLACEHOLDERS)?;
            check_list(&format!("purposes.{code}.steps"), steps, &Self::PLACEHOLDERS)?;
        }
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

    pub(crate) const fn purpose(&self, purpose: Purpose) -> &PurposeWords {
        match purpose {
            Purpose::AppActivation => &self.purposes.app_activation,
            Purpose::Epa => &self.purposes.epa,
            Purpose::RepresentativeAccess => &self.purposes.representative_access,
        }
    }
}
