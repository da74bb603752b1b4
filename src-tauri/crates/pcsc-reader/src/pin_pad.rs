//! A PIN typed at the reader's own pad (PC/SC Part 10, "IFDs with Secure PIN Entry Capabilities", v2.02.09).

mod structure;

use std::{ffi::CString, time::Duration};

use pcsc::{Card, Disposition, Error, Protocols, ShareMode, ffi::DWORD};
use smartcard::{ChannelError, PinEntry, ResponseApdu};

use crate::{Interface, error::channel_error, service};
use structure::{Timers, pin_verify_structure};

/// The longest that a PIN entry takes: 60 s until it is begun, 30 s to type. Deadlines of jobs with one should leave as
/// much, or the person at the pad has less.
pub const PIN_ENTRY_MAX: Duration =
    Duration::from_secs(FIRST_KEY_SECONDS_MAX as u64 + TYPING_SECONDS_MAX as u64);

/// To put on glasses and to remember.
const FIRST_KEY_SECONDS_MAX: u8 = 60;
/// To type eight digits without haste.
const TYPING_SECONDS_MAX: u8 = 30;

/// `CM_IOCTL_GET_FEATURE_REQUEST`, the same number in pcsc-lite and Windows before the system's own arithmetic.
const GET_FEATURE_REQUEST: DWORD = 3400;
/// `FEATURE_VERIFY_PIN_DIRECT`
const VERIFY_PIN_DIRECT: u8 = 0x06;
/// `FEATURE_IFD_PIN_PROPERTIES`
const IFD_PIN_PROPERTIES: u8 = 0x0A;

/// Room for the list of features: what pcsc-lite passes through (`MAX_BUFFER_SIZE`), and more than the 20 features that
/// there are need.
const FEATURES_BYTES_MAX: usize = 264;
/// `PIN_PROPERTIES_STRUCTURE` has four bytes; its first version had five.
const PROPERTIES_BYTES_MAX: usize = 16;
/// The answer is a status word; room for two more, to see that a longer one is none.
const ANSWER_BYTES_MAX: usize = 4;

/// `SCardControl`, which in tests a pad of paper answers.
pub(crate) trait Control {
    /// Has the reader's driver do something and returns how many bytes it put into `room`.
    fn control(&self, code: DWORD, data: &[u8], room: &mut [u8]) -> Result<usize, Error>;
}

impl Control for Card {
    fn control(&self, code: DWORD, data: &[u8], room: &mut [u8]) -> Result<usize, Error> {
        Self::control(self, code, data, room).map(<[u8]>::len)
    }
}

/// Why a PIN entry has no answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The reader has no pad, or none that ends an entry by a key: nobody was asked.
    NoPinPad,
    /// The time doesn't suffice to ask: nobody was asked.
    TooLate,
    /// The service, the reader or the card failed.
    NoAnswer(Error),
    /// More or less than a status word came.
    Malformed,
}

/// Whether the reader has a pad that can be used for a PIN, whatever card is in it, or none.
///
/// Asks the driver, not the reader itself. Waits as long as another program, or a job of ours, has the reader's card
/// for itself, so it's nothing for a thread that draws windows. A reader that can't be asked (gone, held exclusively,
/// service down) is one without a pad.
#[must_use]
pub fn has_pin_pad(reader: &str) -> bool {
    let Ok(name) = CString::new(reader) else { return false };
    let Ok(context) = service::establish() else { return false };
    let connected = context.connect(&name, ShareMode::Direct, Protocols::UNDEFINED);
    let Ok(connected) = connected else { return false };
    let usable = Pad::of(&connected).is_ok();
    if let Err((_, error)) = connected.disconnect(Disposition::LeaveCard) {
        tracing::debug!(code = error as u32, "the reader was gone before it was left");
    }
    usable
}

/// Has the person type the PIN and the reader send it, within `patience`. Never over the air, where a PIN must go
/// encrypted by us.
pub(crate) fn verify(
    reader: &impl Control,
    interface: Interface,
    entry: &PinEntry,
    patience: Duration,
) -> Result<ResponseApdu, Refusal> {
    if interface == Interface::Contactless {
        return Err(Refusal::NoPinPad);
    }
    let pad = Pad::of(reader)?;
    let timers = Timers::within(patience).ok_or(Refusal::TooLate)?;
    let structure = pin_verify_structure(entry, timers, pad.shows_messages)
        .ok_or(Refusal::NoAnswer(Error::InvalidParameter))?;
    let mut room = [0; ANSWER_BYTES_MAX];
    let length = reader.control(pad.verify, &structure, &mut room).map_err(Refusal::NoAnswer)?;
    match room.get(..length) {
        Some(status @ [_, _]) => ResponseApdu::decode(status).map_err(|_| Refusal::Malformed),
        // What some drivers make of a card that is pulled meanwhile.
        Some([]) => Err(Refusal::NoAnswer(Error::NotTransacted)),
        Some(_) | None => Err(Refusal::Malformed),
    }
}

/// A pad at which a PIN can be typed.
#[derive(Debug)]
struct Pad {
    /// The control code to begin an entry.
    verify: DWORD,
    shows_messages: bool,
}

impl Pad {
    fn of(reader: &impl Control) -> Result<Self, Refusal> {
        let features = Features::of(reader)?;
        let verify = features.code(VERIFY_PIN_DIRECT).ok_or(Refusal::NoPinPad)?;
        let properties = features.code(IFD_PIN_PROPERTIES).and_then(|code| Properties::of(reader, code));
        if properties.is_some_and(|it| !it.ends_by_key()) {
            return Err(Refusal::NoPinPad);
        }
        Ok(Self { verify, shows_messages: properties.is_some_and(Properties::has_display) })
    }
}

/// What the reader offers and by which control codes: tag, length 4, code in big endian (Part 10, 2.2).
#[derive(Debug)]
struct Features([u8; FEATURES_BYTES_MAX], usize);

impl Features {
    fn of(reader: &impl Control) -> Result<Self, Refusal> {
        let mut room = [0; FEATURES_BYTES_MAX];
        match reader.control(pcsc::ctl_code(GET_FEATURE_REQUEST), &[], &mut room) {
            Ok(length) => Ok(Self(room, length)),
            Err(error) if is_loss(error) => Err(Refusal::NoAnswer(error)),
            // Each driver has its own way of not knowing the request.
            Err(_) => Err(Refusal::NoPinPad),
        }
    }

    fn code(&self, feature: u8) -> Option<DWORD> {
        control_code(self.0.get(..self.1)?, feature)
    }
}

/// Whether there is nobody left to have a pad.
fn is_loss(error: Error) -> bool {
    let lost = [ChannelError::CardRemoved, ChannelError::ReaderRemoved, ChannelError::ServiceLost];
    lost.contains(&channel_error(error))
}

/// The control code of a feature; none if the list is broken before it.
fn control_code(mut list: &[u8], feature: u8) -> Option<DWORD> {
    loop {
        let (&[tag, length], rest) = list.split_first_chunk::<2>()?;
        let (value, next) = rest.split_at_checked(usize::from(length))?;
        if tag == feature {
            return Some(DWORD::from(u32::from_be_bytes(value.try_into().ok()?)));
        }
        list = next;
    }
}

/// `PIN_PROPERTIES_STRUCTURE`, as far as it matters here (Part 10, 2.5.5).
#[derive(Debug, Clone, Copy)]
struct Properties {
    /// Columns, then lines; zero without a display.
    lcd_layout: [u8; 2],
    /// What may end an entry, as in [`structure::VALIDATION_KEY_PRESSED`]; zero if the reader doesn't say.
    entry_validation_condition: u8,
}

impl Properties {
    /// `None` where a reader offers them and then doesn't tell.
    fn of(reader: &impl Control, code: DWORD) -> Option<Self> {
        let mut room = [0; PROPERTIES_BYTES_MAX];
        let length = reader.control(code, &[], &mut room).ok()?;
        let &[columns, lines, entry_validation_condition] = room.get(..length)?.first_chunk()?;
        Some(Self { lcd_layout: [columns, lines], entry_validation_condition })
    }

    fn has_display(self) -> bool {
        self.lcd_layout != [0, 0]
    }

    /// Without such a key a PIN shorter than the longest never ends.
    fn ends_by_key(self) -> bool {
        self.entry_validation_condition == 0
            || self.entry_validation_condition & structure::VALIDATION_KEY_PRESSED != 0
    }
}

#[cfg(test)]
mod tests;
