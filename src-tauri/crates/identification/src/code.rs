//! Codes that people read and type: the activation code, its public reference, the visit number.
//!
//! All three are made of the same 29 symbols and end with the same check symbol, so that one explanation serves.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// Source of randomness, given by the shell: fills the slice with unpredictable bytes.
pub type Entropy<'a> = dyn FnMut(&mut [u8]) + 'a;

/// The 29 symbols, a prime number of them so that the check symbol finds every single error and transposition: no
/// `0`/`O`, `1`/`I`/`L`, `E`, `U`, which are misread or make words.
pub const ALPHABET: &[u8; 29] = b"23456789ABCDFGHJKMNPQRSTVWXYZ";

/// Symbols of an activation code: eleven random ones and the check symbol (53.4 bits).
const CODE_LENGTH: usize = 12;
/// Symbols of a public reference without its prefix: nine random ones and the check symbol.
const REFERENCE_LENGTH: usize = 10;
/// Symbols of a visit number (Besuchsnummer): seven random ones and the check symbol.
pub const VISIT_NUMBER_LENGTH: usize = 8;

/// Letter groups that nobody should find on official paper: abbreviations of Nazi organisations that German registration
/// offices don't assign either, and what remains of swear words without vowels.
const UNWANTED: [&[u8]; 8] = [b"HJ", b"KZ", b"NS", b"SA", b"SS", b"FCK", b"FXX", b"NAZ"];

/// The activation code in plain text (Aktivierungscode): exists in RAM, in the print stream and on paper only.
///
/// It can't be shown, logged, compared or serialized by accident; [`ActivationCode::expose`] is the one door, and it is
/// wiped when dropped.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct ActivationCode([u8; CODE_LENGTH]);

impl ActivationCode {
    /// Draws a code by rejection sampling, so that every code is equally likely.
    #[must_use]
    pub fn from_entropy(entropy: &mut Entropy<'_>) -> Self {
        Self(draw(entropy))
    }

    /// The twelve symbols without separators, for sealing and for the sheet.
    #[must_use]
    pub fn expose(&self) -> &str {
        // The alphabet is ASCII, so the fallback can't happen.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for ActivationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ActivationCode(…)")
    }
}

/// The public reference of a code (`A-` and ten symbols): printed above the fold, typed at hand-over, spoken on the
/// telephone. It has nothing in common with the code.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PublicReference(String);

impl PublicReference {
    /// Symbols that the clerk reads off the sheet at hand-over.
    pub const TAIL_LENGTH: usize = 4;
    const PREFIX: &str = "A-";

    /// Draws a reference.
    #[must_use]
    pub fn from_entropy(entropy: &mut Entropy<'_>) -> Self {
        let symbols: [u8; REFERENCE_LENGTH] = draw(entropy);
        Self(format!("{}{}", Self::PREFIX, std::str::from_utf8(&symbols).unwrap_or_default()))
    }

    /// Reads a stored or typed reference.
    ///
    /// # Errors
    /// [`SymbolError`] when prefix, length, a symbol or the check symbol is wrong.
    pub fn parse(text: &str) -> Result<Self, SymbolError> {
        let symbols = text.strip_prefix(Self::PREFIX).ok_or(SymbolError::Length)?;
        parse_symbols::<REFERENCE_LENGTH>(symbols)?;
        Ok(Self(text.to_owned()))
    }

    /// With its prefix: `A-M3PWC6YNKH`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last four symbols.
    #[must_use]
    pub fn tail(&self) -> &str {
        self.0.get(self.0.len().saturating_sub(Self::TAIL_LENGTH)..).unwrap_or_default()
    }
}

/// The number that the registered app shows (Besuchsnummer); it binds a code to that registration.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct VisitNumber(String);

impl VisitNumber {
    /// Reads what the clerk typed; blanks, hyphens and lower case are forgiven, other symbols never silently mapped.
    ///
    /// # Errors
    /// [`SymbolError`] naming what is wrong.
    pub fn parse(typed: &str) -> Result<Self, VisitNumberError> {
        let symbols = plain_symbols(typed);
        parse_symbols::<VISIT_NUMBER_LENGTH>(&symbols)?;
        Ok(Self(symbols))
    }

    /// The eight symbols.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for VisitNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VisitNumber(…)")
    }
}

/// The number of a representative's account (Vertreternummer): `V-` and eight symbols.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct RepresentativeNumber(String);

impl RepresentativeNumber {
    const PREFIX: &str = "V-";

    /// Reads what the clerk typed, with or without `V-`; otherwise as [`VisitNumber::parse`].
    ///
    /// # Errors
    /// [`SymbolError`] naming what is wrong.
    pub fn parse(typed: &str) -> Result<Self, SymbolError> {
        let plain = plain_symbols(typed);
        // Nine symbols can only be the prefix's letter and the number.
        let symbols = match plain.strip_prefix('V') {
            Some(rest) if plain.len() > VISIT_NUMBER_LENGTH => rest,
            Some(_) | None => plain.as_str(),
        };
        parse_symbols::<VISIT_NUMBER_LENGTH>(symbols)?;
        Ok(Self(format!("{}{symbols}", Self::PREFIX)))
    }

    /// With its prefix: `V-22222222`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for RepresentativeNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RepresentativeNumber(…)")
    }
}

/// Without blanks and hyphens, in capitals.
fn plain_symbols(typed: &str) -> String {
    typed.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect()
}

/// What is wrong with a visit number.
pub type VisitNumberError = SymbolError;

/// What is wrong with typed symbols.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SymbolError {
    /// Too few, too many, or without the prefix.
    #[error("wrong length")]
    Length,
    /// A character that the alphabet doesn't have.
    #[error("a character that does not occur")]
    Character,
    /// The check symbol doesn't fit: mistyped.
    #[error("the check symbol does not fit")]
    CheckSymbol,
}

/// Draws `N` symbols, the last of them the check symbol, until they hold nothing unwanted.
fn draw<const N: usize>(entropy: &mut Entropy<'_>) -> [u8; N] {
    loop {
        let mut symbols = [0_u8; N];
        for symbol in symbols.iter_mut().take(N - 1) {
            *symbol = draw_symbol(entropy);
        }
        if let Some(last) = symbols.last_mut() {
            *last = 0;
        }
        let check = check_symbol(symbols.get(..N - 1).unwrap_or_default());
        if let Some(last) = symbols.last_mut() {
            *last = check;
        }
        if !UNWANTED.iter().any(|group| symbols.windows(group.len()).any(|window| window == *group)) {
            return symbols;
        }
        symbols.zeroize();
    }
}

/// One symbol, each equally likely: bytes beyond the last multiple of 29 are drawn again.
fn draw_symbol(entropy: &mut Entropy<'_>) -> u8 {
    const FAIR: u8 = 29 * 8;
    loop {
        let mut byte = [0_u8];
        entropy(&mut byte);
        let [value] = byte;
        if value < FAIR
            && let Some(symbol) = ALPHABET.get(usize::from(value % 29))
        {
            return *symbol;
        }
    }
}

/// The check symbol `c` with Σ (i+2)·vᵢ + c ≡ 0 (mod 29), `v` being a symbol's place in the alphabet.
fn check_symbol(symbols: &[u8]) -> u8 {
    let sum: usize =
        symbols.iter().enumerate().map(|(i, symbol)| (i + 2) * place(*symbol).unwrap_or(0)).sum();
    ALPHABET.get((29 - sum % 29) % 29).copied().unwrap_or_default()
}

fn place(symbol: u8) -> Option<usize> {
    ALPHABET.iter().position(|candidate| *candidate == symbol)
}

fn parse_symbols<const N: usize>(text: &str) -> Result<(), SymbolError> {
    if text.chars().any(|c| !u8::try_from(c).is_ok_and(|byte| place(byte).is_some())) {
        return Err(SymbolError::Character);
    }
    let symbols: &[u8; N] = text.as_bytes().try_into().map_err(|_| SymbolError::Length)?;
    match symbols.split_last() {
        Some((check, body)) if check_symbol(body) == *check => Ok(()),
        _ => Err(SymbolError::CheckSymbol),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A generator that never repeats within a test (xorshift64*); cryptographic quality is the shell's business.
    fn entropy(mut state: u64) -> impl FnMut(&mut [u8]) {
        move |bytes| {
            for byte in bytes {
                state ^= state >> 12;
                state ^= state << 25;
                state ^= state >> 27;
                *byte = (state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 56) as u8;
            }
        }
    }

    #[test]
    fn known_codes_carry_the_right_check_symbol() {
        for code in
            ["222222222222", "ABCDFGHJKMNQ", "7KQ4XR9BTW2B", "ZZZZZZZZZZZP", "H8D3MPWC6YNK", "23456789ABCY"]
        {
            assert_eq!(parse_symbols::<12>(code), Ok(()), "{code}");
        }
    }

    #[test]
    fn a_drawn_code_is_well_formed_and_holds_nothing_unwanted() {
        let mut source = entropy(29);
        for _ in 0..2_000 {
            let code = ActivationCode::from_entropy(&mut source);
            assert_eq!(parse_symbols::<12>(code.expose()), Ok(()));
            assert!(
                !UNWANTED.iter().any(|group| code.expose().contains(std::str::from_utf8(group).unwrap()))
            );
        }
    }

    #[test]
    fn bytes_that_would_favour_some_symbols_are_drawn_again() {
        let mut bytes = [255_u8, 232, 231].into_iter();
        assert_eq!(draw_symbol(&mut |out: &mut [u8]| out[0] = bytes.next().unwrap()), b'Z');
        assert_eq!(bytes.next(), None);
    }

    #[test]
    fn a_code_says_nothing_about_itself() {
        let code = ActivationCode::from_entropy(&mut entropy(7));
        assert_eq!(format!("{code:?}"), "ActivationCode(…)");
    }

    #[test]
    fn a_reference_reads_back_and_shows_its_last_four() {
        let reference = PublicReference::from_entropy(&mut entropy(11));
        assert_eq!(PublicReference::parse(reference.as_str()), Ok(reference.clone()));
        assert!(reference.as_str().ends_with(reference.tail()) && reference.tail().len() == 4);
    }

    #[test]
    fn a_visit_number_forgives_blanks_and_case_but_maps_no_character() {
        let body = "H8D3MPW";
        let number = format!("{body}{}", char::from(check_symbol(body.as_bytes())));
        let typed = format!("{} {}", number[..4].to_lowercase(), &number[4..]);
        assert_eq!(VisitNumber::parse(&typed).unwrap().as_str(), number);
        assert_eq!(VisitNumber::parse("O8D3MPWC"), Err(SymbolError::Character));
        assert_eq!(VisitNumber::parse("H8D3"), Err(SymbolError::Length));
    }

    proptest! {
        #[test]
        fn every_single_error_and_every_neighbouring_swap_is_found(seed: u64, at in 0_usize..12, other in 0_usize..29) {
            let code = ActivationCode::from_entropy(&mut entropy(seed | 1));
            let right: [u8; 12] = code.expose().as_bytes().try_into().unwrap();
            let mut wrong = right;
            wrong[at] = ALPHABET[other];
            prop_assert_eq!(parse_symbols::<12>(std::str::from_utf8(&wrong).unwrap()).is_ok(), wrong == right);
            let mut swapped = right;
            swapped.swap(at, (at + 1) % 12);
            if at < 11 {
                prop_assert_eq!(parse_symbols::<12>(std::str::from_utf8(&swapped).unwrap()).is_ok(), swapped == right);
            }
        }
    }
}
