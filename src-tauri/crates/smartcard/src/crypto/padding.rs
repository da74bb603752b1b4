//! Padding method 2 of ISO/IEC 9797-1, which is padding indicator 01 of ISO/IEC 7816-4: `80`, then zeros to the
//! end of the block.

use super::aes::BLOCK_BYTES;

/// The first byte of padding.
pub(crate) const PADDING_START: u8 = 0x80;

/// What padding adds at most.
const PADDING: [u8; BLOCK_BYTES] = {
    let mut padding = [0; BLOCK_BYTES];
    padding[0] = PADDING_START;
    padding
};

/// What belongs behind `bytes` bytes so that they fill blocks of `block_bytes`, at least one byte.
pub(crate) fn padding(bytes: usize, block_bytes: usize) -> &'static [u8] {
    PADDING.get(..block_bytes - bytes % block_bytes).unwrap_or_default()
}

/// How many of the padded bytes are none of padding; `None` where the last block has no padding.
pub(crate) fn unpadded_bytes(padded: &[u8], block_bytes: usize) -> Option<usize> {
    let end = padded.iter().rposition(|byte| *byte != 0)?;
    let whole = padded.get(end) == Some(&PADDING_START) && padded.len() - end <= block_bytes;
    whole.then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_fills_the_block_and_is_taken_off_again() {
        for block_bytes in [8, 16] {
            for bytes in 0..40 {
                let padded = [&vec![0x80; bytes][..], padding(bytes, block_bytes)].concat();
                assert!(padded.len().is_multiple_of(block_bytes) && padded.len() > bytes);
                assert_eq!(unpadded_bytes(&padded, block_bytes), Some(bytes));
            }
        }
    }

    #[test]
    fn a_block_without_padding_and_padding_of_more_than_a_block_are_none() {
        assert_eq!(unpadded_bytes(&[], 8), None);
        assert_eq!(unpadded_bytes(&[0; 8], 8), None);
        assert_eq!(unpadded_bytes(&[0x81; 8], 8), None);
        assert_eq!(unpadded_bytes(&[0x80, 0, 0, 0, 0, 0, 0, 0, 0], 8), None);
        assert_eq!(unpadded_bytes(&[0x80, 0, 0, 0, 0, 0, 0, 0, 0], 16), Some(0));
    }
}
