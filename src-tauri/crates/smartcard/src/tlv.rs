//! BER-TLV data objects (ISO/IEC 7816-4; ITU-T X.690, 8.1) with a limit on everything.
//!
//! ```
//! use smartcard::tlv::{Tag, find};
//!
//! let version2 = [0xEF, 0x0A, 0xC0, 0x03, 2, 0, 0, 0xC1, 0x03, 4, 5, 2];
//! let product_type_version = find(&version2, &[Tag(0xEF), Tag(0xC1)])?.map(|object| object.value());
//! assert_eq!(product_type_version, Some(&[4, 5, 2][..]));
//! # Ok::<(), smartcard::tlv::TlvError>(())
//! ```

use std::fmt;

/// Most bytes of a tag: cards use up to three, and four fill [`Tag`].
pub const TAG_BYTES_MAX: usize = 4;
/// Most bytes of a length behind its first byte; the value must lie in the input all the same.
pub const LENGTH_BYTES_MAX: usize = 4;
/// Deepest nesting: a CV certificate has 4 levels, EF.SOD (which is not read with this reader) about 12.
pub const DEPTH_MAX: usize = 16;
/// Most data objects on one level; the richest file that is read with this reader (EF.CardAccess) has about
/// 20.
pub const OBJECTS_MAX: usize = 256;

/// A tag as its bytes are written, `Tag(0x7F21)` for `7F 21`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tag(pub u32);

impl Tag {
    /// Whether the value is made of data objects (bit 6 of the first byte).
    pub const fn is_constructed(self) -> bool {
        let mut first = self.0;
        while first > 0xFF {
            first >>= 8;
        }
        first & 0x20 != 0
    }

    fn bytes(self) -> impl Iterator<Item = u8> {
        self.0.to_be_bytes().into_iter().skip_while(|byte| *byte == 0)
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02X}", self.0)
    }
}

/// Why bytes are no BER-TLV that this reader takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TlvError {
    /// The input ends inside a tag or a length, or a value would reach beyond it.
    #[error("a data object reaches beyond the input")]
    Truncated,
    /// A tag of more than [`TAG_BYTES_MAX`] bytes, or one that is longer than its number needs.
    #[error("a tag is malformed")]
    Tag,
    /// A length of more than [`LENGTH_BYTES_MAX`] bytes, or the indefinite length.
    #[error("a length is malformed")]
    Length,
    /// Nested deeper than [`DEPTH_MAX`].
    #[error("data objects are nested too deep")]
    Depth,
    /// More than [`OBJECTS_MAX`] data objects on one level.
    #[error("there are too many data objects")]
    Objects,
}

/// One data object; `Debug` tells its tag and length alone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Tlv<'a> {
    tag: Tag,
    value: &'a [u8],
    encoded: &'a [u8],
    depth: usize,
}

impl<'a> Tlv<'a> {
    /// Its tag.
    pub fn tag(&self) -> Tag {
        self.tag
    }

    /// Its value field.
    pub fn value(&self) -> &'a [u8] {
        self.value
    }

    /// Tag, length and value as they stand in the input (what a signature or MAC is over).
    pub fn encoded(&self) -> &'a [u8] {
        self.encoded
    }

    /// Reads the value field as data objects.
    pub fn children(&self) -> Reader<'a> {
        Reader { rest: self.value, depth: self.depth + 1, objects: 0 }
    }
}

impl fmt::Debug for Tlv<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tlv({:?}, {} bytes)", self.tag, self.value.len())
    }
}

/// Reads the data objects of one level, one after another; `00` bytes between them are padding.
///
/// After an error it is at its end.
#[derive(Clone)]
pub struct Reader<'a> {
    rest: &'a [u8],
    depth: usize,
    objects: usize,
}

impl<'a> Reader<'a> {
    /// Reads the outermost level of `input`.
    pub fn new(input: &'a [u8]) -> Self {
        Self { rest: input, depth: 1, objects: 0 }
    }

    fn read(&mut self) -> Result<Option<Tlv<'a>>, TlvError> {
        let start = self.rest.iter().position(|byte| *byte != 0).unwrap_or(self.rest.len());
        let input = self.rest.get(start..).unwrap_or_default();
        if input.is_empty() {
            return Ok(None);
        }
        if self.depth > DEPTH_MAX {
            return Err(TlvError::Depth);
        }
        if self.objects == OBJECTS_MAX {
            return Err(TlvError::Objects);
        }
        let (tag, after_tag) = read_tag(input)?;
        let (length, after_length) = read_length(after_tag)?;
        let (value, rest) = after_length.split_at_checked(length).ok_or(TlvError::Truncated)?;
        let encoded = input.get(..input.len() - rest.len()).ok_or(TlvError::Truncated)?;
        self.rest = rest;
        self.objects += 1;
        Ok(Some(Tlv { tag, value, encoded, depth: self.depth }))
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Result<Tlv<'a>, TlvError>;

    fn next(&mut self) -> Option<Self::Item> {
        let object = self.read();
        if object.is_err() {
            self.rest = &[];
        }
        object.transpose()
    }
}

/// The first data object at `path`: its first tag on the outermost level, each further one inside the object
/// before. An empty path finds nothing.
///
/// # Errors
/// [`TlvError`] where the input is malformed before the object is found.
pub fn find<'a>(input: &'a [u8], path: &[Tag]) -> Result<Option<Tlv<'a>>, TlvError> {
    let mut level = Reader::new(input);
    let mut found = None;
    for tag in path {
        found = level.find_tag(*tag)?;
        match found {
            Some(object) => level = object.children(),
            None => return Ok(None),
        }
    }
    Ok(found)
}

impl<'a> Reader<'a> {
    /// The next data object with this tag on this level.
    ///
    /// # Errors
    /// [`TlvError`] where the input is malformed before the object is found.
    pub fn find_tag(&mut self, tag: Tag) -> Result<Option<Tlv<'a>>, TlvError> {
        self.find(|object| object.as_ref().map_or(true, |object| object.tag == tag)).transpose()
    }
}

/// Appends a data object with the shortest length field; a value has fewer than 4 GiB.
pub fn write(out: &mut Vec<u8>, tag: Tag, value: &[u8]) {
    out.extend(tag.bytes());
    let [.., high, upper, lower, low] = value.len().to_be_bytes();
    match value.len() {
        0..=0x7F => out.push(low),
        0x80..=0xFF => out.extend([0x81, low]),
        0x100..=0xFFFF => out.extend([0x82, lower, low]),
        0x1_0000..=0xFF_FFFF => out.extend([0x83, upper, lower, low]),
        _ => out.extend([0x84, high, upper, lower, low]),
    }
    out.extend_from_slice(value);
}

fn read_tag(input: &[u8]) -> Result<(Tag, &[u8]), TlvError> {
    let (&first, mut rest) = input.split_first().ok_or(TlvError::Truncated)?;
    let mut tag = u32::from(first);
    if first & 0x1F != 0x1F {
        return Ok((Tag(tag), rest));
    }
    for position in 1..TAG_BYTES_MAX {
        let (&byte, after) = rest.split_first().ok_or(TlvError::Truncated)?;
        rest = after;
        // A number below 31 has a one-byte tag, and the first number byte is never empty (X.690, 8.1.2.4).
        if position == 1 && (byte == 0x80 || byte < 0x1F) {
            return Err(TlvError::Tag);
        }
        tag = tag << 8 | u32::from(byte);
        if byte & 0x80 == 0 {
            return Ok((Tag(tag), rest));
        }
    }
    Err(TlvError::Tag)
}

fn read_length(input: &[u8]) -> Result<(usize, &[u8]), TlvError> {
    let (&first, rest) = input.split_first().ok_or(TlvError::Truncated)?;
    if first < 0x80 {
        return Ok((usize::from(first), rest));
    }
    let count = usize::from(first & 0x7F);
    if count == 0 || count > LENGTH_BYTES_MAX {
        return Err(TlvError::Length);
    }
    let (bytes, rest) = rest.split_at_checked(count).ok_or(TlvError::Truncated)?;
    let length = bytes.iter().fold(0_usize, |length, byte| length << 8 | usize::from(*byte));
    Ok((length, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(input: &[u8]) -> Result<Vec<u32>, TlvError> {
        Reader::new(input).map(|object| object.map(|object| object.tag().0)).collect()
    }

    #[test]
    fn tags_of_one_to_four_bytes_are_read_and_longer_ones_refused() {
        let input = [0x5A, 0, 0x5F, 0x29, 0, 0x7F, 0x84, 0x01, 0, 0xDF, 0x81, 0x80, 0x01, 0];
        assert_eq!(tags(&input), Ok(vec![0x5A, 0x5F29, 0x7F8401, 0xDF81_8001]));
        assert_eq!(tags(&[0xDF, 0x81, 0x80, 0x80, 0x01, 0]), Err(TlvError::Tag));
    }

    #[test]
    fn a_tag_longer_than_its_number_needs_is_refused() {
        assert_eq!(tags(&[0x1F, 0x1E, 0]), Err(TlvError::Tag));
        assert_eq!(tags(&[0x1F, 0x80, 0x7F, 0]), Err(TlvError::Tag));
    }

    // The length fields of ITU-T X.690, 8.1.3: 38 short, 201 as 81 C9.
    #[test]
    fn lengths_are_read_in_the_short_and_the_long_form() {
        let mut input = vec![0x04, 0x26];
        input.extend([0xAA; 38]);
        input.extend([0x04, 0x81, 0xC9]);
        input.extend([0xBB; 201]);
        input.extend([0x04, 0x84, 0, 0, 0, 1, 0xCC]);
        let lengths: Vec<_> = Reader::new(&input).map(|object| object.unwrap().value().len()).collect();
        assert_eq!(lengths, [38, 201, 1]);
    }

    #[test]
    fn the_indefinite_length_and_lengths_of_more_than_four_bytes_are_refused() {
        assert_eq!(tags(&[0x30, 0x80, 0x02, 0x01, 0x01, 0x00, 0x00]), Err(TlvError::Length));
        assert_eq!(tags(&[0x30, 0x85, 0, 0, 0, 0, 1, 0xAA]), Err(TlvError::Length));
    }

    #[test]
    fn a_value_never_reaches_beyond_the_input() {
        for input in
            [&[0x5A][..], &[0x5F], &[0x5A, 0x81], &[0x5A, 0x02, 0xAA], &[0x5A, 0x84, 0xFF, 0xFF, 0xFF, 0xFF]]
        {
            assert_eq!(tags(input), Err(TlvError::Truncated), "{input:02X?}");
        }
    }

    #[test]
    fn zero_bytes_around_data_objects_are_padding() {
        assert_eq!(tags(&[0, 0, 0x5A, 1, 7, 0, 0x5B, 0, 0, 0]), Ok(vec![0x5A, 0x5B]));
        assert_eq!(tags(&[0; 40]), Ok(vec![]));
    }

    #[test]
    fn nesting_ends_at_the_limit() {
        let nested = |levels: usize| {
            (1..levels).fold(vec![0x30, 0x00], |inner, _| {
                let mut outer = Vec::new();
                write(&mut outer, Tag(0x30), &inner);
                outer
            })
        };
        assert!(matches!(find(&nested(DEPTH_MAX), &[Tag(0x30); DEPTH_MAX]), Ok(Some(_))));
        assert_eq!(find(&nested(DEPTH_MAX + 1), &[Tag(0x30); DEPTH_MAX + 1]), Err(TlvError::Depth));
    }

    #[test]
    fn a_level_ends_at_the_limit_of_objects() {
        let input = [0x5A, 0x00].repeat(OBJECTS_MAX + 1);
        assert_eq!(tags(&input[2..]).unwrap().len(), OBJECTS_MAX);
        assert_eq!(tags(&input), Err(TlvError::Objects));
    }

    #[test]
    fn the_reader_is_at_its_end_after_an_error() {
        let mut reader = Reader::new(&[0x30, 0x80, 0x5A, 0x00]);
        assert_eq!(reader.next(), Some(Err(TlvError::Length)));
        assert_eq!(reader.next(), None);
    }

    #[test]
    fn a_path_finds_the_first_object_and_gives_its_bytes_with_tag_and_length() {
        let input = [0x5A, 1, 9, 0x7F, 0x21, 5, 0x5F, 0x37, 2, 0xAB, 0xCD, 0x7F, 0x21, 0];
        let found = find(&input, &[Tag(0x7F21), Tag(0x5F37)]).unwrap().unwrap();
        assert_eq!(found.encoded(), [0x5F, 0x37, 2, 0xAB, 0xCD]);
        assert_eq!(find(&input, &[Tag(0x7F21), Tag(0x42)]), Ok(None));
        assert_eq!(find(&input, &[]), Ok(None));
    }

    #[test]
    fn an_object_never_shows_its_value() {
        let object = find(&[0x5A, 2, 0xAB, 0xCD], &[Tag(0x5A)]).unwrap().unwrap();
        assert_eq!(format!("{object:?}"), "Tlv(5A, 2 bytes)");
    }

    #[test]
    fn constructed_tags_are_told_by_bit_6_of_the_first_byte() {
        assert!(Tag(0x7F21).is_constructed() && Tag(0xEF).is_constructed());
        assert!(!Tag(0x5F29).is_constructed() && !Tag(0x86).is_constructed());
    }
}
