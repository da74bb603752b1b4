//! The face record of ISO/IEC 19794-5:2005.

use crate::lds::octets::Octets;
use crate::lds::{IMAGES_MAX, LdsError};

/// `FAC`, and a zero (5.4.1).
pub(super) const FORMAT_IDENTIFIER: [u8; 4] = *b"FAC\0";
/// The version that Doc 9303 names, `010`, and a zero (5.4.2); the edition of 2011 has another layout.
const VERSION: [u8; 4] = *b"010\0";

/// Most feature points: the standard knows 84 of MPEG-4 and about 60 anthropometric ones (5.6).
pub const FEATURE_POINTS_MAX: u16 = 256;

/// Bytes of the facial information in front of the feature points (5.5).
const FACIAL_INFORMATION_BYTES: usize = 20;
/// Bytes of the facial information behind its length and the number of feature points.
const PERSON_BYTES: usize = FACIAL_INFORMATION_BYTES - 6;
/// Bytes of a feature point (5.6).
const FEATURE_POINT_BYTES: usize = 8;
/// Bytes of the image information (5.7).
const IMAGE_INFORMATION_BYTES: usize = 12;

/// Bytes by which a record may be longer than it says: passports of New Zealand forget 8, those of the United
/// Kingdom 1.
const FORGOTTEN_BYTES_MAX: usize = 8;

/// The first image of a record.
pub(super) fn first_image(record: &[u8]) -> Result<&[u8], LdsError> {
    let mut rest = Octets(record);
    let known = rest.take(FORMAT_IDENTIFIER.len()) == Some(&FORMAT_IDENTIFIER)
        && rest.take(VERSION.len()) == Some(&VERSION);
    if !known {
        return Err(LdsError::UnknownForm);
    }
    image(rest, record.len()).ok_or(LdsError::Contradiction)
}

fn image(mut rest: Octets<'_>, record_bytes: usize) -> Option<&[u8]> {
    let forgotten = record_bytes.checked_sub(rest.length()?)?;
    let faces = rest.u16()?;
    if forgotten > FORGOTTEN_BYTES_MAX || !(1..=IMAGES_MAX).contains(&faces) {
        return None;
    }
    let block_bytes = rest.length()?;
    let feature_points = rest.u16()?;
    if feature_points > FEATURE_POINTS_MAX {
        return None;
    }
    // Sex, eye and hair colour, expression and pose of the person, and points in the face, are nobody's
    // business here.
    rest.take(PERSON_BYTES)?;
    let feature_bytes = usize::from(feature_points) * FEATURE_POINT_BYTES;
    rest.take(feature_bytes)?;
    rest.take(IMAGE_INFORMATION_BYTES)?;
    let header_bytes = FACIAL_INFORMATION_BYTES + feature_bytes + IMAGE_INFORMATION_BYTES;
    rest.take(block_bytes.checked_sub(header_bytes)?)
}
