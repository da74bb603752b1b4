//! The part of a font that a page needs.

use std::collections::BTreeMap;

use printpdf::{Codepoint, ParsedFont};
use subsetter::GlyphRemapper;

use crate::{
    LetterError,
    fonts::Face,
    page::{Item, Page},
    shape::{Cluster, Run},
};

/// The glyphs of a face that a page uses.
#[derive(Default)]
pub(super) struct UsedFace {
    /// Glyph ids of the font file to those of the subset.
    remapper: GlyphRemapper,
    /// What a glyph means when it stands for itself (ToUnicode). A glyph that means something else in another
    /// place gets an `ActualText` there.
    meaning: BTreeMap<u16, String>,
}

impl UsedFace {
    pub(super) fn collect(page: &Page) -> BTreeMap<Face, Self> {
        let mut faces: BTreeMap<Face, Self> = BTreeMap::new();
        for item in &page.items {
            let Item::Text { run, .. } = item else { continue };
            let face = faces.entry(run.face).or_default();
            face.remapper.remap(run.blank.id);
            face.learn(run.blank.id, " ");
            for cluster in &run.clusters {
                let glyphs = run.glyphs.get(cluster.glyphs.clone()).unwrap_or_default();
                for glyph in glyphs {
                    face.remapper.remap(glyph.id);
                }
                let text = run.text.get(cluster.text.clone()).unwrap_or_default();
                match glyphs {
                    [glyph] => face.learn(glyph.id, text),
                    // For readers that don't know ActualText: most marks are a glyph each.
                    _ if glyphs.len() == text.chars().count() => {
                        for (glyph, (at, c)) in glyphs.iter().zip(text.char_indices()) {
                            face.learn(glyph.id, text.get(at..at + c.len_utf8()).unwrap_or_default());
                        }
                    }
                    _ => {}
                }
            }
        }
        faces
    }

    fn learn(&mut self, glyph: u16, text: &str) {
        self.meaning.entry(glyph).or_insert_with(|| text.to_owned());
    }

    /// The font with nothing but the used glyphs, as printpdf embeds it.
    pub(super) fn subset(&self, face: Face) -> Result<ParsedFont, LetterError> {
        let font_error = |reason: String| LetterError::Font { font: face.name(), reason };
        let bytes =
            subsetter::subset(face.bytes(), 0, &self.remapper).map_err(|e| font_error(e.to_string()))?;
        let mut font = ParsedFont::from_bytes(&bytes, 0, &mut Vec::new())
            .ok_or_else(|| font_error("the subset is not a font".to_owned()))?;
        // ISO 32000-1 section 9.6.4: six letters mark a subset.
        let tag = match face {
            Face::Regular => "SUBREG",
            Face::SemiBold => "SUBSEM",
            Face::Code => "SUBCOD",
        };
        font.font_name = Some(format!("{tag}+{}", face.name()));
        Ok(font)
    }

    /// How a content stream shows the glyph `id` of the font file.
    pub(super) fn code(&self, id: u16, kerning: f32) -> Codepoint {
        let meaning = self.meaning.get(&id).cloned().unwrap_or_default();
        Codepoint::with_cid(self.remapper.get(id).unwrap_or_default(), kerning, meaning)
    }

    /// Whether the cluster's text can't be had from its glyphs' meanings.
    pub(super) fn needs_actual_text(&self, run: &Run, cluster: &Cluster) -> bool {
        let glyphs = run.glyphs.get(cluster.glyphs.clone()).unwrap_or_default();
        let text = run.text.get(cluster.text.clone()).unwrap_or_default();
        match glyphs {
            [glyph] => self.meaning.get(&glyph.id).is_none_or(|meaning| meaning != text),
            _ => true,
        }
    }
}
