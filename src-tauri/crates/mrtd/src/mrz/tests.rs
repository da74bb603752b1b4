//! Published and composed zones, and what must hold for every zone.

#![allow(clippy::indexing_slicing, reason = "a test may panic")]

mod properties;
mod vectors;

use super::layout::Layout;
use super::*;
use vectors::ZONES;

#[test]
fn every_zone_says_what_is_printed_on_it() {
    for zone in &ZONES {
        let read = MachineReadableZone::parse(zone.lines.join("\n"))
            .unwrap_or_else(|error| panic!("{}: {error}", zone.source));
        let issuer = read.issuer();
        let seen = (read.format(), read.document_code(), issuer.as_str(), read.kind());
        assert_eq!(seen, zone.expected, "{}", zone.source);
        let name = read.name();
        assert_eq!((&*name.primary, &*name.secondary), zone.name, "{}", zone.source);
        assert_eq!(name.truncated, zone.source.contains("truncated"), "{}", zone.source);
        let date = |field: &str| MrzDate::from_field(field.as_bytes()).unwrap();
        assert!(read.birth_date() == date(zone.dates.0), "{}", zone.source);
        assert!(read.expiry() == date(zone.dates.1), "{}", zone.source);
    }
}

#[test]
fn every_check_digit_of_every_zone_holds() {
    for zone in &ZONES {
        let checks = MachineReadableZone::parse(zone.lines.concat()).unwrap().checks();
        let (format, code, ..) = zone.expected;
        if code == "UB" {
            let wrong: Vec<Field> = checks.wrong().collect();
            assert_eq!(wrong, [Field::Number, Field::Birth, Field::Expiry, Field::Composite]);
            continue;
        }
        assert!(checks.all_hold(), "{}: {checks:?}", zone.source);
        assert_eq!(checks.optional, (format == Format::Td3).then_some(true), "{}", zone.source);
        let visa = matches!(format, Format::MrvA | Format::MrvB);
        assert_eq!(checks.composite, (!visa).then_some(true), "{}", zone.source);
    }
}

#[test]
fn lines_capitals_and_line_breaks_make_no_difference() {
    for zone in &ZONES {
        let parse = |text: String| {
            let read = MachineReadableZone::parse(text).unwrap();
            let key = read.access_key().map(|key| key.information().to_vec());
            (read.checks(), read.name(), key)
        };
        let expected = parse(zone.lines.concat());
        for text in [
            zone.lines.join("\n"),
            zone.lines.join("\r\n") + "\r\n",
            zone.lines.join("\r"),
            zone.lines.concat().to_lowercase(),
        ] {
            assert_eq!(parse(text), expected, "{}", zone.source);
        }
    }
}

#[test]
fn what_is_no_zone_is_refused_with_the_place() {
    let passport = ZONES[0].lines;
    let parse = |text: &str| MachineReadableZone::parse(text).unwrap_err();
    assert_eq!(parse(""), MrzError::Length { characters: 0 });
    assert_eq!(parse(passport[0]), MrzError::Length { characters: 44 });
    assert_eq!(parse(&"<".repeat(1_000_000)), MrzError::Length { characters: 1_000_000 });
    let whole = passport.concat();
    let (first, second) = whole.split_at(43);
    assert_eq!(parse(&format!("{first}\n{second}")), MrzError::Line { line: 1, characters: 43 });
    assert_eq!(parse(&format!("{whole} ")), MrzError::Length { characters: 89 });
    for (position, character, field) in [
        (0, '1', Field::DocumentCode),
        (1, '-', Field::DocumentCode),
        (2, '0', Field::Issuer),
        (9, '0', Field::Name),
        (12, 'Ö', Field::Name),
        (47, ' ', Field::Number),
        (53, 'O', Field::Number),
        (54, '1', Field::Nationality),
        (58, '<', Field::Birth),
        (59, 'A', Field::Birth),
        (61, '<', Field::Birth),
        (63, 'Z', Field::Birth),
        (64, 'W', Field::Sex),
        (65, '<', Field::Expiry),
        (75, '.', Field::Optional),
        (86, 'I', Field::Optional),
        (87, 'X', Field::Composite),
    ] {
        let mut characters: Vec<char> = whole.chars().collect();
        characters[position] = character;
        let error = parse(&characters.into_iter().collect::<String>());
        let MrzError::Character { field: seen, position: at } = error else { panic!("{error}") };
        // A date's parts are named by their first character.
        assert_eq!((seen, at.abs_diff(position) <= 1), (field, true), "{error}");
    }
    let month = whole.replace("7408122", "7413122");
    assert_eq!(parse(&month), MrzError::NoSuchDay { field: Field::Birth, position: 59 });
}

#[test]
fn a_wrong_check_digit_is_told_and_refuses_nothing() {
    let whole = ZONES[0].lines.concat();
    for (position, field) in [
        (53, Field::Number),
        (63, Field::Birth),
        (71, Field::Expiry),
        (86, Field::Optional),
        (87, Field::Composite),
    ] {
        let mut characters = whole.clone().into_bytes();
        characters[position] = b'0' + (characters[position] - b'0' + 1) % 10;
        let wrong: Vec<Field> = MachineReadableZone::parse(&characters).unwrap().checks().wrong().collect();
        // The composite digit covers the others.
        let expected = if field == Field::Composite { vec![field] } else { vec![field, Field::Composite] };
        assert_eq!(wrong, expected);
    }
}

#[test]
fn empty_optional_data_may_have_a_filler_or_a_zero_for_a_check_digit() {
    // ICAO Doc 9303-4, 4.2.2, position 43 of line 2.
    let zone = |digit| format!("P<UTOAMSEL{:<<34}L898902C36UTO7408122F1204159{:<<14}{digit}8", "", "");
    let holds = |text: String| MachineReadableZone::parse(text).unwrap().checks().optional;
    assert_eq!((holds(zone('<')), holds(zone('0')), holds(zone('1'))), (Some(true), Some(true), Some(false)));
    let filled = ZONES[0].lines.concat().replace("B<<<<<10", "B<<<<<<0");
    assert_eq!(holds(filled), Some(false));
}

#[test]
fn a_number_goes_on_in_the_optional_data_only_if_it_fills_its_field() {
    // 5 is the check digit over A1234567<7.
    for number in ["A1234567<<75<<<<<", "A12345678<<<<<<<<", "A12345678<7<<<<<<"] {
        let (field, optional) = number.split_at(10);
        let zone = format!("I<UTOAMSEL{:<<26}{field}UTO7408122F1204159{optional}0", "");
        let checks = MachineReadableZone::parse(zone).unwrap().checks();
        assert!(!checks.number && checks.birth, "{number}");
    }
}

#[test]
fn nothing_shows_a_zone_by_accident() {
    let zone = MachineReadableZone::parse(ZONES[0].lines.concat()).unwrap();
    assert_eq!(format!("{zone:?}"), "MachineReadableZone(…)");
    let error = MachineReadableZone::parse(ZONES[0].lines.concat().replace("ANNA", "4NN4")).unwrap_err();
    assert_eq!(error.to_string(), "name: the character at 15 can't stand there");
}

#[test]
fn every_position_belongs_to_a_field_of_its_format() {
    for zone in &ZONES {
        let whole = zone.lines.concat();
        let layout = Layout::of(whole.as_bytes()).unwrap();
        let count = |field| (0..whole.len()).filter(|position| layout.at(*position).0 == field).count();
        let format = layout.format;
        assert_eq!(format.lines() * format.width(), whole.len());
        assert_eq!((count(Field::DocumentCode), count(Field::Issuer), count(Field::Nationality)), (2, 3, 3));
        assert_eq!((count(Field::Number), count(Field::Birth), count(Field::Expiry)), (10, 7, 7));
        assert_eq!(count(Field::Sex), 1);
        assert_eq!(count(Field::Composite), usize::from(layout.composite.is_some()));
    }
}
