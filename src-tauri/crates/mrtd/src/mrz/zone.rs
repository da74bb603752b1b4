//! The zone as a whole.

use super::layout::{CODE, Field, Format, ISSUER};
use super::raw::{MrzError, Raw};
use super::{AccessKey, AccessKeyError, DateError, DocumentKind, Issuer, MrzDate, MrzName};
use std::fmt;
use std::ops::Range;

/// A machine-readable zone whose characters are where they may be. Whether its check digits hold is another question:
/// [`MachineReadableZone::checks`].
///
/// It has no `Display`, is wiped on drop, and `Debug` tells nothing of it. Document number, optional data and nationality stay
/// inside.
#[derive(Clone)]
pub struct MachineReadableZone {
    raw: Raw,
    birth: Option<MrzDate>,
    expiry: Option<MrzDate>,
}

/// Which check digits hold. Number, birth and expiry open a chip; a wrong composite digit closes none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checks {
    /// The document number's.
    pub number: bool,
    /// The date of birth's.
    pub birth: bool,
    /// The date of expiry's.
    pub expiry: bool,
    /// The optional data's; `None` in a format that has none.
    pub optional: Option<bool>,
    /// The one over several fields; `None` in a format that has none.
    pub composite: Option<bool>,
}

impl Checks {
    /// Whether all hold.
    #[must_use]
    pub fn all_hold(self) -> bool {
        self.wrong().next().is_none()
    }

    /// The fields whose digits don't hold, in the order of this type.
    pub fn wrong(self) -> impl Iterator<Item = Field> {
        [
            (Field::Number, self.number),
            (Field::Birth, self.birth),
            (Field::Expiry, self.expiry),
            (Field::Optional, self.optional != Some(false)),
            (Field::Composite, self.composite != Some(false)),
        ]
        .into_iter()
        .filter_map(|(field, holds)| (!holds).then_some(field))
    }
}

impl MachineReadableZone {
    /// Reads a zone of any format: exactly its characters, in one piece or in lines, in capitals or small letters. Nothing is
    /// corrected; check digits may be wrong.
    ///
    /// # Errors
    /// [`MrzError`] where length, characters or dates are none of a zone.
    pub fn parse(text: impl AsRef<[u8]>) -> Result<Self, MrzError> {
        Self::of(Raw::read(text.as_ref())?)
    }

    pub(super) fn of(raw: Raw) -> Result<Self, MrzError> {
        for (position, character) in raw.characters.iter().enumerate() {
            let (field, alphabet) = raw.layout.at(position);
            if !alphabet.has(*character) {
                return Err(MrzError::Character { field, position });
            }
        }
        let date = |field: Field, range: &Range<usize>| {
            MrzDate::from_field(raw.get(range.clone())).map_err(|(at, error)| {
                let position = range.start + at;
                match error {
                    DateError::NoSuchDay => MrzError::NoSuchDay { field, position },
                    DateError::Form | DateError::CheckDigit => MrzError::Character { field, position },
                }
            })
        };
        let birth = date(Field::Birth, &raw.layout.birth)?;
        let expiry = date(Field::Expiry, &raw.layout.expiry)?;
        Ok(Self { raw, birth, expiry })
    }

    /// The zone's format.
    #[must_use]
    pub fn format(&self) -> Format {
        self.raw.layout.format
    }

    /// One or two characters, without a filler: `P`, `ID`.
    #[must_use]
    pub fn document_code(&self) -> &str {
        self.raw.text(CODE).trim_end_matches('<')
    }

    /// Who issued the document.
    #[must_use]
    pub fn issuer(&self) -> Issuer {
        Issuer::of(self.raw.get(ISSUER))
    }

    /// What kind of document it is.
    #[must_use]
    pub fn kind(&self) -> DocumentKind {
        DocumentKind::of(self.document_code(), self.issuer())
    }

    /// The holder's name.
    #[must_use]
    pub fn name(&self) -> MrzName {
        MrzName::read(self.raw.get(self.raw.layout.name.clone()))
    }

    /// The date of birth; `None` where nothing of it is known.
    #[must_use]
    pub fn birth_date(&self) -> Option<MrzDate> {
        self.birth
    }

    /// The date of expiry; `None` where the issuer left it empty.
    #[must_use]
    pub fn expiry(&self) -> Option<MrzDate> {
        self.expiry
    }

    /// Which check digits hold.
    #[must_use]
    pub fn checks(&self) -> Checks {
        Checks {
            number: self.raw.number_holds(),
            birth: self.raw.digit_holds(&self.raw.layout.birth),
            expiry: self.raw.digit_holds(&self.raw.layout.expiry),
            optional: self.raw.optional_holds(),
            composite: self.raw.composite_holds(),
        }
    }

    /// What opens the document's chip.
    ///
    /// # Errors
    /// [`AccessKeyError`] where number, birth or expiry are wrong; other fields don't matter.
    pub fn access_key(&self) -> Result<AccessKey, AccessKeyError> {
        AccessKey::of(&self.raw)
    }
}

impl fmt::Debug for MachineReadableZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MachineReadableZone(…)")
    }
}
