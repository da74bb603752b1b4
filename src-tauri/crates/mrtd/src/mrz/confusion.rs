//! Characters of OCR-B that are read for one another.

use super::layout::FILLER;

/// A digit with the letters that are read for it and it for them, the most frequent first.
const PAIRS: [(u8, &[u8]); 6] =
    [(b'0', b"ODQ"), (b'1', b"IL"), (b'2', b"Z"), (b'5', b"S"), (b'6', b"G"), (b'8', b"B")];

/// Letters that are read for a filler.
const LIKE_FILLER: &[u8] = b"KX";

/// The letters that a digit may have been, the most frequent first.
pub(super) fn letters(digit: u8) -> &'static [u8] {
    PAIRS.iter().find(|(known, _)| *known == digit).map_or(&[], |(_, letters)| letters)
}

/// The digit that a letter must have been where only a digit can stand.
pub(super) fn digit(letter: u8) -> Option<u8> {
    PAIRS.iter().find(|(_, letters)| letters.contains(&letter)).map(|(digit, _)| *digit)
}

/// Whether a letter may have been a filler.
pub(super) fn like_filler(letter: u8) -> bool {
    LIKE_FILLER.contains(&letter)
}

/// Everything that a character may have been instead.
pub(super) fn alternatives(character: u8) -> impl Iterator<Item = u8> {
    // I and L are read for each other as well.
    let other: &[u8] = match character {
        b'I' => b"L",
        b'L' => b"I",
        _ => b"",
    };
    let filler = like_filler(character).then_some(FILLER);
    letters(character).iter().copied().chain(digit(character)).chain(other.iter().copied()).chain(filler)
}
