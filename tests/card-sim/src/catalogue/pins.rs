//! Cards whose PIN can't simply be used.

use super::{Entry, health, plain};
use crate::{
    egk::HealthCard,
    pin::{Pin, PinState},
};

/// Cards of this kind.
pub(super) static CARDS: &[Entry] = &[
    health("amsel-pin-transport", "the PIN came by letter and must be changed first (62C1)", |today| {
        HealthCard { pin: Pin::in_state(PinState::Transport), ..plain(today) }
    }),
    health("amsel-pin-empty", "no PIN was set yet (62C7)", |today| HealthCard {
        pin: Pin::in_state(PinState::Empty),
        ..plain(today)
    }),
    health("amsel-pin-disabled", "no PIN is asked for (62D0)", |today| HealthCard {
        pin: Pin::in_state(PinState::Disabled),
        ..plain(today)
    }),
    health("amsel-pin-last-try", "one try left (63C1)", |today| HealthCard {
        pin: Pin::with_tries(1),
        ..plain(today)
    }),
    health("amsel-pin-blocked", "no try left (6983)", |today| HealthCard {
        pin: Pin::with_tries(0),
        ..plain(today)
    }),
];
