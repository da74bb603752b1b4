//! Where everything stands, as one readable page; and what must hold for any name.

use std::{fmt::Write as _, sync::LazyLock};

use proptest::prelude::*;

use crate::{
    ActivationLetter, ChipConsentPage, ChipConsentTemplate, Fonts, LetterError, Receipt,
    din5008::{self, AddressZone},
    page::{Item, PT, Page, Rect},
    samples,
};

static FONTS: LazyLock<Fonts> = LazyLock::new(|| Fonts::embedded().unwrap());

fn layout(recipient: &str) -> Result<Page, LetterError> {
    let link = samples::link()?;
    let letter = ActivationLetter { recipient, ..samples::letter(&link)? };
    letter.layout(&samples::activation_template()?, &FONTS)
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
    insta::assert_snapshot!(describe(&layout(samples::BUNTSPECHT).unwrap()));
}

#[test]
fn the_letter_for_the_electronic_health_record_is_laid_out_like_this() {
    let link = samples::link().unwrap();
    let letter = samples::epa_letter(&link).unwrap();
    insta::assert_snapshot!(describe(
        &letter.layout(&samples::activation_template().unwrap(), &FONTS).unwrap()
    ));
}

#[test]
fn a_letter_without_a_line_is_laid_out_like_this() {
    let link = samples::link().unwrap();
    let letter = samples::offline_letter(&link).unwrap();
    insta::assert_snapshot!(describe(
        &letter.layout(&samples::activation_template().unwrap(), &FONTS).unwrap()
    ));
}

#[test]
fn a_receipt_without_a_line_is_laid_out_like_this() {
    let page = samples::OFFLINE_RECEIPT.layout(&samples::receipt_template().unwrap(), &FONTS).unwrap();
    insta::assert_snapshot!(describe(&page));
}

#[test]
fn a_carers_letter_is_laid_out_like_this() {
    let link = samples::link().unwrap();
    let letter = samples::carers_letter(&link).unwrap();
    insta::assert_snapshot!(describe(
        &letter.layout(&samples::activation_template().unwrap(), &FONTS).unwrap()
    ));
}

#[test]
fn the_receipt_is_laid_out_like_this() {
    let page = samples::RECEIPT.layout(&samples::receipt_template().unwrap(), &FONTS).unwrap();
    insta::assert_snapshot!(describe(&page));
}

#[test]
fn a_carers_receipt_is_laid_out_like_this() {
    let page = samples::CARERS_RECEIPT.layout(&samples::receipt_template().unwrap(), &FONTS).unwrap();
    insta::assert_snapshot!(describe(&page));
}

#[test]
fn the_consent_to_the_chip_is_laid_out_like_this() {
    let page = samples::CONSENT.layout(&samples::chip_consent_template().unwrap(), &FONTS).unwrap();
    insta::assert_snapshot!(describe(&page));
}

#[test]
fn the_consent_to_the_chip_is_in_large_print_down_to_the_date() {
    let template = samples::chip_consent_template().unwrap();
    for consent in [samples::CONSENT, samples::LONGEST_CONSENT] {
        let page = consent.layout(&template, &FONTS).unwrap();
        let signed = page.items.iter().position(|item| matches!(item, Item::Rule { .. })).unwrap();
        for (i, item) in page.items.iter().enumerate() {
            if let Item::Text { size, run, .. } = item {
                assert!(*size >= if i < signed { 14.0 } else { 12.0 }, "{size} pt: {}", *run.text);
            }
        }
    }
}

#[test]
fn the_longest_names_are_laid_out_like_this() {
    let link = samples::link().unwrap();
    let letter = samples::longest_letter(&link).unwrap();
    let pages = [
        letter.layout(&samples::activation_template().unwrap(), &FONTS).unwrap(),
        samples::LONGEST_RECEIPT.layout(&samples::receipt_template().unwrap(), &FONTS).unwrap(),
        samples::LONGEST_REFUSAL.layout(&samples::refusal_template().unwrap(), &FONTS).unwrap(),
        samples::LONGEST_CONSENT.layout(&samples::chip_consent_template().unwrap(), &FONTS).unwrap(),
    ];
    insta::assert_snapshot!(pages.map(|page| describe(&page)).join("\n"));
}

#[test]
fn the_confirmation_of_a_refusal_is_laid_out_like_this() {
    let page = samples::REFUSAL.layout(&samples::refusal_template().unwrap(), &FONTS).unwrap();
    insta::assert_snapshot!(describe(&page));
}

#[test]
fn a_carers_confirmation_of_a_refusal_is_laid_out_like_this() {
    let page = samples::CARERS_REFUSAL.layout(&samples::refusal_template().unwrap(), &FONTS).unwrap();
    insta::assert_snapshot!(describe(&page));
}

#[test]
fn braces_and_asterisks_in_a_value_are_printed_as_they_are() {
    let page = layout("Ida **{subject}** Amsel").unwrap();
    assert!(describe(&page).contains("Ida **{subject}** Amsel"));
}

#[test]
fn a_court_file_number_is_never_torn_apart() {
    let template = samples::receipt_template().unwrap();
    for letters in 0..16 {
        let authority =
            format!("Betreuerausweis im Original, Amtsgericht {} 406 XVII 1234/23", "a".repeat(letters));
        let receipt = Receipt { authority: Some(&authority), ..samples::CARERS_RECEIPT };
        let page = describe(&receipt.layout(&template, &FONTS).unwrap());
        assert_eq!(page.matches("406 XVII 1234/23").count(), 2, "{page}");
    }
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

const SHORT_CONSENT: &str = r#"
    version = 1
    heading = { de = "?", en = "?" }
    paragraphs = [{ de = ".", en = "." }]
    paper = { declaration = "!", place_and_date = "{place}", signature = "Unterschrift", privacy = "." }
"#;

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_name_stays_in_its_zone_and_loses_nothing(name in name()) {
        let mut page = Page::default();
        let zone = AddressZone { issuer: samples::ISSUER, note: "Persönliche Übergabe", recipient: &name };
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
    // What stands above it is short here: it takes the time, and isn't what is looked at.
    #[test]
    fn any_name_stands_whole_below_the_line_on_which_it_is_signed(name in name()) {
        let consent = ChipConsentPage { signer: &name, ..samples::CONSENT };
        let template = ChipConsentTemplate::parse(SHORT_CONSENT).unwrap();
        let page = consent.layout(&template, &FONTS).unwrap();
        let mut below = page.items.iter().skip_while(|item| !matches!(item, Item::Rule { .. }));
        let Some(Item::Rule { from, .. }) = below.next() else { panic!("no line to sign on") };
        let mut printed = String::new();
        for item in below {
            if let Item::Text { x, baseline, size, run, .. } = item {
                prop_assert!(*baseline > from.1 && *baseline <= din5008::BOTTOM);
                prop_assert!(x + run.width(*size) / PT <= din5008::RIGHT + 0.01);
                printed.push_str(&run.text);
            }
        }
        let signed = format!("Unterschrift:{name}").replace(' ', "");
        prop_assert!(printed.replace(' ', "").starts_with(&signed), "{}", printed);
    }
}
