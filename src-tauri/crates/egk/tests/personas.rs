//! Every health card of the simulators' catalogue: each field is read as the simulator, which shares no code with this
//! crate, has written it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use card_sim::persona::{self, Persona, Share};
use card_sim::{Card, catalogue};
use egk::{
    EgkError, EgkFile, EgkReading, InsuranceData, InsuranceKind, InsuredType, Insurer, Limit, Locality,
    PersonalData, PersonalText, PrivateInsurance, Problem, Request, Room, Sex, StatutoryInsurance, Tariff,
    read,
};
use jiff::civil::{Date, date};
use simulated::Simulated;
use smartcard::ExtendedLength;
use support::entropy::NoRandomNumbers;

const TODAY: Date = date(2026, 3, 31);

fn run(card: Card, extended_length: ExtendedLength) -> Result<EgkReading, EgkError> {
    let mut card = Simulated::new(card).over(extended_length);
    read(&mut card, &Request::default(), &mut NoRandomNumbers, &mut |_| {})
}

#[test]
fn every_persona_is_read_as_it_was_written() {
    let mut personas = 0;
    for entry in catalogue().iter().filter(|entry| !entry.name.starts_with("bad-")) {
        let Some(persona) = entry.persona(TODAY) else { continue };
        let card = entry.card(TODAY);
        let Ok(reading) = run(card.clone(), ExtendedLength::No) else {
            let unreadable = ["amsel-g1", "amsel-mute", "amsel-deactivated"];
            assert!(unreadable.contains(&entry.name), "{} can't be read", entry.name);
            continue;
        };
        check_person(&reading.person, &persona, entry.name);
        check_insurance(&reading.insurance, &persona, entry.name);
        assert_eq!(reading.iccsn.as_str(), persona.iccsn, "{}", entry.name);
        let extended = run(card, ExtendedLength::Yes);
        assert!(extended == Ok(reading), "{} in the extended form", entry.name);
        personas += 1;
    }
    assert!(personas >= 40, "{personas}");
}

fn check_person(person: &PersonalData, persona: &Persona, card: &str) {
    let sex = match persona.sex {
        'M' => Sex::Male,
        'W' => Sex::Female,
        'X' => Sex::Indeterminate,
        'D' => Sex::Diverse,
        other => panic!("{other}"),
    };
    assert!(person.sex == sex, "{card}");
    assert_eq!(person.kvnr.as_str(), persona.kvnr, "{card}");
    assert_eq!(person.birth_date.to_iso().replace('-', ""), persona.birth_date, "{card}");
    let name = &person.name;
    assert_eq!(
        (&*name.given_names, &*name.family_name),
        (&*persona.given_names, &*persona.family_name),
        "{card}"
    );
    check_text(&name.title, &persona.title, card);
    check_text(&name.name_suffix, &persona.name_suffix, card);
    check_text(&name.name_prefix, &persona.name_prefix, card);

    assert_eq!(person.post_box_address.is_some(), persona.po_box.is_some(), "{card}");
    if let (Some(address), Some(expected)) = (&person.post_box_address, &persona.po_box) {
        check_locality(&address.locality, &expected.postal_code, &expected.place, &expected.country, card);
        assert_eq!(&*address.post_box, expected.number, "{card}");
    }
    assert_eq!(person.street_address.is_some(), persona.street.is_some(), "{card}");
    if let (Some(address), Some(expected)) = (&person.street_address, &persona.street) {
        check_locality(&address.locality, &expected.postal_code, &expected.place, &expected.country, card);
        check_text(&address.street, &expected.street, card);
        check_text(&address.house_number, &expected.house_number, card);
        check_text(&address.supplement, &expected.supplement, card);
    }
}

fn check_text(text: &Option<PersonalText>, expected: &Option<String>, card: &str) {
    assert_eq!(text.as_deref(), expected.as_deref(), "{card}");
}

fn check_locality(locality: &Locality, postal_code: &Option<String>, place: &str, country: &str, card: &str) {
    check_text(&locality.postal_code, postal_code, card);
    assert_eq!((&*locality.town, &*locality.country), (place, country), "{card}");
    assert!(locality.postal_code_fits_country(), "{card}");
}

fn check_insurance(insurance: &InsuranceData, persona: &Persona, card: &str) {
    assert_eq!(
        (insurance.valid_from, insurance.valid_until),
        (persona.valid_from, persona.valid_until),
        "{card}"
    );
    check_insurer(&insurance.insurer, &persona.insurer, card);
    assert_eq!(insurance.billing_insurer.is_some(), persona.billing_insurer.is_some(), "{card}");
    if let (Some(insurer), Some(expected)) = (&insurance.billing_insurer, &persona.billing_insurer) {
        check_insurer(insurer, expected, card);
    }
    match (&insurance.kind, &persona.private_tariff) {
        (InsuranceKind::Statutory(statutory), None) => check_statutory(statutory, persona, card),
        (InsuranceKind::Private(private), Some(expected)) => check_private(private, expected, card),
        _ => panic!("{card}: the other kind of insurance"),
    }
}

fn check_insurer(insurer: &Insurer, expected: &persona::Insurer, card: &str) {
    assert_eq!((insurer.ik.to_string(), &*insurer.name), (expected.ik.clone(), &*expected.name), "{card}");
    assert!(insurer.country.is_germany(), "{card}");
}

fn check_statutory(statutory: &StatutoryInsurance, persona: &Persona, card: &str) {
    let insured_type = match persona.insured_kind {
        '1' => InsuredType::Member,
        '3' => InsuredType::Family,
        '5' => InsuredType::Pensioner,
        other => panic!("{other}"),
    };
    assert!(statutory.insured_type == insured_type, "{card}");
    assert_eq!(statutory.region.unwrap().code(), persona.region.parse::<u8>().unwrap(), "{card}");
    let reimbursement = statutory.reimbursement.map(|it| {
        let egk::Reimbursement { medical_care, dental_care, hospital_care, prescribed_services } = it;
        persona::Reimbursement {
            medical: medical_care,
            dental: dental_care,
            inpatient: hospital_care,
            prescribed: prescribed_services,
        }
    });
    assert_eq!(reimbursement, persona.reimbursement, "{card}");
}

fn check_private(private: &PrivateInsurance, expected: &persona::PrivateTariff, card: &str) {
    assert!((private.tariff == Tariff::Individual) == (expected.kind == "01"), "{card}");
    assert_eq!(private.entitled_to_aid, expected.aid.as_deref() == Some("01"), "{card}");
    let none = [None, Some("00")].contains(&expected.civil_service.as_deref());
    assert_eq!(private.fund.is_none(), none, "{card}");
    let (Some(hospital), Some(expected)) = (&private.hospital, &expected.inpatient) else {
        assert_eq!(private.hospital.is_some(), expected.inpatient.is_some(), "{card}");
        return;
    };
    assert_eq!(hospital.clinic_card, expected.clinic_card, "{card}");
    let percent = |text: &Option<String>| text.as_ref().map(|text| text.parse::<u8>().unwrap());
    assert_eq!(hospital.general_percent, percent(&expected.general), "{card}");
    assert_eq!(hospital.rooms.len(), expected.rooms.len(), "{card}");
    for (room, expected) in hospital.rooms.iter().zip(&expected.rooms) {
        let limit = match &expected.share {
            Share::UpTo(euros) => Limit::EurosPerDay(euros.parse().unwrap()),
            Share::Percent(percent) => Limit::Percent(percent.parse().unwrap()),
        };
        assert!(room.limit == limit, "{card}");
        assert!((room.room == Room::Single) == (expected.kind == "01"), "{card}");
    }
    let treatment = hospital.treatment.map(|it| it.percent);
    assert_eq!(treatment, expected.physicians.as_ref().map(|(_, share)| percent(share)), "{card}");
}

#[test]
fn every_damaged_card_is_refused_for_what_is_wrong_with_it() {
    let damaged = catalogue().iter().filter(|entry| entry.name.starts_with("bad-"));
    let outcomes = damaged.map(|entry| match run(entry.card(TODAY), ExtendedLength::No) {
        Err(EgkError::Malformed { file: EgkFile::Pd, problem }) => (entry.name, problem),
        outcome => panic!("{}: {:?}", entry.name, outcome.map(|_| "read")),
    });
    let expected = [
        ("bad-length", Problem::TooLarge),
        ("bad-gzip", Problem::Gzip),
        ("bad-bomb", Problem::TooLarge),
        ("bad-shape", Problem::Field { name: "Geburtsdatum" }),
        ("bad-xml", Problem::Xml),
        ("bad-namespace", Problem::Namespace),
        ("bad-name", Problem::Field { name: "Nachname" }),
        ("bad-kvnr", Problem::CheckDigit),
    ];
    assert_eq!(outcomes.collect::<Vec<_>>(), expected);
}
