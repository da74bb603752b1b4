//! Representation (Vertretung): who acts for whom, on what proof, and what follows from it.
//!
//! The decision table is data: one [`Row`] a case, tried in order; the first that is about the shown proof decides by a
//! pure function. A new case is a new row.

use std::{collections::BTreeSet, fmt};

use jiff::{ToSpan, civil::Date};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{Policy, RefusalReason, SubjectRegister};

/// What the person at the desk shows for acting on somebody's behalf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// Betreuerausweis, the court's deed of appointment (Bestellungsurkunde, § 290 FamFG).
    Deed(Box<Deed>),
    /// A note, an errand, a power to receive: "holt den Code ab".
    Errand,
    /// The document of a spouse's emergency representation (§ 1358 BGB).
    Spouse,
    /// Nothing: a relative, a care provider, anybody.
    Nothing,
}

/// A court's deed as far as it is recorded.
#[derive(Clone, PartialEq, Eq)]
pub struct Deed {
    /// What the court appointed the carer for.
    pub office: Office,
    /// "Amtsgericht Altona"
    pub court: String,
    /// Aktenzeichen: "12 XVII 345/23"
    pub file_number: String,
    /// The day it was issued.
    pub issued_on: Date,
    /// Aufgabenbereiche that matter to an insurer.
    pub areas: BTreeSet<Area>,
    /// A provisional order (einstweilige Anordnung, § 300 FamFG) and its end, which the deed must name.
    pub term: Term,
    /// In what form it was shown.
    pub seen_as: SeenAs,
    /// The deed names the person at the desk and the insured person with name and birth date.
    pub names_agree: bool,
    /// The carer has signed that the care goes on unchanged.
    pub declared_unchanged: bool,
}

impl fmt::Debug for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Deed(…)")
    }
}

impl Zeroize for Deed {
    fn zeroize(&mut self) {
        self.court.zeroize();
        self.file_number.zeroize();
    }
}

impl Drop for Deed {
    fn drop(&mut self) {
        self.zeroize();
    }
}

impl ZeroizeOnDrop for Deed {}

/// The office that a deed names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Office {
    /// Betreuerin, Betreuer (§ 1815 BGB)
    Carer,
    /// Ergänzungs-, Kontroll- or Sterilisationsbetreuung (§§ 1817 (5), 1815 (3), 1817 (2) BGB): for a single matter.
    SingleMatter,
}

/// How long a deed is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// Until the court ends it.
    Permanent,
    /// By a provisional order; its last day, if the deed names one (§ 302 FamFG).
    Provisional(Option<Date>),
}

/// In what form a deed was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeenAs {
    /// Original
    Original,
    /// Beglaubigte Abschrift
    CertifiedCopy,
    /// A plain copy, a scan, a photo.
    Copy,
}

/// Areas of a carer's duties (Aufgabenbereiche, § 1815 BGB).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    /// Gesundheitssorge
    Health,
    /// Vertretung gegenüber Sozialleistungsträgern, Sozialversicherung
    SocialBenefits,
    /// Vertretung gegenüber Behörden
    Authorities,
    /// Vermögenssorge
    Assets,
    /// Postangelegenheiten (§ 1815 (2) Nr. 6 BGB)
    Post,
    /// Elektronische Kommunikation (§ 1815 (2) Nr. 5 BGB)
    ElectronicCommunication,
    /// Anything else
    Other,
}

impl Area {
    /// In the order in which deeds tend to name them.
    pub const ALL: [Self; 7] = [
        Self::Health,
        Self::SocialBenefits,
        Self::Authorities,
        Self::Assets,
        Self::Post,
        Self::ElectronicCommunication,
        Self::Other,
    ];
}

/// What the insurer's register of representations says of this carer and this person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// Where the entry stands.
    pub status: FiledStatus,
    /// When the carer last confirmed it.
    pub confirmed_on: Option<Date>,
}

impl Filed {
    /// Whether the entry is in force and was confirmed within the profile's months: then the carer needn't declare anew
    /// that the care goes on unchanged, and no release is waited for.
    #[must_use]
    pub fn is_confirmed(&self, policy: &Policy, today: Date) -> bool {
        let months = i64::from(policy.confirmation_months).months();
        self.status == FiledStatus::Active
            && self.confirmed_on.is_some_and(|on| on.saturating_add(months) >= today)
    }
}

/// Where an entry of the register stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FiledStatus {
    /// In force.
    Active,
    /// Waits for the filing number of the scanned deed (vorgemerkt).
    Pending,
    /// Suspended or ended.
    Ended,
}

/// What a representation allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// The row that decided, as the record names it.
    pub row: RowId,
    /// The code's last day may not be later: the end of a provisional order.
    pub until: Option<Date>,
    /// The code becomes active only when the back office has released it.
    pub needs_release: bool,
}

/// Everything that a row decides by.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// What is shown.
    pub proof: &'a Proof,
    /// What the account service says of the represented person.
    pub register: &'a SubjectRegister,
    /// What the register of representations says; `None`: not on file.
    pub filed: Option<&'a Filed>,
    /// Today in the desk's time zone.
    pub today: Date,
    /// The profile.
    pub policy: &'a Policy,
}

/// Names of rows, in records and tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowId {
    /// Permanent deed
    D2,
    /// Permanent deed that names electronic communication
    D3,
    /// Provisional order
    D4,
    /// An office for a single matter
    D8,
    /// An errand
    D14,
    /// A spouse's emergency representation
    D19,
    /// Nobody's authority
    D24,
    /// Death
    D25,
}

/// A row of the decision table.
pub struct Row {
    /// Its name.
    pub id: RowId,
    /// Whether it is about this case.
    pub applies: fn(&Case<'_>) -> bool,
    /// What follows.
    pub decide: fn(&Case<'_>) -> Result<Grant, RefusalReason>,
}

/// The decision table. D1, D20 and D21 need no row: they're about the insured person themselves, whose identification
/// never depends on there being a carer (§ 17 (4) SGB I).
pub const TABLE: &[Row] = &[
    Row {
        id: RowId::D25,
        applies: |case| case.register.deceased,
        decide: |_| Err(RefusalReason::SubjectDeceased),
    },
    Row {
        id: RowId::D14,
        applies: |case| matches!(case.proof, Proof::Errand),
        decide: |_| Err(RefusalReason::PickupByThirdParty),
    },
    Row {
        id: RowId::D19,
        applies: |case| matches!(case.proof, Proof::Spouse),
        decide: |_| Err(RefusalReason::SpouseNoDigitalAccess),
    },
    Row {
        id: RowId::D24,
        applies: |case| matches!(case.proof, Proof::Nothing),
        decide: |_| Err(RefusalReason::ThirdPartyNoAuthority),
    },
    Row {
        id: RowId::D8,
        applies: |case| deed(case).is_some_and(|it| it.office == Office::SingleMatter),
        decide: |_| Err(RefusalReason::OfficeUnsuitable),
    },
    Row {
        id: RowId::D4,
        applies: |case| deed(case).is_some_and(|it| matches!(it.term, Term::Provisional(_))),
        decide: provisional,
    },
    Row {
        id: RowId::D3,
        applies: |case| deed(case).is_some_and(|it| it.areas.contains(&Area::ElectronicCommunication)),
        decide: |case| permanent(case, RowId::D3),
    },
    Row { id: RowId::D2, applies: |case| deed(case).is_some(), decide: |case| permanent(case, RowId::D2) },
];

/// What a representation allows, or why it doesn't.
///
/// # Errors
/// The [`RefusalReason`] of the row that the case belongs to.
pub fn judge(case: &Case<'_>) -> Result<Grant, RefusalReason> {
    let row = TABLE.iter().find(|row| (row.applies)(case));
    row.map_or(Err(RefusalReason::ThirdPartyNoAuthority), |row| (row.decide)(case))
}

fn deed<'a>(case: &Case<'a>) -> Option<&'a Deed> {
    match case.proof {
        Proof::Deed(deed) => Some(deed),
        Proof::Errand | Proof::Spouse | Proof::Nothing => None,
    }
}

fn provisional(case: &Case<'_>) -> Result<Grant, RefusalReason> {
    match deed(case).map(|it| it.term) {
        Some(Term::Provisional(Some(end))) if end < case.today => Err(RefusalReason::ProvisionalExpired),
        Some(Term::Provisional(Some(end))) => Ok(Grant { until: Some(end), ..permanent(case, RowId::D4)? }),
        Some(Term::Provisional(None) | Term::Permanent) | None => Err(RefusalReason::ProvisionalNoEnd),
    }
}

fn permanent(case: &Case<'_>, row: RowId) -> Result<Grant, RefusalReason> {
    let deed = deed(case).ok_or(RefusalReason::ThirdPartyNoAuthority)?;
    if deed.seen_as == SeenAs::Copy {
        return Err(RefusalReason::DeedCopyOnly);
    }
    if !deed.names_agree {
        return Err(RefusalReason::DeedNameMismatch);
    }
    if deed.issued_on > case.today {
        return Err(RefusalReason::DeedNotYetIssued);
    }
    if !deed.areas.iter().any(|area| case.policy.areas_for_access.contains(area)) {
        return Err(RefusalReason::AreaMissing);
    }
    if case.filed.is_some_and(|it| it.status == FiledStatus::Ended) {
        return Err(RefusalReason::RepresentationEnded);
    }
    let confirmed = case.filed.is_some_and(|it| it.is_confirmed(case.policy, case.today));
    if !confirmed && !deed.declared_unchanged {
        return Err(RefusalReason::DeclarationMissing);
    }
    Ok(Grant { row, until: None, needs_release: !confirmed })
}
