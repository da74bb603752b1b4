//! Where each field stands, and what may stand in it (ICAO Doc 9303-4 to -7, data structure of the zone).

use std::fmt;
use std::ops::Range;

/// Stands where there is nothing else to say.
pub(super) const FILLER: u8 = b'<';
/// The document's code in every format.
pub(super) const CODE: Range<usize> = 0..2;
/// The issuing state or organisation in every format.
pub(super) const ISSUER: Range<usize> = 2..5;

/// A format of the zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Cards: three lines of 30 characters (Doc 9303-5).
    Td1,
    /// Larger cards: two lines of 36 (Doc 9303-6).
    Td2,
    /// Passports: two lines of 44 (Doc 9303-4).
    Td3,
    /// Visas of passport size: two lines of 44 (Doc 9303-7).
    MrvA,
    /// Smaller visas: two lines of 36 (Doc 9303-7).
    MrvB,
}

impl Format {
    /// Lines of the zone.
    #[must_use]
    pub fn lines(self) -> usize {
        if self == Self::Td1 { 3 } else { 2 }
    }

    /// Characters of a line.
    #[must_use]
    pub fn width(self) -> usize {
        match self {
            Self::Td1 => 30,
            Self::Td2 | Self::MrvB => 36,
            Self::Td3 | Self::MrvA => 44,
        }
    }
}

/// A field of the zone together with its check digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// What kind of document it is.
    DocumentCode,
    /// Issuing state or organisation.
    Issuer,
    /// Primary and secondary identifier.
    Name,
    /// Document number.
    Number,
    /// Nationality of the holder.
    Nationality,
    /// Date of birth.
    Birth,
    /// Sex.
    Sex,
    /// Date of expiry.
    Expiry,
    /// Optional data.
    Optional,
    /// The check digit over several fields.
    Composite,
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DocumentCode => "document code",
            Self::Issuer => "issuer",
            Self::Name => "name",
            Self::Number => "document number",
            Self::Nationality => "nationality",
            Self::Birth => "date of birth",
            Self::Sex => "sex",
            Self::Expiry => "date of expiry",
            Self::Optional => "optional data",
            Self::Composite => "composite check digit",
        })
    }
}

/// Which characters a position takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alphabet {
    /// A to Z.
    Letter,
    /// A to Z and the filler.
    LetterOrFiller,
    /// 0 to 9 and the filler: dates and check digits.
    DigitOrFiller,
    /// F, M, and the filler; X as some issuers print it.
    Sex,
    /// Everything.
    Any,
}

impl Alphabet {
    pub(super) fn has(self, character: u8) -> bool {
        match self {
            Self::Letter => character.is_ascii_uppercase(),
            Self::LetterOrFiller => character.is_ascii_uppercase() || character == FILLER,
            Self::DigitOrFiller => character.is_ascii_digit() || character == FILLER,
            Self::Sex => matches!(character, b'F' | b'M' | b'X' | FILLER),
            Self::Any => character.is_ascii_uppercase() || character.is_ascii_digit() || character == FILLER,
        }
    }
}

/// Positions in the zone without its line breaks. The check digit of number, birth and expiry stands right behind each.
pub(super) struct Layout {
    pub(super) format: Format,
    pub(super) name: Range<usize>,
    pub(super) number: Range<usize>,
    pub(super) nationality: Range<usize>,
    pub(super) birth: Range<usize>,
    pub(super) sex: usize,
    pub(super) expiry: Range<usize>,
    /// Optional data; where `long_numbers`, the rest of one stands at its beginning.
    pub(super) optional: Range<usize>,
    pub(super) optional_check: Option<usize>,
    /// Whether a number may be longer than its field (Doc 9303-5 and -6, note on the document number).
    pub(super) long_numbers: bool,
    /// Position of the composite digit, and what it is calculated over.
    pub(super) composite: Option<(usize, &'static [Range<usize>])>,
}

pub(super) static TD1: Layout = Layout {
    format: Format::Td1,
    name: 60..90,
    number: 5..14,
    nationality: 45..48,
    birth: 30..36,
    sex: 37,
    expiry: 38..44,
    optional: 15..30,
    optional_check: None,
    long_numbers: true,
    composite: Some((59, &[5..30, 30..37, 38..45, 48..59])),
};

pub(super) static TD2: Layout = Layout {
    format: Format::Td2,
    name: 5..36,
    number: 36..45,
    nationality: 46..49,
    birth: 49..55,
    sex: 56,
    expiry: 57..63,
    optional: 64..71,
    optional_check: None,
    long_numbers: true,
    composite: Some((71, &[36..46, 49..56, 57..71])),
};

pub(super) static TD3: Layout = Layout {
    format: Format::Td3,
    name: 5..44,
    number: 44..53,
    nationality: 54..57,
    birth: 57..63,
    sex: 64,
    expiry: 65..71,
    optional: 72..86,
    optional_check: Some(86),
    long_numbers: false,
    composite: Some((87, &[44..54, 57..64, 65..87])),
};

pub(super) static MRV_A: Layout = Layout {
    format: Format::MrvA,
    name: 5..44,
    number: 44..53,
    nationality: 54..57,
    birth: 57..63,
    sex: 64,
    expiry: 65..71,
    optional: 72..88,
    optional_check: None,
    long_numbers: false,
    composite: None,
};

pub(super) static MRV_B: Layout = Layout {
    format: Format::MrvB,
    name: 5..36,
    number: 36..45,
    nationality: 46..49,
    birth: 49..55,
    sex: 56,
    expiry: 57..63,
    optional: 64..72,
    optional_check: None,
    long_numbers: false,
    composite: None,
};

impl Layout {
    /// The layout of a zone of so many characters, visas by their code.
    pub(super) fn of(characters: &[u8]) -> Option<&'static Self> {
        match (characters.len(), characters.first()) {
            (90, _) => Some(&TD1),
            (88, Some(b'V')) => Some(&MRV_A),
            (88, _) => Some(&TD3),
            (72, Some(b'V')) => Some(&MRV_B),
            (72, _) => Some(&TD2),
            _ => None,
        }
    }

    /// What stands at a position, and what may. Whatever isn't another field is optional data.
    pub(super) fn at(&self, position: usize) -> (Field, Alphabet) {
        let with_check = |field: &Range<usize>| (field.start..=field.end).contains(&position);
        if position == CODE.start {
            (Field::DocumentCode, Alphabet::Letter)
        } else if CODE.contains(&position) {
            (Field::DocumentCode, Alphabet::Any)
        } else if ISSUER.contains(&position) {
            (Field::Issuer, Alphabet::LetterOrFiller)
        } else if self.name.contains(&position) {
            (Field::Name, Alphabet::LetterOrFiller)
        } else if self.nationality.contains(&position) {
            (Field::Nationality, Alphabet::LetterOrFiller)
        } else if self.number.contains(&position) {
            (Field::Number, Alphabet::Any)
        } else if position == self.number.end {
            (Field::Number, Alphabet::DigitOrFiller)
        } else if with_check(&self.birth) {
            (Field::Birth, Alphabet::DigitOrFiller)
        } else if with_check(&self.expiry) {
            (Field::Expiry, Alphabet::DigitOrFiller)
        } else if position == self.sex {
            (Field::Sex, Alphabet::Sex)
        } else if self.optional_check == Some(position) {
            (Field::Optional, Alphabet::DigitOrFiller)
        } else if self.composite.is_some_and(|(composite, _)| composite == position) {
            (Field::Composite, Alphabet::DigitOrFiller)
        } else {
            (Field::Optional, Alphabet::Any)
        }
    }
}
