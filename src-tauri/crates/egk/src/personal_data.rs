//! Who the insured person is: EF.PD.

use crate::address::{self, PostBoxAddress, StreetAddress, post_box_address, street_address};
use crate::birth_date::BirthDate;
use crate::error::Problem;
use crate::kvnr::Kvnr;
use crate::sex::Sex;
use crate::text::PersonalText;
use crate::vsd::{self, Document, Form, wrong_field};

const KVNR: &str = "Versicherter/Versicherten_ID";
const BIRTH_DATE: &str = "Versicherter/Person/Geburtsdatum";
const GIVEN_NAMES: &str = "Versicherter/Person/Vorname";
const FAMILY_NAME: &str = "Versicherter/Person/Nachname";
const SEX: &str = "Versicherter/Person/Geschlecht";
const NAME_PREFIX: &str = "Versicherter/Person/Vorsatzwort";
const NAME_SUFFIX: &str = "Versicherter/Person/Namenszusatz";
const TITLE: &str = "Versicherter/Person/Titel";

/// Elements of the schemas.
const ELEMENTS: [(&str, usize); 8] = [
    (KVNR, 10),
    (BIRTH_DATE, 8),
    (GIVEN_NAMES, 45),
    (FAMILY_NAME, 45),
    (SEX, 1),
    (NAME_PREFIX, 20),
    (NAME_SUFFIX, 20),
    (TITLE, 20),
];

/// Schema_VSD.xsd and Schema_VSD_PKV.xsd, which agree here.
const FORM: Form = Form {
    root: "UC_PersoenlicheVersichertendatenXML",
    elements: &[&ELEMENTS, &address::ELEMENTS],
    repeated: None,
};

/// Who the insured person is. A desk needs number, name and birth date; it neither shows nor keeps sex and addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonalData {
    /// Versicherten_ID, its check digit being right.
    pub kvnr: Kvnr,
    /// The name.
    pub name: Name,
    /// Geburtsdatum.
    pub birth_date: BirthDate,
    /// Geschlecht.
    pub sex: Sex,
    /// PostfachAdresse; a card may have both addresses, or none.
    pub post_box_address: Option<PostBoxAddress>,
    /// StrassenAdresse.
    pub street_address: Option<StreetAddress>,
}

/// A name in the parts that the card has it in. In full: title, given names, suffix, prefix, family name
/// ("Dr. med. Bernd Benjamin Graf von und zu Buntspecht").
///
/// The card knows the characters of ISO-8859-15 only; an identity document may spell the name otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Titel: academic grades.
    pub title: Option<PersonalText>,
    /// Vorname: all given names, with blanks or hyphens between them.
    pub given_names: PersonalText,
    /// Namenszusatz ("Graf", "Freifrau").
    pub name_suffix: Option<PersonalText>,
    /// Vorsatzwort ("von und zu", "an der").
    pub name_prefix: Option<PersonalText>,
    /// Nachname.
    pub family_name: PersonalText,
}

impl PersonalData {
    /// Reads the whole EF.PD: two bytes length, then compressed XML.
    ///
    /// # Errors
    /// Every [`Problem`].
    pub fn parse(file: &[u8]) -> Result<Self, Problem> {
        Self::parse_xml(&vsd::unfold(file, vsd::locate_pd)?)
    }

    /// Reads the XML that EF.PD holds compressed.
    ///
    /// # Errors
    /// Every [`Problem`] but [`Problem::Length`] and [`Problem::Gzip`].
    pub fn parse_xml(xml: &[u8]) -> Result<Self, Problem> {
        let mut document = Document::read(xml, &FORM)?;
        let birth_date = document.required(BIRTH_DATE)?;
        let sex = document.required(SEX)?;
        Ok(Self {
            kvnr: Kvnr::parse(&document.required(KVNR)?)?,
            name: Name {
                title: document.optional(TITLE),
                given_names: document.required(GIVEN_NAMES)?,
                name_suffix: document.optional(NAME_SUFFIX),
                name_prefix: document.optional(NAME_PREFIX),
                family_name: document.required(FAMILY_NAME)?,
            },
            birth_date: BirthDate::parse(&birth_date).ok_or_else(|| wrong_field(BIRTH_DATE))?,
            sex: Sex::parse(&sex).ok_or_else(|| wrong_field(SEX))?,
            post_box_address: post_box_address(&mut document)?,
            street_address: street_address(&mut document)?,
        })
    }
}
