//! The bytes of `PIN_VERIFY_STRUCTURE` (PC/SC Part 10, 2.5.2), which CCID readers get as they are.

use std::{ops::RangeInclusive, time::Duration};

use smartcard::{LengthForm, PinEntry};

use super::{FIRST_KEY_SECONDS_MAX, TYPING_SECONDS_MAX};

/// `bEntryValidationCondition`: the validation key was pressed.
pub(super) const VALIDATION_KEY_PRESSED: u8 = 0x02;

/// Lengths of a PIN that a format 2 block is for (ISO 9564-1).
const DIGITS: RangeInclusive<u8> = 1..=12;
/// A format 2 block that waits for its PIN: control nibble 2, length 0, filled up.
const EMPTY_BLOCK: [u8; 8] = [0x20, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];

// How a format 2 block is described. Two ways are in use: REINER SCT's own test program and the Belgian eID middleware
// send 89 47 04, OpenSC sends 41 48 04. They differ in the unit (byte 1 or bit 8, the same place), and in the length: with
// the block of 8 bytes behind the first, readers that add both up (ACS manuals, SCM SPR532) find 9 bytes where Lc says 8.

/// `bmFormatString`: positions in bytes (80), the digits begin in byte 1 of the data (08), at the left, as BCD (01).
const FORMAT_STRING: u8 = 0x89;
/// `bmPINBlockString`: the length of the PIN has 4 bits (40), the digits with their filling have 7 bytes (07).
const PIN_BLOCK_STRING: u8 = 0x47;
/// `bmPINLengthFormat`: the length of the PIN begins in bit 4 of the data.
const PIN_LENGTH_FORMAT: u8 = 0x04;

/// `bNumberMessage` for a reader without a display.
const NO_MESSAGE: u8 = 0x00;
/// `bNumberMessage`: the reader shows what it shows by default, in its own language.
const DEFAULT_MESSAGE: u8 = 0xFF;
/// `wLangId`, `bMsgIndex` and `bTeoPrologue`, which say nothing then.
const LANGUAGE: [u8; 2] = [0; 2];
const MESSAGE_INDEX: u8 = 0;
const T1_PROLOGUE: [u8; 3] = [0; 3];

/// How long the reader waits for the person, in seconds. Never zero, which stands for the reader's own idea.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Timers {
    /// `bTimerOut`: until the entry has begun; for a reader that knows one time only, until it has ended.
    pub(super) first_key: u8,
    /// `bTimerOut2`: from the first key on.
    pub(super) typing: u8,
}

impl Timers {
    /// As much time as there is, a third of it for typing; `None` if less than a second each.
    pub(super) fn within(patience: Duration) -> Option<Self> {
        let typing = Self::seconds(patience.as_secs() / 3, TYPING_SECONDS_MAX)?;
        let first_key = Self::seconds(patience.as_secs() - u64::from(typing), FIRST_KEY_SECONDS_MAX)?;
        Some(Self { first_key, typing })
    }

    fn seconds(seconds: u64, most: u8) -> Option<u8> {
        Some(u8::try_from(seconds).unwrap_or(most).min(most)).filter(|seconds| *seconds > 0)
    }
}

/// `None` for an entry that isn't what [`PinEntry`] says of itself. There is no secret in it yet.
pub(super) fn pin_verify_structure(
    entry: &PinEntry,
    timers: Timers,
    shows_messages: bool,
) -> Option<Vec<u8>> {
    let PinEntry { template, digits_min, digits_max } = entry;
    let is_entry = template.data() == EMPTY_BLOCK
        && template.ne() == 0
        && DIGITS.contains(digits_min)
        && DIGITS.contains(digits_max)
        && digits_min <= digits_max;
    if !is_entry {
        return None;
    }
    let command = template.encode(LengthForm::Short);
    let number_message = if shows_messages { DEFAULT_MESSAGE } else { NO_MESSAGE };
    let mut bytes = vec![timers.first_key, timers.typing, FORMAT_STRING, PIN_BLOCK_STRING, PIN_LENGTH_FORMAT];
    // wPINMaxExtraDigit, in little endian as all words here.
    bytes.extend_from_slice(&[*digits_max, *digits_min, VALIDATION_KEY_PRESSED, number_message]);
    bytes.extend_from_slice(&LANGUAGE);
    bytes.push(MESSAGE_INDEX);
    bytes.extend_from_slice(&T1_PROLOGUE);
    bytes.extend_from_slice(&u32::try_from(command.len()).ok()?.to_le_bytes());
    bytes.extend_from_slice(&command);
    Some(bytes)
}
