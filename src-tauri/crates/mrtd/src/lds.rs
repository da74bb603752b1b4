//! The files with the person in them (ICAO Doc 9303-10, LDS1): DG1, the machine-readable zone, and DG2, the
//! face.
//!
//! Whoever made the chip made these bytes. Until passive authentication holds they are anybody's, and the
//! image in DG2 is the largest hostile input of the whole desk: everything has a limit that is checked before
//! anything is allocated for it.

mod dg1;
mod face;
mod image;
mod octets;
#[cfg(test)]
mod tests;

pub use dg1::Dg1;
pub use face::{FEATURE_POINTS_MAX, FaceEncoding, FaceRecord, IMAGES_MAX};
pub use image::{FaceError, FaceFormat, FacePixels, Feature, IMAGE_BYTES_MAX, PIXELS_MAX, SIDE_MAX};

use crate::mrz::MrzError;
use smartcard::tlv::{self, Tag, Tlv, TlvError};

/// Longest file that is taken, in bytes: DG2 has 15 to 25 kB (Doc 9303-10, 4.7.2, and its examples), with
/// room for the richest image ([`IMAGE_BYTES_MAX`]) and what ISO/IEC 39794-5 says about it.
pub const FILE_BYTES_MAX: usize = 320 * 1024;

/// Why a data group is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LdsError {
    /// More than [`FILE_BYTES_MAX`].
    #[error("the file is longer than such a file may be")]
    TooLong,
    /// The file isn't made of data objects.
    #[error(transparent)]
    Tlv(#[from] TlvError),
    /// A data object that must be there isn't.
    #[error("the data object {0:?} is missing")]
    Missing(Tag),
    /// A length or a number in the face record says other than the file, or is beyond its limit.
    #[error("a length or a number contradicts the file")]
    Contradiction,
    /// The record holds no face, or in no form that is known.
    #[error("the record is of no known form")]
    UnknownForm,
    /// The machine-readable zone isn't one.
    #[error(transparent)]
    Zone(#[from] MrzError),
    /// The image isn't one that is taken.
    #[error(transparent)]
    Face(#[from] FaceError),
}

/// The data object at `path`.
fn object<'a>(file: &'a [u8], path: &[Tag]) -> Result<Tlv<'a>, LdsError> {
    tlv::find(file, path)?.ok_or(LdsError::Missing(path.last().copied().unwrap_or(Tag(0))))
}
