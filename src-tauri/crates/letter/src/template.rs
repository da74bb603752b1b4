//! The wording of the sheets: a TOML file per sheet and version, so that insurers differ by file and not by
//! program.
//!
//! A text may hold placeholders in braces and `**semi-bold**` stretches. Everything is checked when the file
//! is parsed: what parses can be printed.

mod activation;
mod chip_consent;
mod receipt;
mod refusal;

use serde::Deserialize;

pub(crate) use self::refusal::{Reason, WaysFor};
pub use self::{
    activation::{ActivationTemplate, Purpose},
    chip_consent::{ChipConsentTemplate, ConsentValues, LocalText},
    receipt::ReceiptTemplate,
    refusal::RefusalTemplate,
};
use crate::wording::Values;

/// Largest template file: the longest of ours, with its reasons, has 7 kB.
const MAX_FILE: usize = 16 * 1024;
/// Longest text: a paragraph of six lines.
const MAX_TEXT: usize = 600;
/// Most steps or statements: more of them don't fit the sheet.
const MAX_LIST: usize = 6;

/// Why a template can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// Not the TOML that the template's version asks for; the parser's words with line and column.
    #[error("template: {0}")]
    Syntax(String),
    /// A version that this program doesn't know.
    #[error("template version {0} is not known")]
    Version(u32),
    /// A text is empty or too long, or a list has too few or too many.
    #[error("template: {0} is empty or too long")]
    Length(String),
    /// A placeholder in braces that the sheet doesn't have.
    #[error("template: {text} has the unknown placeholder {{{placeholder}}}")]
    Placeholder {
        /// Name of the text.
        text: String,
        /// The placeholder without its braces.
        placeholder: String,
    },
    /// A brace without its partner, or `**` that isn't closed.
    #[error("template: {0} has an unpaired brace or **")]
    Unpaired(String),
    /// A reason's code that isn't snake_case or too long.
    #[error("template: {0:?} is not the code of a reason")]
    Code(String),
}

fn parse<'a, T: Deserialize<'a>>(file: &'a str) -> Result<T, TemplateError> {
    if file.len() > MAX_FILE {
        return Err(TemplateError::Length("file".to_owned()));
    }
    T::deserialize(toml::Deserializer::parse(file).map_err(|e| TemplateError::Syntax(e.to_string()))?)
        .map_err(|e| TemplateError::Syntax(e.to_string()))
}

const fn check_version(version: u32, known: u32) -> Result<(), TemplateError> {
    if version == known { Ok(()) } else { Err(TemplateError::Version(version)) }
}

/// Checks texts, each with its name, against the placeholders of every sheet and the sheet's `own`.
fn check_texts(texts: &[(&str, &String)], own: &[&str]) -> Result<(), TemplateError> {
    texts.iter().try_for_each(|(name, text)| check_text(name, text, own))
}

fn check_list(name: &str, list: &[String], own: &[&str]) -> Result<(), TemplateError> {
    if list.is_empty() || list.len() > MAX_LIST {
        return Err(TemplateError::Length(name.to_owned()));
    }
    list.iter().try_for_each(|text| check_text(name, text, own))
}

fn check_text(name: &str, text: &str, own: &[&str]) -> Result<(), TemplateError> {
    if text.trim().is_empty() || text.chars().count() > MAX_TEXT {
        return Err(TemplateError::Length(name.to_owned()));
    }
    let unpaired = || TemplateError::Unpaired(name.to_owned());
    if !text.matches("**").count().is_multiple_of(2) {
        return Err(unpaired());
    }
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let inside = rest.get(at..).and_then(|from| from.strip_prefix('{')).ok_or_else(unpaired)?;
        let (placeholder, after) = inside.split_once('}').ok_or_else(unpaired)?;
        if !Values::OF_ISSUER.contains(&placeholder) && !own.contains(&placeholder) {
            let placeholder = placeholder.to_owned();
            return Err(TemplateError::Placeholder { text: name.to_owned(), placeholder });
        }
        rest = after;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../../assets/letters/activation@1.toml");

    fn length(text: &str) -> TemplateError {
        TemplateError::Length(text.to_owned())
    }

    fn error(file: &str) -> TemplateError {
        ActivationTemplate::parse(file).unwrap_err()
    }

    #[test]
    fn a_wrong_placeholder_is_named_with_its_text() {
        let file = SHIPPED.replace("Ihr {code_name}", "Ihr {code}");
        let expected =
            TemplateError::Placeholder { text: "heading".to_owned(), placeholder: "code".to_owned() };
        assert_eq!(error(&file), expected);
        assert_eq!(expected.to_string(), "template: heading has the unknown placeholder {code}");
    }

    #[test]
    fn unpaired_marks_are_refused() {
        for wrong in [
            "Ihr {code_name",
            "Ihr code_name}",
            "Ihr }{code_name}",
            "Ihr **{code_name}",
            "Ihr {code_**name}**",
        ] {
            let file = SHIPPED.replace("Ihr {code_name}", wrong);
            let refused = error(&file);
            assert!(
                matches!(refused, TemplateError::Unpaired(_) | TemplateError::Placeholder { .. }),
                "{wrong}: {refused}"
            );
        }
    }

    #[test]
    fn versions_lengths_and_unknown_keys_are_checked() {
        assert_eq!(error(&SHIPPED.replace("version = 1", "version = 2")), TemplateError::Version(2));
        assert_eq!(error(&SHIPPED.replace("Ihr {code_name}", " ")), length("heading"));
        let long = "x".repeat(MAX_TEXT + 1);
        assert_eq!(error(&SHIPPED.replace("Ihr {code_name}", &long)), length("heading"));
        let many = format!("help = [{}]\n", "\"x\",".repeat(MAX_LIST + 1));
        let (before, help) = SHIPPED.split_once("help = ").unwrap();
        let (_, purposes) = help.split_once("[purposes.").unwrap();
        assert_eq!(error(&format!("{before}{many}[purposes.{purposes}")), length("help"));
        let steps = "\"Fertig. Werfen Sie dieses Blatt danach weg.\",";
        let file = SHIPPED.replace(steps, &steps.repeat(MAX_LIST));
        assert_eq!(error(&file), length("purposes.app_activation.steps"));
        assert!(matches!(error(&format!("footer = \"x\"\n{SHIPPED}")), TemplateError::Syntax(_)));
        assert_eq!(error(&" ".repeat(MAX_FILE + 1)), length("file"));
    }
}
