//! From a page to PDF bytes, by printpdf. It gets glyphs that are already placed and fonts that are already
//! subset, so that it has nothing left to guess.
//!
//! The same page gives the same bytes: the document's ID, which printpdf draws from a counter, is left out
//! (it is optional, ISO 32000-1 section 14.4), and the dates are the letter's.

mod font;
mod text;

use std::collections::BTreeMap;

use jiff::{civil::Date, tz::TimeZone};
use printpdf::{
    Color, FontId, Greyscale, LineDashPattern, LinePoint, Mm, OffsetDateTime, Op, PdfDocument, PdfFont,
    PdfPage, PdfSaveOptions, Point, Polygon, PolygonRing, Pt,
};
use zeroize::Zeroizing;

use self::font::UsedFace;
use crate::{
    LetterError,
    fonts::Face,
    page::{HEIGHT, Ink, Item, PT, Page, Rect, WIDTH},
};

/// Room for a whole sheet (about 40 kB), so that the bytes are never copied to a larger buffer and all of
/// them are wiped.
const CAPACITY: usize = 256 * 1024;

/// Dash and gap of a dashed line, points.
const DASHES: [f32; 2] = [3.0, 3.0];

/// Distance of a Bézier curve's control points that makes a quarter of a circle.
const CIRCLE: f32 = 0.552_284_8;

/// What identifies the document in the PDF's own information: nothing personal.
pub(crate) struct About<'a> {
    pub(crate) title: &'a str,
    pub(crate) date: Date,
}

/// Writes `page` as a PDF of one A4 sheet.
pub(crate) fn write(page: &Page, about: &About<'_>) -> Result<Zeroizing<Vec<u8>>, LetterError> {
    let mut document = PdfDocument::new(about.title);
    document.metadata.info.producer = "Identplatz".to_owned();
    let midnight = about.date.to_zoned(TimeZone::UTC).map_err(|e| output("date", e))?.timestamp();
    let date = OffsetDateTime::from_unix_timestamp(midnight.as_second()).map_err(|e| output("date", e))?;
    document.metadata.info.creation_date = date;
    document.metadata.info.modification_date = date;

    let faces = UsedFace::collect(page);
    for (face, used) in &faces {
        document.resources.fonts.map.insert(font_id(*face), PdfFont::new(used.subset(*face)?));
    }
    document.pages.push(PdfPage::new(Mm(WIDTH), Mm(HEIGHT), operations(page, &faces)));

    // Warnings are printpdf's remarks about our operations; none is made for these, and the tests read every
    // sheet back.
    let mut file = printpdf::to_lopdf_doc(&document, &PdfSaveOptions::default(), &mut Vec::new());
    file.trailer.remove(b"ID");
    file.compress();
    let mut bytes = Zeroizing::new(Vec::with_capacity(CAPACITY));
    file.save_to(&mut *bytes).map_err(|e| output("PDF", e))?;
    Ok(bytes)
}

fn output(part: &'static str, reason: impl ToString) -> LetterError {
    LetterError::Output { part, reason: reason.to_string() }
}

fn font_id(face: Face) -> FontId {
    FontId(face.name().to_owned())
}

fn operations(page: &Page, faces: &BTreeMap<Face, UsedFace>) -> Vec<Op> {
    let mut ops = Vec::new();
    for item in &page.items {
        match item {
            Item::Text { x, baseline, size, ink, run } => {
                if let Some(face) = faces.get(&run.face) {
                    ops.push(Op::SetFillColor { col: grey(*ink) });
                    text::show(&mut ops, point(*x, *baseline), *size, run, face);
                }
            }
            Item::Rule { from, to, width, dashed } => {
                ops.push(Op::SetOutlineThickness { pt: Pt(*width) });
                ops.push(Op::SetLineDashPattern {
                    dash: if *dashed { LineDashPattern::new(0.0, &DASHES) } else { LineDashPattern::solid() },
                });
                let corners = [corner(point(from.0, from.1)), corner(point(to.0, to.1))];
                ops.push(Op::DrawLine {
                    line: printpdf::Line { points: corners.to_vec(), is_closed: false },
                });
            }
            Item::Frame { rect, radius, width } => {
                ops.push(Op::SetOutlineThickness { pt: Pt(*width) });
                ops.push(Op::SetLineDashPattern { dash: LineDashPattern::solid() });
                ops.push(Op::DrawLine { line: rounded(*rect, *radius) });
            }
            Item::Areas(areas) => {
                ops.push(Op::SetFillColor { col: grey(Ink::Black) });
                let rings = areas.iter().map(|area| PolygonRing { points: corners(*area) }).collect();
                ops.push(Op::DrawPolygon { polygon: Polygon { rings, ..Polygon::default() } });
            }
        }
    }
    ops
}

fn grey(ink: Ink) -> Color {
    let percent = match ink {
        Ink::Black => 0.0,
        Ink::Grey => 0.31,
    };
    Color::Greyscale(Greyscale::new(percent, None))
}

/// Millimetres from the upper left corner to PDF's points from the lower left.
fn point(x: f32, y: f32) -> Point {
    Point { x: Pt(x * PT), y: Pt((HEIGHT - y) * PT) }
}

const fn corner(p: Point) -> LinePoint {
    LinePoint { p, bezier: false }
}

fn corners(rect: Rect) -> Vec<LinePoint> {
    let Rect { x, y, width, height } = rect;
    [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        .map(|(x, y)| corner(point(x, y)))
        .to_vec()
}

/// The outline of `rect` with round corners, clockwise from the left end of its upper edge.
fn rounded(rect: Rect, radius: f32) -> printpdf::Line {
    let (left, top, right, bottom) = (rect.x, rect.y, rect.x + rect.width, rect.y + rect.height);
    let (r, k) = (radius, radius * (1.0 - CIRCLE));
    let on = |x, y| LinePoint { p: point(x, y), bezier: false };
    let handle = |x, y| LinePoint { p: point(x, y), bezier: true };
    printpdf::Line {
        points: vec![
            on(left + r, top),
            on(right - r, top),
            handle(right - k, top),
            handle(right, top + k),
            on(right, top + r),
            on(right, bottom - r),
            handle(right, bottom - k),
            handle(right - k, bottom),
            on(right - r, bottom),
            on(left + r, bottom),
            handle(left + k, bottom),
            handle(left, bottom - k),
            on(left, bottom - r),
            on(left, top + r),
            handle(left, top + k),
            handle(left + k, top),
            on(left + r, top),
        ],
        is_closed: true,
    }
}
