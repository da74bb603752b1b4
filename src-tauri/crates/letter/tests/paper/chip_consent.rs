//! The consent to the reading of a document's chip, as it comes out of the printer and as the screen shows it.

use letter::{ChipConsentPage, ConsentValues, Fonts, Issuer, LetterError, LocalText};
use zeroize::Zeroizing;

use crate::{
    samples::{self, CONSENT, EPA, ISSUER, LONGEST_CONSENT},
    sheet::Sheet,
};

const VALUES: ConsentValues<'_> = ConsentValues {
    issuer: ISSUER,
    purpose_de: EPA,
    purpose_en: "Activating the electronic health record (ePA)",
};

fn pdf(page: &ChipConsentPage<'_>) -> Result<Zeroizing<Vec<u8>>, LetterError> {
    page.render(&samples::chip_consent_template()?, &Fonts::embedded()?)
}

/// As text comes out of a PDF: no-break spaces have become blanks.
fn flowing(text: &str) -> String {
    text.split(char::is_whitespace).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_sheet_says_for_what_what_is_read_and_kept_and_that_the_person_is_free() {
    let text = Sheet::new(&pdf(&CONSENT).unwrap()).flowing_text();
    for expected in [
        "Beispielkasse Dürfen wir den Chip in Ihrem Ausweis lesen?",
        "Wofür: Elektronische Patientenakte (ePA) freischalten.",
        "Was wir lesen: Ihr Bild, Ihre Namen, Ihr Geburtsdatum, Art und Ablaufdatum des Ausweises, welcher Staat",
        "ob der Chip echt ist",
        "Fingerabdrücke lesen wir nie.",
        "Was wir speichern: nichts von den Daten auf dem Chip.",
        "dass der Chip gelesen wurde und mit welchem Ergebnis, und dass Sie zugestimmt haben",
        "Möchten Sie es nicht, haben Sie keinen Nachteil: Dann sehen wir uns den Ausweis nur an, ohne den Chip.",
        "jederzeit zurücknehmen, hier vor Ort oder unter 040 000 000.",
        "Solange noch kein Code gedruckt ist, machen wir weiter, als hätten wir den Chip nie gelesen.",
        "§ 291 Absatz 7 Satz 2 und Absatz 8 Satz 2 SGB V, § 16a Absatz 3 Passgesetz, § 20 Absatz 3a",
        "Ich stimme zu, dass Beispielkasse den Chip in meinem Ausweis wie beschrieben liest.",
        "Servicezentrum Hamburg-Altona, 22. November 2026",
        "Unterschrift: Dr. med. Dieter Graf von und zu Buntspecht",
    ] {
        assert!(text.contains(expected), "{expected:?} is missing in {text}");
    }
    assert!(!text.contains("Versichertennummer"), "{text}");
}

#[test]
fn paper_and_screen_say_the_same() {
    let template = samples::chip_consent_template().unwrap();
    let printed = Sheet::new(&pdf(&CONSENT).unwrap()).flowing_text();
    let shown: Vec<String> = std::iter::once(template.heading(&VALUES))
        .chain(template.paragraphs(&VALUES))
        .map(|text| flowing(&text.de))
        .collect();
    assert!(printed.contains(&shown.join(" ")), "{shown:?} is missing in {printed}");
    assert_eq!(template.wording(), "chip-consent@1");
}

#[test]
fn the_screen_gets_every_text_filled_in_both_languages() {
    let template = samples::chip_consent_template().unwrap();
    let paragraphs = template.paragraphs(&VALUES);
    for LocalText { de, en } in std::iter::once(&template.heading(&VALUES)).chain(&paragraphs) {
        for text in [de, en] {
            assert!(!text.contains(['{', '}', '*']), "{text}");
        }
        assert_ne!(de, en);
        let names = |text: &str| [text.contains("040"), text.contains("(ePA)"), text.contains("16a")];
        assert_eq!(names(de), names(en), "{de} / {en}");
    }
    let first = paragraphs.first().unwrap();
    assert!(first.de.starts_with("Wofür: Elektronische Patientenakte (ePA) freischalten. "), "{first:?}");
    assert!(first.en.starts_with("For what: Activating the electronic health record (ePA). "), "{first:?}");
}

#[test]
fn what_looks_like_a_mark_in_a_value_is_printed_and_shown_as_it_is() {
    let template = samples::chip_consent_template().unwrap();
    let values = ConsentValues { purpose_de: "**{insurer}**", ..VALUES };
    assert!(template.paragraphs(&values)[0].de.starts_with("Wofür: **{insurer}**. "));
    let page = ChipConsentPage { purpose: "**{insurer}**", signer: "Ida {date} **Amsel**", ..CONSENT };
    let text = Sheet::new(&pdf(&page).unwrap()).flowing_text();
    assert!(text.contains("Wofür: **{insurer}**."), "{text}");
    assert!(text.contains("Unterschrift: Ida {date} **Amsel**"), "{text}");
}

#[test]
fn there_is_room_for_a_large_hand_across_the_sheet() {
    for page in [CONSENT, LONGEST_CONSENT] {
        let sheet = Sheet::new(&pdf(&page).unwrap());
        let words = sheet.words();
        let below = words.iter().find(|word| word.text == "Unterschrift:").unwrap().top;
        let above = words.iter().map(|word| word.bottom).filter(|bottom| *bottom < below);
        let above = above.fold(0.0, f32::max);
        let [left, top, right, bottom] = sheet.pixels().dark_bounds((20.0, above), (200.0, below));
        assert!(top - above > 13.0, "only {} mm", top - above);
        assert!(right - left > 160.0 && bottom - top < 0.5, "{left} to {right}, {top} to {bottom}");
    }
}

#[test]
fn one_sheet_is_enough_for_the_longest_names() {
    let sheet = Sheet::new(&pdf(&LONGEST_CONSENT).unwrap());
    for word in sheet.words() {
        assert!(word.bottom < 284.0 && word.left > 24.9 && word.right < 190.1, "{word:?}");
    }
    let text = sheet.flowing_text();
    assert!(
        text.contains("Konstantina-Wilhelmina Maria-Magdalena Amélie Buntspecht-Carolinataube"),
        "{text}"
    );
    assert!(text.contains("Außenstelle Höchst, 22. November 2026"), "{text}");
}

#[test]
fn what_would_need_smaller_print_or_a_second_sheet_is_refused() {
    let line = "W".repeat(100);
    let issuer = Issuer { insurer: &line, place: &line, ..ISSUER };
    let refused = pdf(&ChipConsentPage { issuer, purpose: &line, ..LONGEST_CONSENT }).unwrap_err();
    assert_eq!(refused, LetterError::DoesNotFit { part: "chip consent" });
}

#[test]
fn hostile_values_are_refused_and_no_error_tells_them() {
    let long = "Amsel".repeat(33);
    let issuer = Issuer { insurer: "", ..ISSUER };
    for (page, expected) in [
        (ChipConsentPage { signer: " ", ..CONSENT }, LetterError::Empty { field: "signer" }),
        (ChipConsentPage { signer: &long, ..CONSENT }, LetterError::TooLong { field: "signer", max: 160 }),
        (ChipConsentPage { purpose: "", ..CONSENT }, LetterError::Empty { field: "purpose" }),
        (ChipConsentPage { purpose: &long, ..CONSENT }, LetterError::TooLong { field: "purpose", max: 100 }),
        (ChipConsentPage { issuer, ..CONSENT }, LetterError::Empty { field: "insurer" }),
        (
            ChipConsentPage { signer: "Ida Amsel 鶫", ..CONSENT },
            LetterError::MissingGlyph { character: '鶫' },
        ),
        (ChipConsentPage { signer: "Ida\nAmsel", ..CONSENT }, LetterError::MissingGlyph { character: '\n' }),
        (
            ChipConsentPage { signer: "Ida \u{202E}Amsel", ..CONSENT },
            LetterError::MissingGlyph { character: '\u{202E}' },
        ),
    ] {
        let refused = pdf(&page).unwrap_err();
        assert_eq!(refused, expected);
        assert!(!refused.to_string().contains("Amsel") && !refused.to_string().contains('鶫'), "{refused}");
    }
}

#[test]
fn the_file_is_sound_names_nobody_and_is_the_same_again() {
    let first = pdf(&CONSENT).unwrap();
    assert_eq!(*first, *pdf(&CONSENT).unwrap());
    let sheet = Sheet::new(&first);
    assert!(sheet.check().contains("No syntax or stream encoding errors"));
    let info = sheet.info();
    assert!(
        info.contains("chip-consent@1") && info.contains("Pages:           1") && info.contains("A4"),
        "{info}"
    );
    assert!(!info.contains("Buntspecht") && !info.contains("ePA"), "{info}");
    // Nothing on it looks like a code.
    assert!(sheet.scan(0.0, 297.0).is_empty());
}
