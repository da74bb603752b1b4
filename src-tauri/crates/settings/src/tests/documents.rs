//! Documents: how they are looked at, and what of them may be read by machine.

use identification::{ChipKind, DatesOn, DocumentRule, IssuerGroup, Level, Purpose, ReviewDue, Reviews};
use jiff::ToSpan;

use super::{DESK, PROFILE, TODAY, load, policy_with, profile_with};
use crate::{NumberForm, Profile, SettingsError, catalogue::CatalogueDocument};

const CHIP: &str = "document = \"reisepass-de-2017\"\nlegal_basis = \"§ 291 Abs. 7 Satz 2 SGB V mit § 16a Abs. 3 Satz 1 PaßG\"";
const LICENCE: &str = include_str!("../../../../../assets/documents/fuehrerschein-de-2013.toml");

fn rule(id: &str) -> DocumentRule {
    load(DESK).unwrap().policy(TODAY).document(id).unwrap().clone()
}

/// The key that a profile is refused for, whose text is the shipped one with one piece replaced.
#[track_caller]
fn refused(right: &str, wrong: &str) -> String {
    let error = profile_with(right, wrong).unwrap_err();
    let SettingsError::Value { key } = error else { panic!("{error:?}") };
    key
}

#[test]
fn every_document_is_looked_at_in_the_order_of_the_hands_and_named_in_both_languages() {
    const HANDS: [&str; 5] = ["front", "tilt", "back", "uv", "remark"];
    for document in load(DESK).unwrap().documents {
        let places: Vec<_> = document
            .checks
            .iter()
            .map(|check| HANDS.iter().position(|id| *id == check.id).expect("a known check"))
            .collect();
        assert!(places.is_sorted_by(|one, next| one < next), "{}: {places:?}", document.id);
        let texts = document.checks.iter().flat_map(|check| [&check.title, &check.hint]);
        for text in texts.chain([&document.label]) {
            assert!(!text.de.is_empty() && !text.en.is_empty() && text.de.len() < 120, "{}", document.id);
        }
    }
}

#[test]
fn every_document_of_the_catalogue_is_admitted_so_that_the_clerk_is_told_what_would_do() {
    let admitted = load(DESK).unwrap().documents;
    for text in crate::catalogue::SHIPPED {
        let document: CatalogueDocument = crate::parse(text, "document").unwrap();
        assert_eq!(admitted.iter().filter(|it| it.id == document.id).count(), 1, "{}", document.id);
    }
}

#[test]
fn documents_that_are_no_identity_documents_reach_the_lowest_level_and_are_read_in_print() {
    for (id, months, unlimited) in [
        ("fuehrerschein-de-2013", 180, false),
        ("fuehrerschein-eu", 180, false),
        ("schwerbehindertenausweis-de", 61, true),
    ] {
        let rule = rule(id);
        assert_eq!(
            (rule.cap, rule.longest_months, rule.dates),
            (Level::Normal, Some(months), DatesOn::Print { unlimited }),
            "{id}"
        );
    }
}

#[test]
fn documents_of_few_features_stay_substantial_and_have_a_zone() {
    for (id, issuer, months) in [
        ("vorlaeufiger-personalausweis-de", IssuerGroup::De, Some(3)),
        ("ersatz-personalausweis-de", IssuerGroup::De, Some(36)),
        ("vorlaeufiger-reisepass-de", IssuerGroup::De, Some(12)),
        ("reiseausweis-de", IssuerGroup::De, Some(120)),
        ("identitaetskarte-andere", IssuerGroup::Eu, None),
        ("reisepass-andere", IssuerGroup::Other, None),
    ] {
        let rule = rule(id);
        assert_eq!((rule.cap, rule.dates), (Level::Substantial, DatesOn::Zone), "{id}");
        assert_eq!((rule.issuer, rule.longest_months), (issuer, months), "{id}");
    }
}

#[test]
fn what_rests_on_a_persons_own_word_never_gets_beyond_substantial() {
    for id in ["aufenthaltstitel-de-2011", "reiseausweis-de"] {
        for check in rule(id).checks {
            let best = if check.id == "remark" { Level::Substantial } else { Level::High };
            assert_eq!(check.settled, best, "{id}, {}", check.id);
        }
    }
}

#[test]
fn only_a_german_driving_licences_number_is_looked_at() {
    for document in load(DESK).unwrap().documents {
        let form = (document.id == "fuehrerschein-de-2013").then_some(NumberForm::DrivingLicence);
        assert_eq!(document.number, form, "{}", document.id);
    }
}

#[test]
fn a_document_of_the_catalogue_that_contradicts_itself_is_refused() {
    for (right, wrong, key) in [
        ("dates = \"print\"", "dates = \"print\"\nchip = \"id_card\"", "chip"),
        ("dates = \"print\"", "unlimited = true", "unlimited"),
        ("cap = \"normal\"", "cap = \"substantial\"\nunlimited = true", "unlimited"),
        ("longest_months = 180", "longest_months = 181", "longest_months"),
    ] {
        assert!(LICENCE.contains(right), "{right}");
        let document: CatalogueDocument = crate::parse(&LICENCE.replace(right, wrong), "document").unwrap();
        let error = document.check().unwrap_err();
        let key = format!("fuehrerschein-de-2013.{key}");
        assert!(matches!(&error, SettingsError::Value { key: it } if *it == key), "{error:?}");
    }
}

#[test]
fn six_documents_have_a_chip_that_the_law_lets_an_insurer_read() {
    let policy = load(DESK).unwrap().policy(TODAY);
    let chips: Vec<_> = policy
        .documents
        .iter()
        .filter_map(|document| Some((document.id.as_str(), document.chip.as_ref()?.kind)))
        .collect();
    assert_eq!(
        chips,
        [
            ("reisepass-de-2017", ChipKind::Passport),
            ("personalausweis-de-2021", ChipKind::IdCard),
            ("aufenthaltstitel-de-2011", ChipKind::ResidencePermit),
            ("reisepass-eu", ChipKind::Passport),
            ("identitaetskarte-eu-2021", ChipKind::IdCard),
            ("reisepass-andere", ChipKind::Passport),
        ]
    );
    let passport = policy.document("reisepass-de-2017").unwrap().chip.as_ref().unwrap();
    assert_eq!(passport.legal_basis, "§ 291 Abs. 7 Satz 2 SGB V mit § 16a Abs. 3 Satz 1 PaßG");
    assert!(passport.face);
}

#[test]
fn a_profile_that_names_no_chip_and_no_scan_admits_none() {
    let lines: Vec<_> = PROFILE.split("\n\n").collect();
    let machines = |it: &&&str| it.contains("[[chips]]") || it.contains("[[scans]]");
    assert!(lines.iter().filter(machines).count() > 5);
    let silent: Vec<_> = lines.into_iter().filter(|it| !machines(&it)).collect();
    let mut settings = load(DESK).unwrap();
    settings.profile = Profile::from_text(&silent.join("\n\n"), "profile").unwrap();
    for document in settings.policy(TODAY).documents {
        assert_eq!((document.chip, settings.scan_admitted(&document.id)), (None, None), "{}", document.id);
    }
}

#[test]
fn a_chip_is_read_of_an_admitted_document_that_has_one_once_and_with_a_legal_basis() {
    let instead = |id: &str| CHIP.replace("reisepass-de-2017", id);
    for (id, key) in [
        ("personalausweis-de-2010", "chips.personalausweis-de-2010"),
        ("reiseausweis-de", "chips.reiseausweis-de"),
        ("fuehrerschein-de-2013", "chips.fuehrerschein-de-2013"),
        ("bibliotheksausweis", "chips.bibliotheksausweis"),
        ("reisepass-eu", "chips.document"),
    ] {
        assert_eq!(refused(CHIP, &instead(id)), key);
    }
    let basis = "§ 291 Abs. 7 Satz 2 SGB V mit § 16a Abs. 3 Satz 1 PaßG";
    for wrong in ["", "  ", &"§".repeat(201)] {
        assert_eq!(refused(basis, wrong), "chips.legal_basis");
    }
    policy_with(basis, &"§".repeat(200));
    let no_face = policy_with(&format!("{CHIP}\nface = true"), &format!("{CHIP}\nface = false"));
    assert!(!no_face.document("reisepass-de-2017").unwrap().chip.as_ref().unwrap().face);
}

#[test]
fn a_chip_of_a_document_that_is_admitted_no_more_is_refused() {
    let mut settings = load(DESK).unwrap();
    settings.documents.retain(|it| it.id != "reisepass-eu");
    let error = settings.profile.check_documents(&settings.documents).unwrap_err();
    assert!(matches!(&error, SettingsError::Value { key } if key == "chips.reisepass-eu"), "{error:?}");
}

#[test]
fn a_zone_is_scanned_only_where_the_profile_says_so_and_never_by_default_of_identity_cards_and_permits() {
    let settings = load(DESK).unwrap();
    assert_eq!(settings.scan_admitted("reisepass-eu"), Some("§ 67a Abs. 1 SGB X"));
    for id in
        ["personalausweis-de-2021", "personalausweis-de-2010", "aufenthaltstitel-de-2011", "fuehrerschein-eu"]
    {
        assert_eq!(settings.scan_admitted(id), None, "{id}");
    }
    let line =
        "[[scans]]\ndocument = \"personalausweis-de-2021\"\nlegal_basis = \"Entscheidung vom 1. Oktober\"\n";
    let mut settings = settings;
    settings.profile = profile_with("[health_card]", &format!("{line}\n[health_card]")).unwrap();
    settings.profile.check_documents(&settings.documents).unwrap();
    assert_eq!(settings.scan_admitted("personalausweis-de-2021"), Some("Entscheidung vom 1. Oktober"));
}

#[test]
fn a_scan_needs_a_zone_and_a_legal_basis() {
    let line = "[[scans]]\ndocument = \"reisepass-eu\"\nlegal_basis = \"§ 67a Abs. 1 SGB X\"";
    for (right, wrong, key) in [
        ("reisepass-eu", "fuehrerschein-eu", "scans.fuehrerschein-eu"),
        ("reisepass-eu", "bibliotheksausweis", "scans.bibliotheksausweis"),
        ("reisepass-eu", "reisepass-andere", "scans.document"),
        ("§ 67a Abs. 1 SGB X", " ", "scans.legal_basis"),
    ] {
        assert_eq!(refused(line, &line.replace(right, wrong)), key);
    }
}

#[test]
fn no_profile_opens_a_record_at_a_lower_level_or_with_one_pair_of_eyes() {
    let epa = "purpose = \"epa\"\nlevel = \"high\"\nsecond_look = true";
    let policy = load(DESK).unwrap().policy(TODAY);
    let rule = policy.purpose(Purpose::Epa).unwrap();
    assert_eq!((rule.level, rule.second_look, rule.step_up), (Level::High, true, true));
    for level in ["normal", "substantial"] {
        assert_eq!(refused(epa, &epa.replace("high", level)), "purposes.level");
    }
    assert_eq!(refused(epa, &epa.replace("true", "false")), "purposes.second_look");
    let carers = "purpose = \"representative_access\"\nlevel = \"substantial\"\nsecond_look = true";
    assert_eq!(refused(carers, &carers.replace("true", "false")), "purposes.second_look");
}

#[test]
fn what_stands_twice_is_refused() {
    let twice = |line: &str| format!("{line}\n\n{line}");
    let purpose = "[[purposes]]\npurpose = \"epa\"\nlevel = \"high\"\nsecond_look = true\nstep_up = true";
    assert_eq!(refused(purpose, &twice(purpose)), "purposes.purpose");
    assert_eq!(
        refused("\"reiseausweis-de\"", "\"reiseausweis-de\", \"reiseausweis-de\""),
        "documents.admitted"
    );
}

#[test]
fn the_files_review_dates_count_and_the_demonstration_of_the_workshop_was_always_reviewed_a_week_ago() {
    let today = TODAY.saturating_add(3.years());
    let policy = load(DESK).unwrap().policy(today);
    let week_ago = today.saturating_sub(7.days());
    let written = jiff::civil::date(2026, 11, 16);
    let reviewed = if cfg!(feature = "workshop") { week_ago } else { written };
    assert_eq!(policy.reviews, Reviews { catalogue: reviewed, checklist: reviewed });
    let fresh = cfg!(feature = "workshop");
    assert_eq!(policy.reviews.due(today) == Vec::<ReviewDue>::new(), fresh);
    assert_eq!(policy.reviews.cap(today) == Level::High, fresh);
}

#[test]
fn a_profile_without_review_dates_or_with_days_that_are_none_is_refused() {
    for (right, wrong) in [
        ("catalogue = \"2026-11-16\"", ""),
        ("checklist = \"2026-11-16\"", "checklist = \"2026-11-31\""),
        ("checklist = \"2026-11-16\"", "checklist = \"16.11.2026\""),
    ] {
        let error = profile_with(right, wrong).unwrap_err();
        assert!(matches!(error, SettingsError::Parse { .. }), "{wrong}: {error:?}");
    }
}
