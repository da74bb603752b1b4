//! Asking for a PIN at the reader's own pad.

use crate::apdu::CommandApdu;

/// A PIN to be typed at the reader's own pad, and the command that the reader completes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinEntry {
    /// The command with its PIN block still empty: a format 2 block (ISO 9564-1) of eight bytes,
    /// `20 FF FF FF FF FF FF FF`, as its data.
    pub template: CommandApdu,
    /// Fewest digits, 1 to 12.
    pub digits_min: u8,
    /// Most digits, 1 to 12.
    pub digits_max: u8,
}
