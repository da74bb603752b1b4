//! How a JPEG 2000 component is cut into precincts and code-blocks (ISO/IEC 15444-1, A.6.1), and what that
//! costs a decoder.

use crate::lds::octets::Octets;

/// Most decomposition levels: an image of [`SIDE_MAX`](super::SIDE_MAX) is a single sample after eleven.
const LEVELS_MAX: u8 = 11;

/// Precincts of the greatest size, where none is given.
const WHOLE: u8 = 0xFF;

/// Code-block styles of Part 1 (Table A.19); the bit beyond them is high-throughput coding.
const BLOCK_STYLES: u8 = 0x3F;

/// What the decoder allocates for a precinct of a sub-band and for a code-block, with some room, and for a
/// layer of one.
const PRECINCT_BYTES: u64 = 256;
const BLOCK_BYTES: u64 = 256;
const LAYER_BYTES: u64 = 24;

/// SPcod or SPcoc.
#[derive(Clone, Copy)]
pub(super) struct CodingStyle<'a> {
    levels: u8,
    block_width_exponent: u8,
    block_height_exponent: u8,
    precincts: &'a [u8],
}

impl<'a> CodingStyle<'a> {
    /// Reads the rest of a segment, all of it; `None` if it is malformed.
    pub(super) fn parse(mut rest: Octets<'a>, has_precincts: bool) -> Option<Self> {
        let levels = rest.u8()?;
        // Table A.18: 4 to 1024 samples along a side, 4096 at most.
        let (width, height) =
            (rest.u8().filter(|width| *width <= 8)?, rest.u8().filter(|height| *height <= 8)?);
        let (block_style, transformation) = (rest.u8()?, rest.u8()?);
        let precincts = rest.0;
        let precinct_count = if has_precincts { usize::from(levels) + 1 } else { 0 };
        let fits = levels <= LEVELS_MAX
            && width + height <= 8
            && block_style <= BLOCK_STYLES
            && transformation <= 1
            && precincts.len() == precinct_count
            // Only the lowest resolution may have precincts of one sample (Table A.21).
            && precincts.iter().skip(1).all(|size| size & 0x0F != 0 && size >> 4 != 0);
        let (block_width_exponent, block_height_exponent) = (width + 2, height + 2);
        fits.then_some(Self { levels, block_width_exponent, block_height_exponent, precincts })
    }

    /// Bytes that the decoder allocates for the structure of a tile of this component, at most.
    pub(super) fn structure_bytes(&self, width: u32, height: u32, layers: u16) -> u64 {
        let resolutions = (0..=self.levels).map(|resolution| {
            let size = self.precincts.get(usize::from(resolution)).copied().unwrap_or(WHOLE);
            let shrink = self.levels - resolution;
            let across = Cuts::new(width, shrink, size & 0x0F, self.block_width_exponent, resolution);
            let down = Cuts::new(height, shrink, size >> 4, self.block_height_exponent, resolution);
            let sub_bands = if resolution == 0 { 1 } else { 3 };
            let precincts = sub_bands * across.precincts * down.precincts;
            let blocks = sub_bands * across.blocks * down.blocks;
            precincts * PRECINCT_BYTES + blocks * (BLOCK_BYTES + u64::from(layers) * LAYER_BYTES)
        });
        resolutions.sum()
    }
}

/// Into how many precincts and code-blocks one side of a resolution is cut, at most.
struct Cuts {
    precincts: u64,
    blocks: u64,
}

impl Cuts {
    /// `side` of the tile in samples, `shrink` by how many powers of two this resolution is smaller.
    fn new(side: u32, shrink: u8, precinct_exponent: u8, block_exponent: u8, resolution: u8) -> Self {
        // A tile may begin anywhere, so each grid may cut it once more than its size says.
        let samples = (u64::from(side) >> shrink) + 1;
        // Above the lowest resolution a sub-band has half the samples, and half the precinct (B.6, B.7).
        let halved = u8::from(resolution > 0);
        let block_exponent = block_exponent.min(precinct_exponent.saturating_sub(halved));
        Self {
            precincts: (samples >> precinct_exponent) + 2,
            blocks: (((samples >> halved) + 1) >> block_exponent) + 2,
        }
    }
}
