//! How the person is insured: the first part of EF.VD.

use crate::birth_date::parse_date;
use crate::error::Problem;
use crate::ik::Ik;
use crate::text::PersonalText;
use crate::vsd::{self, Document, Form, wrong_field};
use jiff::civil::Date;
use std::fmt;

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
const STATUTORY: &str = "Versicherter/Zusatzinfos/ZusatzinfosGKV";
const INSURED_TYPE: &str = "Versicherter/Zusatzinfos/ZusatzinfosGKV/Versichertenart";
const PRIVATE: &str = "Versicherter/Zusatzinfos/ZusatzinfosPKV";

/// Schema_VSD.xsd and Schema_VSD_PKV.xsd. Kostenerstattung, WOP and the private tariffs are left out on
/// purpose.
const FORM: Form = Form {
    root: "UC_AllgemeineVersicherungsdatenXML",
    elements: &[
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
        (STATUTORY, 0),
        (INSURED_TYPE, 1),
        (PRIVATE, 0),
    ],
};

/// How the person is insured, as far as a desk needs it.
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
    /// Statutory or private.
    pub kind: InsuranceKind,
}

/// A health insurer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Insurer {
    /// Kostentraegerkennung.
    pub ik: Ik,
    /// Kostentraegerlaendercode: country code of DEÜV, annex 8 (`D`, `A`, `CH`: not ISO 3166), up to three
    /// letters.
    pub country: PersonalText,
    /// Name, up to 45 characters.
    pub name: PersonalText,
}

/// Which branch of health insurance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InsuranceKind {
    /// Gesetzliche Krankenversicherung.
    Statutory,
    /// Private Krankenversicherung.
    Private,
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
    match (document.contains(STATUTORY), document.contains(PRIVATE)) {
        (true, false) => {
            let insured_type = document.required(INSURED_TYPE)?;
            if insured_type.bytes().all(|byte| byte.is_ascii_digit()) {
                Ok(InsuranceKind::Statutory)
            } else {
                Err(wrong_field(INSURED_TYPE))
            }
        }
        (false, true) => Ok(InsuranceKind::Private),
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
        country: document.required(paths.country)?,
        name: document.required(paths.name)?,
    })
}

impl fmt::Debug for InsuranceData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InsuranceData(…)")
    }
}
