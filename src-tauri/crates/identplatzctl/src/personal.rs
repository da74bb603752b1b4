//! Who a card belongs to: workshop builds only.

mod address;
mod insurance;

use egk::{EgkReading, PersonalText, Sex};
use jiff::civil::{Date, DateTime};
use serde::{Serialize, Serializer};

use crate::language::Language;
use address::{PostBox, Street};
use insurance::{Insurance, Insurer};

/// The JSON object with its personal fields.
#[derive(Serialize)]
pub(crate) struct WithPerson<'a, T> {
    #[serde(flatten)]
    output: T,
    #[serde(flatten)]
    personal: Personal<'a>,
}

impl<'a, T> WithPerson<'a, T> {
    pub(crate) fn new(output: T, reading: &'a EgkReading) -> Self {
        Self { output, personal: Personal::of(reading) }
    }
}

/// Personal fields.
#[derive(Serialize)]
pub(crate) struct Personal<'a> {
    kvnr: &'a str,
    iccsn: &'a str,
    insurer: Insurer<'a>,
    insurance: Insurance<'a>,
    person: Person<'a>,
    valid_from: Date,
    valid_until: Option<Date>,
    data_status: DataStatus,
}

#[derive(Serialize)]
struct Person<'a> {
    family_name: &'a str,
    given_names: &'a str,
    title: Option<&'a str>,
    name_prefix: Option<&'a str>,
    name_suffix: Option<&'a str>,
    /// `1931-00-00` for an unknown day and month.
    #[serde(serialize_with = "text")]
    birth_date: PersonalText,
    sex: &'static str,
    post_box_address: Option<PostBox<'a>>,
    street_address: Option<Street<'a>>,
}

/// EF.StatusVD.
#[derive(Serialize)]
struct DataStatus {
    transaction_open: bool,
    /// Local time.
    updated: Option<DateTime>,
    schema_version: String,
}

impl<'a> Personal<'a> {
    pub(crate) fn of(reading: &'a EgkReading) -> Self {
        let EgkReading { iccsn, status, person, insurance, .. } = reading;
        Self {
            kvnr: person.kvnr.as_str(),
            iccsn: iccsn.as_str(),
            insurer: Insurer::from(&insurance.insurer),
            insurance: Insurance::from(insurance),
            person: Person {
                family_name: &person.name.family_name,
                given_names: &person.name.given_names,
                title: person.name.title.as_deref(),
                name_prefix: person.name.name_prefix.as_deref(),
                name_suffix: person.name.name_suffix.as_deref(),
                birth_date: person.birth_date.to_iso(),
                sex: sex_code(person.sex),
                post_box_address: person.post_box_address.as_ref().map(PostBox::from),
                street_address: person.street_address.as_ref().map(Street::from),
            },
            valid_from: insurance.valid_from,
            valid_until: insurance.valid_until,
            data_status: DataStatus {
                transaction_open: status.transaction_open,
                updated: status.updated,
                schema_version: status.schema_version.to_string(),
            },
        }
    }

    /// Lines for a developer.
    pub(crate) fn to_text(&self, language: Language) -> String {
        let Person { family_name, given_names, title, name_prefix, name_suffix, birth_date, .. } =
            &self.person;
        let name = [*title, Some(*given_names), *name_suffix, *name_prefix, Some(*family_name)];
        let name = name.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let born = language.pick("geboren", "born");
        let (kvnr, iccsn, insurer) = (self.kvnr, self.iccsn, &self.insurer);
        format!(
            "{name}, {born} {}\nKVNR {kvnr}, ICCSN {iccsn}\n{}, IK {}\n",
            &**birth_date, insurer.name, insurer.ik
        )
    }
}

fn sex_code(sex: Sex) -> &'static str {
    match sex {
        Sex::Male => "male",
        Sex::Female => "female",
        Sex::Indeterminate => "indeterminate",
        Sex::Diverse => "diverse",
        Sex::Other => "other",
    }
}

fn text<S: Serializer>(text: &PersonalText, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}
