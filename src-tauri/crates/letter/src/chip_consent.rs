//! The person's consent to the reading of their document's chip: one A4 sheet in large print that they sign.
//! It says what the screen says, and holds nothing of the document.

use jiff::civil::Date;
use zeroize::Zeroizing;

use crate::{
    Issuer, LetterError, dates,
    din5008::{BOTTOM, LEFT, RIGHT},
    fonts::{Face, Fonts},
    limits::{MAX_LINE, MAX_NAME, check},
    page::{Column, Ink, Page, Style, in_fitting_size},
    paragraph::Span,
    pdf,
    template::ChipConsentTemplate,
    wording::{Wording, unbreakable},
};

const SHEET: Column = Column::new("chip consent", LEFT, RIGHT);
/// Sizes in which the running text is tried, points: large print, so nothing below 14.
const BODY_SIZES: [f32; 5] = [16.0, 15.5, 15.0, 14.5, 14.0];
/// What names things, or isn't part of the consent.
const SMALL: Style = Style::new(12.0, 1.3, Ink::Grey);

/// What one page of consent says.
#[derive(Debug, Clone, Copy)]
pub struct ChipConsentPage<'a> {
    /// Who asks.
    pub issuer: Issuer<'a>,
    /// Day of the visit.
    pub date: Date,
    /// For what the chip is read, in words: `Elektronische Patientenakte (ePA) freischalten`.
    pub purpose: &'a str,
    /// Name of the person who signs.
    pub signer: &'a str,
}

impl ChipConsentPage<'_> {
    /// Renders the page as a PDF of one A4 sheet. The same page gives the same bytes.
    ///
    /// # Errors
    /// As [`crate::ActivationLetter::render`].
    pub fn render(
        &self,
        template: &ChipConsentTemplate,
        fonts: &Fonts,
    ) -> Result<Zeroizing<Vec<u8>>, LetterError> {
        let page = self.layout(template, fonts)?;
        pdf::write(&page, &pdf::About { title: template.wording(), date: self.date })
    }

    pub(crate) fn layout(&self, template: &ChipConsentTemplate, fonts: &Fonts) -> Result<Page, LetterError> {
        self.issuer.check()?;
        check("purpose", self.purpose, MAX_LINE)?;
        check("signer", self.signer, MAX_NAME)?;

        let own = [("purpose", self.purpose.to_owned()), ("date", unbreakable(&dates::long(self.date)))];
        let wording = Wording::new(&self.issuer, own, fonts);
        in_fitting_size(&BODY_SIZES, |size| {
            let body = Style::new(size, 1.35, Ink::Black);
            let mut sheet =
                Sheet { consent: self, template, wording: &wording, body, fonts, page: Page::default() };
            let end = sheet.text()?;
            sheet.signature(end)?;
            Ok(sheet.page)
        })
    }
}

struct Sheet<'a> {
    consent: &'a ChipConsentPage<'a>,
    template: &'a ChipConsentTemplate,
    wording: &'a Wording<'a>,
    body: Style,
    fonts: &'a Fonts,
    page: Page,
}

impl Sheet<'_> {
    /// Who asks, the question, and what the person has to know. Returns the last baseline.
    fn text(&mut self) -> Result<f32, LetterError> {
        let insurer = [Span::new(Face::SemiBold, self.consent.issuer.insurer)];
        let end =
            self.page.paragraph(&insurer, SHEET, 21.0, Style::new(14.0, 1.2, Ink::Black), self.fonts)?;
        let heading = [Span::new(Face::SemiBold, self.wording.plain(self.template.heading_on_paper()))];
        let style = Style::new(20.0, 1.2, Ink::Black);
        let mut end = self.page.paragraph(&heading, SHEET, end + 13.0, style, self.fonts)? + 2.0;
        for text in &self.template.paragraphs {
            end = self.paragraph(&text.de, end + self.gap())?;
        }
        Ok(end)
    }

    /// From the last line of one paragraph to the first of the next.
    fn gap(&self) -> f32 {
        self.body.pitch() + 2.4
    }

    fn paragraph(&mut self, text: &str, baseline: f32) -> Result<f32, LetterError> {
        self.page.paragraph(&self.wording.spans(text), SHEET, baseline, self.body, self.fonts)
    }

    /// What the person declares, and the line on which they sign it: as wide as the sheet, for a large hand.
    fn signature(&mut self, text_end: f32) -> Result<(), LetterError> {
        /// Free height above the line, for a hand that signs.
        const SIGNING_ROOM: f32 = 16.0;
        let paper = &self.template.paper;
        let end = self.paragraph(&paper.declaration, text_end + self.gap() + 4.5)?;
        let end = self.paragraph(&paper.place_and_date, end + self.gap())?;
        let line = end + SIGNING_ROOM;
        self.page.rule((LEFT, line), (RIGHT, line), 0.7);
        let signer = format!("{}: {}", self.wording.plain(&paper.signature), self.consent.signer);
        let signer = [Span::new(Face::Regular, signer)];
        let end = self.page.paragraph(&signer, SHEET, line + SMALL.pitch(), SMALL, self.fonts)?;
        let privacy = self.wording.spans(&paper.privacy);
        let end = self.page.paragraph(&privacy, SHEET, end + SMALL.pitch() + 2.0, SMALL, self.fonts)?;
        if end > BOTTOM { Err(LetterError::DoesNotFit { part: SHEET.part }) } else { Ok(()) }
    }
}
