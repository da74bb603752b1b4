//! Cards whose data are odd, or wrong.

use jiff::civil::Date;

use super::{Entry, health, plain};
use crate::{
    damage::Damage,
    egk::HealthCard,
    persona::{PrivateTariff, Protected, Reimbursement, Street, Suspension},
    vsd::Style,
};

/// Cards of this kind.
pub(super) static CARDS: &[Entry] = &[
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
    health("amsel-sparse-address", "an address of place and country only", |today| {
        let mut card = plain(today);
        let home = card.persona.street.take();
        let sparse = |home| Street { postal_code: None, street: None, house_number: None, ..home };
        card.persona.street = home.map(sparse);
        card
    }),
    health("amsel-all-options", "every optional element of insurance and protected data", |today| {
        let mut card = plain(today);
        card.persona.reimbursement =
            Some(Reimbursement { medical: true, dental: true, inpatient: false, prescribed: false });
        card.persona.protected = Protected {
            exempt_until: Some(today.last_of_year()),
            special_group: Some('4'),
            disease_management: Some('1'),
            contracts: Some("1000".to_owned()),
            suspension: Some(Suspension { from: today, to: None, kind: '2' }),
        };
        card
    }),
    health("amsel-pkv", "a private insurer's card (schema PKV 1.0)", |today| {
        let mut card = private(today);
        card.style = Style::private();
        card
    }),
    health("amsel-pkv-old", "a private insurer's card in the namespace of the statutory ones", private),
];

fn private(today: Date) -> HealthCard {
    let mut card = plain(today);
    card.persona.private_tariff = Some(PrivateTariff::full());
    card
}

fn damaged(damage: Damage, today: Date) -> HealthCard {
    HealthCard { damage: Some(damage), ..plain(today) }
}
