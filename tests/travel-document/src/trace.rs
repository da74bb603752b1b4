//! What a chip was asked: the simulator's record of a reading.

use card_sim::{Exchange, travel::FileId};

const SELECT: u8 = 0xA4;
const READ_BINARY: u8 = 0xB0;
/// READ BINARY with the offset as a data object.
const READ_BINARY_OF_LONG_FILES: u8 = 0xB1;
/// P1 of SELECT: an elementary file of the current folder.
const ELEMENTARY_FILE: u8 = 0x02;

/// DG1: the zone.
pub const ZONE: u16 = FileId::data_group(1).fid;
/// DG2: the face.
pub const FACE: u16 = FileId::data_group(2).fid;

/// The files that a reading may ever touch (ICAO Doc 9303-10), by their identifiers: EF.CardAccess;
/// EF.CardSecurity or EF.SOD; EF.DIR; DG1, DG2, DG14, DG15.
const ADMISSIBLE: [u16; 7] = [0x011C, 0x011D, 0x2F00, ZONE, FACE, 0x010E, 0x010F];
/// Their short identifiers.
const ADMISSIBLE_SHORT: [u8; 7] = [0x1C, 0x1D, 0x1E, 0x01, 0x02, 0x0E, 0x0F];

/// Whether the command reads from a file.
#[must_use]
pub fn is_read(exchange: &Exchange) -> bool {
    matches!(exchange.header(), [_, READ_BINARY | READ_BINARY_OF_LONG_FILES, ..])
}

/// The first command that touches a file which no reading may touch, selecting and reading alike. The header
/// of a protected command is in the clear, and the chip tells which file it led to.
#[must_use]
pub fn trespass(trace: &[Exchange]) -> Option<&Exchange> {
    trace.iter().find(|exchange| {
        let touches_file = is_read(exchange) || matches!(exchange.header(), [_, SELECT, ELEMENTARY_FILE, _]);
        let short = match *exchange.header() {
            [_, READ_BINARY, p1, _] if p1 & 0x80 != 0 => Some(p1 & 0x1F),
            [_, READ_BINARY_OF_LONG_FILES, _, p2] if p2 != 0 => Some(p2),
            _ => None,
        };
        touches_file
            && (short.is_some_and(|sfi| !ADMISSIBLE_SHORT.contains(&sfi))
                || exchange.file.is_some_and(|file| !ADMISSIBLE.contains(&file)))
    })
}

/// Whether a file was ever the current one.
#[must_use]
pub fn touches(trace: &[Exchange], file: u16) -> bool {
    trace.iter().any(|exchange| exchange.file == Some(file))
}

/// How often the chip was opened, by PACE or BAC.
#[must_use]
pub fn openings(trace: &[Exchange]) -> usize {
    // MSE:Set AT for mutual authentication; EXTERNAL AUTHENTICATE.
    trace.iter().filter(|it| matches!(it.header(), [_, 0x22, 0xC1, 0xA4] | [_, 0x82, ..])).count()
}
