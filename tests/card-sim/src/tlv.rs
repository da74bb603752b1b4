//! Writing and reading BER-TLV (ISO 7816-4, 5.2.2).

/// One data object: `tag` as it is written (one to three bytes), definite length, `value`.
pub(crate) fn tlv(tag: u32, value: &[u8]) -> Vec<u8> {
    let mut object: Vec<u8> = tag.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    let length = value.len().to_be_bytes();
    let (form, bytes) = match value.len() {
        0..=0x7F => (None, 1),
        0x80..=0xFF => (Some(0x81), 1),
        0x100..=0xFFFF => (Some(0x82), 2),
        _ => (Some(0x83), 3),
    };
    object.extend(form);
    object.extend_from_slice(&length[length.len() - bytes..]);
    object.extend_from_slice(value);
    object
}

/// A data object as it stands in a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Object<'a> {
    pub(crate) tag: u32,
    pub(crate) value: &'a [u8],
    /// Tag, length and value.
    pub(crate) whole: &'a [u8],
}

/// All data objects of `bytes`, which must end with the last; `None` if a length is wrong.
pub(crate) fn objects(mut bytes: &[u8]) -> Option<Vec<Object<'_>>> {
    let mut objects = Vec::new();
    while !bytes.is_empty() {
        let (object, rest) = split(bytes)?;
        objects.push(object);
        bytes = rest;
    }
    Some(objects)
}

/// The only data object of `bytes`, if it has this tag.
pub(crate) fn only(bytes: &[u8], tag: u32) -> Option<&[u8]> {
    let (object, rest) = split(bytes)?;
    (object.tag == tag && rest.is_empty()).then_some(object.value)
}

/// The first data object, tags of one or two bytes and lengths up to 65,535, and what follows it.
pub(crate) fn split(bytes: &[u8]) -> Option<(Object<'_>, &[u8])> {
    let (tag, body) = match *bytes {
        [first, second, ref rest @ ..] if first & 0x1F == 0x1F => {
            (u32::from(u16::from_be_bytes([first, second])), rest)
        }
        [tag, ref rest @ ..] => (u32::from(tag), rest),
        [] => return None,
    };
    let (length, body) = match *body {
        [0x82, high, low, ref rest @ ..] => (usize::from(u16::from_be_bytes([high, low])), rest),
        [0x81, length, ref rest @ ..] => (usize::from(length), rest),
        [length @ ..=0x7F, ref rest @ ..] => (usize::from(length), rest),
        _ => return None,
    };
    let (value, rest) = body.split_at_checked(length)?;
    let whole = bytes.get(..bytes.len() - rest.len())?;
    Some((Object { tag, value, whole }, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let written = [tlv(0x87, &[1; 200]), tlv(0x7F49, &[2; 300]), tlv(0x8E, &[])].concat();
        let read = objects(&written).unwrap();
        let expected = [(0x87, 200), (0x7F49, 300), (0x8E, 0)];
        assert_eq!(read.iter().map(|object| (object.tag, object.value.len())).collect::<Vec<_>>(), expected);
        assert_eq!(read.iter().flat_map(|object| object.whole).copied().collect::<Vec<_>>(), written);
        assert_eq!(only(&tlv(0x7C, &[3]), 0x7C), Some(&[3][..]));
    }

    #[test]
    fn what_ends_in_the_middle_of_an_object_is_not_read() {
        for bytes in [&[0x87][..], &[0x87, 2, 0], &[0x7F], &[0x87, 0x80], &[0x87, 0x83, 0, 0, 0]] {
            assert_eq!(objects(bytes), None, "{bytes:02X?}");
        }
    }

    #[test]
    fn lengths_take_one_to_four_bytes() {
        assert_eq!(tlv(0x5A, &[1]), [0x5A, 1, 1]);
        assert_eq!(tlv(0x7F21, &[0; 0x7F])[..3], [0x7F, 0x21, 0x7F]);
        assert_eq!(tlv(0x53, &[0; 0x80])[..3], [0x53, 0x81, 0x80]);
        assert_eq!(tlv(0x53, &[0; 0x100])[..4], [0x53, 0x82, 1, 0]);
        assert_eq!(tlv(0x53, &[0; 0x1_0203])[..5], [0x53, 0x83, 1, 2, 3]);
    }
}
