//! The issuing state or organisation.

use super::countries;

/// The three characters for an issuing state or organisation (ICAO Doc 9303-3, section 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Issuer([u8; 3]);

impl Issuer {
    /// Reads letters with fillers behind them, which may be missing: `D<<`, `D`, `UTO`; `None` for anything else.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let letters = code.trim_end_matches('<').as_bytes();
        let well_formed = (1..=3).contains(&letters.len()) && letters.iter().all(u8::is_ascii_uppercase);
        if !well_formed || code.len() > 3 {
            return None;
        }
        let mut padded = [b'<'; 3];
        padded.iter_mut().zip(letters).for_each(|(place, letter)| *place = *letter);
        Some(Self(padded))
    }

    /// A zone's field, whatever its letters and fillers are.
    pub(super) fn of(field: &[u8]) -> Self {
        Self(field.try_into().unwrap_or([b'<'; 3]))
    }

    /// The letters without fillers: `D`, `UTO`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.padded().trim_end_matches('<')
    }

    /// Whether it is the Federal Republic of Germany.
    #[must_use]
    pub fn is_germany(&self) -> bool {
        self.alpha2() == Some("DE")
    }

    /// The two letters that the issuer's certificates have as their country (ISO 3166-1; Doc 9303-3, section 5): `DE` for `D`,
    /// `EU`, `UN`, `KS` for Kosovo; `None` for who has none.
    #[must_use]
    pub fn alpha2(&self) -> Option<&'static str> {
        countries::alpha2(self.padded())
    }

    /// Whether ISO 3166-1 or ICAO lists it.
    #[must_use]
    pub fn is_known(&self) -> bool {
        countries::is_known(self.padded())
    }

    fn padded(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn germany_has_one_letter_and_others_three() {
        for code in ["D", "D<<"] {
            let germany = Issuer::parse(code).unwrap();
            assert_eq!((germany.as_str(), germany.alpha2(), germany.is_germany()), ("D", Some("DE"), true));
        }
        let utopia = Issuer::parse("UTO").unwrap();
        assert_eq!((utopia.as_str(), utopia.is_germany(), utopia.is_known()), ("UTO", false, true));
        assert!(!Issuer::parse("ZZZ").unwrap().is_known());
        for code in ["", "<<<", "d", "D<E", "UTOP", "D<<<", "D1", "Ö"] {
            assert_eq!(Issuer::parse(code), None, "{code}");
        }
    }
}
