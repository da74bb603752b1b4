//! Simulated cards, whose keys, certificates and calculations share nothing with this crate, proven to be genuine or
//! not: by their certificates, by contacts and over the air, and by their PIN.
//!
//! Their roots are those of test cards: only with the feature `workshop` can any be genuine.

#![allow(clippy::unwrap_used, clippy::unwrap_in_result, clippy::panic, reason = "a test may panic")]

mod support;

use card_sim::card::Interface;
use card_sim::egk::CAN;
use egk::pin::{Expected, LastTry, PinError, possession};
use egk::{
    Authenticity, Can, Check, EgkReading, ProofLevel, Reason, Request, TrustError, TrustStore, Verdict, read,
};
use jiff::civil::{Date, date};
use simulated::Simulated;
use smartcard::{CardChannel, ChannelError, CommandApdu, PinEntry, ResponseApdu, StatusWord};
use support::entropy::RandomNumbers;

const TODAY: Date = date(2026, 3, 31);
const WORKSHOP: bool = cfg!(feature = "workshop");

/// The production roots, and in a workshop the simulated cards' roots and authorities beside them.
fn trust() -> TrustStore {
    let mut trust = TrustStore::production();
    let expected = if WORKSHOP { Ok(()) } else { Err(TrustError::TestRoot) };
    for (name, file) in card_sim::trust::files(TODAY) {
        assert_eq!(trust.add(&file), expected, "{name}");
    }
    trust
}

fn card(name: &str) -> card_sim::Card {
    card_sim::find(name).unwrap_or_else(|| panic!("no card {name}")).card(TODAY)
}

fn authenticity(card: card_sim::Card, trust: &TrustStore) -> Authenticity {
    let can = Can::parse(CAN).unwrap();
    let can = (card.interface() == Interface::Contactless).then_some(&can);
    reading(&mut Simulated::new(card), can, trust).authenticity
}

fn reading(channel: &mut dyn CardChannel, can: Option<&Can>, trust: &TrustStore) -> EgkReading {
    let request = Request { can, check: Some(Check { trust, today: TODAY }), ..Request::default() };
    read(channel, &request, &mut RandomNumbers, &mut |_| {}).unwrap()
}

/// The verdicts of a workshop; elsewhere no simulated card is genuine.
fn check(name: &str, chip: Verdict, certificate: Verdict) {
    let outcome = authenticity(card(name), &trust());
    if WORKSHOP {
        assert_eq!(outcome, Authenticity { chip, certificate }, "{name}");
    } else {
        assert_eq!(outcome.level(), ProofLevel::Read, "{name}");
    }
}

#[test]
fn a_card_in_order_is_genuine_in_a_workshop_and_a_test_card_elsewhere() {
    for name in ["amsel", "buntspecht", "amsel-both-x509"] {
        check(name, Verdict::Valid, Verdict::Valid);
    }
    let outcome = authenticity(card("amsel"), &trust());
    let expected = if WORKSHOP { Verdict::Valid } else { Verdict::Invalid(Reason::TestCard) };
    assert_eq!((outcome.chip, outcome.verdict()), (expected, expected));
    assert_eq!(outcome.level(), if WORKSHOP { ProofLevel::Chip } else { ProofLevel::Read });
}

#[test]
fn a_card_proves_the_same_over_the_air() {
    let expected = authenticity(card("amsel"), &trust());
    assert_eq!(authenticity(card("amsel").over(Interface::Contactless), &trust()), expected);
}

#[test]
fn a_card_of_generation_2_has_an_rsa_certificate() {
    check("amsel-g2", Verdict::Valid, Verdict::Valid);
}

#[test]
fn whatever_is_wrong_with_the_chips_certificate_is_named() {
    for (name, reason) in [
        ("amsel-cvc-expired", Reason::Expired),
        ("amsel-cvc-not-yet-valid", Reason::NotYetValid),
        ("amsel-cvc-forged", Reason::Signature),
        ("amsel-cvc-other-card", Reason::OtherCard),
        ("amsel-cvc-production-root", Reason::Signature),
        ("amsel-clone", Reason::ChallengeFailed),
    ] {
        check(name, Verdict::Invalid(reason), Verdict::Valid);
    }
    check("amsel-cvc-unknown-root", Verdict::NotVerifiable(Reason::UnknownIssuer), Verdict::Valid);
}

#[test]
fn a_root_of_production_is_not_believed_to_have_signed_what_it_has_not() {
    let outcome = authenticity(card("amsel-cvc-production-root"), &TrustStore::production());
    assert_eq!(outcome.chip, Verdict::Invalid(Reason::Signature), "in every build");
}

#[test]
fn whatever_is_wrong_with_the_cardholders_certificate_is_named() {
    for (name, certificate) in [
        ("amsel-x509-other-kvnr", Verdict::Invalid(Reason::OtherPerson)),
        ("amsel-x509-other-ik", Verdict::Invalid(Reason::OtherInsurer)),
        ("amsel-x509-expired", Verdict::Invalid(Reason::Expired)),
        ("amsel-x509-unknown-ca", Verdict::NotVerifiable(Reason::UnknownIssuer)),
        ("amsel-no-x509", Verdict::NotSupported(Reason::NoCertificate)),
    ] {
        check(name, Verdict::Valid, certificate);
    }
}

#[test]
fn without_an_authority_the_cardholders_certificate_is_not_verifiable() {
    let outcome = authenticity(card("amsel"), &TrustStore::production());
    assert_eq!(outcome.certificate, Verdict::NotVerifiable(Reason::NoTrustStore));
}

/// A reader with a pad, at which somebody types this PIN.
struct PinPad {
    card: Simulated,
    pin: &'static str,
}

impl CardChannel for PinPad {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        self.card.transmit(command)
    }

    fn verify_pin_at_reader(&mut self, entry: &PinEntry) -> Result<ResponseApdu, ChannelError> {
        let digits = u8::try_from(self.pin.len()).unwrap();
        if !(entry.digits_min..=entry.digits_max).contains(&digits) {
            return Ok(ResponseApdu::new(&[], StatusWord(0x6403)));
        }
        let mut block = entry.template.data().to_vec();
        block[0] |= digits;
        for (index, digit) in self.pin.bytes().map(|digit| digit - b'0').enumerate() {
            let byte = &mut block[1 + index / 2];
            *byte = if index % 2 == 0 { digit << 4 | *byte & 0x0F } else { *byte & 0xF0 | digit };
        }
        self.card.transmit(&entry.template.clone().with_data(&block).unwrap())
    }
}

/// What comes of reading a card and having this PIN typed, and whether that names the person who was read.
fn proof(name: &str, pin: &'static str) -> Result<bool, PinError> {
    let mut pad = PinPad { card: Simulated::new(card(name)), pin };
    let trust = trust();
    let read = reading(&mut pad, None, &trust);
    let expected = Expected { kvnr: &read.person.kvnr, iccsn: &read.iccsn };
    let check = Check { trust: &trust, today: TODAY };
    let proof = possession(&mut pad, expected, check, LastTry::Kept, &mut RandomNumbers, &mut |_| {})?;
    Ok(*proof.kvnr() == read.person.kvnr)
}

#[test]
fn a_card_signs_for_its_pin_and_a_clone_knows_the_pin_and_not_the_key() {
    for (name, pin, outcome) in [
        ("amsel", "123456", Ok(true)),
        ("amsel", "654321", Err(PinError::WrongPin { tries_left: 2 })),
        ("amsel", "12345", Err(PinError::NotTyped)),
        ("amsel-clone", "123456", Err(PinError::WrongSignature)),
        ("amsel-x509-other-kvnr", "123456", Err(PinError::OtherCard)),
        ("amsel-g2", "123456", Err(PinError::NotSupported)),
    ] {
        let untrusted = PinError::NotTrusted(Verdict::NotVerifiable(Reason::NoTrustStore));
        let known_before = matches!(outcome, Err(PinError::OtherCard));
        let expected = if WORKSHOP || known_before { outcome } else { Err(untrusted) };
        assert_eq!(proof(name, pin), expected, "{name}, {pin}");
    }
}
