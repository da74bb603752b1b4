//! DG2: from the file to the bytes of the image.

mod iso19794;
mod iso39794;

pub use iso19794::FEATURE_POINTS_MAX;

use super::image::{self, FaceError, FaceFormat, FacePixels, ImageHeader};
use super::{FILE_BYTES_MAX, LdsError, object};
use smartcard::tlv::{self, Tag};
use std::fmt;
use zeroize::Zeroizing;

/// Most faces in a file, and in a record (Doc 9303-10, 4.7.2: one to nine encodings).
pub const IMAGES_MAX: u16 = 9;

const BIOMETRIC_INFORMATION_GROUP: [Tag; 2] = [Tag(0x75), Tag(0x7F61)];
const NUMBER_OF_INSTANCES: Tag = Tag(0x02);
const BIOMETRIC_INFORMATION: Tag = Tag(0x7F60);
const HEADER: Tag = Tag(0xA1);
const BIOMETRIC_TYPE: Tag = Tag(0x81);
/// The biometric data block, primitive and constructed.
const DATA_BLOCK: [Tag; 2] = [Tag(0x5F2E), Tag(0x7F2E)];

/// The biometric type "facial features" (ISO/IEC 19785-1).
const FACIAL_FEATURES: u8 = 0x02;

/// The standard that a face record follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaceEncoding {
    /// ISO/IEC 19794-5:2005, a binary record.
    Iso19794,
    /// ISO/IEC 39794-5, ASN.1 in DER.
    Iso39794,
}

/// The face of DG2, still as the document's issuer compressed it.
///
/// The image is wiped on drop; `Debug` tells its form and size alone.
pub struct FaceRecord {
    encoding: FaceEncoding,
    header: ImageHeader,
    image: Zeroizing<Vec<u8>>,
}

impl FaceRecord {
    /// Reads the first face of EF.DG2 (Doc 9303-10, 4.7.2).
    ///
    /// The image's form and size are its own, told by its first bytes: what the record says about them isn't
    /// used, for there are documents in which it is wrong.
    ///
    /// # Errors
    /// [`LdsError`] where the file isn't of its form or has no face, or the image is beyond the limits.
    pub fn parse(dg2: &[u8]) -> Result<Self, LdsError> {
        if dg2.len() > FILE_BYTES_MAX {
            return Err(LdsError::TooLong);
        }
        let group = object(dg2, &BIOMETRIC_INFORMATION_GROUP)?.value();
        let [count] = *object(group, &[NUMBER_OF_INSTANCES])?.value() else {
            return Err(LdsError::Contradiction);
        };
        if !(1..=IMAGES_MAX).contains(&u16::from(count)) {
            return Err(LdsError::Contradiction);
        }
        let information = object(group, &[BIOMETRIC_INFORMATION])?.value();
        check_header(object(information, &[HEADER])?.value())?;
        let (encoding, image) = first_image(data_block(information)?)?;
        let header = image::header(image)?;
        Ok(Self { encoding, header, image: Zeroizing::new(image.to_vec()) })
    }

    /// The standard that the record follows.
    pub fn encoding(&self) -> FaceEncoding {
        self.encoding
    }

    /// The form of the image.
    pub fn format(&self) -> FaceFormat {
        self.header.format
    }

    /// The image's width in pixels, 1 to [`SIDE_MAX`](super::SIDE_MAX).
    pub fn width(&self) -> u32 {
        self.header.width
    }

    /// The image's height in pixels, 1 to [`SIDE_MAX`](super::SIDE_MAX).
    pub fn height(&self) -> u32 {
        self.header.height
    }

    /// Whether the image reaches to its own end; one that doesn't may be shown all the same, blurred or in
    /// part.
    pub fn is_whole(&self) -> bool {
        self.header.whole
    }

    /// The image as it stands in the document.
    pub fn image(&self) -> &[u8] {
        &self.image
    }

    /// Decodes the image.
    ///
    /// # Errors
    /// [`FaceError`] where the image is damaged, or has a feature that isn't taken.
    pub fn decode(&self) -> Result<FacePixels, FaceError> {
        image::decode(&self.image)
    }
}

impl fmt::Debug for FaceRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FaceRecord({:?}, {:?})", self.encoding, self.header)
    }
}

/// The header of a face names its type, if it names any (in DG2 it is optional); owner and type of the format
/// don't decide, for they don't always agree with the record.
fn check_header(header: &[u8]) -> Result<(), LdsError> {
    match tlv::find(header, &[BIOMETRIC_TYPE])? {
        Some(biometric_type) if biometric_type.value() != [FACIAL_FEATURES] => Err(LdsError::UnknownForm),
        Some(_) | None => Ok(()),
    }
}

fn data_block(information: &[u8]) -> Result<&[u8], LdsError> {
    let [primitive, constructed] = DATA_BLOCK;
    match tlv::find(information, &[primitive])? {
        Some(block) => Ok(block.value()),
        None => object(information, &[constructed]).map(|block| block.value()),
    }
}

fn first_image(block: &[u8]) -> Result<(FaceEncoding, &[u8]), LdsError> {
    if block.starts_with(&iso19794::FORMAT_IDENTIFIER) {
        iso19794::first_image(block).map(|image| (FaceEncoding::Iso19794, image))
    } else if iso39794::is_likely(block) {
        iso39794::first_image(block).map(|image| (FaceEncoding::Iso39794, image))
    } else {
        Err(LdsError::UnknownForm)
    }
}
