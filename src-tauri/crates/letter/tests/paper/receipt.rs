//! The hand-over receipt as it comes out of the printer.

use jiff::civil::date;
use letter::{Fonts, Issuer, LetterError, Receipt, ReceiptTemplate};
use zeroize::Zeroizing;

use crate::sheet::Sheet;

const RECEIPT: Receipt<'_> = Receipt {
    issuer: Issuer {
        insurer: "Beispielkasse",
        place: "Servicezentrum Hamburg-Altona",
        desk: "Platz 3",
        code_name: "Aktivierungscode",
        service_phone: "040 000 000",
        service_hours: "werktags 8 bis 20 Uhr",
        blocking_phone: "040 000 001",
    },
    date: date(2026, 11, 22),
    reference: "A-M3PWC6YNKH",
    purpose: "App-Aktivierung",
    recipient: "Dr. med. Dieter Graf von und zu Buntspecht",
    subject: "Dieter B., Versichertennummer ••••••7895",
    document: "Personalausweis",
    staff: "K17",
};

fn pdf(receipt: &Receipt<'_>) -> Result<Zeroizing<Vec<u8>>, LetterError> {
    let template = ReceiptTemplate::parse(include_str!("../../../../../assets/letters/receipt@1.toml"))?;
    receipt.render(&template, &Fonts::embedded()?)
}

#[test]
fn both_copies_say_what_was_handed_over_and_explained() {
    let sheet = Sheet::new(&pdf(&RECEIPT).unwrap());
    assert!(sheet.check().contains("No syntax or stream encoding errors"));
    let text = sheet.flowing_text();
    for expected in [
        "A-M3PWC6YNKH",
        "App-Aktivierung",
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
fn each_copy_has_its_barcode_and_its_signature_line() {
    let sheet = Sheet::new(&pdf(&RECEIPT).unwrap());
    for half in [0.0, 148.5] {
        assert_eq!(sheet.scan(half, half + 148.5), ["CODE-128:A-M3PWC6YNKH"]);
        let pixels = sheet.pixels();
        let line = pixels.dark_bounds((95.0, half + 124.0), (195.0, half + 127.5));
        assert!(line[2] - line[0] > 80.0 && line[3] - line[1] < 0.5, "{line:?}");
    }
}

#[test]
fn the_same_receipt_gives_the_same_bytes() {
    assert_eq!(*pdf(&RECEIPT).unwrap(), *pdf(&RECEIPT).unwrap());
}

#[test]
fn what_would_run_into_the_signature_is_refused() {
    let name = "Elster ".repeat(20);
    let receipt = Receipt { recipient: name.trim_end(), ..RECEIPT };
    assert!(pdf(&receipt).is_ok());
    let line = "Personalausweis mit allem ".repeat(3);
    let receipt = Receipt { document: &line, purpose: &line, staff: &line, subject: &line, ..receipt };
    assert!(pdf(&receipt).is_err_and(|e| e == LetterError::DoesNotFit { part: "receipt" }));
}
