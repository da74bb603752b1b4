//! Who somebody is: names, birth dates, insurance numbers, and what the card and the account service say.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{CardNumberAnswer, CardProofLevel, HealthCard, RepresentativeNumber};

/// A name in the parts that the health card knows (VSD schema 5.2).
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Name {
    /// Academic title: "Dr. med."
    pub title: Option<String>,
    /// All given names.
    pub given_names: String,
    /// Namenszusatz: "Graf"
    pub suffix: Option<String>,
    /// Vorsatzwort: "von und zu"
    pub prefix: Option<String>,
    /// Family name alone.
    pub family_name: String,
}

impl Name {
    /// Family name with Namenszusatz and Vorsatzwort before it, as it is spoken: "Graf von und zu Buntspecht".
    #[must_use]
    pub fn full_family_name(&self) -> String {
        [self.suffix.as_deref(), self.prefix.as_deref(), Some(self.family_name.as_str())]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ")
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Name(…)")
    }
}

/// A birth date of which day, or day and month, may be unknown to the register (VSD schema 5.2: `19850000`).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BirthDate {
    /// Year, four digits.
    pub year: i16,
    /// 1–12
    pub month: Option<i8>,
    /// 1–31
    pub day: Option<i8>,
}

impl BirthDate {
    /// Whether a document's date can be this one: what is unknown on one side never contradicts.
    #[must_use]
    pub fn agrees_with(self, other: Self) -> bool {
        let part =
            |ours: Option<i8>, theirs: Option<i8>| ours.is_none() || theirs.is_none() || ours == theirs;
        self.year == other.year && part(self.month, other.month) && part(self.day, other.day)
    }

    /// Whether nothing of it is unknown.
    #[must_use]
    pub const fn is_complete(self) -> bool {
        self.month.is_some() && self.day.is_some()
    }

    /// `1931-00-00`: unknown parts as zeros.
    #[must_use]
    pub fn to_iso(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month.unwrap_or(0), self.day.unwrap_or(0))
    }

    /// Reads what [`BirthDate::to_iso`] wrote.
    #[must_use]
    pub fn from_iso(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-');
        let year = parts.next()?.parse().ok()?;
        let month = parts.next()?.parse::<i8>().ok()?;
        let day = parts.next()?.parse::<i8>().ok()?;
        Some(Self { year, month: (month != 0).then_some(month), day: (day != 0).then_some(day) })
    }
}

impl fmt::Debug for BirthDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BirthDate(…)")
    }
}

/// The unchangeable part of the health insurance number (Krankenversichertennummer, § 290 SGB V): a letter and nine
/// digits, the last a check digit.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Kvnr(String);

impl Kvnr {
    /// Reads and checks a number.
    ///
    /// # Errors
    /// [`KvnrError`] when the form or the check digit is wrong.
    pub fn parse(text: &str) -> Result<Self, KvnrError> {
        let bytes = text.as_bytes();
        let (Some((letter, digits)), true) = (bytes.split_first(), bytes.len() == 10) else {
            return Err(KvnrError::Form);
        };
        if !letter.is_ascii_uppercase() || !digits.iter().all(u8::is_ascii_digit) {
            return Err(KvnrError::Form);
        }
        // The letter counts as two digits, A = 01; weights 1, 2 alternate; digit sums; no complement at the end.
        let number = u32::from(letter - b'A' + 1);
        let values =
            [number / 10, number % 10].into_iter().chain(digits.iter().map(|digit| u32::from(digit - b'0')));
        let sum: u32 = values
            .take(10)
            .zip([1, 2].into_iter().cycle())
            .map(|(digit, weight)| digit * weight)
            .map(|product| product / 10 + product % 10)
            .sum();
        match digits.last() {
            Some(check) if u32::from(check - b'0') == sum % 10 => Ok(Self(text.to_owned())),
            _ => Err(KvnrError::CheckDigit),
        }
    }

    /// The ten characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// First letter and last three digits: `K••••••781`.
    #[must_use]
    pub fn masked(&self) -> String {
        let (letter, tail) = (self.0.get(..1).unwrap_or_default(), self.0.get(7..).unwrap_or_default());
        format!("{letter}••••••{tail}")
    }

    /// Last four digits, as they stand on paper: `••••••5781`.
    #[must_use]
    pub fn masked_for_paper(&self) -> String {
        format!("••••••{}", self.0.get(6..).unwrap_or_default())
    }
}

impl fmt::Debug for Kvnr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kvnr(…)")
    }
}

/// What is wrong with a health insurance number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KvnrError {
    /// Not a capital letter and nine digits.
    #[error("not a letter and nine digits")]
    Form,
    /// The last digit doesn't fit: mistyped.
    #[error("the check digit does not fit")]
    CheckDigit,
}

/// A person as health card, account service or clerk name them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The name in its parts.
    pub name: Name,
    /// The birth date, as far as it is known. Of a representative the desk isn't told one: the service confirms the
    /// document's.
    pub birth_date: Option<BirthDate>,
}

/// As whom somebody acts at the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActingRole {
    /// Insured here, about themselves.
    Insured,
    /// Rechtliche Betreuerin, rechtlicher Betreuer, for others.
    Carer {
        /// Number of their account as a representative.
        number: RepresentativeNumber,
        /// By profession or not.
        kind: CarerKind,
    },
}

/// Kinds of carers, in the only detail that matters at the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CarerKind {
    /// berufliche Betreuerin, beruflicher Betreuer (§ 19 (2) BtOG)
    Professional,
    /// ehrenamtliche Betreuerin, ehrenamtlicher Betreuer
    Volunteer,
}

/// Whom a concern is about (betroffene Person).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Insurance number.
    pub kvnr: Kvnr,
    /// Name and birth date, from the card or as the clerk typed them.
    pub person: Person,
    /// The card, if one was read.
    pub health_card: Option<HealthCard>,
}

impl Subject {
    /// Whether the health card was read and has a genuine chip.
    #[must_use]
    pub fn health_card_proven(&self) -> bool {
        let card = self.health_card.as_ref();
        card.is_some_and(|card| card.authenticity.level() >= CardProofLevel::Chip)
    }
}

/// What the account service says of a subject: it confirms field by field and tells nothing by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubjectRegister {
    /// The account.
    pub account: AccountState,
    /// Whether the names are the insurer's, after transliteration.
    pub names_agree: bool,
    /// Whether the birth date is.
    pub birth_date: DateAgreement,
    /// Whether the end of the card's number is, if the clerk typed it.
    pub card_number: CardNumberAnswer,
    /// A carer is on file. Never a reason to refuse the person themselves (§ 17 (4) SGB I).
    pub carer_registered: bool,
    /// The person's own declarations need the carer's consent (Einwilligungsvorbehalt, § 1825 BGB).
    pub consent_reserved: bool,
    /// Reported dead.
    pub deceased: bool,
    /// Somewhere else something was wrong: two people look.
    pub second_look: bool,
}

/// How two dates agree of which parts may be unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateAgreement {
    /// The same.
    Agrees,
    /// The same as far as both are known.
    AgreesInPart,
    /// Different.
    Differs,
}

/// A representative's account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RepresentativeAccount {
    /// Registered.
    Registered,
    /// Locked by the insurer.
    Locked,
}

/// What the account service says of the subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountState {
    /// Not insured here.
    NotInsured,
    /// Insured, no account yet: register first.
    None,
    /// Registered; the app is not activated.
    Registered,
    /// The app is active already.
    AppActive,
    /// Locked by the insurer.
    Locked,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn insurance_numbers_of_the_published_test_cards_are_right() {
        // gematik: test card image, spec-VSDM2 examples; GKV-Spitzenverband Anlage 1 (Prüfziffernberechnung).
        for kvnr in
            ["X110540756", "A123456780", "X110485315", "K123456781", "Z987654321", "T115774582", "X110411675"]
        {
            assert!(Kvnr::parse(kvnr).is_ok(), "{kvnr}");
        }
    }

    #[test]
    fn a_wrong_check_digit_or_form_is_named() {
        assert_eq!(Kvnr::parse("A123456781"), Err(KvnrError::CheckDigit));
        for form in ["", "a123456780", "1123456780", "A12345678", "A1234567800", "Ä123456780"] {
            assert_eq!(Kvnr::parse(form), Err(KvnrError::Form), "{form}");
        }
    }

    #[test]
    fn an_unknown_part_of_a_birth_date_never_contradicts() {
        let full = BirthDate { year: 1985, month: Some(3), day: Some(9) };
        let year_only = BirthDate { year: 1985, month: None, day: None };
        assert!(year_only.agrees_with(full) && full.agrees_with(year_only));
        assert!(!full.agrees_with(BirthDate { day: Some(10), ..full }));
        assert_eq!(BirthDate::from_iso(&year_only.to_iso()), Some(year_only));
    }

    #[test]
    fn personal_data_tell_nothing_in_debug_output() {
        let kvnr = Kvnr::parse("A123456780").unwrap();
        assert_eq!(format!("{kvnr:?}"), "Kvnr(…)");
        assert_eq!((kvnr.masked().as_str(), kvnr.masked_for_paper().as_str()), ("A••••••780", "••••••6780"));
    }
}
