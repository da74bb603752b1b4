//! The wording of the sheets: a TOML file per sheet and version, so that insurers differ by file and not by
//! program.
//!
//! A text may hold placeholders in braces and `**semi-bold**` stretches. Everything is checked when the file
//! is parsed: what parses can be printed.

use serde::Deserialize;

use crate::{fonts::Face, paragraph::Span};

/// Largest template file: ours have 2 kB, a file of another size is not a template.
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
    Length(&'static str),
    /// A placeholder in braces that the sheet doesn't have.
    #[error("template: {text} has the unknown placeholder {{{placeholder}}}")]
    Placeholder {
        /// Name of the text.
        text: &'static str,
        /// The placeholder without its braces.
        placeholder: String,
    },
    /// A brace without its partner, or `**` that isn't closed.
    #[error("template: {0} has an unpaired brace or **")]
    Unpaired(&'static str),
}

/// Wording of the activation letter, version 1 (`assets/letters/activation@1.toml`).
///
/// Placeholders: `{insurer}`, `{place}`, `{code_name}`, `{valid_until}`, `{subject}`, `{service_phone}`,
/// `{service_hours}`, `{blocking_phone}`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivationTemplate {
    version: u32,
    pub(crate) handling_note: String,
    pub(crate) date_label: String,
    pub(crate) desk_label: String,
    pub(crate) reference_label: String,
    pub(crate) heading: String,
    pub(crate) code_label: String,
    pub(crate) valid_until: String,
    pub(crate) for_self: String,
    pub(crate) for_represented: String,
    pub(crate) awaiting_release: String,
    pub(crate) steps_heading: String,
    pub(crate) steps: Vec<String>,
    pub(crate) warning: Vec<String>,
    pub(crate) help: Vec<String>,
}

impl ActivationTemplate {
    const VERSION: u32 = 1;
    const PLACEHOLDERS: [&str; 8] = [
        "insurer",
        "place",
        "code_name",
        "valid_until",
        "subject",
        "service_phone",
        "service_hours",
        "blocking_phone",
    ];

    /// Parses and checks a template file.
    ///
    /// # Errors
    /// [`TemplateError`] says what is wrong and where.
    pub fn parse(file: &str) -> Result<Self, TemplateError> {
        let template: Self = parse(file)?;
        check_version(template.version, Self::VERSION)?;
        let check = |name, text: &str| check_text(name, text, &Self::PLACEHOLDERS);
        check("handling_note", &template.handling_note)?;
        check("date_label", &template.date_label)?;
        check("desk_label", &template.desk_label)?;
        check("reference_label", &template.reference_label)?;
        check("heading", &template.heading)?;
        check("code_label", &template.code_label)?;
        check("valid_until", &template.valid_until)?;
        check("for_self", &template.for_self)?;
        check("for_represented", &template.for_represented)?;
        check("awaiting_release", &template.awaiting_release)?;
        check("steps_heading", &template.steps_heading)?;
        check_list("steps", &template.steps, &Self::PLACEHOLDERS)?;
        check_list("warning", &template.warning, &Self::PLACEHOLDERS)?;
        check_list("help", &template.help, &Self::PLACEHOLDERS)?;
        Ok(template)
    }
}

/// Wording of the hand-over receipt, version 1 (`assets/letters/receipt@1.toml`).
///
/// Placeholders: `{insurer}`, `{place}`, `{code_name}`, `{date}`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptTemplate {
    version: u32,
    pub(crate) heading: String,
    pub(crate) copies: [String; 2],
    pub(crate) reference_label: String,
    pub(crate) purpose_label: String,
    pub(crate) recipient_label: String,
    pub(crate) subject_label: String,
    pub(crate) document_label: String,
    pub(crate) staff_label: String,
    pub(crate) statement: String,
    pub(crate) explained: Vec<String>,
    pub(crate) place_and_date: String,
    pub(crate) signature: String,
    pub(crate) privacy: String,
}

impl ReceiptTemplate {
    const VERSION: u32 = 1;
    const PLACEHOLDERS: [&str; 4] = ["insurer", "place", "code_name", "date"];

    /// Parses and checks a template file.
    ///
    /// # Errors
    /// [`TemplateError`] says what is wrong and where.
    pub fn parse(file: &str) -> Result<Self, TemplateError> {
        let template: Self = parse(file)?;
        check_version(template.version, Self::VERSION)?;
        let check = |name, text: &str| check_text(name, text, &Self::PLACEHOLDERS);
        check("heading", &template.heading)?;
        check_list("copies", &template.copies, &Self::PLACEHOLDERS)?;
        check("reference_label", &template.reference_label)?;
        check("purpose_label", &template.purpose_label)?;
        check("recipient_label", &template.recipient_label)?;
        check("subject_label", &template.subject_label)?;
        check("document_label", &template.document_label)?;
        check("staff_label", &template.staff_label)?;
        check("statement", &template.statement)?;
        check_list("explained", &template.explained, &Self::PLACEHOLDERS)?;
        check("place_and_date", &template.place_and_date)?;
        check("signature", &template.signature)?;
        check("privacy", &template.privacy)?;
        Ok(template)
    }
}

/// The pieces of a checked text with its placeholders filled in. Emphasis is read from the template alone:
/// braces and asterisks in a value are printed as they are.
pub(crate) fn fill(text: &str, values: &[(&str, &str)]) -> Vec<Span> {
    text.split("**")
        .enumerate()
        .filter(|(_, piece)| !piece.is_empty())
        .map(|(i, piece)| Span {
            face: if i % 2 == 0 { Face::Regular } else { Face::SemiBold },
            text: fill_piece(piece, values),
        })
        .collect()
}

/// The same for a text that stands in one face: emphasis is dropped.
pub(crate) fn fill_plain(text: &str, values: &[(&str, &str)]) -> String {
    fill(text, values).into_iter().map(|span| span.text).collect()
}

fn fill_piece(piece: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(piece.len() * 2);
    let mut rest = piece;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        filled.push_str(before);
        filled.push_str(values.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

fn parse<'a, T: Deserialize<'a>>(file: &'a str) -> Result<T, TemplateError> {
    if file.len() > MAX_FILE {
        return Err(TemplateError::Length("file"));
    }
    T::deserialize(toml::Deserializer::parse(file).map_err(|e| TemplateError::Syntax(e.to_string()))?)
        .map_err(|e| TemplateError::Syntax(e.to_string()))
}

const fn check_version(version: u32, known: u32) -> Result<(), TemplateError> {
    if version == known { Ok(()) } else { Err(TemplateError::Version(version)) }
}

fn check_list(name: &'static str, list: &[String], placeholders: &[&str]) -> Result<(), TemplateError> {
    if list.is_empty() || list.len() > MAX_LIST {
        return Err(TemplateError::Length(name));
    }
    list.iter().try_for_each(|text| check_text(name, text, placeholders))
}

fn check_text(name: &'static str, text: &str, placeholders: &[&str]) -> Result<(), TemplateError> {
    if text.trim().is_empty() || text.chars().count() > MAX_TEXT {
        return Err(TemplateError::Length(name));
    }
    if !text.matches("**").count().is_multiple_of(2) {
        return Err(TemplateError::Unpaired(name));
    }
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let inside =
            rest.get(at..).and_then(|from| from.strip_prefix('{')).ok_or(TemplateError::Unpaired(name))?;
        let (placeholder, after) = inside.split_once('}').ok_or(TemplateError::Unpaired(name))?;
        if !placeholders.contains(&placeholder) {
            return Err(TemplateError::Placeholder { text: name, placeholder: placeholder.to_owned() });
        }
        rest = after;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../../assets/letters/activation@1.toml");

    fn error(file: &str) -> TemplateError {
        ActivationTemplate::parse(file).unwrap_err()
    }

    #[test]
    fn shipped_templates_parse() {
        assert!(ActivationTemplate::parse(SHIPPED).is_ok());
        assert!(ReceiptTemplate::parse(include_str!("../../../../assets/letters/receipt@1.toml")).is_ok());
    }

    #[test]
    fn a_wrong_placeholder_is_named_with_its_text() {
        let file = SHIPPED.replace("Ihr {code_name}", "Ihr {code}");
        let expected = TemplateError::Placeholder { text: "heading", placeholder: "code".to_owned() };
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
                matches!(refused, TemplateError::Unpaired("heading") | TemplateError::Placeholder { .. }),
                "{wrong}: {refused}"
            );
        }
    }

    #[test]
    fn versions_lengths_and_unknown_keys_are_checked() {
        assert_eq!(error(&SHIPPED.replace("version = 1", "version = 2")), TemplateError::Version(2));
        assert_eq!(error(&SHIPPED.replace("Ihr {code_name}", " ")), TemplateError::Length("heading"));
        let long = "x".repeat(MAX_TEXT + 1);
        assert_eq!(error(&SHIPPED.replace("Ihr {code_name}", &long)), TemplateError::Length("heading"));
        let many = format!("help = [{}]\n", "\"x\",".repeat(MAX_LIST + 1));
        let (before, _) = SHIPPED.split_once("help = ").unwrap();
        assert_eq!(error(&format!("{before}{many}")), TemplateError::Length("help"));
        assert!(matches!(error(&format!("footer = \"x\"\n{SHIPPED}")), TemplateError::Syntax(_)));
        assert_eq!(error(&" ".repeat(MAX_FILE + 1)), TemplateError::Length("file"));
    }
}
