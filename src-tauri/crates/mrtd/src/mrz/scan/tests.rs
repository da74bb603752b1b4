//! Bursts as devices send them: serial lines and keyboards, with the separators and identifiers of their manuals.

#![allow(clippy::indexing_slicing, reason = "a test may panic")]

use super::*;
use crate::mrz::Field;

/// ICAO Doc 9303-4, appendix B.
const PASSPORT: [&str; 2] =
    ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"];
/// ICAO Doc 9303-6, appendix B.
const TD2: [&str; 2] = ["I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"];
/// The key data of a German residence permit, Y and Z in its number.
const CARD: [&str; 3] =
    ["ARD<<YX7CFG0124<<<<<<<<<<<<<<<", "9002292F2706306SYR<<<<<<<<<<<0", "DOHLE<<DARA<<<<<<<<<<<<<<<<<<<"];

fn read(burst: impl AsRef<[u8]>) -> String {
    decode(burst.as_ref()).unwrap().0.to_string()
}

/// As a German host sees what a device types that is set up for the United States.
fn american(text: &str) -> String {
    let typed = |character| match character {
        '<' => ';',
        'Y' => 'Z',
        'Z' => 'Y',
        'y' => 'z',
        'z' => 'y',
        ']' => '+',
        other => other,
    };
    text.chars().map(typed).collect()
}

#[test]
fn a_zone_is_found_however_its_lines_are_ended() {
    for lines in [&PASSPORT[..], &TD2[..], &CARD[..]] {
        let zone = lines.concat();
        for burst in [
            lines.join("\r") + "\r",
            lines.join("\r\n") + "\r\n",
            lines.join("\n"),
            lines.join("\t") + "\t",
            zone.clone() + "\r",
            zone.clone(),
            zone.to_lowercase() + "\r\n",
            format!("\u{2}{}\r\u{3}", lines.join("\r")),
            lines.iter().map(|line| format!("\u{2}{line}\u{3}\r\n")).collect(),
            lines.join(" \r\n "),
        ] {
            assert_eq!(read(&burst), zone, "{burst:?}");
        }
    }
}

#[test]
fn what_devices_put_around_it_is_no_part_of_it() {
    for lines in [&PASSPORT[..], &TD2[..], &CARD[..]] {
        let zone = lines.concat();
        for burst in [
            format!("]o2{}\r", lines.join("\r")),
            lines.iter().map(|line| format!("]o2{line}\r")).collect(),
            format!("AC{}\r", lines.join("\r")),
            format!("MRZ:{zone}\r"),
            format!("{zone}#\r"),
            format!("1{zone}END\r\n"),
            lines.iter().map(|line| format!("Q{line}99\r")).collect(),
        ] {
            assert_eq!(read(&burst), zone, "{burst:?}");
        }
    }
}

#[test]
fn a_device_set_up_for_another_keyboard_is_understood() {
    for lines in [&PASSPORT[..], &TD2[..], &CARD[..]] {
        let zone = lines.concat();
        assert_eq!(read(american(&lines.join("\r"))), zone);
        assert_eq!(read(american(&zone.to_lowercase())), zone);
        assert_eq!(read(american(&format!("]o2{zone}\r"))), zone);
        // Fillers right, letters exchanged: only the check digits can tell.
        let letters_only = american(&zone).replace(';', "<");
        assert_eq!(read(&letters_only), zone);
    }
}

#[test]
fn check_digits_decide_and_not_the_fillers_alone() {
    // A device that sends `;` for fillers, and Y and Z as they are.
    let zone = CARD.concat();
    assert_eq!(read(zone.replace('<', ";")), zone);
}

#[test]
fn a_misread_zone_of_the_right_length_is_handed_on_and_says_what_is_wrong() {
    let misread = PASSPORT.join("\r").replace("L898902C36", "L8989O2C36");
    let scanned = decode(misread.as_bytes()).unwrap();
    assert_eq!(scanned.access_key().unwrap_err(), AccessKeyError::CheckDigit(Field::Number));
    let wrong: Vec<Field> = scanned.zone().unwrap().checks().wrong().collect();
    assert_eq!(wrong, [Field::Number, Field::Composite]);
    let corrected = scanned.corrected().unwrap();
    assert_eq!(corrected.corrections.len(), 1);
    // An AIM identifier is known as such even if no digit says where the zone begins.
    assert!(decode(format!("]o2{misread}").as_bytes()).unwrap().corrected().is_ok());
    assert!(corrected.zone.access_key().is_ok());
}

#[test]
fn anything_else_is_no_zone() {
    let zone = PASSPORT.concat();
    let error = |burst: &str| decode(burst.as_bytes()).unwrap_err();
    assert_eq!(error(""), ScanError::NoZone { characters: 0 });
    assert_eq!(error("A123456780\r"), ScanError::NoZone { characters: 10 });
    assert_eq!(error(PASSPORT[1]), ScanError::NoZone { characters: 44 });
    assert_eq!(error(&"X".repeat(257)), ScanError::TooLong);
    // Nobody says where a misread zone begins.
    assert_eq!(
        error(&format!("ABC{}", zone.replace("36UTO", "37UTO"))),
        ScanError::NoZone { characters: 91 }
    );
    // Number and dates of a passport, behind a first line that they don't belong to.
    for between in ["ABQ", "ABCQ", "ABCDEFQ"] {
        let characters = 89 + between.len();
        let burst = format!("Q{}{between}{}", PASSPORT[0], PASSPORT[1]);
        assert_eq!(error(&burst), ScanError::NoZone { characters });
    }
    assert_eq!(error(&format!("{zone}{}", "X".repeat(17))), ScanError::NoZone { characters: 105 });
}

#[test]
fn nothing_shows_a_scan_by_accident() {
    assert_eq!(format!("{:?}", decode(PASSPORT.concat().as_bytes()).unwrap()), "Scanned(…)");
}
