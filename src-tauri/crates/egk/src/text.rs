//! Text about a person.

use std::fmt;
use std::ops::Deref;
use zeroize::Zeroizing;

/// Text about a person: read it as `&str`. It is wiped on drop and has no `Display`; `Debug` tells nothing of
/// it.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonalText(Zeroizing<String>);

impl PersonalText {
    /// Takes a text over.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }
}

impl Deref for PersonalText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PersonalText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonalText(…)")
    }
}
