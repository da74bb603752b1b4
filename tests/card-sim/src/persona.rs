//! Who a simulated health card belongs to: the fields that are on it, as a reader should find them.

use jiff::civil::Date;

pub use crate::tariff::{Inpatient, PrivateTariff, Protected, Reimbursement, Room, Share, Suspension};

/// Everything about an insured person that a card tells, in the terms of the VSD schema 5.2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Persona {
    /// Versicherten_ID: letter, eight digits, check digit.
    pub kvnr: String,
    /// Geburtsdatum as on the card, `YYYYMMDD`; `00` for an unknown day, `0000` for unknown month and day.
    pub birth_date: String,
    /// Vorname: all given names.
    pub given_names: String,
    /// Nachname, without prefix, suffix and title.
    pub family_name: String,
    /// Geschlecht: M, W, X (unbestimmt) or D (divers).
    pub sex: char,
    /// Vorsatzwort ("von und zu").
    pub name_prefix: Option<String>,
    /// Namenszusatz ("Graf").
    pub name_suffix: Option<String>,
    /// Titel ("Dr. med.").
    pub title: Option<String>,
    /// PostfachAdresse.
    pub po_box: Option<PoBox>,
    /// StrassenAdresse.
    pub street: Option<Street>,
    /// Versicherungsschutz/Beginn.
    pub valid_from: Date,
    /// Versicherungsschutz/Ende.
    pub valid_until: Option<Date>,
    /// Kostentraeger: who issued the card.
    pub insurer: Insurer,
    /// AbrechnenderKostentraeger: who is billed, if another.
    pub billing_insurer: Option<Insurer>,
    /// Versichertenart: 1 member, 3 family, 5 pensioner.
    pub insured_kind: char,
    /// WOP: two digits for the region of residence.
    pub region: String,
    /// Kostenerstattung: what is paid back instead of being provided.
    pub reimbursement: Option<Reimbursement>,
    /// ZusatzinfosPKV instead of what the statutory insurance tells.
    pub private_tariff: Option<PrivateTariff>,
    /// What nobody but a doctor should see (GVD).
    pub protected: Protected,
    /// ICCSN: 20 digits, `80276` first.
    pub iccsn: String,
}

/// An address with a post-office box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoBox {
    /// Postleitzahl.
    pub postal_code: Option<String>,
    /// Ort.
    pub place: String,
    /// Postfach.
    pub number: String,
    /// Wohnsitzlaendercode (DEÜV Anlage 8: D, A, CH, L, …).
    pub country: String,
}

/// An address with a street.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Street {
    /// Postleitzahl.
    pub postal_code: Option<String>,
    /// Ort.
    pub place: String,
    /// Wohnsitzlaendercode (DEÜV Anlage 8: D, A, CH, L, …).
    pub country: String,
    /// Strasse.
    pub street: Option<String>,
    /// Hausnummer.
    pub house_number: Option<String>,
    /// Anschriftenzusatz.
    pub supplement: Option<String>,
}

/// An insurer (Kostenträger).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Insurer {
    /// Kostentraegerkennung: institution code (IK), nine digits.
    pub ik: String,
    /// Name.
    pub name: String,
}

impl Persona {
    /// The name as it is said: title, given names, suffix, prefix, family name.
    #[must_use]
    pub fn full_name(&self) -> String {
        let parts = [
            &self.title,
            &Some(self.given_names.clone()),
            &self.name_suffix,
            &self.name_prefix,
            &Some(self.family_name.clone()),
        ];
        parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
    }
}

/// Check digit of a KVNR (§ 290 SGB V): letter as two digits, weights 1 and 2 in turn, sum of the products'
/// digits, mod 10.
#[must_use]
pub fn kvnr_check_digit(letter: char, digits: &str) -> Option<u32> {
    let place = u32::from(letter).checked_sub(u32::from('A'))? + 1;
    let digits = digits.chars().map(|digit| digit.to_digit(10)).collect::<Option<Vec<_>>>()?;
    let weighted = [place / 10, place % 10].into_iter().chain(digits).zip([1, 2].into_iter().cycle());
    Some(
        weighted
            .map(|(digit, weight)| digit * weight)
            .map(|product| product / 10 + product % 10)
            .sum::<u32>()
            % 10,
    )
}
