use std::io::Read;

use flate2::read::GzDecoder;
use jiff::civil::date;

use super::*;
use crate::{
    catalogue::{catalogue, find},
    files::Content,
    persona::kvnr_check_digit,
};

const TODAY: Date = date(2026, 11, 22);

fn health_cards() -> impl Iterator<Item = (&'static str, HealthCard)> {
    catalogue().iter().filter_map(|entry| Some((entry.name, entry.health_card(TODAY)?)))
}

/// Those in order.
fn ordinary() -> impl Iterator<Item = (&'static str, HealthCard)> {
    health_cards()
        .filter(|(name, card)| card.damage.is_none() && !card.zero_filled && !name.starts_with("bad-"))
}

fn file(card: &HealthCard, folder: usize, fid: u16) -> Vec<u8> {
    let card = card.card();
    let file = card.folders()[folder].files.iter().find(|file| file.fid == fid).unwrap();
    let Content::Transparent(bytes) = &file.content else { panic!("records") };
    bytes.clone()
}

fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut out).unwrap();
    out
}

fn number(bytes: &[u8], at: usize) -> usize {
    usize::from(u16::from_be_bytes([bytes[at], bytes[at + 1]]))
}

#[test]
fn personal_data_is_a_length_and_a_gzip_stream_as_issuers_write_it() {
    for (name, card) in ordinary() {
        let pd = file(&card, 1, 0xD001);
        assert_eq!(number(&pd, 0), pd.len() - 2, "{name}");
        // Magic, deflate, no flags, no time, default level, unknown system (RFC 1952).
        assert_eq!(pd[2..12], [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF], "{name}");
        assert_eq!(gunzip(&pd[2..]), card.pd_xml(), "{name}");
        assert!(pd.len() <= 512, "{name}: {}", pd.len());
    }
}

#[test]
fn insurance_data_points_to_both_streams_with_inclusive_ends() {
    for (name, card) in ordinary() {
        let vd = file(&card, 1, 0xD002);
        assert!(vd.len() <= 768, "{name}: {}", vd.len());
        let [start, end, second, last] = [0, 2, 4, 6].map(|at| number(&vd, at));
        assert_eq!(start, 8, "{name}");
        assert_eq!(gunzip(&vd[start..=end]), card.vd_xml(), "{name}");
        if card.protected_copy {
            assert_eq!((second, last), (end + 1, vd.len() - 1), "{name}");
            assert!(gunzip(&vd[second..=last]).ends_with(b"UC_GeschuetzteVersichertendatenXML>"), "{name}");
        } else {
            assert_eq!((second, last, end), (0xFFFF, 0xFFFF, vd.len() - 1), "{name}");
        }
    }
}

#[test]
fn a_zero_filled_card_ends_where_the_reservation_ends() {
    let card = find("amsel-zero-filled").unwrap().health_card(TODAY).unwrap();
    let plain = find("amsel").unwrap().health_card(TODAY).unwrap();
    let (pd, original) = (file(&card, 1, 0xD001), file(&plain, 1, 0xD001));
    assert_eq!((pd.len(), file(&card, 1, 0xD002).len()), (850, 1250));
    assert_eq!(pd[..original.len()], original);
    assert!(pd[original.len()..].iter().all(|byte| *byte == 0));
}

#[test]
fn status_tells_state_time_and_versions() {
    let status = |name: &str| hex::encode(file(&find(name).unwrap().health_card(TODAY).unwrap(), 1, 0xD00C));
    let time = hex::encode("20261011091454");
    assert_eq!(status("amsel"), format!("30{time}00500200000030000004"));
    assert_eq!(status("amsel-transaction-open"), format!("31{time}00500200000030000004"));
}

#[test]
fn version2_and_atr_tell_the_generation() {
    for (name, version) in [("amsel-g2", "040302"), ("amsel", "040502"), ("amsel-g3", "050000")] {
        let card = find(name).unwrap().health_card(TODAY).unwrap();
        let expected = format!(
            "ef2bc003020000c103{version}c210{}{version}c403010000c503020000c703010000",
            hex::encode("BIRDSSIMULATE")
        );
        assert_eq!(hex::encode(file(&card, 0, 0x2F11)), expected);
    }
    let atr = |name: &str| hex::encode(file(&find(name).unwrap().health_card(TODAY).unwrap(), 0, 0x2F01));
    assert!(atr("amsel").starts_with("e0110202080902030080020202080902020809d003040300"), "{}", atr("amsel"));
    assert!(
        atr("amsel-short-only").starts_with("e01002020105020201020202010502020105"),
        "{}",
        atr("amsel-short-only")
    );
}

#[test]
fn every_file_fits_into_its_reservation() {
    for (name, health_card) in health_cards() {
        for file in health_card.card().folders().iter().flat_map(|folder| &folder.files) {
            if let Content::Transparent(bytes) = &file.content {
                assert!(
                    bytes.len() <= usize::from(file.reserved),
                    "{name} {:04X}: {}",
                    file.fid,
                    bytes.len()
                );
            }
        }
    }
}

#[test]
fn damaged_cards_are_damaged_as_they_say() {
    let pd = |name: &str| file(&find(name).unwrap().health_card(TODAY).unwrap(), 1, 0xD001);
    let length = pd("bad-length");
    assert!(number(&length, 0) > length.len());
    let corrupt = pd("bad-gzip");
    assert!(GzDecoder::new(&corrupt[2..]).read_to_end(&mut Vec::new()).is_err());
    assert!(gunzip(&pd("bad-bomb")[2..]).len() > 400_000);
    let shape = String::from_utf8(gunzip(&pd("bad-shape")[2..])).unwrap();
    assert!(!shape.contains("Person>") && shape.contains("<Vorname>"), "{shape}");
    assert!(!gunzip(&pd("bad-xml")[2..]).ends_with(b">"));
    assert!(gunzip(&pd("bad-namespace")[2..]).windows(19).any(|window| window == b"urn:example:unknown"));
    let full = pd("full-850");
    assert_eq!((full.len(), number(&full, 0)), (850, 848));
    assert!(gunzip(&full[2..]).ends_with(b"  </UC_PersoenlicheVersichertendatenXML>"));
}

#[test]
fn numbers_of_the_birds_have_valid_check_digits() {
    for (name, card) in ordinary() {
        let persona = &card.persona;
        let (letter, digits) = persona.kvnr.split_at(1);
        let expected = kvnr_check_digit(letter.chars().next().unwrap(), &digits[..8]);
        assert_eq!(digits[8..].parse().ok(), expected, "{name}");
        for insurer in [Some(&persona.insurer), persona.billing_insurer.as_ref()].into_iter().flatten() {
            assert_eq!(insurer.ik[8..].parse().ok(), Some(ik_check_digit(&insurer.ik)), "{name}");
        }
        assert_eq!((persona.iccsn.len(), &persona.iccsn[..5]), (20, "80276"), "{name}");
        assert!(persona.valid_from.year() > 1900, "{name}");
    }
    let wrong = find("bad-kvnr").unwrap().persona(TODAY).unwrap().kvnr;
    assert_ne!(wrong[9..].parse().ok(), kvnr_check_digit('A', &wrong[1..9]));
    // Examples of gematik's published test cards.
    for kvnr in ["X110540756", "X110485315", "T115774582", "X110411675"] {
        assert_eq!(
            kvnr_check_digit(kvnr.chars().next().unwrap(), &kvnr[1..9]),
            kvnr[9..].parse().ok(),
            "{kvnr}"
        );
    }
}

/// Check digit of an institution code: positions 3 to 8, weights 2 and 1 in turn, digit sums, mod 10.
fn ik_check_digit(ik: &str) -> u32 {
    let digits = ik[2..8].chars().map(|digit| digit.to_digit(10).unwrap());
    digits
        .zip([2, 1].into_iter().cycle())
        .map(|(digit, weight)| digit * weight)
        .map(|p| p / 10 + p % 10)
        .sum::<u32>()
        % 10
}

#[test]
fn a_name_is_said_with_title_suffix_and_prefix_before_the_family_name() {
    let name = |card: &str| find(card).unwrap().persona(TODAY).unwrap().full_name();
    assert_eq!(name("buntspecht"), "Dr. med. Bernd Benjamin Graf von und zu Buntspecht");
    assert_eq!(name("amsel"), "Andrea Amsel");
}

/// Longest values that Schema_VSD.xsd 5.2 allows.
#[test]
fn fields_of_the_birds_keep_the_lengths_of_the_schema() {
    for (name, card) in ordinary() {
        let persona = card.persona;
        let texts = [
            (45, Some(&persona.given_names)),
            (45, Some(&persona.family_name)),
            (20, persona.name_prefix.as_ref()),
            (20, persona.name_suffix.as_ref()),
            (20, persona.title.as_ref()),
            (45, Some(&persona.insurer.name)),
            (40, persona.street.as_ref().map(|street| &street.place)),
            (46, persona.street.as_ref().and_then(|street| street.street.as_ref())),
            (9, persona.street.as_ref().and_then(|street| street.house_number.as_ref())),
            (40, persona.street.as_ref().and_then(|street| street.supplement.as_ref())),
            (8, persona.po_box.as_ref().map(|po_box| &po_box.number)),
        ];
        for (longest, text) in texts {
            assert!(
                text.is_none_or(|text| (1..=longest).contains(&text.chars().count())),
                "{name}: {text:?}"
            );
        }
    }
    assert!(find("bad-name").unwrap().persona(TODAY).unwrap().family_name.len() > 45);
}

#[test]
fn insurance_ends_relative_to_today() {
    let until = |name: &str, today| find(name).unwrap().persona(today).unwrap().valid_until;
    for today in [TODAY, date(2040, 2, 29)] {
        assert!(until("habicht", today).unwrap() < today);
        assert!(until("buntspecht", today).unwrap() > today);
        assert_eq!(until("amsel", today), None);
    }
}

#[test]
fn names_of_cards_are_unique_and_fit_a_command_line() {
    let mut names: Vec<_> = catalogue().iter().map(|entry| entry.name).collect();
    assert!(
        names
            .iter()
            .all(|name| name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'))
    );
    assert!(catalogue().iter().all(|entry| !entry.description.contains('\n')));
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
}
