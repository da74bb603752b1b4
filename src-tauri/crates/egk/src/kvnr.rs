//! The insured person's number (Krankenversichertennummer).

use crate::error::Problem;
use crate::text::PersonalText;

/// The unchangeable part of a Krankenversichertennummer: a letter, eight digits, a check digit (§ 290 SGB V).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kvnr(PersonalText);

impl Kvnr {
    /// Reads a number and checks its check digit.
    ///
    /// # Errors
    /// [`Problem::Field`] for another form than `[A-Z][0-9]{9}`, [`Problem::CheckDigit`] for a wrong check
    /// digit.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let wrong_form = Problem::Field { name: "Versicherten_ID" };
        let (letter, digits) = text.as_bytes().split_first().ok_or(wrong_form)?;
        let (serial, check_digit) = match digits {
            [serial @ .., check_digit] if serial.len() == 8 => (serial, check_digit),
            _ => return Err(wrong_form),
        };
        if !letter.is_ascii_uppercase() || !digits.iter().all(u8::is_ascii_digit) {
            return Err(wrong_form);
        }
        if check_sum(*letter, serial) % 10 != u32::from(check_digit - b'0') {
            return Err(Problem::CheckDigit);
        }
        Ok(Self(PersonalText::new(text)))
    }

    /// The ten characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The letter as two digits (A is 01), then the serial digits, weighted 1, 2, 1, 2 …; of each product its
/// digits' sum.
fn check_sum(letter: u8, serial: &[u8]) -> u32 {
    let letter = u32::from(letter - b'A') + 1;
    let digits =
        [letter / 10, letter % 10].into_iter().chain(serial.iter().map(|digit| u32::from(digit - b'0')));
    digits
        .zip([1, 2].into_iter().cycle())
        .map(|(digit, weight)| digit * weight)
        .map(|it| it / 10 + it % 10)
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    // gematik's test cards, the birds of gematik's spec-VSDM2, and the example that descriptions of the
    // number use (A0005…).
    #[test]
    fn published_numbers_have_the_right_check_digit() {
        for number in [
            "X110540756",
            "X110485315",
            "X110411675",
            "T115774582",
            "A000500015",
            "A123456780",
            "B234567895",
            "C345678908",
            "D456789013",
            "E567890127",
            "F678901231",
            "G789012344",
            "H890123459",
            "I901234562",
            "J012345677",
            "K123456781",
            "L234567896",
            "M345678909",
            "N456789014",
            "O567890128",
            "Z987654321",
        ] {
            assert_eq!(Kvnr::parse(number).map(|kvnr| kvnr.as_str().to_owned()), Ok(number.to_owned()));
        }
    }

    #[test]
    fn a_wrong_check_digit_is_refused() {
        for number in ["X114428530", "M310123455", "X110540757", "Y110540756"] {
            assert_eq!(Kvnr::parse(number), Err(Problem::CheckDigit), "{number}");
        }
    }

    #[test]
    fn another_form_is_refused() {
        for text in
            ["", "X", "1105407561", "x110540756", "X11054075", "X1105407566", "X11054075A", "Ä10540756"]
        {
            assert_eq!(Kvnr::parse(text), Err(Problem::Field { name: "Versicherten_ID" }), "{text}");
        }
    }

    #[test]
    fn debug_output_tells_no_digit() {
        assert_eq!(format!("{:?}", Kvnr::parse("A123456780").unwrap()), "Kvnr(PersonalText(…))");
    }
}
