//! ZusatzinfosPKV: every field of Schema_VSD_PKV.xsd 1.0.0.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use egk::{
    Fund, InsuranceData, InsuranceKind, Limit, PrivateInsurance, Problem, Room, RoomBenefit, Tariff,
    Treatment, TreatmentBenefit,
};
use support::xml::{AACHEN, element, insurance_data};

const FULL: &str = "<ZusatzinfosPKV><Tarifart>01</Tarifart><Beihilfeberechtigung>01</Beihilfeberechtigung>\
    <KVB_PBeaK>02</KVB_PBeaK><StationaereLeistungen><TeilnahmeClinicCardVerfahren>1</TeilnahmeClinicCardVerfahren>\
    <WahlleistungUnterkunft><ArtWahlleistungUnterkunft>01</ArtWahlleistungUnterkunft>\
    <HoechstbetragWahlleistungUnterkunft>99999</HoechstbetragWahlleistungUnterkunft></WahlleistungUnterkunft>\
    <WahlleistungUnterkunft><ArtWahlleistungUnterkunft>2</ArtWahlleistungUnterkunft>\
    <ProzentwertWahlleistungUnterkunft>100</ProzentwertWahlleistungUnterkunft></WahlleistungUnterkunft>\
    <WahlleistungUnterkunft><ArtWahlleistungUnterkunft>04</ArtWahlleistungUnterkunft>\
    <ProzentwertWahlleistungUnterkunft>050</ProzentwertWahlleistungUnterkunft></WahlleistungUnterkunft>\
    <WahlleistungAerztlicheBehandlung>\
    <ArtWahlleistungAerztlicheBehandlung>01</ArtWahlleistungAerztlicheBehandlung>\
    <ProzentwertWahlleistungAerztlicheBehandlung>80</ProzentwertWahlleistungAerztlicheBehandlung>\
    </WahlleistungAerztlicheBehandlung><AllgemeineKrankenhausleistungen>30</AllgemeineKrankenhausleistungen>\
    </StationaereLeistungen></ZusatzinfosPKV>";

fn private_in(xml: &str) -> Result<PrivateInsurance, Problem> {
    match InsuranceData::parse_xml(xml.as_bytes())?.kind {
        InsuranceKind::Private(private) => Ok(private),
        InsuranceKind::Statutory(_) => panic!("a statutory insurance"),
    }
}

fn private(additional: &str) -> Result<PrivateInsurance, Problem> {
    private_in(&insurance_data("", AACHEN, additional))
}

fn with(from: &str, to: &str) -> Result<PrivateInsurance, Problem> {
    assert!(FULL.contains(from), "{from}");
    private(&FULL.replacen(from, to, 1))
}

#[test]
fn everything_of_the_private_insurance_is_read() {
    let insurance = private(FULL).unwrap();
    assert!(insurance.tariff == Tariff::Individual && insurance.entitled_to_aid);
    assert!(insurance.fund == Some(Fund::Railway));
    let hospital = insurance.hospital.unwrap();
    assert_eq!((hospital.clinic_card, hospital.general_percent), (Some(true), Some(30)));
    let rooms = [
        RoomBenefit { room: Room::Single, limit: Limit::EurosPerDay(99_999) },
        RoomBenefit { room: Room::Double, limit: Limit::Percent(100) },
        RoomBenefit { room: Room::DoubleToSingle, limit: Limit::Percent(50) },
    ];
    assert!(hospital.rooms == rooms);
    let treatment = TreatmentBenefit { treatment: Treatment::HeadPhysician, percent: Some(80) };
    assert!(hospital.treatment == Some(treatment));
}

#[test]
fn the_tariff_is_enough() {
    let insurance = private("<ZusatzinfosPKV><Tarifart>4</Tarifart></ZusatzinfosPKV>").unwrap();
    assert!(insurance.tariff == Tariff::Emergency && !insurance.entitled_to_aid);
    assert!(insurance.fund.is_none() && insurance.hospital.is_none());
    let missing = private("<ZusatzinfosPKV><Beihilfeberechtigung>01</Beihilfeberechtigung></ZusatzinfosPKV>");
    assert_eq!(missing, Err(Problem::Field { name: "Tarifart" }));
    let nothing =
        private("<ZusatzinfosPKV><Tarifart>2</Tarifart><StationaereLeistungen/></ZusatzinfosPKV>").unwrap();
    let hospital = nothing.hospital.unwrap();
    assert!(hospital.rooms.is_empty() && hospital.treatment.is_none());
    assert_eq!((hospital.clinic_card, hospital.general_percent), (None, None));
}

// The first private cards came in the statutory namespace (Schema_VSD_PKV.xsd before it got its own).
#[test]
fn it_is_told_by_its_block_in_either_namespace() {
    let xml = insurance_data("", AACHEN, FULL);
    let own =
        xml.replace("vsdm/vsd/v5.2", "vsdm/vsd_pkv/v1.0").replace(r#""5.2.0""#, r#""1.0.0" KTR_TYP="1""#);
    assert_ne!(xml, own);
    assert_eq!(private_in(&own), private_in(&xml));
}

#[test]
fn codes_are_named_and_new_ones_tolerated() {
    for (code, tariff) in [("02", Tariff::Standard), ("03", Tariff::Basic), ("5", Tariff::Other)] {
        assert!(with("<Tarifart>01", &format!("<Tarifart>{code}")).unwrap().tariff == tariff, "{code}");
    }
    for (code, fund) in [("00", None), ("1", Some(Fund::PostOffice)), ("99", Some(Fund::Other))] {
        assert!(with("<KVB_PBeaK>02", &format!("<KVB_PBeaK>{code}")).unwrap().fund == fund, "{code}");
    }
    for code in ["0", "00", "02"] {
        let from = "<Beihilfeberechtigung>01";
        assert!(!with(from, &format!("<Beihilfeberechtigung>{code}")).unwrap().entitled_to_aid, "{code}");
    }
    for (code, room) in [("0", Room::Unstated), ("03", Room::Shared), ("9", Room::Other)] {
        let from = "<ArtWahlleistungUnterkunft>01";
        let insurance = with(from, &format!("<ArtWahlleistungUnterkunft>{code}")).unwrap();
        assert!(insurance.hospital.unwrap().rooms[0].room == room, "{code}");
    }
    for (code, treatment) in [
        ("0", Treatment::Unstated),
        ("2", Treatment::General),
        ("03", Treatment::AttendingPhysician),
        ("8", Treatment::Other),
    ] {
        let from = "<ArtWahlleistungAerztlicheBehandlung>01";
        let insurance = with(from, &format!("<ArtWahlleistungAerztlicheBehandlung>{code}")).unwrap();
        assert!(insurance.hospital.unwrap().treatment.unwrap().treatment == treatment, "{code}");
    }
}

#[test]
fn numbers_beyond_their_range_and_other_forms_are_named() {
    for (name, content, wrong) in [
        ("Tarifart", "01", "100"),
        ("Tarifart", "01", "-1"),
        ("Beihilfeberechtigung", "01", "ja"),
        ("KVB_PBeaK", "02", "+2"),
        ("TeilnahmeClinicCardVerfahren", "1", "2"),
        ("HoechstbetragWahlleistungUnterkunft", "99999", "100000"),
        ("ProzentwertWahlleistungUnterkunft", "100", "101"),
        ("ProzentwertWahlleistungAerztlicheBehandlung", "80", "8,5"),
        ("AllgemeineKrankenhausleistungen", "30", "300"),
    ] {
        let outcome = with(&element(name, content), &element(name, wrong));
        assert_eq!(outcome, Err(Problem::Field { name }), "{wrong}");
    }
}

#[test]
fn a_room_has_a_type_and_one_limit_and_there_are_three_rooms_at_most() {
    let room = "<WahlleistungUnterkunft><ArtWahlleistungUnterkunft>01</ArtWahlleistungUnterkunft>";
    let without_type = with("<ArtWahlleistungUnterkunft>01</ArtWahlleistungUnterkunft>", "");
    assert_eq!(without_type, Err(Problem::Field { name: "ArtWahlleistungUnterkunft" }));
    let wrong = Err(Problem::Field { name: "WahlleistungUnterkunft" });
    let euros = element("HoechstbetragWahlleistungUnterkunft", "99999");
    assert_eq!(with(&euros, ""), wrong);
    let both = format!("{euros}{}", element("ProzentwertWahlleistungUnterkunft", "10"));
    assert_eq!(with(&euros, &both), wrong);
    let four = format!("{room}{euros}</WahlleistungUnterkunft>{room}");
    assert_eq!(with(room, &four), wrong);
    let treatment = element("ArtWahlleistungAerztlicheBehandlung", "01");
    assert_eq!(with(&treatment, ""), Err(Problem::Field { name: "ArtWahlleistungAerztlicheBehandlung" }));
}

#[test]
fn debug_output_tells_nothing() {
    let insurance = private(FULL).unwrap();
    assert_eq!(format!("{insurance:?}"), "PrivateInsurance(…)");
    assert_eq!(
        format!("{:?} {:?}", insurance.tariff, insurance.hospital),
        "Tariff(…) Some(HospitalBenefits(…))"
    );
}
