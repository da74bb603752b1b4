//! Who the insured person is: EF.PD.

use crate::birth_date::BirthDate;
use crate::error::Problem;
use crate::kvnr::Kvnr;
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

/// Schema_VSD.xsd and Schema_VSD_PKV.xsd, which agree here. The addresses are left out on purpose.
const FORM: Form = Form {
    root: "UC_PersoenlicheVersichertendatenXML",
    elements: &[
        (KVNR, 10),
        (BIRTH_DATE, 8),
        (GIVEN_NAMES, 45),
        (FAMILY_NAME, 45),
        (SEX, 1),
        (NAME_PREFIX, 20),
        (NAME_SUFFIX, 20),
        (TITLE, 20),
    ],
};

/// Who the insured person is, as far as a desk needs it: no sex, no address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonalData {
    /// Versicherten_ID, its check digit being right.
    pub kvnr: Kvnr,
    /// The name.
    pub name: Name,
    /// Geburtsdatum.
    pub birth_date: BirthDate,
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
        if !sex.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(wrong_field(SEX));
        }
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
        })
    }
}
