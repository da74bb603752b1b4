//! The activation letter (Aktivierungsschreiben): one A4 sheet in an envelope, handed over in person.
//!
//! Above the first fold it says whose it is, by name and public reference; code and QR code stand below it,
//! so that a folded sheet shows nothing.

use jiff::civil::Date;
use zeroize::Zeroizing;

use crate::{
    CodeText, Issuer, LetterError, Purpose, QrLink, TakesEffect, dates,
    din5008::{self, AddressZone, INFO_LEFT, LEFT, RIGHT},
    fonts::{Face, Fonts},
    limits::{MAX_LINE, MAX_NAME, check},
    page::{Column, Ink, Item, Page, Rect, Style, in_fitting_size},
    paragraph::Line,
    pdf,
    secret::check_reference,
    shape::Run,
    symbols::{QUIET_MODULES, Qr, code128},
    template::ActivationTemplate,
    wording::{Wording, subject_line},
};

/// Sizes in which the instructions are tried, points.
const BODY_SIZES: [f32; 4] = [11.5, 11.0, 10.5, 10.0];

/// Whom the code is for.
#[derive(Debug, Clone, Copy)]
pub enum Subject<'a> {
    /// The recipient: `Jürgen G., Versichertennummer ••••••5781`.
    Recipient(&'a str),
    /// A person whom the recipient represents, in the same form.
    Represented(&'a str),
}

/// What one activation letter says. Has no `Debug`: it holds the code.
pub struct ActivationLetter<'a> {
    /// Who hands it over.
    pub issuer: Issuer<'a>,
    /// Day of the visit.
    pub date: Date,
    /// What the code is for.
    pub purpose: Purpose,
    /// Name of the person at the desk, with title and prefixes; never an address.
    pub recipient: &'a str,
    /// Whom the code is for.
    pub subject: Subject<'a>,
    /// Public reference, `A-` and ten symbols.
    pub reference: &'a str,
    /// The code itself.
    pub code: CodeText<'a>,
    /// The link that the QR code holds, made by [`crate::qr_link`] from the same reference and code.
    pub link: &'a QrLink,
    /// Last day on which the code can be used.
    pub valid_until: Date,
    /// From when the code works.
    pub takes_effect: TakesEffect,
}

impl ActivationLetter<'_> {
    /// Renders the letter as a PDF of one A4 sheet. The same letter gives the same bytes.
    ///
    /// The returned bytes are wiped when dropped, and so is everything of ours that held the code. The
    /// libraries that shape text and write the PDF copy it; those copies are freed, not wiped.
    ///
    /// # Errors
    /// [`LetterError`]: a field too long or malformed, a character that no font has, a text that doesn't fit.
    /// Nothing is drawn before everything is known to fit.
    pub fn render(
        &self,
        template: &ActivationTemplate,
        fonts: &Fonts,
    ) -> Result<Zeroizing<Vec<u8>>, LetterError> {
        let page = self.layout(template, fonts)?;
        pdf::write(&page, &pdf::About { title: self.reference, date: self.date })
    }

    pub(crate) fn layout(&self, template: &ActivationTemplate, fonts: &Fonts) -> Result<Page, LetterError> {
        self.issuer.check()?;
        check("recipient", self.recipient, MAX_NAME)?;
        let (Subject::Recipient(subject) | Subject::Represented(subject)) = self.subject;
        check("subject", subject, MAX_LINE)?;
        check_reference(self.reference)?;

        let own =
            [("valid_until", dates::with_weekday(self.valid_until)), ("subject", subject_line(subject))];
        let wording = Wording::new(&self.issuer, own, fonts);
        in_fitting_size(&BODY_SIZES, |size| {
            let body = Style::new(size, 1.38, Ink::Black);
            let sheet = Sheet { letter: self, template, wording: &wording, body, fonts };
            let mut page = Page::default();
            sheet.upper_third(&mut page)?;
            let bottom = sheet.code_frame(&mut page)?;
            let bottom = sheet.instructions(&mut page, bottom)?;
            if bottom > din5008::BOTTOM {
                return Err(LetterError::DoesNotFit { part: "instructions" });
            }
            Ok(page)
        })
    }
}

struct Sheet<'a> {
    letter: &'a ActivationLetter<'a>,
    template: &'a ActivationTemplate,
    wording: &'a Wording<'a>,
    body: Style,
    fonts: &'a Fonts,
}

impl Sheet<'_> {
    /// Everything above the first fold: nothing here is secret.
    fn upper_third(&self, page: &mut Page) -> Result<(), LetterError> {
        let ActivationLetter { issuer, reference, date, recipient, .. } = self.letter;
        let template = self.template;
        din5008::marks(page);
        din5008::letterhead(page, issuer, self.fonts)?;
        let note = self.wording.plain(&template.handling_note);
        AddressZone { issuer: *issuer, note: &note, recipient }.put(page, self.fonts)?;

        let label = |text: &str| self.wording.line(Face::Regular, text);
        let value = |face, text: &str| Line::new(face, text, self.fonts);
        let rows = [
            (label(&template.date_label)?, value(Face::Regular, &dates::long(*date))?),
            (label(&template.desk_label)?, value(Face::Regular, issuer.desk)?),
            (label(&template.reference_label)?, value(Face::Code, reference)?),
        ];
        let below = din5008::information_block(page, rows)?;
        page.items.push(Item::Areas(code128(reference, INFO_LEFT, below - 2.0, 10.0)?));
        din5008::heading(page, self.wording.line(Face::SemiBold, &template.heading)?)
    }

    /// The frame with code and QR code, the first thing below the fold. Returns its lower edge.
    fn code_frame(&self, page: &mut Page) -> Result<f32, LetterError> {
        const TOP: f32 = 112.0;
        const PADDING: f32 = 8.8;
        let qr = Qr::new(self.letter.link)?;
        let qr_left = RIGHT - PADDING - qr.side();
        let column = Column::new("code frame", LEFT + PADDING, qr_left - qr.module * QUIET_MODULES);

        let purpose = self.template.purpose(self.letter.purpose);
        let name = self.wording.line(Face::SemiBold, &purpose.name)?;
        page.put(name, column, TOP + 11.5, Style::new(12.0, 1.0, Ink::Black))?;
        let code = Line(vec![Run::shape(&self.letter.code.grouped(), Face::Code, self.fonts)?]);
        page.put(code, column, TOP + 25.0, Style::new(34.0, 1.0, Ink::Black))?;

        let style = Style::new(12.0, 1.35, Ink::Black);
        let subject = match self.letter.subject {
            Subject::Recipient(_) => &self.template.for_self,
            Subject::Represented(_) => &self.template.for_represented,
        };
        let mut next = TOP + 36.5;
        for text in [&self.template.valid_until, subject] {
            next = page.paragraph(&self.wording.spans(text), column, next, style, self.fonts)? + 7.0;
        }
        let height = f32::max(qr.side() + 2.0 * PADDING, next - TOP + 2.7);
        page.items.push(Item::Areas(qr.areas(qr_left, TOP + (height - qr.side()) / 2.0)));

        let mut bottom = TOP + height;
        if let Some(text) = self.template.not_yet(self.letter.takes_effect) {
            page.rule((LEFT, bottom), (RIGHT, bottom), 0.5);
            let text = self.wording.spans(text);
            let whole = Column::new("code frame", LEFT + PADDING, RIGHT - PADDING);
            bottom = page.paragraph(&text, whole, bottom + 8.0, style, self.fonts)? + 5.0;
        }
        page.items.push(Item::Frame {
            rect: Rect { x: LEFT, y: TOP, width: RIGHT - LEFT, height: bottom - TOP },
            radius: 3.0,
            width: 1.0,
        });
        Ok(bottom)
    }

    /// Steps, warning and help below the frame. Returns the last baseline.
    fn instructions(&self, page: &mut Page, top: f32) -> Result<f32, LetterError> {
        let text = Column::new("instructions", LEFT, RIGHT);
        let mut baseline = top + 12.5;
        let heading = self.wording.line(Face::SemiBold, &self.template.steps_heading)?;
        page.put(heading, text, baseline, Style::new(14.0, 1.0, Ink::Black))?;

        const NUMBER_WIDTH: f32 = 7.5;
        baseline += 8.2;
        for (i, step) in self.template.purpose(self.letter.purpose).steps.iter().enumerate() {
            let number = Line::new(Face::SemiBold, &format!("{}", i + 1), self.fonts)?;
            let step = self.wording.spans(step);
            let place = (text, NUMBER_WIDTH);
            baseline = page.list_item(number, &step, place, baseline, self.body, self.fonts)?
                + self.body.pitch()
                + 1.6;
        }

        const BAR: f32 = 1.2;
        const INDENT: f32 = 5.0;
        let first = baseline + 5.0;
        let mut last = first;
        for (i, sentence) in self.template.warning.iter().enumerate() {
            let start = if i == 0 { first } else { last + self.body.pitch() };
            last = page.paragraph(
                &self.wording.spans(sentence),
                text.from(LEFT + INDENT),
                start,
                self.body,
                self.fonts,
            )?;
        }
        let bar = Rect { x: LEFT, y: first - 4.6, width: BAR, height: last - first + 6.4 };
        page.items.push(Item::Areas(vec![bar].into()));

        baseline = last + 13.0;
        let style = Style { size: self.body.size.min(11.0), ..self.body };
        for line in &self.template.help {
            baseline = page.paragraph(&self.wording.spans(line), text, baseline, style, self.fonts)? + 6.0;
        }
        Ok(baseline - 6.0)
    }
}
