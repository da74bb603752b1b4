//! EF.VD: every field of the schema, and everything that may be wrong with it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use egk::{InsuranceData, InsuranceKind, InsuredType, Insurer, Problem, Reimbursement, StatutoryInsurance};
use jiff::civil::date;
use support::xml::{AACHEN, AMSEL, STATUTORY, element, insurance_data, personal_data};

fn parse(xml: &str) -> Result<InsuranceData, Problem> {
    InsuranceData::parse_xml(xml.as_bytes())
}

fn amsel() -> String {
    insurance_data("", AACHEN, STATUTORY)
}

fn parts(insurer: &Insurer) -> (String, &str, &str) {
    (insurer.ik.to_string(), &insurer.country, &insurer.name)
}

#[test]
fn insurer_and_dates_are_read() {
    let data = parse(&amsel()).unwrap();
    assert_eq!(data.valid_from, date(1997, 12, 28));
    assert_eq!((data.valid_until, data.billing_insurer), (None, None));
    assert_eq!(parts(&data.insurer), ("104178397".to_owned(), "D", "Beispielkostenträger Aachen"));
    assert!(data.insurer.ik.check_digit_is_right());
}

// Buntspecht of gematik's spec-VSDM2: issued in Bremen, billed in Bremerhaven, ended.
#[test]
fn an_insurer_who_is_billed_instead_and_the_end_are_read() {
    let billing = "<Kostentraegerkennung>103215857</Kostentraegerkennung>\
        <Kostentraegerlaendercode>D</Kostentraegerlaendercode><Name>Beispielkostenträger Bremerhaven</Name>";
    let issuing = "<Kostentraegerkennung>103169760</Kostentraegerkennung>\
        <Kostentraegerlaendercode>D</Kostentraegerlaendercode><Name>Beispielkostenträger Bremen</Name>";
    let insurer = format!("{issuing}{}", element("AbrechnenderKostentraeger", billing));
    let data = parse(&insurance_data("20241231", &insurer, STATUTORY)).unwrap();
    assert_eq!(data.valid_until, Some(date(2024, 12, 31)));
    assert_eq!(parts(&data.insurer), ("103169760".to_owned(), "D", "Beispielkostenträger Bremen"));
    let billing = data.billing_insurer.unwrap();
    assert_eq!(parts(&billing), ("103215857".to_owned(), "D", "Beispielkostenträger Bremerhaven"));
}

fn statutory(additional: &str) -> Result<StatutoryInsurance, Problem> {
    match parse(&insurance_data("", AACHEN, additional))?.kind {
        InsuranceKind::Statutory(statutory) => Ok(statutory),
        InsuranceKind::Private(_) => panic!("a private insurance"),
    }
}

#[test]
fn everything_of_the_statutory_insurance_is_read() {
    let insurance = statutory(STATUTORY).unwrap();
    assert!(insurance.insured_type == InsuredType::Member);
    let chosen = Reimbursement {
        medical_care: false,
        dental_care: true,
        hospital_care: false,
        prescribed_services: false,
    };
    assert!(insurance.reimbursement == Some(chosen));
    let region = insurance.region.unwrap();
    assert_eq!((region.code(), region.name()), (38, Some("Nordrhein")));
}

#[test]
fn each_flag_of_reimbursement_is_its_own_and_all_must_be_there() {
    type Flag = fn(&Reimbursement) -> bool;
    let flags: [(&str, Flag); 4] = [
        ("AerztlicheVersorgung", |it| it.medical_care),
        ("ZahnaerztlicheVersorgung", |it| it.dental_care),
        ("StationaererBereich", |it| it.hospital_care),
        ("VeranlassteLeistungen", |it| it.prescribed_services),
    ];
    for (name, flag) in flags {
        let said = if name == "ZahnaerztlicheVersorgung" { "1" } else { "0" };
        let with =
            |content: &str| statutory(&STATUTORY.replace(&element(name, said), &element(name, content)));
        for (content, expected) in [("0", false), ("1", true)] {
            assert_eq!(flag(&with(content).unwrap().reimbursement.unwrap()), expected, "{name}");
        }
        assert_eq!(with("2"), Err(Problem::Field { name }));
        let without = statutory(&STATUTORY.replace(&element(name, said), ""));
        assert_eq!(without, Err(Problem::Field { name }));
    }
}

// The list in Schema_VSD.xsd.
#[test]
fn regions_and_types_of_insured_people_are_named_and_new_ones_tolerated() {
    let region = |code: &str| {
        statutory(&STATUTORY.replace(">38<", &format!(">{code}<")))
            .map(|it| it.region.and_then(|it| it.name()))
    };
    assert_eq!(region("01"), Ok(Some("Schleswig-Holstein")));
    assert_eq!(region("72"), Ok(Some("Berlin")));
    assert_eq!(region("98"), Ok(Some("Sachsen")));
    assert_eq!(region("99"), Ok(None));
    assert_eq!(region(""), Ok(None));
    for wrong in ["1", "1A", "+1"] {
        assert_eq!(region(wrong), Err(Problem::Field { name: "WOP" }));
    }
    for (digit, expected) in [
        ("1", InsuredType::Member),
        ("3", InsuredType::Family),
        ("5", InsuredType::Pensioner),
        ("7", InsuredType::Other),
    ] {
        let insurance = statutory(&STATUTORY.replace("art>1<", &format!("art>{digit}<"))).unwrap();
        assert!(insurance.insured_type == expected, "{digit}");
    }
}

#[test]
fn a_statutory_insurance_says_no_more_than_it_must() {
    let least = "<ZusatzinfosGKV><Versichertenart>3</Versichertenart><Zusatzinfos_Abrechnung_GKV><WOP>38</WOP>\
        </Zusatzinfos_Abrechnung_GKV></ZusatzinfosGKV>";
    let insurance = statutory(least).unwrap();
    assert!(insurance.insured_type == InsuredType::Family && insurance.reimbursement.is_none());
    // Against the schema, but no reason to refuse a card.
    let less = "<ZusatzinfosGKV><Versichertenart>3</Versichertenart></ZusatzinfosGKV>";
    assert!(statutory(less).unwrap().region.is_none());
}

#[test]
fn an_insurance_is_either_statutory_or_private() {
    let private = "<ZusatzinfosPKV><Tarifart>1</Tarifart></ZusatzinfosPKV>";
    for additional in [String::new(), format!("{STATUTORY}{private}"), format!("{private}{STATUTORY}")] {
        let outcome = parse(&insurance_data("", AACHEN, &additional));
        assert_eq!(outcome, Err(Problem::Field { name: "Zusatzinfos" }));
    }
}

#[test]
fn a_missing_mandatory_field_is_named() {
    for (name, content) in [
        ("Beginn", "19971228"),
        ("Kostentraegerkennung", "104178397"),
        ("Kostentraegerlaendercode", "D"),
        ("Name", "Beispielkostenträger Aachen"),
        ("Versichertenart", "1"),
    ] {
        let without = amsel().replace(&element(name, content), "");
        assert_ne!(without, amsel());
        assert_eq!(parse(&without), Err(Problem::Field { name }));
    }
    let without_billing = amsel().replace("</Kostentraeger>", "<AbrechnenderKostentraeger/></Kostentraeger>");
    assert_eq!(parse(&without_billing), Err(Problem::Field { name: "Kostentraegerkennung" }));
}

#[test]
fn a_field_of_another_form_is_named() {
    let with = |from: &str, to: &str| parse(&amsel().replace(from, to)).err();
    assert_eq!(with("19971228", "19970000"), Some(Problem::Field { name: "Beginn" }));
    assert_eq!(with("104178397", "1041783970"), Some(Problem::Field { name: "Kostentraegerkennung" }));
    assert_eq!(with("104178397", "10417839A"), Some(Problem::Field { name: "Kostentraegerkennung" }));
    assert_eq!(with(">D<", ">DEUT<"), Some(Problem::Field { name: "Kostentraegerlaendercode" }));
    assert_eq!(with("Aachen", &"Aachen ".repeat(7)), Some(Problem::Field { name: "Name" }));
    assert_eq!(with("art>1<", "art>A<"), Some(Problem::Field { name: "Versichertenart" }));
    let ended = insurance_data("20241301", AACHEN, STATUTORY);
    assert_eq!(parse(&ended), Err(Problem::Field { name: "Ende" }));
}

#[test]
fn the_other_document_of_the_card_is_refused_and_debug_output_tells_nothing() {
    assert_eq!(parse(&personal_data(&AMSEL)), Err(Problem::Root));
    let data = parse(&amsel()).unwrap();
    assert_eq!(format!("{data:?}"), "InsuranceData(…)");
    assert_eq!(format!("{:?}", data.kind), "Statutory(StatutoryInsurance(…))");
    let secrets = format!("{:?} {:?}", data.insurer.country, data.insurer.name);
    assert!(!secrets.contains("\"D\"") && !secrets.contains("Aachen"), "{secrets}");
}
