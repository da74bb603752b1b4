//! How far a reading reaches: what isn't admitted isn't read, and some files never are.

use anyhow::{Context, Result, ensure};
use card_sim::{
    Card, Exchange, find,
    travel::{FileId, TravelDocument},
};
use health_card::readers::Readers;
use mrtd::{Admission, Admitted, Disclosure, DocumentReading, IssuedBy, Reason, Verdict, mrz::DocumentKind};
use smartcard::ExtendedLength;
use travel_document::{
    reading::{EVERYTHING, Key, TODAY, Wanted, ZONE_ALONE, admitting, reading},
    trace::{FACE, ZONE, touches, trespass},
};

use crate::Test;

/// One of each kind: PACE with and without mapping, BAC, a card, a permit, foreign ones.
const DOCUMENTS: &[&str] = &[
    "passport-amsel",
    "passport-without-mapping",
    "passport-bac-only",
    "id-card-amsel",
    "residence-permit-bac",
    "passport-netherlands",
    "passport-belgium",
    "id-card-ukraine",
];

/// EF.COM with the tags of DG1, DG2, DG3, DG11, DG12 and DG14 (Doc 9303-10, 4.6.1).
const COMMON: [u8; 26] = [
    0x60, 0x18, 0x5F, 0x01, 0x04, 0x30, 0x31, 0x30, 0x37, 0x5F, 0x36, 0x06, 0x30, 0x34, 0x30, 0x30, 0x30,
    0x30, 0x5C, 0x06, 0x61, 0x75, 0x63, 0x6B, 0x6C, 0x6E,
];

pub(crate) fn tests() -> Vec<Test> {
    let nothing = DOCUMENTS.iter().map(|name| {
        Test::new(format!("{name}: where nothing is admitted, neither zone nor face is touched"), |readers| {
            let document = named(name)?;
            let (reading, trace) =
                read(readers, document.card(), Key::fields_of(&document), Admitted::nothing())?;
            ensure!(!touches(&trace, ZONE) && !touches(&trace, FACE));
            ensure!(reading.kind.is_none() && reading.holder.is_none() && reading.face.is_none());
            let authenticity = reading.authenticity;
            let not_asked = Verdict::NotVerifiable(Reason::NotAsked);
            ensure!(authenticity.passive.verdict() == not_asked, "{authenticity:?}");
            ensure!(!authenticity.is_original());
            Ok(())
        })
    });
    let zone_alone = DOCUMENTS.iter().map(|name| {
        Test::new(format!("{name}: where the face isn't admitted, it isn't touched"), |readers| {
            let document = named(name)?;
            let (reading, trace) =
                read(readers, document.card(), Key::fields_of(&document), admitting(ZONE_ALONE))?;
            ensure!(touches(&trace, ZONE) && !touches(&trace, FACE));
            ensure!(reading.holder.is_some() && reading.face.is_none() && reading.warnings.is_empty());
            ensure!(reading.authenticity.passive.verdict() == Verdict::Valid);
            Ok(())
        })
    });
    let others = [
        Test::new("a policy for passports' faces never touches the face of a Personalausweis", |readers| {
            let zone_of_cards = admission(DocumentKind::IdCard, IssuedBy::Germany, ZONE_ALONE);
            faces_of_passports_alone(readers, vec![passports(), zone_of_cards], true)
        }),
        Test::new(
            "a policy that doesn't name the Personalausweis gives neither its name nor its face",
            |readers| faces_of_passports_alone(readers, vec![passports()], false),
        ),
        Test::new(
            "fingerprints and personal details are never touched, though the chip would show them",
            every_file_is_open,
        ),
    ];
    let noticed =
        Test::new("whoever asked for a file that nobody may read would be noticed", |_| is_noticed());
    nothing.chain(zone_alone).chain(others).chain([noticed]).collect()
}

fn named(name: &str) -> Result<TravelDocument> {
    find(name).and_then(|entry| entry.travel_document(TODAY)).context("no such document")
}

fn admission(kind: DocumentKind, issued_by: IssuedBy, disclosure: Disclosure) -> Admission {
    Admission::new(kind, issued_by, disclosure, "§ 291 (7) SGB V")
}

fn passports() -> Admission {
    admission(DocumentKind::Passport, IssuedBy::Germany, EVERYTHING)
}

/// The reading of an inserted card in either length form, and all that the chip was asked. Nobody's files
/// were.
fn read(
    readers: &Readers,
    card: Card,
    key: Key,
    admitted: Admitted,
) -> Result<(DocumentReading, Vec<Exchange>)> {
    let reader = readers.take();
    let inserted = reader.insert(card)?;
    let wanted = Wanted { admitted, ..Wanted::with(key) };
    reading(&reader.session(ExtendedLength::Yes)?, &wanted)?;
    let last = reading(&reader.session(ExtendedLength::No)?, &wanted)?;
    let trace = inserted.trace();
    ensure!(trespass(&trace).is_none(), "a file for nobody was asked for: {:?}", trespass(&trace));
    Ok((last, trace))
}

fn faces_of_passports_alone(readers: &Readers, policy: Vec<Admission>, names_of_cards: bool) -> Result<()> {
    let admitted = Admitted::new(policy);
    let card = named("id-card-amsel")?;
    let (reading, trace) = read(readers, card.card(), Key::can_of(&card), admitted.clone())?;
    ensure!(!touches(&trace, FACE), "the face was touched");
    ensure!(reading.kind == Some(DocumentKind::IdCard) && reading.face.is_none());
    ensure!(reading.holder.is_some() == names_of_cards);
    let passport = named("passport-amsel")?;
    let (reading, _) = read(readers, passport.card(), Key::can_of(&passport), admitted)?;
    ensure!(reading.holder.is_some() && reading.face.is_some());
    Ok(())
}

fn is_noticed() -> Result<()> {
    let exchange = |header: [u8; 4], file| Exchange { command: header.to_vec(), response: None, file };
    let asked_for = [
        ("DG3 by its short identifier, refused", exchange([0x0C, 0xB0, 0x83, 0x00], Some(0x0103))),
        ("DG11 by its short identifier", exchange([0x0C, 0xB0, 0x8B, 0x00], Some(0x010B))),
        ("DG12 by its short identifier, not there", exchange([0x0C, 0xB0, 0x8C, 0x00], None)),
        ("DG3 selected", exchange([0x0C, 0xA4, 0x02, 0x0C], Some(0x0103))),
        ("DG7 with the offset as an object", exchange([0x0C, 0xB1, 0x00, 0x07], None)),
        ("a piece of DG16", exchange([0x0C, 0xB0, 0x00, 0xDF], Some(0x0110))),
    ];
    for (what, exchange) in asked_for {
        ensure!(trespass(&[exchange]).is_some(), "{what}");
    }
    let admissible = exchange([0x0C, 0xB0, 0x82, 0x00], Some(FACE));
    ensure!(trespass(std::slice::from_ref(&admissible)).is_none() && touches(&[admissible], FACE));
    Ok(())
}

fn every_file_is_open(readers: &Readers) -> Result<()> {
    let document = named("passport-amsel")?;
    let mut chip = document.chip();
    chip.withheld.clear();
    ensure!(chip.files.contains_key(&FileId::data_group(3)), "the chip has no fingerprints");
    for number in [7, 11, 12, 13, 16] {
        chip.files.insert(FileId::data_group(number), [&[0x6B, 0x40][..], &[b'A'; 0x40]].concat());
    }
    chip.files.insert(FileId::lds1(0x011E), COMMON.to_vec());
    let (reading, trace) = read(readers, chip.card(), Key::fields_of(&document), admitting(EVERYTHING))?;
    ensure!(reading.face.is_some() && touches(&trace, FACE));
    ensure!(reading.authenticity.chip_authentication == Verdict::Valid);
    Ok(())
}
