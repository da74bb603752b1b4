//! Passports, identity cards and residence permits with a chip.

mod chips;
mod foreign;
mod german;
mod protocols;
mod signatures;

use jiff::civil::Date;

use super::{Entry, document};
use crate::{
    birds,
    persona::Persona,
    travel::{Kind, State, TravelDocument},
};

/// Documents of this kind, those in order first.
pub(super) static CARDS: [&[Entry]; 5] =
    [german::CARDS, foreign::CARDS, protocols::CARDS, signatures::CARDS, chips::CARDS];

/// A German passport that is nothing special.
fn plain(today: Date) -> TravelDocument {
    TravelDocument::german_passport(birds::amsel(), today)
}

/// A passport that opens by PACE or BAC and has neither chip nor active authentication.
fn simple(persona: Persona, state: State, today: Date) -> TravelDocument {
    TravelDocument::new(persona, Kind::Passport, state, today)
}
