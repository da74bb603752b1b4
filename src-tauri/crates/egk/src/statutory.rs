//! What the card of a statutory insurer adds: ZusatzinfosGKV.

use crate::error::Problem;
use crate::text::debug_tells_nothing;
use crate::vsd::{Document, flag, wrong_field};

/// The block that makes an insurance a statutory one.
pub(crate) const BLOCK: &str = "Versicherter/Zusatzinfos/ZusatzinfosGKV";
const INSURED_TYPE: &str = "Versicherter/Zusatzinfos/ZusatzinfosGKV/Versichertenart";
const REGION: &str = "Versicherter/Zusatzinfos/ZusatzinfosGKV/Zusatzinfos_Abrechnung_GKV/WOP";
const REIMBURSEMENT: &str =
    "Versicherter/Zusatzinfos/ZusatzinfosGKV/Zusatzinfos_Abrechnung_GKV/Kostenerstattung";
const MEDICAL_CARE: &str = "Versicherter/Zusatzinfos/ZusatzinfosGKV/Zusatzinfos_Abrechnung_GKV/Kostenerstattung/AerztlicheVersorgung";
const DENTAL_CARE: &str = "Versicherter/Zusatzinfos/ZusatzinfosGKV/Zusatzinfos_Abrechnung_GKV/Kostenerstattung/ZahnaerztlicheVersorgung";
const HOSPITAL_CARE: &str =
    "Versicherter/Zusatzinfos/ZusatzinfosGKV/Zusatzinfos_Abrechnung_GKV/Kostenerstattung/StationaererBereich";
const PRESCRIBED_SERVICES: &str = "Versicherter/Zusatzinfos/ZusatzinfosGKV/Zusatzinfos_Abrechnung_GKV/Kostenerstattung/VeranlassteLeistungen";

/// Elements of Schema_VSD.xsd.
pub(crate) const ELEMENTS: [(&str, usize); 8] = [
    (BLOCK, 0),
    (INSURED_TYPE, 1),
    (REGION, 2),
    (REIMBURSEMENT, 0),
    (MEDICAL_CARE, 1),
    (DENTAL_CARE, 1),
    (HOSPITAL_CARE, 1),
    (PRESCRIBED_SERVICES, 1),
];

/// ZusatzinfosGKV.
#[derive(Clone, PartialEq, Eq)]
pub struct StatutoryInsurance {
    /// Versichertenart.
    pub insured_type: InsuredType,
    /// Kostenerstattung: what the person has chosen to be reimbursed for, if the insurer says so on cards.
    pub reimbursement: Option<Reimbursement>,
    /// WOP. The schema wants it; a card without is read all the same.
    pub region: Option<Region>,
}

/// Versichertenart: as what the person is insured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum InsuredType {
    /// `1`, Mitglied.
    Member,
    /// `3`, familienversichert.
    Family,
    /// `5`, pensioners and their families.
    Pensioner,
    /// Another digit, which the schema lets pass.
    Other,
}

/// Kostenerstattung: for what the person pays first and is reimbursed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Reimbursement {
    /// AerztlicheVersorgung.
    pub medical_care: bool,
    /// ZahnaerztlicheVersorgung.
    pub dental_care: bool,
    /// StationaererBereich.
    pub hospital_care: bool,
    /// VeranlassteLeistungen.
    pub prescribed_services: bool,
}

/// WOP (Wohnortprinzip): the association of physicians in whose region the person lives.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Region(u8);

impl StatutoryInsurance {
    pub(crate) fn take(document: &mut Document) -> Result<Self, Problem> {
        let insured_type = document.required(INSURED_TYPE)?;
        let insured_type = match insured_type.as_bytes() {
            b"1" => InsuredType::Member,
            b"3" => InsuredType::Family,
            b"5" => InsuredType::Pensioner,
            [b'0'..=b'9'] => InsuredType::Other,
            _ => return Err(wrong_field(INSURED_TYPE)),
        };
        let reimbursement = if document.contains(REIMBURSEMENT) {
            Some(Reimbursement {
                medical_care: flag(document, MEDICAL_CARE)?,
                dental_care: flag(document, DENTAL_CARE)?,
                hospital_care: flag(document, HOSPITAL_CARE)?,
                prescribed_services: flag(document, PRESCRIBED_SERVICES)?,
            })
        } else {
            None
        };
        let region = document.optional(REGION);
        let region =
            region.map(|text| Region::parse(&text).ok_or_else(|| wrong_field(REGION))).transpose()?;
        Ok(Self { insured_type, reimbursement, region })
    }
}

impl Region {
    /// Reads two digits; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let two_digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        if two_digits { text.parse().ok().map(Self) } else { None }
    }

    /// The number, 0 to 99.
    pub fn code(self) -> u8 {
        self.0
    }

    /// The region's name (BMV-Ä, annex 21, as quoted in Schema_VSD.xsd); `None` for a number without one.
    pub fn name(self) -> Option<&'static str> {
        Some(match self.0 {
            1 => "Schleswig-Holstein",
            2 => "Hamburg",
            3 => "Bremen",
            17 => "Niedersachsen",
            20 => "Westfalen-Lippe",
            38 => "Nordrhein",
            46 => "Hessen",
            51 => "Rheinland-Pfalz",
            52 => "Baden-Württemberg",
            71 => "Bayern",
            72 => "Berlin",
            73 => "Saarland",
            78 => "Mecklenburg-Vorpommern",
            83 => "Brandenburg",
            88 => "Sachsen-Anhalt",
            93 => "Thüringen",
            98 => "Sachsen",
            _ => return None,
        })
    }
}

debug_tells_nothing!(StatutoryInsurance, InsuredType, Reimbursement, Region);
