//! Reading simulated documents: what is read, what isn't, and how they are opened.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use card_sim::birds;
use card_sim::travel::{Face, Flaw, Kind, State, TravelDocument};
use mrtd::mrz::DocumentKind;
use mrtd::{
    Access, Admission, Admitted, Can, Disclosure, IssuedBy, MrtdError, Password, Reason, Verdict, Warning,
};
use simulated::Simulated;
use smartcard::{ExtendedLength, StatusWord};
use support::world::{EVERYTHING, TODAY, Told, admitting, can, everything, read_all, run, zone};

const READ_BINARY: u8 = 0xB0;
const SELECT: u8 = 0xA4;

fn german_card() -> TravelDocument {
    TravelDocument::german_card(birds::amsel(), TODAY)
}

fn foreign_passport() -> TravelDocument {
    TravelDocument {
        pace: Vec::new(),
        can: None,
        ..TravelDocument::new(birds::dohle(), Kind::Passport, State::Austria, TODAY)
    }
}

#[test]
fn a_german_card_opens_with_its_access_number_and_gives_what_is_admitted() {
    let card = german_card();
    let (reading, told) = run(&mut Simulated::new(card.card()), &can(&card), &everything());
    let reading = reading.unwrap();
    assert_eq!(reading.access, Access::Pace);
    assert_eq!(reading.kind, Some(DocumentKind::IdCard));
    assert_eq!(reading.issued_by, Some(IssuedBy::Germany));
    let holder = reading.holder.unwrap();
    let persona = &card.persona;
    assert_eq!(holder.name.primary, persona.family_name.to_uppercase());
    assert_eq!(holder.name.secondary, persona.given_names.to_uppercase());
    assert_eq!(holder.expiry.unwrap().expiry(TODAY), Some(card.expiry));
    let face = reading.face.unwrap();
    assert_eq!((face.width(), face.height()), (413, 531));
    assert_eq!(reading.authenticity.passive.verdict(), Verdict::Valid);
    assert_eq!(reading.authenticity.chip_authentication, Verdict::Valid);
    assert_eq!(reading.authenticity.active_authentication, Verdict::NotVerifiable(Reason::NotAsked));
    assert!(reading.warnings.is_empty(), "{:?}", reading.warnings);
    assert_eq!(told[..3], [Told::Opened, Told::Document, Told::Authenticity]);
}

#[test]
fn a_passport_without_pace_opens_with_its_zone_by_basic_access_control() {
    let reading = read_all(&foreign_passport());
    assert_eq!((reading.access, reading.kind), (Access::Bac, Some(DocumentKind::Passport)));
    assert!(reading.holder.is_some() && reading.face.is_some());
    assert_eq!(reading.authenticity.passive.verdict(), Verdict::Valid);
    assert_eq!(reading.authenticity.chip_authentication, Verdict::NotSupported(Reason::NotOffered));
    assert_eq!(reading.authenticity.active_authentication, Verdict::NotSupported(Reason::NotOffered));
}

#[test]
fn a_card_opens_with_its_zone_too() {
    assert_eq!(read_all(&german_card()).access, Access::Pace);
}

#[test]
fn the_face_comes_last_and_its_progress_grows_to_the_end() {
    let card = german_card();
    let (_, told) = run(&mut Simulated::new(card.card()), &can(&card), &everything());
    let face: Vec<_> = told[3..]
        .iter()
        .map(|part| match part {
            Told::Face(done, total) => (*done, *total),
            other @ (Told::Opened | Told::Document | Told::Authenticity) => panic!("{other:?}"),
        })
        .collect();
    assert!(face.is_sorted_by(|left, right| left.0 < right.0 && left.1 == right.1));
    assert!(face.last().is_some_and(|(done, total)| done == total));
    assert_eq!(face[0].0, 223, "what fits a short protected answer");
}

#[test]
fn what_isnt_admitted_isnt_read_from_the_chip() {
    let card = german_card();
    let files_read = |admitted: &Admitted| {
        let mut reader = Simulated::new(card.card());
        let reading = run(&mut reader, &can(&card), admitted).0.unwrap();
        let short_identifiers: Vec<_> =
            reader.commands.iter().filter(|[_, ins, p1, _]| *ins == READ_BINARY && p1 & 0x80 != 0).collect();
        (reading, short_identifiers.iter().map(|[_, _, p1, _]| p1 & 0x1F).collect::<Vec<_>>())
    };
    // EF.CardAccess, EF.SOD, DG1, DG14 and once more its header, DG2.
    assert_eq!(files_read(&everything()).1, [0x1C, 0x1D, 1, 14, 14, 2]);

    let (reading, files) = files_read(&admitting(Disclosure { zone: true, face: false }));
    assert_eq!(files, [0x1C, 0x1D, 1, 14, 14]);
    assert!(reading.holder.is_some() && reading.face.is_none() && reading.warnings.is_empty());

    let (reading, files) = files_read(&admitting(Disclosure { zone: false, face: true }));
    assert_eq!(files, [0x1C, 0x1D, 1, 14, 14, 2]);
    assert!(reading.holder.is_none() && reading.face.is_some() && reading.kind.is_some());

    let (reading, files) = files_read(&Admitted::to_check());
    assert_eq!(files, [0x1C, 0x1D, 1, 14, 14]);
    assert!(reading.holder.is_none() && reading.face.is_none() && reading.kind.is_some());
    assert!(reading.authenticity.is_original(), "checked all the same");

    let (reading, files) = files_read(&Admitted::nothing());
    assert_eq!(files, [0x1C, 0x1D]);
    assert!(reading.holder.is_none() && reading.face.is_none());
    assert!(reading.kind.is_none() && reading.issued_by.is_none());
    let not_asked = Verdict::NotVerifiable(Reason::NotAsked);
    let authenticity = reading.authenticity;
    assert_eq!(authenticity.passive.signature, Verdict::Valid);
    assert_eq!(authenticity.passive.verdict(), not_asked);
    assert_eq!(
        (authenticity.chip_authentication, authenticity.active_authentication),
        (not_asked, not_asked)
    );
    assert!(!authenticity.is_original());
}

#[test]
fn the_policy_decides_by_kind_and_issuer() {
    let admitted = Admitted::new(vec![
        Admission::new(DocumentKind::Passport, IssuedBy::EuropeanUnion, EVERYTHING, "Einwilligung"),
        Admission::new(
            DocumentKind::IdCard,
            IssuedBy::Germany,
            Disclosure { zone: true, face: false },
            "§ 291 (7) SGB V",
        ),
    ]);
    let outcome = |document: &TravelDocument| {
        let reading = run(&mut Simulated::new(document.card()), &zone(document), &admitted).0.unwrap();
        (reading.holder.is_some(), reading.face.is_some())
    };
    assert_eq!(outcome(&foreign_passport()), (true, true));
    assert_eq!(outcome(&german_card()), (true, false));
    assert_eq!(outcome(&TravelDocument::german_passport(birds::amsel(), TODAY)), (false, false));
    let basis = admitted.for_document(DocumentKind::IdCard, &mrtd::mrz::Issuer::parse("D").unwrap());
    assert_eq!(basis.map(Admission::legal_basis), Some("§ 291 (7) SGB V"));
}

#[test]
fn nothing_is_selected_with_le_and_no_other_file_is_ever_touched() {
    let passport = TravelDocument::german_passport(birds::amsel(), TODAY);
    let mut reader = Simulated::new(passport.card());
    run(&mut reader, &zone(&passport), &everything()).0.unwrap();
    // The root, and the application.
    assert_eq!(reader.count(SELECT), 2);
}

#[test]
fn a_wrong_password_says_so_as_often_as_one_likes() {
    let card = german_card();
    let passport = foreign_passport();
    let mut reader = Simulated::new(card.card());
    for _ in 0..4 {
        let wrong = Password::Can(Can::parse("999999").unwrap());
        assert_eq!(run(&mut reader, &wrong, &everything()).0.err(), Some(MrtdError::WrongPassword));
    }
    assert_eq!(run(&mut reader, &zone(&passport), &everything()).0.err(), Some(MrtdError::WrongPassword));
    assert!(run(&mut reader, &can(&card), &everything()).0.is_ok());
    for refusal in [0x6300, 0x6982, 0x6985] {
        let mut passport = foreign_passport();
        passport.quirks.bac_refusal = refusal;
        let outcome = run(&mut Simulated::new(passport.card()), &zone(&card), &everything()).0.err();
        assert_eq!(outcome, Some(MrtdError::WrongPassword), "{refusal:04X}");
    }
}

#[test]
fn a_document_that_opens_with_its_zone_only_asks_for_it() {
    let number = Password::Can(Can::parse("123123").unwrap());
    let outcome = run(&mut Simulated::new(foreign_passport().card()), &number, &everything()).0.err();
    assert_eq!(outcome, Some(MrtdError::ZoneNeeded), "no PACE");
    let without_can = TravelDocument {
        can: None,
        ..TravelDocument::new(birds::dohle(), Kind::Passport, State::France, TODAY)
    };
    let outcome = run(&mut Simulated::new(without_can.card()), &number, &everything()).0.err();
    assert_eq!(outcome, Some(MrtdError::ZoneNeeded), "PACE without an access number");
}

#[test]
fn a_document_that_opens_with_its_access_number_only_asks_for_it() {
    let card = TravelDocument { kind: Kind::UnionCard, ..german_card() };
    let outcome = run(&mut Simulated::new(card.card()), &zone(&german_card()), &everything()).0.err();
    assert_eq!(outcome, Some(MrtdError::CanNeeded));
    assert!(run(&mut Simulated::new(card.card()), &can(&card), &everything()).0.is_ok());
}

#[test]
fn a_german_card_from_before_august_2021_is_for_authorities() {
    let card = TravelDocument { authorities_only: true, ..german_card() };
    let outcome = run(&mut Simulated::new(card.card()), &can(&card), &everything()).0.err();
    assert_eq!(outcome, Some(MrtdError::AuthoritiesOnly));
}

#[test]
fn another_card_is_no_travel_document() {
    let egk = card_sim::egk::HealthCard::new(birds::buntspecht(TODAY), TODAY);
    let over_the_air = || Simulated::new(egk.card().over(card_sim::Interface::Contactless));
    let right = Password::Can(Can::parse(card_sim::egk::CAN).unwrap());
    let wrong = Password::Can(Can::parse("999999").unwrap());
    for password in [right, wrong, zone(&german_card())] {
        let outcome = run(&mut over_the_air(), &password, &everything()).0.err();
        assert_eq!(outcome, Some(MrtdError::NotATravelDocument));
    }
    let mut with_contacts = Simulated::new(egk.card());
    let outcome = run(&mut with_contacts, &zone(&german_card()), &everything()).0.err();
    assert_eq!(outcome, Some(MrtdError::NotATravelDocument));
}

#[test]
fn whatever_a_chip_says_to_the_root_it_is_read() {
    for status in [0x6A82, 0x6A86, 0x6D00, 0x6A87, 0x6982] {
        for mut document in [german_card(), foreign_passport()] {
            document.quirks.master_file_status = Some(status);
            assert!(read_all(&document).face.is_some(), "{status:04X}");
        }
    }
}

#[test]
fn a_list_that_doesnt_name_the_face_ends_before_it() {
    let document = TravelDocument { flaw: Some(Flaw::FaceNotListed), ..german_card() };
    let reading = read_all(&document);
    assert!(reading.holder.is_some() && reading.face.is_none());
    assert_eq!(reading.warnings, [Warning::NoFace]);
}

#[test]
fn ef_com_is_never_needed() {
    for flaw in [Flaw::NoCommonFile, Flaw::PoorCommonFile] {
        let document = TravelDocument { flaw: Some(flaw), ..german_card() };
        assert_eq!(read_all(&document).authenticity.chip_authentication, Verdict::Valid);
    }
}

#[test]
fn a_security_object_of_two_megabytes_is_refused_by_its_header() {
    let document = TravelDocument { flaw: Some(Flaw::HugeSecurityObject), ..german_card() };
    let mut reader = Simulated::new(document.card());
    let outcome = run(&mut reader, &zone(&document), &everything()).0.err();
    let problem = mrtd::Problem::TooLarge;
    assert_eq!(outcome, Some(MrtdError::Malformed { file: mrtd::MrtdFile::SecurityObject, problem }));
    assert!(reader.commands.len() < 12);
}

#[test]
fn a_face_that_ends_in_the_middle_is_read_and_said_to_be_incomplete() {
    let document = TravelDocument { face: Face::Torn, ..german_card() };
    let reading = read_all(&document);
    assert_eq!(reading.warnings, [Warning::FaceIncomplete]);
    assert!(reading.face.is_some_and(|face| !face.is_whole() && face.decode().is_ok()));
}

#[test]
fn an_endless_face_leaves_the_reading_without_one() {
    let document = TravelDocument { flaw: Some(Flaw::EndlessFace), ..german_card() };
    let reading = read_all(&document);
    assert_eq!(reading.warnings, [Warning::FaceMalformed]);
    assert!(reading.holder.is_some());
}

#[test]
fn extended_length_is_tried_on_ef_card_access_and_learnt_from_a_long_answer() {
    let card = german_card();
    let mut reader = Simulated::new(card.card()).over(ExtendedLength::Untried);
    run(&mut reader, &can(&card), &everything()).0.unwrap();
    assert_eq!(reader.learnt, [true]);
    let mut short = Simulated::new(card.card());
    run(&mut short, &can(&card), &everything()).0.unwrap();
    assert!(
        2 * reader.commands.len() < short.commands.len(),
        "{} {}",
        reader.commands.len(),
        short.commands.len()
    );
}

#[test]
fn a_chip_that_withholds_the_face_leaves_the_reading_without_one() {
    let card = german_card();
    let mut chip = card.chip();
    chip.withheld.insert(card_sim::travel::FileId::data_group(2));
    let reading = run(&mut Simulated::new(chip.card()), &can(&card), &everything()).0.unwrap();
    let refused = Warning::FaceRefused(StatusWord::SECURITY_STATUS_NOT_SATISFIED);
    assert_eq!(reading.warnings, [refused]);
}

#[test]
fn a_reading_shows_nothing_of_the_person() {
    let card = german_card();
    let shown = format!("{:?}", read_all(&card)).to_uppercase();
    let birth_date = card.key_fields().birth_date;
    for personal in [&card.persona.family_name.to_uppercase(), &card.number, &birth_date] {
        assert!(!shown.contains(personal.as_str()), "{shown}");
    }
}
