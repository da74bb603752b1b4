//! The template's texts with their placeholders filled in, ready to be placed.

use crate::{
    Issuer, LetterError,
    fonts::{Face, Fonts},
    paragraph::{Line, Span},
};

/// What stands for the placeholders of one sheet.
pub(crate) struct Values(Vec<(&'static str, String)>);

impl Values {
    /// What every sheet says of its issuer.
    pub(crate) const OF_ISSUER: [&'static str; 6] =
        ["insurer", "place", "code_name", "service_phone", "service_hours", "blocking_phone"];

    /// The issuer's values and, in `own`, those of the sheet.
    pub(crate) fn new<const N: usize>(issuer: &Issuer<'_>, own: [(&'static str, String); N]) -> Self {
        let of_issuer = [
            issuer.insurer.to_owned(),
            issuer.place.to_owned(),
            issuer.code_name.to_owned(),
            unbreakable(issuer.service_phone),
            issuer.service_hours.to_owned(),
            unbreakable(issuer.blocking_phone),
        ];
        Self(Self::OF_ISSUER.into_iter().zip(of_issuer).chain(own).collect())
    }

    /// A checked text with its placeholders filled in and without its marks of emphasis.
    pub(crate) fn plain(&self, text: &str) -> String {
        text.split("**").map(|piece| self.fill(piece)).collect()
    }

    fn fill(&self, piece: &str) -> String {
        let mut filled = String::with_capacity(piece.len() * 2);
        let mut rest = piece;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            filled.push_str(before);
            filled.push_str(self.0.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value));
            rest = after;
        }
        filled.push_str(rest);
        filled
    }
}

/// The same with the fonts of the sheet.
pub(crate) struct Wording<'a> {
    values: Values,
    fonts: &'a Fonts,
}

impl<'a> Wording<'a> {
    /// The issuer's values and, in `own`, those of the sheet.
    pub(crate) fn new<const N: usize>(
        issuer: &Issuer<'_>,
        own: [(&'static str, String); N],
        fonts: &'a Fonts,
    ) -> Self {
        Self { values: Values::new(issuer, own), fonts }
    }

    /// The pieces of a checked text with its placeholders filled in. Emphasis is read from the template
    /// alone: braces and asterisks in a value are printed as they are.
    pub(crate) fn spans(&self, text: &str) -> Vec<Span> {
        text.split("**")
            .enumerate()
            .filter(|(_, piece)| !piece.is_empty())
            .map(|(i, piece)| Span {
                face: if i % 2 == 0 { Face::Regular } else { Face::SemiBold },
                text: self.values.fill(piece),
            })
            .collect()
    }

    /// The same for a text that stands in one face: emphasis is dropped.
    pub(crate) fn plain(&self, text: &str) -> String {
        self.values.plain(text)
    }

    /// A text that is one line in one face.
    pub(crate) fn line(&self, face: Face, text: &str) -> Result<Line, LetterError> {
        Line::new(face, &self.plain(text), self.fonts)
    }
}

/// A telephone number or date that stays on one line.
pub(crate) fn unbreakable(text: &str) -> String {
    text.replace(' ', "\u{A0}")
}

/// `Dieter B., Versichertennummer ••••••7895`, in which the last two stay together.
pub(crate) fn subject_line(subject: &str) -> String {
    subject.replace(" •", "\u{A0}•")
}
