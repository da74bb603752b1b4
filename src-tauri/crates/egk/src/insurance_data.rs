//! How the person is insured: the first part of EF.VD.

use crate::birth_date::parse_date;
use crate::country::CountryCode;
use crate::error::Problem;
use crate::ik::Ik;
use crate::private::{self, PrivateInsurance};
use crate::statutory::{self, StatutoryInsurance};
use crate::text::{PersonalText, debug_tells_nothing};
use crate::vsd::{self, Document, Form, wrong_field};
use jiff::civil::Date;

const VALID_FROM: &str = "Versicherter/Versicherungsschutz/Beginn";
const VALID_UNTIL: &str = "Versicherter/Versicherungsschutz/Ende";
const INSURER: InsurerPaths = InsurerPaths {
    block: "Versicherter/Versicherungsschutz/Kostentraeger",
    ik: "Versicherter/Versicherungsschutz/Kostentraeger/Kostentraegerkennung",
    country: "Versicherter/Versicherungsschutz/Kostentraeger/Kostentraegerlaendercode",
    name: "Versicherter/Versicherungsschutz/Kostentraeger/Name",
};
const BILLING_INSURER: InsurerPaths = InsurerPaths {
    block: "Versicherter/Versicherungsschutz/Kostentraeger/AbrechnenderKostentraeger",
    ik: "Versicherter/Versicherungsschutz/Kostentraeger/AbrechnenderKostentraeger/Kostentraegerkennung",
    country: "Versicherter/Versicherungsschutz/Kostentraeger/AbrechnenderKostentraeger/Kostentraegerlaendercode",
    name: "Versicherter/Versicherungsschutz/Kostentraeger/AbrechnenderKostentraeger/Name",
};

/// Elements that both schemas have.
const ELEMENTS: [(&str, usize); 10] = [
    (VALID_FROM, 8),
    (VALID_UNTIL, 8),
    (INSURER.block, 0),
    (INSURER.ik, 9),
    (INSURER.country, 3),
    (INSURER.name, 45),
    (BILLING_INSURER.block, 0),
    (BILLING_INSURER.ik, 9),
    (BILLING_INSURER.country, 3),
    (BILLING_INSURER.name, 45),
];

/// Schema_VSD.xsd and Schema_VSD_PKV.xsd.
const FORM: Form = Form {
    root: "UC_AllgemeineVersicherungsdatenXML",
    elements: &[&ELEMENTS, &statutory::ELEMENTS, &private::ELEMENTS],
    repeated: Some((private::ROOM, private::ROOMS_MAX)),
};

/// How the person is insured.
#[derive(Clone, PartialEq, Eq)]
pub struct InsuranceData {
    /// Beginn: since when the person is insured with the insurer.
    pub valid_from: Date,
    /// Ende: the last day of membership, or of a card for a limited time.
    pub valid_until: Option<Date>,
    /// Kostentraeger: who issued the card.
    pub insurer: Insurer,
    /// AbrechnenderKostentraeger: who is billed, if another (head office and regional offices). Whoever asks
    /// "is this person insured with us?" accepts both.
    pub billing_insurer: Option<Insurer>,
    /// Statutory or private, and what belongs to either.
    pub kind: InsuranceKind,
}

/// A health insurer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Insurer {
    /// Kostentraegerkennung.
    pub ik: Ik,
    /// Kostentraegerlaendercode.
    pub country: CountryCode,
    /// Name, up to 45 characters.
    pub name: PersonalText,
}

/// Which branch of health insurance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InsuranceKind {
    /// Gesetzliche Krankenversicherung.
    Statutory(StatutoryInsurance),
    /// Private Krankenversicherung.
    Private(PrivateInsurance),
}

struct InsurerPaths {
    block: &'static str,
    ik: &'static str,
    country: &'static str,
    name: &'static str,
}

impl InsuranceData {
    /// Reads the whole EF.VD: pointers, then compressed XML. The copy of the protected data isn't looked at.
    ///
    /// # Errors
    /// Every [`Problem`] but [`Problem::CheckDigit`].
    pub fn parse(file: &[u8]) -> Result<Self, Problem> {
        Self::parse_xml(&vsd::unfold(file, vsd::locate_vd)?)
    }

    /// Reads the XML that EF.VD holds compressed.
    ///
    /// # Errors
    /// Every [`Problem`] but [`Problem::Length`], [`Problem::Gzip`] and [`Problem::CheckDigit`].
    pub fn parse_xml(xml: &[u8]) -> Result<Self, Problem> {
        let mut document = Document::read(xml, &FORM)?;
        let valid_from = document.required(VALID_FROM)?;
        let valid_until = document.optional(VALID_UNTIL);
        Ok(Self {
            kind: kind(&mut document)?,
            valid_from: date(&valid_from, VALID_FROM)?,
            valid_until: valid_until.map(|text| date(&text, VALID_UNTIL)).transpose()?,
            insurer: insurer(&mut document, &INSURER)?,
            billing_insurer: if document.contains(BILLING_INSURER.block) {
                Some(insurer(&mut document, &BILLING_INSURER)?)
            } else {
                None
            },
        })
    }
}

/// The block of further data tells the branch; the namespace doesn't (the first private cards used the
/// statutory one).
fn kind(document: &mut Document) -> Result<InsuranceKind, Problem> {
    match (document.contains(statutory::BLOCK), document.contains(private::BLOCK)) {
        (true, false) => StatutoryInsurance::take(document).map(InsuranceKind::Statutory),
        (false, true) => PrivateInsurance::take(document).map(InsuranceKind::Private),
        _ => Err(Problem::Field { name: "Zusatzinfos" }),
    }
}

fn date(text: &str, path: &'static str) -> Result<Date, Problem> {
    parse_date(text).ok_or_else(|| wrong_field(path))
}

fn insurer(document: &mut Document, paths: &InsurerPaths) -> Result<Insurer, Problem> {
    let ik = document.required(paths.ik)?;
    Ok(Insurer {
        ik: Ik::parse(&ik).ok_or_else(|| wrong_field(paths.ik))?,
        country: CountryCode::new(document.required(paths.country)?),
        name: document.required(paths.name)?,
    })
}

debug_tells_nothing!(InsuranceData);
