//! The hand-over receipt (Empfangsbestätigung): one A4 sheet with two equal copies, one for each side. It
//! holds no code.

use jiff::civil::Date;
use zeroize::Zeroizing;

use crate::{
    Issuer, LetterError, TakesEffect, dates,
    din5008::{LEFT, RIGHT},
    fonts::{Face, Fonts},
    limits::{MAX_AUTHORITY, MAX_LINE, MAX_NAME, check, check_optional},
    page::{Column, HEIGHT, Ink, Item, PT, Page, Style, in_fitting_size},
    paragraph::{Line, Span, wrap},
    pdf,
    secret::check_reference,
    symbols::{BAR_MODULE, code128},
    template::ReceiptTemplate,
    wording::{Wording, subject_line, unbreakable},
};

/// Height of one copy.
const HALF: f32 = HEIGHT / 2.0;
const SHEET: Column = Column::new("receipt", LEFT, RIGHT);
const LABEL: Style = Style::new(9.5, 1.0, Ink::Grey);
/// Sizes in which the running text is tried, points: a carer's receipt with long names needs a smaller one.
const BODY_SIZES: [f32; 5] = [11.0, 10.5, 10.0, 9.5, 9.0];

/// The barcode of a reference ends at the right edge: start, twelve characters and check of 11 modules each,
/// stop of 13.
const BARCODE_LEFT: f32 = RIGHT - 167.0 * BAR_MODULE;

/// What one receipt says.
#[derive(Debug, Clone, Copy)]
pub struct Receipt<'a> {
    /// Who handed the envelope over.
    pub issuer: Issuer<'a>,
    /// Day of the hand-over.
    pub date: Date,
    /// Public reference of the code, `A-` and ten symbols.
    pub reference: &'a str,
    /// What the visit was for, in words: `App freischalten`.
    pub purpose: &'a str,
    /// Name of the person who received the envelope.
    pub recipient: &'a str,
    /// Kind of the document that the recipient showed, never its number: `Personalausweis`.
    pub document: &'a str,
    /// As what the recipient acts for somebody else, in neutral words: `Rechtliche Betreuung`.
    pub role: Option<&'a str>,
    /// Whom the code is for: `Jürgen G., Versichertennummer ••••••5781`.
    pub subject: &'a str,
    /// What was shown for the role: kind of the deed, in which form, court and file number
    /// (`Betreuerausweis im Original, Amtsgericht Altona, 12 XVII 345/23`).
    pub authority: Option<&'a str>,
    /// From when the code works.
    pub takes_effect: TakesEffect,
    /// Last day on which it can be used.
    pub valid_until: Date,
    /// Short ids of the staff: `K17`, with a second look `K17 und K22`.
    pub staff: &'a str,
}

impl Receipt<'_> {
    /// Renders the receipt as a PDF of one A4 sheet. The same receipt gives the same bytes.
    ///
    /// # Errors
    /// As [`crate::ActivationLetter::render`].
    pub fn render(
        &self,
        template: &ReceiptTemplate,
        fonts: &Fonts,
    ) -> Result<Zeroizing<Vec<u8>>, LetterError> {
        let page = self.layout(template, fonts)?;
        pdf::write(&page, &pdf::About { title: self.reference, date: self.date })
    }

    pub(crate) fn layout(&self, template: &ReceiptTemplate, fonts: &Fonts) -> Result<Page, LetterError> {
        self.issuer.check()?;
        check("purpose", self.purpose, MAX_LINE)?;
        check("recipient", self.recipient, MAX_NAME)?;
        check("document", self.document, MAX_LINE)?;
        check_optional("role", self.role, MAX_LINE)?;
        check("subject", self.subject, MAX_LINE)?;
        check_optional("authority", self.authority, MAX_AUTHORITY)?;
        check("staff", self.staff, MAX_LINE)?;
        check_reference(self.reference)?;

        let own = [("date", self.date), ("valid_until", self.valid_until)];
        let wording = Wording::new(
            &self.issuer,
            own.map(|(name, date)| (name, unbreakable(&dates::long(date)))),
            fonts,
        );
        in_fitting_size(&BODY_SIZES, |size| {
            let body = Style::new(size, 1.35, Ink::Black);
            let sheet = Sheet { receipt: self, template, wording: &wording, body, fonts };
            let mut page = Page::default();
            for (top, whose) in [0.0, HALF].into_iter().zip(&template.copies) {
                sheet.head(&mut page, top, whose)?;
                let text_end = sheet.body(&mut page, top)?;
                sheet.signature(&mut page, top, text_end)?;
            }
            page.items.push(Item::Rule { from: (4.0, HALF), to: (206.0, HALF), width: 0.4, dashed: true });
            Ok(page)
        })
    }
}

struct Sheet<'a> {
    receipt: &'a Receipt<'a>,
    template: &'a ReceiptTemplate,
    wording: &'a Wording<'a>,
    body: Style,
    fonts: &'a Fonts,
}

/// The parts of one copy, from `top` on.
impl Sheet<'_> {
    /// Insurer, whose copy it is, heading and barcode.
    fn head(&self, page: &mut Page, top: f32, whose: &str) -> Result<(), LetterError> {
        let Receipt { issuer, reference, .. } = self.receipt;
        let (left, right) = (SHEET.until(BARCODE_LEFT - 5.0), SHEET.from(BARCODE_LEFT));
        let insurer = Line::new(Face::SemiBold, issuer.insurer, self.fonts)?;
        page.put(insurer, left, top + 15.0, Style::new(12.0, 1.0, Ink::Black))?;
        page.put_right(self.wording.line(Face::Regular, whose)?, right, top + 15.0, LABEL)?;
        let heading = self.wording.line(Face::SemiBold, &self.template.heading)?;
        page.put(heading, left, top + 27.5, Style::new(18.0, 1.0, Ink::Black))?;
        page.items.push(Item::Areas(code128(reference, BARCODE_LEFT, top + 20.5, 9.0)?));
        Ok(())
    }

    /// Who got what, and what was explained. Returns the last baseline.
    fn body(&self, page: &mut Page, top: f32) -> Result<f32, LetterError> {
        const VALUES_LEFT: f32 = LEFT + 32.0;
        let (receipt, template) = (self.receipt, self.template);
        let subject = subject_line(receipt.subject);
        let authority = receipt.authority.map(file_number_together);
        let rows = [
            (&template.reference_label, Face::Code, Some(receipt.reference)),
            (&template.purpose_label, Face::Regular, Some(receipt.purpose)),
            (&template.recipient_label, Face::SemiBold, Some(receipt.recipient)),
            (&template.document_label, Face::Regular, Some(receipt.document)),
            (&template.role_label, Face::Regular, receipt.role),
            (&template.subject_label, Face::Regular, Some(subject.as_str())),
            (&template.authority_label, Face::Regular, authority.as_deref()),
            (&template.staff_label, Face::Regular, Some(receipt.staff)),
        ];
        let row_gap = self.body.pitch() * 1.08;
        let mut baseline = top + 38.0;
        for (label, face, value) in rows {
            let Some(value) = value else { continue };
            let label = self.wording.line(Face::Regular, label)?;
            page.put(label, SHEET.until(VALUES_LEFT - 2.0), baseline, LABEL)?;
            let value = [Span::new(face, value)];
            let last = page.paragraph(&value, SHEET.from(VALUES_LEFT), baseline, self.body, self.fonts)?;
            baseline = last + row_gap;
        }

        const BULLET_WIDTH: f32 = 5.0;
        let statement = self.wording.spans(&template.statement);
        baseline = page.paragraph(&statement, SHEET, baseline + 3.2, self.body, self.fonts)?;
        let not_yet = template.not_yet(receipt.takes_effect);
        for text in not_yet.into_iter().chain(template.explained.iter().map(String::as_str)) {
            let dash = Line::new(Face::Regular, "–", self.fonts)?;
            let text = self.wording.spans(text);
            let place = (SHEET, BULLET_WIDTH);
            baseline = page.list_item(dash, &text, place, baseline + row_gap, self.body, self.fonts)?;
        }
        Ok(baseline)
    }

    /// Place, date and the line to sign on, below a text that ends at `text_end`.
    fn signature(&self, page: &mut Page, top: f32, text_end: f32) -> Result<(), LetterError> {
        const LINE_LEFT: f32 = LEFT + 75.0;
        /// Free height above the line, for a hand that signs.
        const SIGNING_ROOM: f32 = 12.0;
        let line = top + 130.5;
        let place_and_date = self.wording.spans(&self.template.place_and_date);
        let width = (LINE_LEFT - 10.0 - LEFT) * PT;
        let place_and_date = wrap(&place_and_date, self.body.size, width, self.fonts)?;
        let first = line - self.body.pitch() * place_and_date.len().saturating_sub(1) as f32;
        let room = f32::max(SIGNING_ROOM, line - first + self.body.pitch() + 2.0);
        if text_end > line - room {
            return Err(LetterError::DoesNotFit { part: SHEET.part });
        }
        page.put_lines(place_and_date, LEFT, first, self.body);
        page.rule((LINE_LEFT, line), (RIGHT, line), 0.5);
        let signature = self.wording.line(Face::Regular, &self.template.signature)?;
        page.put(signature, SHEET.from(LINE_LEFT), line + 4.4, LABEL)?;

        let privacy = self.wording.spans(&self.template.privacy);
        let small = Style::new(8.5, 1.3, Ink::Grey);
        let last = page.paragraph(&privacy, SHEET, line + 10.5, small, self.fonts)?;
        if last > top + HALF - 5.0 {
            return Err(LetterError::DoesNotFit { part: SHEET.part });
        }
        Ok(())
    }
}

/// A court's file number in custody and care matters (register sign XVII) stays on one line.
fn file_number_together(authority: &str) -> String {
    authority.replace(" XVII ", "\u{A0}XVII\u{A0}")
}
