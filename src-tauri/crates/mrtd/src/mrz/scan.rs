//! What scanners send: the zone as a burst of bytes or key strokes, with whatever a device puts before, between and behind its
//! lines.
//!
//! Devices end lines with CR, LF, both or a tabulator, or not at all; they may wrap them in STX and ETX, and may be set to put an
//! identifier before or behind. One that types like a keyboard, set up for the United States on a German host, types `;` for
//! `<` and has Y and Z exchanged.

use super::layout::FILLER;
use super::raw::Raw;
use super::{AccessKey, AccessKeyError, Corrected, MachineReadableZone, MrzError, correct};
use std::fmt;
use zeroize::Zeroizing;

/// Most bytes of a scan: three lines of 30 with a generous identifier and end each, and no more to keep in memory.
pub const SCAN_BYTES_MAX: usize = 256;
/// Most characters that a device puts before and behind a line or the whole.
const AFFIX_MAX: usize = 16;
/// Characters of the formats, and those of their lines with how many there are.
const ZONES: [usize; 3] = [90, 88, 72];
const LINES: [(usize, usize); 3] = [(3, 30), (2, 44), (2, 36)];
/// Characters of an AIM symbology identifier behind its `]`.
const AIM_IDENTIFIER: usize = 2;

/// What a scanner has read: as many characters as a zone has. It is wiped on drop; `Debug` tells nothing of it.
pub struct Scanned(Zeroizing<String>);

/// Why a scan holds no zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ScanError {
    /// More than [`SCAN_BYTES_MAX`].
    #[error("more than a scanner sends for one zone")]
    TooLong,
    /// Not the length of a zone, nor a zone whose check digits hold among other characters.
    #[error("no zone among {characters} characters")]
    NoZone {
        /// As many as there are, without separators.
        characters: usize,
    },
    /// More than one zone can be found among the characters.
    #[error("more than one zone among {characters} characters")]
    Ambiguous {
        /// As many as there are, without separators.
        characters: usize,
    },
}

impl Scanned {
    /// The zone, nothing corrected.
    ///
    /// # Errors
    /// [`MrzError`] where the scanner misread too much.
    pub fn zone(&self) -> Result<MachineReadableZone, MrzError> {
        MachineReadableZone::parse(self.0.as_bytes())
    }

    /// The zone, what can only have been something else corrected: see [`correct`].
    ///
    /// # Errors
    /// [`MrzError`] where the scanner misread too much.
    pub fn corrected(&self) -> Result<Corrected, MrzError> {
        correct(&self.0)
    }

    /// What opens the chip.
    ///
    /// # Errors
    /// [`AccessKeyError`] names the field that was misread.
    pub fn access_key(&self) -> Result<AccessKey, AccessKeyError> {
        AccessKey::from_zone(&self.0)
    }
}

impl fmt::Debug for Scanned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scanned(…)")
    }
}

/// Finds the zone in a burst. The check digits of number, birth and expiry decide what a device has put around it, and which
/// keyboard it takes itself for; where they hold nowhere, characters of exactly a zone's length are taken as they are.
///
/// # Errors
/// [`ScanError`].
pub fn decode(bytes: &[u8]) -> Result<Scanned, ScanError> {
    if bytes.len() > SCAN_BYTES_MAX {
        return Err(ScanError::TooLong);
    }
    let lines = lines(bytes);
    let whole = Zeroizing::new(lines.concat());
    let characters = whole.len();
    let other_keyboard = whole.contains(&b';');
    let exact = exact(&whole);
    if let Some(zone) = exact.as_ref().and_then(|zone| meant(zone, other_keyboard)) {
        return Ok(Scanned::of(&zone));
    }
    let found = match best(within_lines(&lines), other_keyboard, characters)? {
        Some(zone) => Some(zone),
        None => best(within(&whole), other_keyboard, characters)?,
    };
    let as_it_is = || exact.map(|zone| typed_as(&zone, other_keyboard));
    let zone = found.or_else(as_it_is).ok_or(ScanError::NoZone { characters })?;
    Ok(Scanned::of(&zone))
}

/// The zone whose digits hold and whose first line belongs to them; the longest one, for others can be pieces of it.
fn best(
    candidates: impl Iterator<Item = Characters>,
    other_keyboard: bool,
    characters: usize,
) -> Result<Option<Characters>, ScanError> {
    let mut best: Option<Characters> = None;
    let mut ambiguous = false;
    for zone in candidates.filter_map(|candidate| meant(&candidate, other_keyboard)) {
        match &best {
            _ if !is_plausible(&zone) => {}
            Some(longer) if longer.len() > zone.len() => {}
            Some(other) if other.len() == zone.len() => ambiguous |= **other != *zone,
            _ => (best, ambiguous) = (Some(zone), false),
        }
    }
    if ambiguous { Err(ScanError::Ambiguous { characters }) } else { Ok(best) }
}

/// Whether every character can stand where it does, the document is of a kind with a zone (Doc 9303-4 to -7: `P`, `A`, `C`, `I`,
/// `V`), and the issuer exists.
fn is_plausible(zone: &[u8]) -> bool {
    MachineReadableZone::parse(zone).is_ok_and(|zone| {
        zone.document_code().starts_with(['P', 'A', 'C', 'I', 'V']) && zone.issuer().is_known()
    })
}

impl Scanned {
    fn of(zone: &[u8]) -> Self {
        // A piece that grows would leave copies behind.
        let mut text = Zeroizing::new(String::with_capacity(2 * zone.len()));
        text.extend(zone.iter().copied().map(char::from));
        Self(text)
    }
}

type Characters = Zeroizing<Vec<u8>>;

/// The pieces between control characters, in capitals, without blanks and AIM identifiers.
fn lines(bytes: &[u8]) -> Zeroizing<Vec<Vec<u8>>> {
    let pieces = bytes.split(u8::is_ascii_control).map(|piece| {
        let printed = piece.iter().filter(|byte| !byte.is_ascii_whitespace());
        let mut capitals = Zeroizing::new(Vec::with_capacity(piece.len()));
        capitals.extend(printed.map(u8::to_ascii_uppercase));
        let identified = capitals.first() == Some(&b']') && capitals.len() > AIM_IDENTIFIER;
        capitals.get(if identified { AIM_IDENTIFIER + 1 } else { 0 }..).unwrap_or_default().to_vec()
    });
    Zeroizing::new(pieces.filter(|piece| !piece.is_empty()).collect())
}

/// All of it, if it has a zone's length.
fn exact(whole: &[u8]) -> Option<Characters> {
    ZONES.contains(&whole.len()).then(|| Zeroizing::new(whole.to_vec()))
}

/// As many characters as a zone has among some more.
fn within(whole: &[u8]) -> impl Iterator<Item = Characters> {
    let fitting =
        ZONES.into_iter().filter(|zone| (1..=AFFIX_MAX).contains(&whole.len().saturating_sub(*zone)));
    fitting.flat_map(|zone| whole.windows(zone)).map(|zone| Zeroizing::new(zone.to_vec()))
}

/// As many lines as a zone has, with the same number of characters before and behind each.
fn within_lines(lines: &[Vec<u8>]) -> impl Iterator<Item = Characters> {
    let length = lines.first().map_or(0, Vec::len);
    let alike = lines.iter().all(|line| line.len() == length);
    let fitting = LINES.into_iter().filter(move |(count, width)| {
        alike && lines.len() == *count && (1..=AFFIX_MAX).contains(&length.saturating_sub(*width))
    });
    fitting.flat_map(move |(_, width)| {
        (0..=length - width).map(move |before| {
            let mut zone = Zeroizing::new(Vec::with_capacity(lines.len() * width));
            for line in lines {
                zone.extend_from_slice(line.get(before..before + width).unwrap_or_default());
            }
            zone
        })
    })
}

/// What was typed, if the check digits that open a chip hold: with Y and Z as they are, or exchanged, whichever makes more
/// digits hold, and as the fillers say if they don't tell.
fn meant(characters: &[u8], other_keyboard: bool) -> Option<Characters> {
    let best = [!other_keyboard, other_keyboard].map(|exchanged| {
        let zone = typed_as(characters, exchanged);
        let raw = Raw::read(&zone).ok().filter(Raw::key_holds)?;
        Some((raw.all_hold(), zone))
    });
    best.into_iter().flatten().max_by_key(|(all_hold, _)| *all_hold).map(|(_, zone)| zone)
}

/// `;` for a filler in any case: no zone has one. Y and Z exchanged if asked for.
fn typed_as(characters: &[u8], exchanged: bool) -> Characters {
    let meant = characters.iter().map(|character| match character {
        b';' => FILLER,
        b'Y' if exchanged => b'Z',
        b'Z' if exchanged => b'Y',
        other => *other,
    });
    Zeroizing::new(meant.collect())
}

#[cfg(test)]
mod tests;
