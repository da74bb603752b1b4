//! The face record of ISO/IEC 39794-5, as the module ID-ICAO-ISO-IEC-39794-5-ed-1-v1 of the ICAO application
//! profile has it: DER with implicit tags, where a tag in front of a CHOICE is explicit.
//!
//! This software makes use of the Schema from ISO/IEC 39794-5 within modifications permitted in the relevant
//! ISO/IEC standard. Please reproduce this note if possible.

use crate::lds::{LdsError, object};
use smartcard::tlv::Tag;

/// The biometric data block holds one element `[1]` with the record of the face.
const BLOCK: Tag = Tag(0xA1);
/// FaceImageDataBlock, `[APPLICATION 5]`.
const FACE_IMAGE_DATA_BLOCK: Tag = Tag(0x65);

/// From FaceImageDataBlock to the image. Only what lies on this way is looked at; everything beside it is
/// optional, or describes the person.
const IMAGE: [Tag; 7] = [
    FACE_IMAGE_DATA_BLOCK,
    Tag(0xA1), // representationBlocks
    Tag(0x30), // RepresentationBlock: the profile has one
    Tag(0xA1), // imageRepresentation, a CHOICE
    Tag(0xA0), // base, a CHOICE
    Tag(0xA0), // imageRepresentation2DBlock
    Tag(0x80), // representationData2D
];

/// Whether a biometric data block begins as such a record does, with or without the element `[1]` around it.
pub(super) fn is_likely(block: &[u8]) -> bool {
    matches!(block.first(), Some(0xA1 | 0x65))
}

/// The image of a record.
pub(super) fn first_image(block: &[u8]) -> Result<&[u8], LdsError> {
    let record = if block.first() == Some(&0xA1) { object(block, &[BLOCK])?.value() } else { block };
    object(record, &IMAGE).map(|image| image.value())
}
