//! READ BINARY with an odd instruction, whose offset and answer are data objects (ISO/IEC 7816-4, 11.3.3; ICAO
//! Doc 9303-10, 3.6.3.2): for what lies beyond [`OFFSET_MAX`](super::OFFSET_MAX).

use super::{ApduError, CommandApdu, ResponseApdu, Sensitivity, length_bytes};
use crate::tlv::{Reader, Tag};

/// Highest offset that three bytes can name.
pub const OFFSET_ODD_MAX: usize = 0xFF_FFFF;

const INS_READ_BINARY_ODD: u8 = 0xB1;
/// Offset into the file.
const OFFSET: u8 = 0x54;
/// Discretionary data: the piece of the file.
const DISCRETIONARY_DATA: Tag = Tag(0x53);

impl CommandApdu {
    /// READ BINARY (INS `B1`) from `offset` of the current file, [`Sensitivity::Personal`] until said
    /// otherwise. `ne` is for the whole answer: the piece and [what is around it](discretionary_bytes).
    ///
    /// # Errors
    /// [`ApduError::OffsetTooHigh`] beyond [`OFFSET_ODD_MAX`].
    pub fn read_binary_odd(offset: usize, ne: usize) -> Result<Self, ApduError> {
        if offset > OFFSET_ODD_MAX {
            return Err(ApduError::OffsetTooHigh);
        }
        let [.., upper, _, _] = offset.to_be_bytes();
        let [high, low] = length_bytes(offset);
        let object: &[u8] = if upper == 0 { &[OFFSET, 2, high, low] } else { &[OFFSET, 3, upper, high, low] };
        let command = Self::new(0x00, INS_READ_BINARY_ODD, 0x00, 0x00).with_data(object)?;
        Ok(command.with_ne(ne).with_sensitivity(Sensitivity::Personal))
    }
}

impl ResponseApdu {
    /// The piece of the file in an answer to [`CommandApdu::read_binary_odd`]; `None` unless the answer is one
    /// such object.
    pub fn discretionary_data(&self) -> Option<&[u8]> {
        let object = Reader::new(&self.data).next()?.ok()?;
        (object.tag() == DISCRETIONARY_DATA && object.encoded().len() == self.data.len())
            .then(|| object.value())
    }
}

/// Bytes of an answer that holds a piece of so many bytes, tag and length included.
#[must_use]
pub const fn discretionary_bytes(piece: usize) -> usize {
    let header = match piece {
        0..=0x7F => 2,
        0x80..=0xFF => 3,
        0x100..=0xFFFF => 4,
        _ => 5,
    };
    piece.saturating_add(header)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apdu::LengthForm;
    use crate::status::StatusWord;
    use crate::tlv;

    #[test]
    fn the_offset_is_an_object_of_two_or_three_bytes() {
        for (offset, ne, expected) in [
            (0x8000, 223, "00B100000454028000DF"),
            (0xFFFF, 256, "00B100000454 02FFFF00"),
            (0x1_0000, 5, "00B1000005540301000005"),
            (OFFSET_ODD_MAX, 5, "00B100000554 03FFFFFF05"),
        ] {
            let command = CommandApdu::read_binary_odd(offset, ne).unwrap();
            assert_eq!(hex::encode_upper(command.encode(LengthForm::Short)), expected.replace(' ', ""));
            assert_eq!(command.sensitivity(), Sensitivity::Personal);
        }
        assert_eq!(CommandApdu::read_binary_odd(OFFSET_ODD_MAX + 1, 5), Err(ApduError::OffsetTooHigh));
    }

    #[test]
    fn a_piece_is_the_value_of_one_object_and_of_nothing_else() {
        let piece = |answer: &[u8]| {
            ResponseApdu::new(answer, StatusWord::OK).discretionary_data().map(<[u8]>::to_vec)
        };
        assert_eq!(piece(&[0x53, 0x02, 7, 8]), Some(vec![7, 8]));
        assert_eq!(piece(&[0x53, 0x82, 0x00, 0x01, 7]), Some(vec![7]), "a length longer than it need be");
        for answer in [
            &[][..],
            &[0x53],
            &[0x53, 0x03, 7, 8],
            &[0x53, 0x01, 7, 8],
            &[0x53, 0x01, 7, 0],
            &[0, 0x53, 0x01, 7],
            &[0x54, 0x01, 7],
            &[0x53, 0x01, 7, 0x53, 0x01, 8],
        ] {
            assert_eq!(piece(answer), None, "{answer:02X?}");
        }
    }

    #[test]
    fn what_is_around_a_piece_is_counted() {
        for bytes in [0, 1, 127, 128, 255, 256, 4096, 65_535, 65_536] {
            let mut object = Vec::new();
            tlv::write(&mut object, DISCRETIONARY_DATA, &vec![7; bytes]);
            assert_eq!(discretionary_bytes(bytes), object.len());
        }
    }
}
