//! Every card that can be inserted by name.

use jiff::civil::Date;

use crate::{
    birds,
    card::{Card, Options},
    damage::Damage,
    egk::{HealthCard, ObjectSystem},
    other,
    persona::{Persona, Street},
    vsd::Style,
};

/// A card with a name.
#[derive(Debug)]
pub struct Entry {
    /// The name on the command line.
    pub name: &'static str,
    /// What is special about it, in one line.
    pub description: &'static str,
    make: Make,
}

#[derive(Debug)]
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
    CATALOGUE
}

/// The card called `name`.
#[must_use]
pub fn find(name: &str) -> Option<&'static Entry> {
    CATALOGUE.iter().find(|entry| entry.name == name)
}

const fn health(name: &'static str, description: &'static str, make: fn(Date) -> HealthCard) -> Entry {
    Entry { name, description, make: Make::Health(make) }
}

const fn other(name: &'static str, description: &'static str, make: fn() -> Card) -> Entry {
    Entry { name, description, make: Make::Other(make) }
}

static CATALOGUE: &[Entry] = &[
    health("amsel", "Andrea Amsel, G2.1: nothing special", plain),
    health(
        "buntspecht",
        "Dr. med. Bernd Benjamin Graf von und zu Buntspecht: title, suffix, prefix",
        |today| HealthCard::new(birds::buntspecht(today), today),
    ),
    health("carolinataube", "Charlie Carolinataube: divers, address supplement", |today| {
        HealthCard::new(birds::carolinataube(), today)
    }),
    health("dohle", "Dr. rer. nat. Dara Dohle: sex X, post-office box and street", |today| {
        HealthCard::new(birds::dohle(), today)
    }),
    health("elster", "Elke Freifrau an der Elster: post-office box in Austria, ß in the street", |today| {
        HealthCard::new(birds::elster(today), today)
    }),
    health("fasan", "Prof. Dr. med. Frank Florian von Fasan: lives in Switzerland", |today| {
        HealthCard::new(birds::fasan(today), today)
    }),
    health("graugans", "Gabriele Edle von der Graugans: umlauts in the address", |today| {
        HealthCard::new(birds::graugans(), today)
    }),
    health("habicht", "Dr.-Ing. Hans vorm Habicht: insurance ended a month ago", |today| {
        HealthCard::new(birds::habicht(today), today)
    }),
    health("ibis", "Ingrid Ibis: lives in Luxembourg", |today| HealthCard::new(birds::ibis(today), today)),
    health("junko", "Jens-Jörg Junko: day of birth unknown", |today| HealthCard::new(birds::junko(), today)),
    health("kiebitz", "Karin Kiebitz: only the year of birth known, post-office box only", |today| {
        HealthCard::new(birds::kiebitz(), today)
    }),
    health("lachmoewe", "Lisa Lachmöwe: a child, umlauts and ß", |today| {
        HealthCard::new(birds::lachmoewe(), today)
    }),
    health("mittelspecht", "Michael-Martin Mittelspecht: a child", |today| {
        HealthCard::new(birds::mittelspecht(), today)
    }),
    health("nachtigall", "Nina Nicole Nachtigall: a young person", |today| {
        HealthCard::new(birds::nachtigall(), today)
    }),
    health("ortolan", "Oliver Ortolan: a young person", |today| HealthCard::new(birds::ortolan(), today)),
    health("pinguin", "Paula Pinguin: country code of three letters", |today| {
        HealthCard::new(birds::pinguin(), today)
    }),
    health(
        "zaunkoenig",
        "Prof. Dr. rer. nat. Zacharias Graf von und zu Zaunkönig: every field there is",
        |today| HealthCard::new(birds::zaunkoenig(today), today),
    ),
    health("amsel-latin9", "the characters that only ISO-8859-15 has, and &, <, > in the address", |today| {
        let mut card = plain(today);
        let home = card.persona.street.take();
        card.persona.street =
            home.map(|home| Street { supplement: Some("€ Š š Ž ž Œ œ Ÿ <&>".to_owned()), ..home });
        card
    }),
    health("amsel-no-address", "no address at all", |today| {
        let mut card = plain(today);
        card.persona.street = None;
        card
    }),
    health("amsel-g2", "generation G2, product type version 4.3.2", |today| HealthCard {
        object_system: ObjectSystem::G2,
        ..plain(today)
    }),
    health("amsel-g3", "generation G3, product type version 5.0.0", |today| HealthCard {
        object_system: ObjectSystem::G3,
        ..plain(today)
    }),
    health("amsel-no-gvd", "no copy of the protected data in EF.VD (pointers FFFF)", |today| HealthCard {
        protected_copy: false,
        ..plain(today)
    }),
    health("amsel-zero-filled", "data files filled with zeros to their reserved size", |today| HealthCard {
        zero_filled: true,
        ..plain(today)
    }),
    health("amsel-prefixed", "elements with the prefix vsdp:, no standalone declaration", |today| {
        let style = Style { prefix: Some("vsdp".to_owned()), standalone: false, ..Style::default() };
        HealthCard { style, ..plain(today) }
    }),
    health("amsel-transaction-open", "an update was interrupted (EF.StatusVD 1)", |today| HealthCard {
        transaction_open: true,
        ..plain(today)
    }),
    health("amsel-deactivated", "the insurer locked the health application (6283)", |today| HealthCard {
        deactivated: true,
        ..plain(today)
    }),
    health("amsel-short-only", "refuses extended length (6700)", |today| HealthCard {
        options: Options { short_only: true, ..Options::default() },
        ..plain(today)
    }),
    health("amsel-get-response", "response data waits for GET RESPONSE (61xx)", |today| HealthCard {
        options: Options { get_response: true, ..Options::default() },
        ..plain(today)
    }),
    health("amsel-lenient", "takes the commands of OpenSC's egk-tool", |today| HealthCard {
        options: Options { lenient: true, ..Options::default() },
        ..plain(today)
    }),
    health("amsel-mute", "answers to reset and to nothing else", |today| HealthCard {
        options: Options { mute: true, ..Options::default() },
        ..plain(today)
    }),
    health("bad-length", "EF.PD: the length field points behind the file", |today| {
        damaged(Damage::LengthBeyondFile, today)
    }),
    health("bad-gzip", "EF.PD: a bit of the gzip stream is flipped", |today| {
        damaged(Damage::CorruptGzip, today)
    }),
    health("bad-bomb", "EF.PD: the gzip stream grows to 400 kB", |today| damaged(Damage::GzipBomb, today)),
    health("bad-shape", "EF.PD: the element Person is missing", |today| damaged(Damage::WrongShape, today)),
    health("bad-xml", "EF.PD: the XML ends in the middle", |today| damaged(Damage::TornXml, today)),
    health("bad-namespace", "XML of a namespace that nobody knows", |today| {
        let style = Style { namespace: "urn:example:unknown".to_owned(), ..Style::default() };
        HealthCard { style, ..plain(today) }
    }),
    health("bad-name", "a family name of 60 characters where the schema allows 45", |today| {
        let mut card = plain(today);
        card.persona.family_name = "Amsel-".repeat(10);
        card
    }),
    health("bad-kvnr", "the KVNR's check digit is wrong", |today| {
        let mut card = plain(today);
        card.persona.kvnr = "A123456781".to_owned();
        card
    }),
    health("full-850", "EF.PD in order, and full to its last of 850 bytes", |today| {
        damaged(Damage::FullFile, today)
    }),
    other("hba", "a health professional card: no health application (6A82)", other::hba),
    other("smc-b", "a practice's card: no health application (6A82)", other::smc_b),
    other(
        "passport",
        "a passport: no health application (6A82), files only after BAC or PACE",
        other::passport,
    ),
    other("upside-down", "something is in the reader and doesn't answer to reset", other::upside_down),
    other("garbage-atr", "an answer to reset that makes no sense", other::garbage_atr),
];

fn plain(today: Date) -> HealthCard {
    HealthCard::new(birds::amsel(), today)
}

fn damaged(damage: Damage, today: Date) -> HealthCard {
    HealthCard { damage: Some(damage), ..plain(today) }
}
