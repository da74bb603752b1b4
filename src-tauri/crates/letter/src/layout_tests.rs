//! Where everything stands, as one readable page; and what must hold for any name.

use std::{fmt::Write as _, sync::LazyLock};

use jiff::civil::date;
use proptest::prelude::*;

use crate::{
    ActivationLetter, ActivationTemplate, CodeText, Fonts, Issuer, LetterError, QrLink, Receipt,
    ReceiptTemplate, Subject,
    din5008::{self, AddressZone},
    page::{Item, PT, Page, Rect},
    qr_link,
};

const ISSUER: Issuer<'_> = Issuer {
    insurer: "Beispielkasse",
    place: "Servicezentrum Hamburg-Altona",
    desk: "Platz 3",
    code_name: "Aktivierungscode",
    service_phone: "040 000 000",
    service_hours: "werktags 8 bis 20 Uhr",
    blocking_phone: "040 000 001",
};
const REFERENCE: &str = "A-M3PWC6YNKH";

static FONTS: LazyLock<Fonts> = LazyLock::new(|| Fonts::embedded().unwrap());

fn activation_template() -> ActivationTemplate {
    ActivationTemplate::parse(include_str!("../../../../assets/letters/activation@1.toml")).unwrap()
}

fn letter<'a>(recipient: &'a str, code: CodeText<'a>, link: &'a QrLink) -> ActivationLetter<'a> {
    ActivationLetter {
        issuer: ISSUER,
        date: date(2026, 11, 22),
        recipient,
        subject: Subject::Recipient("Dieter B., Versichertennummer ••••••7895"),
        reference: REFERENCE,
        code,
        link,
        valid_until: date(2026, 12, 6),
        awaiting_release: false,
    }
}

fn layout(recipient: &str) -> Result<Page, LetterError> {
    let code = CodeText::new("7KQ4XR9BTW2B")?;
    let link = qr_link("https://app.beispielkasse.de", REFERENCE, code)?;
    letter(recipient, code, &link).layout(&activation_template(), &FONTS)
}

/// One line per thing on the sheet; millimetres, type sizes in points.
fn describe(page: &Page) -> String {
    let mut text = String::new();
    for item in &page.items {
        let line = match item {
            Item::Text { x, baseline, size, run, .. } => {
                let width = run.width(*size) / PT;
                format!(
                    "text  x {x:6.1}  y {baseline:6.1}  w {width:6.1}  {size:4} pt  {:?}  {}",
                    run.face, *run.text
                )
            }
            Item::Rule { from, to, width, dashed } => {
                format!("rule  {from:.1?} to {to:.1?}  {width} pt{}", if *dashed { "  dashed" } else { "" })
            }
            Item::Frame { rect, radius, width } => {
                format!("frame {}  radius {radius}  {width} pt", bounds(&[*rect]))
            }
            Item::Areas(areas) => format!("areas {} in {}", areas.len(), bounds(areas)),
        };
        writeln!(text, "{line}").unwrap();
    }
    text
}

fn bounds(areas: &[Rect]) -> String {
    let fold = |start: f32, pick: fn(f32, f32) -> f32, edge: fn(&Rect) -> f32| {
        areas.iter().map(edge).fold(start, pick)
    };
    let left = fold(f32::MAX, f32::min, |r| r.x);
    let top = fold(f32::MAX, f32::min, |r| r.y);
    let right = fold(0.0, f32::max, |r| r.x + r.width);
    let bottom = fold(0.0, f32::max, |r| r.y + r.height);
    format!("({left:.1}, {top:.1}) to ({right:.1}, {bottom:.1})")
}

#[test]
fn the_activation_letter_is_laid_out_like_this() {
    let page = layout("Dr. med. Dieter Graf von und zu Buntspecht").unwrap();
    insta::assert_snapshot!(describe(&page));
}

#[test]
fn a_carers_letter_is_laid_out_like_this() {
    let code = CodeText::new("7KQ4XR9BTW2B").unwrap();
    let link = qr_link("https://app.beispielkasse.de", REFERENCE, code).unwrap();
    let letter = ActivationLetter {
        subject: Subject::Represented("Dieter B., Versichertennummer ••••••7895"),
        awaiting_release: true,
        ..letter("Ida Amsel", code, &link)
    };
    insta::assert_snapshot!(describe(&letter.layout(&activation_template(), &FONTS).unwrap()));
}

#[test]
fn the_receipt_is_laid_out_like_this() {
    let receipt = Receipt {
        issuer: ISSUER,
        date: date(2026, 11, 22),
        reference: REFERENCE,
        purpose: "App-Aktivierung",
        recipient: "Dr. med. Dieter Graf von und zu Buntspecht",
        subject: "Dieter B., Versichertennummer ••••••7895",
        document: "Personalausweis",
        staff: "K17",
    };
    let template = ReceiptTemplate::parse(include_str!("../../../../assets/letters/receipt@1.toml")).unwrap();
    insta::assert_snapshot!(describe(&receipt.layout(&template, &FONTS).unwrap()));
}

#[test]
fn braces_and_asterisks_in_a_value_are_printed_as_they_are() {
    let page = layout("Ida **{subject}** Amsel").unwrap();
    assert!(describe(&page).contains("Ida **{subject}** Amsel"));
}

/// Any name of DIN 91379's letters, as long as given names, family name, prefix and suffix may be together.
fn name() -> impl Strategy<Value = String> {
    let letters: Vec<&str> =
        include_str!("../tests/paper/din-91379-letters.txt").split_whitespace().collect();
    let part = |most: usize| {
        let letter = prop_oneof![8 => prop::sample::select(letters.clone()), 1 => Just(" "), 1 => Just("-")];
        prop::collection::vec(letter, 1..=most)
            .prop_map(move |letters| letters.concat().chars().take(most).collect::<String>())
    };
    (part(45), part(45), part(20), part(20)).prop_map(|(a, b, c, d)| [a, b, c, d].join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_name_stays_in_its_zone_and_loses_nothing(name in name()) {
        let mut page = Page::default();
        let zone = AddressZone { sender: "Beispielkasse", note: "Persönliche Übergabe", recipient: &name };
        zone.put(&mut page, &FONTS).unwrap();
        let mut printed = String::new();
        for item in &page.items {
            if let Item::Text { x, baseline, size, run, .. } = item
                && *baseline > 63.0
            {
                prop_assert!(*baseline < din5008::ADDRESS_BOTTOM);
                prop_assert!(x + run.width(*size) / PT <= din5008::ADDRESS_RIGHT + 0.01);
                printed.push_str(&run.text);
            }
        }
        prop_assert_eq!(printed.replace(' ', ""), name.replace(' ', ""));
    }
}
