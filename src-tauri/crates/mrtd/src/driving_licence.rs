//! The number of a German driving licence.

/// Characters of the number: four for the authority, five of its own, the check character, the number of the issue.
const LENGTH: usize = 11;
/// Most characters that a typed number may have with its blanks.
const TYPED_LENGTH_MAX: usize = 32;
/// Characters that the check character is calculated over, the first with the greatest weight.
const CHECKED: usize = 9;
const MODULUS: usize = 11;

/// What is wrong with a driving licence's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LicenceNumberError {
    /// Not eleven letters and digits.
    #[error("not eleven letters and digits")]
    Form,
    /// The tenth character says that something was mistyped.
    #[error("the check character does not fit")]
    CheckCharacter,
}

/// Whether a typed driving licence number (field 5 of the licence) is well-formed, blanks and small letters allowed: nine
/// characters, weighted 9 to 1, letters from A = 10, their sum modulo 11 as the tenth, `X` for 10. A driving licence identifies
/// nobody; the number isn't kept.
///
/// # Errors
/// [`LicenceNumberError`].
pub fn check_driving_licence_number(typed: &str) -> Result<(), LicenceNumberError> {
    if typed.len() > TYPED_LENGTH_MAX {
        return Err(LicenceNumberError::Form);
    }
    let (mut sum, mut length, mut check) = (0, 0, None);
    for character in typed.chars().filter(|character| !character.is_whitespace()) {
        let value = character.to_digit(36).ok_or(LicenceNumberError::Form)? as usize;
        sum += value * CHECKED.saturating_sub(length);
        if length == CHECKED {
            check = Some(character.to_ascii_uppercase());
        }
        length += 1;
    }
    let expected = "0123456789X".chars().nth(sum % MODULUS);
    match (length, check) {
        (LENGTH, given) if given == expected => Ok(()),
        (LENGTH, _) => Err(LicenceNumberError::CheckCharacter),
        _ => Err(LicenceNumberError::Form),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tenth_character_checks_the_nine_before_it() {
        // A published worked example: 467 modulo 11 is 5.
        for typed in ["B072RRE2I55", "b072 rre2i 5 5", "B072RRE2I5A"] {
            assert_eq!(check_driving_licence_number(typed), Ok(()), "{typed}");
        }
        for typed in ["B072RRE2I45", "B072RRE2I65", "B072RRE215X", "B027RRE2I55"] {
            assert_eq!(
                check_driving_licence_number(typed),
                Err(LicenceNumberError::CheckCharacter),
                "{typed}"
            );
        }
    }

    #[test]
    fn ten_is_written_as_x() {
        // 5 × 9 + 10 × 1 = 55 = 5 × 11; with one more at the end 10 is missing.
        assert_eq!(check_driving_licence_number("50000000A01"), Ok(()));
        assert_eq!(check_driving_licence_number("500000009X1"), Ok(()));
    }

    #[test]
    fn anything_else_is_no_number() {
        for typed in ["", "B072RRE2I5", "B072RRE2I555", "B072-RE2I55", "B072RRE2Ü55", &"B".repeat(33)] {
            assert_eq!(check_driving_licence_number(typed), Err(LicenceNumberError::Form), "{typed}");
        }
    }

    #[test]
    fn every_single_mistyped_character_of_the_same_kind_is_noticed() {
        // Weights 1 to 9 have an inverse modulo 11, so that only characters eleven apart are taken for one another.
        let number: Vec<char> = "B072RRE2I55".chars().collect();
        for position in 0..9 {
            for other in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".chars() {
                let difference = other.to_digit(36).unwrap().abs_diff(number[position].to_digit(36).unwrap());
                let mut typed = number.clone();
                typed[position] = other;
                let typed: String = typed.into_iter().collect();
                assert_eq!(check_driving_licence_number(&typed).is_ok(), difference % 11 == 0, "{typed}");
            }
        }
    }
}
