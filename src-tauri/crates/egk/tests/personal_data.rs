//! EF.PD: every field of the schema, and everything that may be wrong with it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use egk::{PersonalData, PersonalText, Problem};
use support::xml::{
    AMSEL, BUNTSPECHT, Bird, DOHLE, ELSTER, HABICHT, JUNKO, KIEBITZ, LACHMOEWE, ZAUNKOENIG, element,
    personal_data,
};

fn parse(xml: &str) -> Result<PersonalData, Problem> {
    PersonalData::parse_xml(xml.as_bytes())
}

/// Title, given names, suffix, prefix, family name.
fn parts(data: &PersonalData) -> [&str; 5] {
    fn text(part: Option<&PersonalText>) -> &str {
        part.map_or("", |text| text)
    }
    let name = &data.name;
    let [title, suffix, prefix] =
        [&name.title, &name.name_suffix, &name.name_prefix].map(Option::as_ref).map(text);
    [title, &name.given_names, suffix, prefix, &name.family_name]
}

fn check(bird: &Bird, full_name: [&str; 5], birth_date: &str) {
    let data = parse(&personal_data(bird)).unwrap();
    assert_eq!(parts(&data), full_name);
    assert_eq!(data.kvnr.as_str(), bird.kvnr);
    assert_eq!(&*data.birth_date.to_iso(), birth_date);
}

#[test]
fn all_parts_of_a_name_are_read_and_unknown_birth_days_kept() {
    check(&AMSEL, ["", "Andrea", "", "", "Amsel"], "1997-12-28");
    check(&BUNTSPECHT, ["Dr. med.", "Bernd Benjamin", "Graf", "von und zu", "Buntspecht"], "1988-06-22");
    check(&DOHLE, ["Dr. rer. nat.", "Dara", "", "", "Dohle"], "1970-01-20");
    check(&ELSTER, ["", "Elke", "Freifrau", "an der", "Elster"], "1992-11-13");
    check(&HABICHT, ["Dr.-Ing.", "Hans", "", "vorm", "Habicht"], "1953-07-29");
    check(&JUNKO, ["", "Jens-Jörg", "", "", "Junko"], "1958-12-00");
    check(&KIEBITZ, ["", "Karin", "", "", "Kiebitz"], "1933-00-00");
    check(&LACHMOEWE, ["", "Lisa", "", "", "Lachmöwe"], "2022-07-02");
    check(&ZAUNKOENIG, ["Prof. Dr. rer. nat.", "Zacharias", "Graf", "von und zu", "Zaunkönig"], "1987-05-16");
}

#[test]
fn a_missing_mandatory_field_is_named() {
    for (name, content) in [
        ("Versicherten_ID", AMSEL.kvnr),
        ("Geburtsdatum", AMSEL.birth_date),
        ("Vorname", AMSEL.given_names),
        ("Nachname", AMSEL.family_name),
        ("Geschlecht", AMSEL.sex),
    ] {
        let whole = personal_data(&AMSEL);
        let without = whole.replace(&element(name, content), "");
        assert_ne!(whole, without);
        assert_eq!(parse(&without), Err(Problem::Field { name }));
        assert_eq!(
            parse(&whole.replace(&element(name, content), &element(name, ""))),
            Err(Problem::Field { name })
        );
    }
}

#[test]
fn a_field_is_read_up_to_the_schemas_length_and_no_further() {
    let with = |name: &str, length: usize| {
        let whole = personal_data(&ZAUNKOENIG);
        let start = whole.find(&format!("<{name}>")).unwrap() + name.len() + 2;
        let end = whole.find(&format!("</{name}>")).unwrap();
        format!("{}{}{}", &whole[..start], "ü".repeat(length), &whole[end..])
    };
    for (name, length) in
        [("Vorname", 45), ("Nachname", 45), ("Vorsatzwort", 20), ("Namenszusatz", 20), ("Titel", 20)]
    {
        assert!(parse(&with(name, length)).is_ok(), "{name}");
        assert_eq!(parse(&with(name, length + 1)), Err(Problem::Field { name }));
    }
}

#[test]
fn a_wrong_number_date_or_sex_is_named() {
    let with = |from: &str, to: &str| parse(&personal_data(&AMSEL).replace(from, to));
    assert_eq!(with("A123456780", "A123456781"), Err(Problem::CheckDigit));
    assert_eq!(with("A123456780", "a123456780"), Err(Problem::Field { name: "Versicherten_ID" }));
    assert_eq!(with("19971228", "19970229"), Err(Problem::Field { name: "Geburtsdatum" }));
    assert_eq!(with("19971228", "28.12.97"), Err(Problem::Field { name: "Geburtsdatum" }));
    assert_eq!(with(">W<", ">w<"), Err(Problem::Field { name: "Geschlecht" }));
}

#[test]
fn addresses_are_parsed_past_and_debug_output_tells_nothing() {
    let data = parse(&personal_data(&AMSEL)).unwrap();
    let debug = format!("{data:?}");
    for secret in ["A123", "Andrea", "Amsel", "1997", "Aachen"] {
        assert!(!debug.contains(secret), "{debug}");
    }
    let without = Bird { addresses: "", ..AMSEL };
    assert_eq!(parse(&personal_data(&without)), Ok(data));
}

#[test]
fn the_other_document_of_the_card_is_refused() {
    let xml = support::xml::insurance_data("", support::xml::AACHEN, support::xml::STATUTORY);
    assert_eq!(parse(&xml), Err(Problem::Root));
}
