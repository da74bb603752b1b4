//! Passports, identity cards and residence permits: what opens them, and what is told of them.

use std::fs;

use anyhow::{Context as _, Result};
use card_sim::{
    Interface,
    egk::CAN,
    find,
    travel::{TravelDocument, transliterate},
};
use serde_json::json;

use crate::{
    support::{card, insert, insert_card, pull, run, run_with_input, text, today, trust_folder, with_pcscd},
    terminal::type_at_terminal,
};

const WITH_CAN: [&str; 5] = ["card", "read", "--json", "--can", "-"];
const WITH_ZONE: [&str; 5] = ["card", "read", "--json", "--mrz", "-"];

/// What is printed on the document.
fn document(name: &str) -> Result<TravelDocument> {
    find(name).and_then(|entry| entry.travel_document(today())).context("no such document")
}

fn zone(name: &str) -> Result<String> {
    Ok(document(name)?.zone().join("\n"))
}

/// `NUMBER,BIRTH,EXPIRY`
fn fields(name: &str) -> Result<String> {
    let fields = document(name)?.key_fields();
    Ok([fields.number, fields.birth_date, fields.expiry].join(","))
}

#[test]
fn a_document_opens_with_its_can_its_zone_or_three_fields_of_it() -> Result<()> {
    with_pcscd("documents::a_document_opens_with_its_can_its_zone_or_three_fields_of_it", |_| {
        let card = insert(0, "id-card-amsel")?;
        let zone = zone("id-card-amsel")?;
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("zone");
        fs::write(&file, zone.replace('\n', "\r\n") + "\r\n")?;
        let file = format!("@{}", text(&file)?);
        let can = document("id-card-amsel")?.can.context("no number")?;
        let runs = [
            run_with_input(&WITH_CAN, can.as_bytes())?,
            run_with_input(&WITH_ZONE, zone.as_bytes())?,
            run_with_input(&WITH_ZONE, zone.replace('\n', "").as_bytes())?,
            run_with_input(&WITH_ZONE, fields("id-card-amsel")?.as_bytes())?,
            run(&["card", "read", "--json", "--mrz", &file])?,
        ];
        let mut apdus = 0;
        for ran in runs {
            let read = ran.json()?;
            assert_eq!((&read["kind"], &read["access"]), (&json!("id_card"), &json!("pace")), "{ran:?}");
            assert_eq!(read["interface"], "contactless");
            apdus += read["apdus"].as_u64().context("no number")?;
        }
        assert_eq!(apdus, card.apdus() as u64);
        Ok(())
    })
}

#[test]
fn a_passport_without_pace_opens_with_its_zone_by_basic_access_control() -> Result<()> {
    with_pcscd("documents::a_passport_without_pace_opens_with_its_zone_by_basic_access_control", |_| {
        let _card = insert(0, "passport-bac-only")?;
        let read = run_with_input(&WITH_ZONE, zone("passport-bac-only")?.as_bytes())?.json()?;
        assert_eq!((&read["kind"], &read["access"]), (&json!("passport"), &json!("bac")));
        let ran = run_with_input(&WITH_CAN, CAN.as_bytes())?;
        assert_eq!(ran.error()?, ("document_zone_needed".to_owned(), Some(10)));
        Ok(())
    })
}

#[test]
fn at_a_terminal_the_zone_is_asked_for_line_by_line_and_never_shown() -> Result<()> {
    with_pcscd("documents::at_a_terminal_the_zone_is_asked_for_line_by_line_and_never_shown", |_| {
        let _card = insert(0, "id-card-amsel")?;
        let zone = document("id-card-amsel")?.zone();
        let [first, second, third] = [0, 1, 2].map(|line| zone[line].as_str());
        let lines = [("ABLAUF (JJMMTT): ", first), ("Zeile 2: ", second), ("Zeile 3: ", third)];
        let (ran, shown) = type_at_terminal(&["card", "read", "--mrz", "-"], &lines)?;
        assert!(ran.out.starts_with("Personalausweis, kontaktlos, geöffnet mit PACE\n"), "{ran:?}");
        assert_eq!(shown, "\r\n\r\n\r\nend\r\n");
        Ok(())
    })
}

#[test]
fn without_a_key_the_answer_says_what_is_needed_and_what_to_do() -> Result<()> {
    with_pcscd("documents::without_a_key_the_answer_says_what_is_needed_and_what_to_do", |_| {
        for name in ["passport", "passport-amsel", "passport-bac-only", "id-card-authorities-only"] {
            let card = insert(0, name)?;
            let ran = run(&["card", "read", "--json"])?;
            assert_eq!(ran.error()?, ("document_key_needed".to_owned(), Some(10)), "{name}");
            pull(0, card)?;
        }
        let _card = insert(0, "passport-amsel")?;
        let message = run(&["card", "read", "--lang", "en"])?.err;
        assert!(message.contains("--can -") && message.contains("--mrz -"), "{message}");
        Ok(())
    })
}

#[test]
fn a_wrong_can_and_a_wrong_zone_are_told_apart_and_may_be_tried_again() -> Result<()> {
    with_pcscd("documents::a_wrong_can_and_a_wrong_zone_are_told_apart_and_may_be_tried_again", |_| {
        let card = insert(0, "id-card-amsel")?;
        for _ in 0..2 {
            let ran = run_with_input(&WITH_CAN, b"999999")?;
            assert_eq!(ran.error()?, ("can_wrong".to_owned(), Some(10)), "{ran:?}");
        }
        let of_another = zone("id-card-dohle")?;
        let ran = run_with_input(&WITH_ZONE, of_another.as_bytes())?;
        assert_eq!(ran.error()?, ("zone_wrong".to_owned(), Some(10)), "{ran:?}");
        assert_eq!(run_with_input(&WITH_CAN, CAN.as_bytes())?.json()?["access"], "pace");
        pull(0, card)?;
        let _card = insert(0, "passport-bac-only")?;
        let ran = run_with_input(&WITH_ZONE, of_another.as_bytes())?;
        assert_eq!(ran.error()?, ("zone_wrong".to_owned(), Some(10)), "{ran:?}");
        Ok(())
    })
}

#[test]
fn a_mistyped_field_is_named_and_never_repeated_before_the_card_is_held() -> Result<()> {
    with_pcscd("documents::a_mistyped_field_is_named_and_never_repeated_before_the_card_is_held", |_| {
        let card = insert(0, "passport-amsel")?;
        // ICAO Doc 9303-4, appendix B, with other check digits.
        let cases = [
            ("L898902C37,7408122,1204159", json!({ "field": "number", "problem": "check_digit" })),
            ("L898902C36,7408123,1204159", json!({ "field": "birth", "problem": "check_digit" })),
            ("L898902C36,7408122,1204150", json!({ "field": "expiry", "problem": "check_digit" })),
            ("L898902C36,741312,120415", json!({ "field": "birth", "problem": "no_such_day" })),
            ("L898902C36", json!({ "field": null, "problem": "form" })),
        ];
        for (input, params) in cases {
            let ran = run_with_input(&WITH_ZONE, input.as_bytes())?;
            assert_eq!(ran.error()?, ("not_a_zone".to_owned(), Some(10)), "{input}");
            assert_eq!(ran.json()?["error"]["params"], params, "{input}");
            assert!(!ran.out.contains("L898902C"), "{ran:?}");
        }
        let ran = run_with_input(&["card", "read", "--mrz", "-"], b"L898902C36,7408123,1204159")?;
        assert!(ran.err.contains("Geburtsdatum: Die Angabe und ihre Prüfziffer passen nicht"), "{ran:?}");
        assert_eq!(card.apdus(), 0, "the card was held while somebody types");
        Ok(())
    })
}

#[test]
fn a_zone_on_the_command_line_is_refused_and_never_repeated() -> Result<()> {
    let typed = "L898902C36,7408122,1204159";
    for json in [&["--json"][..], &[]] {
        let ran = run(&[&["card", "read", "--mrz", typed], json].concat())?;
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(!ran.out.contains("L898902C") && !ran.err.contains("L898902C"), "{ran:?}");
        assert!(ran.out.contains("--mrz -") || ran.err.contains("--mrz -"), "{ran:?}");
    }
    let both = run(&["card", "read", "--json", "--mrz", "-", "--can", "-"])?;
    assert_eq!(both.error()?, ("usage".to_owned(), Some(2)));
    Ok(())
}

#[test]
fn a_german_card_of_before_august_2021_shows_its_data_to_authorities_only() -> Result<()> {
    with_pcscd("documents::a_german_card_of_before_august_2021_shows_its_data_to_authorities_only", |_| {
        let _card = insert(0, "id-card-authorities-only")?;
        let expected = ("document_authorities_only".to_owned(), Some(6));
        let ran = run_with_input(&WITH_CAN, CAN.as_bytes())?;
        assert_eq!(ran.error()?, expected);
        let zone = zone("id-card-authorities-only")?;
        assert_eq!(run_with_input(&WITH_ZONE, zone.as_bytes())?.error()?, expected);
        Ok(())
    })
}

#[test]
fn what_is_in_the_reader_decides_whatever_it_was_thought_to_be() -> Result<()> {
    with_pcscd("documents::what_is_in_the_reader_decides_whatever_it_was_thought_to_be", |_| {
        let zone = zone("passport-amsel")?;
        let inserted = insert(0, "amsel")?;
        assert_eq!(run_with_input(&WITH_ZONE, zone.as_bytes())?.json()?["kind"], "egk");
        pull(0, inserted)?;
        let laid = insert_card(0, card("amsel")?.over(Interface::Contactless))?;
        let ran = run_with_input(&WITH_ZONE, zone.as_bytes())?;
        assert_eq!(ran.error()?, ("can_needed".to_owned(), Some(10)));
        pull(0, laid)?;
        let _card = insert(0, "hba")?;
        for key in [WITH_ZONE, WITH_CAN] {
            let ran = run_with_input(&key, if key == WITH_CAN { CAN } else { &zone }.as_bytes())?;
            assert_eq!(ran.error()?, ("not_a_health_card".to_owned(), Some(5)), "{ran:?}");
            assert_eq!(ran.json()?["error"]["params"]["kind"], "hba");
        }
        Ok(())
    })
}

#[test]
fn what_was_selected_to_find_out_what_it_is_does_not_stay_selected() -> Result<()> {
    with_pcscd("documents::what_was_selected_to_find_out_what_it_is_does_not_stay_selected", |_| {
        // Only a reset leads back to the files of its root.
        let _card = insert(0, "passport-no-master-file")?;
        assert_eq!(run_with_input(&WITH_CAN, CAN.as_bytes())?.json()?["access"], "pace");
        Ok(())
    })
}

#[test]
fn without_authorities_nothing_is_proven_and_the_doctor_says_so() -> Result<()> {
    with_pcscd("documents::without_authorities_nothing_is_proven_and_the_doctor_says_so", |_| {
        let _card = insert(0, "passport-amsel")?;
        let ran = run_with_input(&WITH_ZONE, zone("passport-amsel")?.as_bytes())?;
        let read = ran.json()?;
        assert_eq!(ran.code, Some(0), "not verifiable isn't forged");
        let passive = &read["passive_authentication"];
        assert_eq!(
            (&passive["result"], &passive["reason"]),
            (&json!("not_verifiable"), &json!("no_trust_store"))
        );
        assert_eq!(passive["steps"]["data"], json!({ "result": "valid", "reason": null }));
        assert_eq!(passive["steps"]["signature"], json!({ "result": "valid", "reason": null }));
        assert_eq!(read["chip_authentication"]["reason"], "passive_authentication");
        let findings = run(&["doctor", "--json"])?.json()?["findings"].to_string();
        assert!(findings.contains("no_csca"), "{findings}");
        let folder = trust_folder()?;
        let diagnosis = run(&["doctor", "--json", "--trust", text(folder.path())?])?.json()?;
        assert!(!diagnosis["findings"].to_string().contains("no_csca"), "{diagnosis}");
        let documents = &diagnosis["trust"]["documents"];
        assert_eq!((&documents["list_roots"], &documents["master_list"]["age_days"]), (&json!(1), &json!(5)));
        assert_eq!(documents["countries"].as_array().map(Vec::len), Some(13));
        Ok(())
    })
}

#[test]
fn a_build_for_workstations_tells_kind_and_proofs_and_nothing_of_the_person() -> Result<()> {
    with_pcscd("documents::a_build_for_workstations_tells_kind_and_proofs_and_nothing_of_the_person", |_| {
        let folder = trust_folder()?;
        let trust = ["--trust", text(folder.path())?];
        for name in ["passport-amsel", "id-card-buntspecht", "residence-permit-pinguin"] {
            let card = insert(0, name)?;
            let (document, zone) = (document(name)?, zone(name)?);
            let json = run_with_input(&[&WITH_ZONE[..], &trust].concat(), zone.as_bytes())?;
            let said = run_with_input(&[&WITH_ZONE[..2], &WITH_ZONE[3..], &trust].concat(), zone.as_bytes())?;
            let fields = document.key_fields();
            let surname = transliterate(&document.persona.family_name);
            let words = surname.split(|letter: char| !letter.is_ascii_alphabetic());
            let surname = words.max_by_key(|word| word.len()).context("no name")?;
            let workshop = cfg!(feature = "workshop");
            for ran in [&json, &said] {
                assert_eq!(ran.code, Some(0), "{ran:?}");
                let told = format!("{}{}", ran.out, ran.err).to_uppercase();
                assert!(!told.contains(&fields.number), "{name}: {told}");
                assert_eq!(told.contains(surname), workshop, "{name}: {told}");
            }
            let read = json.json()?;
            for field in ["person", "document", "face"] {
                assert_eq!(read[field].is_object(), workshop, "{field}: {read}");
            }
            assert_eq!(read["passive_authentication"]["result"], "valid");
            pull(0, card)?;
        }
        Ok(())
    })
}

#[cfg(feature = "workshop")]
#[test]
fn a_workshop_shows_person_document_and_the_faces_form() -> Result<()> {
    with_pcscd("documents::a_workshop_shows_person_document_and_the_faces_form", |_| {
        let inserted = insert(0, "passport-kiebitz")?;
        let read = run_with_input(&WITH_ZONE, zone("passport-kiebitz")?.as_bytes())?.json()?;
        let passport = document("passport-kiebitz")?;
        let year = passport.persona.birth_date.get(..4).context("no year")?;
        assert_eq!(read["person"]["birth_date"], format!("{year}-00-00"));
        assert_eq!(read["person"]["family_name"], "KIEBITZ");
        let expected = json!({ "type": "passport", "issuer": "D", "expiry": passport.expiry });
        assert_eq!(read["document"], expected);
        assert_eq!(read["face"], json!({ "format": "jp2", "width": 413, "height": 531 }));
        pull(0, inserted)?;
        let _card = insert(0, "passport-jpeg")?;
        let read = run_with_input(&WITH_ZONE, zone("passport-jpeg")?.as_bytes())?.json()?;
        assert_eq!(read["face"]["format"], "jpeg");
        Ok(())
    })
}

#[cfg(feature = "workshop")]
#[test]
fn a_trace_holds_the_conversation_that_gave_the_answer() -> Result<()> {
    use smartcard::transcript::Transcript;

    with_pcscd("documents::a_trace_holds_the_conversation_that_gave_the_answer", |_| {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("trace.jsonl");
        let trace = ["--trace", text(&path)?];
        let card = insert(0, "id-card-amsel")?;
        run_with_input(&[&WITH_ZONE[..], &trace].concat(), zone("id-card-amsel")?.as_bytes())?.json()?;
        let alone = card.apdus();
        assert_eq!(Transcript::parse(&fs::read_to_string(&path)?)?.len(), alone);
        run_with_input(&[&WITH_CAN[..], &trace].concat(), CAN.as_bytes())?.json()?;
        assert!(card.apdus() > 2 * alone, "with a number alone it is first asked what it is");
        assert_eq!(Transcript::parse(&fs::read_to_string(&path)?)?.len(), alone);
        Ok(())
    })
}
