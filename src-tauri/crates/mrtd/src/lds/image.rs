//! The image of a face: its form, its limits, its pixels.
//!
//! Neither decoder sees the bytes of a document. Of each image first a cleaned copy is made that holds only
//! what this module has read and understood, with every length in it true; the decoder reads that.

mod codestream;
mod coding_style;
mod jp2;
mod jpeg;
mod pixels;

pub use pixels::FacePixels;

use std::fmt;

/// Longest image that is taken, in bytes: documents have 12 to 25 kB, and the richest ones known about 100.
pub const IMAGE_BYTES_MAX: usize = 256 * 1024;

/// Most pixels along a side: portraits have 413 × 531 (35 mm × 45 mm at 300 dpi) or, at 600 dpi and more, up
/// to 1200 × 1600.
pub const SIDE_MAX: u32 = 2_048;

/// Most pixels of an image. JPEG 2000 takes about 23 bytes of memory for each while it is decoded: 46 MiB.
pub const PIXELS_MAX: u32 = 2 * 1024 * 1024;

/// The form of an image, told by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaceFormat {
    /// JPEG (ISO/IEC 10918-1).
    Jpeg,
    /// JPEG 2000 in a JP2 file (ISO/IEC 15444-1, Annex I).
    Jp2,
    /// JPEG 2000, the codestream alone (ISO/IEC 15444-1, Annex A).
    Jpeg2000Codestream,
}

impl FaceFormat {
    /// The form of `image`.
    fn of(image: &[u8]) -> Option<Self> {
        const SIGNATURES: [(FaceFormat, &[u8]); 3] = [
            (FaceFormat::Jpeg, &[0xFF, 0xD8, 0xFF]),
            (FaceFormat::Jp2, &[0x00, 0x00, 0x00, 0x0C, 0x6A, 0x50, 0x20, 0x20]),
            (FaceFormat::Jpeg2000Codestream, &[0xFF, 0x4F, 0xFF, 0x51]),
        ];
        SIGNATURES.iter().find(|(_, signature)| image.starts_with(signature)).map(|(format, _)| *format)
    }
}

/// Something that the standards allow, and that no portrait of a document needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feature {
    /// JPEG other than sequential with Huffman coding, or in several scans.
    Process,
    /// Other than one or three components.
    Components,
    /// Other than eight bits without a sign.
    BitDepth,
    /// Components of unusual resolution.
    Sampling,
    /// A palette, or colours that aren't grey or RGB.
    Colours,
    /// An image that doesn't begin at the origin of its grid.
    Offset,
    /// A JPEG 2000 codestream with packed packet headers, changes of progression, or coding styles of single
    /// tiles.
    Codestream,
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Process => "another process than sequential JPEG",
            Self::Components => "another number of components than one or three",
            Self::BitDepth => "another depth than eight bits",
            Self::Sampling => "an unusual sampling",
            Self::Colours => "an unusual colour space",
            Self::Offset => "an offset",
            Self::Codestream => "an unusual part of JPEG 2000",
        })
    }
}

/// Why an image isn't decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FaceError {
    /// It is neither JPEG nor JPEG 2000.
    #[error("the face is of no known image format")]
    UnknownFormat,
    /// It breaks the rules of its format.
    #[error("the face image is damaged")]
    Malformed,
    /// It has a feature that isn't taken.
    #[error("the face image has {0}")]
    Unsupported(Feature),
    /// It is beyond [`IMAGE_BYTES_MAX`], [`SIDE_MAX`] or [`PIXELS_MAX`], or would take more memory than its
    /// size explains.
    #[error("the face image is too large")]
    TooLarge,
}

/// What an image says of itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct ImageHeader {
    pub(super) format: FaceFormat,
    pub(super) width: u32,
    pub(super) height: u32,
    /// Whether it reaches to its own end.
    pub(super) whole: bool,
}

impl fmt::Debug for ImageHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}, {} x {}", self.format, self.width, self.height)
    }
}

/// An image ready for its decoder.
enum Cleaned {
    Jpeg(jpeg::Sequential),
    Jpeg2000(codestream::Codestream),
}

impl Cleaned {
    fn new(format: FaceFormat, image: &[u8]) -> Result<Self, FaceError> {
        if image.len() > IMAGE_BYTES_MAX {
            return Err(FaceError::TooLarge);
        }
        match format {
            FaceFormat::Jpeg => jpeg::Sequential::clean(image).map(Self::Jpeg),
            FaceFormat::Jp2 => codestream::Codestream::clean(jp2::codestream(image)?).map(Self::Jpeg2000),
            FaceFormat::Jpeg2000Codestream => codestream::Codestream::clean(image).map(Self::Jpeg2000),
        }
    }

    fn size(&self) -> (u32, u32) {
        match self {
            Self::Jpeg(jpeg) => jpeg.size(),
            Self::Jpeg2000(codestream) => codestream.size(),
        }
    }

    fn is_whole(&self) -> bool {
        match self {
            Self::Jpeg(jpeg) => jpeg.is_whole(),
            Self::Jpeg2000(codestream) => codestream.is_whole(),
        }
    }
}

/// Reads an image as far as its decoder will: all of it but the compressed data.
pub(super) fn header(image: &[u8]) -> Result<ImageHeader, FaceError> {
    let format = FaceFormat::of(image).ok_or(FaceError::UnknownFormat)?;
    let cleaned = Cleaned::new(format, image)?;
    let (width, height) = cleaned.size();
    Ok(ImageHeader { format, width, height, whole: cleaned.is_whole() })
}

/// Decodes an image.
pub(super) fn decode(image: &[u8]) -> Result<FacePixels, FaceError> {
    match Cleaned::new(FaceFormat::of(image).ok_or(FaceError::UnknownFormat)?, image)? {
        Cleaned::Jpeg(jpeg) => jpeg.decode(),
        Cleaned::Jpeg2000(codestream) => codestream.decode(),
    }
}

/// `width` and `height` if an image of that size is taken.
fn within_limits(width: u32, height: u32) -> Result<(u32, u32), FaceError> {
    if width == 0 || height == 0 {
        return Err(FaceError::Malformed);
    }
    if width > SIDE_MAX || height > SIDE_MAX || width * height > PIXELS_MAX {
        return Err(FaceError::TooLarge);
    }
    Ok((width, height))
}
