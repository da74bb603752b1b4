//! Reading and proving in one go: which commands are sent, in which folder, and what is told when.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use card_sim::birds;
use card_sim::card::Interface;
use card_sim::egk::{CAN, HealthCard, ObjectSystem};
use egk::{Authenticity, Can, Check, EgkReading, Progress, Request, TrustStore, read};
use jiff::civil::{Date, date};
use simulated::Simulated;
use smartcard::ExtendedLength;
use support::entropy::RandomNumbers;

const TODAY: Date = date(2026, 3, 31);

const SELECT_APPLICATION: [u8; 4] = [0x00, 0xA4, 0x04, 0x0C];
const VERSION2: [u8; 4] = [0x00, 0xB0, 0x91, 0x00];
const GDO: [u8; 4] = [0x00, 0xB0, 0x82, 0x00];
const CARD_ACCESS: [u8; 4] = [0x00, 0xB0, 0x9C, 0x00];
const CHIP_CERTIFICATE: [u8; 4] = [0x00, 0xB0, 0x86, 0x00];
const STATUS_VD: [u8; 4] = [0x00, 0xB0, 0x8C, 0x00];
const PD: [u8; 4] = [0x00, 0xB0, 0x81, 0x00];
const VD: [u8; 4] = [0x00, 0xB0, 0x82, 0x00];
const INTERNAL_AUTHENTICATE: u8 = 0x88;

fn health_card() -> HealthCard {
    HealthCard::new(birds::buntspecht(TODAY), TODAY)
}

/// The reading, and the parts that were told.
fn run(card: &mut Simulated, trust: &TrustStore, can: Option<&Can>) -> (EgkReading, Vec<&'static str>) {
    let request = Request { can, check: Some(Check { trust, today: TODAY }), ..Request::default() };
    let mut told = Vec::new();
    let mut on_progress = |part: Progress<'_>| {
        told.push(match part {
            Progress::Version(_) => "version",
            Progress::CardNumber(_) => "number",
            Progress::Chip(_) => "chip",
            Progress::Status(_) => "status",
            Progress::Person(_) => "person",
            Progress::Insurance(_) => "insurance",
            Progress::Certificate(_) => "certificate",
        });
    };
    let reading = read(card, &request, &mut RandomNumbers, &mut on_progress).unwrap();
    (reading, told)
}

#[test]
fn each_folder_is_selected_once_and_the_chip_proven_in_the_root() {
    let mut card = Simulated::new(health_card().card()).over(ExtendedLength::Yes);
    let (reading, told) = run(&mut card, &TrustStore::default(), None);
    assert_eq!(card.commands[..4], [SELECT_APPLICATION, VERSION2, GDO, CARD_ACCESS]);
    let selections: Vec<usize> =
        (0..card.commands.len()).filter(|index| card.commands[*index] == SELECT_APPLICATION).collect();
    let [0, application, signature] = selections[..] else { panic!("{:02X?}", card.commands) };
    let proof = &card.commands[4..application];
    assert!(proof.contains(&CHIP_CERTIFICATE), "{proof:02X?}");
    // Other builds make no challenge to a card for tests.
    let challenged = proof.iter().any(|[_, ins, ..]| *ins == INTERNAL_AUTHENTICATE);
    assert_eq!(challenged, cfg!(feature = "workshop"));
    assert_eq!(card.commands[application + 1..signature], [STATUS_VD, PD, VD]);
    assert!(signature + 1 < card.commands.len(), "the cardholder's certificate is read");
    assert_eq!(card.count(0xA4), 3);
    assert_eq!(told, ["version", "number", "chip", "status", "person", "insurance", "certificate"]);
    assert_eq!(reading.contactless, Some(true));
    assert_ne!(reading.authenticity, Authenticity::NOT_ASKED);
}

#[test]
fn a_card_of_generation_2_is_not_asked_for_ef_card_access() {
    let card = HealthCard { object_system: ObjectSystem::G2, ..health_card() };
    let mut card = Simulated::new(card.card());
    let (reading, _) = run(&mut card, &TrustStore::default(), None);
    assert_eq!(reading.contactless, Some(false));
    assert!(!card.commands.contains(&CARD_ACCESS));
}

#[test]
fn the_verdicts_are_the_same_by_contacts_and_over_the_air_in_either_length_form() {
    let trust = trust();
    let can = Can::parse(CAN).unwrap();
    let expected = {
        let mut card = Simulated::new(health_card().card());
        run(&mut card, &trust, None).0.authenticity
    };
    for form in [ExtendedLength::No, ExtendedLength::Untried, ExtendedLength::Yes] {
        let mut card = Simulated::new(health_card().card()).over(form);
        assert_eq!(run(&mut card, &trust, None).0.authenticity, expected);
        let mut card = Simulated::new(health_card().card().over(Interface::Contactless)).over(form);
        let (reading, told) = run(&mut card, &trust, Some(&can));
        assert_eq!((reading.authenticity, reading.secure_messaging), (expected, true));
        assert_eq!(told.len(), 7);
    }
    if cfg!(feature = "workshop") {
        assert_eq!((expected.chip, expected.certificate), (egk::Verdict::Valid, egk::Verdict::Valid));
    }
}

/// What a workshop build trusts; other builds take none of it.
fn trust() -> TrustStore {
    let mut trust = TrustStore::default();
    for (name, file) in card_sim::trust::files(TODAY) {
        let outcome = trust.add(&file);
        assert!(outcome.is_ok() || !cfg!(feature = "workshop"), "{name}: {outcome:?}");
    }
    trust
}
