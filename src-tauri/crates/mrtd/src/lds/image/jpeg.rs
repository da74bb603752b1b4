//! JPEG (ITU-T T.81): sequential with Huffman coding, eight bits, one scan, as ISO/IEC 19794-5 asks for.

use super::pixels::rgb_bytes;
use super::{FaceError, FacePixels, Feature, SIDE_MAX, within_limits};
use crate::lds::octets::Octets;
use zeroize::Zeroizing;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// Second bytes of markers (Table B.1).
mod marker {
    pub(super) const START_OF_IMAGE: u8 = 0xD8;
    pub(super) const END_OF_IMAGE: u8 = 0xD9;
    pub(super) const BASELINE: u8 = 0xC0;
    pub(super) const EXTENDED_SEQUENTIAL: u8 = 0xC1;
    pub(super) const HUFFMAN_TABLES: u8 = 0xC4;
    pub(super) const QUANTIZATION_TABLES: u8 = 0xDB;
    pub(super) const START_OF_SCAN: u8 = 0xDA;
    pub(super) const RESTART_INTERVAL: u8 = 0xDD;
    pub(super) const COMMENT: u8 = 0xFE;
    /// Says whether three components are RGB (Adobe Technical Note 5116).
    pub(super) const ADOBE: u8 = 0xEE;
}

/// Component identifier, sampling factors, quantization table.
type Component = [u8; 3];

/// Sampling factors of a component that is as fine as the image.
const FULL: u8 = 0x11;

/// A JPEG file of one sequential scan, and nothing else in it.
pub(super) struct Sequential {
    width: u32,
    height: u32,
    /// Something stands behind the scan.
    whole: bool,
    bytes: Zeroizing<Vec<u8>>,
}

impl Sequential {
    /// Copies what decoding needs: tables, frame, scan. Application data and comments stay behind, whatever
    /// follows the scan as well.
    pub(super) fn clean(image: &[u8]) -> Result<Self, FaceError> {
        let mut rest = Octets(image);
        // As long as the image, and an end of image where that one lacks it: the vector never moves.
        let mut bytes = Zeroizing::new(Vec::with_capacity(image.len() + 2));
        if next_marker(&mut rest) != Some(marker::START_OF_IMAGE) {
            return Err(FaceError::Malformed);
        }
        bytes.extend([0xFF, marker::START_OF_IMAGE]);
        let mut frame = None;
        loop {
            let marker = next_marker(&mut rest).ok_or(FaceError::Malformed)?;
            let mut segment = || rest.segment().ok_or(FaceError::Malformed);
            match marker {
                marker::HUFFMAN_TABLES
                | marker::QUANTIZATION_TABLES
                | marker::RESTART_INTERVAL
                | marker::ADOBE => keep(&mut bytes, marker, segment()?.0),
                marker::BASELINE | marker::EXTENDED_SEQUENTIAL if frame.is_none() => {
                    let read = Frame::parse(segment()?)?;
                    read.write(&mut bytes, marker);
                    frame = Some(read);
                }
                0xC0..=0xCF => return Err(FaceError::Unsupported(Feature::Process)),
                marker::START_OF_SCAN => {
                    let scan = segment()?.0;
                    let Frame { width, height, components } = frame.ok_or(FaceError::Malformed)?;
                    if scan.first().map(|count| usize::from(*count)) != Some(components.len()) {
                        return Err(FaceError::Unsupported(Feature::Process));
                    }
                    keep(&mut bytes, marker, scan);
                    let coded = entropy_coded(rest.0);
                    bytes.extend_from_slice(coded);
                    bytes.extend([0xFF, marker::END_OF_IMAGE]);
                    return Ok(Self { width, height, whole: coded.len() < rest.0.len(), bytes });
                }
                0xE0..=0xEF | marker::COMMENT => drop(segment()?),
                _ => return Err(FaceError::Malformed),
            }
        }
    }

    /// Width and height.
    pub(super) fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// Whether a marker ends the scan.
    pub(super) fn is_whole(&self) -> bool {
        self.whole
    }

    pub(super) fn decode(self) -> Result<FacePixels, FaceError> {
        let side_max = usize::try_from(SIDE_MAX).unwrap_or_default();
        let options = DecoderOptions::default()
            .set_use_unsafe(false)
            .set_strict_mode(true)
            .set_max_width(side_max)
            .set_max_height(side_max)
            .jpeg_set_out_colorspace(ColorSpace::RGB);
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(self.bytes.as_slice()), options);
        // Its errors quote the image.
        decoder.decode_headers().map_err(|_| FaceError::Malformed)?;
        let expected = rgb_bytes(self.width, self.height);
        let bytes = decoder.output_buffer_size().filter(|size| Some(*size) == expected);
        let mut rgb = Zeroizing::new(vec![0; bytes.ok_or(FaceError::Malformed)?]);
        decoder.decode_into(&mut rgb).map_err(|_| FaceError::Malformed)?;
        FacePixels::new(self.width, self.height, rgb).ok_or(FaceError::Malformed)
    }
}

/// The frame header (B.2.2).
struct Frame {
    width: u32,
    height: u32,
    components: Vec<Component>,
}

impl Frame {
    fn parse(mut segment: Octets<'_>) -> Result<Self, FaceError> {
        let depth = segment.u8();
        let (height, width) = (segment.u16(), segment.u16());
        let count = segment.u8();
        let (Some(depth), Some(height), Some(width), Some(count)) = (depth, height, width, count) else {
            return Err(FaceError::Malformed);
        };
        let (components, rest) = segment.0.as_chunks();
        if components.len() != usize::from(count) || !rest.is_empty() {
            return Err(FaceError::Malformed);
        }
        let (width, height) = within_limits(u32::from(width), u32::from(height))?;
        if depth != 8 {
            return Err(FaceError::Unsupported(Feature::BitDepth));
        }
        let components = match *components {
            // Of one component alone the sampling means nothing.
            [[id, _, table]] => vec![[id, FULL, table]],
            [[_, FULL | 0x12 | 0x21 | 0x22, _], [_, FULL, _], [_, FULL, _]] => components.to_vec(),
            [_, _, _] => return Err(FaceError::Unsupported(Feature::Sampling)),
            _ => return Err(FaceError::Unsupported(Feature::Components)),
        };
        Ok(Self { width, height, components })
    }

    fn write(&self, bytes: &mut Vec<u8>, marker: u8) {
        let [.., height_high, height_low] = self.height.to_be_bytes();
        let [.., width_high, width_low] = self.width.to_be_bytes();
        let [.., count] = self.components.len().to_be_bytes();
        let mut segment = vec![8, height_high, height_low, width_high, width_low, count];
        segment.extend_from_slice(self.components.as_flattened());
        keep(bytes, marker, &segment);
    }
}

/// The next marker; any number of `FF` may stand in front of it (B.1.1.2).
fn next_marker(rest: &mut Octets<'_>) -> Option<u8> {
    let mut code = rest.u8().filter(|first| *first == 0xFF)?;
    while code == 0xFF {
        code = rest.u8()?;
    }
    Some(code)
}

/// Appends a segment; it came from one, so its length fits.
fn keep(bytes: &mut Vec<u8>, marker: u8, segment: &[u8]) {
    let [.., high, low] = (segment.len() + 2).to_be_bytes();
    bytes.extend([0xFF, marker, high, low]);
    bytes.extend_from_slice(segment);
}

/// The entropy-coded data at the front: up to a marker that is neither a stuffed zero, a fill byte nor a
/// restart.
fn entropy_coded(rest: &[u8]) -> &[u8] {
    let is_end = |pair: &[u8]| matches!(pair, [0xFF, code] if !matches!(code, 0x00 | 0xFF | 0xD0..=0xD7));
    let end = rest.windows(2).position(is_end).unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default()
}
