//! From text to placed glyphs, by a shaper: kerning, ligatures, and combining marks where the font's maker
//! put them.

use std::ops::Range;

use harfrust::{Buffer, ClusterLevel, Direction, Language, ShapeOptions, ShaperFont, shape};
use zeroize::{Zeroize, Zeroizing};

use crate::{
    LetterError,
    fonts::{Face, Fonts},
};

/// One glyph, in font units.
#[derive(Clone, Copy, Default, Zeroize)]
pub(crate) struct Glyph {
    pub(crate) id: u16,
    /// How far the pen moves after it.
    pub(crate) advance: i32,
    /// How far it would move by the font's own width, without kerning.
    pub(crate) width: i32,
    /// Where it stands relative to the pen: marks sit above and below their letter.
    pub(crate) dx: i32,
    pub(crate) dy: i32,
}

/// The smallest piece whose text and glyphs belong together: mostly one character and one glyph, for a letter
/// with combining marks several of each.
#[derive(Clone)]
pub(crate) struct Cluster {
    pub(crate) text: Range<usize>,
    pub(crate) glyphs: Range<usize>,
}

/// A shaped piece of one line in one face. Wiped when dropped, for the code passes through it as well.
pub(crate) struct Run {
    pub(crate) face: Face,
    pub(crate) text: Zeroizing<String>,
    pub(crate) glyphs: Zeroizing<Vec<Glyph>>,
    pub(crate) clusters: Vec<Cluster>,
    /// The face's blank.
    pub(crate) blank: Glyph,
    units_per_em: f32,
}

impl Run {
    /// Shapes `text`, which holds no line break.
    ///
    /// # Errors
    /// [`LetterError::MissingGlyph`] names the first character that the face can't draw.
    pub(crate) fn shape(text: &str, face: Face, fonts: &Fonts) -> Result<Self, LetterError> {
        if let Some(character) = text.chars().find(|c| c.is_control() || is_invisible(*c)) {
            return Err(LetterError::MissingGlyph { character });
        }
        let font_error = |reason: String| LetterError::Font { font: face.name(), reason };
        let shaper = ShaperFont::new(fonts.get(face));
        let mut buffer = Buffer::new();
        buffer.set_direction(Direction::LeftToRight);
        buffer.set_language(Language::new("de"));
        buffer.set_cluster_level(ClusterLevel::MonotoneGraphemes);
        buffer.push_str(text);
        buffer.guess_segment_properties();
        shape(&shaper, &mut buffer, ShapeOptions::new()).map_err(|e| font_error(e.to_string()))?;

        let glyph_id = |id: u32| u16::try_from(id).map_err(|_| font_error("glyph id beyond u16".to_owned()));
        let blank = shaper.nominal_glyph(u32::from(' ')).ok_or_else(|| font_error("no blank".to_owned()))?;
        let blank_width = shaper.glyph_h_advance(blank);
        let blank = Glyph {
            id: glyph_id(blank.to_u32())?,
            advance: blank_width,
            width: blank_width,
            ..Glyph::default()
        };

        let mut glyphs = Zeroizing::new(Vec::with_capacity(buffer.len()));
        let mut clusters: Vec<Cluster> = Vec::new();
        for (info, position) in buffer.glyph_infos().iter().zip(buffer.glyph_positions()) {
            let start = usize::try_from(info.cluster).unwrap_or_default();
            if info.glyph_id == 0 {
                let lacking = text.get(start..).unwrap_or_default().chars();
                let character = lacking
                    .into_iter()
                    .find(|c| shaper.nominal_glyph(u32::from(*c)).is_none())
                    .unwrap_or(char::REPLACEMENT_CHARACTER);
                return Err(LetterError::MissingGlyph { character });
            }
            let at = glyphs.len();
            match clusters.last_mut() {
                Some(last) if last.text.start == start => last.glyphs.end = at + 1,
                previous => {
                    if let Some(previous) = previous {
                        previous.text.end = start;
                    }
                    clusters.push(Cluster { text: start..text.len(), glyphs: at..at + 1 });
                }
            }
            glyphs.push(Glyph {
                id: glyph_id(info.glyph_id)?,
                advance: position.x_advance,
                width: shaper.glyph_h_advance(info.glyph_id.into()),
                dx: position.x_offset,
                dy: position.y_offset,
            });
        }
        buffer.glyph_infos_mut().fill(harfrust::GlyphInfo::default());
        Ok(Self {
            face,
            text: Zeroizing::new(text.to_owned()),
            glyphs,
            clusters,
            blank,
            units_per_em: f32::from(shaper.units_per_em()),
        })
    }

    /// Font units as a part of the type size.
    pub(crate) fn em(&self, font_units: i32) -> f32 {
        let units = font_units as f32;
        units / self.units_per_em
    }

    /// Width in points at the type size `size` (points).
    pub(crate) fn width(&self, size: f32) -> f32 {
        self.em(self.glyphs.iter().map(|glyph| glyph.advance).sum()) * size
    }
}

/// Characters that draw nothing but change how the rest is read or drawn (zero-width, bidirectional and tag
/// characters): no name of DIN 91379 has them, and a sheet that shows something else than its text is a trap.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180B}'..='\u{180E}' | '\u{200B}'..='\u{200F}'
        | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{E0000}'..='\u{E0FFF}')
}
