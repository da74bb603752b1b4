//! The hand-over receipt as it comes out of the printer.

use letter::{Fonts, LetterError, Receipt};
use zeroize::Zeroizing;

use crate::{
    samples::{self, CARERS_RECEIPT, EPA, LONGEST_RECEIPT, OFFLINE_RECEIPT, RECEIPT},
    sheet::Sheet,
};

fn pdf(receipt: &Receipt<'_>) -> Result<Zeroizing<Vec<u8>>, LetterError> {
    receipt.render(&samples::receipt_template()?, &Fonts::embedded()?)
}

#[test]
fn both_copies_say_what_was_handed_over_and_explained() {
    let sheet = Sheet::new(&pdf(&RECEIPT).unwrap());
    assert!(sheet.check().contains("No syntax or stream encoding errors"));
    let text = sheet.flowing_text();
    for expected in [
        "A-M3PWC6YNKH",
        "App freischalten",
        "Dr. med. Dieter Graf von und zu Buntspecht",
        "Dieter B., Versichertennummer ••••••7895",
        "Personalausweis",
        "K17",
        "in einem verschlossenen Umschlag erhalten",
        "Den Code gebe ich nur in der App ein und sage ihn niemandem.",
        "Beispielkasse fragt nie am Telefon, per E-Mail oder SMS danach.",
        "Servicezentrum Hamburg-Altona, 22. November 2026",
        "Unterschrift",
    ] {
        assert_eq!(text.matches(expected).count(), 2, "{expected:?} in {text}");
    }
    assert!(text.contains("Für Sie") && text.contains("Für unsere Unterlagen"));
}

#[test]
fn both_copies_say_that_the_code_opens_the_electronic_health_record() {
    let text = Sheet::new(&pdf(&Receipt { purpose: EPA, ..RECEIPT }).unwrap()).flowing_text();
    let expected = "Anliegen Elektronische Patientenakte (ePA) freischalten Empfangen von Dr. med. Dieter";
    assert_eq!(text.matches(expected).count(), 2, "{text}");
    assert!(pdf(&Receipt { purpose: EPA, ..LONGEST_RECEIPT }).is_ok());
}

#[test]
fn both_copies_say_when_a_code_without_a_line_takes_effect_and_until_when_it_is_valid() {
    let text = Sheet::new(&pdf(&OFFLINE_RECEIPT).unwrap()).flowing_text();
    let expected =
        "Code wirksam nach Übertragung, spätestens am nächsten Werktag. Er gilt bis zum 29. November 2026.";
    assert_eq!(text.matches(expected).count(), 2, "{text}");
    let with_a_line = Sheet::new(&pdf(&RECEIPT).unwrap()).flowing_text();
    assert!(!with_a_line.contains("Übertragung") && !with_a_line.contains("Dezember"), "{with_a_line}");
}

#[test]
fn each_copy_has_its_barcode_and_its_signature_line() {
    let sheet = Sheet::new(&pdf(&RECEIPT).unwrap());
    for half in [0.0, 148.5] {
        assert_eq!(sheet.scan(half, half + 148.5), ["CODE-128:A-M3PWC6YNKH"]);
        let pixels = sheet.pixels();
        let line = pixels.dark_bounds((95.0, half + 128.5), (195.0, half + 132.0));
        assert!(line[2] - line[0] > 80.0 && line[3] - line[1] < 0.5, "{line:?}");
    }
}

#[test]
fn the_same_receipt_gives_the_same_bytes() {
    assert_eq!(*pdf(&RECEIPT).unwrap(), *pdf(&RECEIPT).unwrap());
}

#[test]
fn a_carers_receipt_says_by_what_authority_they_act_and_that_the_code_waits() {
    let text = Sheet::new(&pdf(&CARERS_RECEIPT).unwrap()).flowing_text();
    for expected in [
        "Empfangen von Ida Amsel Ausweis Personalausweis Vertretung Rechtliche Betreuung",
        "Betrifft Dieter B., Versichertennummer ••••••7895",
        "Nachweis Betreuerausweis im Original, Amtsgericht Altona, 12 XVII 345/23",
        "K17 und K22",
        "Mir wurde erklärt: – Code noch nicht wirksam: Die Vertretung wird bis zum nächsten Arbeitstag geprüft.",
    ] {
        assert_eq!(text.matches(expected).count(), 2, "{expected:?} in {text}");
    }
    let own = Sheet::new(&pdf(&RECEIPT).unwrap()).flowing_text();
    for carers in ["Vertretung", "Nachweis", "noch nicht wirksam"] {
        assert!(!own.contains(carers), "{carers:?} in {own}");
    }
}

#[test]
fn a_carers_receipt_with_the_longest_names_still_leaves_room_to_sign() {
    let sheet = Sheet::new(&pdf(&LONGEST_RECEIPT).unwrap());
    for half in [0.0, 148.5] {
        let [left, .., bottom] = sheet.pixels().dark_bounds((100.0, half + 119.5), (195.0, half + 129.5));
        assert!(left > 195.0, "something stands where people sign, down to {bottom}");
    }
}

#[test]
fn what_would_run_into_the_signature_is_refused() {
    let (name, line) = ("W".repeat(160), "W".repeat(100));
    let receipt = Receipt { recipient: &name, ..RECEIPT };
    assert!(pdf(&receipt).is_ok());
    let receipt = Receipt { document: &line, purpose: &line, staff: &line, subject: &line, ..receipt };
    assert_eq!(pdf(&receipt).unwrap_err(), LetterError::DoesNotFit { part: "receipt" });
}
