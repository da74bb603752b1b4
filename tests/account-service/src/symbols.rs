//! The 29 symbols of codes, references and numbers, with their check symbol.

use anyhow::Context;

/// No `0`/`O`, `1`/`I`/`L`, `E`, `U`; a prime number of them.
const ALPHABET: &[u8; 29] = b"23456789ABCDFGHJKMNPQRSTVWXYZ";
/// Largest multiple of 29 that a byte holds: bytes from here on are drawn again, so that all symbols are
/// equally likely.
const FAIR: u8 = 232;

/// Symbols of an activation code, check symbol included.
pub(crate) const CODE: usize = 12;
/// Symbols of a visit number, check symbol included.
pub(crate) const VISIT_NUMBER: usize = 8;
/// Symbols of a representative's number after its `V-`, check symbol included.
pub(crate) const REPRESENTATIVE: usize = 8;
/// Symbols of a public reference after its `A-`.
pub(crate) const REFERENCE: usize = 10;

/// Whether `text` has that many symbols and nothing else.
pub(crate) fn are_symbols(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|symbol| value(symbol).is_some())
}

/// Whether the last symbol is the check symbol of the others: Σ (i+2)·vᵢ + c ≡ 0 (mod 29).
pub(crate) fn is_checked(text: &str, length: usize) -> bool {
    let values: Option<Vec<usize>> = text.bytes().map(value).collect();
    let Some((check, data)) = values.as_deref().and_then(<[usize]>::split_last) else {
        return false;
    };
    text.len() == length && (weighted(data) + check).is_multiple_of(ALPHABET.len())
}

/// Draws symbols from the operating system's generator and adds their check symbol.
pub(crate) fn draw(length: usize) -> anyhow::Result<String> {
    let mut values = Vec::with_capacity(length);
    while values.len() + 1 < length {
        let mut byte = [0];
        getrandom::fill(&mut byte).context("no randomness")?;
        if byte[0] < FAIR {
            values.push(usize::from(byte[0]) % ALPHABET.len());
        }
    }
    values.push((ALPHABET.len() - weighted(&values) % ALPHABET.len()) % ALPHABET.len());
    Ok(values.into_iter().map(|value| char::from(ALPHABET[value])).collect())
}

fn weighted(values: &[usize]) -> usize {
    values.iter().zip(2..).map(|(value, weight)| value * weight).sum()
}

fn value(symbol: u8) -> Option<usize> {
    ALPHABET.iter().position(|known| *known == symbol)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_examples_of_codes_check_and_no_neighbour_of_them_does() {
        // Worked examples of the code's format.
        for code in
            ["222222222222", "ABCDFGHJKMNQ", "7KQ4XR9BTW2B", "ZZZZZZZZZZZP", "H8D3MPWC6YNK", "23456789ABCY"]
        {
            assert!(is_checked(code, CODE), "{code}");
            for position in 0..CODE {
                let mut wrong = code.as_bytes().to_vec();
                wrong[position] = if wrong[position] == b'7' { b'8' } else { b'7' };
                assert!(!is_checked(std::str::from_utf8(&wrong).unwrap(), CODE));
            }
        }
    }

    #[test]
    fn what_is_drawn_checks_and_differs() {
        let (one, other) = (draw(VISIT_NUMBER).unwrap(), draw(VISIT_NUMBER).unwrap());
        assert!(is_checked(&one, VISIT_NUMBER) && is_checked(&other, VISIT_NUMBER));
        assert_ne!(one, other);
    }

    #[test]
    fn nothing_outside_the_alphabet_is_a_symbol() {
        assert!(are_symbols("M3PWC6YNKH", REFERENCE));
        for text in ["M3PWC6YNK", "M3PWC6YNKHH", "M3PWC6YNKO", "m3pwc6ynkh", "M3PWC6YNÄ"] {
            assert!(!are_symbols(text, REFERENCE), "{text}");
        }
        assert!(!is_checked("", VISIT_NUMBER));
    }
}
