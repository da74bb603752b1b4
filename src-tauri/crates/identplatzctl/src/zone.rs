//! The machine-readable zone, or of it what opens a travel document's chip.

use mrtd::{
    Password,
    mrz::{AccessKey, AccessKeyError, Field, MrzError},
};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::{
    failure::Failure,
    language::Language,
    secret_line::{TEXT_BYTES_MAX, Terminal, whole_text},
    secret_source::{Input, SecretSource},
};

/// The option that it comes by.
const OPTION: &str = "--mrz";
/// Stands between the three fields, and in no zone.
const SEPARATOR: char = ',';

/// Refuses a zone on the command line.
pub(crate) fn check(source: &SecretSource, language: Language) -> Result<(), Failure> {
    source.check(OPTION, language)
}

/// Asks or reads. Must not be called while a card is held, for a person takes their time.
pub(crate) fn obtain(source: &SecretSource, language: Language) -> Result<Password, Failure> {
    check(source, language)?;
    let text = match source.open()? {
        Input::Terminal(terminal) => ask(terminal, language)?,
        Input::Stream(input) => whole_text(input)?,
    };
    let text = text.ok_or(Failure::NotAZone { field: None, problem: ZoneProblem::Form })?;
    Ok(Password::Zone(parse(&text)?))
}

/// Line by line, as many as the first one calls for.
fn ask(mut terminal: Terminal, language: Language) -> Result<Option<Zeroizing<String>>, Failure> {
    let mut text = Zeroizing::new(String::with_capacity(TEXT_BYTES_MAX));
    let prompt = language.pick(
        "Erste Zeile der Zone, oder NUMMER,GEBURT,ABLAUF (JJMMTT): ",
        "First line of the zone, or NUMBER,BIRTH,EXPIRY (YYMMDD): ",
    );
    let Some(first) = terminal.ask(prompt)? else { return Ok(None) };
    text.push_str(&first);
    for number in 2..=lines(&first) {
        let Some(line) = terminal.ask(&format!("{} {number}: ", language.pick("Zeile", "Line")))? else {
            return Ok(None);
        };
        text.push('\n');
        text.push_str(&line);
    }
    Ok(Some(text))
}

/// How many lines a zone has that begins with this one (Doc 9303-5, -6 and -4).
fn lines(first: &str) -> usize {
    match first.len() {
        30 => 3,
        36 | 44 => 2,
        _ => 1,
    }
}

/// Three fields, or all lines.
fn parse(text: &str) -> Result<AccessKey, Failure> {
    let mut fields = text.trim_end().split(SEPARATOR);
    let key = match (fields.next(), fields.next(), fields.next(), fields.next()) {
        (Some(number), Some(birth), Some(expiry), None) => AccessKey::from_fields(number, birth, expiry),
        (_, None, _, _) => AccessKey::from_zone(text),
        _ => return Err(Failure::NotAZone { field: None, problem: ZoneProblem::Form }),
    };
    key.map_err(Failure::from)
}

/// What is wrong with a zone, or a field of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ZoneProblem {
    /// Not as long as it should be, or characters that can't stand there.
    Form,
    NoSuchDay,
    CheckDigit,
}

/// The field to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ZoneField {
    Number,
    Birth,
    Expiry,
    /// One that doesn't open the chip.
    Other,
}

impl From<AccessKeyError> for Failure {
    fn from(error: AccessKeyError) -> Self {
        let problem = match error {
            AccessKeyError::CheckDigit(_) | AccessKeyError::LongNumber => ZoneProblem::CheckDigit,
            AccessKeyError::NoSuchDay(_) | AccessKeyError::Zone(MrzError::NoSuchDay { .. }) => {
                ZoneProblem::NoSuchDay
            }
            AccessKeyError::Form(_) | AccessKeyError::Zone(_) => ZoneProblem::Form,
        };
        let field = error.field().map(|field| match field {
            Field::Number => ZoneField::Number,
            Field::Birth => ZoneField::Birth,
            Field::Expiry => ZoneField::Expiry,
            Field::DocumentCode
            | Field::Issuer
            | Field::Name
            | Field::Nationality
            | Field::Sex
            | Field::Optional
            | Field::Composite => ZoneField::Other,
        });
        Self::NotAZone { field, problem }
    }
}

/// What to look at, and what is expected.
pub(crate) fn problem_text(field: Option<ZoneField>, problem: ZoneProblem, language: Language) -> String {
    let field = match field {
        Some(ZoneField::Number) => language.pick("Dokumentennummer", "Document number"),
        Some(ZoneField::Birth) => language.pick("Geburtsdatum", "Date of birth"),
        Some(ZoneField::Expiry) => language.pick("Ablaufdatum", "Date of expiry"),
        Some(ZoneField::Other) => language.pick("Maschinenlesbare Zone", "Machine-readable zone"),
        None => {
            return language
                .pick(
                    "Das ist keine maschinenlesbare Zone: erwartet werden alle ihre Zeilen (3 × 30, 2 × 36 oder 2 × 44 \
                     Zeichen) oder NUMMER,GEBURT,ABLAUF mit Daten als JJMMTT.",
                    "This is no machine-readable zone: all its lines are expected (3 × 30, 2 × 36 or 2 × 44 characters), \
                     or NUMBER,BIRTH,EXPIRY with dates as YYMMDD.",
                )
                .to_owned();
        }
    };
    let (german, english) = match problem {
        ZoneProblem::Form => (
            "hat nicht die richtige Form oder unzulässige Zeichen",
            "isn't of its form, or has wrong characters",
        ),
        ZoneProblem::NoSuchDay => ("ist kein Tag des Kalenders", "is no day of the calendar"),
        ZoneProblem::CheckDigit => {
            ("und ihre Prüfziffer passen nicht zusammen", "and its check digit don't fit")
        }
    };
    language.pick(
        format!("{field}: Die Angabe {german}. Vergleichen Sie sie mit dem Dokument."),
        format!("{field}: what was given {english}. Compare it with the document."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ICAO Doc 9303-4, appendix B.
    const SPECIMEN: &str =
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10\n";

    #[test]
    fn a_zone_in_lines_and_its_three_fields_are_taken() {
        for text in [
            SPECIMEN,
            &SPECIMEN.replace('\n', "\r\n"),
            &SPECIMEN.replace('\n', ""),
            "L898902C3,740812,120415",
            "L898902C36,7408122,1204159\n",
            "l898902c3 6, 740812 2, 120415 9\r\n",
        ] {
            assert!(parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_wrong_check_digit_names_the_field_to_look_at() {
        let failure = |text: &str| match parse(text) {
            Err(Failure::NotAZone { field, problem }) => (field, problem),
            other => panic!("{text}: {other:?}"),
        };
        let check_digit = |field| (Some(field), ZoneProblem::CheckDigit);
        assert_eq!(failure("L898902C37,7408122,1204159"), check_digit(ZoneField::Number));
        assert_eq!(failure("L898902C36,7408123,1204159"), check_digit(ZoneField::Birth));
        assert_eq!(failure("L898902C36,7408122,1204150"), check_digit(ZoneField::Expiry));
        assert_eq!(failure(&SPECIMEN.replace("7408122", "7408112")), check_digit(ZoneField::Birth));
        assert_eq!(failure("L898902C3,741312,120415"), (Some(ZoneField::Birth), ZoneProblem::NoSuchDay));
        for text in ["", "L898902C3", "L898902C3,740812", "L898902C3,740812,120415,1", "P<UTO\nL898902C36"] {
            assert_eq!(failure(text), (None, ZoneProblem::Form), "{text}");
        }
    }

    #[test]
    fn the_first_line_tells_how_many_there_are() {
        assert_eq!(["P<UTO", &"I".repeat(30), &"I".repeat(36), &"P".repeat(44)].map(lines), [1, 3, 2, 2]);
        assert_eq!(lines("L898902C36,7408122,1204159"), 1);
    }
}
