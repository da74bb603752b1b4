//! Every card that can be inserted by name.

mod data;
mod generations;
mod others;
mod people;
mod pins;
mod proofs;

use std::sync::OnceLock;

use jiff::civil::Date;

use crate::{birds, card::Card, egk::HealthCard, persona::Persona};

/// A card with a name.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The name on the command line.
    pub name: &'static str,
    /// What is special about it, in one line.
    pub description: &'static str,
    make: Make,
}

#[derive(Debug, Clone)]
enum Make {
    Health(fn(Date) -> HealthCard),
    Other(fn() -> Card),
}

impl Entry {
    /// The card as it is on the day `today`.
    #[must_use]
    pub fn card(&self, today: Date) -> Card {
        match self.make {
            Make::Health(make) => make(today).card(),
            Make::Other(make) => make(),
        }
    }

    /// The health card's parts; `None` for another kind of card.
    #[must_use]
    pub fn health_card(&self, today: Date) -> Option<HealthCard> {
        match self.make {
            Make::Health(make) => Some(make(today)),
            Make::Other(_) => None,
        }
    }

    /// What a reader should find on a health card; `None` for another kind of card.
    #[must_use]
    pub fn persona(&self, today: Date) -> Option<Persona> {
        self.health_card(today).map(|card| card.persona)
    }
}

/// All cards, those in order first.
#[must_use]
pub fn catalogue() -> &'static [Entry] {
    static ALL: OnceLock<Vec<Entry>> = OnceLock::new();
    let kinds = [people::CARDS, data::CARDS, generations::CARDS, proofs::CARDS, pins::CARDS, others::CARDS];
    ALL.get_or_init(|| kinds.concat())
}

/// The card called `name`.
#[must_use]
pub fn find(name: &str) -> Option<&'static Entry> {
    catalogue().iter().find(|entry| entry.name == name)
}

const fn health(name: &'static str, description: &'static str, make: fn(Date) -> HealthCard) -> Entry {
    Entry { name, description, make: Make::Health(make) }
}

const fn other(name: &'static str, description: &'static str, make: fn() -> Card) -> Entry {
    Entry { name, description, make: Make::Other(make) }
}

/// A card that is nothing special.
fn plain(today: Date) -> HealthCard {
    HealthCard::new(birds::amsel(), today)
}
