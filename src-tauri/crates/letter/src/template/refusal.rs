use std::collections::BTreeMap;

use serde::Deserialize;

use super::{TemplateError, check_list, check_texts, check_version, parse};

/// Most reasons: the decision table has about forty.
const MAX_REASONS: usize = 64;
/// Longest code of a reason.
const MAX_CODE: usize = 40;

/// Wording of the confirmation of a refusal, version 1 (`assets/letters/refusal@1.toml`): what every such
/// sheet says, and the reasons by their code.
///
/// Placeholders: those of every sheet (`{insurer}`, `{place}`, `{code_name}`, `{service_phone}`,
/// `{service_hours}`, `{blocking_phone}`), `{recipient}` and `{date}`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefusalTemplate {
    version: u32,
    pub(crate) handling_note: String,
    pub(crate) date_label: String,
    pub(crate) desk_label: String,
    pub(crate) heading: String,
    pub(crate) salutation: String,
    pub(crate) opening: String,
    pub(crate) purpose_label: String,
    pub(crate) represented_label: String,
    pub(crate) reason_heading: String,
    pub(crate) next_heading: String,
    pub(crate) ways_for_yourself: String,
    pub(crate) ways_for_insured_person: String,
    pub(crate) ways: Vec<String>,
    pub(crate) complaint_heading: String,
    pub(crate) complaint: String,
    pub(crate) closing: String,
    pub(crate) reasons: BTreeMap<String, Reason>,
}

/// One reason and what can be done about it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reason {
    pub(crate) reason: String,
    pub(crate) next: String,
    /// Whom the other ways of proving an identity would help; absent where they would help nobody.
    pub(crate) ways: Option<WaysFor>,
}

/// Who could prove their identity in another way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WaysFor {
    /// The person at the desk, unless they act for somebody.
    Yourself,
    /// The insured person, who isn't at the desk.
    InsuredPerson,
}

impl RefusalTemplate {
    const VERSION: u32 = 1;
    const PLACEHOLDERS: [&str; 2] = ["recipient", "date"];

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
            ("heading", &template.heading),
            ("salutation", &template.salutation),
            ("opening", &template.opening),
            ("purpose_label", &template.purpose_label),
            ("represented_label", &template.represented_label),
            ("reason_heading", &template.reason_heading),
            ("next_heading", &template.next_heading),
            ("ways_for_yourself", &template.ways_for_yourself),
            ("ways_for_insured_person", &template.ways_for_insured_person),
            ("complaint_heading", &template.complaint_heading),
            ("complaint", &template.complaint),
            ("closing", &template.closing),
        ];
        check_texts(&texts, &Self::PLACEHOLDERS)?;
        check_list("ways", &template.ways, &Self::PLACEHOLDERS)?;
        if template.reasons.is_empty() || template.reasons.len() > MAX_REASONS {
            return Err(TemplateError::Length("reasons".to_owned()));
        }
        for (code, Reason { reason, next, ways: _ }) in &template.reasons {
            if !is_code(code) {
                return Err(TemplateError::Code(code.clone()));
            }
            let [reason_name, next_name] = ["reason", "next"].map(|text| format!("reasons.{code}.{text}"));
            check_texts(&[(&reason_name, reason), (&next_name, next)], &Self::PLACEHOLDERS)?;
        }
        Ok(template)
    }

    /// The codes for which there is a reason, in alphabetical order.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.reasons.keys().map(String::as_str)
    }
}

/// Words of lower-case ASCII letters, joined by underscores.
fn is_code(code: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase());
    code.len() <= MAX_CODE && code.split('_').all(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../../../assets/letters/refusal@1.toml");

    fn error(from: &str, to: &str) -> TemplateError {
        assert!(SHIPPED.contains(from), "{from}");
        RefusalTemplate::parse(&SHIPPED.replace(from, to)).unwrap_err()
    }

    #[test]
    fn a_mistake_in_a_reason_is_named_with_its_code() {
        let expected = TemplateError::Placeholder {
            text: "reasons.pickup_by_third_party.reason".to_owned(),
            placeholder: "code".to_owned(),
        };
        assert_eq!(error("Den {code_name} dürfen", "Den {code} dürfen"), expected);
        let next = "Bitte geben Sie diese Nachricht weiter.";
        assert_eq!(error(next, ""), TemplateError::Length("reasons.pickup_by_third_party.next".to_owned()));
    }

    #[test]
    fn codes_are_snake_case_and_not_endless() {
        let long = "a".repeat(MAX_CODE + 1);
        for code in ["Level_too_low", "level-too-low", "level__too_low", "_level", "\"\"", &long] {
            let refused = error("reasons.level_too_low", &format!("reasons.{code}"));
            assert_eq!(refused, TemplateError::Code(code.replace('"', "")));
        }
    }

    #[test]
    fn reasons_are_needed_and_counted() {
        let (before, _) = SHIPPED.split_once("[reasons.").unwrap();
        let length = TemplateError::Length("reasons".to_owned());
        assert_eq!(RefusalTemplate::parse(&format!("{before}[reasons]")).unwrap_err(), length);
        let many: String = ('a'..='z')
            .flat_map(|a| {
                ('a'..='c').map(move |b| format!("[reasons.{a}{b}]\nreason = \"x\"\nnext = \"x\"\n"))
            })
            .collect();
        assert_eq!(RefusalTemplate::parse(&format!("{before}{many}")).unwrap_err(), length);
    }

    #[test]
    fn a_way_for_nobody_we_know_is_refused() {
        let refused = error("ways = \"yourself\"", "ways = \"spouse\"");
        assert!(matches!(refused, TemplateError::Syntax(_)), "{refused}");
    }
}
