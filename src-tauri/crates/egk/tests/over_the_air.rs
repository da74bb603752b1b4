//! Reading simulated cards over the air: PACE, secure messaging, and what is done when they break.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use card_sim::birds;
use card_sim::card::{Interface, Options};
use card_sim::egk::{CAN, HealthCard, ObjectSystem};
use egk::{Can, CardKind, EgkError, EgkFile, EgkReading, Progress, Request, read};
use jiff::civil::{Date, date};
use simulated::{Fault, Simulated};
use smartcard::{ChannelError, ExtendedLength, StatusWord};
use support::entropy::{NoRandomNumbers, RandomNumbers};

const TODAY: Date = date(2026, 3, 31);
const SELECT: u8 = 0xA4;
const GENERAL_AUTHENTICATE: u8 = 0x86;
/// Selecting the root, EF.Version2, EF.CardAccess, MSE and four steps of PACE: commands in the clear.
const IN_THE_CLEAR: usize = 8;

fn health_card() -> HealthCard {
    HealthCard::new(birds::buntspecht(TODAY), TODAY)
}

fn over_the_air(card: &HealthCard, extended_length: ExtendedLength) -> Simulated {
    Simulated::new(card.card().over(Interface::Contactless)).over(extended_length)
}

fn run(card: &mut Simulated, can: &str) -> Result<EgkReading, EgkError> {
    let can = Can::parse(can).unwrap();
    let request = Request { can: Some(&can), ..Request::default() };
    read(card, &request, &mut RandomNumbers, &mut |_| {})
}

#[test]
fn a_card_gives_the_same_over_the_air_as_by_its_contacts() {
    let mut by_contacts = Simulated::new(health_card().card());
    let expected = read(&mut by_contacts, &Request::default(), &mut NoRandomNumbers, &mut |_| {}).unwrap();
    let reading = run(&mut over_the_air(&health_card(), ExtendedLength::No), CAN).unwrap();
    assert_eq!(reading.person.kvnr.as_str(), "B234567895");
    let expected = EgkReading { secure_messaging: true, contactless: Some(true), ..expected };
    assert!(reading == expected);
}

#[test]
fn the_fewest_commands_are_sent_and_all_of_the_persons_data_under_secure_messaging() {
    let mut card = over_the_air(&health_card(), ExtendedLength::Yes);
    run(&mut card, CAN).unwrap();
    // EF.GDO, the application, EF.StatusVD, EF.PD, EF.VD.
    assert_eq!(card.commands.len(), IN_THE_CLEAR + 5);
    assert!(card.commands[IN_THE_CLEAR..].iter().all(|[cla, ..]| *cla == 0x0C));
    assert_eq!(card.count(SELECT), 2, "the root and the application");
}

#[test]
fn without_its_number_a_card_over_the_air_says_that_it_is_one() {
    let mut card = over_the_air(&health_card(), ExtendedLength::No);
    let outcome = read(&mut card, &Request::default(), &mut NoRandomNumbers, &mut |_| {});
    assert_eq!(outcome, Err(EgkError::CanNeeded));
}

#[test]
fn a_wrong_number_is_told_and_tried_once() {
    let mut card = over_the_air(&health_card(), ExtendedLength::No);
    assert_eq!(run(&mut card, "123124"), Err(EgkError::WrongCan));
    assert_eq!(card.count(GENERAL_AUTHENTICATE), 4);
    assert!(run(&mut card, CAN).is_ok(), "and may be put right");
}

#[test]
fn a_card_of_generation_2_has_no_use_for_a_number() {
    let card = HealthCard { object_system: ObjectSystem::G2, ..health_card() };
    let mut card = over_the_air(&card, ExtendedLength::No);
    assert_eq!(run(&mut card, CAN), Err(EgkError::NoContactless));
    assert_eq!(card.count(GENERAL_AUTHENTICATE), 0);
}

#[test]
fn other_cards_are_named_over_the_air_too() {
    for (name, kind) in [
        ("hba", CardKind::Hba),
        ("smc-b", CardKind::SmcB),
        ("passport", CardKind::TravelDocument),
        ("amsel-g1", CardKind::EgkG1),
    ] {
        let card = || {
            let card = card_sim::find(name).unwrap().card(TODAY).over(Interface::Contactless);
            Simulated::new(card)
        };
        let expected = Err(EgkError::NotAHealthCard(kind));
        assert_eq!(run(&mut card(), CAN), expected, "{name}");
        let outcome = read(&mut card(), &Request::default(), &mut NoRandomNumbers, &mut |_| {});
        assert_eq!(outcome, expected, "{name}, without a number");
    }
}

#[test]
fn what_gives_its_data_over_the_air_in_the_clear_is_no_health_card() {
    let in_the_clear = |over_the_air| {
        // It answers as by its contacts, but lies on a contactless reader.
        let card = card_sim::find("buntspecht").unwrap().card(TODAY);
        let request = Request { over_the_air, ..Request::default() };
        read(&mut Simulated::new(card), &request, &mut NoRandomNumbers, &mut |_| {})
    };
    assert_eq!(in_the_clear(true).map(drop), Err(EgkError::InTheClear));
    assert_eq!(in_the_clear(false).map(drop), Ok(()));
}

#[test]
fn a_locked_card_is_told_over_the_air_too() {
    let locked = HealthCard { deactivated: true, ..health_card() };
    let outcome = run(&mut over_the_air(&locked, ExtendedLength::No), CAN);
    assert!(matches!(outcome, Err(EgkError::Deactivated { file: EgkFile::StatusVd, .. })), "{outcome:?}");
    let readable = Options { reads_deactivated: true, ..Options::default() };
    let readable = HealthCard { options: readable, ..locked };
    let reading = run(&mut over_the_air(&readable, ExtendedLength::No), CAN).unwrap();
    assert!(reading.application_deactivated);
}

#[test]
fn extended_length_is_proven_under_secure_messaging_too() {
    let mut card = over_the_air(&health_card(), ExtendedLength::Untried);
    run(&mut card, CAN).unwrap();
    assert_eq!(card.commands.len(), IN_THE_CLEAR + 1 + 5, "one more command for EF.ATR");
    assert_eq!(smartcard::CardChannel::extended_length(&card), ExtendedLength::Yes);
}

#[test]
fn a_card_or_a_reader_without_extended_length_is_read_in_the_short_form_after_a_second_pace() {
    let short_only =
        HealthCard { options: Options { short_only: true, ..Options::default() }, ..health_card() };
    let refusing = || over_the_air(&health_card(), ExtendedLength::Yes);
    for mut card in [
        over_the_air(&short_only, ExtendedLength::Yes),
        refusing().refusing_extended(Fault::InTheClear(StatusWord::WRONG_LENGTH)),
        refusing().refusing_extended(Fault::TRANSPORT),
    ] {
        run(&mut card, CAN).unwrap();
        assert_eq!(card.count(GENERAL_AUTHENTICATE), 1 + 4);
        assert_eq!(smartcard::CardChannel::extended_length(&card), ExtendedLength::No);
    }
    for mut card in [
        over_the_air(&short_only, ExtendedLength::Untried),
        over_the_air(&health_card(), ExtendedLength::Untried).refusing_extended(Fault::TRANSPORT),
    ] {
        run(&mut card, CAN).unwrap();
        assert_eq!(card.count(GENERAL_AUTHENTICATE), 4, "EF.ATR tells it before PACE");
        assert_eq!(smartcard::CardChannel::extended_length(&card), ExtendedLength::No);
    }
}

#[test]
fn a_broken_channel_is_opened_once_more_and_every_part_told_once() {
    let whole = {
        let mut card = over_the_air(&health_card(), ExtendedLength::No);
        run(&mut card, CAN).unwrap();
        card.commands.len()
    };
    let in_the_clear = Fault::InTheClear(StatusWord::SM_OBJECT_INCORRECT);
    for (fault, step) in [(Fault::BitError, 2), (in_the_clear, 3)] {
        for at in (IN_THE_CLEAR..whole).step_by(step) {
            let mut card = over_the_air(&health_card(), ExtendedLength::No).with_fault(at, fault);
            let can = Can::parse(CAN).unwrap();
            let request = Request { can: Some(&can), ..Request::default() };
            let mut told = Vec::new();
            let mut on_progress = |part: Progress<'_>| {
                told.push(match part {
                    Progress::Version(_) => 1,
                    Progress::CardNumber(_) => 2,
                    Progress::Status(_) => 3,
                    Progress::Person(_) => 4,
                    Progress::Insurance(_) => 5,
                    Progress::Chip(_) | Progress::Certificate(_) => panic!("nobody has asked for a proof"),
                });
            };
            let reading = read(&mut card, &request, &mut RandomNumbers, &mut on_progress).unwrap();
            assert_eq!(reading.person.kvnr.as_str(), "B234567895");
            assert_eq!(told, [1, 2, 3, 4, 5], "command {at}");
            assert_eq!(card.count(GENERAL_AUTHENTICATE), 8);
        }
    }
}

#[test]
fn a_channel_that_breaks_twice_is_an_error() {
    /// Changes every answer under secure messaging.
    struct Changing(Simulated);

    impl smartcard::CardChannel for Changing {
        fn transmit(
            &mut self,
            command: &smartcard::CommandApdu,
        ) -> Result<smartcard::ResponseApdu, ChannelError> {
            let mut response = self.0.transmit(command)?;
            if let (0x0C, Some(byte)) = (command.cla(), response.data.last_mut()) {
                *byte ^= 1;
            }
            Ok(response)
        }
    }

    let mut card = Changing(over_the_air(&health_card(), ExtendedLength::No));
    let can = Can::parse(CAN).unwrap();
    let request = Request { can: Some(&can), ..Request::default() };
    let outcome = read(&mut card, &request, &mut RandomNumbers, &mut |_| {});
    assert_eq!(outcome, Err(EgkError::Channel(ChannelError::WrongMac)));
    assert_eq!(card.0.count(GENERAL_AUTHENTICATE), 8);
}

#[test]
fn a_reader_that_fails_in_the_short_form_is_asked_no_second_time() {
    let mut card =
        over_the_air(&health_card(), ExtendedLength::No).with_fault(IN_THE_CLEAR, Fault::TRANSPORT);
    assert_eq!(run(&mut card, CAN), Err(EgkError::Channel(ChannelError::Transport(0x8010_0016))));
    assert_eq!(card.count(GENERAL_AUTHENTICATE), 4);
}

#[test]
fn no_entropy_is_an_error_of_its_own() {
    let can = Can::parse(CAN).unwrap();
    let request = Request { can: Some(&can), ..Request::default() };
    let mut card = over_the_air(&health_card(), ExtendedLength::No);
    let outcome = read(&mut card, &request, &mut NoRandomNumbers, &mut |_| {});
    assert_eq!(outcome, Err(EgkError::Entropy(smartcard::NoEntropy)));
}
