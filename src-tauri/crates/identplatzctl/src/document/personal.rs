//! Who a travel document belongs to: workshop builds only.

use jiff::civil::Date;
use mrtd::{
    DocumentReading,
    lds::{FaceFormat, FaceRecord},
    mrz::{DocumentKind, MrzDate},
};
use serde::Serialize;

use super::{kind_code, kind_text};
use crate::language::Language;

/// The JSON object with its personal fields.
#[derive(Serialize)]
pub(super) struct WithPerson<'a, T> {
    #[serde(flatten)]
    output: T,
    #[serde(flatten)]
    personal: Personal<'a>,
}

/// Personal fields. What wasn't read isn't there.
#[derive(Serialize)]
pub(super) struct Personal<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<Person<'a>>,
    document: Document,
    #[serde(skip_serializing_if = "Option::is_none")]
    face: Option<Face>,
    #[serde(skip)]
    kind: Option<DocumentKind>,
}

/// As the zone in DG1 spells it.
#[derive(Serialize)]
struct Person<'a> {
    family_name: &'a str,
    given_names: &'a str,
    /// `1931-00-00` for an unknown day and month.
    birth_date: Option<String>,
}

#[derive(Serialize)]
struct Document {
    r#type: Option<&'static str>,
    /// As the zone has it: `D`, `UTO`.
    issuer: Option<String>,
    expiry: Option<Date>,
}

/// The photo's form, not the photo.
#[derive(Serialize)]
struct Face {
    format: &'static str,
    width: u32,
    height: u32,
}

impl<'a, T> WithPerson<'a, T> {
    pub(super) fn new(output: T, reading: &'a DocumentReading, today: Date) -> Self {
        Self { output, personal: Personal::of(reading, today) }
    }
}

impl<'a> Personal<'a> {
    pub(super) fn of(reading: &'a DocumentReading, today: Date) -> Self {
        let holder = reading.holder.as_ref();
        Self {
            person: holder.map(|holder| Person {
                family_name: &holder.name.primary,
                given_names: &holder.name.secondary,
                birth_date: holder.birth_date.map(|birth| iso_birth_date(birth, today)),
            }),
            document: Document {
                r#type: reading.kind.map(kind_code),
                issuer: reading.issuer().map(|issuer| issuer.as_str().to_owned()),
                expiry: holder.and_then(|holder| holder.expiry?.expiry(today)),
            },
            face: reading.face.as_ref().map(Face::from),
            kind: reading.kind,
        }
    }

    /// Lines for a developer.
    pub(super) fn to_text(&self, language: Language) -> String {
        let mut text = String::new();
        if let Some(Person { family_name, given_names, birth_date }) = &self.person {
            let born = language.pick("geboren", "born");
            let birth_date = birth_date.as_deref().unwrap_or("?");
            text += &format!("{given_names} {family_name}, {born} {birth_date}\n");
        }
        let (of, until) = (language.pick("von", "of"), language.pick("gültig bis", "valid until"));
        let issuer = self.document.issuer.as_deref().unwrap_or("?");
        let expiry = self.document.expiry.map_or_else(|| "?".to_owned(), |date| date.to_string());
        text += &format!("{} {of} {issuer}, {until} {expiry}\n", kind_text(self.kind, language));
        if let Some(Face { format, width, height }) = &self.face {
            text += &format!("{}: {format}, {width} × {height}\n", language.pick("Foto", "Photo"));
        }
        text
    }
}

impl From<&FaceRecord> for Face {
    fn from(face: &FaceRecord) -> Self {
        let format = match face.format() {
            FaceFormat::Jpeg => "jpeg",
            FaceFormat::Jp2 => "jp2",
            FaceFormat::Jpeg2000Codestream => "jpeg2000_codestream",
        };
        Self { format, width: face.width(), height: face.height() }
    }
}

fn iso_birth_date(birth: MrzDate, today: Date) -> String {
    let (month, day) = (birth.month.unwrap_or(0), birth.day.unwrap_or(0));
    format!("{:04}-{month:02}-{day:02}", birth.birth_year(today))
}
