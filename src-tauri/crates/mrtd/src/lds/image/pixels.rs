//! Pixels, and the one form in which they go to a window.

use zeroize::Zeroizing;

/// Bytes of the two headers of a BMP file.
const BMP_HEADER_BYTES: u32 = 54;
/// Bytes of its second header, BITMAPINFOHEADER.
const BMP_INFO_BYTES: u32 = 40;
/// Bits of a pixel of ours.
const BITS_PER_PIXEL: u16 = 24;
/// Bytes of a pixel of ours.
const PIXEL_BYTES: usize = 3;

/// A decoded face, wiped on drop.
///
/// It has no `Debug` and is never written anywhere; [`to_bmp`](Self::to_bmp) is for a one-time answer to the
/// window. What the decoders allocated for themselves is freed without being wiped: that of JPEG 2000 holds
/// the whole picture once more as floating-point numbers, that of JPEG a few lines of it.
pub struct FacePixels {
    width: u32,
    height: u32,
    rgb: Zeroizing<Vec<u8>>,
}

impl FacePixels {
    /// Pixels in rows from the top; `None` unless there are `width` × `height` of them within the limits.
    pub(super) fn new(width: u32, height: u32, rgb: Zeroizing<Vec<u8>>) -> Option<Self> {
        let (width, height) = super::within_limits(width, height).ok()?;
        (rgb.len() == rgb_bytes(width, height)?).then_some(Self { width, height, rgb })
    }

    /// Width in pixels, 1 to [`SIDE_MAX`](super::SIDE_MAX).
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels, 1 to [`SIDE_MAX`](super::SIDE_MAX).
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Red, green and blue of each pixel, in rows from the top.
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// The picture as a BMP file of 24 bits a pixel, the simplest form that every window shows.
    pub fn to_bmp(&self) -> Zeroizing<Vec<u8>> {
        // A row is filled up to a multiple of four bytes.
        let row_bytes = (self.width * 3).next_multiple_of(4);
        let file_bytes = BMP_HEADER_BYTES + row_bytes * self.height;
        let mut bmp = Zeroizing::new(Vec::with_capacity(usize::try_from(file_bytes).unwrap_or_default()));
        bmp.extend(b"BM");
        bmp.extend(file_bytes.to_le_bytes());
        bmp.extend([0; 4]);
        bmp.extend(BMP_HEADER_BYTES.to_le_bytes());
        bmp.extend(BMP_INFO_BYTES.to_le_bytes());
        bmp.extend(self.width.to_le_bytes());
        bmp.extend(self.height.to_le_bytes());
        bmp.extend(1_u16.to_le_bytes());
        bmp.extend(BITS_PER_PIXEL.to_le_bytes());
        // Not compressed, sizes and colours as they are.
        bmp.extend([0; 24]);
        let padding = row_bytes - self.width * 3;
        let pixels_of_row = usize::try_from(self.width).unwrap_or_default() * PIXEL_BYTES;
        for row in self.rgb.chunks_exact(pixels_of_row).rev() {
            bmp.extend(
                row.as_chunks::<PIXEL_BYTES>().0.iter().flat_map(|[red, green, blue]| [*blue, *green, *red]),
            );
            bmp.extend((0..padding).map(|_| 0));
        }
        bmp
    }
}

/// Bytes of the pixels of an image, 3 each.
pub(super) fn rgb_bytes(width: u32, height: u32) -> Option<usize> {
    usize::try_from(width.checked_mul(height)?.checked_mul(3)?).ok()
}
