//! Every card that can be inserted by name.

mod data;
mod generations;
mod others;
mod people;
mod pins;
mod proofs;
mod travel;

use std::sync::OnceLock;

use jiff::civil::Date;

use crate::{
    birds,
    card::Card,
    egk::HealthCard,
    persona::Persona,
    travel::{KeyFields, Kind, TravelDocument},
};

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
    Travel(fn(Date) -> TravelDocument),
    Other(fn() -> Card),
}

impl Entry {
    /// The card as it is on the day `today`.
    #[must_use]
    pub fn card(&self, today: Date) -> Card {
        match self.make {
            Make::Health(make) => make(today).card(),
            Make::Travel(make) => make(today).card(),
            Make::Other(make) => make(),
        }
    }

    /// The health card's parts; `None` for another kind of card.
    #[must_use]
    pub fn health_card(&self, today: Date) -> Option<HealthCard> {
        match self.make {
            Make::Health(make) => Some(make(today)),
            Make::Travel(_) | Make::Other(_) => None,
        }
    }

    /// The travel document's parts; `None` for another kind of card.
    #[must_use]
    pub fn travel_document(&self, today: Date) -> Option<TravelDocument> {
        match self.make {
            Make::Travel(make) => Some(make(today)),
            Make::Health(_) | Make::Other(_) => None,
        }
    }

    /// The card access number printed on the card, if it has one that anything asks for.
    #[must_use]
    pub fn can(&self, today: Date) -> Option<String> {
        match self.make {
            Make::Health(make) => Some(make(today).can),
            Make::Travel(make) => make(today).can,
            Make::Other(_) => None,
        }
    }

    /// The lines of a travel document's machine-readable zone.
    #[must_use]
    pub fn zone(&self, today: Date) -> Option<Vec<String>> {
        self.travel_document(today).map(|document| document.zone())
    }

    /// What of a travel document's zone is typed to open its chip; `None` if the zone is nobody's.
    #[must_use]
    pub fn key_fields(&self, today: Date) -> Option<KeyFields> {
        let document = self.travel_document(today)?;
        (document.kind != Kind::UnionCard).then(|| document.key_fields())
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
    ALL.get_or_init(|| kinds.into_iter().chain(travel::CARDS).flatten().cloned().collect())
}

/// The card called `name`.
#[must_use]
pub fn find(name: &str) -> Option<&'static Entry> {
    catalogue().iter().find(|entry| entry.name == name)
}

const fn health(name: &'static str, description: &'static str, make: fn(Date) -> HealthCard) -> Entry {
    Entry { name, description, make: Make::Health(make) }
}

const fn document(name: &'static str, description: &'static str, make: fn(Date) -> TravelDocument) -> Entry {
    Entry { name, description, make: Make::Travel(make) }
}

const fn other(name: &'static str, description: &'static str, make: fn() -> Card) -> Entry {
    Entry { name, description, make: Make::Other(make) }
}

/// A card that is nothing special.
fn plain(today: Date) -> HealthCard {
    HealthCard::new(birds::amsel(), today)
}
