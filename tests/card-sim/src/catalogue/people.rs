//! Cards in order, of all kinds of people.

use super::{Entry, health, plain};
use crate::{birds, egk::HealthCard};

/// Cards of this kind.
pub(super) static CARDS: &[Entry] = &[
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
        "Prof. Dr. rer. nat. Zacharias Graf von und zu Zaunkönig: every field there is, CAN 000000",
        |today| HealthCard { can: "000000".to_owned(), ..HealthCard::new(birds::zaunkoenig(today), today) },
    ),
];
