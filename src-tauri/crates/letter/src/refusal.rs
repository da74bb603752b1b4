//! The confirmation of a refusal (Bestätigung der Ablehnung): one A4 sheet for a person who leaves without a
//! code, with a neutral reason, what they can do, and how to complain.

use jiff::civil::Date;
use zeroize::Zeroizing;

use crate::{
    Issuer, LetterError, dates,
    din5008::{self, AddressZone, BOTTOM, LEFT, RIGHT},
    fonts::{Face, Fonts},
    limits::{MAX_LINE, MAX_NAME, check, check_optional},
    page::{Column, Ink, Page, Style, in_fitting_size},
    paragraph::{Line, Span},
    pdf,
    template::{Reason, RefusalTemplate, WaysFor},
    wording::{Wording, subject_line, unbreakable},
};

const SHEET: Column = Column::new("refusal", LEFT, RIGHT);
const LABEL: Style = Style::new(10.0, 1.0, Ink::Grey);
/// Sizes in which the running text is tried, points.
const BODY_SIZES: [f32; 5] = [12.0, 11.5, 11.0, 10.5, 10.0];
/// First line below the fold.
const TOP: f32 = 114.0;

/// What one confirmation of a refusal says. It holds no reference and no code: there is none.
#[derive(Debug, Clone, Copy)]
pub struct RefusalNotice<'a> {
    /// Who refused.
    pub issuer: Issuer<'a>,
    /// Day of the visit.
    pub date: Date,
    /// Name of the person at the desk, as they gave it; never an address.
    pub recipient: &'a str,
    /// Whom that person wanted to act for: `Dieter B., Versichertennummer ••••••7895`.
    pub represented: Option<&'a str>,
    /// What the visit was for, in words: `App freischalten`.
    pub purpose: &'a str,
    /// Code of the reason, one of [`RefusalTemplate::codes`]: `document_expired`.
    pub reason: &'a str,
}

impl RefusalNotice<'_> {
    /// Renders the notice as a PDF of one A4 sheet. The same notice gives the same bytes.
    ///
    /// # Errors
    /// [`LetterError::UnknownReason`] for a reason that the template doesn't word; else as
    /// [`crate::ActivationLetter::render`].
    pub fn render(
        &self,
        template: &RefusalTemplate,
        fonts: &Fonts,
    ) -> Result<Zeroizing<Vec<u8>>, LetterError> {
        let page = self.layout(template, fonts)?;
        pdf::write(&page, &pdf::About { title: "Ablehnung", date: self.date })
    }

    pub(crate) fn layout(&self, template: &RefusalTemplate, fonts: &Fonts) -> Result<Page, LetterError> {
        self.issuer.check()?;
        check("recipient", self.recipient, MAX_NAME)?;
        check_optional("represented", self.represented, MAX_LINE)?;
        check("purpose", self.purpose, MAX_LINE)?;
        let reason = template
            .reasons
            .get(self.reason)
            .ok_or_else(|| LetterError::UnknownReason { code: self.reason.to_owned() })?;

        let own = [("recipient", self.recipient.to_owned()), ("date", unbreakable(&dates::long(self.date)))];
        let wording = Wording::new(&self.issuer, own, fonts);
        in_fitting_size(&BODY_SIZES, |size| {
            let body = Style::new(size, 1.38, Ink::Black);
            let mut sheet =
                Sheet { notice: self, template, wording: &wording, body, fonts, page: Page::default() };
            sheet.upper_third()?;
            let bottom = sheet.text(reason)?;
            if bottom > BOTTOM { Err(LetterError::DoesNotFit { part: SHEET.part }) } else { Ok(sheet.page) }
        })
    }
}

struct Sheet<'a> {
    notice: &'a RefusalNotice<'a>,
    template: &'a RefusalTemplate,
    wording: &'a Wording<'a>,
    body: Style,
    fonts: &'a Fonts,
    page: Page,
}

impl Sheet<'_> {
    /// Everything above the first fold.
    fn upper_third(&mut self) -> Result<(), LetterError> {
        let RefusalNotice { issuer, date, recipient, .. } = *self.notice;
        let (template, page) = (self.template, &mut self.page);
        din5008::marks(page);
        din5008::letterhead(page, &issuer, self.fonts)?;
        let note = self.wording.plain(&template.handling_note);
        AddressZone { issuer, note: &note, recipient }.put(page, self.fonts)?;

        let label = |text: &str| self.wording.line(Face::Regular, text);
        let value = |text: &str| Line::new(Face::Regular, text, self.fonts);
        let rows = [
            (label(&template.date_label)?, value(&dates::long(date))?),
            (label(&template.desk_label)?, value(issuer.desk)?),
        ];
        din5008::information_block(page, rows)?;
        din5008::heading(page, self.wording.line(Face::SemiBold, &template.heading)?)
    }

    /// Everything below it. Returns the last baseline.
    fn text(&mut self, reason: &Reason) -> Result<f32, LetterError> {
        let template = self.template;
        let end = self.paragraph(&template.salutation, TOP)?;
        let end = self.paragraph(&template.opening, end + self.gap())?;
        let end = self.concern(end + self.gap())?;

        let end = self.section(&template.reason_heading, &reason.reason, end)?;
        let mut end = self.section(&template.next_heading, &reason.next, end)?;
        if let Some(ways) = reason.ways {
            end = self.ways(ways, end + self.gap())?;
        }
        let end = self.section(&template.complaint_heading, &template.complaint, end)?;
        self.paragraph(&template.closing, end + self.gap())
    }

    /// From the last line of one paragraph to the first of the next.
    fn gap(&self) -> f32 {
        self.body.pitch() + 2.6
    }

    fn paragraph(&mut self, text: &str, baseline: f32) -> Result<f32, LetterError> {
        self.page.paragraph(&self.wording.spans(text), SHEET, baseline, self.body, self.fonts)
    }

    /// A heading with its paragraph, below a text that ends at `above`.
    fn section(&mut self, heading: &str, text: &str, above: f32) -> Result<f32, LetterError> {
        let baseline = above + self.body.pitch() + 5.2;
        let heading = self.wording.line(Face::SemiBold, heading)?;
        self.page.put(heading, SHEET, baseline, Style::new(14.0, 1.0, Ink::Black))?;
        self.paragraph(text, baseline + self.body.pitch() + 1.0)
    }

    /// What the visit was for, and for whom.
    fn concern(&mut self, mut baseline: f32) -> Result<f32, LetterError> {
        const VALUES_LEFT: f32 = LEFT + 25.0;
        let represented = self.notice.represented.map(subject_line);
        let rows = [
            (&self.template.purpose_label, Some(self.notice.purpose)),
            (&self.template.represented_label, represented.as_deref()),
        ];
        let mut last = baseline;
        for (label, value) in rows {
            let Some(value) = value else { continue };
            let label = self.wording.line(Face::Regular, label)?;
            self.page.put(label, SHEET.until(VALUES_LEFT - 2.0), baseline, LABEL)?;
            let value = [Span::new(Face::SemiBold, value)];
            let column = SHEET.from(VALUES_LEFT);
            last = self.page.paragraph(&value, column, baseline, self.body, self.fonts)?;
            baseline = last + self.body.pitch() * 1.08;
        }
        Ok(last)
    }

    /// The other ways of proving an identity. A person who acts for somebody reads how that person could.
    fn ways(&mut self, whose: WaysFor, baseline: f32) -> Result<f32, LetterError> {
        const BULLET_WIDTH: f32 = 5.0;
        let template = self.template;
        let intro = match whose {
            WaysFor::Yourself if self.notice.represented.is_none() => &template.ways_for_yourself,
            WaysFor::Yourself | WaysFor::InsuredPerson => &template.ways_for_insured_person,
        };
        let mut end = self.paragraph(intro, baseline)?;
        for way in &template.ways {
            let dash = Line::new(Face::Regular, "–", self.fonts)?;
            let way = self.wording.spans(way);
            let next = end + self.body.pitch();
            end = self.page.list_item(dash, &way, (SHEET, BULLET_WIDTH), next, self.body, self.fonts)?;
        }
        Ok(end)
    }
}
