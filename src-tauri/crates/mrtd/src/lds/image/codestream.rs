//! The JPEG 2000 codestream (ISO/IEC 15444-1, Annex A).
//!
//! The decoder allocates for every tile, precinct, code-block and layer that the headers declare before it
//! looks at any data, and a header of a hundred bytes may declare millions. So headers are read here first,
//! and what they declare is bounded; features that a portrait doesn't need, of which tiles with headers of
//! their own are the worst, are refused.

use super::coding_style::CodingStyle;
use super::pixels::rgb_bytes;
use super::{FaceError, FacePixels, Feature, within_limits};
use crate::lds::octets::Octets;
use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};
use zeroize::Zeroizing;

/// Markers (Table A.2).
mod marker {
    pub(super) const START_OF_CODESTREAM: u16 = 0xFF4F;
    pub(super) const SIZE: u16 = 0xFF51;
    pub(super) const CODING_STYLE: u16 = 0xFF52;
    pub(super) const CODING_STYLE_OF_COMPONENT: u16 = 0xFF53;
    pub(super) const TILE_PART_LENGTHS: u16 = 0xFF55;
    pub(super) const PACKET_LENGTHS: u16 = 0xFF57;
    pub(super) const PACKET_LENGTHS_OF_TILE_PART: u16 = 0xFF58;
    pub(super) const QUANTIZATION: u16 = 0xFF5C;
    pub(super) const QUANTIZATION_OF_COMPONENT: u16 = 0xFF5D;
    pub(super) const REGION_OF_INTEREST: u16 = 0xFF5E;
    pub(super) const COMPONENT_REGISTRATION: u16 = 0xFF63;
    pub(super) const COMMENT: u16 = 0xFF64;
    pub(super) const START_OF_TILE_PART: u16 = 0xFF90;
    pub(super) const START_OF_DATA: u16 = 0xFF93;
    pub(super) const END_OF_CODESTREAM: u16 = 0xFFD9;
}

/// Most tiles: a portrait is one; tiles of 128 samples along a side make 130 of 1200 × 1600 pixels.
const TILES_MAX: u32 = 256;
/// Most quality layers, as many as the decoder knows.
const LAYERS_MAX: u16 = 32;
/// Most components.
const COMPONENTS_MAX: usize = 3;
/// Bytes of a start of tile-part with its marker.
const TILE_PART_HEADER_BYTES: usize = 12;
/// Most memory for the structure of a tile: precincts, code-blocks and layers of the largest image, cut as
/// finely as encoders do (code-blocks of 16 × 16, 12 layers), take about 14 MB.
const STRUCTURE_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// A codestream of known headers, with true lengths, and nothing else in it.
pub(super) struct Codestream {
    size: Size,
    /// Every tile is there, and all of each that it says it has.
    whole: bool,
    bytes: Zeroizing<Vec<u8>>,
}

impl Codestream {
    /// Copies what decoding needs: size, coding styles, quantization, tile-parts.
    pub(super) fn clean(image: &[u8]) -> Result<Self, FaceError> {
        let mut rest = Octets(image);
        // As long as the image, and an end of codestream where that one lacks it: the vector never moves.
        let mut cleaned = Cleaned(Zeroizing::new(Vec::with_capacity(image.len() + 2)));
        if (rest.u16(), rest.u16()) != (Some(marker::START_OF_CODESTREAM), Some(marker::SIZE)) {
            return Err(FaceError::Malformed);
        }
        let size_segment = rest.segment().ok_or(FaceError::Malformed)?;
        let size = Size::parse(size_segment)?;
        cleaned.marker(marker::START_OF_CODESTREAM);
        cleaned.segment(marker::SIZE, size_segment.0);
        main_header(&mut rest, &size, &mut cleaned)?;
        let mut seen = Seen::default();
        while tile_part(&mut rest, &size, &mut cleaned, &mut seen)? {}
        cleaned.marker(marker::END_OF_CODESTREAM);
        let whole = !seen.cut && seen.tiles >= size.tiles();
        Ok(Self { size, whole, bytes: cleaned.0 })
    }

    /// Width and height.
    pub(super) fn size(&self) -> (u32, u32) {
        (self.size.width, self.size.height)
    }

    /// Whether it reaches to its own end.
    pub(super) fn is_whole(&self) -> bool {
        self.whole
    }

    pub(super) fn decode(self) -> Result<FacePixels, FaceError> {
        let (width, height) = self.size();
        // Not strict: a codestream that was cut at the size that a chip has room for is a little blurred, and
        // still a face.
        let settings =
            DecodeSettings { resolve_palette_indices: false, strict: false, target_resolution: None };
        let image = Image::new(&self.bytes, &settings).map_err(|_| FaceError::Malformed)?;
        let mut context = DecoderContext::default();
        let decoded = image.decode(&mut context).map_err(|_| FaceError::Malformed)?;
        let samples = rgb_bytes(width, height).ok_or(FaceError::TooLarge)?;
        let components = decoded.components();
        let is_whole = components.len() == self.size.components.len()
            && components.iter().all(|component| component.samples().len() * 3 == samples);
        if !is_whole {
            return Err(FaceError::Malformed);
        }
        let mut rgb = Zeroizing::new(vec![0; samples]);
        if components.len() == COMPONENTS_MAX {
            decoded.store_u8_into(&mut rgb);
        } else {
            let mut grey = Zeroizing::new(vec![0; samples / 3]);
            decoded.store_u8_into(&mut grey);
            for (pixel, grey) in rgb.as_chunks_mut::<3>().0.iter_mut().zip(grey.iter()) {
                *pixel = [*grey; 3];
            }
        }
        FacePixels::new(width, height, rgb).ok_or(FaceError::Malformed)
    }
}

/// What of the tiles was there.
#[derive(Default)]
struct Seen {
    /// Tiles that have begun.
    tiles: u32,
    /// A tile-part ends before the end that it names.
    cut: bool,
}

/// The cleaned copy as it grows.
struct Cleaned(Zeroizing<Vec<u8>>);

impl Cleaned {
    fn marker(&mut self, marker: u16) {
        self.0.extend(marker.to_be_bytes());
    }

    /// Appends a segment; it came from one, so its length fits.
    fn segment(&mut self, marker: u16, content: &[u8]) {
        let [.., high, low] = (content.len() + 2).to_be_bytes();
        self.marker(marker);
        self.0.extend([high, low]);
        self.0.extend_from_slice(content);
    }
}

/// SIZ (A.5.1).
struct Size {
    width: u32,
    height: u32,
    tile_width: u32,
    tile_height: u32,
    /// How many samples of the grid one of the component's is, across and down.
    components: Vec<[u8; 2]>,
}

impl Size {
    fn parse(mut segment: Octets<'_>) -> Result<Self, FaceError> {
        segment.u16().ok_or(FaceError::Malformed)?;
        let mut number = || segment.u32().ok_or(FaceError::Malformed);
        let (width, height) = within_limits(number()?, number()?)?;
        let offsets = [number()?, number()?];
        let (tile_width, tile_height) = (number()?, number()?);
        let tile_offsets = [number()?, number()?];
        let count = segment.u16().ok_or(FaceError::Malformed)?;
        let (components, rest) = segment.0.as_chunks::<3>();
        if components.len() != usize::from(count) || !rest.is_empty() || tile_width == 0 || tile_height == 0 {
            return Err(FaceError::Malformed);
        }
        if offsets != [0; 2] || tile_offsets != [0; 2] {
            return Err(FaceError::Unsupported(Feature::Offset));
        }
        if !matches!(components.len(), 1 | COMPONENTS_MAX) {
            return Err(FaceError::Unsupported(Feature::Components));
        }
        if components.iter().any(|[depth, ..]| *depth != 7) {
            return Err(FaceError::Unsupported(Feature::BitDepth));
        }
        let components: Vec<[u8; 2]> = components.iter().map(|[_, across, down]| [*across, *down]).collect();
        // The first, brightness or red, as fine as the image; the others at least half as fine.
        let usual = components.first() == Some(&[1, 1])
            && components.iter().flatten().all(|distance| matches!(distance, 1 | 2));
        if !usual {
            return Err(FaceError::Unsupported(Feature::Sampling));
        }
        let size = Self { width, height, tile_width, tile_height, components };
        if size.tiles() > TILES_MAX { Err(FaceError::TooLarge) } else { Ok(size) }
    }

    fn tiles(&self) -> u32 {
        // A side has at most SIDE_MAX tiles, so this stays far below the limits of its type.
        self.width.div_ceil(self.tile_width) * self.height.div_ceil(self.tile_height)
    }
}

/// The main header behind SIZ, up to and including the marker of the first tile-part.
fn main_header(rest: &mut Octets<'_>, size: &Size, cleaned: &mut Cleaned) -> Result<(), FaceError> {
    let mut default = None;
    let mut of_components = [None; COMPONENTS_MAX];
    let mut quantized = false;
    loop {
        let marker = rest.u16().ok_or(FaceError::Malformed)?;
        if marker == marker::START_OF_TILE_PART {
            break;
        }
        let segment = header_segment(rest, marker)?;
        match marker {
            marker::CODING_STYLE => default = Some(coding_style(segment, size).ok_or(FaceError::Malformed)?),
            marker::CODING_STYLE_OF_COMPONENT => {
                let (component, style) = coding_style_of_component(segment).ok_or(FaceError::Malformed)?;
                *of_components.get_mut(component).ok_or(FaceError::Malformed)? = Some(style);
            }
            marker::QUANTIZATION if is_quantization(segment) => quantized = true,
            marker::QUANTIZATION_OF_COMPONENT if is_quantization_of_component(segment) => {}
            marker::REGION_OF_INTEREST if segment.0.len() == 3 => {}
            marker::QUANTIZATION | marker::QUANTIZATION_OF_COMPONENT | marker::REGION_OF_INTEREST => {
                return Err(FaceError::Malformed);
            }
            _ => continue,
        }
        cleaned.segment(marker, segment.0);
    }
    let (style, layers) = default.filter(|_| quantized).ok_or(FaceError::Malformed)?;
    let structure: u64 = size
        .components
        .iter()
        .zip(of_components)
        .map(|([across, down], own)| {
            let width = size.width.min(size.tile_width).div_ceil(u32::from(*across));
            let height = size.height.min(size.tile_height).div_ceil(u32::from(*down));
            own.unwrap_or(style).structure_bytes(width, height, layers)
        })
        .sum();
    if structure > STRUCTURE_BYTES_MAX { Err(FaceError::TooLarge) } else { Ok(()) }
}

/// The segment of a marker that is taken in a header, empty if it has none (A.1.3).
fn header_segment<'a>(rest: &mut Octets<'a>, marker: u16) -> Result<Octets<'a>, FaceError> {
    match marker {
        0xFF30..=0xFF3F => Ok(Octets(&[])),
        marker::CODING_STYLE
        | marker::CODING_STYLE_OF_COMPONENT
        | marker::QUANTIZATION
        | marker::QUANTIZATION_OF_COMPONENT
        | marker::REGION_OF_INTEREST
        | marker::TILE_PART_LENGTHS
        | marker::PACKET_LENGTHS
        | marker::COMPONENT_REGISTRATION
        | marker::COMMENT => rest.segment().ok_or(FaceError::Malformed),
        0xFF4F..=0xFFFF => Err(FaceError::Unsupported(Feature::Codestream)),
        _ => Err(FaceError::Malformed),
    }
}

/// COD (A.6.1): the style, and the number of layers.
fn coding_style<'a>(mut segment: Octets<'a>, size: &Size) -> Option<(CodingStyle<'a>, u16)> {
    let flags = segment.u8()?;
    let progression = segment.u8()?;
    let layers = segment.u16()?;
    let transformation = segment.u8()?;
    // Precincts, SOP and EPH; five progressions; the transformation of three components.
    let fits = flags <= 0x07
        && progression <= 4
        && (1..=LAYERS_MAX).contains(&layers)
        && (transformation == 0 || transformation == 1 && size.components.len() == COMPONENTS_MAX);
    fits.then(|| CodingStyle::parse(segment, flags & 1 != 0)).flatten().map(|style| (style, layers))
}

/// COC (A.6.2): the component, and its style.
fn coding_style_of_component(mut segment: Octets<'_>) -> Option<(usize, CodingStyle<'_>)> {
    let component = usize::from(segment.u8()?);
    let flags = segment.u8().filter(|flags| *flags <= 1)?;
    Some((component, CodingStyle::parse(segment, flags == 1)?))
}

/// QCD (A.6.4): whether the length is that of the style.
fn is_quantization(mut segment: Octets<'_>) -> bool {
    match segment.u8().map(|style| style & 0x1F) {
        Some(0) => true,
        Some(1) => segment.0.len() == 2,
        Some(2) => segment.0.len().is_multiple_of(2),
        _ => false,
    }
}

/// QCC (A.6.5).
fn is_quantization_of_component(mut segment: Octets<'_>) -> bool {
    segment.u8().is_some_and(|component| usize::from(component) < COMPONENTS_MAX) && is_quantization(segment)
}

/// Copies a tile-part whose marker was read (A.4.2); whether another one follows.
fn tile_part(
    rest: &mut Octets<'_>,
    size: &Size,
    cleaned: &mut Cleaned,
    seen: &mut Seen,
) -> Result<bool, FaceError> {
    let header = rest.segment().ok_or(FaceError::Malformed)?.0;
    let [tile_high, tile_low, l0, l1, l2, l3, part, parts] = *header else {
        return Err(FaceError::Malformed);
    };
    if u32::from(u16::from_be_bytes([tile_high, tile_low])) >= size.tiles() {
        return Err(FaceError::Malformed);
    }
    let length = match usize::try_from(u32::from_be_bytes([l0, l1, l2, l3])) {
        // It reaches to the end.
        Ok(0) => {
            seen.cut |= !rest.0.ends_with(&marker::END_OF_CODESTREAM.to_be_bytes());
            rest.0.len()
        }
        length => length
            .ok()
            .and_then(|length| length.checked_sub(TILE_PART_HEADER_BYTES))
            .ok_or(FaceError::Malformed)?,
    };
    seen.cut |= length > rest.0.len();
    seen.tiles += u32::from(part == 0);
    let mut content = Octets(rest.take(length.min(rest.0.len())).unwrap_or_default());
    if tile_part_header(&mut content)? {
        let [.., l0, l1, l2, l3] = (content.0.len() + TILE_PART_HEADER_BYTES + 2).to_be_bytes();
        cleaned.segment(marker::START_OF_TILE_PART, &[tile_high, tile_low, l0, l1, l2, l3, part, parts]);
        cleaned.marker(marker::START_OF_DATA);
        cleaned.0.extend_from_slice(content.0);
    }
    Ok(rest.u16() == Some(marker::START_OF_TILE_PART))
}

/// Skips the header of a tile-part; `false` if there is no data behind it.
fn tile_part_header(content: &mut Octets<'_>) -> Result<bool, FaceError> {
    while !content.is_empty() {
        match content.u16() {
            Some(marker::START_OF_DATA) => return Ok(true),
            Some(marker::COMMENT | marker::PACKET_LENGTHS_OF_TILE_PART) => {
                content.segment().ok_or(FaceError::Malformed)?;
            }
            Some(0xFF30..=0xFF3F) => {}
            Some(0xFF4F..) => return Err(FaceError::Unsupported(Feature::Codestream)),
            _ => return Err(FaceError::Malformed),
        }
    }
    Ok(false)
}
