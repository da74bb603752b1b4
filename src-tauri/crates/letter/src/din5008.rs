//! Business letter, DIN 5008:2020 form B. Millimetres from the upper left corner of an A4 sheet.

use crate::{
    Issuer, LetterError,
    fonts::{Face, Fonts},
    page::{Column, HEIGHT, Ink, PT, Page, Style},
    paragraph::{Line, Span, wrap},
};

/// Left edge of all text.
pub(crate) const LEFT: f32 = 25.0;
/// Right edge of all text.
pub(crate) const RIGHT: f32 = 190.0;
/// Width of the text.
pub(crate) const WIDTH: f32 = RIGHT - LEFT;
/// Nothing is placed below: what most printers can't reach, and some air.
pub(crate) const BOTTOM: f32 = HEIGHT - 15.0;

/// The address zone: 85 × 45 mm, 20 mm from the left; text stands 5 mm inside. It consists of the return line
/// (5 mm), remarks (12.7 mm) and the address itself (27.3 mm).
pub(crate) const ADDRESS_TOP: f32 = 45.0;
pub(crate) const ADDRESS_BOTTOM: f32 = 90.0;
pub(crate) const ADDRESS_RIGHT: f32 = 105.0;
const ADDRESS_LINES_TOP: f32 = ADDRESS_TOP + 5.0 + 12.7;

/// The information block: at most 75 mm wide.
pub(crate) const INFO_LEFT: f32 = 125.0;
const INFO_TOP: f32 = 50.0;

/// Where the sheet is folded.
pub(crate) const FOLDS: [f32; 2] = [105.0, 210.0];
/// Where it is punched.
pub(crate) const HOLE: f32 = 148.5;

/// Sizes in which a recipient's name is tried, points.
const NAME_SIZES: [f32; 4] = [12.0, 11.0, 10.0, 9.0];

/// Fold and hole marks at the left edge, 4 mm inside so that every printer reaches them.
pub(crate) fn marks(page: &mut Page) {
    const START: f32 = 4.0;
    for y in FOLDS {
        page.rule((START, y), (START + 5.0, y), 0.4);
    }
    page.rule((START, HOLE), (START + 3.0, HOLE), 0.4);
}

/// Letterhead: insurer at the left, place at the right.
pub(crate) fn letterhead(page: &mut Page, issuer: &Issuer<'_>, fonts: &Fonts) -> Result<(), LetterError> {
    const BASELINE: f32 = 20.0;
    const MIDDLE: f32 = LEFT + WIDTH * 0.55;
    let (name, desk) = (Style::new(16.0, 1.0, Ink::Black), Style::new(9.0, 1.0, Ink::Grey));
    let head = Column::new("letterhead", LEFT, RIGHT);
    page.put(Line::new(Face::SemiBold, issuer.insurer, fonts)?, head.until(MIDDLE), BASELINE, name)?;
    page.put_right(Line::new(Face::Regular, issuer.place, fonts)?, head.from(MIDDLE), BASELINE, desk)
}

/// What stands in the address zone: never an address.
pub(crate) struct AddressZone<'a> {
    /// Insurer and place make the return line.
    pub(crate) issuer: Issuer<'a>,
    pub(crate) note: &'a str,
    pub(crate) recipient: &'a str,
}

impl AddressZone<'_> {
    /// Places all three; a long name wraps, and shrinks where it must.
    pub(crate) fn put(&self, page: &mut Page, fonts: &Fonts) -> Result<(), LetterError> {
        let zone = Column::new("address zone", LEFT, ADDRESS_RIGHT);
        let (small, normal) = (Style::new(7.5, 1.0, Ink::Grey), Style::new(10.0, 1.0, Ink::Black));
        let sender = format!("{} · {}", self.issuer.insurer, self.issuer.place);
        page.put(Line::new(Face::Regular, &sender, fonts)?, zone, ADDRESS_TOP + 3.8, small)?;
        page.put(Line::new(Face::Regular, self.note, fonts)?, zone, ADDRESS_LINES_TOP - 2.0, normal)?;

        let name = [Span::new(Face::SemiBold, self.recipient)];
        for size in NAME_SIZES {
            let style = Style::new(size, 1.25, Ink::Black);
            let lines = wrap(&name, size, zone.width * PT, fonts)?;
            let first = ADDRESS_LINES_TOP + style.pitch();
            let last = first + style.pitch() * lines.len().saturating_sub(1) as f32;
            // A third of the type size is room for what hangs below the line.
            if last + size / 3.0 / PT <= ADDRESS_BOTTOM {
                page.put_lines(lines, LEFT, first, style);
                return Ok(());
            }
        }
        Err(LetterError::DoesNotFit { part: "recipient" })
    }
}

/// The information block: labels and what they name, one below the other. Returns the baseline of the line
/// after the last.
pub(crate) fn information_block(
    page: &mut Page,
    rows: impl IntoIterator<Item = (Line, Line)>,
) -> Result<f32, LetterError> {
    const VALUES_LEFT: f32 = INFO_LEFT + 22.0;
    let block = Column::new("information block", INFO_LEFT, RIGHT);
    let (label, value) = (Style::new(9.5, 1.0, Ink::Grey), Style::new(10.5, 1.0, Ink::Black));
    let mut baseline = INFO_TOP + 3.8;
    for (name, text) in rows {
        page.put(name, block.until(VALUES_LEFT - 2.0), baseline, label)?;
        page.put(text, block.from(VALUES_LEFT), baseline, value)?;
        baseline += 6.2;
    }
    Ok(baseline)
}

/// The subject line, the last thing above the first fold.
pub(crate) fn heading(page: &mut Page, text: Line) -> Result<(), LetterError> {
    page.put(text, Column::new("heading", LEFT, RIGHT), 98.5, Style::new(22.0, 1.0, Ink::Black))
}
