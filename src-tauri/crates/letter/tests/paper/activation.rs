//! The activation letter as it comes out of the printer.

use letter::{ActivationLetter, Fonts, Issuer, LetterError, Purpose, TakesEffect};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::{
    samples::{self, BUNTSPECHT, CODE, ISSUER, REFERENCE},
    sheet::Sheet,
};

fn pdf(letter: &ActivationLetter<'_>) -> Result<Zeroizing<Vec<u8>>, LetterError> {
    letter.render(&samples::activation_template()?, &Fonts::embedded()?)
}

fn pdf_for(recipient: &str) -> Result<Zeroizing<Vec<u8>>, LetterError> {
    pdf(&ActivationLetter { recipient, ..samples::letter(&samples::link()?)? })
}

fn render(recipient: &str) -> Sheet {
    Sheet::new(&pdf_for(recipient).unwrap())
}

fn render_error(recipient: &str) -> LetterError {
    pdf_for(recipient).unwrap_err()
}

#[test]
fn scanners_read_the_reference_above_the_fold_and_the_link_below_it() {
    let sheet = render(BUNTSPECHT);
    assert_eq!(sheet.scan(0.0, 105.0), [format!("CODE-128:{REFERENCE}")]);
    assert_eq!(
        sheet.scan(105.0, 297.0),
        [format!("QR-Code:https://app.beispielkasse.de/a#v=1&i={REFERENCE}&c={CODE}")]
    );
}

#[test]
fn nothing_of_the_code_stands_above_110_millimetres() {
    let words = render(BUNTSPECHT).words();
    let code = words.iter().find(|word| word.text == "7KQ4-XR9B-TW2B").expect("the code can be read");
    assert!(code.top > 110.0, "{code:?}");
    let groups = ["7KQ4", "XR9B", "TW2B"];
    for word in words.iter().filter(|word| word.top < 110.0) {
        assert!(!groups.iter().any(|group| word.text.contains(group)), "{word:?}");
    }
    assert_eq!(words.iter().filter(|word| word.text.contains(REFERENCE)).count(), 1);
}

#[test]
fn the_code_is_printed_large() {
    let pixels = render(BUNTSPECHT).pixels();
    // Height of a capital: 0.668 of the type size, 24 points at least.
    let [_, top, _, bottom] = pixels.dark_bounds((33.0, 127.0), (40.0, 139.0));
    assert!(bottom - top > 0.668 * 24.0 * 25.4 / 72.0, "{} mm", bottom - top);
}

#[test]
fn the_qr_code_is_30_millimetres_wide_with_a_quiet_zone_of_four_modules() {
    let pixels = render(BUNTSPECHT).pixels();
    let [left, top, right, bottom] = pixels.dark_bounds((143.0, 114.0), (188.0, 164.0));
    let side = right - left;
    assert!(side >= 30.0 && (bottom - top - side).abs() < 0.3, "{side} × {} mm", bottom - top);
    let quiet = 4.0 * side / 41.0;
    let around = pixels.dark_bounds((left - quiet, top - quiet), (right + quiet, bottom + quiet));
    for (inner, outer) in [left, top, right, bottom].into_iter().zip(around) {
        assert!((inner - outer).abs() < 0.2);
    }
}

#[test]
fn fold_and_hole_marks_stand_where_din_5008_wants_them() {
    let pixels = render(BUNTSPECHT).pixels();
    let marks: Vec<f32> = (0..2960).map(|y| y as f32 / 10.0).filter(|y| pixels.is_dark(5.5, *y)).collect();
    for expected in [105.0, 148.5, 210.0] {
        assert!(marks.iter().any(|mark| (mark - expected).abs() < 0.2), "no mark at {expected}: {marks:?}");
    }
    assert!(
        marks.iter().all(|mark| [105.0, 148.5, 210.0].iter().any(|e| (mark - e).abs() < 0.4)),
        "{marks:?}"
    );
}

#[test]
fn the_address_zone_holds_name_and_remark_and_no_address() {
    let words = render(BUNTSPECHT).words();
    let zone: Vec<&str> = words
        .iter()
        .filter(|word| word.left > 20.0 && word.right < 105.0 && word.top > 45.0 && word.bottom < 90.0)
        .map(|word| word.text.as_str())
        .collect();
    assert_eq!(
        zone.join(" "),
        format!(
            "Beispielkasse · Servicezentrum Hamburg-Altona Persönliche Übergabe – nicht versenden {BUNTSPECHT}"
        )
    );
}

#[test]
fn the_sheet_says_what_to_do_what_never_to_do_and_whom_to_call() {
    let text = render(BUNTSPECHT).flowing_text();
    for expected in [
        "22. November 2026",
        "Platz 3",
        "Ihr Aktivierungscode",
        "Gültig bis Sonntag, 6. Dezember 2026",
        "Für: Dieter B., Versichertennummer ••••••7895",
        "Öffnen Sie die App und melden Sie sich an.",
        "Geben Sie den Code nur in der App ein. Wir fragen Sie nie am Telefon, per E-Mail oder SMS danach.",
        "040 000 000, werktags 8 bis 20 Uhr",
        "Sperrnummer 040 000 001, Tag und Nacht",
    ] {
        assert!(text.contains(expected), "{expected:?} is missing in {text}");
    }
}

#[test]
fn who_wants_the_electronic_health_record_opens_the_app_that_they_have() {
    let link = samples::link().unwrap();
    let sheet = Sheet::new(&pdf(&samples::epa_letter(&link).unwrap()).unwrap());
    let text = sheet.flowing_text();
    for expected in [
        "Elektronische Patientenakte (ePA) freischalten 7KQ4-XR9B-TW2B",
        "1 Öffnen Sie die App, die Sie schon haben, und melden Sie sich an. Sie müssen nichts neu installieren.",
        "2 Tippen Sie dort auf die elektronische Patientenakte (ePA) und auf „Code eingeben“.",
        "4 Fertig: Ihre ePA ist freigeschaltet.",
        "Wir fragen Sie nie am Telefon, per E-Mail oder SMS danach. Auch sonst braucht ihn niemand: keine Arztpraxis",
    ] {
        assert!(text.contains(expected), "{expected:?} is missing in {text}");
    }
    assert!(!text.contains("App freischalten"), "{text}");
    // What it is for is nobody's business who sees the folded sheet.
    let above = sheet.words().into_iter().filter(|word| word.top < 110.0);
    assert_eq!(above.filter(|word| word.text.contains("ePA") || word.text.contains("Patient")).count(), 0);
    assert_eq!(sheet.scan(105.0, 297.0).len(), 1);
    assert!(!render(BUNTSPECHT).flowing_text().contains("Patientenakte"));
}

#[test]
fn every_purpose_fits_the_sheet_with_the_longest_names() {
    let link = samples::link().unwrap();
    for purpose in [Purpose::AppActivation, Purpose::Epa, Purpose::RepresentativeAccess] {
        for takes_effect in [TakesEffect::AfterTransmission, TakesEffect::AfterRelease] {
            let letter =
                ActivationLetter { purpose, takes_effect, ..samples::longest_letter(&link).unwrap() };
            let sheet = Sheet::new(&pdf(&letter).unwrap());
            for word in sheet.words() {
                assert!(word.bottom < 282.0 && word.right <= 190.1, "{purpose:?}: {word:?}");
            }
        }
    }
}

#[test]
fn a_carer_reads_for_whom_they_act_and_that_the_code_does_not_work_yet() {
    let link = samples::link().unwrap();
    let sheet = Sheet::new(&pdf(&samples::carers_letter(&link).unwrap()).unwrap());
    let text = sheet.flowing_text();
    assert!(
        text.contains("Sie handeln für: Dieter B., Versichertennummer ••••••7895 Noch nicht wirksam."),
        "{text}"
    );
    assert_eq!(sheet.scan(105.0, 297.0).len(), 1);
    assert!(!render(BUNTSPECHT).flowing_text().contains("Noch nicht wirksam"));
}

#[test]
fn a_letter_without_a_line_says_when_the_code_takes_effect_and_for_how_long_it_is_valid() {
    let link = samples::link().unwrap();
    let sheet = Sheet::new(&pdf(&samples::offline_letter(&link).unwrap()).unwrap());
    let text = sheet.flowing_text();
    for expected in
        ["Gültig bis Sonntag, 29. November 2026", "Wirksam nach Übertragung, spätestens am nächsten Werktag."]
    {
        assert!(text.contains(expected), "{expected:?} is missing in {text}");
    }
    assert!(!text.contains("Vertretung"), "{text}");
    assert_eq!(sheet.scan(105.0, 297.0).len(), 1);
    assert!(!render(BUNTSPECHT).flowing_text().contains("Übertragung"));
}

#[test]
fn the_longest_names_of_carer_and_cared_for_person_fit_the_sheet() {
    let link = samples::link().unwrap();
    let sheet = Sheet::new(&pdf(&samples::longest_letter(&link).unwrap()).unwrap());
    let qr = sheet.pixels().dark_bounds((143.0, 114.0), (188.0, 175.0));
    for word in sheet.words().iter().filter(|word| word.top > 105.0) {
        assert!(word.bottom < 282.0 && word.right <= 190.0, "{word:?}");
        assert!(word.right < qr[0] || word.top > qr[3] || word.bottom < qr[1], "{word:?} in the QR code");
    }
    assert_eq!(sheet.scan(105.0, 297.0).len(), 1);
}

#[test]
fn names_with_combining_marks_can_be_searched_and_copied() {
    // Legal names of DIN 91379 whose letters exist as sequences only; ı and ī́ share a glyph in many fonts.
    for name in [
        "M\u{302}aria C\u{304}ˇĎ D\u{302}",
        "Işıl ī\u{301} ẞ K\u{35F}han",
        "S\u{31B}\u{304} L\u{325}\u{304} Ōḗ",
    ] {
        let text: String = render(name).flowing_text().nfc().collect();
        let name: String = name.nfc().collect();
        assert!(text.contains(&name), "{name:?} is missing in {text}");
    }
}

#[test]
fn every_letter_and_sequence_of_din_91379_comes_back_as_it_went_in() {
    let letters: Vec<&str> = include_str!("din-91379-letters.txt").split_whitespace().collect();
    assert_eq!(letters.len(), 649, "500 letters and 149 sequences");
    for chunk in letters.chunks(45) {
        let name = chunk.join(" ");
        let text: String = render(&name).flowing_text().nfc().collect();
        let name: String = name.nfc().collect();
        assert!(text.contains(&name), "{name:?} is missing in {text}");
    }
}

#[test]
fn a_combining_mark_stands_above_the_middle_of_its_letter() {
    // First line of the name: a letter's macron spans no more than the letter itself, shifted by less than a
    // quarter.
    let pixels = render("M\u{304}").pixels();
    let letter = pixels.dark_bounds((24.0, 64.8), (40.0, 70.0));
    let [left, top, right, bottom] = pixels.dark_bounds((24.0, 62.8), (40.0, 64.5));
    assert!(bottom > top, "no macron above {letter:?}");
    let middles = (left + right) / 2.0 - (letter[0] + letter[2]) / 2.0;
    assert!(middles.abs() < 0.3, "the macron is {middles} mm off");
}

#[test]
fn a_character_without_glyph_is_refused_and_no_text_tells_it() {
    for (name, character) in [
        ("Ida Amsel 鶫", '鶫'),
        ("Ida \u{1F426} Amsel", '\u{1F426}'),
        ("Ida\tAmsel", '\t'),
        ("Ida \u{202E}Amsel", '\u{202E}'),
    ] {
        assert_eq!(render_error(name), LetterError::MissingGlyph { character });
    }
    assert_eq!(render_error("鶫").to_string(), "a character has no glyph");
}

#[test]
fn the_longest_names_wrap_and_stay_in_the_address_zone() {
    let wide = ["W".repeat(45), "M".repeat(45), "W".repeat(20), "M".repeat(20)].join(" ");
    let blanks = "Elster ".repeat(18);
    let hyphens = format!("{} Amsel", "Buntspecht-".repeat(11));
    for name in [wide.as_str(), blanks.trim_end(), &hyphens] {
        let sheet = render(name);
        let words = sheet.words();
        let zone: Vec<_> =
            words.iter().filter(|word| word.left < 115.0 && word.top > 62.0 && word.top < 90.0).collect();
        for word in &zone {
            assert!(
                word.left >= 25.0 - 0.1 && word.right <= 105.0 && word.bottom <= 90.5,
                "{name}: {word:?}"
            );
        }
        let printed: String = zone.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(printed, name.replace(' ', ""));
    }
}

#[test]
fn a_name_or_place_that_can_not_be_real_is_refused() {
    assert_eq!(render_error(&"A".repeat(161)), LetterError::TooLong { field: "recipient", max: 160 });
    assert_eq!(render_error(" "), LetterError::Empty { field: "recipient" });
    let link = samples::link().unwrap();
    let place = "Servicezentrum ".repeat(6);
    let issuer = Issuer { place: &place, ..ISSUER };
    let letter = ActivationLetter { issuer, ..samples::letter(&link).unwrap() };
    assert_eq!(pdf(&letter).unwrap_err(), LetterError::DoesNotFit { part: "letterhead" });
}

#[test]
fn the_same_letter_gives_the_same_bytes() {
    assert_eq!(*pdf_for(BUNTSPECHT).unwrap(), *pdf_for(BUNTSPECHT).unwrap());
}

#[test]
fn the_file_is_sound_small_and_names_nobody() {
    let pdf = pdf_for(BUNTSPECHT).unwrap();
    assert!(pdf.len() < 150_000, "{} bytes", pdf.len());
    let sheet = Sheet::new(&pdf);
    assert!(sheet.check().contains("No syntax or stream encoding errors"));
    for font in sheet.fonts().lines().skip(2) {
        assert!(font.contains("yes yes yes"), "not embedded, subset and with its meaning: {font}");
    }
    let info = sheet.info();
    assert!(info.contains(REFERENCE) && info.contains("Pages:           1") && info.contains("A4"), "{info}");
    assert!(!info.contains("Buntspecht") && !info.contains("7KQ4"), "{info}");
}
