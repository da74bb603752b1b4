//! EF.VD: every field of the schema, and everything that may be wrong with it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use egk::{InsuranceData, InsuranceKind, Insurer, Problem};
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
    assert_eq!((data.valid_until, data.billing_insurer, data.kind), (None, None, InsuranceKind::Statutory));
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

// Schema_VSD_PKV.xsd 1.0.0; the first private cards came in the statutory namespace.
#[test]
fn a_private_insurance_is_told_by_its_block_in_either_namespace() {
    let private = "<ZusatzinfosPKV><Tarifart>1</Tarifart><Beihilfeberechtigung>1</Beihilfeberechtigung>\
        <StationaereLeistungen><WahlleistungUnterkunft><ArtWahlleistungUnterkunft>1</ArtWahlleistungUnterkunft>\
        <ProzentwertWahlleistungUnterkunft>100</ProzentwertWahlleistungUnterkunft></WahlleistungUnterkunft>\
        </StationaereLeistungen></ZusatzinfosPKV>";
    let xml = insurance_data("", AACHEN, private);
    assert_eq!(parse(&xml).unwrap().kind, InsuranceKind::Private);
    let own =
        xml.replace("vsdm/vsd/v5.2", "vsdm/vsd_pkv/v1.0").replace(r#""5.2.0""#, r#""1.0.0" KTR_TYP="1""#);
    assert_eq!(parse(&own).unwrap().kind, InsuranceKind::Private);
    let neither = insurance_data("", AACHEN, "");
    let both = insurance_data("", AACHEN, &format!("{STATUTORY}{private}"));
    for xml in [neither, both] {
        assert_eq!(parse(&xml), Err(Problem::Field { name: "Zusatzinfos" }));
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
fn optional_elements_may_all_be_missing() {
    let least = "<ZusatzinfosGKV><Versichertenart>3</Versichertenart><Zusatzinfos_Abrechnung_GKV><WOP>38</WOP>\
        </Zusatzinfos_Abrechnung_GKV></ZusatzinfosGKV>";
    assert_eq!(parse(&insurance_data("", AACHEN, least)), parse(&amsel()));
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
    assert_eq!(format!("{:?}", parse(&amsel()).unwrap()), "InsuranceData(…)");
}
