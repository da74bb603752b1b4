//! The number of an institution in health care (Institutionskennzeichen).

use std::fmt;

/// An Institutionskennzeichen: nine digits. Institutions aren't people: it may be shown and compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ik(u32);

impl Ik {
    /// Reads one to nine digits (Schema_VSD.xsd has it as an integer of at most nine).
    pub fn parse(text: &str) -> Option<Self> {
        let digits = (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        if digits { text.parse().ok().map(Self) } else { None }
    }

    /// Whether the last digit is the check digit of the third to the eighth (ARGE IK, Rundschreiben
    /// Institutionskennzeichen). Reason for a warning, not for a refusal: real numbers without exist.
    pub fn check_digit_is_right(self) -> bool {
        let (mut rest, mut sum) = (self.0 / 10, 0);
        for weight in [1, 2, 1, 2, 1, 2] {
            let product = rest % 10 * weight;
            sum += product / 10 + product % 10;
            rest /= 10;
        }
        sum % 10 == self.0 % 10
    }
}

impl fmt::Display for Ik {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:09}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // The worked example of the Rundschreiben (26 032682 has check digit 2), then numbers of real insurers.
    #[test]
    fn published_numbers_have_the_right_check_digit() {
        for number in
            ["260326822", "109500969", "101575519", "108018007", "109519005", "104940005", "168112342"]
        {
            let ik = Ik::parse(number).unwrap();
            assert!(ik.check_digit_is_right(), "{ik}");
            assert_eq!(ik.to_string(), number);
        }
    }

    #[test]
    fn a_changed_digit_behind_the_class_is_noticed() {
        for number in ["260326823", "109500968", "109510969", "109500869"] {
            assert!(!Ik::parse(number).unwrap().check_digit_is_right(), "{number}");
        }
    }

    #[test]
    fn another_form_is_refused_and_a_short_integer_padded() {
        for text in ["", "1095009690", "10950096A", "-09500969", "+09500969", " 109500969"] {
            assert_eq!(Ik::parse(text), None, "{text}");
        }
        assert_eq!(Ik::parse("1234").unwrap().to_string(), "000001234");
    }
}
