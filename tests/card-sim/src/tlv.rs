//! Writing BER-TLV (ISO 7816-4, 5.2.2).

/// One data object: `tag` as it is written (one to three bytes), definite length, `value`.
pub(crate) fn tlv(tag: u32, value: &[u8]) -> Vec<u8> {
    let mut object: Vec<u8> = tag.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    let length = value.len().to_be_bytes();
    match value.len() {
        0..=0x7F => {}
        0x80..=0xFF => object.push(0x81),
        _ => object.push(0x82),
    }
    let bytes = if value.len() > 0xFF { 2 } else { 1 };
    object.extend_from_slice(&length[length.len() - bytes..]);
    object.extend_from_slice(value);
    object
}

#[cfg(test)]
mod tests {
    use super::tlv;

    #[test]
    fn lengths_take_one_two_or_three_bytes() {
        assert_eq!(tlv(0x5A, &[1]), [0x5A, 1, 1]);
        assert_eq!(tlv(0x7F21, &[0; 0x7F])[..3], [0x7F, 0x21, 0x7F]);
        assert_eq!(tlv(0x53, &[0; 0x80])[..3], [0x53, 0x81, 0x80]);
        assert_eq!(tlv(0x53, &[0; 0x100])[..4], [0x53, 0x82, 1, 0]);
    }
}
