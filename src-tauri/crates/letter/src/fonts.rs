//! The three faces of the sheets; the one place where files become part of the program.

use harfrust::Font;

use crate::LetterError;

const REGULAR: &[u8] = include_bytes!("../../../../assets/fonts/NotoSans-Regular.ttf");
const SEMI_BOLD: &[u8] = include_bytes!("../../../../assets/fonts/NotoSans-SemiBold.ttf");
const CODE: &[u8] = include_bytes!("../../../../assets/fonts/AtkinsonHyperlegibleMono-Bold.ttf");

/// A face of the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Face {
    /// Noto Sans Regular: running text. Covers every letter and sequence of DIN 91379.
    Regular,
    /// Noto Sans SemiBold: names, headings, what matters.
    SemiBold,
    /// Atkinson Hyperlegible Mono Bold: code and reference only. Drawn for readers with low vision, so that
    /// no two symbols look alike.
    Code,
}

impl Face {
    /// PostScript name, for the PDF and for errors.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Regular => "NotoSans-Regular",
            Self::SemiBold => "NotoSans-SemiBold",
            Self::Code => "AtkinsonHyperlegibleMono-Bold",
        }
    }

    /// The whole font file.
    pub(crate) const fn bytes(self) -> &'static [u8] {
        match self {
            Self::Regular => REGULAR,
            Self::SemiBold => SEMI_BOLD,
            Self::Code => CODE,
        }
    }
}

/// The parsed faces. Make it once and render any number of sheets with it.
pub struct Fonts {
    regular: Font,
    semi_bold: Font,
    code: Font,
}

impl Fonts {
    /// Parses the fonts that the program carries.
    ///
    /// # Errors
    /// [`LetterError::Font`] when a file is no font.
    pub fn embedded() -> Result<Self, LetterError> {
        Ok(Self {
            regular: parse(Face::Regular)?,
            semi_bold: parse(Face::SemiBold)?,
            code: parse(Face::Code)?,
        })
    }

    pub(crate) const fn get(&self, face: Face) -> &Font {
        match face {
            Face::Regular => &self.regular,
            Face::SemiBold => &self.semi_bold,
            Face::Code => &self.code,
        }
    }
}

fn parse(face: Face) -> Result<Font, LetterError> {
    Font::new(face.bytes(), 0)
        .ok_or_else(|| LetterError::Font { font: face.name(), reason: "not a font file".to_owned() })
}
