//! Where the insured person lives, by EF.PD.
//!
//! A desk neither shows nor keeps an address: it is optional on the card, has been as old as the card since
//! insurers stopped updating cards (VSDM 2.0), and may be one that nobody may learn (Auskunftssperre). It is read
//! so that a card is known to hold what the schema says.

use crate::country::CountryCode;
use crate::error::Problem;
use crate::text::{PersonalText, debug_tells_nothing};
use crate::vsd::Document;

const POST_BOX: &str = "Versicherter/Person/PostfachAdresse";
const POST_BOX_POSTAL_CODE: &str = "Versicherter/Person/PostfachAdresse/Postleitzahl";
const POST_BOX_TOWN: &str = "Versicherter/Person/PostfachAdresse/Ort";
const POST_BOX_NUMBER: &str = "Versicherter/Person/PostfachAdresse/Postfach";
const POST_BOX_COUNTRY: &str = "Versicherter/Person/PostfachAdresse/Land/Wohnsitzlaendercode";
const STREET: &str = "Versicherter/Person/StrassenAdresse";
const STREET_POSTAL_CODE: &str = "Versicherter/Person/StrassenAdresse/Postleitzahl";
const STREET_TOWN: &str = "Versicherter/Person/StrassenAdresse/Ort";
const STREET_COUNTRY: &str = "Versicherter/Person/StrassenAdresse/Land/Wohnsitzlaendercode";
const STREET_NAME: &str = "Versicherter/Person/StrassenAdresse/Strasse";
const STREET_NUMBER: &str = "Versicherter/Person/StrassenAdresse/Hausnummer";
const STREET_SUPPLEMENT: &str = "Versicherter/Person/StrassenAdresse/Anschriftenzusatz";

/// Elements of both addresses with the schemas' lengths.
pub(crate) const ELEMENTS: [(&str, usize); 12] = [
    (POST_BOX, 0),
    (POST_BOX_POSTAL_CODE, 10),
    (POST_BOX_TOWN, 40),
    (POST_BOX_NUMBER, 8),
    (POST_BOX_COUNTRY, 3),
    (STREET, 0),
    (STREET_POSTAL_CODE, 10),
    (STREET_TOWN, 40),
    (STREET_COUNTRY, 3),
    (STREET_NAME, 46),
    (STREET_NUMBER, 9),
    (STREET_SUPPLEMENT, 40),
];

/// What both kinds of address have.
#[derive(Clone, PartialEq, Eq)]
pub struct Locality {
    /// Postleitzahl, up to 10 characters; none in a country or place without.
    pub postal_code: Option<PersonalText>,
    /// Ort, up to 40 characters; the schema lets it be empty.
    pub town: PersonalText,
    /// Wohnsitzlaendercode.
    pub country: CountryCode,
}

/// PostfachAdresse. A desk neither shows nor keeps it.
#[derive(Clone, PartialEq, Eq)]
pub struct PostBoxAddress {
    /// Postal code, town, country.
    pub locality: Locality,
    /// Postfach, up to 8 characters; the schema lets it be empty.
    pub post_box: PersonalText,
}

/// StrassenAdresse. A desk neither shows nor keeps it.
#[derive(Clone, PartialEq, Eq)]
pub struct StreetAddress {
    /// Postal code, town, country.
    pub locality: Locality,
    /// Strasse, up to 46 characters; the house number may be in it.
    pub street: Option<PersonalText>,
    /// Hausnummer, up to 9 characters.
    pub house_number: Option<PersonalText>,
    /// Anschriftenzusatz ("Hinterhaus"), up to 40 characters.
    pub supplement: Option<PersonalText>,
}

impl Locality {
    /// Whether a German postal code has five digits. The schema's text wants it, its rules don't check it: reason
    /// for a correction of the master data, not for refusing a card.
    pub fn postal_code_fits_country(&self) -> bool {
        let five_digits =
            |code: &PersonalText| code.len() == 5 && code.bytes().all(|byte| byte.is_ascii_digit());
        !self.country.is_germany() || self.postal_code.as_ref().is_none_or(five_digits)
    }
}

/// PostfachAdresse, if the document has one.
pub(crate) fn post_box_address(document: &mut Document) -> Result<Option<PostBoxAddress>, Problem> {
    if !document.contains(POST_BOX) {
        return Ok(None);
    }
    let locality = Locality {
        postal_code: document.optional(POST_BOX_POSTAL_CODE),
        town: document.present(POST_BOX_TOWN)?,
        country: CountryCode::new(document.present(POST_BOX_COUNTRY)?),
    };
    Ok(Some(PostBoxAddress { locality, post_box: document.present(POST_BOX_NUMBER)? }))
}

/// StrassenAdresse, if the document has one.
pub(crate) fn street_address(document: &mut Document) -> Result<Option<StreetAddress>, Problem> {
    if !document.contains(STREET) {
        return Ok(None);
    }
    let locality = Locality {
        postal_code: document.optional(STREET_POSTAL_CODE),
        town: document.present(STREET_TOWN)?,
        country: CountryCode::new(document.present(STREET_COUNTRY)?),
    };
    Ok(Some(StreetAddress {
        locality,
        street: document.optional(STREET_NAME),
        house_number: document.optional(STREET_NUMBER),
        supplement: document.optional(STREET_SUPPLEMENT),
    }))
}

debug_tells_nothing!(Locality, PostBoxAddress, StreetAddress);
