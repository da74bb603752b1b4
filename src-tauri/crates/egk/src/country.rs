//! Countries as the social insurance names them.

use crate::text::PersonalText;
use std::ops::Deref;

/// A country code of DEÜV, annex 8, in the style of car plates (`D`, `A`, `CH`, `L`), not of ISO 3166: up to three
/// characters, read as `&str`. The schemas check its length alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountryCode(PersonalText);

impl CountryCode {
    pub(crate) fn new(text: PersonalText) -> Self {
        Self(text)
    }

    /// Whether it is Germany's.
    pub fn is_germany(&self) -> bool {
        &**self == "D"
    }
}

impl Deref for CountryCode {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}
