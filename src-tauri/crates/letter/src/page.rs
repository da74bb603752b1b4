//! What stands where on a sheet, before it becomes a PDF. Millimetres from the upper left corner; type sizes
//! and line widths in points.

use zeroize::Zeroize;

use crate::{
    LetterError,
    fonts::Fonts,
    paragraph::{Line, Span, wrap},
    shape::Run,
    symbols::Areas,
};

/// A4, ISO 216.
pub(crate) const WIDTH: f32 = 210.0;
/// A4, ISO 216.
pub(crate) const HEIGHT: f32 = 297.0;

/// Points per millimetre.
pub(crate) const PT: f32 = 72.0 / 25.4;

/// A rectangle.
#[derive(Clone, Copy, Zeroize)]
pub(crate) struct Rect {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) width: f32,
    pub(crate) height: f32,
}

/// How dark text is printed.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Ink {
    Black,
    /// For labels: a contrast of 8.6 : 1 on white paper.
    Grey,
}

/// Type size, leading and colour of a text.
#[derive(Clone, Copy)]
pub(crate) struct Style {
    /// Points.
    pub(crate) size: f32,
    /// From baseline to baseline, as a multiple of the type size.
    pub(crate) leading: f32,
    pub(crate) ink: Ink,
}

impl Style {
    pub(crate) const fn new(size: f32, leading: f32, ink: Ink) -> Self {
        Self { size, leading, ink }
    }

    /// From baseline to baseline, millimetres.
    pub(crate) fn pitch(self) -> f32 {
        self.size * self.leading / PT
    }
}

/// One thing on the sheet.
pub(crate) enum Item {
    Text {
        x: f32,
        baseline: f32,
        size: f32,
        ink: Ink,
        run: Run,
    },
    /// A straight line.
    Rule {
        from: (f32, f32),
        to: (f32, f32),
        width: f32,
        dashed: bool,
    },
    /// A stroked rectangle with round corners.
    Frame {
        rect: Rect,
        radius: f32,
        width: f32,
    },
    /// Black areas, filled as one path so that no renderer leaves seams between them.
    Areas(Areas),
}

/// One sheet of paper.
#[derive(Default)]
pub(crate) struct Page {
    pub(crate) items: Vec<Item>,
}

/// Where a part of the sheet has its text.
#[derive(Clone, Copy)]
pub(crate) struct Column {
    /// What stands there, for errors.
    pub(crate) part: &'static str,
    pub(crate) left: f32,
    pub(crate) width: f32,
}

impl Column {
    pub(crate) const fn new(part: &'static str, left: f32, right: f32) -> Self {
        Self { part, left, width: right - left }
    }

    /// What of the column is right of `left`.
    pub(crate) const fn from(self, left: f32) -> Self {
        Self::new(self.part, left, self.left + self.width)
    }

    /// What of the column is left of `right`.
    pub(crate) const fn until(self, right: f32) -> Self {
        Self::new(self.part, self.left, right)
    }
}

/// How small a line may be set, as a part of its type size, before it counts as too long for its column.
const SMALLEST: f32 = 0.75;

impl Page {
    /// Places `line` at the left of `column`; a line too wide is set smaller.
    pub(crate) fn put(
        &mut self,
        line: Line,
        column: Column,
        baseline: f32,
        style: Style,
    ) -> Result<(), LetterError> {
        let size = fitting(&line, column, style.size)?;
        self.put_runs(line, column.left, baseline, Style { size, ..style });
        Ok(())
    }

    /// Places `line` at the right of `column`; a line too wide is set smaller.
    pub(crate) fn put_right(
        &mut self,
        line: Line,
        column: Column,
        baseline: f32,
        style: Style,
    ) -> Result<(), LetterError> {
        let size = fitting(&line, column, style.size)?;
        let left = column.left + column.width - line.width(size) / PT;
        self.put_runs(line, left, baseline, Style { size, ..style });
        Ok(())
    }

    /// Wraps `spans` to `column` and places them from the first `baseline` on; returns the last baseline.
    pub(crate) fn paragraph(
        &mut self,
        spans: &[Span],
        column: Column,
        baseline: f32,
        style: Style,
        fonts: &Fonts,
    ) -> Result<f32, LetterError> {
        let lines = wrap(spans, style.size, column.width * PT, fonts)?;
        Ok(self.put_lines(lines, column.left, baseline, style))
    }

    /// Places one item of a list: `mark` at the left of `column`, `spans` wrapped at its right, `indent`
    /// millimetres inside; returns the last baseline.
    pub(crate) fn list_item(
        &mut self,
        mark: Line,
        spans: &[Span],
        (column, indent): (Column, f32),
        baseline: f32,
        style: Style,
        fonts: &Fonts,
    ) -> Result<f32, LetterError> {
        self.put(mark, column, baseline, style)?;
        self.paragraph(spans, column.from(column.left + indent), baseline, style, fonts)
    }

    /// Places wrapped lines below each other from the first `baseline` on; returns the last baseline.
    pub(crate) fn put_lines(&mut self, lines: Vec<Line>, left: f32, baseline: f32, style: Style) -> f32 {
        let mut last = baseline;
        for (i, line) in lines.into_iter().enumerate() {
            if i > 0 {
                last += style.pitch();
            }
            self.put_runs(line, left, last, style);
        }
        last
    }

    fn put_runs(&mut self, line: Line, left: f32, baseline: f32, style: Style) {
        let mut x = left;
        for run in line.0 {
            let width = run.width(style.size) / PT;
            self.items.push(Item::Text { x, baseline, size: style.size, ink: style.ink, run });
            x += width;
        }
    }

    /// Draws a straight line of `width` points.
    pub(crate) fn rule(&mut self, from: (f32, f32), to: (f32, f32), width: f32) {
        self.items.push(Item::Rule { from, to, width, dashed: false });
    }
}

/// The page in the first of `sizes` (points of its running text) in which everything fits.
pub(crate) fn in_fitting_size(
    sizes: &[f32],
    lay_out: impl Fn(f32) -> Result<Page, LetterError>,
) -> Result<Page, LetterError> {
    let mut page = Err(LetterError::DoesNotFit { part: "page" });
    for size in sizes {
        page = lay_out(*size);
        if !matches!(page, Err(LetterError::DoesNotFit { .. })) {
            break;
        }
    }
    page
}

/// The type size, `size` or less, in which `line` fits `column`.
fn fitting(line: &Line, column: Column, size: f32) -> Result<f32, LetterError> {
    let fitting = size.min(size * column.width * PT / line.width(size));
    if fitting < size * SMALLEST { Err(LetterError::DoesNotFit { part: column.part }) } else { Ok(fitting) }
}
