//! EF.PD: every field of the schema, and everything that may be wrong with it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use egk::{Locality, PersonalData, PersonalText, Problem, Sex};
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
fn the_sex_is_read_and_a_new_letter_for_it_tolerated() {
    for (letter, sex) in [
        ("M", Sex::Male),
        ("W", Sex::Female),
        ("X", Sex::Indeterminate),
        ("D", Sex::Diverse),
        ("Q", Sex::Other),
    ] {
        assert!(parse(&personal_data(&Bird { sex: letter, ..AMSEL })).unwrap().sex == sex, "{letter}");
    }
}

/// Postal code, town, country.
fn locality(locality: &Locality) -> [&str; 3] {
    [locality.postal_code.as_deref().unwrap_or_default(), &locality.town, &locality.country]
}

#[test]
fn both_addresses_one_or_none_are_read() {
    let dohle = parse(&personal_data(&DOHLE)).unwrap();
    let post_box = dohle.post_box_address.unwrap();
    assert_eq!(locality(&post_box.locality), ["64283", "Darmstadt", "D"]);
    assert_eq!(&*post_box.post_box, "405060");
    let street = dohle.street_address.unwrap();
    assert_eq!(locality(&street.locality), ["64297", "Darmstadt", "D"]);
    assert_eq!(
        (street.street.as_deref(), street.house_number.as_deref()),
        (Some("Dohlenallee"), Some("4-6"))
    );
    assert!(street.supplement.is_none() && street.locality.postal_code_fits_country());

    let zaunkoenig = parse(&personal_data(&ZAUNKOENIG)).unwrap();
    assert!(zaunkoenig.post_box_address.is_none());
    let street = zaunkoenig.street_address.unwrap();
    assert_eq!(street.supplement.as_deref(), Some("zweites Nest rechter Ast"));

    let none = parse(&personal_data(&Bird { addresses: "", ..AMSEL })).unwrap();
    assert!(none.post_box_address.is_none() && none.street_address.is_none());
}

const ABROAD: &str = "<StrassenAdresse><Ort>Vaduz</Ort><Land><Wohnsitzlaendercode>FL</Wohnsitzlaendercode></Land>\
    </StrassenAdresse>";

#[test]
fn an_address_needs_no_more_than_town_and_country() {
    let data = parse(&personal_data(&Bird { addresses: ABROAD, ..AMSEL })).unwrap();
    let street = data.street_address.unwrap();
    assert_eq!(locality(&street.locality), ["", "Vaduz", "FL"]);
    assert!(!street.locality.country.is_germany() && street.locality.postal_code_fits_country());
    assert!([street.street, street.house_number, street.supplement].iter().all(Option::is_none));
    // The schema lets the town be empty, but not be missing.
    let empty = ABROAD.replace("Vaduz", "");
    assert!(parse(&personal_data(&AMSEL).replace(AMSEL.addresses, &empty)).is_ok());
    for name in ["Ort", "Wohnsitzlaendercode"] {
        let content = if name == "Ort" { "Vaduz" } else { "FL" };
        let without = ABROAD.replace(&element(name, content), "");
        let xml = personal_data(&AMSEL).replace(AMSEL.addresses, &without);
        assert_eq!(parse(&xml), Err(Problem::Field { name }));
    }
    let post_box = personal_data(&DOHLE).replace("<Postfach>405060</Postfach>", "");
    assert_eq!(parse(&post_box), Err(Problem::Field { name: "Postfach" }));
}

#[test]
fn a_german_postal_code_has_five_digits_and_another_one_is_told_but_no_reason_to_refuse_the_card() {
    for (code, country, fits) in [
        ("52070", "D", true),
        ("01067", "D", true),
        ("1067", "D", false),
        ("5207O", "D", false),
        ("D-52070", "D", false),
        ("3012", "CH", true),
        ("L-1511", "L", true),
        ("SW1A 2AA", "GB", true),
    ] {
        let xml = personal_data(&AMSEL)
            .replace("<Postleitzahl>52070<", &format!("<Postleitzahl>{code}<"))
            .replace("laendercode>D<", &format!("laendercode>{country}<"));
        let street = parse(&xml).unwrap().street_address.unwrap();
        assert_eq!(street.locality.postal_code_fits_country(), fits, "{code} {country}");
    }
}

#[test]
fn fields_of_an_address_are_read_up_to_the_schemas_length_and_no_further() {
    let with = |bird: &Bird, path: &str, name: &'static str, length: usize| {
        let whole = personal_data(bird);
        let block = whole.find(path).unwrap();
        let start = block + whole[block..].find(&format!("<{name}>")).unwrap() + name.len() + 2;
        let end = start + whole[start..].find("</").unwrap();
        parse(&format!("{}{}{}", &whole[..start], "ü".repeat(length), &whole[end..]))
    };
    let (post_box, street) = ("<PostfachAdresse>", "<StrassenAdresse>");
    for (bird, path, name, length) in [
        (&DOHLE, post_box, "Postleitzahl", 10),
        (&DOHLE, post_box, "Ort", 40),
        (&DOHLE, post_box, "Postfach", 8),
        (&DOHLE, post_box, "Wohnsitzlaendercode", 3),
        (&ZAUNKOENIG, street, "Postleitzahl", 10),
        (&ZAUNKOENIG, street, "Ort", 40),
        (&ZAUNKOENIG, street, "Wohnsitzlaendercode", 3),
        (&ZAUNKOENIG, street, "Strasse", 46),
        (&ZAUNKOENIG, street, "Hausnummer", 9),
        (&ZAUNKOENIG, street, "Anschriftenzusatz", 40),
    ] {
        assert!(with(bird, path, name, length).is_ok(), "{path} {name}");
        assert_eq!(with(bird, path, name, length + 1), Err(Problem::Field { name }), "{path}");
    }
}

#[test]
fn an_address_that_is_there_twice_is_refused() {
    let twice = AMSEL.addresses.repeat(2);
    let xml = personal_data(&AMSEL).replace(AMSEL.addresses, &twice);
    assert_eq!(parse(&xml), Err(Problem::Field { name: "StrassenAdresse" }));
}

#[test]
fn elements_of_a_later_schema_are_tolerated() {
    let xml = personal_data(&AMSEL).replace("</Person>", "<Rufname>Andi</Rufname></Person>");
    assert_eq!(parse(&xml), parse(&personal_data(&AMSEL)));
}

#[test]
fn any_prefix_and_schema_namespace_gives_the_same() {
    let plain = personal_data(&DOHLE);
    let prefixed = plain.replace("</", "\u{1}").replace('<', "<vsdp:").replace('\u{1}', "</vsdp:");
    let prefixed = prefixed.replace("xmlns=", "xmlns:vsdp=");
    let private = plain.replace("vsdm/vsd/v5.2", "vsdm/vsd_pkv/v1.0").replace(r#""5.2.0""#, r#""1.0.0""#);
    for xml in [prefixed, private] {
        assert_eq!(parse(&xml), parse(&plain));
    }
}

#[test]
fn debug_output_tells_nothing() {
    for bird in [&AMSEL, &DOHLE, &ZAUNKOENIG] {
        let data = parse(&personal_data(bird)).unwrap();
        let debug = format!("{data:?} {:?}", data.street_address);
        let words =
            ["A123", "Andrea", "Amsel", "Dohle", "1997", "Aachen", "Darmstadt", "Female", "Nest", "\"D\""];
        for secret in words {
            assert!(!debug.contains(secret), "{debug}");
        }
    }
}

#[test]
fn the_other_document_of_the_card_is_refused() {
    let xml = support::xml::insurance_data("", support::xml::AACHEN, support::xml::STATUTORY);
    assert_eq!(parse(&xml), Err(Problem::Root));
}
