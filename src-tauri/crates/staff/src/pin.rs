//! The PIN that somebody types.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// Fewest digits: with [`MAX_TRIES`](crate::MAX_TRIES) tries in [`LOCK`](crate::LOCK), guessing half of the 10⁶ PINs takes
/// 2.9 years.
const MIN_DIGITS: usize = 6;
/// Most digits: longer ones are mistyped, not safer.
const MAX_DIGITS: usize = 12;

/// 6 to 12 ASCII digits. It can't be shown by accident, and is wiped when dropped.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Pin(Box<[u8]>);

/// What was typed isn't 6 to 12 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a PIN has {MIN_DIGITS} to {MAX_DIGITS} digits and nothing else")]
pub struct InvalidPin;

impl Pin {
    /// Takes what was typed. The caller wipes `text`.
    ///
    /// # Errors
    /// [`InvalidPin`].
    pub fn parse(text: &str) -> Result<Self, InvalidPin> {
        let fits = (MIN_DIGITS..=MAX_DIGITS).contains(&text.len());
        if fits && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(text.as_bytes().into()))
        } else {
            Err(InvalidPin)
        }
    }

    /// The digits: the one door.
    pub(crate) fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Pin(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_has_six_to_twelve_ascii_digits() {
        for pin in ["000000", "123456789012"] {
            assert!(Pin::parse(pin).is_ok(), "{pin}");
        }
        for wrong in [
            "",
            "12345",
            "1234567890123",
            "12345a",
            " 123456",
            "123456\n",
            "-12345",
            "１２３４５６",
            "٠١٢٣٤٥",
        ] {
            assert_eq!(Pin::parse(wrong).err(), Some(InvalidPin), "{wrong:?}");
        }
    }

    #[test]
    fn neither_a_pin_nor_the_error_about_one_shows_its_digits() {
        assert_eq!(format!("{:?}", Pin::parse("271828").unwrap()), "Pin(…)");
        let error = Pin::parse("27182").unwrap_err();
        assert!(!format!("{error} {error:?}").contains("27182"));
    }
}
