//! The confirmation of a refusal as it comes out of the printer.

use letter::{Fonts, LetterError, RefusalNotice};
use zeroize::Zeroizing;

use crate::{
    samples::{self, BUNTSPECHT, CARERS_REFUSAL, EPA, LONGEST_REFUSAL, REFUSAL},
    sheet::Sheet,
};

/// Every reason that the desk knows.
const REASONS: [&str; 19] = [
    "area_missing",
    "consent_reserved",
    "data_mismatch",
    "declaration_missing",
    "deed_copy_only",
    "deed_name_mismatch",
    "deed_not_yet_issued",
    "document_expired",
    "document_not_admitted",
    "identity_not_established",
    "level_too_low",
    "office_unsuitable",
    "pickup_by_third_party",
    "provisional_expired",
    "provisional_no_end",
    "representation_ended",
    "spouse_no_digital_access",
    "subject_deceased",
    "third_party_no_authority",
];

fn pdf(notice: &RefusalNotice<'_>) -> Result<Zeroizing<Vec<u8>>, LetterError> {
    notice.render(&samples::refusal_template()?, &Fonts::embedded()?)
}

fn text(notice: &RefusalNotice<'_>) -> String {
    Sheet::new(&pdf(notice).unwrap()).flowing_text()
}

#[test]
fn every_reason_of_the_desk_has_its_words() {
    let template = samples::refusal_template().unwrap();
    assert_eq!(template.codes().collect::<Vec<_>>(), REASONS);
}

#[test]
fn the_sheet_says_what_was_refused_why_what_to_do_and_how_to_complain() {
    let sheet = Sheet::new(&pdf(&REFUSAL).unwrap());
    let text = sheet.flowing_text();
    for expected in [
        "Bestätigung der Ablehnung",
        "Datum 22. November 2026",
        "Platz 3",
        "Servicezentrum Hamburg-Altona",
        "Guten Tag Dr. med. Dieter Graf von und zu Buntspecht,",
        "Anliegen App freischalten",
        "Das vorgelegte Ausweisdokument ist nicht mehr gültig.",
        "Bitte kommen Sie mit einem gültigen Ausweisdokument wieder",
        "Sie können sich auch auf einem anderen Weg ausweisen: – mit POSTIDENT in einer Postfiliale",
        "Online-Ausweisfunktion",
        "elektronischen Gesundheitskarte und ihrer PIN",
        "persönlich an jedem Standort von Beispielkasse",
        "Sie können sich bei uns beschweren: hier vor Ort, schriftlich oder unter 040 000 000",
        "Aufsichtsbehörde",
    ] {
        assert!(text.contains(expected), "{expected:?} is missing in {text}");
    }
    assert!(!text.contains("Versichertennummer"), "{text}");
    // Nothing on it looks like a code.
    assert!(sheet.scan(0.0, 297.0).is_empty());
}

#[test]
fn who_acts_for_somebody_reads_for_whom_and_how_that_person_could_prove_who_they_are() {
    for reason in ["area_missing", "document_expired"] {
        let text = text(&RefusalNotice { reason, ..CARERS_REFUSAL });
        assert!(text.contains("Guten Tag Ida Amsel,"), "{text}");
        assert!(text.contains("Für Dieter B., Versichertennummer ••••••7895"), "{text}");
        assert!(text.contains("Die versicherte Person kann sich auch selbst ausweisen:"), "{text}");
        assert!(!text.contains("Sie können sich auch auf einem anderen Weg ausweisen"), "{text}");
    }
}

#[test]
fn no_other_way_is_offered_where_none_helps() {
    for reason in ["consent_reserved", "representation_ended", "spouse_no_digital_access"] {
        let text = text(&RefusalNotice { reason, ..CARERS_REFUSAL });
        assert!(text.contains("beschweren"), "{text}");
        assert!(!text.contains("POSTIDENT") && !text.contains("versicherte Person"), "{reason}: {text}");
    }
}

#[test]
fn a_doubt_about_document_or_face_is_never_told() {
    let text = text(&RefusalNotice { reason: "identity_not_established", ..REFUSAL });
    let (_, after) = text.split_once(" Grund ").unwrap();
    let (reason, after) = after.split_once(" So geht es weiter ").unwrap();
    assert_eq!(reason, "Wir konnten die Identität heute nicht zweifelsfrei feststellen.");
    let (next, _) = after.split_once(" Sie können sich auch auf einem anderen Weg ausweisen").unwrap();
    assert_eq!(next, "Sie können es mit einem anderen gültigen Ausweisdokument erneut versuchen.");
}

#[test]
fn a_chip_that_speaks_against_the_document_is_never_told() {
    let notice = RefusalNotice { purpose: EPA, reason: "identity_not_established", ..REFUSAL };
    let text = text(&notice);
    assert!(
        text.contains("Anliegen Elektronische Patientenakte (ePA) freischalten Grund Wir konnten"),
        "{text}"
    );
    assert!(!text.contains("Chip") && !text.contains(" echt"), "{text}");
}

#[test]
fn the_address_zone_holds_the_name_and_no_address() {
    let words = Sheet::new(&pdf(&REFUSAL).unwrap()).words();
    let zone: Vec<&str> = words
        .iter()
        .filter(|word| word.left > 20.0 && word.right < 105.0 && word.top > 45.0 && word.bottom < 90.0)
        .map(|word| word.text.as_str())
        .collect();
    assert_eq!(
        zone.join(" "),
        format!("Beispielkasse · Servicezentrum Hamburg-Altona Persönlich übergeben {BUNTSPECHT}")
    );
}

#[test]
fn every_reason_fits_one_sheet_with_the_longest_names() {
    for reason in REASONS {
        let notice = RefusalNotice { reason, purpose: EPA, ..LONGEST_REFUSAL };
        let sheet = Sheet::new(&pdf(&notice).unwrap_or_else(|refused| panic!("{reason}: {refused}")));
        for word in sheet.words() {
            assert!(word.bottom < 284.0 && word.right < 190.1, "{reason}: {word:?}");
        }
        assert!(sheet.info().contains("Pages:           1"));
    }
}

#[test]
fn a_reason_without_words_is_refused() {
    for reason in ["", "document_lost", "Document_expired", "document_expired "] {
        let refused = pdf(&RefusalNotice { reason, ..REFUSAL }).unwrap_err();
        assert_eq!(refused, LetterError::UnknownReason { code: reason.to_owned() });
    }
}

#[test]
fn empty_and_endless_fields_are_refused() {
    let long = "A".repeat(161);
    for (notice, expected) in [
        (RefusalNotice { recipient: " ", ..REFUSAL }, LetterError::Empty { field: "recipient" }),
        (
            RefusalNotice { recipient: &long, ..REFUSAL },
            LetterError::TooLong { field: "recipient", max: 160 },
        ),
        (RefusalNotice { represented: Some(""), ..REFUSAL }, LetterError::Empty { field: "represented" }),
        (RefusalNotice { purpose: &long, ..REFUSAL }, LetterError::TooLong { field: "purpose", max: 100 }),
    ] {
        assert_eq!(pdf(&notice).unwrap_err(), expected);
    }
}

#[test]
fn the_file_is_sound_names_nobody_and_is_the_same_again() {
    let first = pdf(&CARERS_REFUSAL).unwrap();
    assert_eq!(*first, *pdf(&CARERS_REFUSAL).unwrap());
    let sheet = Sheet::new(&first);
    assert!(sheet.check().contains("No syntax or stream encoding errors"));
    let info = sheet.info();
    assert!(info.contains("Ablehnung") && info.contains("A4"), "{info}");
    assert!(!info.contains("Amsel") && !info.contains("7895"), "{info}");
}
