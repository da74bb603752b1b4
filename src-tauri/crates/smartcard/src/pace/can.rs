//! The card access number.

use super::PacePassword;
use zeroize::Zeroizing;

/// Digits of a card access number (BSI TR-03110-2, 3.3; ICAO Doc 9303-11, 4.1; gemSpec_eGK_ObjSys, SK.CAN).
pub const CAN_DIGITS: usize = 6;

/// The card access number (CAN): six digits printed on health cards and travel documents, which open the chip.
///
/// It has no `Debug`, `Display` or `Clone`, and is wiped on drop.
pub struct Can(Zeroizing<Vec<u8>>);

impl Can {
    /// Six digits; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let six_digits = text.len() == CAN_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit());
        six_digits.then(|| Self(Zeroizing::new(text.as_bytes().to_vec())))
    }

    /// As what opens the chip.
    pub fn password(&self) -> PacePassword {
        PacePassword::Can(self.0.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_digits_and_nothing_else_are_a_can() {
        assert!(Can::parse("123123").is_some());
        assert!(Can::parse("000000").is_some());
        for text in ["", "12312", "1231234", "12312a", " 123123", "１２３１２３"] {
            assert!(Can::parse(text).is_none(), "{text}");
        }
    }
}
