//! Text about a person.

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

/// `Debug` that names the type and tells nothing of the value.
macro_rules! debug_tells_nothing {
    ($($name:ident),+ $(,)?) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )+};
}
pub(crate) use debug_tells_nothing;

debug_tells_nothing!(PersonalText);
