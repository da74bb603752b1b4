use super::*;

const FORM: Form = Form {
    root: "Nest",
    elements: &[
        &[("Vogel/Name", 10), ("Vogel/Art", 10), ("Vogel/Ring", 0)],
        &[("Gelege", 0), ("Gelege/Ei", 10), ("Gelege/Farbe", 10)],
    ],
    repeated: Some(("Gelege", 3)),
};

/// A document with this content in the current namespace.
fn nest(content: &str) -> String {
    format!(r#"<Nest CDM_VERSION="5.2.0" xmlns="{NAMESPACE_VSD}">{content}</Nest>"#)
}

fn name_in(xml: impl AsRef<[u8]>) -> Result<Option<String>, Problem> {
    Document::read(xml.as_ref(), &FORM).map(|mut document| Some(document.optional("Vogel/Name")?.to_string()))
}

fn check(xml: impl AsRef<[u8]>, expected: &str) {
    assert_eq!(name_in(xml), Ok(Some(expected.to_owned())));
}

fn check_problem(xml: impl AsRef<[u8]>, expected: Problem) {
    let xml = xml.as_ref();
    assert_eq!(name_in(xml), Err(expected), "{}", String::from_utf8_lossy(&xml[..xml.len().min(300)]));
}

#[test]
fn fields_are_found_by_path_and_namespace_whatever_the_prefix() {
    check(nest("<Vogel><Name>Amsel</Name></Vogel>"), "Amsel");
    check(
        format!(
            r#"<v:Nest CDM_VERSION="5.2.0" xmlns:v="{NAMESPACE_VSD}"><v:Vogel><v:Name>Amsel</v:Name></v:Vogel></v:Nest>"#
        ),
        "Amsel",
    );
    check(
        nest(&format!(r#"<a:Vogel xmlns:a="{NAMESPACE_VSD_PKV}"><a:Name>Amsel</a:Name></a:Vogel>"#)),
        "Amsel",
    );
    assert_eq!(name_in(nest("<Name>Amsel</Name><Ei><Name>Amsel</Name></Ei>")), Ok(None));
}

#[test]
fn missing_and_empty_fields_are_the_same_and_a_required_one_is_named() {
    for content in ["", "<Vogel/>", "<Vogel><Name/></Vogel>", "<Vogel><Name>  </Name></Vogel>"] {
        let mut document = Document::read(nest(content).as_bytes(), &FORM).unwrap();
        assert_eq!(document.required("Vogel/Name"), Err(Problem::Field { name: "Name" }), "{content}");
    }
}

#[test]
fn a_block_is_there_even_when_it_is_empty() {
    let contains =
        |content: &str| Document::read(nest(content).as_bytes(), &FORM).unwrap().contains("Vogel/Ring");
    assert!(contains("<Vogel><Ring/></Vogel>"));
    assert!(contains("<Vogel><Ring>\n  <Nummer>1</Nummer>\n</Ring></Vogel>"));
    assert!(!contains("<Vogel><Name>Ring</Name></Vogel>"));
}

#[test]
fn a_repeated_block_is_taken_out_piece_by_piece() {
    let mut document = Document::read(
        nest(
            "<Gelege><Ei>1</Ei><Farbe>blau</Farbe></Gelege><Gelege/><Vogel><Name>Amsel</Name></Vogel>\
             <Gelege><Ei>3</Ei></Gelege>",
        )
        .as_bytes(),
        &FORM,
    )
    .unwrap();
    let mut eggs = Vec::new();
    while let Some(mut block) = document.block("Gelege") {
        eggs.push(block.optional("Gelege/Ei").map(|text| text.to_string()));
    }
    assert_eq!(eggs, [Some("1".to_owned()), None, Some("3".to_owned())]);
    assert_eq!(document.optional("Vogel/Name").as_deref(), Some("Amsel"));
}

#[test]
fn a_block_is_repeated_up_to_its_limit_and_its_fields_are_not() {
    assert_eq!(name_in(nest(&"<Gelege><Ei>1</Ei></Gelege>".repeat(3))), Ok(None));
    check_problem(nest(&"<Gelege/>".repeat(4)), Problem::Field { name: "Gelege" });
    let twice = "<Gelege/><Gelege><Ei>1</Ei><Ei>2</Ei></Gelege>";
    check_problem(nest(twice), Problem::Field { name: "Ei" });
}

#[test]
fn text_comes_with_references_character_data_and_without_surrounding_blanks() {
    check(nest("<Vogel><Name>\n  A &amp; B\n</Name></Vogel>"), "A & B");
    check(nest("<Vogel><Name>&#65;&#x6D;sel &lt;&gt;</Name></Vogel>"), "Amsel <>");
    check(nest("<Vogel><Name><![CDATA[A<B]]></Name></Vogel>"), "A<B");
    check(nest("<Vogel><Name>Am<!-- e -->sel</Name></Vogel>"), "Amsel");
    check(nest("<Vogel>Die <Name>Amsel</Name> singt</Vogel>"), "Amsel");
}

// Code positions where ISO 8859-15 differs from 8859-1: A4 €, A6 Š, A8 š, B4 Ž, B8 ž, BC Œ, BD œ, BE Ÿ.
#[test]
fn iso_8859_15_is_read_as_declared() {
    for standalone in ["", r#" standalone="yes""#] {
        let mut xml = format!(r#"<?xml version="1.0" encoding="ISO-8859-15"{standalone}?>"#).into_bytes();
        xml.extend(nest("<Vogel><Name>?</Name></Vogel>").bytes());
        let at = xml.iter().rposition(|byte| *byte == b'?').unwrap();
        xml.splice(at..=at, [0xA4, 0xA6, 0xA8, 0xB4, 0xB8, 0xBC, 0xBD, 0xBE, 0xFC, 0xDF]);
        check(&xml, "€ŠšŽžŒœŸüß");
    }
}

#[test]
fn utf_8_is_read_with_and_without_declaration() {
    let xml = nest("<Vogel><Name>Zaunkönig</Name></Vogel>");
    check(&xml, "Zaunkönig");
    check(format!("<?xml version='1.0'?>\n{xml}"), "Zaunkönig");
    check(format!("<?xml version='1.0' encoding='utf-8'?>{xml}"), "Zaunkönig");
}

#[test]
fn other_encodings_and_bytes_outside_the_declared_one_are_refused() {
    let xml = nest("<Vogel/>");
    for encoding in ["ISO-8859-1", "UTF-16", "windows-1252", ""] {
        check_problem(format!("<?xml version='1.0' encoding='{encoding}'?>{xml}"), Problem::Encoding);
    }
    check_problem([b"<?xml version='1.0'?><Nest>".as_slice(), &[0xFC]].concat(), Problem::Encoding);
    check_problem([0xFE, 0xFF, 0x00, 0x3C], Problem::Encoding);
}

#[test]
fn a_document_type_and_its_entities_are_refused() {
    let bomb = r#"<!DOCTYPE Nest [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>"#;
    check_problem(format!("{bomb}{}", nest("<Vogel><Name>&b;</Name></Vogel>")), Problem::Xml);
    check_problem(nest("<Vogel><Name>&b;</Name></Vogel>"), Problem::Xml);
    check_problem(nest("<?php ?><Vogel/>"), Problem::Xml);
}

#[test]
fn what_is_not_well_formed_is_refused() {
    let whole = nest("<Vogel><Name>Amsel</Name></Vogel>");
    for end in 0..whole.len() {
        assert!(name_in(&whole[..end]).is_err(), "cut off after {end}");
    }
    for content in [
        "</Vogel>",
        "<Vogel></Name></Vogel>",
        "<Vogel>&</Vogel>",
        "<Vogel>&#xD800;</Vogel>",
        "<Vogel a='></Vogel>",
    ] {
        check_problem(nest(content), Problem::Xml);
    }
    check_problem(format!("{whole}{whole}"), Problem::Xml);
    check_problem(format!("Amsel{whole}"), Problem::Xml);
    check_problem(format!("{whole}Amsel"), Problem::Xml);
    check(format!("\n{whole}\n"), "Amsel");
}

#[test]
fn another_root_namespace_or_version_is_refused_by_name() {
    let whole = nest("<Vogel/>");
    check_problem(whole.replace("Nest", "Horst"), Problem::Root);
    check_problem(whole.replace("vsdm/vsd/v5.2", "vsdm/vsd/v6.0"), Problem::Namespace);
    check_problem(whole.replace(" xmlns=", " xmlns:v="), Problem::Namespace);
    check_problem(nest("<Vogel xmlns='urn:other'/>"), Problem::Namespace);
    check_problem(nest("<v:Vogel/>"), Problem::Namespace);
    let v5_1 = "http://ws.gematik.de/fa/vsds/UC_PersoenlicheVersichertendatenXML/v5.1";
    check_problem(whole.replace(NAMESPACE_VSD, v5_1), Problem::SchemaTooOld);
    for version in ["", r#"CDM_VERSION="5.1.0""#, r#"CDM_VERSION="5.20.0""#] {
        check_problem(
            whole.replace(r#"CDM_VERSION="5.2.0""#, version),
            Problem::Field { name: "CDM_VERSION" },
        );
    }
    assert_eq!(name_in(whole.replace("5.2.0", "1.0.0")), Ok(None));
}

#[test]
fn a_field_that_is_there_twice_or_too_long_or_has_control_characters_is_named() {
    let wrong = Problem::Field { name: "Name" };
    check(nest("<Vogel><Name>Wäldchenvö</Name></Vogel>"), "Wäldchenvö");
    check_problem(nest("<Vogel><Name>Wäldchenvög</Name></Vogel>"), wrong);
    check_problem(nest(&format!("<Vogel><Name>{}</Name></Vogel>", "ä".repeat(TEXT_BYTES_MAX))), wrong);
    check_problem(nest("<Vogel><Name>A</Name><Name>A</Name></Vogel>"), wrong);
    check_problem(nest("<Vogel><Name>A</Name></Vogel><Vogel><Name/></Vogel>"), wrong);
    check_problem(nest("<Vogel><Name>A&#9;B</Name></Vogel>"), wrong);
    check_problem(nest("<Vogel><Name>A\u{85}B</Name></Vogel>"), wrong);
    check_problem(nest("<Vogel><Ring>A</Ring></Vogel>"), Problem::Field { name: "Ring" });
}

#[test]
fn depth_elements_names_and_forgotten_texts_have_a_limit() {
    let nested = |levels: usize| nest(&format!("{}{}", "<Ei>".repeat(levels), "</Ei>".repeat(levels)));
    assert_eq!(name_in(nested(DEPTH_MAX - 1)), Ok(None));
    check_problem(nested(DEPTH_MAX), Problem::TooLarge);
    assert_eq!(name_in(nest(&"<Ei/>".repeat(ELEMENTS_MAX - 1))), Ok(None));
    check_problem(nest(&"<Ei/>".repeat(ELEMENTS_MAX)), Problem::TooLarge);
    check_problem(nest(&format!("<{}/>", "E".repeat(NAME_BYTES_MAX + 1))), Problem::TooLarge);
    check_problem(nest(&format!("<Ei>{}</Ei>", "i".repeat(TEXT_BYTES_MAX + 1))), Problem::TooLarge);
}
