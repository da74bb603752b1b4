//! The hand-over receipt (Empfangsbestätigung): one A4 sheet with two equal copies, one for each side. It
//! holds no code.

use jiff::civil::Date;
use zeroize::Zeroizing;

use crate::{
    Issuer, LetterError, dates,
    din5008::{LEFT, RIGHT},
    fonts::{Face, Fonts},
    limits::{MAX_LINE, MAX_NAME, check},
    page::{Column, HEIGHT, Ink, Item, PT, Page, Style},
    paragraph::{Line, Span, wrap},
    pdf,
    secret::check_reference,
    symbols::{BAR_MODULE, code128},
    template::{ReceiptTemplate, fill, fill_plain},
};

/// Height of one copy.
const HALF: f32 = HEIGHT / 2.0;
const SHEET: Column = Column::new("receipt", LEFT, RIGHT);
const LABEL: Style = Style::new(9.5, 1.0, Ink::Grey);
const BODY: Style = Style::new(11.0, 1.35, Ink::Black);

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
    /// What the visit was for, in words: `App-Aktivierung`.
    pub purpose: &'a str,
    /// Name of the person who received the envelope, with their role where they act for somebody.
    pub recipient: &'a str,
    /// Whom the code is for: `Jürgen G., Versichertennummer ••••••5781`.
    pub subject: &'a str,
    /// Kind of the document that was shown, never its number: `Personalausweis`.
    pub document: &'a str,
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
        check("subject", self.subject, MAX_LINE)?;
        check("document", self.document, MAX_LINE)?;
        check("staff", self.staff, MAX_LINE)?;
        check_reference(self.reference)?;

        let date = dates::long(self.date).replace(' ', "\u{A0}");
        let sheet = Sheet {
            receipt: self,
            template,
            fonts,
            values: [
                ("insurer", self.issuer.insurer),
                ("place", self.issuer.place),
                ("code_name", self.issuer.code_name),
                ("date", &date),
            ],
        };
        let mut page = Page::default();
        for (top, whose) in [0.0, HALF].into_iter().zip(&template.copies) {
            sheet.head(&mut page, top, whose)?;
            let baseline = sheet.body(&mut page, top)?;
            sheet.signature(&mut page, top, baseline)?;
        }
        page.items.push(Item::Rule { from: (4.0, HALF), to: (206.0, HALF), width: 0.4, dashed: true });
        Ok(page)
    }
}

struct Sheet<'a> {
    receipt: &'a Receipt<'a>,
    template: &'a ReceiptTemplate,
    fonts: &'a Fonts,
    values: [(&'static str, &'a str); 4],
}

/// The parts of one copy, from `top` on.
impl Sheet<'_> {
    fn fill(&self, text: &str) -> Vec<Span> {
        fill(text, &self.values)
    }

    /// A text that is one line in one face.
    fn line(&self, face: Face, text: &str) -> Result<Line, LetterError> {
        Line::new(face, &fill_plain(text, &self.values), self.fonts)
    }

    /// Insurer, whose copy it is, heading and barcode.
    fn head(&self, page: &mut Page, top: f32, whose: &str) -> Result<(), LetterError> {
        let Receipt { issuer, reference, .. } = self.receipt;
        let (left, right) = (SHEET.until(BARCODE_LEFT - 5.0), SHEET.from(BARCODE_LEFT));
        let insurer = Line::new(Face::SemiBold, issuer.insurer, self.fonts)?;
        page.put(insurer, left, top + 18.0, Style::new(12.0, 1.0, Ink::Black))?;
        page.put_right(self.line(Face::Regular, whose)?, right, top + 18.0, LABEL)?;
        let heading = self.line(Face::SemiBold, &self.template.heading)?;
        page.put(heading, left, top + 32.0, Style::new(18.0, 1.0, Ink::Black))?;
        page.items.push(Item::Areas(code128(reference, BARCODE_LEFT, top + 25.0, 9.0)?));
        Ok(())
    }

    /// Who got what, and what was explained. Returns the last baseline.
    fn body(&self, page: &mut Page, top: f32) -> Result<f32, LetterError> {
        const VALUES_LEFT: f32 = LEFT + 32.0;
        let Receipt { reference, purpose, recipient, subject, document, staff, .. } = self.receipt;
        let template = self.template;
        let rows = [
            (&template.reference_label, Face::Code, reference),
            (&template.purpose_label, Face::Regular, purpose),
            (&template.recipient_label, Face::SemiBold, recipient),
            (&template.subject_label, Face::Regular, subject),
            (&template.document_label, Face::Regular, document),
            (&template.staff_label, Face::Regular, staff),
        ];
        let mut baseline = top + 42.5;
        for (label, face, value) in rows {
            page.put(self.line(Face::Regular, label)?, SHEET.until(VALUES_LEFT - 2.0), baseline, LABEL)?;
            let value = [Span::new(face, *value)];
            baseline = page.paragraph(&value, SHEET.from(VALUES_LEFT), baseline, BODY, self.fonts)? + 5.8;
        }

        const BULLET_WIDTH: f32 = 5.0;
        let statement = self.fill(&template.statement);
        baseline = page.paragraph(&statement, SHEET, baseline + 3.5, BODY, self.fonts)?;
        for text in &template.explained {
            baseline += 5.6;
            page.put(Line::new(Face::Regular, "–", self.fonts)?, SHEET, baseline, BODY)?;
            let column = SHEET.from(LEFT + BULLET_WIDTH);
            baseline = page.paragraph(&self.fill(text), column, baseline, BODY, self.fonts)?;
        }
        Ok(baseline)
    }

    /// Place, date and the line to sign on, below a text that ends at `text_end`.
    fn signature(&self, page: &mut Page, top: f32, text_end: f32) -> Result<(), LetterError> {
        const LINE_LEFT: f32 = LEFT + 75.0;
        let line = top + 126.0;
        let place_and_date = self.fill(&self.template.place_and_date);
        let place_and_date = wrap(&place_and_date, BODY.size, (LINE_LEFT - 10.0 - LEFT) * PT, self.fonts)?;
        let above = line - BODY.pitch() * place_and_date.len() as f32;
        if text_end > above - 2.0 {
            return Err(LetterError::DoesNotFit { part: SHEET.part });
        }
        page.put_lines(place_and_date, LEFT, above + BODY.pitch(), BODY);
        page.rule((LINE_LEFT, line), (RIGHT, line), 0.5);
        let signature = self.line(Face::Regular, &self.template.signature)?;
        page.put(signature, SHEET.from(LINE_LEFT), line + 4.4, LABEL)?;

        let privacy = self.fill(&self.template.privacy);
        let last =
            page.paragraph(&privacy, SHEET, line + 12.0, Style::new(8.5, 1.3, Ink::Grey), self.fonts)?;
        if last > top + HALF - 5.0 {
            return Err(LetterError::DoesNotFit { part: SHEET.part });
        }
        Ok(())
    }
}
