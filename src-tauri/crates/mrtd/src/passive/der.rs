//! DER (ITU-T X.690, 10) as far as CMS and X.509 need it: tags of one byte, definite and shortest lengths, nothing
//! between or behind the elements.

/// Tags of the universal class, and the first ones of the context.
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const UTF8_STRING: u8 = 0x0C;
pub(crate) const PRINTABLE_STRING: u8 = 0x13;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
/// `[0]`, primitive: IMPLICIT.
pub(crate) const CONTEXT_0_PRIMITIVE: u8 = 0x80;
/// `[0]`, constructed.
pub(crate) const CONTEXT_0: u8 = 0xA0;
/// `[1]`, constructed.
pub(crate) const CONTEXT_1: u8 = 0xA1;
/// `[2]`, constructed.
pub(crate) const CONTEXT_2: u8 = 0xA2;
/// `[3]`, constructed.
pub(crate) const CONTEXT_3: u8 = 0xA3;

/// Most bytes of a length behind its first one: 16 MiB, more than any file has here.
const LENGTH_BYTES_MAX: usize = 3;

/// The bytes aren't DER, or not the DER that is expected there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotDer;

/// One element.
#[derive(Clone, Copy)]
pub(crate) struct Element<'a> {
    /// Its tag.
    pub(crate) tag: u8,
    /// Its contents.
    pub(crate) value: &'a [u8],
    /// Tag, length and contents.
    pub(crate) encoded: &'a [u8],
}

impl<'a> Element<'a> {
    /// The one element that these bytes are, with this tag.
    pub(crate) fn only(input: &'a [u8], tag: u8) -> Result<Self, NotDer> {
        let mut elements = Elements(input);
        let element = elements.take(tag)?;
        elements.end()?;
        Ok(element)
    }

    /// The elements within.
    pub(crate) fn children(&self) -> Elements<'a> {
        Elements(self.value)
    }

    /// A small number that isn't negative.
    pub(crate) fn small(&self) -> Result<u16, NotDer> {
        match *self.value {
            [low @ 0..=0x7F] => Ok(u16::from(low)),
            [0, low @ 0x80..=0xFF] => Ok(u16::from(low)),
            [high @ 1..=0x7F, low] => Ok(u16::from_be_bytes([high, low])),
            _ => Err(NotDer),
        }
    }
}

/// What is left of a row of elements.
#[derive(Clone)]
pub(crate) struct Elements<'a>(pub(crate) &'a [u8]);

impl<'a> Elements<'a> {
    /// The tag of the next one.
    pub(crate) fn peek(&self) -> Option<u8> {
        self.0.first().copied()
    }

    /// The next one, which must have this tag.
    pub(crate) fn take(&mut self, tag: u8) -> Result<Element<'a>, NotDer> {
        self.take_if(tag)?.ok_or(NotDer)
    }

    /// The next one, if it has this tag.
    pub(crate) fn take_if(&mut self, tag: u8) -> Result<Option<Element<'a>>, NotDer> {
        if self.peek() == Some(tag) { self.take_any().map(Some) } else { Ok(None) }
    }

    /// The next one.
    pub(crate) fn take_any(&mut self) -> Result<Element<'a>, NotDer> {
        let header = Header::read(self.0)?;
        let length = header.length.filter(|length| header.is_shortest(*length)).ok_or(NotDer)?;
        let end = header.bytes.checked_add(length).ok_or(NotDer)?;
        let (encoded, rest) = self.0.split_at_checked(end).ok_or(NotDer)?;
        let value = encoded.get(header.bytes..).ok_or(NotDer)?;
        self.0 = rest;
        Ok(Element { tag: header.tag, value, encoded })
    }

    /// That there are no more.
    pub(crate) fn end(&self) -> Result<(), NotDer> {
        if self.0.is_empty() { Ok(()) } else { Err(NotDer) }
    }

    /// All that are left, which must have this tag and be no more than `max`.
    pub(crate) fn all(mut self, tag: u8, max: usize) -> Result<Vec<Element<'a>>, NotDer> {
        let mut all = Vec::new();
        while self.peek().is_some() {
            if all.len() == max {
                return Err(NotDer);
            }
            all.push(self.take(tag)?);
        }
        Ok(all)
    }
}

/// Tag and length of an element, in BER.
pub(super) struct Header {
    pub(super) tag: u8,
    /// `None`: indefinite.
    pub(super) length: Option<usize>,
    /// How many bytes tag and length are.
    pub(super) bytes: usize,
}

impl Header {
    pub(super) fn read(input: &[u8]) -> Result<Self, NotDer> {
        let [tag, first, rest @ ..] = input else { return Err(NotDer) };
        // Numbers from 31 on have tags of several bytes; neither CMS nor X.509 has any.
        if tag & 0x1F == 0x1F {
            return Err(NotDer);
        }
        let count = usize::from(first & 0x7F);
        let length = match first {
            0..=0x7F => Some(count),
            0x80 => None,
            _ if count > LENGTH_BYTES_MAX => return Err(NotDer),
            _ => {
                let bytes = rest.get(..count).ok_or(NotDer)?;
                Some(bytes.iter().fold(0_usize, |length, byte| length << 8 | usize::from(*byte)))
            }
        };
        let more = if *first > 0x80 { count } else { 0 };
        Ok(Self { tag: *tag, length, bytes: 2 + more })
    }

    fn is_shortest(&self, length: usize) -> bool {
        let needed = match length {
            0..=0x7F => 0,
            0x80..=0xFF => 1,
            0x100..=0xFFFF => 2,
            _ => 3,
        };
        self.bytes == 2 + needed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_follow_one_another_without_anything_between() {
        let mut elements = Elements(&[0x02, 0x01, 0x05, 0x04, 0x00]);
        assert_eq!(elements.take(INTEGER).unwrap().small(), Ok(5));
        assert!(elements.take_if(SEQUENCE).unwrap().is_none());
        assert_eq!(elements.take(OCTET_STRING).unwrap().encoded, [0x04, 0x00]);
        assert!(elements.end().is_ok() && elements.take_any().is_err());
        assert!(Elements(&[0x00, 0x00, 0x02, 0x01, 0x05]).take(INTEGER).is_err());
        assert!(Element::only(&[0x02, 0x01, 0x05, 0x00], INTEGER).is_err());
    }

    #[test]
    fn lengths_that_are_longer_than_need_be_or_indefinite_are_refused() {
        for input in [
            &[0x04, 0x81, 0x01, 0xAA][..],
            &[0x04, 0x82, 0x00, 0x01, 0xAA],
            &[0x30, 0x80, 0x00, 0x00],
            &[0x04, 0x84, 0x00, 0x00, 0x00, 0x01, 0xAA],
            &[0x1F, 0x20, 0x00],
            &[0x04, 0x02, 0xAA],
            &[0x04, 0x82, 0xFF],
            &[0x04],
        ] {
            assert!(Elements(input).take_any().is_err(), "{input:02X?}");
        }
        let long = [&[0x04, 0x81, 0x80][..], &[0xAA; 0x80]].concat();
        assert_eq!(Elements(&long).take_any().unwrap().value.len(), 0x80);
    }

    #[test]
    fn small_numbers_are_in_their_shortest_form_and_not_negative() {
        let small = |value: &[u8]| Element { tag: INTEGER, value, encoded: &[] }.small();
        assert_eq!(small(&[0x00]), Ok(0));
        assert_eq!(small(&[0x00, 0xFF]), Ok(255));
        assert_eq!(small(&[0x01, 0x00]), Ok(256));
        for value in [&[][..], &[0x80], &[0x00, 0x7F], &[0xFF, 0x00], &[1, 2, 3]] {
            assert!(small(value).is_err(), "{value:02X?}");
        }
    }

    #[test]
    fn a_row_ends_at_its_limit() {
        let row = [0x02, 0x01, 0x05].repeat(3);
        assert_eq!(Elements(&row).all(INTEGER, 3).unwrap().len(), 3);
        assert!(Elements(&row).all(INTEGER, 2).is_err());
        assert!(Elements(&row).all(SEQUENCE, 3).is_err());
    }
}
