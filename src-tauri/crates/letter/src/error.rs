use crate::template::TemplateError;

/// Why a sheet could not be made. No text of it holds personal data; the one character that a font lacks is a field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LetterError {
    /// The fonts have no glyph for this character; a name with a hole in it is never printed.
    #[error("a character has no glyph")]
    MissingGlyph {
        /// The character as it stands in the text.
        character: char,
    },
    /// A field is longer than any real one.
    #[error("{field} is longer than {max} characters")]
    TooLong {
        /// Name of the model's field.
        field: &'static str,
        /// The most characters that it may have.
        max: usize,
    },
    /// A field that must not be empty is.
    #[error("{field} is empty")]
    Empty {
        /// Name of the model's field.
        field: &'static str,
    },
    /// The text needs more room than its place on the sheet has.
    #[error("{part} does not fit its place on the sheet")]
    DoesNotFit {
        /// The part of the sheet.
        part: &'static str,
    },
    /// Not twelve symbols of the code's alphabet.
    #[error("the code is not made of twelve symbols of its alphabet")]
    MalformedCode,
    /// Not `A-` and ten symbols of the code's alphabet.
    #[error("the public reference is not A- and ten symbols of its alphabet")]
    MalformedReference,
    /// Not `https://` and a lower-case host name, or too long for the largest QR code on the sheet.
    #[error("the app link's address is not https:// and a short host name")]
    MalformedLink,
    /// The template has no words for this reason of a refusal.
    #[error("the template has no reason {code:?}")]
    UnknownReason {
        /// Code of the reason: a word of the program, nothing of the visit.
        code: String,
    },
    /// The template's text is not usable.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// A font file could not be read, shaped with or subset: a broken build, not a matter of the data.
    #[error("font {font}: {reason}")]
    Font {
        /// Which of the three faces.
        font: &'static str,
        /// What the library says; never holds text of the sheet.
        reason: String,
    },
    /// The barcode or the PDF could not be written.
    #[error("{part} could not be made: {reason}")]
    Output {
        /// What was being written.
        part: &'static str,
        /// What the library says; never holds text of the sheet.
        reason: String,
    },
}
