use serde::Deserialize;

use super::{MAX_LIST, TemplateError, check_text, check_texts, check_version, parse};
use crate::{Issuer, wording::Values};

/// Wording of the consent to the reading of a document's chip, version 1
/// (`assets/letters/chip-consent@1.toml`). Heading and paragraphs are the same on the screen and on paper.
///
/// Placeholders: those of every sheet (`{insurer}`, `{place}`, `{code_name}`, `{service_phone}`,
/// `{service_hours}`, `{blocking_phone}`) and `{purpose}`; in what is for paper alone also `{date}`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChipConsentTemplate {
    version: u32,
    heading: LocalText,
    pub(crate) paragraphs: Vec<LocalText>,
    pub(crate) paper: Paper,
}

/// A text in the languages of the screen.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalText {
    /// German.
    pub de: String,
    /// English.
    pub en: String,
}

/// What stands on paper alone, in German.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Paper {
    pub(crate) declaration: String,
    pub(crate) place_and_date: String,
    pub(crate) signature: String,
    pub(crate) privacy: String,
}

/// What stands for the placeholders on the screen.
#[derive(Debug, Clone, Copy)]
pub struct ConsentValues<'a> {
    /// Who reads the chip.
    pub issuer: Issuer<'a>,
    /// For what, in German: `Elektronische Patientenakte (ePA) freischalten`.
    pub purpose_de: &'a str,
    /// The same in English: `Activating the electronic health record (ePA)`.
    pub purpose_en: &'a str,
}

impl ChipConsentTemplate {
    const VERSION: u32 = 1;
    const SHIPPED: &str = include_str!("../../../../../assets/letters/chip-consent@1.toml");
    /// Of what the screen shows, too.
    const PLACEHOLDERS: [&str; 1] = ["purpose"];
    const PLACEHOLDERS_OF_PAPER: [&str; 2] = ["purpose", "date"];

    /// Parses and checks a template file.
    ///
    /// # Errors
    /// [`TemplateError`] says what is wrong and where.
    pub fn parse(file: &str) -> Result<Self, TemplateError> {
        let template: Self = parse(file)?;
        check_version(template.version, Self::VERSION)?;
        check_local("heading", &template.heading)?;
        if template.paragraphs.is_empty() || template.paragraphs.len() > MAX_LIST {
            return Err(TemplateError::Length("paragraphs".to_owned()));
        }
        template.paragraphs.iter().try_for_each(|text| check_local("paragraphs", text))?;
        let Paper { declaration, place_and_date, signature, privacy } = &template.paper;
        let texts = [
            ("paper.declaration", declaration),
            ("paper.place_and_date", place_and_date),
            ("paper.signature", signature),
            ("paper.privacy", privacy),
        ];
        check_texts(&texts, &Self::PLACEHOLDERS_OF_PAPER)?;
        Ok(template)
    }

    /// The wording that the program carries.
    ///
    /// # Errors
    /// [`TemplateError`] where the file is damaged: a broken build.
    pub fn shipped() -> Result<Self, TemplateError> {
        Self::parse(Self::SHIPPED)
    }

    /// Which wording this is, to be kept with the person's answer: `chip-consent@1`.
    #[must_use]
    pub const fn wording(&self) -> &'static str {
        "chip-consent@1"
    }

    /// What the person is asked.
    #[must_use]
    pub fn heading(&self, values: &ConsentValues<'_>) -> LocalText {
        self.heading.filled(values)
    }

    /// For what the chip is read, what of it is used and kept, and that the person is free; without marks of
    /// emphasis.
    #[must_use]
    pub fn paragraphs(&self, values: &ConsentValues<'_>) -> Vec<LocalText> {
        self.paragraphs.iter().map(|text| text.filled(values)).collect()
    }

    pub(crate) fn heading_on_paper(&self) -> &str {
        &self.heading.de
    }
}

impl LocalText {
    fn filled(&self, values: &ConsentValues<'_>) -> Self {
        let fill = |text: &str, purpose: &str| {
            Values::new(&values.issuer, [("purpose", purpose.to_owned())]).plain(text)
        };
        Self { de: fill(&self.de, values.purpose_de), en: fill(&self.en, values.purpose_en) }
    }
}

fn check_local(name: &str, text: &LocalText) -> Result<(), TemplateError> {
    for (language, text) in [("de", &text.de), ("en", &text.en)] {
        check_text(&format!("{name}.{language}"), text, &ChipConsentTemplate::PLACEHOLDERS)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(from: &str, to: &str) -> TemplateError {
        assert!(ChipConsentTemplate::SHIPPED.contains(from), "{from}");
        ChipConsentTemplate::parse(&ChipConsentTemplate::SHIPPED.replacen(from, to, 1)).unwrap_err()
    }

    #[test]
    fn a_mistake_is_named_with_its_text_and_language() {
        let expected =
            TemplateError::Placeholder { text: "paragraphs.en".to_owned(), placeholder: "reason".to_owned() };
        assert_eq!(error("**For what:** {purpose}", "**For what:** {reason}"), expected);
        // The screen doesn't know the day.
        let expected =
            TemplateError::Placeholder { text: "heading.de".to_owned(), placeholder: "date".to_owned() };
        assert_eq!(error("Dürfen wir", "{date}"), expected);
        assert_eq!(
            error("**Ich stimme", "Ich stimme"),
            TemplateError::Unpaired("paper.declaration".to_owned())
        );
        assert_eq!(error("\"Unterschrift\"", "\" \""), TemplateError::Length("paper.signature".to_owned()));
    }

    #[test]
    fn no_language_may_be_missing_and_none_added() {
        for (from, to) in [
            ("en = \"May we", "fr = \"May we"),
            ("en = \"**For what", "fr = \"\"\nen = \"**For what"),
            ("[paper]", "[paper]\nfooter = \"x\""),
        ] {
            let refused = error(from, to);
            assert!(matches!(refused, TemplateError::Syntax(_)), "{refused}");
        }
    }

    #[test]
    fn paragraphs_are_needed_and_counted() {
        let length = TemplateError::Length("paragraphs".to_owned());
        let (head, _) = ChipConsentTemplate::SHIPPED.split_once("# For what.").unwrap();
        let (_, paper) = ChipConsentTemplate::SHIPPED.split_once("[paper]").unwrap();
        let with = |count| {
            format!("{head}{}[paper]{paper}", "[[paragraphs]]\nde = \"x\"\nen = \"x\"\n".repeat(count))
        };
        assert!(ChipConsentTemplate::parse(&with(MAX_LIST)).is_ok());
        assert_eq!(ChipConsentTemplate::parse(&with(MAX_LIST + 1)).unwrap_err(), length);
        let none = format!("paragraphs = []\n{head}[paper]{paper}");
        assert_eq!(ChipConsentTemplate::parse(&none).unwrap_err(), length);
    }

    #[test]
    fn another_version_is_another_wording() {
        assert_eq!(error("version = 1", "version = 2"), TemplateError::Version(2));
        let version = ChipConsentTemplate::shipped().unwrap();
        assert_eq!(version.wording(), format!("chip-consent@{}", ChipConsentTemplate::VERSION));
    }
}
