//! The code and the link that holds it: types that can't be shown, logged or serialized.

use zeroize::Zeroizing;

use crate::LetterError;

/// The symbols of codes and references: no `0`/`O`, `1`/`I`/`L`, `E`, `U`.
const ALPHABET: &str = "23456789ABCDFGHJKMNPQRSTVWXYZ";

/// Symbols of a code.
const CODE_LENGTH: usize = 12;
/// Symbols of a public reference after its prefix.
const REFERENCE_LENGTH: usize = 10;
const REFERENCE_PREFIX: &str = "A-";

/// Longest base of an app link, so that link, reference and code fit the largest QR code on the sheet.
const MAX_BASE_LENGTH: usize = 40;

/// The activation code in plain text, borrowed from whoever owns (and wipes) it.
///
/// It has no `Debug`, `Display` or `Serialize`; the first of these compiles, the second doesn't:
///
/// ```
/// let code = letter::CodeText::new("7KQ4XR9BTW2B").unwrap();
/// ```
/// ```compile_fail,E0277
/// let code = letter::CodeText::new("7KQ4XR9BTW2B").unwrap();
/// println!("{code:?}");
/// ```
#[derive(Clone, Copy)]
pub struct CodeText<'a>(&'a str);

impl<'a> CodeText<'a> {
    /// Borrows a code of twelve symbols without separators. The check symbol is the business of whoever drew
    /// the code.
    ///
    /// # Errors
    /// [`LetterError::MalformedCode`] for another length or other characters.
    pub fn new(symbols: &'a str) -> Result<Self, LetterError> {
        if is_made_of_symbols(symbols, CODE_LENGTH) {
            Ok(Self(symbols))
        } else {
            Err(LetterError::MalformedCode)
        }
    }

    /// As printed: three groups of four.
    pub(crate) fn grouped(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(CODE_LENGTH + 2));
        for (i, symbol) in self.0.chars().enumerate() {
            if i > 0 && i % 4 == 0 {
                text.push('-');
            }
            text.push(symbol);
        }
        text
    }
}

/// What the QR code holds: a link that opens the app with reference and code. Both stand in the fragment,
/// which no browser sends to a server.
pub struct QrLink(Zeroizing<String>);

impl QrLink {
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

/// Makes the link `BASE/a#v=1&i=REFERENCE&c=CODE`.
///
/// `base` is the insurer's registered app-link address, `https://` and a host name in lower case, at most 40
/// characters; the code stands in it as twelve symbols without separators.
///
/// # Errors
/// [`LetterError::MalformedLink`] when `base` is something else, [`LetterError::MalformedReference`].
pub fn qr_link(base: &str, reference: &str, code: CodeText<'_>) -> Result<QrLink, LetterError> {
    let host = base.strip_prefix("https://").ok_or(LetterError::MalformedLink)?;
    let is_host = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-');
    if base.len() > MAX_BASE_LENGTH || !host.contains('.') || !host.chars().all(is_host) {
        return Err(LetterError::MalformedLink);
    }
    check_reference(reference)?;
    let parts = [base, "/a#v=1&i=", reference, "&c=", code.0];
    // Room for all of it at once: a growing string would leave copies of the code behind.
    let mut link = Zeroizing::new(String::with_capacity(parts.iter().map(|part| part.len()).sum()));
    for part in parts {
        link.push_str(part);
    }
    Ok(QrLink(link))
}

/// Checks the form of a public reference: `A-` and ten symbols.
pub(crate) fn check_reference(reference: &str) -> Result<(), LetterError> {
    match reference.strip_prefix(REFERENCE_PREFIX) {
        Some(symbols) if is_made_of_symbols(symbols, REFERENCE_LENGTH) => Ok(()),
        _ => Err(LetterError::MalformedReference),
    }
}

fn is_made_of_symbols(text: &str, length: usize) -> bool {
    text.len() == length && text.chars().all(|c| ALPHABET.contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    const REFERENCE: &str = "A-M3PWC6YNKH";

    #[test]
    fn the_link_carries_reference_and_code_in_its_fragment() {
        let code = CodeText::new("7KQ4XR9BTW2B").unwrap();
        let link = qr_link("https://app.beispielkasse.de", REFERENCE, code).unwrap();
        assert_eq!(link.expose(), "https://app.beispielkasse.de/a#v=1&i=A-M3PWC6YNKH&c=7KQ4XR9BTW2B");
    }

    #[test]
    fn a_link_needs_https_and_a_plain_host() {
        let code = CodeText::new("7KQ4XR9BTW2B").unwrap();
        for base in [
            "http://app.beispielkasse.de",
            "https://app.beispielkasse.de/",
            "https://app.beispielkasse.de?x=1",
            "https://App.beispielkasse.de",
            "https://nutzer@app.beispielkasse.de",
            "https://beispielkasse",
            "https://ein-viel-zu-langer-name.app.beispielkasse.de",
        ] {
            assert_eq!(qr_link(base, REFERENCE, code).err(), Some(LetterError::MalformedLink), "{base}");
        }
        assert_eq!(
            qr_link("https://app.beispielkasse.de", "M3PWC6YNKH", code).err(),
            Some(LetterError::MalformedReference)
        );
    }

    #[test]
    fn a_code_is_twelve_symbols_of_its_alphabet() {
        for text in ["", "7KQ4XR9BTW2", "7KQ4-XR9B-TW2B", "7KQ4XR9BTW2O", "7kq4xr9btw2b", "7KQ4XR9BTWÄ"] {
            assert_eq!(CodeText::new(text).err(), Some(LetterError::MalformedCode), "{text}");
        }
    }

    #[test]
    fn a_code_is_printed_in_groups_of_four() {
        assert_eq!(*CodeText::new("7KQ4XR9BTW2B").unwrap().grouped(), "7KQ4-XR9B-TW2B");
    }
}
