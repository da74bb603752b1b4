//! Chips that lie, refuse, or change places with another: what they may gain is never a document in order.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use card_sim::birds;
use card_sim::travel::{
    ActiveAuthentication, ChipProfile, Cipher, Curve, Encoding, FileId, Flaw, Group, Hash, Kind, Mapping,
    State, TravelDocument,
};
use mrtd::{Access, DocumentReading, MrtdError, Password, Reason, Verdict, Warning};
use simulated::{Fault, Simulated};
use smartcard::pace::PaceError;
use smartcard::{ChannelError, CommandApdu, StatusWord};
use support::world::{TODAY, can, everything, read_all, run, zone};

const CARD_ACCESS: FileId = FileId::master_file(0x011C);
const CARD_SECURITY: FileId = FileId::master_file(0x011D);
const LOST: Fault = Fault::InTheClear(StatusWord::SM_OBJECT_MISSING);

const MANAGE_SECURITY_ENVIRONMENT: u8 = 0x22;
const GENERAL_AUTHENTICATE: u8 = 0x86;
const INTERNAL_AUTHENTICATE: u8 = 0x88;

/// The attacker's own genuine passport, with the mapping.
fn own_passport() -> TravelDocument {
    TravelDocument { can: Some("123456".into()), ..TravelDocument::german_passport(birds::dohle(), TODAY) }
}

/// A passport with the mapping, and no other proof.
fn passport_of_the_mapping_alone() -> TravelDocument {
    let passport = TravelDocument::german_passport(birds::amsel(), TODAY);
    TravelDocument { can: Some("123456".into()), chip_authentication: None, ..passport }
}

fn card() -> TravelDocument {
    TravelDocument::german_card(birds::amsel(), TODAY)
}

fn with_ecdsa() -> TravelDocument {
    let passport = TravelDocument::new(birds::dohle(), Kind::Passport, State::Austria, TODAY);
    let key = passport.key(Group::Ec(Curve::P256), "active");
    let active_authentication = Some(ActiveAuthentication::Ecdsa { key, hash: Hash::Sha256, der: false });
    TravelDocument { active_authentication, ..passport }
}

/// EF.CardAccess that offers the generic mapping alone.
fn poor_card_access(document: &TravelDocument) -> Vec<u8> {
    let mut poor = document.clone();
    poor.pace.retain(|offer| offer.mapping == Mapping::Generic);
    poor.mapping_key = None;
    poor.chip().files[&CARD_ACCESS].clone()
}

/// A copy of the document that has no key and offers no proof.
fn copy_without_keys(document: &TravelDocument) -> ChipProfile {
    let mut copy = document.chip();
    copy.access.pace.retain(|offer| offer.mapping == Mapping::Generic);
    copy.access.mapping_key = None;
    copy.chip_authentication = None;
    copy.active_authentication = None;
    copy.files.insert(CARD_ACCESS, poor_card_access(document));
    copy
}

fn read_chip(chip: &ChipProfile, password: &Password) -> DocumentReading {
    run(&mut Simulated::new(chip.card()), password, &everything()).0.unwrap()
}

#[test]
fn the_proof_of_one_chip_never_vouches_for_the_copy_of_another_whenever_they_change_places() {
    let own = own_passport();
    for victim in [
        TravelDocument { can: own.can.clone(), ..TravelDocument::german_passport(birds::amsel(), TODAY) },
        passport_of_the_mapping_alone(),
    ] {
        let copies =
            [copy_without_keys(&victim), TravelDocument { flaw: Some(Flaw::Clone), ..victim.clone() }.chip()];
        for copy in copies {
            let genuine = own.chip();
            for (first, second) in [(&genuine, &copy), (&copy, &genuine)] {
                let mut alone = Simulated::new(first.card());
                run(&mut alone, &can(&own), &everything()).0.unwrap();
                // In the face, too, but not at each of its hundred pieces.
                for at in (7..26).chain((26..alone.commands.len()).step_by(43)) {
                    let mut reader =
                        Simulated::new(first.card()).with_fault(at, LOST).changing_to(at, second.card());
                    let Ok(reading) = run(&mut reader, &can(&own), &everything()).0 else { continue };
                    let holder = reading.holder.as_ref().unwrap();
                    let of_victim = holder.name.primary.eq_ignore_ascii_case("amsel");
                    let original = reading.authenticity.is_original();
                    assert!(!(of_victim && original), "{at}: {:?}", reading.authenticity);
                }
            }
        }
    }
}

#[test]
fn a_passport_proven_by_the_mapping_alone_is_original_even_if_a_session_breaks() {
    let passport = passport_of_the_mapping_alone();
    let chip = passport.chip();
    let whole = {
        let mut reader = Simulated::new(chip.card());
        let reading = run(&mut reader, &can(&passport), &everything()).0.unwrap();
        assert!(reading.authenticity.is_original(), "{:?}", reading.authenticity);
        reader.commands.len()
    };
    for at in (8..30).chain((30..whole).step_by(31)) {
        let mut reader = Simulated::new(chip.card()).with_fault(at, LOST);
        let reading = run(&mut reader, &can(&passport), &everything()).0.unwrap();
        assert!(
            reading.authenticity.is_original() && reading.face.is_some(),
            "{at} {:?}",
            reading.authenticity
        );
    }
}

#[test]
fn the_mapping_of_another_states_document_proves_nothing() {
    let passport = passport_of_the_mapping_alone();
    let austrian = TravelDocument { state: State::Austria, signed_by: State::Austria, ..passport.clone() };
    let mut chip = passport.chip();
    chip.access.mapping_key = austrian.mapping_key.clone();
    chip.files.insert(CARD_SECURITY, austrian.chip().files[&CARD_SECURITY].clone());
    let authenticity = read_chip(&chip, &can(&passport)).authenticity;
    assert_eq!(authenticity.chip_authentication, Verdict::Invalid(Reason::WrongCountry));
}

#[test]
fn a_chip_that_refuses_the_proof_that_its_signed_data_promise_is_invalid() {
    let withheld = Verdict::Invalid(Reason::Withheld);
    for (status, expected) in [
        (0x6A88, withheld),
        (0x6D00, withheld),
        (0x6982, withheld),
        (0x6700, Verdict::NotVerifiable(Reason::Refused(StatusWord(0x6700)))),
        (0x6F00, Verdict::NotVerifiable(Reason::Refused(StatusWord(0x6F00)))),
        (0x6400, Verdict::NotVerifiable(Reason::Refused(StatusWord(0x6400)))),
        (0x6581, Verdict::NotVerifiable(Reason::Refused(StatusWord(0x6581)))),
    ] {
        let refused = Fault::InTheClear(StatusWord(status));
        let protected = |ins: u8| move |command: &CommandApdu| is_protected(command) && command.ins() == ins;
        let document = card();
        let mut reader =
            Simulated::new(document.card()).with_fault_when(protected(MANAGE_SECURITY_ENVIRONMENT), refused);
        let reading = run(&mut reader, &zone(&document), &everything()).0.unwrap();
        assert_eq!(reading.authenticity.chip_authentication, expected, "{status:04X}");
        assert!(reading.face.is_some() && !reading.authenticity.is_original());

        let document = with_ecdsa();
        let mut reader =
            Simulated::new(document.card()).with_fault_when(protected(INTERNAL_AUTHENTICATE), refused);
        let reading = run(&mut reader, &zone(&document), &everything()).0.unwrap();
        assert_eq!(reading.authenticity.active_authentication, expected, "{status:04X}");
        assert!(reading.face.is_some() && !reading.authenticity.is_original());
    }
}

#[test]
fn a_chip_that_withholds_a_file_with_a_key_is_invalid() {
    let mut chip = card().chip();
    chip.files.remove(&FileId::data_group(14));
    let authenticity = read_chip(&chip, &zone(&card())).authenticity;
    assert_eq!(authenticity.chip_authentication, Verdict::Invalid(Reason::Withheld));

    let mut chip = with_ecdsa().chip();
    chip.withheld.insert(FileId::data_group(15));
    let authenticity = read_chip(&chip, &zone(&with_ecdsa())).authenticity;
    assert_eq!(authenticity.active_authentication, Verdict::Invalid(Reason::Withheld));

    let passport = passport_of_the_mapping_alone();
    let mut chip = passport.chip();
    chip.withheld.insert(CARD_SECURITY);
    let authenticity = read_chip(&chip, &can(&passport)).authenticity;
    assert_eq!(authenticity.chip_authentication, Verdict::Invalid(Reason::Withheld));
}

#[test]
fn a_chip_that_offers_less_than_its_signed_data_say_is_invalid() {
    let downgraded = Verdict::Invalid(Reason::Downgraded);
    // Without the mapping, though with all its other keys.
    let passport = own_passport();
    let mut chip = passport.chip();
    chip.files.insert(CARD_ACCESS, poor_card_access(&passport));
    let authenticity = read_chip(&chip, &can(&passport)).authenticity;
    assert_eq!(authenticity.passive.data, downgraded);
    assert!(!authenticity.is_original());

    // Without PACE.
    let both = TravelDocument::new(birds::dohle(), Kind::Passport, State::France, TODAY)
        .with_chip_authentication(Group::Ec(Curve::P256), Cipher::Aes128, Encoding::Named);
    let whole = read_all(&both);
    assert_eq!((whole.access, whole.authenticity.is_original()), (Access::Pace, true));
    let mut chip = both.chip();
    chip.files.remove(&CARD_ACCESS);
    let reading = read_chip(&chip, &zone(&both));
    assert_eq!((reading.access, reading.authenticity.passive.data), (Access::Bac, downgraded));
}

#[test]
fn a_chip_that_opens_with_the_key_of_another_document_is_invalid() {
    let printed = TravelDocument::german_passport(birds::dohle(), TODAY);
    let mut chip = TravelDocument::german_passport(birds::amsel(), TODAY).chip();
    chip.access.mrz_information = printed.zone_information();
    let authenticity = read_chip(&chip, &zone(&printed)).authenticity;
    assert_eq!(authenticity.passive.data, Verdict::Invalid(Reason::OtherDocument));
    assert!(!authenticity.is_original());
}

#[test]
fn one_disturbance_at_any_command_leaves_a_genuine_document_original() {
    for document in [card(), with_ecdsa(), passport_of_the_mapping_alone(), own_passport()] {
        let chip = document.chip();
        for at in 7..26 {
            for fault in [LOST, Fault::BitError, Fault::None(ChannelError::Malformed)] {
                let mut reader = Simulated::new(chip.card()).with_fault(at, fault);
                let Ok(reading) = run(&mut reader, &zone(&document), &everything()).0 else {
                    // In the clear: PACE itself.
                    assert!(at < 8, "{at}");
                    continue;
                };
                assert!(reading.authenticity.is_original(), "{at}: {:?}", reading.authenticity);
            }
        }
    }
}

#[test]
fn a_proof_that_fails_in_two_sessions_is_a_copys_and_one_that_breaks_in_both_ends_no_reading() {
    let document = with_ecdsa();
    let copy = TravelDocument { flaw: Some(Flaw::Clone), ..document.clone() };
    let mut reader = Simulated::new(copy.card());
    let reading = run(&mut reader, &zone(&copy), &everything()).0.unwrap();
    assert_eq!(reading.authenticity.active_authentication, Verdict::Invalid(Reason::ChallengeFailed));
    assert_eq!(reader.count(INTERNAL_AUTHENTICATE), 2);

    for (document, ins) in [(card(), GENERAL_AUTHENTICATE), (document, INTERNAL_AUTHENTICATE)] {
        let protected = move |command: &CommandApdu| is_protected(command) && command.ins() == ins;
        for fault in [Fault::BitError, Fault::None(ChannelError::Malformed)] {
            let mut reader = Simulated::new(document.card()).with_fault_when(protected, fault);
            let reading = run(&mut reader, &zone(&document), &everything()).0.unwrap();
            assert!(reading.holder.is_some() && reading.face.is_some());
            assert!(!reading.authenticity.is_original());
            let broken = Verdict::NotVerifiable(Reason::Malformed);
            assert!(
                [reading.authenticity.chip_authentication, reading.authenticity.active_authentication]
                    .contains(&broken)
            );
        }
    }
}

#[test]
fn a_chip_is_never_challenged_with_a_key_that_nobody_has_signed() {
    let document = card();
    let other = TravelDocument::german_card(birds::dohle(), TODAY);
    let mut changed = document.chip();
    let of_other = other.chip().files[&FileId::data_group(14)].clone();
    changed.files.insert(FileId::data_group(14), of_other);
    let forged = TravelDocument { flaw: Some(Flaw::ForgedSignature), ..document.clone() }.chip();
    for chip in [changed, forged] {
        let mut reader = Simulated::new(chip.card());
        let reading = run(&mut reader, &zone(&document), &everything()).0.unwrap();
        assert_eq!(
            reading.authenticity.chip_authentication,
            Verdict::NotVerifiable(Reason::PassiveAuthentication)
        );
        let protected = reader.commands.iter().filter(|[cla, ..]| cla & 0x0C != 0);
        assert_eq!(protected.filter(|[_, ins, ..]| *ins == MANAGE_SECURITY_ENVIRONMENT).count(), 0);
    }
}

#[test]
fn a_key_over_another_curve_than_paces_makes_no_copy() {
    let passport = passport_of_the_mapping_alone();
    let other_curve = passport.key(Group::Ec(Curve::P384), "mapping");
    let mut chip = passport.chip();
    let told = TravelDocument { mapping_key: Some(other_curve), ..passport.clone() };
    chip.files.insert(CARD_SECURITY, told.chip().files[&CARD_SECURITY].clone());
    let authenticity = read_chip(&chip, &can(&passport)).authenticity;
    assert_eq!(authenticity.chip_authentication, Verdict::NotVerifiable(Reason::UnknownAlgorithm));
}

#[test]
fn after_pace_that_the_chip_refused_basic_access_control_opens_it_and_is_told_of() {
    let both = TravelDocument::new(birds::dohle(), Kind::Passport, State::France, TODAY);
    let mse = 2;
    let refused = Fault::InTheClear(StatusWord::INCORRECT_DATA);
    let reading =
        run(&mut Simulated::new(both.card()).with_fault(mse, refused), &zone(&both), &everything()).0;
    let reading = reading.unwrap();
    assert_eq!((reading.access, reading.warnings.as_slice()), (Access::Bac, &[Warning::PaceFailed][..]));
    // A token or nonce that breaks the protocol is no reason to open it otherwise.
    let mut reader = Simulated::new(both.card()).with_fault(mse + 1, Fault::InTheClear(StatusWord::OK));
    let outcome = run(&mut reader, &zone(&both), &everything()).0.err();
    assert_eq!(outcome, Some(MrtdError::Pace(PaceError::Protocol)));
    assert_eq!(reader.count(0x84), 0, "GET CHALLENGE, with which basic access control begins");
}

#[test]
fn a_document_pulled_or_given_up_after_the_extended_form_was_given_up_isnt_opened_again() {
    for end in [ChannelError::CardRemoved, ChannelError::Cancelled] {
        let document = card();
        let mut reader = Simulated::new(document.card())
            .over(smartcard::ExtendedLength::Yes)
            .refusing_extended(Fault::InTheClear(StatusWord::WRONG_LENGTH))
            .with_fault(4, Fault::None(end));
        let outcome = run(&mut reader, &zone(&document), &everything()).0.err();
        assert_eq!(outcome, Some(MrtdError::Channel(end)));
        assert_eq!(reader.commands.len(), 5);
    }
}

fn is_protected(command: &CommandApdu) -> bool {
    command.header()[0] & 0x0C != 0
}
