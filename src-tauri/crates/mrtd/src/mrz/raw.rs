//! The characters of a zone, before anybody asks what they mean.

use super::check_digit;
use super::layout::{FILLER, Field, Layout};
use std::ops::Range;
use zeroize::Zeroizing;

/// Most bytes of a text that is taken for a zone: 90 characters and, generously, what stands between and behind the lines.
const TEXT_BYTES_MAX: usize = 128;

/// Why a text isn't a machine-readable zone. Positions count from 0 over the zone without its line breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MrzError {
    /// No format has so many characters: it is 90, 88 or 72.
    #[error("no zone has {characters} characters")]
    Length {
        /// As many as there are, without line breaks.
        characters: usize,
    },
    /// The lines are together as long as they should be, but one isn't.
    #[error("line {line} has {characters} characters")]
    Line {
        /// From 1.
        line: usize,
        /// As many as it has.
        characters: usize,
    },
    /// A character that can't stand there.
    #[error("{field}: the character at {position} can't stand there")]
    Character {
        /// In which field.
        field: Field,
        /// Of the character.
        position: usize,
    },
    /// A month above 12 or a day above 31.
    #[error("{field}: no such day")]
    NoSuchDay {
        /// Which date.
        field: Field,
        /// Where its month or day stands.
        position: usize,
    },
}

/// Characters of a zone's alphabet, as many as a format has.
#[derive(Clone)]
pub(super) struct Raw {
    pub(super) layout: &'static Layout,
    pub(super) characters: Zeroizing<Vec<u8>>,
}

impl Raw {
    /// Takes a text in one piece or in lines, in capitals or small letters.
    pub(super) fn read(text: &[u8]) -> Result<Self, MrzError> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(MrzError::Length { characters: text.len() });
        }
        let mut characters = Zeroizing::new(Vec::with_capacity(TEXT_BYTES_MAX));
        let mut lengths = Vec::new();
        for line in text.split(|byte| matches!(byte, b'\r' | b'\n')).filter(|line| !line.is_empty()) {
            let before = characters.len();
            // A character beyond ASCII counts once, and is refused below.
            let starts = line.iter().filter(|byte| !(0x80..0xC0).contains(*byte));
            characters.extend(starts.map(u8::to_ascii_uppercase));
            lengths.push(characters.len() - before);
        }
        let layout = Layout::of(&characters).ok_or(MrzError::Length { characters: characters.len() })?;
        let width = layout.format.width();
        if lengths.len() > 1
            && let Some((at, length)) = lengths.iter().enumerate().find(|(_, length)| **length != width)
        {
            return Err(MrzError::Line { line: at + 1, characters: *length });
        }
        let strange = |byte: &u8| !byte.is_ascii_alphanumeric() && *byte != FILLER;
        match characters.iter().position(strange) {
            Some(position) => Err(MrzError::Character { field: layout.at(position).0, position }),
            None => Ok(Self { layout, characters }),
        }
    }

    pub(super) fn get(&self, range: Range<usize>) -> &[u8] {
        self.characters.get(range).unwrap_or_default()
    }

    pub(super) fn at(&self, position: usize) -> u8 {
        self.characters.get(position).copied().unwrap_or(FILLER)
    }

    pub(super) fn text(&self, range: Range<usize>) -> &str {
        std::str::from_utf8(self.get(range)).unwrap_or_default()
    }

    /// The document number with its fillers, and its check digit: of a number longer than its field the rest and the digit
    /// stand in the optional data, and a filler in the digit's place.
    pub(super) fn number(&self) -> (Zeroizing<Vec<u8>>, u8) {
        let layout = self.layout;
        let field = self.get(layout.number.clone());
        let check = self.at(layout.number.end);
        let continued = layout.long_numbers && check == FILLER && field.last() != Some(&FILLER);
        let rest = self.get(layout.optional.clone()).split(|byte| *byte == FILLER).next();
        match rest.and_then(<[u8]>::split_last) {
            Some((check, rest)) if continued && !rest.is_empty() => {
                (Zeroizing::new([field, rest].concat()), *check)
            }
            _ => (Zeroizing::new(field.to_vec()), check),
        }
    }

    pub(super) fn number_holds(&self) -> bool {
        let (number, check) = self.number();
        holds(&number, check)
    }

    /// Whether the digit behind a field holds.
    pub(super) fn digit_holds(&self, field: &Range<usize>) -> bool {
        holds(self.get(field.clone()), self.at(field.end))
    }

    /// The digit of the optional data, which may be a filler if there are none (Doc 9303-4, position 43 of line 2).
    pub(super) fn optional_holds(&self) -> Option<bool> {
        let position = self.layout.optional_check?;
        let field = self.get(self.layout.optional.clone());
        let check = self.at(position);
        let nothing = check == FILLER && field.iter().all(|byte| *byte == FILLER);
        Some(nothing || holds(field, check))
    }

    pub(super) fn composite_holds(&self) -> Option<bool> {
        let (position, ranges) = self.layout.composite?;
        let mut over = Zeroizing::new(Vec::with_capacity(self.characters.len()));
        for range in ranges {
            over.extend_from_slice(self.get(range.clone()));
        }
        Some(holds(&over, self.at(position)))
    }

    /// Whether all check digits hold that there are.
    pub(super) fn all_hold(&self) -> bool {
        self.key_holds() && self.optional_holds() != Some(false) && self.composite_holds() != Some(false)
    }

    /// Whether the three digits hold that a chip is opened with.
    pub(super) fn key_holds(&self) -> bool {
        self.number_holds() && self.digit_holds(&self.layout.birth) && self.digit_holds(&self.layout.expiry)
    }
}

/// Whether `check` is the check digit over `field`.
pub(super) fn holds(field: &[u8], check: u8) -> bool {
    check.is_ascii_digit() && check_digit(field) == Some(check - b'0')
}
