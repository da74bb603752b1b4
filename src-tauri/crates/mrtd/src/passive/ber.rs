//! From BER to DER, where an issuer has signed in the one and the chip holds the other: New Zealand's EF.SOD comes
//! with indefinite lengths and an octet string in pieces.

use super::der::{Header, NotDer, OCTET_STRING};
use smartcard::tlv::{Tag, write};
use zeroize::Zeroizing;

/// Deepest nesting: a certificate within a SignedData within EF.SOD is about 14 deep.
const DEPTH_MAX: usize = 24;
/// Most elements: a master list of some hundred certificates with some hundred elements each.
const ELEMENTS_MAX: usize = 500_000;
const CONSTRUCTED: u8 = 0x20;

/// The one element that `input` is, with definite lengths and whole octet strings. What is so already stays byte for
/// byte as it is, or signatures over it would break.
pub(super) fn to_definite(input: &[u8]) -> Result<Zeroizing<Vec<u8>>, NotDer> {
    let mut out = Zeroizing::new(Vec::with_capacity(input.len()));
    let rest = Converter { elements: 0 }.element(input, 1, &mut out)?;
    if rest.is_empty() { Ok(out) } else { Err(NotDer) }
}

struct Converter {
    elements: usize,
}

impl Converter {
    /// Converts the first element of `input`, gives what follows it.
    fn element<'a>(&mut self, input: &'a [u8], depth: usize, out: &mut Vec<u8>) -> Result<&'a [u8], NotDer> {
        self.elements += 1;
        if depth > DEPTH_MAX || self.elements > ELEMENTS_MAX {
            return Err(NotDer);
        }
        let header = Header::read(input)?;
        let body = input.get(header.bytes..).ok_or(NotDer)?;
        let constructed = header.tag & CONSTRUCTED != 0;
        let Some(length) = header.length else {
            if !constructed {
                return Err(NotDer);
            }
            let mut value = Vec::new();
            let rest = self.until_end_of_contents(body, depth, &mut value)?;
            put(out, header.tag, &value)?;
            return Ok(rest);
        };
        let (body, rest) = body.split_at_checked(length).ok_or(NotDer)?;
        if constructed {
            let mut value = Vec::new();
            let mut children = body;
            while !children.is_empty() {
                children = self.element(children, depth + 1, &mut value)?;
            }
            if value != body || header.tag == OCTET_STRING | CONSTRUCTED {
                put(out, header.tag, &value)?;
                return Ok(rest);
            }
        }
        out.extend_from_slice(input.get(..header.bytes + length).ok_or(NotDer)?);
        Ok(rest)
    }

    fn until_end_of_contents<'a>(
        &mut self,
        mut children: &'a [u8],
        depth: usize,
        value: &mut Vec<u8>,
    ) -> Result<&'a [u8], NotDer> {
        loop {
            if let [0, 0, rest @ ..] = children {
                return Ok(rest);
            }
            children = self.element(children, depth + 1, value)?;
        }
    }
}

/// Writes a constructed element with these contents; the pieces of an octet string as one.
fn put(out: &mut Vec<u8>, tag: u8, value: &[u8]) -> Result<(), NotDer> {
    if tag != OCTET_STRING | CONSTRUCTED {
        write(out, Tag(u32::from(tag)), value);
        return Ok(());
    }
    let (mut whole, mut pieces) = (Vec::new(), value);
    while !pieces.is_empty() {
        let header = Header::read(pieces)?;
        let end = header.length.and_then(|length| header.bytes.checked_add(length)).ok_or(NotDer)?;
        let (piece, rest) = pieces.split_at_checked(end).ok_or(NotDer)?;
        if header.tag != OCTET_STRING {
            return Err(NotDer);
        }
        whole.extend_from_slice(piece.get(header.bytes..).ok_or(NotDer)?);
        pieces = rest;
    }
    write(out, Tag(u32::from(OCTET_STRING)), &whole);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indefinite_lengths_become_definite_ones() {
        // The three encodings of one sequence (ITU-T X.690, 8.1.3.6 and 8.14).
        let indefinite = [0x30, 0x80, 0x02, 0x01, 0x05, 0x31, 0x80, 0x00, 0x00, 0x00, 0x00];
        assert_eq!(*to_definite(&indefinite).unwrap(), [0x30, 0x05, 0x02, 0x01, 0x05, 0x31, 0x00]);
    }

    #[test]
    fn an_octet_string_in_pieces_becomes_one() {
        let pieces = [0x24, 0x80, 0x04, 0x02, 1, 2, 0x24, 0x03, 0x04, 0x01, 3, 0x04, 0x01, 4, 0x00, 0x00];
        assert_eq!(*to_definite(&pieces).unwrap(), [0x04, 0x04, 1, 2, 3, 4]);
        assert!(to_definite(&[0x24, 0x80, 0x02, 0x01, 1, 0x00, 0x00]).is_err());
    }

    #[test]
    fn what_is_definite_stays_as_it_is_even_with_long_lengths() {
        let definite = [0x30, 0x81, 0x05, 0x04, 0x82, 0x00, 0x01, 0xAA];
        assert_eq!(*to_definite(&definite).unwrap(), definite);
    }

    #[test]
    fn what_never_ends_goes_too_deep_or_has_something_behind_it_is_refused() {
        assert!(to_definite(&[0x30, 0x80, 0x02, 0x01, 0x05]).is_err());
        assert!(to_definite(&[0x04, 0x80, 0x00, 0x00]).is_err());
        assert!(to_definite(&[0x30, 0x00, 0x00]).is_err());
        assert!(to_definite(&[0x30, 0x80].repeat(4_000)).is_err());
        let nested = |levels: usize| [[0x30, 0x80].repeat(levels), [0x00, 0x00].repeat(levels)].concat();
        assert!(to_definite(&nested(DEPTH_MAX)).is_ok());
        assert!(to_definite(&nested(DEPTH_MAX + 1)).is_err());
    }
}
