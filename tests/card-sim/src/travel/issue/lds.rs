//! The data groups of a travel document (ICAO Doc 9303-10, LDS1).

use crate::tlv::tlv;

/// Tag of data group 1 to 16 (Doc 9303-10, table 32).
const TAGS: [u8; 16] =
    [0x61, 0x75, 0x63, 0x76, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F, 0x70];

/// Where a picture's format is told in a face record: JPEG.
const JPEG: u8 = 0;
/// JPEG 2000.
const JPEG_2000: u8 = 1;

/// A picture of a face.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// JPEG, as in many passports.
    Jpeg,
    /// JPEG with so much besides the picture that DG2 has about 90 kB, as the richest passports have.
    Large,
    /// JPEG 2000 in its file format, as in German documents.
    Jpeg2000,
    /// The codestream of JPEG 2000 alone.
    Codestream,
    /// JPEG 2000 in a record of ISO/IEC 39794-5, as in passports to come.
    NewRecord,
    /// JPEG 2000 whose header claims 60,000 by 60,000 pixels.
    Bomb,
    /// JPEG 2000 that ends in the middle.
    Torn,
}

/// Bytes of a picture that was drawn by a program; it shows nobody.
const FACE_JPEG: &[u8] = include_bytes!("../../../assets/faces/face.jpg");
const FACE_JPEG_2000: &[u8] = include_bytes!("../../../assets/faces/face.jp2");
const FACE_CODESTREAM: &[u8] = include_bytes!("../../../assets/faces/face.j2k");
/// Its width and height.
const SIZE: (u16, u16) = (413, 531);
/// Bytes of each of two comments.
const COMMENT: u32 = 36_000;
/// Pixels a side of a bomb: 10 GB as RGB.
const BOMB: u32 = 60_000;

impl Face {
    /// The picture's bytes.
    #[must_use]
    pub fn picture(self) -> Vec<u8> {
        match self {
            Self::Jpeg => FACE_JPEG.to_vec(),
            Self::Large => large(),
            Self::Jpeg2000 | Self::NewRecord => FACE_JPEG_2000.to_vec(),
            Self::Codestream => FACE_CODESTREAM.to_vec(),
            Self::Bomb => bomb(),
            Self::Torn => FACE_JPEG_2000.get(..FACE_JPEG_2000.len() / 2).unwrap_or_default().to_vec(),
        }
    }

    fn kind(self) -> u8 {
        if matches!(self, Self::Jpeg | Self::Large) { JPEG } else { JPEG_2000 }
    }
}

/// A file that is data group `number`.
pub(crate) fn data_group(number: u8, content: &[u8]) -> Vec<u8> {
    tlv(tag(number), content)
}

fn tag(number: u8) -> u32 {
    usize::from(number).checked_sub(1).and_then(|place| TAGS.get(place)).copied().map_or(0, u32::from)
}

/// EF.COM: versions of LDS (1.7 or 1.8) and Unicode, and which data groups there are.
pub(crate) fn common(data_groups: &[u8]) -> Vec<u8> {
    let tags: Vec<u8> = data_groups.iter().flat_map(|number| u8::try_from(tag(*number))).collect();
    tlv(0x60, &[tlv(0x5F01, b"0107"), tlv(0x5F36, b"040000"), tlv(0x5C, &tags)].concat())
}

/// DG1: the machine-readable zone.
pub(crate) fn zone(lines: &[String]) -> Vec<u8> {
    data_group(1, &tlv(0x5F1F, lines.concat().as_bytes()))
}

/// DG2: one face in a CBEFF template (Doc 9303-10, 4.7.2).
pub(crate) fn face(face: Face) -> Vec<u8> {
    // Version, biometric type (facial features), owner and type of format.
    let header = [tlv(0x80, &[1, 1]), tlv(0x81, &[2]), tlv(0x87, &[1, 1]), tlv(0x88, &[0, 8])].concat();
    let record = match face {
        Face::NewRecord => tlv(0x7F2E, &tlv(0xA1, &new_face_record(&face.picture()))),
        Face::Jpeg | Face::Large | Face::Jpeg2000 | Face::Codestream | Face::Bomb | Face::Torn => {
            tlv(0x5F2E, &face_record(face))
        }
    };
    let template = [tlv(0xA1, &header), record].concat();
    data_group(2, &tlv(0x7F61, &[tlv(0x02, &[1]), tlv(0x7F60, &template)].concat()))
}

/// Facial record (ISO/IEC 19794-5:2005, 5.4 to 5.8) without feature points.
fn face_record(face: Face) -> Vec<u8> {
    let picture = face.picture();
    // Length, no points, gender, eyes, hair, properties, expression, pose and its uncertainty: all
    // unspecified.
    let information = [&length(picture.len() + 32)[..], &[0; 16]].concat();
    let (width, height) = SIZE;
    // Full frontal; sRGB; source, device and quality unspecified.
    let image =
        [&[1, face.kind()][..], &width.to_be_bytes(), &height.to_be_bytes(), &[1, 2, 0, 0, 0, 0]].concat();
    let block = [information, image, picture].concat();
    [&b"FAC\x00010\x00"[..], &length(block.len() + 14), &[0, 1], &block].concat()
}

/// FaceImageDataBlock of ISO/IEC 39794-5 in the application profile of ICAO, with what that demands and no
/// more.
///
/// This software makes use of the Schema from ISO/IEC 39794-5 within modifications permitted in the relevant
/// ISO/IEC standard. Please reproduce this note if possible.
fn new_face_record(picture: &[u8]) -> Vec<u8> {
    let nested = |tags: &[u32], value: Vec<u8>| tags.iter().rev().fold(value, |value, tag| tlv(*tag, &value));
    // Generation 3 of 2019.
    let version = tlv(0xA0, &[tlv(0x80, &[3]), tlv(0x81, &[0x07, 0xE3])].concat());
    // JPEG 2000, lossy.
    let format = nested(&[0xA1, 0xA0, 0x80], vec![3]);
    let image = [tlv(0x80, picture), format].concat();
    let representation = [tlv(0x80, &[0]), nested(&[0xA1, 0xA0, 0xA0], image)].concat();
    tlv(0x65, &[version, nested(&[0xA1, 0x30], representation)].concat())
}

fn length(bytes: usize) -> [u8; 4] {
    u32::try_from(bytes).unwrap_or(u32::MAX).to_be_bytes()
}

/// The picture with two comments behind its first marker (ITU-T T.81, B.2.4.5), in which no two places look the
/// same.
fn large() -> Vec<u8> {
    let comment: Vec<u8> = (0..COMMENT / 4).flat_map(u32::to_be_bytes).collect();
    let length = u16::try_from(comment.len() + 2).unwrap_or(u16::MAX).to_be_bytes();
    let comment = [&[0xFF, 0xFE][..], &length, &comment].concat();
    let (start, rest) = FACE_JPEG.split_at(2);
    [start, &comment, &comment, rest].concat()
}

/// The picture with other numbers in its header box and in SIZ (ISO/IEC 15444-1, I.5.3.1 and A.5.1).
fn bomb() -> Vec<u8> {
    let mut picture = FACE_JPEG_2000.to_vec();
    let side = BOMB.to_be_bytes();
    for (marker, places) in [(&b"ihdr"[..], [4, 8]), (&[0xFF, 0x4F, 0xFF, 0x51], [8, 12])] {
        let found = picture.windows(marker.len()).position(|window| window == marker);
        for place in found.iter().flat_map(|start| places.map(|place| start + place)) {
            picture.iter_mut().skip(place).zip(side).for_each(|(byte, digit)| *byte = digit);
        }
    }
    picture
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_face_record_tells_its_own_length() {
        let record = face_record(Face::Jpeg2000);
        assert_eq!(record[..14], [b"FAC\x00010\x00", &length(record.len())[..], &[0, 1]].concat());
        assert_eq!(record[14..18], length(record.len() - 14));
        assert_eq!(record[34..40], [1, 1, 1, 0x9D, 2, 0x13]);
        assert_eq!(record[46..58], *b"\x00\x00\x00\x0CjP  \x0D\x0A\x87\x0A");
    }

    #[test]
    fn a_bomb_claims_its_size_in_both_headers() {
        let picture = bomb();
        assert_eq!(picture.len(), FACE_JPEG_2000.len());
        let claims = picture
            .windows(8)
            .filter(|window| window[..4] == [0, 0, 0xEA, 0x60] && window[4..] == [0, 0, 0xEA, 0x60]);
        assert_eq!(claims.count(), 2);
    }

    #[test]
    fn the_common_file_lists_tags() {
        assert_eq!(hex::encode(common(&[1, 2, 14])), "60155f0104303130375f36063034303030305c0361756e");
    }
}
