//! Targets of the data groups that `mrtd` reads.

use mrtd::lds::{Dg1, FaceRecord, PIXELS_MAX, SIDE_MAX};

/// Most pixels of an image that is decoded here: the largest take seconds in a build that isn't optimized.
const DECODED_PIXELS_MAX: u32 = 64 * 1024;

/// EF.DG1.
pub fn dg1(data: &[u8]) -> bool {
    let Ok(zone) = Dg1::parse(data) else { return false };
    // The zone lies in the file as it is, and its parts with it.
    assert!(zone.document_code().len() <= 2);
    true
}

/// EF.DG2, and the picture in it: within the limits, and with as many pixels as it says.
pub fn face_record(data: &[u8]) -> bool {
    let Ok(face) = FaceRecord::parse(data) else { return false };
    let (width, height) = (face.width(), face.height());
    assert!((1..=SIDE_MAX).contains(&width) && (1..=SIDE_MAX).contains(&height));
    let pixels = width * height;
    assert!(pixels <= PIXELS_MAX && face.image().len() < data.len());
    if pixels > DECODED_PIXELS_MAX {
        return true;
    }
    let Ok(decoded) = face.decode() else { return false };
    assert_eq!((decoded.width(), decoded.height()), (width, height));
    assert_eq!(u32::try_from(decoded.rgb().len()), Ok(pixels * 3));
    assert_eq!(u32::try_from(decoded.to_bmp().len()), Ok(54 + (width * 3).next_multiple_of(4) * height));
    true
}
