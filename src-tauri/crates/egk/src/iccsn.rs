//! The card's number.

use crate::error::Problem;
use crate::text::PersonalText;
use smartcard::tlv::{self, Tag};

/// Tag of the application's identification number (ISO/IEC 7812) in EF.GDO.
const APPLICATION_PRIMARY_ACCOUNT_NUMBER: Tag = Tag(0x5A);
/// Bytes of twenty packed decimal digits.
const PACKED_BYTES: usize = 10;
/// Major industry identifier of health care, ISO/IEC 7812-1.
const HEALTH_CARE: &str = "80";

/// The integrated circuit card serial number (Kennnummer der Karte): twenty digits, 80 for health care, 276
/// for Germany, five for the card's issuer, ten for the card. It has no check digit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Iccsn(PersonalText);

impl Iccsn {
    /// Reads EF.GDO: one data object of ten bytes packed decimal.
    ///
    /// # Errors
    /// [`Problem::Length`] for malformed TLV, [`Problem::Field`] where the number is missing or no health
    /// card's.
    pub fn parse_gdo(file: &[u8]) -> Result<Self, Problem> {
        let wrong = Problem::Field { name: "ICCSN" };
        let object = tlv::find(file, &[APPLICATION_PRIMARY_ACCOUNT_NUMBER])
            .map_err(|_| Problem::Length)?
            .ok_or(wrong)?;
        if object.value().len() != PACKED_BYTES {
            return Err(wrong);
        }
        let mut digits = String::with_capacity(2 * PACKED_BYTES);
        for byte in object.value() {
            for nibble in [byte >> 4, byte & 0x0F] {
                digits.push(char::from_digit(u32::from(nibble), 10).ok_or(wrong)?);
            }
        }
        if digits.starts_with(HEALTH_CARE) { Ok(Self(PersonalText::new(digits))) } else { Err(wrong) }
    }

    /// All twenty digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last `count` digits (insurers ask for four or six), all of them for more than twenty.
    pub fn tail(&self, count: usize) -> &str {
        self.0.get(self.0.len().saturating_sub(count)..).unwrap_or(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRONG: Problem = Problem::Field { name: "ICCSN" };

    // EF.GDO of gematik's published G2.1 card image.
    const GDO: [u8; 12] = [0x5A, 0x0A, 0x80, 0x27, 0x68, 0x83, 0x11, 0x00, 0x00, 0x15, 0x27, 0x15];

    #[test]
    fn the_number_is_read_from_the_published_card_image() {
        let iccsn = Iccsn::parse_gdo(&GDO).unwrap();
        assert_eq!(iccsn.as_str(), "80276883110000152715");
        assert_eq!((iccsn.tail(6), iccsn.tail(4), iccsn.tail(0)), ("152715", "2715", ""));
        assert_eq!(iccsn.tail(99), iccsn.as_str());
        assert_eq!(format!("{iccsn:?}"), "Iccsn(PersonalText(…))");
    }

    #[test]
    fn anything_else_is_refused() {
        assert_eq!(Iccsn::parse_gdo(&[]), Err(WRONG));
        assert_eq!(Iccsn::parse_gdo(&GDO[..11]), Err(Problem::Length));
        assert_eq!(Iccsn::parse_gdo(&[0x5A, 0x02, 0x80, 0x27]), Err(WRONG));
        let mut hexadecimal = GDO;
        hexadecimal[11] = 0x1A;
        assert_eq!(Iccsn::parse_gdo(&hexadecimal), Err(WRONG));
        let mut bank_card = GDO;
        bank_card[2] = 0x45;
        assert_eq!(Iccsn::parse_gdo(&bank_card), Err(WRONG));
    }
}
