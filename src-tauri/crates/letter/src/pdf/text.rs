//! One run of glyphs as PDF operations.

use std::collections::BTreeMap;

use printpdf::{DictItem, Op, PdfFontHandle, Point, Pt, TextItem, TextMatrix};

use super::{font::UsedFace, font_id};
use crate::shape::{Glyph, Run};

/// Shows `run` with its first pen position at `origin`.
///
/// The pen follows the font's own widths plus the shaper's kerning. A glyph that the shaper moved off the
/// line (a combining mark) is placed from the origin, and so is what follows it.
pub(super) fn show(ops: &mut Vec<Op>, origin: Point, size: f32, run: &Run, face: &UsedFace) {
    let move_to = |x: i32, y: i32| Op::SetTextMatrix {
        matrix: TextMatrix::Translate(Pt(origin.x.0 + run.em(x) * size), Pt(origin.y.0 + run.em(y) * size)),
    };
    let glyph_op = |glyph: &Glyph| {
        let kerning = -1000.0 * run.em(glyph.advance - glyph.width);
        Op::ShowText { items: vec![TextItem::GlyphIds(vec![face.code(glyph.id, kerning)])] }
    };

    ops.push(Op::StartTextSection);
    ops.push(Op::SetFont { font: PdfFontHandle::External(font_id(run.face)), size: Pt(size) });
    let mut pen = 0;
    let mut pen_is_set = false;
    for cluster in &run.clusters {
        let actual_text = face.needs_actual_text(run, cluster);
        if actual_text {
            ops.push(actual_text_span(run.text.get(cluster.text.clone()).unwrap_or_default()));
        }
        for glyph in run.glyphs.get(cluster.glyphs.clone()).unwrap_or_default() {
            let moved = glyph.dx != 0 || glyph.dy != 0;
            if moved || !pen_is_set {
                ops.push(move_to(pen + glyph.dx, glyph.dy));
            }
            ops.push(glyph_op(glyph));
            pen += glyph.advance;
            pen_is_set = !moved;
        }
        if actual_text {
            if !pen_is_set {
                // Readers take where ActualText ends from its last glyph. A mark ends somewhere above its
                // letter, which would tear the word apart; a blank that ends where the letter ends keeps it
                // together.
                ops.push(move_to(pen - run.blank.advance, 0));
                ops.push(glyph_op(&run.blank));
                pen_is_set = true;
            }
            ops.push(Op::EndMarkedContent);
        }
    }
    ops.push(Op::EndTextSection);
}

/// Opens a stretch whose text is `meaning`, whatever its glyphs say (ISO 32000-1 section 14.9.4).
fn actual_text_span(meaning: &str) -> Op {
    let utf16 = std::iter::once(0xFEFF).chain(meaning.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    let text = DictItem::String { data: utf16, literal: false };
    Op::BeginMarkedContentWithProperties {
        tag: "Span".to_owned(),
        properties: DictItem::Dict { map: BTreeMap::from([("ActualText".to_owned(), text)]) },
    }
}
