//! What readers there are and what is in them.

use std::{fmt, time::Duration};

use pcsc::{Context, Error, PNP_NOTIFICATION, State};

use crate::service::{self, ServiceState};

/// pcsc-lite refuses to watch more than 16 (`PCSCLITE_MAX_READERS_CONTEXTS`), and one of them is the notification of
/// new readers. A desk has one or two.
const READERS_MAX: usize = 15;

/// The whole picture of readers and cards. Equal pictures are told once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReaderEvent {
    /// Without [`ServiceState::Running`] there are no readers.
    pub service: ServiceState,
    /// In the order in which they came, at first the service's.
    pub readers: Vec<ReaderState>,
}

impl ReaderEvent {
    /// The picture while the service doesn't answer.
    pub(crate) fn without_readers(service: ServiceState) -> Self {
        Self { service, readers: Vec::new() }
    }

    /// The reader of this name.
    #[must_use]
    pub fn reader(&self, name: &str) -> Option<&ReaderState> {
        self.readers.iter().find(|reader| reader.name == name)
    }
}

/// One reader and what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReaderState {
    /// The service's name for it, by which a [`crate::Session`] is opened.
    pub name: String,
    /// What it holds.
    pub card: CardState,
    /// Insertions and removals that the service has counted, modulo 2¹⁶: the same number and a present card mean the
    /// same card, even if its twin was swapped in between two looks.
    pub changes: u32,
}

/// What a reader holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CardState {
    /// Nothing.
    Empty,
    /// A card that has answered the reset.
    Present {
        /// What it answered.
        atr: Atr,
        /// Another program (or we) holds it exclusively.
        in_use: bool,
    },
    /// A card that doesn't answer: upside down, dirty or broken.
    Mute,
}

/// Answer to reset (ISO/IEC 7816-3, 8.2); empty where the service powers a card only when it is used.
///
/// It says how to talk to a chip, not which card it is: health cards share theirs with professional cards.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Atr(Vec<u8>);

impl Atr {
    /// The bytes from TS to TCK.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// On which interface the card is. A reader makes the ATR of a contactless card itself: `3B 8n 80 01`, n historical
    /// bytes, TCK (PC/SC Part 3, 3.1.3.2.3).
    #[must_use]
    pub fn interface(&self) -> Interface {
        match self.0.as_slice() {
            [0x3B, 0x80..=0x8F, 0x80, 0x01, ..] => Interface::Contactless,
            _ => Interface::Contact,
        }
    }

    /// Whether it is a contactless memory card (a ticket, a door key), which answers no APDU of ISO/IEC 7816-4: the
    /// reader puts `A0 00 00 03 06` into its ATR, the PC/SC workgroup's own identifier (PC/SC Part 3, 3.1.3.2.3.2).
    #[must_use]
    pub fn is_memory_card(&self) -> bool {
        matches!(self.0.as_slice(), [0x3B, 0x8F, 0x80, 0x01, 0x80, 0x4F, _, 0xA0, 0x00, 0x00, 0x03, 0x06, ..])
    }
}

impl From<&[u8]> for Atr {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }
}

impl fmt::Debug for Atr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

/// Between reader and card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Interface {
    /// ISO/IEC 7816-3.
    Contact,
    /// ISO/IEC 14443.
    Contactless,
}

/// The picture of this moment.
#[must_use]
pub fn look() -> ReaderEvent {
    let context = match service::establish() {
        Ok(context) => context,
        Err(state) => return ReaderEvent::without_readers(state),
    };
    Watch::new(&context)
        .next(Duration::ZERO)
        .unwrap_or_else(|_| ReaderEvent::without_readers(ServiceState::Down))
}

/// One connection's memory of what it has seen.
pub(crate) struct Watch<'a> {
    context: &'a Context,
    /// The notification of new readers, then the readers.
    states: Vec<pcsc::ReaderState>,
}

impl<'a> Watch<'a> {
    pub(crate) fn new(context: &'a Context) -> Self {
        Self { context, states: vec![pcsc::ReaderState::new(PNP_NOTIFICATION(), State::UNAWARE)] }
    }

    /// Waits until something differs from the picture before, at most `wait`, and returns the picture.
    ///
    /// # Errors
    /// Those of PC/SC; a picture can be had again from a new connection.
    pub(crate) fn next(&mut self, wait: Duration) -> Result<ReaderEvent, Error> {
        self.list()?;
        match self.context.get_status_change(wait, &mut self.states) {
            Ok(()) | Err(Error::Timeout) => {}
            Err(error) => return Err(error),
        }
        for state in &mut self.states {
            state.sync_current_state();
        }
        let readers = self.states.iter().skip(1).filter_map(reader_state).collect();
        Ok(ReaderEvent { service: ServiceState::Running, readers })
    }

    /// Forgets readers that are gone and adds new ones.
    fn list(&mut self) -> Result<(), Error> {
        let mut names = self.context.list_readers_owned()?;
        if names.len() > READERS_MAX {
            tracing::debug!(readers = names.len(), "only the first {READERS_MAX} readers are watched");
            names.truncate(READERS_MAX);
        }
        self.states.retain(|state| {
            state.name() == PNP_NOTIFICATION() || names.iter().any(|name| name.as_c_str() == state.name())
        });
        names.retain(|name| self.states.iter().all(|state| state.name() != name.as_c_str()));
        self.states.extend(names.into_iter().map(|name| pcsc::ReaderState::new(name, State::UNAWARE)));
        Ok(())
    }
}

/// `None` for a reader that is being unplugged.
fn reader_state(state: &pcsc::ReaderState) -> Option<ReaderState> {
    let seen = state.event_state();
    if seen.intersects(State::UNKNOWN | State::UNAVAILABLE | State::IGNORE) {
        return None;
    }
    let card = if seen.contains(State::MUTE) {
        CardState::Mute
    } else if seen.contains(State::PRESENT) {
        CardState::Present { atr: state.atr().into(), in_use: seen.contains(State::EXCLUSIVE) }
    } else {
        CardState::Empty
    };
    Some(ReaderState {
        name: state.name().to_string_lossy().into_owned(),
        card,
        changes: state.event_count(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_atr_that_the_reader_made_for_a_contactless_card_says_so() {
        // pcsc-tools smartcard_list.txt: health cards, contactless and contact.
        let contactless = [0x3B, 0x85, 0x80, 0x01, 0x30, 0x01, 0x01, 0x30, 0x10, 0x14];
        let contact = [0x3B, 0xD3, 0x96, 0xFF, 0x81, 0xB1, 0xFE, 0x45, 0x1F, 0x07, 0x80, 0x81, 0x05, 0x2D];
        assert_eq!(Atr::from(&contactless[..]).interface(), Interface::Contactless);
        assert_eq!(Atr::from(&contact[..]).interface(), Interface::Contact);
        assert_eq!(Atr::from(&[][..]).interface(), Interface::Contact);
    }

    #[test]
    fn a_contactless_memory_card_is_told_from_a_health_card() {
        // pcsc-tools smartcard_list.txt: MIFARE Classic 1K, and a health card.
        let ticket = [
            0x3B, 0x8F, 0x80, 0x01, 0x80, 0x4F, 0x0C, 0xA0, 0x00, 0x00, 0x03, 0x06, 0x03, 0x00, 0x01, 0x00,
            0x00, 0x00, 0x00, 0x6A,
        ];
        let health_card = [0x3B, 0x85, 0x80, 0x01, 0x30, 0x01, 0x01, 0x30, 0x10, 0x14];
        assert_eq!(Atr::from(&ticket[..]).interface(), Interface::Contactless);
        assert!(Atr::from(&ticket[..]).is_memory_card());
        assert!(!Atr::from(&health_card[..]).is_memory_card());
        let mut other_identifier = ticket;
        other_identifier[11] = 0x07;
        assert!(!Atr::from(&other_identifier[..]).is_memory_card());
    }
}
