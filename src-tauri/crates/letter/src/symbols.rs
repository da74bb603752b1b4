//! Barcode and QR code as areas of ink, sized in whole dots of a 600 dpi printer so that every bar is as wide
//! as the next.

use barcoders::sym::code128::Code128;
use qrcode::{Color, EcLevel, QrCode, Version};
use zeroize::Zeroizing;

use crate::{LetterError, page::Rect, secret::QrLink};

/// One dot of a 600 dpi printer, millimetres.
const DOT: f32 = 25.4 / 600.0;

/// Areas of ink; wiped when dropped, for a QR code's say the code.
pub(crate) type Areas = Zeroizing<Vec<Rect>>;

/// Width of a bar's module: 8 dots, 0.339 mm (hand-held scanners want 0.25 mm at least).
pub(crate) const BAR_MODULE: f32 = 8.0 * DOT;

/// Largest QR version on the sheet: 41 modules a side stay large enough for any telephone.
const MAX_QR_VERSION: i16 = 6;
/// Smallest side of the QR code without its quiet zone, millimetres.
const MIN_QR_SIDE: f32 = 33.0;
/// Free space around a QR code, modules (ISO/IEC 18004 section 6.3.8).
pub(crate) const QUIET_MODULES: f32 = 4.0;

/// The bars of a Code 128 (code set B) of `text`, from the left edge `x`, which is moved to a whole printer
/// dot.
pub(crate) fn code128(text: &str, x: f32, y: f32, height: f32) -> Result<Areas, LetterError> {
    // barcoders' sign for code set B.
    let encoded = Code128::new(format!("\u{181}{text}")).map_err(|e| output("barcode", e))?.encode();
    let bars = dark_runs(&encoded);
    let x = on_grid(x);
    let bar = |(start, length)| Rect { x: x + start * BAR_MODULE, y, width: length * BAR_MODULE, height };
    Ok(Areas::new(bars.map(bar).collect()))
}

/// A QR code, not yet placed.
pub(crate) struct Qr {
    modules: Zeroizing<Vec<u8>>,
    per_side: usize,
    /// Side of one module, millimetres.
    pub(crate) module: f32,
}

impl Qr {
    /// Encodes `link` with error correction level Q (a quarter may be lost), as small as it goes.
    pub(crate) fn new(link: &QrLink) -> Result<Self, LetterError> {
        let code = QrCode::with_error_correction_level(link.expose(), EcLevel::Q)
            .map_err(|e| output("QR code", e))?;
        if !matches!(code.version(), Version::Normal(version) if version <= MAX_QR_VERSION) {
            return Err(LetterError::MalformedLink);
        }
        let per_side = code.width();
        let modules = code.into_colors().into_iter().map(|color| u8::from(color == Color::Dark)).collect();
        let dots = (MIN_QR_SIDE / DOT / count(per_side)).ceil();
        Ok(Self { modules: Zeroizing::new(modules), per_side, module: dots * DOT })
    }

    /// Side without quiet zone, millimetres.
    pub(crate) fn side(&self) -> f32 {
        count(self.per_side) * self.module
    }

    /// The dark areas with the upper left corner at `x` (moved to a whole printer dot) and `y`.
    pub(crate) fn areas(&self, x: f32, y: f32) -> Areas {
        // Room for every second module, so that nothing of the code is left behind by a growing buffer.
        let mut areas = Areas::new(Vec::with_capacity(self.modules.len() / 2 + self.per_side));
        let x = on_grid(x);
        for (row, modules) in self.modules.chunks(self.per_side).enumerate() {
            areas.extend(dark_runs(modules).map(|(start, length)| Rect {
                x: x + start * self.module,
                y: y + count(row) * self.module,
                width: length * self.module,
                height: self.module,
            }));
        }
        areas
    }
}

/// Start and length of each unbroken run of dark modules (1).
fn dark_runs(modules: &[u8]) -> impl Iterator<Item = (f32, f32)> {
    let runs = modules.chunk_by(|a, b| a == b).scan(0, |at, run| {
        let start = *at;
        *at += run.len();
        Some((start, run))
    });
    runs.filter(|(_, run)| run.first() == Some(&1)).map(|(start, run)| (count(start), count(run.len())))
}

fn on_grid(mm: f32) -> f32 {
    (mm / DOT).round() * DOT
}

const fn count(n: usize) -> f32 {
    n as f32
}

fn output(part: &'static str, reason: impl ToString) -> LetterError {
    LetterError::Output { part, reason: reason.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CodeText, qr_link};

    #[test]
    fn the_check_character_is_that_of_the_standard() {
        // ISO/IEC 15417, symbol check character, worked out by hand: start B, then position × value:
        // 104 + 1·48 + 2·42 + 3·42 + 4·17 + 5·18 + 6·19 + 7·35 = 879 = 8·103 + 55; 55 is "W", bars and spaces
        // 311123.
        let encoded = Code128::new("\u{181}PJJ123C").unwrap().encode();
        let check: String = encoded[11 * 8..11 * 9].iter().map(ToString::to_string).collect();
        assert_eq!(check, "11101000110");
        let stop: String = encoded[11 * 9..].iter().map(ToString::to_string).collect();
        assert_eq!(stop, "1100011101011");
    }

    #[test]
    fn a_barcode_of_a_reference_is_57_millimetres_wide() {
        let bars = code128("A-M3PWC6YNKH", 125.0, 70.0, 10.0).unwrap();
        let (first, last) = (bars.first().unwrap(), bars.last().unwrap());
        assert_eq!(bars.len(), 14 * 3 + 4, "three bars a character, four in the stop character");
        assert!((last.x + last.width - first.x - 167.0 * BAR_MODULE).abs() < 0.001);
        assert!(bars.iter().all(|bar| bar.width >= 0.25));
    }

    #[test]
    fn the_qr_code_is_small_in_modules_and_large_on_paper() {
        let code = CodeText::new("7KQ4XR9BTW2B").unwrap();
        for base in ["https://a.de", "https://app.beispielkasse.de", "https://identitaet.eine-lange-kasse.de"]
        {
            let Ok(link) = qr_link(base, "A-M3PWC6YNKH", code) else { panic!("{base}") };
            let qr = Qr::new(&link).unwrap();
            assert!(qr.per_side <= 41 && (33.0..35.0).contains(&qr.side()), "{base}: {}", qr.side());
        }
    }
}
