//! Both kinds of address on a card.

use egk::{Locality, PostBoxAddress, StreetAddress};
use serde::Serialize;

/// PostfachAdresse.
#[derive(Serialize)]
pub(super) struct PostBox<'a> {
    #[serde(flatten)]
    locality: Place<'a>,
    post_box: &'a str,
}

/// StrassenAdresse.
#[derive(Serialize)]
pub(super) struct Street<'a> {
    #[serde(flatten)]
    locality: Place<'a>,
    street: Option<&'a str>,
    house_number: Option<&'a str>,
    supplement: Option<&'a str>,
}

#[derive(Serialize)]
struct Place<'a> {
    postal_code: Option<&'a str>,
    town: &'a str,
    /// DEÜV, annex 8.
    country: &'a str,
}

impl<'a> From<&'a PostBoxAddress> for PostBox<'a> {
    fn from(address: &'a PostBoxAddress) -> Self {
        Self { locality: Place::from(&address.locality), post_box: &address.post_box }
    }
}

impl<'a> From<&'a StreetAddress> for Street<'a> {
    fn from(address: &'a StreetAddress) -> Self {
        Self {
            locality: Place::from(&address.locality),
            street: address.street.as_deref(),
            house_number: address.house_number.as_deref(),
            supplement: address.supplement.as_deref(),
        }
    }
}

impl<'a> From<&'a Locality> for Place<'a> {
    fn from(locality: &'a Locality) -> Self {
        Self {
            postal_code: locality.postal_code.as_deref(),
            town: &locality.town,
            country: &locality.country,
        }
    }
}
