//! The activation letter as it comes out of the printer.

use jiff::civil::date;
use letter::{
    ActivationLetter, ActivationTemplate, CodeText, Fonts, Issuer, LetterError, QrLink, Subject, qr_link,
};
use unicode_normalization::UnicodeNormalization;

use crate::sheet::Sheet;

const REFERENCE: &str = "A-M3PWC6YNKH";
const CODE: &str = "7KQ4XR9BTW2B";
const BUNTSPECHT: &str = "Dr. med. Dieter Graf von und zu Buntspecht";

const ISSUER: Issuer<'_> = Issuer {
    insurer: "Beispielkasse",
    place: "Servicezentrum Hamburg-Altona",
    desk: "Platz 3",
    code_name: "Aktivierungscode",
    service_phone: "040 000 000",
    service_hours: "werktags 8 bis 20 Uhr",
    blocking_phone: "040 000 001",
};

fn template() -> ActivationTemplate {
    ActivationTemplate::parse(include_str!("../../../../../assets/letters/activation@1.toml")).unwrap()
}

fn code() -> CodeText<'static> {
    CodeText::new(CODE).unwrap()
}

fn link() -> QrLink {
    qr_link("https://app.beispielkasse.de", REFERENCE, code()).unwrap()
}

fn letter<'a>(recipient: &'a str, link: &'a QrLink) -> ActivationLetter<'a> {
    ActivationLetter {
        issuer: ISSUER,
        date: date(2026, 11, 22),
        recipient,
        subject: Subject::Recipient("Dieter B., Versichertennummer ••••••7895"),
        reference: REFERENCE,
        code: code(),
        link,
        valid_until: date(2026, 12, 6),
        awaiting_release: false,
    }
}

fn render(recipient: &str) -> Sheet {
    let pdf = letter(recipient, &link()).render(&template(), &Fonts::embedded().unwrap()).unwrap();
    Sheet::new(&pdf)
}

fn render_error(recipient: &str) -> LetterError {
    letter(recipient, &link()).render(&template(), &Fonts::embedded().unwrap()).unwrap_err()
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
fn a_carer_reads_for_whom_they_act_and_that_the_code_does_not_work_yet() {
    let link = link();
    let letter = ActivationLetter {
        subject: Subject::Represented("Dieter B., Versichertennummer ••••••7895"),
        awaiting_release: true,
        ..letter("Ida Amsel", &link)
    };
    let sheet = Sheet::new(&letter.render(&template(), &Fonts::embedded().unwrap()).unwrap());
    let text = sheet.flowing_text();
    assert!(
        text.contains("Sie handeln für: Dieter B., Versichertennummer ••••••7895 Noch nicht wirksam."),
        "{text}"
    );
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
fn a_character_without_glyph_is_refused_by_name() {
    for (name, character) in [
        ("Ida Amsel 鶫", '鶫'),
        ("Ida \u{1F426} Amsel", '\u{1F426}'),
        ("Ida\tAmsel", '\t'),
        ("Ida \u{202E}Amsel", '\u{202E}'),
    ] {
        assert_eq!(render_error(name), LetterError::MissingGlyph { character });
    }
    assert_eq!(render_error("鶫").to_string(), "no glyph for '鶫' (U+9DAB)");
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
    let link = link();
    let place = "Servicezentrum ".repeat(6);
    let letter =
        ActivationLetter { issuer: Issuer { place: &place, ..ISSUER }, ..letter("Ida Amsel", &link) };
    let refused = letter.render(&template(), &Fonts::embedded().unwrap()).unwrap_err();
    assert_eq!(refused, LetterError::DoesNotFit { part: "letterhead" });
}

#[test]
fn the_same_letter_gives_the_same_bytes() {
    let link = link();
    let fonts = Fonts::embedded().unwrap();
    let [first, second] = [(); 2].map(|()| letter(BUNTSPECHT, &link).render(&template(), &fonts).unwrap());
    assert_eq!(*first, *second);
}

#[test]
fn the_file_is_sound_small_and_names_nobody() {
    let link = link();
    let pdf = letter(BUNTSPECHT, &link).render(&template(), &Fonts::embedded().unwrap()).unwrap();
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
